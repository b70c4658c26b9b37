//! Typed values found in a post, as the record shows them. Contacts appear
//! masked beside a keyed digest that ties posts together; personal names are
//! never extracted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words;

/// Typed values, each list in text order, one entry an occurrence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Entities {
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// Account handles.
    pub accounts: Vec<Account>,
    /// E-mail addresses.
    pub emails: Vec<Account>,
    /// Web addresses and messenger links.
    pub urls: Vec<Link>,
    /// Messengers named without an address.
    pub messengers: Vec<Messenger>,
    /// Places of the gazetteer.
    pub places: Vec<PlaceNamed>,
    /// Sums of money.
    pub prices: Vec<Price>,
    /// Ages of persons.
    pub ages: Vec<Age>,
    /// Years of birth; absent when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub birth_years: Vec<BirthYear>,
    /// Schools somebody goes to or must have been to; absent when there are
    /// none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schools: Vec<SchoolNamed>,
    /// Disguised writing that was undone.
    pub disguises: Vec<Disguised>,
    /// What is offered.
    pub offer: Offer,
}

/// A place in a field, in code points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Range {
    /// `title` or `text`.
    #[schemars(extend("enum" = ["title", "text"], "x-open-enum" = true))]
    pub field: String,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}

/// A telephone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Phone {
    /// For people: `+62 81••••••78`.
    pub display: String,
    /// The number; always null in a masked record.
    #[schemars(extend("pattern" = "^\\+[1-9][0-9]{1,14}$"))]
    pub e164: Option<String>,
    /// Keyed digest: equal for equal numbers under one key.
    pub hmac: String,
    /// ISO 3166-1, where the prefix says so.
    pub country: Option<String>,
    /// What kind of line.
    #[schemars(extend("enum" = ["mobile", "fixed", "voip", "unknown"], "x-open-enum" = true))]
    pub kind: String,
    /// Whether it was written so as to hide from a plain reader.
    pub obscured: bool,
    /// Where it stands.
    pub span: Range,
    /// In how many posts it was seen; absent in a streaming scan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub seen_in_posts: Option<u32>,
    /// First day it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub first_seen: Option<String>,
    /// Last day it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub last_seen: Option<String>,
}

/// A handle or an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Account {
    /// Masked.
    pub display: String,
    /// Keyed digest.
    pub hmac: String,
    /// Where it stands.
    pub span: Range,
}

/// A web address or messenger link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Link {
    /// Masked; nothing that opens.
    pub display: String,
    /// Keyed digest.
    pub hmac: String,
    /// Whether it opens a conversation in a messenger.
    pub messenger: bool,
    /// Where it stands.
    pub span: Range,
}

/// The mention of a messenger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Messenger {
    /// Which.
    #[schemars(extend(
        "enum" = ["whatsapp", "telegram", "line", "michat"],
        "x-open-enum" = true
    ))]
    pub network: String,
    /// Where it stands.
    pub span: Range,
}

/// A place of the gazetteer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PlaceNamed {
    /// Its usual name.
    pub name: String,
    /// ISO 3166-1.
    pub iso_3166_1: Option<String>,
    /// ISO 3166-2.
    pub iso_3166_2: Option<String>,
    /// Lists of the rule set it belongs to.
    pub lists: Vec<String>,
    /// Where it stands.
    pub span: Range,
}

/// A sum of money, or a range of sums, in whole units of a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Price {
    /// Lowest.
    pub min: u64,
    /// Highest.
    pub max: u64,
    /// ISO 4217.
    #[schemars(extend("pattern" = "^[A-Z]{3}$"))]
    pub currency: String,
    /// Per what, when it says so.
    #[schemars(extend("enum" = ["hour", "day", "week", "month", "year", "unknown"]))]
    pub period: String,
    /// Where it stands.
    pub span: Range,
}

/// What is offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Offer {
    /// The first sum paid per hour, day, week, month or year.
    pub pay: Option<Pay>,
}

/// Sums in whole units of a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Pay {
    /// Lowest.
    pub min: u64,
    /// Highest.
    pub max: u64,
    /// ISO 4217.
    #[schemars(extend("pattern" = "^[A-Z]{3}$"))]
    pub currency: String,
    /// Per what.
    #[schemars(extend("enum" = ["hour", "day", "week", "month", "year", "unknown"]))]
    pub period: String,
}

/// An age bound to a person by its wording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Age {
    /// Youngest, in years; 0 when a range has no lower end.
    pub min: u8,
    /// Oldest, in years; 99 when a range has no upper end.
    pub max: u8,
    /// Whether a stated range, such as a job's age limits.
    pub range: bool,
    /// Where it stands.
    pub span: Range,
}

/// A year of birth bound to a person by its wording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct BirthYear {
    /// The year.
    #[schemars(range(min = 1900, max = 2099))]
    pub year: u16,
    /// The age reached in the year of the post, when that is known; the person
    /// may be a year younger.
    pub age: Option<u8>,
    /// Where it stands.
    pub span: Range,
}

/// A school below university.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SchoolNamed {
    /// Which: the Indonesian level, or `school` when nothing says which.
    #[schemars(extend("enum" = words::schools(), "x-open-enum" = true))]
    pub level: String,
    /// The class as written.
    #[schemars(range(min = 1, max = 12))]
    pub class: Option<u8>,
    /// Whether the schooling is asked for or done, rather than somebody a
    /// pupil now.
    pub required: bool,
    /// Where it stands.
    pub span: Range,
}

/// Disguised writing that was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Disguised {
    /// What kind.
    #[schemars(extend("enum" = words::disguises(), "x-open-enum" = true))]
    pub kind: String,
    /// Where it stands.
    pub span: Range,
}
