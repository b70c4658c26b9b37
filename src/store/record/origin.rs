//! Where a post stood, what it said, what made the record and how it may be
//! handled. Types only; no address here can be opened, no contact read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words;

/// Where a post stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Source {
    /// Site or archive.
    pub platform: String,
    /// What kind of place that is.
    #[schemars(extend("enum" = words::platform_kinds(), "x-open-enum" = true))]
    pub platform_kind: String,
    /// The post's own id there, or the input's `id`; digits of a telephone
    /// number in it are masked.
    pub native_id: String,
    /// Where it was published, defanged (`hxxps://x[.]y`).
    pub url: Option<String>,
    /// What was done to `url`: `withheld` when it was no web address.
    #[schemars(extend("enum" = ["defanged", "withheld", "absent"], "x-open-enum" = true))]
    pub url_state: String,
    /// Headline, masked.
    pub title: Option<String>,
    /// Account that published it: its first three characters, the rest masked.
    pub author_handle: Option<String>,
    /// Place named by the platform beside the text, masked.
    pub place: Option<String>,
    /// When it was published.
    #[schemars(extend("format" = "date-time"))]
    pub published_at: Option<String>,
    /// How exactly that is known.
    #[schemars(extend(
        "enum" = ["second", "minute", "day", "month", "unknown"],
        "x-open-enum" = true
    ))]
    pub published_precision: String,
    /// When it was collected; null for archives that do not say.
    #[schemars(extend("format" = "date-time"))]
    pub collected_at: Option<String>,
    /// How it could be read.
    #[schemars(extend("enum" = ["public", "submitted"], "x-open-enum" = true))]
    pub access: String,
    /// Keys of the input that Lentera does not know, masked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, serde_json::Value>,
}

/// What a post said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Content {
    /// The body, masked character by character; null when withheld.
    pub text: Option<String>,
    /// What was done to it.
    #[schemars(extend("enum" = ["full", "masked", "withheld"]))]
    pub text_state: String,
    /// Always `unicode_code_points`.
    #[schemars(extend("const" = "unicode_code_points"))]
    pub offset_unit: String,
    /// Length of the body in code points.
    pub length: u32,
    /// Languages found, with their shares of the text.
    pub languages: Vec<Language>,
    /// Keyed digest of the body as published.
    pub digest: ContentDigest,
    /// Which folding the matching ran on.
    pub normalization: String,
}

/// A language and its share of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Language {
    /// BCP 47.
    pub tag: String,
    /// From 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
}

/// Digest of a body as published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ContentDigest {
    /// `hmac-sha256` in a masked record: a plain digest of a short text gives
    /// the text back.
    #[schemars(extend("enum" = ["sha256", "hmac-sha256"]))]
    pub algorithm: String,
    /// Which key.
    pub key_id: Option<String>,
    /// The digest.
    #[schemars(extend("pattern" = words::SHA256))]
    pub value: String,
}

/// What made a record, from what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Provenance {
    /// The program.
    pub engine: Engine,
    /// The rules.
    pub ruleset: RuleSet,
    /// The run.
    #[schemars(extend("format" = "uuid"))]
    pub scan_id: String,
    /// When the run began.
    #[schemars(extend("format" = "date-time"))]
    pub scanned_at: String,
    /// The input record.
    pub input: Input,
    /// The stored page the post was read from.
    pub capture: Option<Capture>,
}

/// The program that made a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Engine {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its build, such as `git:abc1234`.
    pub build: String,
}

/// The rules that made a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RuleSet {
    /// Name of the pack.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Digest of its files.
    #[schemars(extend("pattern" = words::SHA256))]
    pub sha256: String,
}

/// The input record a finding was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Input {
    /// File as given, `-` for standard input.
    pub file: String,
    /// One-based line or record.
    #[schemars(range(min = 1))]
    pub line: u64,
    /// SHA-256 of the record's own bytes.
    #[schemars(extend("pattern" = words::SHA256))]
    pub sha256: String,
}

/// A stored page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Capture {
    /// The kind of file.
    #[schemars(extend("enum" = ["warc", "wacz"], "x-open-enum" = true))]
    pub kind: String,
    /// The file, relative to the workspace.
    pub path: String,
    /// Byte offset of the record in it.
    pub offset: u64,
    /// `WARC-Record-ID`.
    pub record_id: String,
    /// SHA-256 of the payload as served.
    #[schemars(extend("pattern" = words::SHA256))]
    pub sha256: String,
}

/// How a record may be handled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Privacy {
    /// How much of the contacts it shows.
    #[schemars(extend("enum" = ["full", "masked", "aggregate"]))]
    pub profile: String,
    /// Whether it concerns people.
    pub personal_data: bool,
    /// Which fields of this record were masked.
    pub masked: Vec<String>,
    /// Traffic Light Protocol 2.0.
    #[schemars(extend("enum" = [
        "TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"
    ]))]
    pub tlp: String,
    /// The last day it may be kept.
    #[schemars(extend("format" = "date"))]
    pub retain_until: String,
    /// Handling codes.
    #[schemars(schema_with = "words::handling")]
    pub handling: Vec<String>,
}
