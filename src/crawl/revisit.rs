//! When an address is looked at again.
//!
//! Advertisements get two second looks and are then left; what failed is tried
//! again in later rounds, a few times. Start pages begin every round, so
//! listings need no plan of their own.

use std::time::Duration;

use super::frontier::{Outcome, TaskKind, Visit};

/// How long an advertisement is left alone at first.
const FIRST: Duration = Duration::from_hours(24);
/// How long what failed is left alone: never tried twice in one round.
const AFTER_FAILURE: Duration = Duration::from_mins(1);
/// Visits of an advertisement, the first counted.
const MAX_VISITS: u32 = 3;

/// How long to leave an address alone after a visit with this outcome;
/// `before` is what the visit before left. `None` for good.
pub fn plan(kind: TaskKind, outcome: Outcome, before: Option<&Visit>) -> Option<Duration> {
    let visits = before.map_or(0, |visit| visit.visits) + 1;
    if kind != TaskKind::Detail || visits >= MAX_VISITS {
        return None;
    }
    match outcome {
        Outcome::Gone | Outcome::Repeated => None,
        Outcome::Failed => Some(AFTER_FAILURE),
        Outcome::Read | Outcome::Unchanged => {
            let last = before.and_then(|visit| visit.again_after);
            Some(last.map_or(FIRST, |last| last.max(FIRST) * 2))
        }
    }
}
