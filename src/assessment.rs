//! What one post was found to say, for and against.
//!
//! An assessment is a value: the same post and rule set give an equal one. A
//! level says how soon a person should look, never how likely anything is, and
//! nothing in the program acts on it by itself.

use std::sync::Arc;

use crate::entity::Entity;
use crate::indicator::{Bilingual, Context, Gate, Indicator};
use crate::post::FieldName;
use crate::span::Span;

pub mod frame;

pub use crate::level::{Level, Route};

/// All of what was seen in one post.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Where the post goes.
    pub route: Route,
    /// How soon a person should look. Set by gates only.
    pub level: Level,
    /// Sum of the hits' points. Orders the queue within a level.
    pub points: u32,
    /// Gates that fired on this route, highest level first.
    pub gates: Vec<GateHit>,
    /// Indicators that held, most points first.
    pub hits: Vec<Hit>,
    /// Indicators and gates that a guard, a context or the route switched off.
    pub suppressed: Vec<Suppressed>,
    /// Contexts that held, in rule order.
    pub contexts: Vec<ContextHit>,
    /// What speaks against a concern, or could not be checked.
    pub against: Vec<Against>,
    /// Whether a person under 18 may be concerned.
    pub possible_minor: PossibleMinor,
    /// Typed values, in text order.
    pub entities: Vec<Entity>,
    /// Shadow indicators that held: counted in the summary, in no record.
    pub shadow: Vec<Arc<Indicator>>,
}

impl Assessment {
    /// Whether the post deserves a human look: it becomes a finding.
    pub fn is_flagged(&self) -> bool {
        self.level > Level::None
    }
}

/// Whether a person under 18 may be concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PossibleMinor {
    /// Nothing says so.
    NoIndicator,
    /// A sign of it was seen but cancelled by a guard or a context.
    Unknown,
    /// An indicator of it held.
    Indicator,
}

impl PossibleMinor {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoIndicator => "no_indicator",
            Self::Unknown => "unknown",
            Self::Indicator => "indicator",
        }
    }
}

/// The place in the published text that shows something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// The field.
    pub field: FieldName,
    /// The place.
    pub span: Span,
    /// What kind of pattern found it.
    pub kind: EvidenceKind,
}

/// What kind of pattern found a piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// Words.
    Phrase,
    /// A regular expression.
    Regex,
    /// A typed value.
    Entity,
}

impl EvidenceKind {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phrase => "phrase",
            Self::Regex => "regex",
            Self::Entity => "entity",
        }
    }
}

/// An indicator that held.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Which.
    pub indicator: Arc<Indicator>,
    /// Its share of the sum, after the cap of its axis.
    pub points: u32,
    /// Where it shows; never empty, sorted, without duplicates.
    pub evidence: Vec<Evidence>,
}

/// A context that held.
#[derive(Clone, Debug, PartialEq)]
pub struct ContextHit {
    /// Which.
    pub context: Arc<Context>,
    /// Where it shows; may be empty when it follows from other contexts.
    pub evidence: Vec<Evidence>,
}

/// A gate that fired.
#[derive(Clone, Debug, PartialEq)]
pub struct GateHit {
    /// Which.
    pub gate: Arc<Gate>,
    /// The level it set, after any raise.
    pub level: Level,
    /// Ids of the indicators, contexts (`ctx:id`) and entity tests that met it.
    pub met_by: Vec<String>,
}

/// Something that would have counted, and what switched it off.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppressed {
    /// Id of the indicator or gate.
    pub rule: String,
    /// Its short code.
    pub alias: String,
    /// Which guard did it, such as `news` or `job_age_range`.
    pub guard: String,
    /// Why, for people.
    pub reason: Bilingual,
    /// What would have counted.
    pub evidence: Vec<Evidence>,
    /// Where the guard's own words stand.
    pub guard_evidence: Vec<Evidence>,
}

/// Something that speaks against a concern, or could not be checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    /// What kind.
    pub kind: AgainstKind,
    /// The sentence.
    pub text: Bilingual,
    /// Where it shows, if anywhere.
    pub evidence: Vec<Evidence>,
}

/// What kind of thing speaks against a concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgainstKind {
    /// The post reads as ordinary writing of some kind.
    BenignContext,
    /// The post reads as a news report.
    NewsReport,
    /// The post names a licence or a legal route.
    Licensed,
    /// Something that would settle it is not in the post.
    CannotCheck,
}

impl AgainstKind {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BenignContext => "benign_context",
            Self::NewsReport => "news_report",
            Self::Licensed => "licensed",
            Self::CannotCheck => "cannot_check",
        }
    }

    /// The kind with this wire name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::BenignContext,
            Self::NewsReport,
            Self::Licensed,
            Self::CannotCheck,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }
}
