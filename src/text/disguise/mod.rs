//! Undoing disguises: look-alike letters, spaced letters, leet, stretching;
//! and hashtags cut at their capitals.
//!
//! Works on the folded view, word by word, and writes a second view. It is
//! deliberately timid: a reading that could be wrong (digits in a price, a
//! foreign word) is left alone, because the plain view is matched anyway.

mod alike;
mod hashtag;
mod leet;
mod readings;
mod shape;
mod spaced;
mod stretch;

pub(super) use leet::reading;
pub(super) use shape::{is_speakable, is_vowel};

use super::NormalText;
use super::offsets::Writer;
use super::token::{MIN_SPACED, Shapes};
use crate::entity::Disguise;
use crate::span::Span;

use alike::Scripts;
use readings::Readings;

pub(super) use hashtag::may_have_hashtags;

/// The undisguised view, or `None` when nothing would change.
pub(super) fn undo(
    published: &str,
    plain: &NormalText,
    shapes: Shapes,
    seen: &mut Vec<(Span, Disguise)>,
) -> Option<NormalText> {
    let mut undoing = Undoing {
        published,
        plain,
        shapes,
        scripts: Scripts::default(),
        writer: Writer::with_capacity(plain.text.len()),
        readings: Readings::default(),
        seen,
        at: 0,
        changed: false,
        tag_end: 0,
    };
    if shapes.alike {
        undoing.scripts = Scripts::of(plain);
    }
    let mut word = 0;
    while word < plain.tokens.len() {
        word = undoing.word(word);
    }
    if !undoing.changed {
        return None;
    }
    undoing.copy_to(plain.text.len());
    let view = NormalText::new(undoing.writer.finish()).0;
    Some(undoing.readings.append(view, published.len()))
}

/// A letter of a word under way.
#[derive(Clone, Copy, Debug)]
struct Sign {
    letter: char,
    second: Second,
    /// What it stands for, as published.
    from: Span,
}

/// Another reading of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Second {
    None,
    /// Another letter.
    Letter(char),
    /// The same twice.
    Twice,
}

struct Undoing<'p, 's> {
    published: &'p str,
    plain: &'p NormalText,
    shapes: Shapes,
    scripts: Scripts,
    writer: Writer,
    readings: Readings,
    seen: &'s mut Vec<(Span, Disguise)>,
    /// How much of the plain text is written.
    at: usize,
    changed: bool,
    /// Where the last word of a hashtag ends in the plain text.
    tag_end: usize,
}

impl Undoing<'_, '_> {
    /// Undoes the word at `word` and returns the next one to look at.
    fn word(&mut self, word: usize) -> usize {
        if self.shapes.spaced {
            let next = self.spaced(word);
            if next > word {
                return next;
            }
        }
        let (start, end) = self.around(word);
        let cuts = self
            .is_tag(word)
            .then(|| hashtag::cuts(self.published, self.plain, word));
        if let Some(cuts) = cuts.flatten() {
            self.hashtag(word, &cuts);
            return word + 1;
        }
        let own_end = self.plain.tokens[word].end as usize;
        if end > own_end && !self.undo_word(word, start, end) {
            // The signs are signs, and the words between them words.
            self.undo_word(word, start, own_end);
            return word + 1;
        }
        if end == own_end {
            self.undo_word(word, start, end);
        }
        self.plain.tokens[word..].partition_point(|token| (token.end as usize) <= end) + word
    }

    /// Undoes the word that fills `start..end` of the plain text, if it hides
    /// another. One that goes on behind signs must have them for letters.
    fn undo_word(&mut self, word: usize, start: usize, end: usize) -> bool {
        let text = &self.plain.text.as_bytes()[start..end];
        if !may_hide(text) {
            return false;
        }
        let mut letters = self.letters(start, end);
        let kinds = self.undone(word, &mut letters);
        let goes_on = end > self.plain.tokens[word].end as usize;
        if kinds.is_empty() || (goes_on && !kinds.contains(&Disguise::Leet)) {
            return false;
        }
        let place = self.plain.to_published(Span::new(start, end));
        self.seen
            .extend(kinds.into_iter().map(|kind| (place, kind)));
        self.replace(start, end, &letters);
        true
    }

    /// The word with signs used as letters (`g@ji`) taken along: whole words
    /// only, so that the next look begins where this one ends.
    fn around(&self, word: usize) -> (usize, usize) {
        let tokens = &self.plain.tokens;
        let bytes = self.plain.text.as_bytes();
        let start = tokens[word].start as usize;
        let mut end = tokens[word].end as usize;
        if !self.shapes.leet && !self.shapes.alike {
            return (start, end);
        }
        for &next in tokens[word + 1..].iter().take(MAX_SIGNS) {
            let between = &bytes[end..next.start as usize];
            let letters = self.plain.word(next);
            let joined = (1..=2).contains(&between.len())
                && between
                    .iter()
                    .all(|byte| matches!(byte, b'@' | b'$' | b'!'))
                && letters.is_ascii()
                && letters.as_bytes()[0].is_ascii_lowercase();
            // `name@host.example` is an address, not a word with a sign in it.
            let is_address = between == b"@" && bytes.get(next.end as usize) == Some(&b'.');
            if !joined || is_address {
                break;
            }
            end = next.end as usize;
        }
        (start, end)
    }

    /// The letters of `start..end` of the plain text.
    fn letters(&self, start: usize, end: usize) -> Vec<Sign> {
        let text = &self.plain.text[start..end];
        let sign = |(at, letter): (usize, char)| {
            let from = Span::new(start + at, start + at + letter.len_utf8());
            Sign {
                letter,
                second: Second::None,
                from: self.plain.to_published(from),
            }
        };
        text.char_indices().map(sign).collect()
    }

    /// Undoes what hides `letters`, which are of the word at `word`.
    fn undone(&self, word: usize, letters: &mut Vec<Sign>) -> Vec<Disguise> {
        let mut kinds = Vec::new();
        if self.shapes.alike && alike::undo(self, word, letters) {
            kinds.push(Disguise::LookAlike);
        }
        if stretch::undo(letters) {
            kinds.push(Disguise::Stretched);
        }
        if !self.is_address(word) && leet::undo(letters) {
            kinds.push(Disguise::Leet);
        }
        kinds
    }

    /// Whether the word at `word` is part of an address or the name of an
    /// account, where digits are digits.
    fn is_address(&self, word: usize) -> bool {
        let bytes = self.plain.text.as_bytes();
        let start = self.plain.tokens[word].start as usize;
        let before = &bytes[start.saturating_sub(MAX_ADDRESS)..start];
        let before = before
            .rsplit(u8::is_ascii_whitespace)
            .next()
            .unwrap_or(before);
        let holds = |part: &[u8]| before.windows(part.len()).any(|window| window == part);
        let end = self.plain.tokens[word].end as usize;
        let after = &bytes[end..bytes.len().min(end + MAX_ADDRESS)];
        let after = after.split(u8::is_ascii_whitespace).next().unwrap_or(after);
        let host = after.iter().position(|byte| *byte == b'@');
        host.is_some_and(|at| after[at..].contains(&b'.'))
            || before.ends_with(b"@")
            || before.starts_with(b"@")
            || holds(b"://")
            || holds(b"www.")
            || holds(b"/")
                && before
                    .split(|byte| *byte == b'/')
                    .next()
                    .is_some_and(|host| host.contains(&b'.'))
    }

    /// Writes `letters` for `start..end`, and keeps their other readings.
    fn replace(&mut self, start: usize, end: usize, letters: &[Sign]) {
        self.copy_to(start);
        let at = self.writer.len();
        for sign in letters {
            self.writer.push(sign.letter, sign.from);
        }
        self.readings.add(at, self.writer.len(), letters);
        self.at = end;
        self.changed = true;
    }

    fn copy_to(&mut self, end: usize) {
        let plain = self.plain;
        self.writer.copy(&plain.text, &plain.offsets, self.at..end);
        self.at = end;
    }
}

/// Most words joined by signs that are read as one.
const MAX_SIGNS: usize = 8;
/// Most bytes of an address that are looked at.
const MAX_ADDRESS: usize = 64;

/// Whether a word may hide another: cheap, and right about ordinary words.
fn may_hide(word: &[u8]) -> bool {
    word.iter().any(|byte| !byte.is_ascii_lowercase())
        || word
            .windows(3)
            .any(|three| three[0] == three[1] && three[1] == three[2])
}
