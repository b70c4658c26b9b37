//! A compiled rule set: immutable, shared by threads.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::condition::Condition;
use super::gazetteer::Gazetteer;
use super::index::Index;
use super::overlay::Origin;
use crate::assessment::{AgainstKind, Level};
use crate::id::Digest;
use crate::indicator::{Axis, Bilingual, Citation, Context, Gate, Indicator, Reading, Status};
use crate::matcher::{Matcher, PatternId};
use crate::text::Spellings;

/// Everything that is looked for, ready to scan with.
#[derive(Debug)]
pub struct RuleSet {
    /// Name of the pack.
    pub name: String,
    /// Version of the pack.
    pub version: String,
    /// Digest of its files.
    pub digest: Digest,
    /// What the rules rest on, sorted by key.
    pub sources: Vec<Source>,
    /// Indicators, in file order.
    pub indicators: Vec<IndicatorRule>,
    /// Contexts, in file order.
    pub contexts: Vec<ContextRule>,
    /// Indexes of contexts so that each comes after those it depends on.
    pub context_order: Vec<usize>,
    /// Where each context stands in that order.
    pub context_place: Vec<usize>,
    /// Which rules to ask about when something was seen.
    pub index: Index,
    /// Gates, in file order.
    pub gates: Vec<GateRule>,
    /// Every pattern of the set.
    pub matcher: Matcher,
    /// What each pattern belongs to, by [`PatternId`].
    pub owners: Vec<Owner>,
    /// Each pattern as written, by [`PatternId`].
    pub written: Vec<String>,
    /// Known places.
    pub gazetteer: Gazetteer,
    /// Everyday spellings and what they stand for.
    pub spellings: Spellings,
    /// Most points one axis may add.
    pub caps: BTreeMap<Axis, u32>,
    /// Invented texts that must and must not be found.
    pub samples: Vec<Sample>,
    /// Where each rule comes from, by id; also those an overlay switched off.
    pub origins: BTreeMap<String, Origin>,
}

impl RuleSet {
    /// What a pattern belongs to.
    pub fn owner(&self, pattern: PatternId) -> Owner {
        self.owners[pattern.0 as usize]
    }

    /// The indicator with this id or alias, by index.
    pub fn indicator_named(&self, name: &str) -> Option<usize> {
        self.index.indicator(name)
    }

    /// The gate with this id or alias, by index.
    pub fn gate_named(&self, name: &str) -> Option<usize> {
        self.gates
            .iter()
            .position(|rule| rule.words.id == name || rule.words.alias == name)
    }

    /// What a citation refers to.
    pub fn source_of(&self, citation: &Citation) -> Option<&Source> {
        let key = citation.source.as_str();
        let at = self
            .sources
            .binary_search_by(|source| source.key.as_str().cmp(key));
        at.ok().map(|at| &self.sources[at])
    }

    /// The context with this id, by index.
    pub fn context_named(&self, name: &str) -> Option<usize> {
        self.contexts.iter().position(|rule| rule.words.id == name)
    }
}

/// What a rule rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As cited by rules.
    pub key: String,
    /// What it is.
    pub title: String,
    /// Where it is to be found.
    pub locator: String,
    /// The page that is meant, when all citations mean the same.
    pub page: Option<String>,
    /// The part that is meant, when all citations mean the same.
    pub section: Option<String>,
    /// How it was read.
    pub reading: Reading,
}

/// An indicator and how it is tested.
#[derive(Debug)]
pub struct IndicatorRule {
    /// Its words.
    pub words: Arc<Indicator>,
    /// How many different patterns must occur.
    pub at_least: usize,
    /// What cancels it.
    pub guards: Vec<GuardRule>,
    /// The words of its guards; `None` when they have none.
    pub guard_words: Option<GuardWords>,
}

impl IndicatorRule {
    /// Whether it is evaluated at all.
    pub fn is_live(&self) -> bool {
        self.words.status != Status::Retired
    }

    /// Whether everyday spellings may be read otherwise for it and its guards:
    /// never where schools and ages are looked for.
    pub fn reads_respelled(&self) -> bool {
        self.words.axis != Axis::Minor
    }
}

/// What cancels a match or an indicator.
#[derive(Debug)]
pub struct GuardRule {
    /// Its name in records.
    pub id: String,
    /// Why, for people.
    pub reason: Bilingual,
    /// How it is tested.
    pub tests: Vec<GuardTest>,
    /// Its own patterns among those of the indicator's guards.
    pub patterns: Range<u32>,
    /// How it is written.
    pub written: GuardText,
}

/// A guard as written, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuardText {
    /// The expression that cancels the whole indicator.
    pub unless: Option<String>,
    /// Phrases that cancel a match they stand before, after or near.
    pub words: Vec<(Side, String)>,
}

/// The words of all guards of an indicator.
#[derive(Debug)]
pub struct GuardWords {
    /// Finds them.
    pub matcher: Matcher,
    /// Where each pattern must stand.
    pub sides: Vec<Side>,
}

/// One way a guard can apply.
#[derive(Debug)]
pub enum GuardTest {
    /// The whole indicator is cancelled when this holds.
    Unless(Condition),
    /// A match is cancelled when the guard's own patterns stand beside it,
    /// within so many words; 0 is anywhere in the field.
    Beside {
        /// Reach in words.
        within: usize,
    },
}

/// On which side of a match a guard's words must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
    /// On either side.
    Either,
}

/// A context and how it is tested.
#[derive(Debug)]
pub struct ContextRule {
    /// Its words.
    pub words: Arc<Context>,
    /// What it tells a reader, if anything.
    pub kind: Option<AgainstKind>,
    /// How many different patterns must occur; 0 when it has none.
    pub at_least: usize,
    /// What must hold besides.
    pub when: Option<Condition>,
    /// The same as written.
    pub when_written: Option<String>,
}

/// A gate and how it is tested.
#[derive(Debug)]
pub struct GateRule {
    /// Its words.
    pub words: Arc<Gate>,
    /// The level it sets.
    pub level: Level,
    /// What must hold.
    pub when: Condition,
    /// What must hold besides, usually a context.
    pub needs: Option<Condition>,
    /// What stops it.
    pub unless: Option<Condition>,
    /// What raises the level, and to which.
    pub raise: Option<(Level, Condition)>,
    /// How it is written.
    pub written: GateText,
}

/// The expressions of a gate as written, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GateText {
    /// What must hold.
    pub when: String,
    /// What must hold besides.
    pub needs: Option<String>,
    /// What stops it.
    pub unless: Option<String>,
    /// What raises the level.
    pub raise: Option<String>,
}

/// What a pattern belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// An indicator, by index.
    Indicator(usize),
    /// A context, by index.
    Context(usize),
}

/// An invented text of a rule file.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The rule it belongs to.
    pub of: SampleOf,
    /// Whether it must be found.
    pub kind: SampleKind,
    /// The text without marks.
    pub text: String,
    /// Byte ranges of the text that must be found, from `«…»`.
    pub marks: Vec<crate::span::Span>,
    /// `file:line:column` of the sample.
    pub place: String,
}

/// The rule a sample belongs to, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SampleOf {
    /// An indicator.
    Indicator(usize),
    /// A context.
    Context(usize),
    /// A gate.
    Gate(usize),
}

/// What a sample asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleKind {
    /// Must be found.
    Hit,
    /// Must not be found.
    Miss,
    /// Should be found one day; reported, never failing.
    Todo,
}
