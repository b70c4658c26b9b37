//! Hashtags cut at their capitals: `#GajiBesar` reads "gaji besar".
//!
//! A reading, not a disguise: everybody writes hashtags so.

use std::ops::Range;

use super::super::NormalText;
use super::Undoing;
use crate::span::Span;

/// Whether there may be a hashtag of several words. Nearly all are in small
/// letters and need no second view.
pub(in crate::text) fn may_have_hashtags(published: &str) -> bool {
    let bytes = published.as_bytes();
    memchr::memchr_iter(b'#', bytes).any(|at| {
        let tag = bytes[at + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_' || !byte.is_ascii());
        let (mut earlier, mut before) = (b'#', b'#');
        tag.copied().any(|byte| {
            let upper_again = earlier.is_ascii_uppercase() && before.is_ascii_uppercase();
            let cuts = match byte {
                b'A'..=b'Z' => before.is_ascii_lowercase() || before.is_ascii_digit(),
                b'a'..=b'z' => upper_again,
                b'0'..=b'9' => before.is_ascii_alphabetic(),
                _ => !byte.is_ascii(),
            };
            (earlier, before) = (before, byte);
            cuts
        })
    })
}

/// The words that the word at `word` consists of, as places in the plain text,
/// when its capitals say that it is several.
pub(super) fn cuts(published: &str, plain: &NormalText, word: usize) -> Option<Vec<Range<usize>>> {
    let token = plain.tokens[word];
    let (start, end) = (token.start as usize, token.end as usize);
    let mut letters = Vec::new();
    let mut before = Kind::None;
    for (at, ch) in plain.text[start..end].char_indices() {
        let from = Span::new(start + at, start + at + ch.len_utf8());
        let from = plain.to_published(from).of(published);
        let kind = Kind::of(ch, from.chars().next().unwrap_or(ch));
        letters.push((start + at, kind));
        before = before.max(kind);
    }
    // Without a capital there is nothing to go by.
    if before != Kind::Upper {
        return None;
    }
    let mut cuts = vec![end];
    let mut next = None;
    for index in (1..letters.len()).rev() {
        let (at, kind) = letters[index];
        let before = letters[index - 1].1;
        if cut_between(before, kind, next) {
            cuts.push(at);
        }
        // What follows a run of digits is what follows each of them.
        if before != Kind::Digit || kind != Kind::Digit {
            next = Some(kind);
        }
    }
    cuts.push(start);
    cuts.reverse();
    (cuts.len() > 2).then(|| cuts.windows(2).map(|pair| pair[0]..pair[1]).collect())
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    None,
    Digit,
    Lower,
    Upper,
}

impl Kind {
    fn of(folded: char, published: char) -> Self {
        if folded.is_numeric() {
            Self::Digit
        } else if published.is_uppercase() {
            Self::Upper
        } else {
            Self::Lower
        }
    }
}

/// Whether a word begins between two letters; `next` follows them, or the
/// digits that begin with `after`.
fn cut_between(before: Kind, after: Kind, next: Option<Kind>) -> bool {
    match (before, after) {
        (Kind::Lower | Kind::Digit, Kind::Upper) => true,
        // "PMIKamboja" is PMI and Kamboja.
        (Kind::Upper, Kind::Upper) => next == Some(Kind::Lower),
        // "Loker2026" is a word and a number; "L0ker" is neither.
        (Kind::Lower | Kind::Upper, Kind::Digit) => next != Some(Kind::Lower),
        _ => false,
    }
}

impl Undoing<'_, '_> {
    /// Whether the word at `word` is of a hashtag, `#` or `_` before it.
    pub(super) fn is_tag(&mut self, word: usize) -> bool {
        let token = self.plain.tokens[word];
        let before = self.plain.text[..token.start as usize].bytes().next_back();
        let is_tag = before == Some(b'#')
            || (before == Some(b'_')
                && self.tag_end > 0
                && self.tag_end + 1 == token.start as usize);
        if is_tag {
            self.tag_end = token.end as usize;
        }
        is_tag
    }

    /// Writes the hashtag at `word`, its words apart and undone.
    pub(super) fn hashtag(&mut self, word: usize, cuts: &[Range<usize>]) {
        for cut in cuts {
            self.copy_to(cut.start);
            if cut.start > cuts[0].start {
                let at = self.plain.to_published(Span::new(cut.start, cut.end)).start;
                self.writer.push(' ', Span { start: at, end: at });
            }
            self.undo_word(word, cut.start, cut.end);
            self.copy_to(cut.end);
        }
        self.changed = true;
    }
}
