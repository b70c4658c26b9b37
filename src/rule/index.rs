//! Which rules to ask about when something was seen: the way from a leaf to
//! the conditions that name it, so that judging a post costs what it touched
//! and not what was written.

use std::collections::BTreeMap;

use super::condition::Condition;

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
    /// `names` are the id and alias of each indicator, in order; `contexts`
    /// the conditions of contexts without patterns of their own (others are
    /// asked about when those occur), by place in the order in which contexts
    /// are decided; `gates` the condition of each gate, in order.
    pub(super) fn new<'r>(
        names: impl Iterator<Item = (&'r str, &'r str)> + Clone,
        contexts: impl Iterator<Item = (usize, Option<&'r Condition>)>,
        gates: impl Iterator<Item = &'r Condition>,
    ) -> Self {
        let mut index = Self::default();
        // An id counts before an alias, and the first before later ones.
        let ids = names.clone().enumerate().map(|(at, name)| (at, name.0));
        let aliases = names.enumerate().map(|(at, name)| (at, name.1));
        for (at, name) in ids.chain(aliases) {
            index.names.entry(name.to_owned()).or_insert(at);
        }
        for (place, when) in contexts {
            index.contexts.add(place, when);
        }
        for (at, when) in gates.enumerate() {
            index.gates.add(at, Some(when));
        }
        index
    }

    /// The indicator with this id or alias.
    pub fn indicator(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }
}
