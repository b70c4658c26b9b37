//! What was seen in a post, before anything is concluded from it.

use std::collections::{BTreeMap, BTreeSet};

use crate::assessment::{Evidence, Suppressed};
use crate::entity::Entity;
use crate::matcher::{self, PatternId};
use crate::post::Post;
use crate::rule::{Owner, RuleSet};

use super::Scratch;
use super::guard::Guards;
use super::reading::{Reading, Searched};

/// A pattern at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sighting {
    pub(super) pattern: PatternId,
    pub(super) evidence: Evidence,
}

/// The sightings of one indicator.
#[derive(Debug, Default)]
pub(super) struct IndicatorSightings {
    /// Not cancelled by a word guard.
    pub(super) live: Vec<Sighting>,
    /// Cancelled, with the guard's index and where its words stand.
    pub(super) cancelled: Vec<(Sighting, usize, Evidence)>,
}

impl IndicatorSightings {
    /// How many different patterns are live.
    pub(super) fn n_patterns(&self) -> usize {
        self.live
            .iter()
            .map(|one| one.pattern)
            .collect::<BTreeSet<_>>()
            .len()
    }
}

/// Everything seen in one post. Holds only what was touched: the size is that
/// of the hits, not of the rule set.
#[derive(Debug, Default)]
pub(super) struct Sightings {
    /// By index of the indicator.
    pub(super) indicators: BTreeMap<usize, IndicatorSightings>,
    /// By index of the context.
    pub(super) contexts: BTreeMap<usize, Vec<Sighting>>,
    /// Typed values, in text order, title first.
    pub(super) entities: Vec<Entity>,
}

impl Sightings {
    pub(super) fn new(rules: &RuleSet, reading: Reading, scratch: &mut matcher::Scratch) -> Self {
        let mut seen = Self::default();
        let searched = reading.searched();
        let mut guards = Guards::new(rules, &searched);
        for at in 0..searched.len() {
            seen.collect(rules, &searched, at, (&mut guards, scratch));
        }
        seen.settle();
        drop(searched);
        seen.entities = reading.into_entities();
        seen
    }

    /// What is seen in one post that is looked at alone.
    pub(super) fn of(rules: &RuleSet, post: &Post) -> Self {
        let mut scratch = Scratch::new();
        let reading = Reading::new(rules, post, &mut scratch);
        Self::new(rules, reading, &mut scratch.guards)
    }

    fn collect<'p>(
        &mut self,
        rules: &'p RuleSet,
        searched: &'p [Searched<'p>],
        at: usize,
        (guards, scratch): (&mut Guards<'p>, &mut matcher::Scratch),
    ) {
        for found in searched[at].matches {
            let evidence = Evidence {
                field: searched[at].field,
                span: found.span,
                kind: found.kind,
            };
            let sighting = Sighting {
                pattern: found.pattern,
                evidence,
            };
            match rules.owner(found.pattern) {
                Owner::Context(index) => self.contexts.entry(index).or_default().push(sighting),
                Owner::Indicator(index)
                    if searched[at].is_respelled && !rules.indicators[index].reads_respelled() => {}
                Owner::Indicator(index) => {
                    let entry = self.indicators.entry(index).or_default();
                    match guards.cancelling(index, found, at, scratch) {
                        Some((guard, place)) => entry.cancelled.push((sighting, guard, place)),
                        None => entry.live.push(sighting),
                    }
                }
            }
        }
    }

    /// Joins what several views saw: one sighting a place, and a place that a
    /// guard cancelled in one view is cancelled.
    fn settle(&mut self) {
        for entry in self.indicators.values_mut() {
            entry.cancelled.sort_unstable();
            entry.cancelled.dedup_by_key(|one| one.0);
            let cancelled: BTreeSet<Sighting> = entry.cancelled.iter().map(|one| one.0).collect();
            entry.live.retain(|one| !cancelled.contains(one));
            entry.live.sort_unstable();
            entry.live.dedup();
        }
        for sightings in self.contexts.values_mut() {
            sightings.sort_unstable();
            sightings.dedup();
        }
    }

    /// Whether an indicator's patterns and word guards let it hold.
    pub(super) fn raw(&self, rules: &RuleSet, index: usize) -> bool {
        let at_least = rules.indicators[index].at_least;
        self.indicators
            .get(&index)
            .is_some_and(|seen| seen.n_patterns() >= at_least)
    }

    /// Indicators that word guards switched off, with the guard that did it.
    pub(super) fn suppressed(&self, rules: &RuleSet) -> Vec<Suppressed> {
        let mut suppressed = Vec::new();
        for (&index, seen) in &self.indicators {
            if self.raw(rules, index) {
                continue;
            }
            let rule = &rules.indicators[index];
            let mut by_guard: BTreeMap<usize, (Vec<Evidence>, Vec<Evidence>)> = BTreeMap::new();
            for (sighting, guard, place) in &seen.cancelled {
                let entry = by_guard.entry(*guard).or_default();
                entry.0.push(sighting.evidence);
                entry.1.push(*place);
            }
            for (guard, (mut evidence, mut guard_evidence)) in by_guard {
                evidence.sort_unstable();
                evidence.dedup();
                guard_evidence.sort_unstable();
                guard_evidence.dedup();
                suppressed.push(Suppressed {
                    rule: rule.words.id.clone(),
                    alias: rule.words.alias.clone(),
                    guard: rule.guards[guard].id.clone(),
                    reason: rule.guards[guard].reason.clone(),
                    evidence,
                    guard_evidence,
                });
            }
        }
        suppressed
    }
}
