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
        /// Youngest, in years; 0 when a range has no lower end.
        min: u8,
        /// Oldest, in years; equal to `min` unless a range, 99 when that has
        /// no upper end.
        max: u8,
        /// Whether it is a stated range such as a job's age limits.
        range: bool,
    },
    /// A year of birth bound to a person by its wording (`kelahiran 2004`).
    Born {
        /// The year, with its century.
        year: u16,
        /// The age that is reached in the year the post was published, so that
        /// the person may be a year younger; nothing when that year is unknown.
        age: Option<u8>,
    },
    /// A school below university: that somebody is a pupil there now, or that
    /// its certificate is asked for or held.
    School {
        /// Which.
        level: School,
        /// The class as written: `2` of "kelas 2 SMA", `11` of "kelas XI".
        class: Option<u8>,
        /// Whether the schooling is asked for or done (`lulusan SMA`), which
        /// makes nobody a pupil.
        required: bool,
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

/// A school below university. Religious schools and old names are counted with
/// the state school of their level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum School {
    /// Classes 1 to 6: SD, MI.
    Primary,
    /// Classes 7 to 9: SMP, MTs, SLTP.
    Junior,
    /// Classes 10 to 12: SMA, MA, SMU, SLTA.
    Senior,
    /// The same, for a trade: SMK, STM.
    Vocational,
    /// Nothing says which.
    Unknown,
}

impl School {
    /// Every level.
    pub const ALL: [Self; 5] = [
        Self::Primary,
        Self::Junior,
        Self::Senior,
        Self::Vocational,
        Self::Unknown,
    ];

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "sd",
            Self::Junior => "smp",
            Self::Senior => "sma",
            Self::Vocational => "smk",
            Self::Unknown => "school",
        }
    }
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
