//! Why a rule did or did not fire on a text.
//!
//! Built from the same sightings and conditions that `scan` uses, so it cannot
//! tell another story.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::assessment::Evidence;
use crate::post::Post;
use crate::rule::{Condition, GuardTest, Owner, RuleSet, WordFamily};
use crate::text::{Views, fold_pattern};

use super::gate::{Judged, State};
use super::sighting::Sightings;

/// Phrases listed as nearest when nothing matched.
const N_NEAREST: usize = 3;
/// Missing words named for each.
const N_LACKING: usize = 8;

/// Tells, a line each, how the rule `name` (id or alias) fared on `post`.
///
/// An unknown name gives a line that says so.
pub fn explain(rules: &RuleSet, name: &str, post: &Post) -> String {
    let seen = Sightings::of(rules, post);
    let judged = Judged::new(rules, &seen);
    let mut story = Story {
        rules,
        post,
        seen: &seen,
        judged: &judged,
        out: String::new(),
    };
    if let Some(index) = rules.indicator_named(name) {
        story.indicator(index, 0);
    } else if let Some(index) = rules.gate_named(name) {
        story.gate(index);
    } else if let Some(index) = rules.context_named(name) {
        story.context(index, 0);
    } else {
        let _ = writeln!(story.out, "there is no rule `{name}`");
    }
    story.out
}

struct Story<'s> {
    rules: &'s RuleSet,
    post: &'s Post,
    seen: &'s Sightings,
    judged: &'s Judged,
    out: String,
}

impl Story<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "  ".repeat(depth));
    }

    fn quote(&self, evidence: Evidence) -> String {
        let text = self.post.field(evidence.field);
        let views = Views::new(text);
        let read = self.rules.spellings.read(&views).into_iter();
        let within = read.filter(|(place, _)| evidence.span.covers(*place));
        let read: Vec<String> = within
            .map(|(place, means)| format!("{} read as {means}", place.of(text)))
            .collect();
        let quote = format!("«{}»", evidence.span.of(text));
        if read.is_empty() {
            quote
        } else {
            format!("{quote} ({})", read.join(", "))
        }
    }

    fn indicator(&mut self, index: usize, depth: usize) {
        let rule = &self.rules.indicators[index];
        let verdict = if self.judged.holds(index) {
            "PASS"
        } else {
            "FAIL"
        };
        let (id, alias) = (&rule.words.id, &rule.words.alias);
        self.line(depth, &format!("{verdict} {id} ({alias})"));
        let Some(seen) = self.seen.indicators.get(&index) else {
            self.line(depth + 1, "no pattern of it occurs");
            self.nearest(Owner::Indicator(index), depth + 1);
            return;
        };
        for one in &seen.live {
            let written = &self.rules.written[one.pattern.0 as usize];
            let line = format!("matched {} by `{written}`", self.quote(one.evidence));
            self.line(depth + 1, &line);
        }
        for (one, guard, place) in &seen.cancelled {
            let guard = &rule.guards[*guard];
            let (what, by) = (self.quote(one.evidence), self.quote(*place));
            let line = format!("matched {what}, cancelled by guard `{}` at {by}", guard.id);
            self.line(depth + 1, &line);
        }
        if seen.n_patterns() < rule.at_least {
            let (n, wanted) = (seen.n_patterns(), rule.at_least);
            self.line(
                depth + 1,
                &format!("{n} different patterns, {wanted} needed"),
            );
        }
        let state = self.judged.state(self.rules, self.seen);
        for guard in &rule.guards {
            for test in &guard.tests {
                if let GuardTest::Unless(condition) = test
                    && condition.holds(&state)
                {
                    self.line(
                        depth + 1,
                        &format!("cancelled by guard `{}` because of", guard.id),
                    );
                    self.condition(condition, depth + 2);
                }
            }
        }
    }

    fn context(&mut self, index: usize, depth: usize) {
        let rule = &self.rules.contexts[index];
        let holds = self
            .judged
            .contexts
            .iter()
            .any(|hit| hit.context.id == rule.words.id);
        let verdict = if holds { "PASS" } else { "FAIL" };
        self.line(depth, &format!("{verdict} context {}", rule.words.id));
        let sightings = self
            .seen
            .contexts
            .get(&index)
            .map_or(&[][..], Vec::as_slice);
        let patterns: BTreeSet<_> = sightings.iter().map(|one| one.pattern).collect();
        for one in sightings {
            let written = &self.rules.written[one.pattern.0 as usize];
            let line = format!("matched {} by `{written}`", self.quote(one.evidence));
            self.line(depth + 1, &line);
        }
        if patterns.len() < rule.at_least {
            let line = format!(
                "{} different cues, {} needed",
                patterns.len(),
                rule.at_least
            );
            self.line(depth + 1, &line);
            self.nearest(Owner::Context(index), depth + 1);
        }
        if let Some(when) = &rule.when {
            self.line(depth + 1, "when");
            self.condition(when, depth + 2);
        }
    }

    fn gate(&mut self, index: usize) {
        let rule = &self.rules.gates[index];
        let fired = self
            .judged
            .gates
            .iter()
            .find(|hit| hit.gate.id == rule.words.id);
        let verdict = if fired.is_some() { "PASS" } else { "FAIL" };
        let (id, alias) = (&rule.words.id, &rule.words.alias);
        let level = fired.map_or(rule.level, |hit| hit.level).as_str();
        self.line(0, &format!("{verdict} gate {id} ({alias}), level {level}"));
        let parts = [
            ("when", Some(&rule.when)),
            ("needs", rule.needs.as_ref()),
            ("unless (must fail)", rule.unless.as_ref()),
            ("raised when", rule.raise.as_ref().map(|raise| &raise.1)),
        ];
        for (label, condition) in parts {
            if let Some(condition) = condition {
                self.line(1, label);
                self.condition(condition, 2);
            }
        }
        if fired.is_none() && self.judged.route != rule.words.route && !self.judged.gates.is_empty()
        {
            self.line(
                1,
                &format!("the post goes to the route {}", self.judged.route.as_str()),
            );
        }
    }

    fn condition(&mut self, condition: &Condition, depth: usize) {
        let state = self.judged.state(self.rules, self.seen);
        let verdict = if condition.holds(&state) {
            "PASS"
        } else {
            "FAIL"
        };
        match condition {
            Condition::All(parts) => {
                self.line(depth, &format!("{verdict} all of"));
                for part in parts {
                    self.condition(part, depth + 1);
                }
            }
            Condition::AtLeast(n, parts) => {
                self.line(depth, &format!("{verdict} {n} of"));
                for part in parts {
                    self.condition(part, depth + 1);
                }
            }
            Condition::Not(part) => {
                self.line(depth, &format!("{verdict} not"));
                self.condition(part, depth + 1);
            }
            Condition::Indicator(index) => self.indicator(*index, depth),
            Condition::Context(index) => self.context(*index, depth),
            Condition::Value(test) => {
                let values: Vec<String> = self.values(&state, test);
                let seen = if values.is_empty() {
                    "none".to_owned()
                } else {
                    values.join(", ")
                };
                self.line(depth, &format!("{verdict} {test}: {seen}"));
            }
        }
    }

    fn values(&self, state: &State<'_>, test: &crate::matcher::ValueTest) -> Vec<String> {
        let entities = state
            .seen
            .entities
            .iter()
            .filter(|entity| test.holds(&entity.value));
        entities
            .map(|one| format!("«{}»", one.span.of(self.post.field(one.field))))
            .collect()
    }

    /// The phrases that share most words with the post, and what they lack.
    fn nearest(&mut self, owner: Owner, depth: usize) {
        let mut words = BTreeSet::new();
        for (_, text) in self.post.fields() {
            let views = Views::new(text);
            let respelled = views.respelled(&self.rules.spellings);
            for view in views.iter().chain(&respelled) {
                words.extend(
                    view.tokens()
                        .iter()
                        .map(|&token| view.word(token).to_owned()),
                );
            }
        }
        let mut near: Vec<(usize, &str, Vec<String>)> = Vec::new();
        for (pattern, written) in self.rules.written.iter().enumerate() {
            if self.rules.owners[pattern] != owner {
                continue;
            }
            let folded = fold_pattern(written);
            let parts: Vec<&str> = folded
                .split(|ch: char| !ch.is_alphanumeric() && ch != '~')
                .filter(|part| part.len() > 1)
                .collect();
            let (seen, lacking): (Vec<&str>, Vec<&str>) =
                parts.into_iter().partition(|part| occurs(&words, part));
            if !seen.is_empty() {
                near.push((
                    seen.len(),
                    written,
                    lacking.into_iter().map(str::to_owned).collect(),
                ));
            }
        }
        near.sort_by_key(|(seen, written, lacking)| {
            (std::cmp::Reverse(*seen), lacking.len(), *written)
        });
        for (_, written, lacking) in near.into_iter().take(N_NEAREST) {
            let more = if lacking.len() > N_LACKING {
                ", …"
            } else {
                ""
            };
            let lacking = lacking
                .into_iter()
                .take(N_LACKING)
                .collect::<Vec<_>>()
                .join(", ");
            let line = format!("near: `{written}`; not in the text: {lacking}{more}");
            self.line(depth, &line);
        }
    }
}

/// Whether a word of a phrase, or a form of `~stem`, is among `words`.
fn occurs(words: &BTreeSet<String>, part: &str) -> bool {
    match part.strip_prefix('~').and_then(WordFamily::of) {
        Some(family) => words.iter().any(|word| family.holds(word)),
        None => words.contains(part),
    }
}
