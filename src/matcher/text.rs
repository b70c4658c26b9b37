//! One view made ready for phrases: its words, and the typed values that begin
//! and end at them.

use super::value::ValueTest;
use crate::entity::Entity;
use crate::text::{Gap, NormalText};

/// Values whose tests are done once; those behind are tested when asked about.
const MAX_TESTED: usize = 64;

/// A view and its typed values.
pub(super) struct Text<'t> {
    pub(super) view: &'t NormalText,
    pub(super) entities: &'t [Entity],
    tests: &'t [ValueTest],
    values: &'t Values,
}

/// The typed values of one text, by where they stand. Kept between texts.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Sorted by first word.
    by_start: Vec<Valued>,
    /// Indexes into `by_start`, sorted by last word.
    by_end: Vec<u32>,
    /// By test: one bit for each of the first values that pass it.
    passing: Vec<u64>,
}

/// The words that a typed value covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Valued {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) entity: usize,
}

impl Values {
    /// Finds the words of `entities` in `view`, and what passes which test;
    /// without tests nobody asks.
    pub(super) fn fill(&mut self, view: &NormalText, entities: &[Entity], tests: &[ValueTest]) {
        self.by_start.clear();
        self.by_end.clear();
        self.passing.clear();
        if tests.is_empty() {
            return;
        }
        for (entity, found) in entities.iter().enumerate() {
            let words = view.words_at(found.span);
            if !words.is_empty() {
                self.by_start.push(Valued {
                    first: words.start,
                    last: words.end - 1,
                    entity,
                });
            }
        }
        self.by_start.sort_unstable();
        self.by_end.extend(0..self.by_start.len() as u32);
        let by_start = &self.by_start;
        self.by_end
            .sort_unstable_by_key(|&index| by_start[index as usize].last);
        let first = &entities[..entities.len().min(MAX_TESTED)];
        self.passing.extend(tests.iter().map(|test| {
            let passing = first.iter().enumerate();
            passing.fold(0, |bits, (index, entity)| {
                bits | u64::from(test.holds(&entity.value)) << index
            })
        }));
    }
}

impl<'t> Text<'t> {
    pub(super) fn new(
        view: &'t NormalText,
        entities: &'t [Entity],
        tests: &'t [ValueTest],
        values: &'t Values,
    ) -> Self {
        Self {
            view,
            entities,
            tests,
            values,
        }
    }

    pub(super) fn n_words(&self) -> usize {
        self.view.tokens().len()
    }

    /// Sorted by first word.
    pub(super) fn values(&self) -> &[Valued] {
        &self.values.by_start
    }

    /// Whether the value with this number passes test number `test`.
    pub(super) fn holds(&self, test: u32, entity: usize) -> bool {
        if entity < MAX_TESTED {
            return self.values.passing[test as usize] >> entity & 1 == 1;
        }
        self.tests[test as usize].holds(&self.entities[entity].value)
    }

    /// Whether any value may pass test number `test`.
    pub(super) fn may_hold(&self, test: u32) -> bool {
        self.values.passing[test as usize] != 0 || self.entities.len() > MAX_TESTED
    }

    /// Values that begin at `word`.
    pub(super) fn values_from(&self, word: usize) -> impl Iterator<Item = Valued> {
        let first = self.values().partition_point(|value| value.first < word);
        let here = self.values()[first..].iter().copied();
        here.take_while(move |value| value.first == word)
    }

    /// Values that end at `word`.
    pub(super) fn values_to(&self, word: usize) -> impl Iterator<Item = Valued> {
        let value = |&index: &u32| self.values()[index as usize];
        let by_end = &self.values.by_end;
        let first = by_end.partition_point(|index| value(index).last < word);
        let here = by_end[first..].iter().map(value);
        here.take_while(move |value| value.last == word)
    }

    /// Whether `word` directly continues the sentence of the word before.
    pub(super) fn continues(&self, word: usize) -> bool {
        self.view.tokens()[word].gap < Gap::Sentence
    }
}
