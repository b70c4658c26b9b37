//! Word guards: what beside a match cancels it.

use crate::assessment::Evidence;
use crate::matcher::Match;
use crate::post::FieldName;
use crate::rule::{GuardTest, Owner, RuleSet, Side};
use crate::text::{Gap, NormalText};

/// One searched view of one field.
pub(super) struct Searched<'v> {
    pub(super) field: FieldName,
    pub(super) view: &'v NormalText,
    pub(super) matches: Vec<Match>,
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
        for test in &rule.tests {
            let GuardTest::Beside { within } = *test else {
                continue;
            };
            let owner = |side| Owner::Guard {
                indicator,
                guard,
                side,
            };
            // Anywhere in the post, whichever field and view.
            let places: &[Searched<'_>] = if within == 0 {
                all
            } else {
                std::slice::from_ref(searched)
            };
            for place in places {
                for word in &place.matches {
                    let Owner::Guard {
                        indicator: i,
                        guard: g,
                        side,
                    } = rules.owner(word.pattern)
                    else {
                        continue;
                    };
                    let ours = owner(side)
                        == Owner::Guard {
                            indicator: i,
                            guard: g,
                            side,
                        };
                    if ours && (within == 0 || stands(searched.view, found, word, (side, within))) {
                        let kind = word.kind;
                        return Some((
                            guard,
                            Evidence {
                                field: place.field,
                                span: word.span,
                                kind,
                            },
                        ));
                    }
                }
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
