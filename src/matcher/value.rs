//! Tests on typed values, as written in rules: `{price>=10jt}`, `{age<18}`.

use std::fmt;

use thiserror::Error;

use crate::entity::{Disguise, Period, Value};

/// Rupiah for a thousand units of a currency: rounded, only good enough to compare an
/// offer with a threshold. Reviewed 2026-11.
const RUPIAH: [(&str, u64); 22] = [
    ("IDR", 1_000),
    ("USD", 16_000_000),
    ("MYR", 3_800_000),
    ("SGD", 12_500_000),
    ("THB", 490_000),
    ("TWD", 520_000),
    ("SAR", 4_300_000),
    ("AED", 4_400_000),
    ("QAR", 4_400_000),
    ("KWD", 52_000_000),
    ("OMR", 41_500_000),
    ("BHD", 42_500_000),
    ("JOD", 22_500_000),
    ("CNY", 2_250_000),
    ("HKD", 2_050_000),
    ("JPY", 105_000),
    ("KRW", 11_500),
    ("PHP", 280_000),
    ("VND", 620),
    ("EUR", 18_500_000),
    ("GBP", 21_500_000),
    ("AUD", 10_500_000),
];

/// A test on one typed value.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTest {
    kind: Kind,
    /// As written, without the braces; for messages and records.
    written: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Phone {
        obscured: bool,
    },
    Handle,
    Email,
    Link {
        messenger: bool,
    },
    Messenger,
    Contact,
    Price {
        bound: Option<Bound>,
        period: Option<Period>,
    },
    Age {
        bound: Option<Bound>,
    },
    AgeRange {
        bound: Option<Bound>,
    },
    BirthYear {
        bound: Option<Bound>,
    },
    School {
        required: bool,
    },
    Place {
        list: Option<String>,
    },
    Disguise {
        kind: Option<Disguise>,
    },
}

/// `>=10` and the like.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bound {
    op: Op,
    value: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Less,
    AtMost,
    AtLeast,
    More,
    Equal,
}

impl Bound {
    fn holds(self, value: u64) -> bool {
        match self.op {
            Op::Less => value < self.value,
            Op::AtMost => value <= self.value,
            Op::AtLeast => value >= self.value,
            Op::More => value > self.value,
            Op::Equal => value == self.value,
        }
    }
}

/// Why a value test is not one.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ValueError {
    /// The word before any sign is unknown.
    #[error("`{0}` is not a typed value")]
    UnknownKind(String),
    /// What follows the word does not fit it.
    #[error("`{0}` does not fit this value")]
    BadDetail(String),
}

/// Every word a test can begin with.
pub(crate) const VALUE_KINDS: [&str; 13] = [
    "phone",
    "handle",
    "email",
    "link",
    "messenger",
    "contact",
    "price",
    "age",
    "age_range",
    "birth_year",
    "school",
    "place",
    "disguise",
];

impl ValueTest {
    /// Reads a test written between braces, such as `price>=15jt/month`.
    ///
    /// # Errors
    ///
    /// When the word is no typed value or the detail does not fit it.
    pub fn parse(written: &str) -> Result<Self, ValueError> {
        let written = written.trim();
        let end = written
            .find(|ch: char| !(ch.is_ascii_lowercase() || ch == '_'))
            .unwrap_or(written.len());
        let (word, detail) = written.split_at(end);
        let kind = Kind::parse(word, detail.trim())?;
        Ok(Self {
            kind,
            written: written.to_owned(),
        })
    }

    /// Whether `value` passes.
    pub fn holds(&self, value: &Value) -> bool {
        match (&self.kind, value) {
            (Kind::Phone { obscured: wanted }, Value::Phone { obscured, .. }) => {
                !wanted || *obscured
            }
            (Kind::Handle, Value::Handle { .. })
            | (Kind::Email, Value::Email { .. })
            | (Kind::Messenger, Value::Messenger { .. }) => true,
            (Kind::Link { messenger: wanted }, Value::Link { messenger, .. }) => {
                !wanted || *messenger
            }
            (Kind::Contact, value) => matches!(
                value,
                Value::Phone { .. }
                    | Value::Handle { .. }
                    | Value::Email { .. }
                    | Value::Link { .. }
                    | Value::Messenger { .. }
            ),
            (
                Kind::Price { bound, period },
                Value::Price {
                    max,
                    currency,
                    period: per,
                    ..
                },
            ) => {
                bound.is_none_or(|bound| bound.holds(rupiah(*max, currency)))
                    && (period.is_none() || period == per)
            }
            (
                Kind::Age { bound },
                Value::Age {
                    min, range: false, ..
                }
                | Value::Born { age: Some(min), .. },
            ) => bound.is_none_or(|bound| bound.holds(u64::from(*min))),
            (
                Kind::AgeRange { bound },
                Value::Age {
                    min, range: true, ..
                },
                // A range without a lower end says nothing of one.
            ) => bound.is_none_or(|bound| *min > 0 && bound.holds(u64::from(*min))),
            (Kind::BirthYear { bound }, Value::Born { year, .. }) => {
                bound.is_none_or(|bound| bound.holds(u64::from(*year)))
            }
            (Kind::School { required: wanted }, Value::School { required, .. }) => {
                wanted == required
            }
            (Kind::Place { list }, Value::Place { lists, country, .. }) => match list.as_deref() {
                None => true,
                Some("foreign") => country != "ID",
                Some(list) => lists.iter().any(|one| one == list),
            },
            (Kind::Disguise { kind }, Value::Disguise { kind: found }) => {
                kind.is_none_or(|kind| kind == *found)
            }
            _ => false,
        }
    }

    /// How many values that pass it are expected in a thousand words of
    /// advertisements: a guess, good enough to tell rare from frequent.
    pub(super) fn expected(&self) -> f32 {
        match &self.kind {
            Kind::Contact => 12.0,
            Kind::Phone { obscured: false } | Kind::Messenger => 6.0,
            Kind::Price { bound, period } => match (bound, period) {
                (None, None) => 8.0,
                _ => 1.0,
            },
            Kind::Place { list: None } => 6.0,
            Kind::Handle | Kind::Email | Kind::Link { .. } => 2.0,
            Kind::Age { .. }
            | Kind::AgeRange { .. }
            | Kind::School { .. }
            | Kind::Disguise { .. } => 1.0,
            Kind::BirthYear { .. }
            | Kind::Place { list: Some(_) }
            | Kind::Phone { obscured: true } => 0.5,
        }
    }

    /// The gazetteer list it asks for, if any.
    pub fn place_list(&self) -> Option<&str> {
        match &self.kind {
            Kind::Place { list } => list.as_deref().filter(|list| *list != "foreign"),
            _ => None,
        }
    }
}

impl fmt::Display for ValueTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.written)
    }
}

impl Kind {
    fn parse(word: &str, detail: &str) -> Result<Self, ValueError> {
        let bad = || ValueError::BadDetail(detail.to_owned());
        let tagged = |tag: &str| match detail.strip_prefix(':') {
            None if detail.is_empty() => Ok(false),
            Some(found) if found == tag => Ok(true),
            _ => Err(bad()),
        };
        let plain = |kind: Self| {
            if detail.is_empty() {
                Ok(kind)
            } else {
                Err(bad())
            }
        };
        match word {
            "phone" => tagged("obscured").map(|obscured| Self::Phone { obscured }),
            "link" => tagged("messenger").map(|messenger| Self::Link { messenger }),
            "handle" => plain(Self::Handle),
            "email" => plain(Self::Email),
            "messenger" => plain(Self::Messenger),
            "contact" => plain(Self::Contact),
            "price" => {
                let (bound, period) = match detail.split_once('/') {
                    Some((bound, period)) => (bound, Some(period_named(period).ok_or_else(bad)?)),
                    None => (detail, None),
                };
                Ok(Self::Price {
                    bound: bound_of(bound).ok_or_else(bad)?,
                    period,
                })
            }
            "age" => Ok(Self::Age {
                bound: bound_of(detail).ok_or_else(bad)?,
            }),
            "age_range" => Ok(Self::AgeRange {
                bound: bound_of(detail).ok_or_else(bad)?,
            }),
            "birth_year" => Ok(Self::BirthYear {
                bound: bound_of(detail).ok_or_else(bad)?,
            }),
            "school" => tagged("required").map(|required| Self::School { required }),
            "place" => match detail.strip_prefix(':') {
                None if detail.is_empty() => Ok(Self::Place { list: None }),
                Some(list) if !list.is_empty() => Ok(Self::Place {
                    list: Some(list.to_owned()),
                }),
                _ => Err(bad()),
            },
            "disguise" => match detail.strip_prefix(':') {
                None if detail.is_empty() => Ok(Self::Disguise { kind: None }),
                Some(name) => Disguise::ALL
                    .into_iter()
                    .find(|kind| kind.as_str() == name)
                    .map(|kind| Self::Disguise { kind: Some(kind) })
                    .ok_or_else(bad),
                None => Err(bad()),
            },
            _ => Err(ValueError::UnknownKind(word.to_owned())),
        }
    }
}

/// An amount in rupiah; in a currency that the table lacks it is one already.
fn rupiah(amount: u64, currency: &str) -> u64 {
    let row = RUPIAH.iter().find(|row| row.0 == currency);
    let thousand = row.map_or(1_000, |row| row.1);
    amount.saturating_mul(thousand) / 1_000
}

fn period_named(name: &str) -> Option<Period> {
    [
        Period::Hour,
        Period::Day,
        Period::Week,
        Period::Month,
        Period::Year,
    ]
    .into_iter()
    .find(|period| period.as_str() == name.trim())
}

/// `Some(None)` for no bound at all, `None` for one that cannot be read.
fn bound_of(text: &str) -> Option<Option<Bound>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let ops = [
        ("<=", Op::AtMost),
        (">=", Op::AtLeast),
        ("<", Op::Less),
        (">", Op::More),
        ("=", Op::Equal),
    ];
    let (sign, op) = ops.into_iter().find(|(sign, _)| text.starts_with(sign))?;
    let amount = text[sign.len()..].trim();
    let digits = amount.trim_end_matches(|ch: char| ch.is_ascii_lowercase());
    let factor = match &amount[digits.len()..] {
        "" => 1,
        "k" | "rb" => 1_000,
        "jt" => 1_000_000,
        _ => return None,
    };
    let value: u64 = digits.trim().parse().ok()?;
    Some(Some(Bound {
        op,
        value: value.checked_mul(factor)?,
    }))
}
