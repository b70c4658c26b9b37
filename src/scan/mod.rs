//! From a post to an assessment: a pure function of post and rule set.
//!
//! The order is fixed and worth knowing: patterns are sighted; word guards
//! cancel single sightings; contexts are decided; context guards cancel whole
//! indicators; gates set the level; the route keeps pleas for help and
//! missing-person notices away from alerts; points are summed last and only
//! order the queue.

mod explain;
mod gate;
mod guard;
mod near;
mod possible;
mod reading;
mod sample;
mod score;
mod sighting;

pub use explain::explain;
pub use near::{NearMiss, Survey, survey};
pub use sample::{Failure, SampleReport, sample_post, try_samples};

use crate::assessment::{Assessment, Evidence, Hit, Level, PossibleMinor, Suppressed};
use crate::indicator::{Axis, Status};
use crate::matcher;
use crate::post::Post;
use crate::rule::RuleSet;

use gate::Judged;
use possible::Touched;
use reading::Reading;
use sighting::Sightings;

/// What one thread keeps between posts, so that scanning one allocates little.
/// Fits any rule set, also another than before.
#[derive(Debug, Default)]
pub struct Scratch {
    patterns: matcher::Scratch,
    places: matcher::Scratch,
    guards: matcher::Scratch,
    touched: Touched,
}

impl Scratch {
    /// One without content.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Scans posts with one rule set. Cheap to make; share the rule set.
#[derive(Clone, Copy, Debug)]
pub struct Scanner<'r> {
    rules: &'r RuleSet,
}

impl<'r> Scanner<'r> {
    /// A scanner for `rules`.
    pub fn new(rules: &'r RuleSet) -> Self {
        Self { rules }
    }

    /// What `post` says, for and against.
    pub fn scan(&self, post: &Post) -> Assessment {
        self.scan_with(post, &mut Scratch::new())
    }

    /// As [`Scanner::scan`], with what one thread keeps between posts.
    pub fn scan_with(&self, post: &Post, scratch: &mut Scratch) -> Assessment {
        let reading = Reading::new(self.rules, post, scratch);
        self.judge(reading, scratch)
    }

    /// As [`Scanner::scan_with`], but `None` for a post of which nothing is
    /// told: it is not flagged, and no shadow indicator holds. Most posts are
    /// such, and their guards and evidence are never gathered.
    pub fn scan_telling(&self, post: &Post, scratch: &mut Scratch) -> Option<Assessment> {
        let reading = Reading::new(self.rules, post, scratch);
        if !scratch.touched.may_tell(self.rules, &reading) {
            return None;
        }
        let assessment = self.judge(reading, scratch);
        (assessment.is_flagged() || !assessment.shadow.is_empty()).then_some(assessment)
    }

    fn judge(self, reading: Reading, scratch: &mut Scratch) -> Assessment {
        let seen = Sightings::new(self.rules, reading, &mut scratch.guards);
        let judged = Judged::new(self.rules, &seen);
        assess(self.rules, seen, judged)
    }
}

fn assess(rules: &RuleSet, seen: Sightings, judged: Judged) -> Assessment {
    let mut hits = Vec::new();
    let mut shadow = Vec::new();
    for (&index, sightings) in &seen.indicators {
        if !judged.holds(index) {
            continue;
        }
        let words = &rules.indicators[index].words;
        if words.status == Status::Shadow {
            shadow.push(words.clone());
            continue;
        }
        let evidence = outermost(sightings.live.iter().map(|one| one.evidence).collect());
        let points = words.strength.points();
        hits.push(Hit {
            indicator: words.clone(),
            points,
            evidence,
        });
    }
    let points = score::cap(&mut hits, &rules.caps);
    let mut suppressed = seen.suppressed(rules);
    suppressed.extend(judged.suppressed);
    let possible_minor = possible_minor(rules, &hits, &suppressed);
    Assessment {
        route: judged.route,
        level: judged.gates.first().map_or(Level::None, |gate| gate.level),
        points,
        gates: judged.gates,
        hits,
        suppressed,
        contexts: judged.contexts,
        against: judged.against,
        possible_minor,
        entities: seen.entities,
        shadow,
    }
}

/// Sorted, and without places that lie inside another: one quote shows it.
fn outermost(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by_key(|one| (one.field, one.span.start, std::cmp::Reverse(one.span.end)));
    let mut kept: Vec<Evidence> = Vec::with_capacity(evidence.len());
    for one in evidence {
        let inside = |outer: &Evidence| outer.field == one.field && outer.span.covers(one.span);
        if !kept.last().is_some_and(inside) {
            kept.push(one);
        }
    }
    kept
}

fn possible_minor(rules: &RuleSet, hits: &[Hit], suppressed: &[Suppressed]) -> PossibleMinor {
    if hits.iter().any(|hit| hit.indicator.axis == Axis::Minor) {
        return PossibleMinor::Indicator;
    }
    let is_minor = |one: &Suppressed| {
        let rule = rules.indicator_named(&one.rule);
        rule.is_some_and(|rule| rules.indicators[rule].words.axis == Axis::Minor)
    };
    if suppressed.iter().any(is_minor) {
        PossibleMinor::Unknown
    } else {
        PossibleMinor::NoIndicator
    }
}

#[cfg(test)]
mod tests;
