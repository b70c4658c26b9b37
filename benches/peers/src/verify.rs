//! Whether engines agree, before any of them is timed: span by span between
//! peers, and against ours with a reason for everything that differs.

use std::collections::{BTreeMap, HashSet};

use crate::engine::{Engine, Found, Kind};
use crate::explain::Explain;
use crate::ours;

/// Engines of one set of patterns.
pub(crate) type Built = Vec<(Kind, Box<dyn Engine>)>;

/// How the engines agreed.
#[derive(Debug, Default)]
pub(crate) struct Agreement {
    /// Hits of the peers.
    pub(crate) hits: u64,
    /// Those that ours has at the same place.
    pub(crate) shared: u64,
    /// Differences, by reason.
    pub(crate) reasons: BTreeMap<&'static str, u64>,
    /// Differences without a reason, shown.
    faults: Vec<String>,
}

impl Agreement {
    /// One line for the table, or the disagreements.
    pub(crate) fn told(&self) -> Result<String, String> {
        if !self.faults.is_empty() {
            let shown = &self.faults[..self.faults.len().min(8)];
            return Err(format!(
                "{} disagreements:\n{}",
                self.faults.len(),
                shown.join("\n")
            ));
        }
        let reasons = self
            .reasons
            .iter()
            .map(|(reason, count)| format!("{count} {reason}"));
        let reasons: Vec<String> = reasons.collect();
        Ok(format!(
            "peers agree on {} hits, ours has {} of them; differences: {}",
            self.hits,
            self.shared,
            if reasons.is_empty() {
                "none".to_owned()
            } else {
                reasons.join(", ")
            },
        ))
    }

    fn explain(
        &mut self,
        reason: Option<&'static str>,
        what: &str,
        text: &str,
        pattern: &str,
        hit: Found,
    ) {
        if let Some(reason) = reason {
            *self.reasons.entry(reason).or_default() += 1;
            return;
        }
        let around = text.as_bytes();
        let end = (hit.end as usize + 30).min(around.len());
        let around = &around[(hit.start as usize).saturating_sub(30)..end];
        let around = String::from_utf8_lossy(around);
        self.faults.push(format!(
            "{what}: `{pattern}` at {}..{} in {around:?}",
            hit.start, hit.end
        ));
    }
}

/// Compares every engine on every text. `texts` are given once, so lazily
/// built caches change nothing here.
pub(crate) fn compare(
    engines: &Built,
    patterns: &[String],
    texts: &[String],
    explain: Explain,
) -> Agreement {
    let mut agreement = Agreement::default();
    let mut workers: Vec<_> = engines
        .iter()
        .map(|(kind, engine)| (kind, engine.worker()))
        .collect();
    for text in texts {
        let mut all = workers.iter_mut().map(|(kind, worker)| {
            let mut hits = Vec::new();
            worker.scan(text, &mut hits);
            hits.sort_unstable();
            hits.dedup();
            (*kind, hits)
        });
        let (mine, peers): (Vec<_>, Vec<_>) =
            all.by_ref().partition(|(kind, _)| kind.name == ours::NAME);
        let first = &peers
            .iter()
            .find(|(kind, _)| kind.exact)
            .expect("a peer takes part")
            .1;
        agreement.hits += first.len() as u64;
        for (kind, hits) in &peers {
            if kind.exact {
                for (hit, _) in differing(first, hits) {
                    let pattern = &patterns[hit.pattern as usize];
                    agreement.explain((explain.peers)(text, hit), kind.name, text, pattern, hit);
                }
            } else if which(first) != which(hits) {
                agreement
                    .faults
                    .push(format!("{}: other patterns match in {text:?}", kind.name));
            }
        }
        for (_, hits) in &mine {
            let differing = differing(first, hits);
            let n_missed = differing.iter().filter(|(_, missed)| *missed).count();
            agreement.shared += (first.len() - n_missed) as u64;
            for (hit, missed) in differing {
                let pattern = &patterns[hit.pattern as usize];
                let reason = if missed {
                    capped(hit, hits).or_else(|| (explain.missed)(text, hit))
                } else {
                    (explain.extra)(text, pattern, hit)
                };
                let what = if missed { "ours misses" } else { "ours adds" };
                agreement.explain(reason, what, text, pattern, hit);
            }
        }
    }
    agreement
}

/// Hits of one list only, and whether it is the first one.
fn differing(first: &[Found], other: &[Found]) -> Vec<(Found, bool)> {
    if first == other {
        return Vec::new();
    }
    let (one, two): (HashSet<_>, HashSet<_>) = (first.iter().collect(), other.iter().collect());
    let missed = first
        .iter()
        .filter(|hit| !two.contains(hit))
        .map(|hit| (*hit, true));
    let added = other
        .iter()
        .filter(|hit| !one.contains(hit))
        .map(|hit| (*hit, false));
    missed.chain(added).collect()
}

fn which(hits: &[Found]) -> Vec<u32> {
    let mut patterns: Vec<u32> = hits.iter().map(|hit| hit.pattern).collect();
    patterns.sort_unstable();
    patterns.dedup();
    patterns
}

fn capped(hit: Found, ours: &[Found]) -> Option<&'static str> {
    let same = ours.iter().filter(|one| one.pattern == hit.pattern);
    (same.count() >= ours::CAP).then_some("past our cap for one pattern")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Worker;

    struct Fixed(Vec<Found>);

    impl Engine for Fixed {
        fn worker(&self) -> Box<dyn Worker + '_> {
            Box::new(Fixed(self.0.clone()))
        }
    }

    impl Worker for Fixed {
        fn scan(&mut self, _text: &str, found: &mut Vec<Found>) {
            found.extend(&self.0);
        }
    }

    fn told(text: &str, ours: &[(u32, u32)], peer: &[(u32, u32)]) -> Result<String, String> {
        let fixed = |places: &[(u32, u32)]| -> Box<dyn Engine> {
            let found = places.iter().map(|&(start, end)| Found {
                pattern: 0,
                start,
                end,
            });
            Box::new(Fixed(found.collect()))
        };
        let kind = |name| Kind::new(name, |_| Err(String::new()));
        let engines = vec![(kind(ours::NAME), fixed(ours)), (kind("peer"), fixed(peer))];
        compare(
            &engines,
            &["meja kayu".to_owned()],
            &[text.to_owned()],
            crate::explain::PHRASES,
        )
        .told()
    }

    #[test]
    fn a_missed_or_unexplained_hit_is_an_error() {
        let text = "meja kayu baru";
        assert!(told(text, &[(0, 9)], &[(0, 9)]).is_ok());
        assert!(told(text, &[], &[(0, 9)]).is_err());
        assert!(told(text, &[(0, 9), (5, 9)], &[(0, 9)]).is_err());
        assert!(told(text, &[(0, 9)], &[]).is_err());
    }

    #[test]
    fn what_folding_finds_has_a_reason() {
        for (text, reason) in [
            ("meja, kayu", "space"),
            ("meja kayú", "folded"),
            ("m3ja kayu", "disguise"),
            ("meja kayu\u{2013}", "beside"),
        ] {
            let end = text.trim_end_matches('\u{2013}').len() as u32;
            let told = told(text, &[(0, end)], &[]).unwrap();
            assert!(told.contains(reason), "{text}: {told}");
        }
    }
}
