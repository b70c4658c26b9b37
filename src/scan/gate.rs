//! Contexts, context guards, gates and routes.

use std::collections::BTreeSet;

use crate::assessment::{Against, ContextHit, Evidence, GateHit, Level, Route, Suppressed};
use crate::indicator::{Bilingual, Status};
use crate::matcher::ValueTest;
use crate::rule::{Condition, Facts, GateRule, GuardTest, RuleSet};

use super::sighting::Sightings;

/// What follows from the sightings of one post.
#[derive(Debug)]
pub(super) struct Judged {
    /// Indicators that hold after every guard.
    indicators: BTreeSet<usize>,
    /// Contexts that hold, by index.
    held: BTreeSet<usize>,
    pub(super) route: Route,
    /// Of the route, highest level first.
    pub(super) gates: Vec<GateHit>,
    pub(super) suppressed: Vec<Suppressed>,
    pub(super) contexts: Vec<ContextHit>,
    pub(super) against: Vec<Against>,
}

/// The state conditions are asked about while a post is judged.
pub(super) struct State<'s> {
    pub(super) rules: &'s RuleSet,
    pub(super) seen: &'s Sightings,
    /// Indicators as they stand at this step.
    pub(super) indicators: &'s BTreeSet<usize>,
    pub(super) contexts: &'s BTreeSet<usize>,
}

impl Facts for State<'_> {
    fn indicator(&self, index: usize) -> bool {
        // A shadow rule is evaluated but may decide nothing.
        self.indicators.contains(&index)
            && self.rules.indicators[index].words.status == Status::Active
    }

    fn context(&self, index: usize) -> bool {
        self.contexts.contains(&index)
    }

    fn value(&self, test: &ValueTest) -> bool {
        self.seen
            .entities
            .iter()
            .any(|entity| test.holds(&entity.value))
    }
}

impl State<'_> {
    /// Where the sightings behind a condition's leaves stand.
    fn evidence(&self, leaves: &[&Condition]) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        for leaf in leaves {
            match leaf {
                Condition::Context(index) => evidence.extend(self.context_evidence(*index)),
                Condition::Indicator(index) => {
                    let live = self.seen.indicators.get(index).map(|seen| &seen.live);
                    evidence.extend(live.into_iter().flatten().map(|one| one.evidence));
                }
                _ => {}
            }
        }
        evidence.sort_unstable();
        evidence.dedup();
        evidence
    }

    fn context_evidence(&self, index: usize) -> Vec<Evidence> {
        let sightings = self.seen.contexts.get(&index);
        let mut evidence: Vec<_> = sightings
            .into_iter()
            .flatten()
            .map(|one| one.evidence)
            .collect();
        evidence.sort_unstable();
        evidence.dedup();
        evidence
    }

    fn leaves<'c>(&self, condition: &'c Condition) -> Vec<&'c Condition> {
        let mut leaves = Vec::new();
        condition.met_by(self, &mut leaves);
        leaves
    }

    /// How a leaf is named in a record.
    pub(super) fn name(&self, leaf: &Condition) -> String {
        match leaf {
            Condition::Indicator(index) => self.rules.indicators[*index].words.id.clone(),
            Condition::Context(index) => format!("ctx:{}", self.rules.contexts[*index].words.id),
            Condition::Value(test) => test.to_string(),
            Condition::All(_) | Condition::AtLeast(..) | Condition::Not(_) => String::new(),
        }
    }

    fn names(&self, leaves: &[&Condition]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for leaf in leaves {
            let name = self.name(leaf);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

impl Judged {
    pub(super) fn new(rules: &RuleSet, seen: &Sightings) -> Self {
        let raw: BTreeSet<usize> = seen
            .indicators
            .keys()
            .copied()
            .filter(|&index| seen.raw(rules, index))
            .collect();
        let held = decided_contexts(rules, seen.contexts.keys(), &raw, |index, held| {
            holds(rules, seen, &raw, held, index)
        });
        let mut judged = Self {
            indicators: raw.clone(),
            held,
            route: Route::ContextOnly,
            gates: Vec::new(),
            suppressed: Vec::new(),
            contexts: Vec::new(),
            against: Vec::new(),
        };
        judged.guard(rules, seen, &raw);
        judged.tell_contexts(rules, seen);
        judged.fire(rules, seen);
        judged
    }

    /// Whether an indicator holds after every guard.
    pub(super) fn holds(&self, indicator: usize) -> bool {
        self.indicators.contains(&indicator)
    }

    pub(super) fn state<'s>(&'s self, rules: &'s RuleSet, seen: &'s Sightings) -> State<'s> {
        State {
            rules,
            seen,
            indicators: &self.indicators,
            contexts: &self.held,
        }
    }

    /// Lets context guards cancel whole indicators.
    fn guard(&mut self, rules: &RuleSet, seen: &Sightings, raw: &BTreeSet<usize>) {
        for &index in raw {
            let state = State {
                rules,
                seen,
                indicators: raw,
                contexts: &self.held,
            };
            let rule = &rules.indicators[index];
            let stopped = rule.guards.iter().find_map(|guard| {
                guard.tests.iter().find_map(|test| match test {
                    GuardTest::Unless(condition) if condition.holds(&state) => {
                        Some((guard, state.leaves(condition)))
                    }
                    _ => None,
                })
            });
            let Some((guard, leaves)) = stopped else {
                continue;
            };
            let live = &seen.indicators[&index].live;
            let suppressed = Suppressed {
                rule: rule.words.id.clone(),
                alias: rule.words.alias.clone(),
                guard: guard.id.clone(),
                reason: guard.reason.clone(),
                evidence: live.iter().map(|one| one.evidence).collect(),
                guard_evidence: state.evidence(&leaves),
            };
            self.indicators.remove(&index);
            if rule.words.status == Status::Active {
                self.suppressed.push(suppressed);
            }
        }
    }

    fn tell_contexts(&mut self, rules: &RuleSet, seen: &Sightings) {
        let mut contexts = Vec::new();
        let mut against = Vec::new();
        let state = self.state(rules, seen);
        for &index in &self.held {
            let rule = &rules.contexts[index];
            let evidence = state.context_evidence(index);
            if let (Some(kind), Some(text)) = (rule.kind, &rule.words.against) {
                against.push(Against {
                    kind,
                    text: text.clone(),
                    evidence: evidence.clone(),
                });
            }
            contexts.push(ContextHit {
                context: rule.words.clone(),
                evidence,
            });
        }
        self.contexts = contexts;
        self.against = against;
    }

    fn fire(&mut self, rules: &RuleSet, seen: &Sightings) {
        let state = self.state(rules, seen);
        let mut fired = Vec::new();
        let mut stopped = Vec::new();
        for gate in touched_gates(rules, &self.indicators, &self.held) {
            let rule = &rules.gates[gate];
            let open = rule.when.holds(&state)
                && rule.needs.as_ref().is_none_or(|needs| needs.holds(&state));
            if !open {
                continue;
            }
            match rule.unless.as_ref().filter(|unless| unless.holds(&state)) {
                Some(unless) => stopped.push(stopped_gate(rule, unless, &state)),
                None => fired.push((rule, fired_gate(rule, &state))),
            }
        }
        let route = fired.iter().map(|(rule, _)| rule.words.route).max();
        self.route = route.unwrap_or(Route::ContextOnly);
        let (kept, rerouted): (Vec<_>, Vec<_>) = fired
            .into_iter()
            .partition(|(rule, _)| rule.words.route == self.route);
        self.suppressed.extend(stopped);
        self.suppressed.extend(
            rerouted
                .into_iter()
                .map(|(rule, _)| rerouted_gate(rule, self.route)),
        );
        self.gates = kept.into_iter().map(|(_, hit)| hit).collect();
        self.gates.sort_by(|one, other| {
            other
                .level
                .cmp(&one.level)
                .then_with(|| one.gate.alias.cmp(&other.gate.alias))
        });
    }
}

/// Gates whose condition names something that holds, and those that need
/// nothing to hold, in rule order.
pub(super) fn touched_gates<'i>(
    rules: &RuleSet,
    indicators: impl IntoIterator<Item = &'i usize>,
    contexts: impl IntoIterator<Item = &'i usize>,
) -> BTreeSet<usize> {
    let gates = &rules.index.gates;
    let indicators = indicators.into_iter();
    let by_indicator = indicators.flat_map(|&one| gates.of_indicator(one));
    let contexts = contexts.into_iter();
    let by_context = contexts.flat_map(|&one| gates.of_context(one));
    let touched = by_indicator.chain(by_context);
    touched.chain(&gates.always).copied().collect()
}

/// Contexts for which `holds(index, those that hold so far)`, asked in an order
/// in which each comes after those it depends on. Only those are asked about
/// that something leads to: cues of their own, or the indicators seen.
pub(super) fn decided_contexts<'i>(
    rules: &RuleSet,
    cued: impl IntoIterator<Item = &'i usize>,
    seen: impl IntoIterator<Item = &'i usize>,
    holds: impl Fn(usize, &BTreeSet<usize>) -> bool,
) -> BTreeSet<usize> {
    let dependents = &rules.index.contexts;
    let cued = cued.into_iter().map(|&one| rules.context_place[one]);
    let mut to_ask: BTreeSet<usize> = cued.chain(dependents.always.iter().copied()).collect();
    let seen = seen.into_iter();
    to_ask.extend(seen.flat_map(|&one| dependents.of_indicator(one)));
    let mut held = BTreeSet::new();
    while let Some(place) = to_ask.pop_first() {
        let index = rules.context_order[place];
        if holds(index, &held) {
            held.insert(index);
            to_ask.extend(dependents.of_context(index));
        }
    }
    held
}

/// Whether a context has enough cues, and what it needs besides.
fn holds(
    rules: &RuleSet,
    seen: &Sightings,
    raw: &BTreeSet<usize>,
    held: &BTreeSet<usize>,
    index: usize,
) -> bool {
    let rule = &rules.contexts[index];
    let sightings = seen.contexts.get(&index).into_iter().flatten();
    let patterns: BTreeSet<_> = sightings.map(|one| one.pattern).collect();
    let state = State {
        rules,
        seen,
        indicators: raw,
        contexts: held,
    };
    patterns.len() >= rule.at_least && rule.when.as_ref().is_none_or(|when| when.holds(&state))
}

fn fired_gate(rule: &GateRule, state: &State<'_>) -> GateHit {
    let mut leaves = state.leaves(&rule.when);
    if let Some(needs) = &rule.needs {
        leaves.extend(state.leaves(needs));
    }
    let mut level = rule.level;
    if let Some((to, when)) = &rule.raise
        && when.holds(state)
    {
        level = level.max(*to);
        leaves.extend(state.leaves(when));
    }
    GateHit {
        gate: rule.words.clone(),
        level,
        met_by: state.names(&leaves),
    }
}

fn stopped_gate(rule: &GateRule, unless: &Condition, state: &State<'_>) -> Suppressed {
    let leaves = state.leaves(unless);
    Suppressed {
        rule: rule.words.id.clone(),
        alias: rule.words.alias.clone(),
        guard: state.names(&leaves).join(" "),
        reason: Bilingual::new(
            format!(
                "Tidak dinaikkan menjadi {}: konteks lain menjelaskannya.",
                level_id(rule.level)
            ),
            format!(
                "Not raised to {}: another context explains it.",
                rule.level.as_str()
            ),
        ),
        evidence: state.evidence(&state.leaves(&rule.when)),
        guard_evidence: state.evidence(&leaves),
    }
}

fn rerouted_gate(rule: &GateRule, route: Route) -> Suppressed {
    Suppressed {
        rule: rule.words.id.clone(),
        alias: rule.words.alias.clone(),
        guard: format!("route:{}", route.as_str()),
        reason: Bilingual::new(
            "Permintaan tolong dan kabar orang hilang tidak dijadikan peringatan.",
            "Pleas for help and missing-person notices are never alerts.",
        ),
        evidence: Vec::new(),
        guard_evidence: Vec::new(),
    }
}

fn level_id(level: Level) -> &'static str {
    match level {
        Level::None => "tidak ada",
        Level::Low => "rendah",
        Level::Medium => "sedang",
        Level::High => "tinggi",
        Level::Critical => "kritis",
    }
}
