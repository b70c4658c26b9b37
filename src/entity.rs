//! Typed values found in a post: telephone numbers, prices, ages, places.
//!
//! Values only; `recognise` finds them. No personal names are ever extracted.

use crate::post::FieldName;
use crate::span::Span;

/// One typed value and where it stands in the text as published.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// The field it was found in.
    pub field: FieldName,
    /// Its place in the published text.
    pub span: Span,
    /// What it says.
    pub value: Value,
}

/// What an entity says.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A telephone number.
    Phone {
        /// E.164, with the plus sign. Never written to a masked record.
        e164: String,
        /// ISO 3166-1 country, where the prefix says so.
        country: Option<String>,
        /// Whether a mobile line.
        mobile: bool,
        /// Whether it was written so as to hide from a plain reader: letters
        /// for digits, digits as words, separators between single digits.
        obscured: bool,
    },
    /// An account handle, `@name`.
    Handle {
        /// Without the at sign, folded.
        name: String,
    },
    /// An e-mail address, folded.
    Email {
        /// The whole address.
        address: String,
    },
    /// A web address or messenger link.
    Link {
        /// Folded address without scheme.
        address: String,
        /// Whether it opens a conversation in a messenger.
        messenger: bool,
    },
    /// The mention of a messenger without an address, such as `WA`.
    Messenger {
        /// `whatsapp`, `telegram`, `line`, `michat`.
        network: &'static str,
    },
    /// A sum of money, or a range of sums.
    Price {
        /// Lowest amount in whole units of the currency.
        min: u64,
        /// Highest amount.
        max: u64,
        /// ISO 4217.
        currency: &'static str,
        /// Per what, when it says so.
        period: Option<Period>,
    },
    /// An age bound to a person by its wording (`17 th`, `umur 17`), with the
    /// durations, prices and clock times that look like one taken out.
    Age {
        /// Youngest, in years.
        min: u8,
        /// Oldest, in years; equal to `min` unless a range.
        max: u8,
        /// Whether it is a stated range such as a job's age limits.
        range: bool,
    },
    /// A place of the gazetteer.
    Place {
        /// Its usual name.
        name: String,
        /// Lists it belongs to, such as `scam_hub`.
        lists: Vec<String>,
        /// ISO 3166-1.
        country: String,
        /// ISO 3166-2, for Indonesian provinces.
        province: Option<String>,
    },
    /// Disguised writing that was undone.
    Disguise {
        /// What kind.
        kind: Disguise,
    },
}

/// Per what a sum is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Period {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// A way of writing that hides words from a plain search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disguise {
    /// Letters of another script that look alike, inside one word.
    LookAlike,
    /// Styled letters: fullwidth, mathematical, enclosed.
    StyledLetters,
    /// Characters that show nothing, inside a word.
    Invisible,
    /// Single letters with separators between them.
    SpacedLetters,
    /// Digits and signs for letters.
    Leet,
    /// A letter stretched.
    Stretched,
}

impl Disguise {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::LookAlike,
        Self::StyledLetters,
        Self::Invisible,
        Self::SpacedLetters,
        Self::Leet,
        Self::Stretched,
    ];

    /// The word used in rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LookAlike => "look_alike",
            Self::StyledLetters => "styled_letters",
            Self::Invisible => "invisible",
            Self::SpacedLetters => "spaced_letters",
            Self::Leet => "leet",
            Self::Stretched => "stretched",
        }
    }
}
