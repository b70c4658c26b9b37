//! The finding record: one flagged post as one line of JSON.
//!
//! This module alone knows the wire format. It never writes a contact in the
//! clear, never names a person, and never says how likely anything is:
//! `assessment.meaning` is the constant `review_priority_not_proof`.
//!
//! # Format
//!
//! One JSON object a line, UTF-8, LF. A record is self-contained: it reads in
//! five years without the store. Spans are half-open ranges of Unicode code
//! points of the field as published; masking replaces character by character,
//! so they hold on the masked text too, and each `quote` is exactly the masked
//! text at its span. Times are RFC 3339 in UTC. Sentences for people are
//! `{"id": …, "en": …}`; codes are never translated.
//!
//! | part | always present | sometimes present | open words |
//! |---|---|---|---|
//! | top | `schema` `record_type` `id` `revision` `source` `content` `assessment` `indicators` `entities` `provenance` `privacy` `review` `referrals` `integrity` `ext` | `cluster` | |
//! | `source` | all but ↦; `url` `title` `author_handle` `place` `published_at` `collected_at` may be null | `extra` | `platform_kind` `url_state` `published_precision` `access` |
//! | `content` | all; `languages` may be empty | | |
//! | `assessment` | all but ↦ | `rank_in_scan`; from 1.1.0 always `legal_frame` | `against[].kind` |
//! | `gates[]` | all but ↦ | `citations` | |
//! | `indicators[]` | all but ↦ | `palermo` `citations` | `axis` `weight_class` `grade` |
//! | `matches[]` | all | | `field` `kind` |
//! | `entities` | every list but ↦, each may be empty | `birth_years` `schools` `phones[].seen_in_posts` `first_seen` `last_seen` | `phones[].kind` `messengers[].network` `schools[].level` `disguises[].kind` |
//! | `provenance` | all; `capture` may be null | | `capture.kind` |
//! | `privacy` | all | | `handling[]` |
//! | `review` | `state` | all else | |
//!
//! `assessment.level`, `assessment.route`, `assessment.possible_minor`,
//! `assessment.legal_frame.parts[].part` and `.state`, `indicators[].palermo`,
//! `privacy.profile`, `privacy.tlp` and `review.*` are closed.
//!
//! # Versions
//!
//! `MAJOR.MINOR.PATCH` at the end of `schema`. PATCH: wording only. MINOR: a
//! new optional field, or a new word where the table says open. MAJOR:
//! anything removed, renamed, retyped or re-meant. Readers ignore unknown
//! fields and unknown open words (the types here do, and the lenient schema
//! says so); writers pass the strict schema. Ids of rules and gates are never
//! reused.
//!
//! 1.1.0 added `assessment.legal_frame`, `indicators[].palermo` and
//! `citations`, all optional: a line of 1.0.0 is read as it is, keeps its seal
//! and needs no conversion. The schemas of every version stay beside the code,
//! each with a golden record.
//!
//! # Integrity
//!
//! `integrity.sha256` is the SHA-256 of the record without `integrity`, in the
//! canonical form of RFC 8785. It shows accidents and careless edits, not
//! forgery: whoever can edit the record can compute it again.

mod assessed;
mod build;
mod canonical;
mod entities;
mod frame;
mod origin;
mod review;
mod words;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::Digest;

pub use self::assessed::{
    Against, Assessed, Cited, ContextHeld, GateMet, IndicatorHeld, Match, Sentence, Suppressed,
};
pub use self::build::{Particulars, RunFacts, finding};
pub use self::entities::{
    Account, Age, BirthYear, Disguised, Entities, Link, Messenger, Offer, Pay, Phone, PlaceNamed,
    Price, Range, SchoolNamed,
};
pub use self::frame::{FrameChild, FramePart, LegalFrame};
pub use self::origin::{
    Capture, Content, ContentDigest, Engine, Input, Language, Privacy, Provenance, RuleSet, Source,
};
pub use self::review::{Cluster, Referral, Review, SecondReview};

/// The `schema` of records this program writes.
pub const SCHEMA: &str = "https://lentera.example/schemas/finding/1.1.0";

/// What every `schema` this program reads begins with.
pub const SCHEMA_FAMILY: &str = "https://lentera.example/schemas/finding/1.";

/// The one thing `assessment.meaning` may say.
pub const MEANING: &str = "review_priority_not_proof";

/// One post that deserves a human look, or with `--all` any post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Finding {
    /// Which version of this format.
    pub schema: String,
    /// Always `finding`.
    #[schemars(extend("const" = "finding"))]
    pub record_type: String,
    /// UUIDv5 of platform and native id: the same post gives the same id in
    /// every run.
    #[schemars(extend("format" = "uuid"))]
    pub id: String,
    /// Grows when the finding or its review changes.
    #[schemars(range(min = 1))]
    pub revision: u32,
    /// Where the post stood.
    pub source: Source,
    /// What it said.
    pub content: Content,
    /// What was seen in it, for and against.
    pub assessment: Assessed,
    /// Indicators that held, most points first.
    pub indicators: Vec<IndicatorHeld>,
    /// Typed values found in it.
    pub entities: Entities,
    /// Other posts it is tied to; absent in a streaming scan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Cluster>,
    /// What made this record, from what.
    pub provenance: Provenance,
    /// How the record may be handled.
    pub privacy: Privacy,
    /// What a person decided.
    pub review: Review,
    /// Where it was sent.
    #[serde(default)]
    pub referrals: Vec<Referral>,
    /// Shows accidents and careless edits.
    pub integrity: Integrity,
    /// Extensions; keys carry a dotted namespace.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"pattern": "^[a-z0-9]+(\\.[a-z0-9-]+)+$"}))]
    pub ext: BTreeMap<String, serde_json::Value>,
}

/// Digest of the rest of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Integrity {
    /// Always `RFC8785`.
    #[schemars(extend("const" = "RFC8785"))]
    pub canonicalization: String,
    /// SHA-256 of the canonical record without `integrity`.
    #[schemars(extend("pattern" = words::SHA256))]
    pub sha256: String,
}

impl Finding {
    /// The finding with its integrity digest computed again. Call it after any
    /// change; a new revision is the caller's to count.
    pub fn sealed(mut self) -> Self {
        self.integrity = Integrity {
            canonicalization: "RFC8785".to_owned(),
            sha256: self.canonical_digest().to_string(),
        };
        self
    }

    /// Whether the record is as it was when it was sealed.
    ///
    /// A record written by a newer minor version holds fields this program
    /// drops on reading, and does not verify here.
    pub fn is_intact(&self) -> bool {
        self.integrity.sha256 == self.canonical_digest().to_string()
    }

    /// The next revision of the finding, with another review state, sealed.
    pub fn with_review(mut self, review: Review) -> Self {
        self.review = review;
        self.revision = self.revision.saturating_add(1);
        self.sealed()
    }

    /// The record as one line of JSON, without the line end.
    ///
    /// # Panics
    ///
    /// Never: a record holds only strings, numbers and lists.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("a record holds only strings, numbers and lists")
    }

    fn canonical_digest(&self) -> Digest {
        let bytes = canonical::of_object(self, "integrity")
            .expect("a record holds only strings, numbers and lists");
        Digest::of(&bytes)
    }
}

#[cfg(test)]
mod tests;
