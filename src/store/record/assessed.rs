//! What was seen in a post, for and against. Types only: levels come from
//! gates, points only order, and nothing here says how likely anything is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frame::LegalFrame;
use super::words;
use crate::assessment::{Level, PossibleMinor, Route};
use crate::indicator::{Bilingual, Lang};

/// A sentence for people, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Sentence {
    /// Indonesian.
    #[schemars(length(min = 1))]
    pub id: String,
    /// English.
    #[schemars(length(min = 1))]
    pub en: String,
}

impl Sentence {
    /// The sentence in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

impl From<&Bilingual> for Sentence {
    fn from(both: &Bilingual) -> Self {
        Self {
            id: both.id.clone(),
            en: both.en.clone(),
        }
    }
}

/// A place in a field that shows something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Match {
    /// `title` or `text`.
    #[schemars(extend("enum" = ["title", "text"], "x-open-enum" = true))]
    pub field: String,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The masked field at that place.
    pub quote: String,
    /// What kind of pattern found it.
    #[schemars(extend("enum" = ["phrase", "regex", "entity"], "x-open-enum" = true))]
    pub kind: String,
}

/// What was seen in a post, for and against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Assessed {
    /// Where the post goes.
    #[serde(with = "words::route")]
    #[schemars(schema_with = "words::route::schema")]
    pub route: Route,
    /// How soon a person should look. Set by gates.
    #[serde(with = "words::level")]
    #[schemars(schema_with = "words::level::schema")]
    pub level: Level,
    /// Sum of the indicators' points. Orders the queue within a level.
    pub points: u32,
    /// Whose points: numbers of different scales are never compared.
    pub point_scale: String,
    /// Place in the queue of a finished scan; absent in a streaming one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub rank_in_scan: Option<u32>,
    /// Always `review_priority_not_proof`.
    #[schemars(extend("const" = super::MEANING))]
    pub meaning: String,
    /// The gates' reasons in one sentence.
    pub summary: Sentence,
    /// Gates that fired, highest level first.
    pub gates: Vec<GateMet>,
    /// What kind of writing it is.
    pub contexts: Vec<ContextHeld>,
    /// What speaks against a concern, or could not be checked.
    pub against: Vec<Against>,
    /// What a guard switched off, and which guard.
    pub suppressed: Vec<Suppressed>,
    /// Whether a person under 18 may be concerned.
    #[serde(with = "words::possible_minor")]
    #[schemars(schema_with = "words::possible_minor::schema")]
    pub possible_minor: PossibleMinor,
    /// Which parts of the legal definition the text shows a sign of; since
    /// 1.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_frame: Option<LegalFrame>,
}

/// A source of a rule of which more than its key is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Cited {
    /// Key of the rule set's sources.
    pub source: String,
    /// Number or name of the part cited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub section: Option<String>,
    /// The source was not opened: check it before relying on it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unverified: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_false(value: &bool) -> bool {
    !*value
}

/// A gate that fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct GateMet {
    /// Which.
    #[schemars(extend("pattern" = "^[a-z0-9_]+$"))]
    pub gate_id: String,
    /// Its short code in the research.
    pub alias: String,
    /// The level it set.
    #[serde(with = "words::level")]
    #[schemars(schema_with = "words::level::schema")]
    pub level: Level,
    /// Ids of the indicators, contexts (`ctx:id`) and values that met it.
    #[schemars(length(min = 1))]
    pub met_by: Vec<String>,
    /// What it means.
    pub text: Sentence,
    /// Keys of the rule set's sources.
    pub sources: Vec<String>,
    /// Those with a known place, or not opened; since 1.1.0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Cited>,
}

/// A context that held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ContextHeld {
    /// Which.
    pub context_id: String,
    /// Its name.
    pub title: Sentence,
    /// Where it shows; empty when it follows from other contexts.
    pub matches: Vec<Match>,
}

/// Something that speaks against a concern, or could not be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Against {
    /// What kind.
    #[schemars(extend(
        "enum" = ["benign_context", "licensed", "cannot_check", "news_report", "reviewer_note"],
        "x-open-enum" = true
    ))]
    pub kind: String,
    /// The sentence.
    pub text: Sentence,
    /// Where it shows, if anywhere.
    pub matches: Vec<Match>,
}

/// Something that would have counted, and what switched it off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Suppressed {
    /// Id of the indicator or gate.
    pub rule_id: String,
    /// Its short code in the research.
    pub alias: String,
    /// Which guard, context or route did it.
    pub guard_id: String,
    /// Why.
    pub text: Sentence,
    /// What would have counted.
    pub matches: Vec<Match>,
    /// Where the guard's own words stand.
    pub guard_matches: Vec<Match>,
}

/// An indicator that held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct IndicatorHeld {
    /// Which.
    #[schemars(extend("pattern" = "^[a-z0-9_]+\\.[a-z0-9_]+$"))]
    pub rule_id: String,
    /// Its short code in the research.
    pub alias: String,
    /// Which version of it.
    #[schemars(range(min = 1))]
    pub rule_version: u32,
    /// Its name.
    pub title: Sentence,
    /// Its group in the research.
    #[schemars(extend("enum" = words::axes(), "x-open-enum" = true))]
    pub axis: String,
    /// Letter of its strength.
    #[schemars(extend("enum" = words::weight_classes(), "x-open-enum" = true))]
    pub weight_class: String,
    /// Its share of the sum.
    pub points: u32,
    /// What kind of study or document stands behind it.
    #[schemars(extend("enum" = words::grades(), "x-open-enum" = true))]
    pub grade: String,
    /// Parts of the Palermo definition it is a sign of; since 1.1.0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "words::palermo")]
    pub palermo: Vec<String>,
    /// References into other vocabularies, such as `ilo11:7`.
    pub frameworks: Vec<String>,
    /// Keys of the rule set's sources.
    #[schemars(length(min = 1))]
    pub sources: Vec<String>,
    /// Those with a known place, or not opened; since 1.1.0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Cited>,
    /// Where it shows.
    #[schemars(length(min = 1))]
    pub matches: Vec<Match>,
    /// Why it matters.
    pub why: Sentence,
}
