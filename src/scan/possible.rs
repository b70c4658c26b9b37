//! Whether a post can be flagged at all, told from what was matched.
//!
//! Most posts touch a few indicators and no gate. Judging them, with guards,
//! evidence and reasons, is work whose result nobody sees; here it is asked
//! first whether any gate could open if no guard cancelled anything and nothing
//! that must be absent were there. The answer errs only towards yes.

use std::collections::BTreeSet;

use crate::indicator::Status;
use crate::rule::{Condition, Owner, RuleSet};

use super::reading::Reading;

/// How many matches each rule has in the post at hand; kept between posts.
#[derive(Debug, Default)]
pub(super) struct Touched {
    indicators: Counts,
    contexts: Counts,
    /// Contexts that may hold.
    held: BTreeSet<usize>,
}

/// Numbers by index, and which of them are not zero.
#[derive(Debug, Default)]
struct Counts {
    of: Vec<u32>,
    touched: Vec<usize>,
}

impl Counts {
    fn clear(&mut self, len: usize) {
        for &index in &self.touched {
            self.of[index] = 0;
        }
        self.touched.clear();
        self.of.resize(len, 0);
    }

    fn add(&mut self, index: usize) {
        if self.of[index] == 0 {
            self.touched.push(index);
        }
        self.of[index] += 1;
    }
}

impl Touched {
    /// Whether judging the post can come to anything but "not flagged": a gate
    /// that may open, or a shadow indicator, which is counted.
    pub(super) fn may_tell(&mut self, rules: &RuleSet, reading: &Reading) -> bool {
        self.count(rules, reading);
        let is_shadow = |&index: &usize| rules.indicators[index].words.status == Status::Shadow;
        if self.indicators.touched.iter().any(is_shadow) {
            return true;
        }
        self.decide_contexts(rules, reading);
        let gates = &rules.index.gates;
        let by_indicator = self.indicators.touched.iter();
        let by_indicator = by_indicator.flat_map(|&one| gates.of_indicator(one));
        let by_context = self.held.iter().flat_map(|&one| gates.of_context(one));
        let mut touched: Vec<usize> = by_indicator
            .chain(by_context)
            .chain(&gates.always)
            .copied()
            .collect();
        touched.sort_unstable();
        touched.dedup();
        touched.into_iter().any(|gate| {
            let rule = &rules.gates[gate];
            let may = |condition: &Condition| self.may_hold(rules, reading, condition);
            may(&rule.when) && rule.needs.as_ref().is_none_or(may)
        })
    }

    fn count(&mut self, rules: &RuleSet, reading: &Reading) {
        self.indicators.clear(rules.indicators.len());
        self.contexts.clear(rules.contexts.len());
        for found in reading.matches() {
            match rules.owner(found.pattern) {
                Owner::Indicator(index) => self.indicators.add(index),
                Owner::Context(index) => self.contexts.add(index),
            }
        }
    }

    /// Finds the contexts that may hold, each after those it depends on.
    fn decide_contexts(&mut self, rules: &RuleSet, reading: &Reading) {
        self.held.clear();
        let dependents = &rules.index.contexts;
        let cued = self.contexts.touched.iter();
        let cued = cued.map(|&one| rules.context_place[one]);
        let seen = self.indicators.touched.iter();
        let seen = seen.flat_map(|&one| dependents.of_indicator(one));
        let mut to_ask: BTreeSet<usize> = cued
            .chain(dependents.always.iter().chain(seen).copied())
            .collect();
        while let Some(place) = to_ask.pop_first() {
            let index = rules.context_order[place];
            let rule = &rules.contexts[index];
            let may = |when: &Condition| self.may_hold(rules, reading, when);
            if self.contexts.of[index] as usize >= rule.at_least
                && rule.when.as_ref().is_none_or(may)
            {
                self.held.insert(index);
                to_ask.extend(dependents.of_context(index));
            }
        }
    }

    /// Whether a condition may hold once guards have had their say.
    fn may_hold(&self, rules: &RuleSet, reading: &Reading, condition: &Condition) -> bool {
        let may = |part: &Condition| self.may_hold(rules, reading, part);
        match condition {
            Condition::All(parts) => parts.iter().all(may),
            Condition::AtLeast(n, parts) => parts.iter().filter(|part| may(part)).count() >= *n,
            Condition::Not(_) => true,
            Condition::Indicator(index) => {
                let n_matches = self.indicators.of[*index] as usize;
                n_matches > 0 && n_matches >= rules.indicators[*index].at_least
            }
            Condition::Context(index) => self.held.contains(index),
            Condition::Value(test) => reading.entities().any(|one| test.holds(&one.value)),
        }
    }
}
