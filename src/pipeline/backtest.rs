//! What another rule set would do differently on a post, and by which words.
//!
//! Both sets judge each post as `scan` would; nothing is kept between posts.

use crate::assessment::{Assessment, Evidence, Level, PossibleMinor, Route};
use crate::post::{FieldName, Post};
use crate::rule::RuleSet;
use crate::scan::{Scanner, Scratch};
use crate::store::mask::{FreeText, MaskedField};

/// Two rule sets to judge the same posts with.
#[derive(Debug)]
pub struct Backtest<'r> {
    old: Scanner<'r>,
    new: Scanner<'r>,
    scratch: Scratch,
    /// What was seen so far.
    pub counts: Counts,
}

/// How many posts fared how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Posts judged.
    pub posts: u64,
    /// Flagged by the new rules only.
    pub gained: u64,
    /// Flagged by the old rules only.
    pub lost: u64,
    /// Flagged by both, with another level, route or gates.
    pub changed: u64,
    /// Flagged by both alike.
    pub same: u64,
}

/// What happened to a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only the new rules flag the post.
    Gained,
    /// Only the old ones do.
    Lost,
    /// Both do, with another level, route or gates.
    Changed,
}

impl Kind {
    /// Its name in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gained => "gained",
            Self::Lost => "lost",
            Self::Changed => "changed",
        }
    }
}

/// What one rule set made of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How soon to look.
    pub level: Level,
    /// Where it goes.
    pub route: Route,
    /// Codes of the gates that fired.
    pub gates: Vec<String>,
}

impl Outcome {
    fn of(assessment: &Assessment) -> Self {
        let gates = assessment.gates.iter();
        Self {
            level: assessment.level,
            route: assessment.route,
            gates: gates.map(|hit| hit.gate.alias.clone()).collect(),
        }
    }
}

/// The words by which a rule held under one set and not under the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Id of the indicator, or `ctx:` and that of the context.
    pub rule: String,
    /// The words as published, contacts masked.
    pub quotes: Vec<String>,
    /// The guard or gate exception that switches the rule off under the other
    /// set, if that is why.
    pub guard: Option<String>,
}

/// A post the two sets do not agree on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub kind: Kind,
    /// The post's id, telephone numbers masked.
    pub id: String,
    /// The file it stands in, as given.
    pub file: String,
    /// Its line.
    pub line: u64,
    /// What the old rules say.
    pub old: Outcome,
    /// What the new rules say.
    pub new: Outcome,
    /// What holds under the new rules only.
    pub appeared: Vec<Words>,
    /// What held under the old rules only.
    pub disappeared: Vec<Words>,
    /// Whether a person under 18 may be concerned: words are not for display.
    pub may_concern_minor: bool,
}

impl<'r> Backtest<'r> {
    /// Compares `new` with `old`.
    pub fn new(old: &'r RuleSet, new: &'r RuleSet) -> Self {
        Self {
            old: Scanner::new(old),
            new: Scanner::new(new),
            scratch: Scratch::new(),
            counts: Counts::default(),
        }
    }

    /// Judges and counts one post; what changed, if anything that a reviewer
    /// would notice did.
    pub fn compare(&mut self, post: &Post) -> Option<Change> {
        let old = self.old.scan_with(post, &mut self.scratch);
        let new = self.new.scan_with(post, &mut self.scratch);
        self.counts.posts += 1;
        let outcomes = (Outcome::of(&old), Outcome::of(&new));
        let kind = match (old.is_flagged(), new.is_flagged()) {
            (false, false) => return None,
            (false, true) => Kind::Gained,
            (true, false) => Kind::Lost,
            (true, true) if outcomes.0 == outcomes.1 => {
                self.counts.same += 1;
                return None;
            }
            (true, true) => Kind::Changed,
        };
        *match kind {
            Kind::Gained => &mut self.counts.gained,
            Kind::Lost => &mut self.counts.lost,
            Kind::Changed => &mut self.counts.changed,
        } += 1;
        let is_minor = |one: &Assessment| one.possible_minor == PossibleMinor::Indicator;
        Some(Change {
            kind,
            id: FreeText::new(&new.entities).known_phones(&post.native_id),
            file: post.origin.file.clone(),
            line: post.origin.line,
            appeared: only(post, &new, &old),
            disappeared: only(post, &old, &new),
            may_concern_minor: is_minor(&old) || is_minor(&new),
            old: outcomes.0,
            new: outcomes.1,
        })
    }
}

/// What holds in `here` and not in `there`.
fn only(post: &Post, here: &Assessment, there: &Assessment) -> Vec<Words> {
    let mask = |name| MaskedField::new(post.field(name), name, &here.entities);
    let (title, text) = (mask(FieldName::Title), mask(FieldName::Text));
    let quotes = |evidence: &[Evidence]| {
        let mut quotes: Vec<String> = Vec::new();
        for one in evidence {
            let field = match one.field {
                FieldName::Title => &title,
                FieldName::Text => &text,
            };
            let (_, quote) = field.quote(one.span);
            if !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
        quotes
    };
    let guard = |id: &str| {
        let mut stopped = there.suppressed.iter().filter(|one| one.rule == id);
        stopped.next().map(|one| one.guard.clone())
    };
    let mut words: Vec<Words> = Vec::new();
    for hit in &here.hits {
        let id = &hit.indicator.id;
        if !there.hits.iter().any(|other| other.indicator.id == *id) {
            words.push(Words {
                rule: id.clone(),
                quotes: quotes(&hit.evidence),
                guard: guard(id),
            });
        }
    }
    for hit in &here.contexts {
        let id = &hit.context.id;
        if !there.contexts.iter().any(|other| other.context.id == *id) {
            words.push(Words {
                rule: format!("ctx:{id}"),
                quotes: quotes(&hit.evidence),
                guard: None,
            });
        }
    }
    words
}
