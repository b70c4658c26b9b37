//! Indicators, contexts and gates as words: what a rule file claims, without
//! the patterns that test it.
//!
//! These are plain values. How they are written in files is `rule::schema`'s
//! business, how they are tested is `scan`'s.

use std::fmt;

use crate::level::Route;

mod framework;

pub use self::framework::{framework_codes, framework_names, is_framework_code};

/// A sentence in Indonesian and English. Codes are never translated; anything
/// a caseworker reads is one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilingual {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Both languages at once.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            en: en.into(),
        }
    }

    /// The sentence in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

/// A language caseworkers read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Indonesian.
    #[default]
    Id,
    /// English.
    En,
}

/// A published sign: one entry of a rule file.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// `group.what_is_seen`, never reused.
    pub id: String,
    /// Short code of the research, such as `C1`.
    pub alias: String,
    /// Grows when the patterns or the strength change.
    pub version: u32,
    /// Short name.
    pub title: Bilingual,
    /// Why it matters, one sentence.
    pub why: Bilingual,
    /// Which of the research's groups it belongs to.
    pub axis: Axis,
    /// How telling it is.
    pub strength: Strength,
    /// What kind of study or document stands behind it.
    pub grade: EvidenceGrade,
    /// Which parts of the Palermo definition it is a sign of; may be empty.
    pub palermo: Vec<Element>,
    /// References into other vocabularies, such as `ilo11:7`.
    pub frameworks: Vec<String>,
    /// What it rests on; never empty.
    pub sources: Vec<Citation>,
    /// Whether it counts.
    pub status: Status,
}

/// What a post's kind of writing is: an offer, a news report, a warning.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    /// Lower snake, without a dot.
    pub id: String,
    /// Short name.
    pub title: Bilingual,
    /// What to tell a reader when it speaks against a concern; `None` when the
    /// context only unlocks gates.
    pub against: Option<Bilingual>,
    /// What it rests on.
    pub sources: Vec<Citation>,
}

/// A named combination that sets a level.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Lower snake, without a dot.
    pub id: String,
    /// Short code of the research, such as `G5`.
    pub alias: String,
    /// What it means, one sentence.
    pub reason: Bilingual,
    /// Where a post that meets it goes.
    pub route: Route,
    /// Which parts of the Palermo definition the combination is a sign of,
    /// when its indicators alone are not; usually empty.
    pub palermo: Vec<Element>,
    /// What it rests on; never empty.
    pub sources: Vec<Citation>,
}

/// A source and, where known, the place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// Key of `sources.toml`.
    pub source: String,
    /// Number or name of the part cited, such as `7` of eleven indicators.
    pub section: Option<String>,
    /// The source is known from memory only: check it before relying on it.
    pub unverified: bool,
}

impl fmt::Display for Citation {
    /// As rule files write it: `KEY` or `KEY#section`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        match &self.section {
            Some(section) => write!(f, "#{section}"),
            None => Ok(()),
        }
    }
}

/// How telling an indicator is, and its points.
///
/// The words are those of the ILO operational indicators. Points only order
/// the queue within a level; gates set the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Known *not* to predict: 0 points, kept for linkage.
    NotPredictive,
    /// Unlocks gates, 0 points.
    Context,
    /// 1 point.
    Weak,
    /// 3 points.
    Medium,
    /// 5 points.
    Strong,
    /// 8 points; can carry a critical gate.
    Critical,
}

impl Strength {
    /// Every strength with its name in rule files and its letter on the wire.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::NotPredictive, "not_predictive", "N"),
        (Self::Context, "context", "C"),
        (Self::Weak, "weak", "W"),
        (Self::Medium, "medium", "M"),
        (Self::Strong, "strong", "S"),
        (Self::Critical, "critical", "X"),
    ];

    /// Points before any cap.
    pub fn points(self) -> u32 {
        match self {
            Self::NotPredictive | Self::Context => 0,
            Self::Weak => 1,
            Self::Medium => 3,
            Self::Strong => 5,
            Self::Critical => 8,
        }
    }

    /// The letter of the research, used on the wire.
    pub fn letter(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|row| row.0 == self)
            .map_or("", |row| row.2)
    }
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in rule files and on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value with this word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

named! {
    /// Which group of the research an indicator belongs to.
    Axis {
        /// Recruitment, transport, harbouring.
        Act = "act",
        /// Means: deception.
        Deception = "deception",
        /// Means: control and coercion.
        Control = "control",
        /// Commercial-sex context; never scores.
        Context = "context",
        /// A person under 18.
        Minor = "minor",
        /// Labour exploitation.
        Labour = "labour",
        /// Sale of infants.
        Infant = "infant",
        /// Forced or brokered marriage.
        Marriage = "marriage",
        /// Organ removal.
        Organ = "organ",
        /// Links between posts.
        Network = "network",
        /// Disguised writing.
        Evasion = "evasion",
        /// Vulnerability, pleas for help, missing persons.
        Vulnerability = "vulnerability",
    }
}

named! {
    /// A part of the definition of trafficking in persons (Palermo, art. 3).
    Element {
        /// Recruitment, transport, transfer, harbouring or receipt of persons.
        Act = "act",
        /// Threat, force, deception, abuse of power or vulnerability, payment.
        Means = "means",
        /// Exploitation.
        Purpose = "purpose",
    }
}

named! {
    /// How a source was read before it was cited.
    Reading {
        /// The whole of it.
        Full = "full",
        /// A part of it.
        Excerpt = "excerpt",
        /// Not opened: known from memory only.
        Memory = "memory",
    }
}

named! {
    /// What stands behind an indicator.
    EvidenceGrade {
        /// Tested against known outcomes.
        OutcomeTested = "outcome_tested",
        /// Listed by an institution such as the ILO or UNODC.
        Institutional = "institutional",
        /// Court decisions or press reports of cases.
        CourtOrPress = "court_or_press",
        /// Published, but its page could not be checked.
        Unverified = "unverified",
    }
}

named! {
    /// Whether a rule counts.
    Status {
        /// Counts.
        Active = "active",
        /// Evaluated and counted in the summary, but reaches no record.
        Shadow = "shadow",
        /// Kept so that its id is never reused; not evaluated.
        Retired = "retired",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_and_disproved_signs_never_score() {
        assert_eq!(Strength::Context.points(), 0);
        assert_eq!(Strength::NotPredictive.points(), 0);
        assert!(Strength::ALL.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }
}
