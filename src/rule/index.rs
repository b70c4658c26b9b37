//! Which rules to ask about when something was seen: the way from a leaf to
//! the conditions that name it, so that judging a post costs what it touched
//! and not what was written.

use std::collections::BTreeMap;

use super::condition::Condition;
use super::set::{ContextRule, GateRule, IndicatorRule};

/// Ways into a rule set.
#[derive(Debug, Default)]
pub struct Index {
    /// Indicators by id and by alias.
    names: BTreeMap<String, usize>,
    /// Contexts that follow from others or from indicators, as positions in
    /// the order in which contexts are decided.
    pub contexts: Dependents,
    /// Gates.
    pub gates: Dependents,
}

/// Conditions by what they name.
#[derive(Debug, Default)]
pub struct Dependents {
    /// Those that can hold although no indicator and no context does.
    pub always: Vec<usize>,
    by_indicator: BTreeMap<usize, Vec<usize>>,
    by_context: BTreeMap<usize, Vec<usize>>,
}

impl Dependents {
    /// Conditions that name an indicator.
    pub fn of_indicator(&self, index: usize) -> &[usize] {
        self.by_indicator.get(&index).map_or(&[], Vec::as_slice)
    }

    /// Conditions that name a context.
    pub fn of_context(&self, index: usize) -> &[usize] {
        self.by_context.get(&index).map_or(&[], Vec::as_slice)
    }

    /// Files `dependent`, whose condition is `when`; without one it depends on
    /// nothing.
    fn add(&mut self, dependent: usize, when: Option<&Condition>) {
        let Some(when) = when.filter(|when| !holds_untouched(when)) else {
            self.always.push(dependent);
            return;
        };
        when.each_leaf(&mut |leaf| {
            let filed = match leaf {
                Condition::Indicator(index) => self.by_indicator.entry(*index).or_default(),
                Condition::Context(index) => self.by_context.entry(*index).or_default(),
                _ => return,
            };
            if filed.last() != Some(&dependent) {
                filed.push(dependent);
            }
        });
    }
}

/// Whether a condition might hold although no indicator and no context does.
fn holds_untouched(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(holds_untouched),
        Condition::AtLeast(n, parts) => {
            parts.iter().filter(|part| holds_untouched(part)).count() >= *n
        }
        Condition::Indicator(_) | Condition::Context(_) => false,
        Condition::Not(_) | Condition::Value(_) => true,
    }
}

impl Index {
    pub(super) fn new(
        indicators: &[IndicatorRule],
        contexts: &[ContextRule],
        context_order: &[usize],
        gates: &[GateRule],
    ) -> Self {
        let mut index = Self::default();
        // An id counts before an alias, and the first before later ones.
        for (at, rule) in indicators.iter().enumerate() {
            index.names.entry(rule.words.id.clone()).or_insert(at);
        }
        for (at, rule) in indicators.iter().enumerate() {
            index.names.entry(rule.words.alias.clone()).or_insert(at);
        }
        for (position, &at) in context_order.iter().enumerate() {
            let rule = &contexts[at];
            // One with patterns of its own is asked about when they occur.
            if rule.at_least == 0 {
                index.contexts.add(position, rule.when.as_ref());
            }
        }
        for (at, rule) in gates.iter().enumerate() {
            index.gates.add(at, Some(&rule.when));
        }
        index
    }

    /// The indicator with this id or alias.
    pub fn indicator(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }
}
