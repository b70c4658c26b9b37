//! A phrase as a template over the word array.

use super::value::ValueTest;
use super::{Text, WordId, Words};
use crate::assessment::EvidenceKind;
use crate::span::Span;

/// A phrase as written: a sequence of steps.
///
/// It begins and ends with a word or a value, and no two gaps are adjacent.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One place of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// One of these whole words or prefixes (`true`), folded.
    Words(Vec<(String, bool)>),
    /// Up to so many other words.
    Gap(u8),
    /// A typed value.
    Value(ValueTest),
}

/// A template with its words as numbers.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) steps: Vec<CompiledStep>,
    /// The step whose words index this template.
    pub(super) anchor: usize,
}

#[derive(Debug)]
pub(super) enum CompiledStep {
    /// Sorted.
    Words(Vec<WordId>),
    Gap(u8),
    Value(ValueTest),
}

/// Words too frequent in advertisements to index a phrase under.
const FREQUENT: [&str; 64] = [
    "di", "ke", "yang", "dan", "atau", "untuk", "dari", "dengan", "ada", "bisa", "kami", "saya",
    "ini", "itu", "tidak", "akan", "juga", "sudah", "hanya", "lebih", "kerja", "gaji", "harga",
    "minat", "hubungi", "cari", "bisa", "butuh", "siap", "langsung", "bulan", "tahun", "hari",
    "orang", "anak", "rumah", "baru", "bagus", "dijual", "jual", "lokasi", "info", "the", "a",
    "an", "of", "to", "in", "on", "at", "for", "is", "are", "and", "or", "we", "you", "your",
    "with", "no", "be", "not", "work", "job",
];

impl Compiled {
    pub(super) fn new(template: &Template, words: &mut Words) -> Self {
        let anchor = (0..template.steps.len())
            .max_by_key(|&index| (rarity(&template.steps[index]), std::cmp::Reverse(index)))
            .expect("a template has a step");
        let steps = template
            .steps
            .iter()
            .map(|step| CompiledStep::new(step, words))
            .collect();
        Self { steps, anchor }
    }

    pub(super) fn kind(&self) -> EvidenceKind {
        match self.steps.as_slice() {
            [CompiledStep::Value(_)] => EvidenceKind::Entity,
            _ => EvidenceKind::Phrase,
        }
    }

    /// The words `first..=last` that this template covers when its step
    /// `step` stands at `word`: the shortest such match.
    ///
    /// Each direction keeps the set of words a step can end at, so the cost is
    /// bounded by the phrase's own reach, whatever the text.
    pub(super) fn match_around(
        &self,
        text: &Text<'_>,
        step: usize,
        word: usize,
        scratch: &mut Scratch,
    ) -> Option<(usize, usize)> {
        scratch.now.clear();
        self.steps[step].each_end(text, word, |end| scratch.now.push(end));
        let last = self.walk_right(text, step + 1, scratch)?;
        scratch.now.clear();
        scratch.now.push(word);
        let first = self.walk_left(text, step, scratch)?;
        Some((first, last))
    }

    /// The published place of words `first..=last`. Signs of a value at either
    /// edge, such as the `@` of a handle, belong to it.
    pub(super) fn published(&self, text: &Text<'_>, first: usize, last: usize) -> Span {
        let mut span = text.view.words_to_published(first, last);
        for &(start, end, entity) in &text.values {
            let entity = &text.entities[entity];
            let passes = |step: Option<&CompiledStep>| matches!(step, Some(CompiledStep::Value(test)) if test.holds(&entity.value));
            let begins = start == first && passes(self.steps.first());
            let ends = end == last && passes(self.steps.last());
            if (begins || ends) && start >= first && end <= last {
                span = span.union(entity.span);
            }
        }
        span
    }

    fn walk_right(&self, text: &Text<'_>, from: usize, scratch: &mut Scratch) -> Option<usize> {
        let mut gap = 0;
        for step in &self.steps[from..] {
            if let CompiledStep::Gap(most) = step {
                gap = usize::from(*most);
                continue;
            }
            scratch.next.clear();
            for &end in &scratch.now {
                for word in end + 1..(end + 2 + gap).min(text.n_words()) {
                    if !text.continues(word) {
                        break;
                    }
                    step.each_end(text, word, |end| scratch.next.push(end));
                }
            }
            scratch.step()?;
            gap = 0;
        }
        scratch.now.first().copied()
    }

    fn walk_left(&self, text: &Text<'_>, to: usize, scratch: &mut Scratch) -> Option<usize> {
        let mut gap = 0;
        for step in self.steps[..to].iter().rev() {
            if let CompiledStep::Gap(most) = step {
                gap = usize::from(*most);
                continue;
            }
            scratch.next.clear();
            for &start in &scratch.now {
                let mut word = start;
                while word > 0 && start - word <= gap && text.continues(word) {
                    word -= 1;
                    step.each_start(text, word, |start| scratch.next.push(start));
                }
            }
            scratch.step()?;
            gap = 0;
        }
        scratch.now.last().copied()
    }
}

/// Sets of word positions, kept between calls so that a scan allocates once.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Where the step before can end (or begin, walking left).
    now: Vec<usize>,
    /// Where this step can.
    next: Vec<usize>,
}

impl Scratch {
    /// Makes the next set the present one; `None` when it is empty.
    fn step(&mut self) -> Option<()> {
        if self.next.len() > 1 {
            self.next.sort_unstable();
            self.next.dedup();
        }
        std::mem::swap(&mut self.now, &mut self.next);
        (!self.now.is_empty()).then_some(())
    }
}

impl CompiledStep {
    fn new(step: &Step, words: &mut Words) -> Self {
        match step {
            Step::Gap(most) => Self::Gap(*most),
            Step::Value(test) => Self::Value(test.clone()),
            Step::Words(list) => {
                let id = |(word, is_prefix): &(String, bool)| match is_prefix {
                    true => words.prefix(word),
                    false => words.whole(word),
                };
                let mut ids: Vec<WordId> = list.iter().map(id).collect();
                ids.sort_unstable();
                ids.dedup();
                Self::Words(ids)
            }
        }
    }

    /// Calls `each` with the words this step can end at when it begins at
    /// `word`.
    fn each_end(&self, text: &Text<'_>, word: usize, mut each: impl FnMut(usize)) {
        match self {
            Self::Gap(_) => {}
            Self::Words(ids) => {
                if is_one_of(text, word, ids) {
                    each(word);
                }
            }
            Self::Value(test) => {
                let first = text.values.partition_point(|value| value.0 < word);
                let here = text.values[first..]
                    .iter()
                    .take_while(|value| value.0 == word);
                here.filter(|value| test.holds(&text.entities[value.2].value))
                    .for_each(|value| each(value.1));
            }
        }
    }

    /// Calls `each` with the words this step can begin at when it ends at
    /// `word`.
    fn each_start(&self, text: &Text<'_>, word: usize, mut each: impl FnMut(usize)) {
        match self {
            Self::Value(test) => text
                .values
                .iter()
                .filter(|value| value.1 == word && test.holds(&text.entities[value.2].value))
                .for_each(|value| each(value.0)),
            _ => self.each_end(text, word, each),
        }
    }
}

fn is_one_of(text: &Text<'_>, word: usize, ids: &[WordId]) -> bool {
    text.ids_of(word)
        .iter()
        .any(|(_, id)| ids.binary_search(id).is_ok())
}

/// How rarely a step's words are expected: fewer alternatives and longer words
/// are rarer; prefixes and frequent words are poor anchors; gaps are none.
fn rarity(step: &Step) -> i32 {
    match step {
        Step::Gap(_) => i32::MIN,
        Step::Value(_) => -100,
        Step::Words(words) => {
            let worst = words.iter().map(|(word, is_prefix)| {
                let frequent = FREQUENT.contains(&word.as_str());
                let len = i32::try_from(word.len().min(12)).expect("at most 12");
                len - if *is_prefix { 3 } else { 0 } - if frequent { 20 } else { 0 }
            });
            worst.min().unwrap_or(0) - i32::try_from(words.len().min(16)).expect("at most 16")
        }
    }
}
