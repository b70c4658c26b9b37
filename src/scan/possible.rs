//! Whether a post can be flagged at all, told from what was matched.
//!
//! Most posts touch a few indicators and no gate. Judging them, with guards,
//! evidence and reasons, is work whose result nobody sees; here it is asked
//! first whether any gate could open if no guard cancelled anything and nothing
//! that must be absent were there. The answer errs only towards yes.

use std::collections::BTreeSet;

use crate::indicator::Status;
use crate::rule::{Condition, Owner, RuleSet};

use super::gate::{decided_contexts, touched_gates};
use super::reading::Reading;

/// How many matches each rule has in the post at hand; kept between posts.
#[derive(Debug, Default)]
pub(super) struct Touched {
    indicators: Counts,
    contexts: Counts,
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
        let (indicators, cued) = (&self.indicators.touched, &self.contexts.touched);
        let may = |condition: &Condition, held: &BTreeSet<usize>| {
            self.may_hold(rules, reading, held, condition)
        };
        let held = decided_contexts(rules, cued, indicators, |index, held| {
            let rule = &rules.contexts[index];
            let when = rule.when.as_ref();
            self.contexts.of[index] as usize >= rule.at_least
                && when.is_none_or(|when| may(when, held))
        });
        touched_gates(rules, indicators, &held)
            .into_iter()
            .any(|gate| {
                let rule = &rules.gates[gate];
                let needs = rule.needs.as_ref();
                may(&rule.when, &held) && needs.is_none_or(|needs| may(needs, &held))
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

    /// Whether a condition may hold once guards have had their say; `held` are
    /// the contexts that may.
    fn may_hold(
        &self,
        rules: &RuleSet,
        reading: &Reading,
        held: &BTreeSet<usize>,
        condition: &Condition,
    ) -> bool {
        let may = |part: &Condition| self.may_hold(rules, reading, held, part);
        match condition {
            Condition::All(parts) => parts.iter().all(may),
            Condition::AtLeast(n, parts) => parts.iter().filter(|part| may(part)).count() >= *n,
            Condition::Not(_) => true,
            Condition::Indicator(index) => {
                let n_matches = self.indicators.of[*index] as usize;
                n_matches > 0 && n_matches >= rules.indicators[*index].at_least
            }
            Condition::Context(index) => held.contains(index),
            Condition::Value(test) => reading.entities().any(|one| test.holds(&one.value)),
        }
    }
}
