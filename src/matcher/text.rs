//! One view made ready for phrases: its words, and the typed values that begin
//! and end at them.

use crate::entity::Entity;
use crate::text::{Gap, NormalText};

/// A view and its typed values.
pub(super) struct Text<'t> {
    pub(super) view: &'t NormalText,
    pub(super) entities: &'t [Entity],
    /// Sorted by first word.
    pub(super) values: Vec<Valued>,
    /// Indexes into `values`, sorted by last word.
    by_end: Vec<u32>,
}

/// The words that a typed value covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Valued {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) entity: usize,
}

impl<'t> Text<'t> {
    /// `wants_values`: whether any phrase asks for them.
    pub(super) fn new(view: &'t NormalText, entities: &'t [Entity], wants_values: bool) -> Self {
        let mut values = Vec::new();
        for (entity, found) in entities.iter().enumerate().filter(|_| wants_values) {
            let words = view.words_at(found.span);
            if !words.is_empty() {
                values.push(Valued {
                    first: words.start,
                    last: words.end - 1,
                    entity,
                });
            }
        }
        values.sort_unstable();
        let mut by_end: Vec<u32> = (0..values.len() as u32).collect();
        by_end.sort_unstable_by_key(|&index| values[index as usize].last);
        Self {
            view,
            entities,
            values,
            by_end,
        }
    }

    pub(super) fn n_words(&self) -> usize {
        self.view.tokens().len()
    }

    /// Values that begin at `word`.
    pub(super) fn values_from(&self, word: usize) -> impl Iterator<Item = Valued> {
        let first = self.values.partition_point(|value| value.first < word);
        let here = self.values[first..].iter().copied();
        here.take_while(move |value| value.first == word)
    }

    /// Values that end at `word`.
    pub(super) fn values_to(&self, word: usize) -> impl Iterator<Item = Valued> {
        let value = |&index: &u32| self.values[index as usize];
        let first = self
            .by_end
            .partition_point(|index| value(index).last < word);
        let here = self.by_end[first..].iter().map(value);
        here.take_while(move |value| value.last == word)
    }

    /// Whether `word` directly continues the sentence of the word before.
    pub(super) fn continues(&self, word: usize) -> bool {
        self.view.tokens()[word].gap < Gap::Sentence
    }
}
