//! Where values may begin: one pass over a view for all recognisers.
//!
//! Nearly every word of a text is nothing to any of them. A cue is a run of
//! ASCII letters and digits that holds a digit or is in the table of words;
//! addresses begin near an at sign, a colon, a stop or a stroke.

use super::read;
use super::words::{WORDS, Word};
use crate::text::{NormalText, Token};

/// Where to look for values in one view, each list in text order.
#[derive(Debug, Default)]
pub(super) struct Cues {
    pub(super) words: Vec<Cue>,
    pub(super) signs: Vec<Sign>,
}

/// A run of ASCII letters and digits where a value may begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cue {
    /// Its first byte.
    pub(super) start: u32,
    /// The index of the word it is, or that it is part of: a word of several
    /// scripts is one word, but its scripts are read apart.
    pub(super) token: u32,
    pub(super) kind: Kind,
}

/// What a run shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It begins with a digit.
    Number,
    /// Letters first, with a digit or another script somewhere in its word.
    Mixed,
    /// It is in the table.
    Word(Word),
}

/// A sign that belongs to an address, and where that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// An at sign.
    At(usize),
    /// `http://`, `https://` or `www.`: where the address begins, and how
    /// long that opening is.
    Open(usize, usize),
    /// A host that opens a conversation, with a stroke behind it.
    Host(usize, usize),
}

/// Hosts that open a conversation.
pub(super) const MESSENGER_HOSTS: [&str; 13] = [
    "wa.me",
    "wa.link",
    "api.whatsapp.com",
    "chat.whatsapp.com",
    "web.whatsapp.com",
    "whatsapp.com",
    "t.me",
    "telegram.me",
    "telegram.dog",
    "signal.me",
    "line.me",
    "lin.ee",
    "m.me",
];

/// Every place of a view where a value may begin.
pub(super) fn cues(view: &NormalText) -> Cues {
    let mut finder = Finder {
        view,
        places: Places::of(view.as_str().as_bytes()),
        token: 0,
        cues: Cues {
            words: Vec::with_capacity(view.tokens().len() / 8 + 8),
            signs: Vec::new(),
        },
    };
    WORDS.each(view, |index, word| {
        let start = view.tokens()[index].start;
        finder.places_before(start as usize);
        // A word of the table holds letters only, no place.
        finder.cues.words.push(Cue {
            start,
            token: index as u32,
            kind: Kind::Word(word),
        });
    });
    finder.places_before(view.as_str().len());
    finder.cues
}

struct Finder<'v> {
    view: &'v NormalText,
    places: Places<'v>,
    /// The word to look for the next place from.
    token: usize,
    cues: Cues,
}

impl Finder<'_> {
    /// Visits every place before byte `end`, where no word goes on.
    fn places_before(&mut self, end: usize) {
        let (text, tokens) = (self.view.as_str(), self.view.tokens());
        while let Some(place) = self.places.before(end) {
            let byte = text.as_bytes()[place];
            if byte.is_ascii() && !byte.is_ascii_digit() {
                self.cues.signs.extend(sign(text, place));
                continue;
            }
            while tokens
                .get(self.token)
                .is_some_and(|token| token.end as usize <= place)
            {
                self.token += 1;
            }
            let token = tokens.get(self.token);
            if let Some(&token) = token.filter(|token| token.start as usize <= place) {
                runs(text, token, self.token, &mut self.cues.words);
                self.places.skip_to(token.end as usize);
            }
        }
    }
}

/// The runs of ASCII in a word.
fn runs(text: &str, token: Token, index: usize, cues: &mut Vec<Cue>) {
    let end = token.end as usize;
    let bytes = &text.as_bytes()[..end];
    let mut at = token.start as usize;
    while at < end {
        if !bytes[at].is_ascii() {
            at += 1;
            continue;
        }
        let is_number = bytes[at].is_ascii_digit();
        cues.push(Cue {
            start: at as u32,
            token: index as u32,
            kind: if is_number { Kind::Number } else { Kind::Mixed },
        });
        at += bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii())
            .count();
    }
}

/// What the byte at `place`, between two words, says of an address.
fn sign(text: &str, place: usize) -> Option<Sign> {
    let bytes = text.as_bytes();
    let before = &bytes[..place];
    match bytes[place] {
        b'@' => Some(Sign::At(place)),
        b'.' if before.ends_with(b"www") => Some(Sign::Open(place - 3, 4)),
        b':' if bytes[place..].starts_with(b"://") => {
            let scheme = ["https", "http"];
            let scheme = scheme.iter().find(|one| before.ends_with(one.as_bytes()))?;
            Some(Sign::Open(place - scheme.len(), scheme.len() + 3))
        }
        // Every host ends in one of these.
        b'/' if matches!(before.last(), Some(b'e' | b'm' | b'k' | b'g')) => {
            let hosts = MESSENGER_HOSTS.iter();
            let mut hosts = hosts.filter(|host| before.ends_with(host.as_bytes()));
            let host = hosts.find(|host| read::begins_word(text, place - host.len()))?;
            Some(Sign::Host(place - host.len(), host.len() + 1))
        }
        _ => None,
    }
}

/// Walks over the bytes that matter: digits, the signs next to them (`.`, `/`,
/// `:`), at signs, and the first byte of every character beyond ASCII.
struct Places<'t> {
    bytes: &'t [u8],
    /// Where the bytes under way begin.
    at: usize,
    /// One bit for each of them that is left to visit.
    left: u64,
}

/// How many bytes are looked at together.
const STEP: usize = 64;

impl<'t> Places<'t> {
    fn of(bytes: &'t [u8]) -> Self {
        let left = marks(bytes);
        Self { bytes, at: 0, left }
    }

    /// The next place, if it stands before `end`.
    fn before(&mut self, end: usize) -> Option<usize> {
        while self.left == 0 {
            if self.at + STEP >= end {
                return None;
            }
            self.at += STEP;
            self.left = marks(&self.bytes[self.at..]);
        }
        let place = self.at + self.left.trailing_zeros() as usize;
        if place >= end {
            return None;
        }
        self.left &= self.left - 1;
        Some(place)
    }

    /// Leaves out all places before `at`.
    fn skip_to(&mut self, at: usize) {
        if at >= self.at + STEP {
            self.at = at;
            self.left = marks(&self.bytes[at..]);
        } else {
            self.left &= u64::MAX << (at - self.at);
        }
    }
}

/// One bit for each of the first 64 bytes that matters.
fn marks(bytes: &[u8]) -> u64 {
    let Some(whole) = bytes.first_chunk() else {
        let mut padded = [0; STEP];
        padded[..bytes.len()].copy_from_slice(bytes);
        return marks_of(&padded);
    };
    marks_of(whole)
}

fn marks_of(bytes: &[u8; STEP]) -> u64 {
    let mut ones = [0; STEP];
    for (one, &byte) in ones.iter_mut().zip(bytes) {
        // `.`, `/`, the digits and `:` stand in a row.
        let is_row = byte.wrapping_sub(b'.') <= b':' - b'.';
        // Without a branch, so that many bytes go through at once.
        *one = u8::from(is_row) | u8::from(byte == b'@') | u8::from(byte >= 0xc0);
    }
    let mut marks = 0;
    for (index, eight) in ones.chunks_exact(8).enumerate() {
        let eight = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
        marks |= (eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (index * 8);
    }
    marks
}
