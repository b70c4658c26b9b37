//! Word guards: what beside a match cancels it.

use std::ops::Range;

use crate::assessment::Evidence;
use crate::matcher::Match;
use crate::post::FieldName;
use crate::rule::{GuardTest, Owner, RuleSet, Side};
use crate::text::{Gap, NormalText};

/// One searched view of one field.
pub(super) struct Searched<'v> {
    pub(super) field: FieldName,
    pub(super) view: &'v NormalText,
    /// Sorted by pattern.
    pub(super) matches: Vec<Match>,
}

impl Searched<'_> {
    /// The matches of patterns that follow each other.
    fn matches_of(&self, patterns: &Range<u32>) -> impl Iterator<Item = &Match> {
        let from = |limit: u32| {
            self.matches
                .partition_point(|found| found.pattern.0 < limit)
        };
        self.matches[from(patterns.start)..from(patterns.end)].iter()
    }
}

/// The first guard of the indicator that cancels `found`, and where its words
/// stand.
pub(super) fn cancelling(
    rules: &RuleSet,
    indicator: usize,
    found: &Match,
    searched: &Searched<'_>,
    all: &[Searched<'_>],
) -> Option<(usize, Evidence)> {
    for (guard, rule) in rules.indicators[indicator].guards.iter().enumerate() {
        let within = rule.tests.iter().find_map(|test| match test {
            GuardTest::Beside { within } => Some(*within),
            GuardTest::Unless(_) => None,
        });
        let Some(within) = within else { continue };
        // Anywhere in the post, whichever field and view.
        let places: &[Searched<'_>] = if within == 0 {
            all
        } else {
            std::slice::from_ref(searched)
        };
        for place in places {
            let word = place.matches_of(&rule.patterns).find(|word| {
                let Owner::Guard { side, .. } = rules.owner(word.pattern) else {
                    return false;
                };
                within == 0 || stands(searched.view, found, word, (side, within))
            });
            if let Some(word) = word {
                let evidence = Evidence {
                    field: place.field,
                    span: word.span,
                    kind: word.kind,
                };
                return Some((guard, evidence));
            }
        }
    }
    None
}

/// Whether the guard's words stand where they must.
fn stands(view: &NormalText, found: &Match, word: &Match, (side, within): (Side, usize)) -> bool {
    let (found, word) = (&found.words, &word.words);
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
