//! What people add to a record: a review, referrals, and the group of posts a
//! finished run tied it to. Reviewers are pseudonyms; nothing is overwritten
//! without a new revision.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a person decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Review {
    /// How far the review is.
    #[schemars(extend("enum" = ["new", "in_review", "decided", "referred", "archived"]))]
    pub state: String,
    /// The decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["relevant", "not_relevant", "unsure", "duplicate", null]))]
    pub decision: Option<String>,
    /// How much weight the reviewer gives it, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 5))]
    pub likelihood: Option<u8>,
    /// Reason codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Pseudonym of the reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<String>,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub decided_at: Option<String>,
    /// The second reviewer's part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_review: Option<SecondReview>,
    /// How many notes there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<u32>,
    /// For optimistic locking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

impl Review {
    /// Nobody has looked yet.
    pub fn new() -> Self {
        Self {
            state: "new".to_owned(),
            decision: None,
            likelihood: None,
            reasons: Vec::new(),
            reviewer: None,
            decided_at: None,
            second_review: None,
            notes: None,
            etag: None,
        }
    }
}

impl Default for Review {
    fn default() -> Self {
        Self::new()
    }
}

/// A second reviewer's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SecondReview {
    /// Whether one is needed.
    pub required: bool,
    /// How far it is.
    #[schemars(extend("enum" = ["not_needed", "pending", "agreed", "disagreed"]))]
    pub state: String,
}

/// Where a finding was sent, by a person, outside this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Referral {
    /// To whom.
    pub to: String,
    /// By which way.
    pub channel: String,
    /// Their reference.
    pub reference: Option<String>,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    /// How far it is.
    #[schemars(extend("enum" = ["draft", "sent", "acknowledged", "closed"]))]
    pub status: String,
}

/// Posts tied by near-duplicate text or shared contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Cluster {
    /// Which.
    pub id: String,
    /// How they were tied.
    pub method: String,
    /// How many posts.
    #[schemars(range(min = 1))]
    pub size: u32,
    /// How many of them word for word.
    pub exact_duplicates: u32,
    /// On how many sites.
    #[schemars(range(min = 1))]
    pub sites: u32,
    /// By how many accounts.
    pub accounts: u32,
    /// First day seen.
    #[schemars(extend("format" = "date"))]
    pub first_seen: String,
    /// Last day seen.
    #[schemars(extend("format" = "date"))]
    pub last_seen: String,
    /// Whether this post stands for the others in the queue.
    pub representative: bool,
}
