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
pub(super) const MESSENGER_HOSTS: [&str; 8] = [
    "wa.me",
    "api.whatsapp.com",
    "chat.whatsapp.com",
    "t.me",
    "telegram.me",
    "line.me",
    "lin.ee",
    "m.me",
];

/// Every place of a view where a value may begin.
pub(super) fn cues(view: &NormalText) -> Cues {
    let text = view.as_str();
    let words = &*WORDS;
    let mut cues = Cues::default();
    let mut places = Places::of(text.as_bytes());
    let mut place = places.next_place();
    for (index, &token) in view.tokens().iter().enumerate() {
        while place < token.start as usize {
            cues.signs.extend(sign(text, place));
            place = places.next_place();
        }
        if place < token.end as usize {
            runs(text, token, index, &mut cues.words);
            place = places.from(token.end as usize);
        } else if let Some(word) = words.meaning_in(view, index) {
            cues.words.push(Cue {
                start: token.start,
                token: index as u32,
                kind: Kind::Word(word),
            });
        }
    }
    while place < text.len() {
        cues.signs.extend(sign(text, place));
        place = places.next_place();
    }
    cues
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
        // Every host ends in one of the two.
        b'/' if matches!(before.last(), Some(b'e' | b'm')) => {
            let hosts = MESSENGER_HOSTS.iter();
            let mut hosts = hosts.filter(|host| before.ends_with(host.as_bytes()));
            let host = hosts.find(|host| read::begins_word(text, place - host.len()))?;
            Some(Sign::Host(place - host.len(), host.len() + 1))
        }
        _ => None,
    }
}

/// Walks over the bytes that matter, eight at a time: digits, the signs next
/// to them (`.`, `/`, `:`), at signs, and the first byte of every character
/// beyond ASCII.
struct Places<'t> {
    bytes: &'t [u8],
    /// Where the eight bytes begin.
    at: usize,
    /// The high bit of each of them that is left to visit.
    left: u64,
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = LOW << 7;

impl<'t> Places<'t> {
    fn of(bytes: &'t [u8]) -> Self {
        let left = marks(bytes, 0);
        Self { bytes, at: 0, left }
    }

    /// The next place, or the length of the text.
    fn next_place(&mut self) -> usize {
        while self.left == 0 {
            self.at += 8;
            if self.at >= self.bytes.len() {
                self.at = self.bytes.len();
                return self.at;
            }
            self.left = marks(self.bytes, self.at);
        }
        let place = self.at + (self.left.trailing_zeros() / 8) as usize;
        self.left &= self.left - 1;
        place
    }

    /// The first place at or behind `at`.
    fn from(&mut self, at: usize) -> usize {
        self.at = at;
        self.left = marks(self.bytes, at);
        self.next_place()
    }
}

/// The high bit of each of the eight bytes at `at` that matters.
fn marks(bytes: &[u8], at: usize) -> u64 {
    let eight = match bytes.get(at..at + 8) {
        Some(eight) => u64::from_le_bytes(eight.try_into().expect("eight bytes")),
        None => {
            let rest = bytes.get(at..).unwrap_or_default();
            let mut padded = [0; 8];
            padded[..rest.len()].copy_from_slice(rest);
            u64::from_le_bytes(padded)
        }
    };
    let low = eight & !HIGH;
    // `.`, `/`, the digits and `:` stand in a row.
    let row = between(low, b'.', b':');
    let ascii = (row | between(low, b'@', b'@')) & !eight;
    let opens = eight & eight << 1 & HIGH;
    ascii | opens
}

/// The high bit of every byte that lies between two, of bytes below 128.
fn between(bytes: u64, first: u8, last: u8) -> u64 {
    let from = bytes + LOW * u64::from(0x80 - first);
    let past = bytes + LOW * u64::from(0x7f - last);
    from & !past & HIGH
}
