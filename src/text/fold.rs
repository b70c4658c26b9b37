//! Unicode folding: case, compatibility forms, accents, invisible characters,
//! HTML character references, letters made of flags.
//!
//! One pass. Runs of ASCII are copied and lower-cased as a whole, so that a
//! post pays for the other characters only; pure ASCII needs no map at all.

use super::offsets::{OffsetMap, Writer};
use super::table::{self, Folded, Letter};
use super::{escape, styled};
use crate::entity::Disguise;
use crate::span::Span;

/// Folds a published text; disguises seen on the way are added to `seen`.
/// `may_refer` says whether it may hold HTML references.
pub(super) fn fold(
    published: &str,
    may_refer: bool,
    seen: &mut Vec<(Span, Disguise)>,
) -> (String, OffsetMap) {
    let bytes = published.as_bytes();
    let mut folding = Folding {
        signs: Signs::new(published, may_refer),
        writer: Writer::with_capacity(bytes.len()),
        seen,
        base: Base::default(),
        n_pending: 0,
        flag_letters: Vec::new(),
    };
    while folding.signs.at < bytes.len() {
        let at = folding.signs.at;
        let run = ascii_run(&bytes[at..folding.signs.next_reference]);
        if run > 0 {
            folding.ascii(&bytes[at..at + run], at);
        }
        folding.others();
    }
    folding.close(' ');
    folding.writer.finish()
}

/// A published text read character by character, references undone.
struct Signs<'t> {
    published: &'t str,
    at: usize,
    reference: Option<Reference>,
    /// Where it begins; the end of the text when there is none.
    next_reference: usize,
    /// What is left to say of the reference under way.
    rest: Option<(char, Span)>,
}

#[derive(Clone, Copy)]
struct Reference {
    start: usize,
    len: usize,
    chars: [Option<char>; 2],
}

impl<'t> Signs<'t> {
    fn new(published: &'t str, may_refer: bool) -> Self {
        let mut signs = Self {
            published,
            at: 0,
            reference: None,
            next_reference: published.len(),
            rest: None,
        };
        if may_refer {
            signs.find_reference(0);
        }
        signs
    }

    fn find_reference(&mut self, from: usize) {
        let bytes = self.published.as_bytes();
        let ampersands = memchr::memchr_iter(b'&', &bytes[from..]);
        self.reference = ampersands.map(|at| from + at).find_map(|start| {
            let (chars, len) = escape::read(&bytes[start..])?;
            Some(Reference { start, len, chars })
        });
        self.next_reference = self.reference.map_or(bytes.len(), |one| one.start);
    }

    /// The next character and what it was published as, unless it is one of a
    /// run of ASCII.
    fn next(&mut self) -> Option<(char, Span)> {
        if let Some(rest) = self.rest.take() {
            return Some(rest);
        }
        if self.at == self.next_reference
            && let Some(one) = self.reference
        {
            self.at += one.len;
            let from = Span::new(one.start, self.at);
            self.rest = one.chars[1].map(|ch| (ch, from));
            self.find_reference(self.at);
            return one.chars[0].map(|ch| (ch, from));
        }
        let ch = self.published[self.at..].chars().next()?;
        if ch.is_ascii() {
            return None;
        }
        let from = Span::new(self.at, self.at + ch.len_utf8());
        self.at += ch.len_utf8();
        Some((ch, from))
    }
}

/// The letter that marks and invisible characters stand behind.
#[derive(Clone, Copy)]
struct Base {
    /// What it folds to, or a space.
    folded: char,
    /// Whether it was published as that ASCII character.
    plain: bool,
    start: u32,
    /// Where its marks end, and how much they hide it.
    end: u32,
    n_marks: u32,
    is_struck: bool,
}

impl Default for Base {
    fn default() -> Self {
        Self {
            folded: ' ',
            plain: false,
            start: 0,
            end: 0,
            n_marks: 0,
            is_struck: false,
        }
    }
}

/// Marks on one letter that no language stacks: Vietnamese has two.
const TOWER: u32 = 3;
/// Makes a digit a keycap.
const KEYCAP: char = '\u{20e3}';
/// Turns letters round from here on.
const OVERRIDE: char = '\u{202e}';

struct Folding<'t, 's> {
    signs: Signs<'t>,
    writer: Writer,
    seen: &'s mut Vec<(Span, Disguise)>,
    base: Base,
    /// How many of `seen` hide inside a word only if a letter follows.
    n_pending: usize,
    /// Regional indicators in a row up to here.
    flag_letters: Vec<(char, Span)>,
}

impl Folding<'_, '_> {
    fn ascii(&mut self, run: &[u8], at: usize) {
        self.close(run[0] as char);
        self.writer.ascii(run, at);
        self.signs.at += run.len();
        let last = at + run.len() - 1;
        self.base = Base {
            folded: run[run.len() - 1].to_ascii_lowercase() as char,
            plain: true,
            start: last as u32,
            end: last as u32 + 1,
            ..Base::default()
        };
    }

    /// Folds the characters up to the next run of ASCII.
    fn others(&mut self) {
        while let Some((ch, from)) = self.signs.next() {
            if let Some(letter) = styled::flag_letter(ch) {
                self.flag_letters.push((letter, from));
                continue;
            }
            let letter = table::letter(ch);
            match letter.folded(ch) {
                Folded::Mark => self.mark(ch, from),
                Folded::Invisible => self.invisible(ch, from),
                folded => self.visible(ch, letter, &folded, from),
            }
        }
    }

    fn visible(&mut self, ch: char, letter: Letter, folded: &Folded, from: Span) {
        let first = match folded {
            Folded::One(one) => *one,
            _ => ch,
        };
        self.close(first);
        match folded {
            Folded::One(one) => self.writer.push(*one, from),
            Folded::Several(text) => text.chars().for_each(|one| self.writer.push(one, from)),
            Folded::Mark | Folded::Invisible => {}
        }
        if letter.is_styled() {
            self.see(from, Disguise::StyledLetters);
        }
        self.base = Base {
            folded: first,
            plain: ch.is_ascii(),
            start: from.start,
            end: from.end,
            ..Base::default()
        };
    }

    fn mark(&mut self, ch: char, from: Span) {
        if ch == KEYCAP {
            // The selector before it belongs to the keycap.
            self.drop_pending();
            return;
        }
        self.base.end = from.end;
        self.base.n_marks += 1;
        // Strokes, rings and lines drawn through or under a letter.
        self.base.is_struck |=
            matches!(ch, '\u{305}' | '\u{332}'..='\u{338}' | '\u{33f}' | '\u{20d0}'..='\u{20ea}');
    }

    fn invisible(&mut self, ch: char, from: Span) {
        let is_selector = matches!(ch, '\u{fe00}'..='\u{fe0f}');
        // Joiners inside Arabic, Indic and Khmer words are spelling.
        let inside = self.base.folded.is_ascii_alphanumeric()
            // The sign before a selector is an emoji, not a letter.
            && (!is_selector || self.base.plain);
        if inside || ch == OVERRIDE {
            let n_before = self.seen.len();
            self.see(from, Disguise::Invisible);
            self.n_pending += self.seen.len() - n_before;
        }
    }

    /// Ends what hangs on the letter before, now that `next` follows. Nothing
    /// hangs on nearly all.
    fn close(&mut self, next: char) {
        if self.n_pending > 0 || self.base.n_marks > 0 || !self.flag_letters.is_empty() {
            self.close_slowly(next);
        }
    }

    fn close_slowly(&mut self, next: char) {
        if !self.flag_letters.is_empty() {
            self.flags();
        }
        if self.n_pending > 0 && !next.is_alphanumeric() {
            self.drop_pending();
        }
        self.n_pending = 0;
        let base = self.base;
        let hidden = base.n_marks >= TOWER || base.is_struck;
        if hidden && base.folded.is_ascii_alphanumeric() {
            let Base { start, end, .. } = base;
            self.see(Span { start, end }, Disguise::StyledLetters);
        }
        self.base = Base::default();
    }

    fn drop_pending(&mut self) {
        self.seen.truncate(self.seen.len() - self.n_pending);
        self.n_pending = 0;
    }

    /// Writes the regional indicators in a row. One is a letter, two are a
    /// flag; more are letters unless every two of them are the flag of some
    /// country, as in a list of countries.
    fn flags(&mut self) {
        let letters = std::mem::take(&mut self.flag_letters);
        let is_pair = letters.len() == 2;
        let are_flags = letters.len().is_multiple_of(2)
            && letters
                .chunks(2)
                .all(|pair| styled::is_flag(pair[0].0, pair[1].0));
        // What hid behind the letter before does so only before a letter.
        let first = if is_pair || are_flags {
            ' '
        } else {
            letters[0].0
        };
        self.close(first);
        for &(letter, from) in &letters {
            if first == ' ' {
                let nth = letter as u32 - 'a' as u32;
                let sign = char::from_u32(0x1f1e6 + nth).unwrap_or(letter);
                self.writer.push(sign, from);
            } else {
                self.writer.push(letter, from);
                self.see(from, Disguise::StyledLetters);
            }
        }
        self.base = Base::default();
    }

    /// Notes a disguise, together with the same one right before it.
    fn see(&mut self, place: Span, kind: Disguise) {
        if let Some((before, same)) = self.seen.last_mut()
            && *same == kind
            && before.end == place.start
        {
            before.end = place.end;
            return;
        }
        self.seen.push((place, kind));
    }
}

/// Length of the ASCII text that `bytes` begin with.
fn ascii_run(bytes: &[u8]) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = 0;
    for chunk in bytes.chunks_exact(8) {
        let high = u64::from_le_bytes(chunk.try_into().expect("eight bytes")) & HIGH;
        if high != 0 {
            return at + high.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..]
        .iter()
        .take_while(|byte| byte.is_ascii())
        .count()
}
