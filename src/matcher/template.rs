//! A phrase as a template over the word array.

use super::value::ValueTest;
use super::{Text, WordId, Words};
use crate::assessment::EvidenceKind;

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

/// Words too frequent in any text to index a phrase under.
const FREQUENT: [&str; 40] = [
    "di", "ke", "yang", "dan", "atau", "untuk", "dari", "dengan", "ada", "bisa", "kami", "saya",
    "ini", "itu", "tidak", "akan", "juga", "sudah", "hanya", "lebih", "the", "a", "an", "of", "to",
    "in", "on", "at", "for", "is", "are", "and", "or", "we", "you", "your", "with", "no", "be",
    "not",
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
    ) -> Option<(usize, usize)> {
        let ends = self.steps[step].ends_from(text, word);
        let mut last = None;
        for end in ends {
            last = last.or_else(|| self.walk_right(text, step + 1, end));
        }
        let last = last?;
        let first = self.walk_left(text, step, word)?;
        Some((first, last))
    }

    fn walk_right(&self, text: &Text<'_>, from: usize, at: usize) -> Option<usize> {
        let mut ends = vec![at];
        let mut gap = 0;
        for step in &self.steps[from..] {
            if let CompiledStep::Gap(most) = step {
                gap = usize::from(*most);
                continue;
            }
            let mut next = Vec::new();
            for &end in &ends {
                for word in end + 1..(end + 2 + gap).min(text.n_words()) {
                    if !text.continues(word) {
                        break;
                    }
                    next.extend(step.ends_from(text, word));
                }
            }
            next.sort_unstable();
            next.dedup();
            if next.is_empty() {
                return None;
            }
            ends = next;
            gap = 0;
        }
        ends.first().copied()
    }

    fn walk_left(&self, text: &Text<'_>, to: usize, at: usize) -> Option<usize> {
        let mut starts = vec![at];
        let mut gap = 0;
        for step in self.steps[..to].iter().rev() {
            if let CompiledStep::Gap(most) = step {
                gap = usize::from(*most);
                continue;
            }
            let mut next = Vec::new();
            for &start in &starts {
                let mut word = start;
                while word > 0 && start - word <= gap && text.continues(word) {
                    word -= 1;
                    next.extend(step.starts_to(text, word));
                }
            }
            next.sort_unstable();
            next.dedup();
            if next.is_empty() {
                return None;
            }
            starts = next;
            gap = 0;
        }
        starts.last().copied()
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

    /// The words this step can end at when it begins at `word`.
    fn ends_from(&self, text: &Text<'_>, word: usize) -> Vec<usize> {
        match self {
            Self::Gap(_) => Vec::new(),
            Self::Words(ids) if is_one_of(text, word, ids) => vec![word],
            Self::Words(_) => Vec::new(),
            Self::Value(test) => {
                let first = text.values.partition_point(|value| value.0 < word);
                let here = text.values[first..]
                    .iter()
                    .take_while(|value| value.0 == word);
                here.filter(|value| test.holds(&text.entities[value.2].value))
                    .map(|value| value.1)
                    .collect()
            }
        }
    }

    /// The words this step can begin at when it ends at `word`.
    fn starts_to(&self, text: &Text<'_>, word: usize) -> Vec<usize> {
        match self {
            Self::Value(test) => text
                .values
                .iter()
                .filter(|value| value.1 == word && test.holds(&text.entities[value.2].value))
                .map(|value| value.0)
                .collect(),
            _ => self.ends_from(text, word),
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
