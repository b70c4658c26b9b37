//! Normal text: a field folded for matching, with the exact way back.
//!
//! Folding undoes case, compatibility forms, accents and characters that show
//! nothing; it never changes what a digit is worth and never touches "smp" or
//! "sma". A second view undoes disguises (look-alike letters, leet, spaced and
//! stretched letters), cuts hashtags at their capitals, and is made only when the
//! first view looks so, so that an ordinary word is never lost to a clever
//! reading. A word with several readings has one in its place; the others
//! follow behind the text, each with the words around it.
//!
//! A third view, on request, reads everyday spellings as the words they stand
//! for. Which those are, the rules say: this floor knows nothing of rules.

mod bits;
mod disguise;
mod escape;
mod fold;
mod lexicon;
mod offsets;
mod respell;
mod styled;
mod table;
mod token;
mod vocabulary;

pub use lexicon::Lexicon;
pub use offsets::OffsetMap;
pub use respell::Spellings;
pub use token::{Gap, Token, fingerprint};
pub use vocabulary::Vocabulary;

use crate::entity::Disguise;
use crate::span::Span;

use token::Shapes;

/// Names the folding on the wire; grows whenever folding changes.
pub const NORMALIZATION: &str = "nfkd+case+marks+escape+disguise/3";

/// One folded view of a published text.
#[derive(Clone, Debug)]
pub struct NormalText {
    text: String,
    offsets: OffsetMap,
    tokens: Vec<Token>,
    /// How many words stand in the order they were published in.
    n_in_order: usize,
}

impl NormalText {
    /// Cuts a folded text into words; also says which shapes of disguise it
    /// may hold.
    fn new((text, offsets): (String, OffsetMap)) -> (Self, Shapes) {
        let (tokens, shapes) = token::tokens(&text);
        let n_in_order = match offsets.in_order() {
            Some(end) => tokens.partition_point(|token| token.start < end),
            None => tokens.len(),
        };
        let normal = Self {
            text,
            offsets,
            tokens,
            n_in_order,
        };
        (normal, shapes)
    }

    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its words, in order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// How many words stand in the order they were published in. Other
    /// readings of some of them follow.
    pub fn n_in_order(&self) -> usize {
        self.n_in_order
    }

    /// The folded word of `token`.
    pub fn word(&self, token: Token) -> &str {
        &self.text[token.start as usize..token.end as usize]
    }

    /// The published place of a place in this view.
    pub fn to_published(&self, normal: Span) -> Span {
        self.offsets.to_published(normal)
    }

    /// The published place of words `first..=last`.
    pub fn words_to_published(&self, first: usize, last: usize) -> Span {
        let (first, last) = (self.tokens[first], self.tokens[last]);
        self.to_published(Span {
            start: first.start,
            end: last.end,
        })
    }

    /// The words that a published place touches, as a range of word indexes.
    /// Other readings of words are left out.
    pub fn words_at(&self, published: Span) -> std::ops::Range<usize> {
        let place = |token: &Token| {
            self.to_published(Span {
                start: token.start,
                end: token.end,
            })
        };
        let in_order = &self.tokens[..self.n_in_order];
        let first = in_order.partition_point(|token| place(token).end <= published.start);
        let end = in_order.partition_point(|token| place(token).start < published.end);
        first..end.max(first)
    }
}

/// The views of one published text.
#[derive(Clone, Debug)]
pub struct Views {
    /// Folded; always there.
    pub plain: NormalText,
    /// Folded with disguises undone; only when that changes something.
    pub undisguised: Option<NormalText>,
    /// What was undone and where, as published, in text order.
    pub disguises: Vec<(Span, Disguise)>,
}

impl Views {
    /// Folds `published`. Never fails: every text has a normal form.
    pub fn new(published: &str) -> Self {
        let mut disguises = Vec::new();
        // Nearly all texts have neither references nor hashtags.
        let first = memchr::memchr2(b'&', b'#', published.as_bytes());
        let folded = fold::fold(published, first.is_some(), &mut disguises);
        let (plain, shapes) = NormalText::new(folded);
        let has_tags = first.is_some() && disguise::may_have_hashtags(published);
        let undisguised = if shapes.any() || has_tags {
            disguise::undo(published, &plain, shapes, &mut disguises)
        } else {
            None
        };
        disguises.sort_unstable();
        disguises.dedup();
        Self {
            plain,
            undisguised,
            disguises,
        }
    }

    /// The views to match, plain first.
    pub fn iter(&self) -> impl Iterator<Item = &NormalText> {
        std::iter::once(&self.plain).chain(&self.undisguised)
    }
}

/// Folds a word or phrase of a rule exactly as post text is folded.
pub fn fold_pattern(text: &str) -> String {
    fold::fold(text, true, &mut Vec::new()).0
}

#[cfg(test)]
mod tests;
