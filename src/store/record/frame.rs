//! The legal frame of what was seen, in its wire form: which parts of the
//! definition of trafficking the text shows a sign of. Never a conclusion.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Sentence, words};

/// Act, means and purpose: which have a sign in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LegalFrame {
    /// Where the three parts are defined.
    pub basis: Sentence,
    /// What the frame is, and is not.
    pub meaning: Sentence,
    /// Act, means and purpose, in this order.
    #[schemars(length(min = 3, max = 3))]
    pub parts: Vec<FramePart>,
    /// Present when a child may be concerned: no means need be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<FrameChild>,
}

/// One part of the definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FramePart {
    /// Which.
    #[schemars(extend("enum" = words::elements()))]
    pub part: String,
    /// Whether the text shows a sign of it. `not_visible_in_text` is no sign
    /// of absence.
    #[schemars(extend("enum" = ["sign_in_text", "not_visible_in_text"]))]
    pub state: String,
    /// Ids of the indicators and gates (`gate:id`) that show it.
    pub shown_by: Vec<String>,
    /// The same in words.
    pub text: Sentence,
}

/// For a child, means are not needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FrameChild {
    /// Where that is written.
    pub basis: Sentence,
    /// The same in words.
    pub text: Sentence,
}
