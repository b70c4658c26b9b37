//! When an address is looked at again, from how it was seen to change.
//!
//! Listings are where new advertisements show: one that changed is looked at
//! sooner, one that did not later, within bounds. Advertisements get two
//! second looks and are then left; what failed is tried again in later rounds,
//! a few times.

use std::time::Duration;

use super::frontier::{Outcome, TaskKind, Visit};

/// How long an advertisement is left alone at first.
const FIRST: Duration = Duration::from_hours(24);
/// How long what failed is left alone: never tried twice in one round.
const AFTER_FAILURE: Duration = Duration::from_mins(1);
/// Visits of an advertisement, the first counted.
const MAX_VISITS: u32 = 3;

/// Shortest pause of a listing that does not change; below it, it has none.
pub const LEAST: Duration = Duration::from_mins(5);
/// Longest pause of a listing: a run every night reads all of them.
pub const MOST: Duration = Duration::from_hours(12);
/// What a change makes of the pause.
const SOONER: f64 = 0.8;
/// What no change makes of it. Much more, with much less above, and the pause
/// swings instead of settling.
const LATER: f64 = 1.4;

/// How long to leave an address alone after a visit with this outcome;
/// `before` is what the visit before left. `None` for good.
pub fn plan(kind: TaskKind, outcome: Outcome, before: Option<&Visit>) -> Option<Duration> {
    match kind {
        TaskKind::Listing { .. } => Some(listing(outcome, before)),
        TaskKind::Detail => detail(outcome, before),
    }
}

fn listing(outcome: Outcome, before: Option<&Visit>) -> Duration {
    let last = before.and_then(|visit| visit.again_after);
    let last = last.unwrap_or(Duration::ZERO);
    match outcome {
        Outcome::Unchanged => last.max(LEAST).mul_f64(LATER).min(MOST),
        // A first look says nothing about changes.
        Outcome::Read if before.is_none() => Duration::ZERO,
        Outcome::Read => {
            let sooner = last.mul_f64(SOONER);
            if sooner < LEAST {
                Duration::ZERO
            } else {
                sooner
            }
        }
        Outcome::Failed | Outcome::Gone | Outcome::Repeated => Duration::ZERO,
    }
}

fn detail(outcome: Outcome, before: Option<&Visit>) -> Option<Duration> {
    let visits = before.map_or(0, |visit| visit.visits) + 1;
    if visits >= MAX_VISITS {
        return None;
    }
    let last = before.and_then(|visit| visit.again_after);
    let last = last.unwrap_or(FIRST).max(FIRST);
    match outcome {
        Outcome::Gone | Outcome::Repeated => None,
        Outcome::Failed => Some(AFTER_FAILURE),
        Outcome::Read => Some(FIRST),
        Outcome::Unchanged => Some(last * 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: TaskKind = TaskKind::Listing { barren: 0 };
    const MINUTE: u64 = 60;
    const DAY: u64 = 24 * 60 * MINUTE;
    /// How often somebody starts a run.
    const RUN_EVERY: u64 = 10 * MINUTE;
    const DAYS: u64 = 30;

    /// When a listing changes: seconds from the beginning, in order.
    fn history(seed: u64, mean: u32) -> Vec<u64> {
        let mut state = seed;
        let mut dice = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            // Half a step, so that neither end is reached.
            (f64::from((state >> 33) as u32) + 0.5) / f64::from(1_u32 << 31)
        };
        let (mut at, mut changes) = (Duration::ZERO, Vec::new());
        loop {
            // Changes come by themselves: the pauses between them are
            // exponential.
            at += Duration::from_secs_f64(f64::from(mean) * -dice().ln());
            if at.as_secs() >= DAYS * DAY {
                return changes;
            }
            changes.push(at.as_secs());
        }
    }

    /// What a way of visiting costs and gives.
    #[derive(Default)]
    struct Cost {
        requests: u64,
        changes: u64,
        /// Seconds from each change until it was seen, summed up.
        late: u64,
        /// Seconds in which a copy was as the page is, summed up.
        fresh: u64,
    }

    /// Visits by `again`, asked after each visit whether the page had changed.
    fn visit(changes: &[u64], cost: &mut Cost, mut again: impl FnMut(bool) -> u64) {
        let (mut seen, mut due, mut stale_since) = (0, 0, None);
        for now in (0..DAYS * DAY).step_by(usize::try_from(RUN_EVERY).unwrap()) {
            let before = seen + changes[seen..].partition_point(|at| *at <= now);
            if stale_since.is_none() && before > seen {
                stale_since = Some(changes[seen]);
            }
            if now < due {
                continue;
            }
            cost.requests += 1;
            cost.late += changes[seen..before].iter().map(|at| now - at).sum::<u64>();
            cost.changes += (before - seen) as u64;
            if let Some(since) = stale_since.take() {
                cost.fresh -= (now - since).min(cost.fresh);
            }
            due = now + again(before > seen);
            seen = before;
        }
        cost.fresh += DAYS * DAY;
    }

    /// Sections of sites: some change every quarter of an hour, some weekly.
    fn sections() -> Vec<Vec<u64>> {
        let means: [u32; 10] = [15, 30, 60, 120, 360, 1440, 1440, 2880, 10_080, 10_080];
        let all = (0..5).flat_map(|n| means.iter().map(move |mean| (n, mean)));
        all.map(|(n, mean)| history(n * 1_000 + u64::from(*mean), mean * 60))
            .collect()
    }

    fn adaptive() -> Cost {
        let mut cost = Cost::default();
        for changes in sections() {
            let mut before: Option<Visit> = None;
            visit(&changes, &mut cost, |changed| {
                let outcome = match (changed, &before) {
                    (false, Some(_)) => Outcome::Unchanged,
                    _ => Outcome::Read,
                };
                let pause = plan(LISTING, outcome, before.as_ref()).unwrap();
                before = Some(Visit {
                    again_after: Some(pause),
                    ..Visit::default()
                });
                pause.as_secs()
            });
        }
        cost
    }

    fn fixed(pause: u64) -> Cost {
        let mut cost = Cost::default();
        for changes in sections() {
            visit(&changes, &mut cost, |_| pause);
        }
        cost
    }

    #[test]
    fn changes_are_seen_as_soon_as_with_a_fixed_pause_for_fewer_requests() {
        let ours = adaptive();
        // The fixed pause that sees changes as late as ours does: the longest
        // one that is not later.
        let pauses = (1..144).map(|n| n * RUN_EVERY);
        let rival = pauses
            .map(fixed)
            .take_while(|rival| rival.late * ours.changes <= ours.late * rival.changes)
            .last()
            .unwrap();
        let (late, requests) = (ours.late / ours.changes, ours.requests);
        let told = format!(
            "ours: {requests} requests, {late} s; fixed: {} requests, {} s",
            rival.requests,
            rival.late / rival.changes
        );
        assert!(requests * 10 < rival.requests * 8, "{told}");
        assert!(late < 3600, "{told}");
    }

    #[test]
    fn the_pause_of_a_listing_stays_within_its_bounds() {
        let mut before = None;
        let mut pauses = Vec::new();
        let looks = [Outcome::Read]
            .into_iter()
            .chain([Outcome::Unchanged; 40])
            .chain([Outcome::Read; 40]);
        for outcome in looks {
            let again_after = plan(LISTING, outcome, before.as_ref());
            pauses.push(again_after.unwrap());
            before = Some(Visit {
                again_after,
                ..Visit::default()
            });
        }
        assert_eq!(pauses[0], Duration::ZERO);
        assert_eq!(pauses[1], LEAST.mul_f64(LATER));
        assert_eq!(pauses[40], MOST);
        assert_eq!(pauses[80], Duration::ZERO);
    }

    #[test]
    fn an_advertisement_gets_two_second_looks_and_what_is_gone_none() {
        let mut before = None;
        let mut looks = 0;
        loop {
            looks += 1;
            let again_after = plan(TaskKind::Detail, Outcome::Unchanged, before.as_ref());
            before = Some(Visit {
                visits: looks,
                again_after,
                ..Visit::default()
            });
            if again_after.is_none() {
                break;
            }
        }
        assert_eq!(looks, 3);
        assert_eq!(plan(TaskKind::Detail, Outcome::Gone, None), None);
        let failed = plan(TaskKind::Detail, Outcome::Failed, None);
        assert_eq!(failed, Some(AFTER_FAILURE));
    }
}
