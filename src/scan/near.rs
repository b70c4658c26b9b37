//! How near gates came to firing on a post, for whoever writes rules.
//!
//! Asked of the same sightings and conditions that `scan` uses.

use crate::assessment::Assessment;
use crate::post::Post;
use crate::rule::{Condition, Facts as _, GateRule, RuleSet};

use super::gate::{Judged, State};
use super::reading::Reading;
use super::sighting::Sightings;
use super::{Scratch, assess};

/// Alternatives named one by one; of more, only the number is told.
const N_NAMED: usize = 3;

/// A post's assessment and what it nearly was.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// As [`super::Scanner::scan`] gives it.
    pub assessment: Assessment,
    /// Gates that lacked exactly one thing, in rule order.
    pub near: Vec<NearMiss>,
}

/// A gate that lacked exactly one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NearMiss {
    /// Index of the gate.
    pub gate: usize,
    /// What would have let it fire: an id, several joined by `or`, or
    /// `not ctx:id` for what stood in its way.
    pub lacks: String,
}

/// Judges `post` and tells which gates lacked exactly one thing.
///
/// A gate counts as near only when an indicator it names held: one that asks
/// for a single thing is not near to every post.
pub fn survey(rules: &RuleSet, post: &Post, scratch: &mut Scratch) -> Survey {
    let reading = Reading::new(rules, post, scratch);
    let seen = Sightings::new(rules, reading, &mut scratch.guards);
    let judged = Judged::new(rules, &seen);
    let near = {
        let state = judged.state(rules, &seen);
        let gates = rules.gates.iter().enumerate();
        let near = gates.filter_map(|(gate, rule)| {
            let lacks = lacked(rule, &state)?;
            Some(NearMiss { gate, lacks })
        });
        near.collect()
    };
    Survey {
        assessment: assess(rules, seen, judged),
        near,
    }
}

/// The one thing a gate lacked; `None` when it lacked nothing or more.
fn lacked(rule: &GateRule, state: &State<'_>) -> Option<String> {
    let mut touched = false;
    rule.when.each_leaf(&mut |leaf| {
        touched |= matches!(leaf, Condition::Indicator(index) if state.indicator(*index));
    });
    if !touched {
        return None;
    }
    let stops = rule.unless.as_ref().filter(|unless| unless.holds(state));
    let asked = [Some(&rule.when), rule.needs.as_ref()];
    let asked = asked.into_iter().flatten();
    let mut unmet = asked.filter(|condition| !condition.holds(state));
    match (unmet.next(), unmet.next(), stops) {
        (Some(one), None, None) => (distance(one, state) == 1).then(|| missing(one, state)),
        (None, None, Some(unless)) => Some(format!("not {}", held(unless, state))),
        _ => None,
    }
}

/// How many leaves would have to change at least.
fn distance(condition: &Condition, state: &State<'_>) -> usize {
    if condition.holds(state) {
        return 0;
    }
    match condition {
        Condition::All(parts) => parts.iter().map(|part| distance(part, state)).sum(),
        Condition::AtLeast(n, parts) => {
            let mut each: Vec<_> = parts.iter().map(|part| distance(part, state)).collect();
            each.sort_unstable();
            each.iter().take(*n).sum()
        }
        _ => 1,
    }
}

/// What would make a condition hold that is one leaf away from it.
fn missing(condition: &Condition, state: &State<'_>) -> String {
    match condition {
        Condition::All(parts) | Condition::AtLeast(_, parts) => {
            let near = parts.iter().filter(|part| distance(part, state) == 1);
            either(near.map(|part| missing(part, state)).collect())
        }
        Condition::Not(part) => format!("not {}", held(part, state)),
        leaf => state.name(leaf),
    }
}

/// The leaves by which a condition holds.
fn held(condition: &Condition, state: &State<'_>) -> String {
    let mut leaves = Vec::new();
    condition.met_by(state, &mut leaves);
    if leaves.is_empty() {
        return "(…)".to_owned();
    }
    either(leaves.into_iter().map(|leaf| state.name(leaf)).collect())
}

fn either(mut names: Vec<String>) -> String {
    names.sort();
    names.dedup();
    let more = names.len().saturating_sub(N_NAMED);
    names.truncate(N_NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(" or ")
}
