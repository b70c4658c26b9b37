//! Word guards: what beside a match cancels it.

use std::ops::Range;

use crate::assessment::Evidence;
use crate::matcher::{self, Match};
use crate::rule::{GuardTest, GuardWords, RuleSet, Side};
use crate::text::{Gap, NormalText};

use super::reading::Searched;

impl Searched<'_> {
    /// Whether it is the field of `other` with spellings read otherwise.
    fn rereads(&self, other: &Self) -> bool {
        self.is_respelled && self.field == other.field
    }
}

/// The guard words of one indicator, as they are found in a post: looked for
/// when the indicator was seen, once a view.
pub(super) struct Guards<'p> {
    rules: &'p RuleSet,
    all: &'p [Searched<'p>],
    indicator: usize,
    /// By view; sorted by pattern.
    found: Vec<Option<Vec<Match>>>,
}

impl<'p> Guards<'p> {
    pub(super) fn new(rules: &'p RuleSet, all: &'p [Searched<'p>]) -> Self {
        Self {
            rules,
            all,
            indicator: usize::MAX,
            found: Vec::new(),
        }
    }

    /// The first guard of the indicator that cancels `found` in view `at`, and
    /// where its words stand.
    pub(super) fn cancelling(
        &mut self,
        indicator: usize,
        found: &Match,
        at: usize,
        scratch: &mut matcher::Scratch,
    ) -> Option<(usize, Evidence)> {
        let (rule, all) = (&self.rules.indicators[indicator], self.all);
        let words = rule.guard_words.as_ref()?;
        if self.indicator != indicator {
            self.indicator = indicator;
            self.found = vec![None; all.len()];
        }
        for (guard, test) in rule.guards.iter().enumerate() {
            let within = test.tests.iter().find_map(|test| match test {
                GuardTest::Beside { within } => Some(*within),
                GuardTest::Unless(_) => None,
            });
            let Some(within) = within else { continue };
            // Anywhere in the post, or beside the match in this view and in the
            // one that reads spellings otherwise.
            let places = (0..all.len()).filter(|&place| {
                let is_near = within == 0 || place == at || all[place].rereads(&all[at]);
                is_near && (!all[place].is_respelled || rule.reads_respelled())
            });
            for place in places {
                let sides = &words.sides;
                let view = all[place].view;
                let found_words = self.words(words, place, scratch);
                // The same place in the other view.
                let here = if place == at || within == 0 {
                    found.words.clone()
                } else {
                    view.words_at(found.span)
                };
                let word = patterns(found_words, &test.patterns).find(|word| {
                    let side = sides[word.pattern.0 as usize];
                    within == 0 || stands(view, &here, &word.words, (side, within))
                });
                if let Some(word) = word {
                    let evidence = Evidence {
                        field: all[place].field,
                        span: word.span,
                        kind: word.kind,
                    };
                    return Some((guard, evidence));
                }
            }
        }
        None
    }

    /// The guard words in view `at`.
    fn words(&mut self, words: &GuardWords, at: usize, scratch: &mut matcher::Scratch) -> &[Match] {
        let Searched { view, entities, .. } = self.all[at];
        self.found[at].get_or_insert_with(|| words.matcher.search(view, entities, scratch))
    }
}

/// The matches of patterns that follow each other.
fn patterns<'m>(
    matches: &'m [Match],
    patterns: &Range<u32>,
) -> impl Iterator<Item = &'m Match> + use<'m> {
    let from = |limit: u32| matches.partition_point(|found| found.pattern.0 < limit);
    matches[from(patterns.start)..from(patterns.end)].iter()
}

/// Whether the guard's words stand where they must.
fn stands(
    view: &NormalText,
    found: &Range<usize>,
    word: &Range<usize>,
    (side, within): (Side, usize),
) -> bool {
    if found.is_empty() {
        return false;
    }
    let inside = found.start <= word.start && word.end <= found.end;
    let before = word.end <= found.start && found.start - word.end < within;
    let after = found.end <= word.start && word.start - found.end < within;
    match side {
        // "paspor tidak ditahan": the negation stands inside the gap.
        Side::Before => inside || (before && joined(view, word.end, found.start)),
        Side::After => after && joined(view, found.end, word.start),
        Side::Either => inside || before || after,
    }
}

/// Whether no comma or sentence end stands before the words `from..=to`.
fn joined(view: &NormalText, from: usize, to: usize) -> bool {
    view.tokens()[from..=to]
        .iter()
        .all(|token| token.gap == Gap::Close)
}
