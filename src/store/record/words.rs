//! Words and patterns that several parts of the record share.
//!
//! Closed words are enums of floor 0, written by the functions here so that
//! floor 0 stays free of wire formats. Open words stay strings: a reader must
//! accept ones it does not know.

/// 64 lower-case hexadecimal digits.
pub(super) const SHA256: &str = "^[0-9a-f]{64}$";

/// How `serde` and `schemars` write a closed word of floor 0.
macro_rules! closed_word {
    ($(#[$doc:meta])* $name:ident, $type:ty, $all:expr) => {
        $(#[$doc])*
        pub(super) mod $name {
            use schemars::{Schema, SchemaGenerator, json_schema};
            use serde::de::Error as _;
            use serde::{Deserialize as _, Deserializer, Serializer};

            pub(in super::super) fn serialize<S: Serializer>(
                word: &$type,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(word.as_str())
            }

            pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$type, D::Error> {
                let word = String::deserialize(deserializer)?;
                $all.into_iter()
                    .find(|value| value.as_str() == word)
                    .ok_or_else(|| {
                        D::Error::custom(format!("unknown {} `{word}`", stringify!($name)))
                    })
            }

            pub(in super::super) fn schema(_: &mut SchemaGenerator) -> Schema {
                let words: Vec<&str> = $all.iter().map(|value| value.as_str()).collect();
                json_schema!({ "type": "string", "enum": words })
            }
        }
    };
}

closed_word!(
    /// `assessment.level`.
    level,
    crate::assessment::Level,
    crate::assessment::Level::ALL
);
closed_word!(
    /// `assessment.route`.
    route,
    crate::assessment::Route,
    crate::assessment::Route::ALL
);
closed_word!(
    /// `assessment.possible_minor`.
    possible_minor,
    crate::assessment::PossibleMinor,
    [
        crate::assessment::PossibleMinor::NoIndicator,
        crate::assessment::PossibleMinor::Unknown,
        crate::assessment::PossibleMinor::Indicator,
    ]
);

/// The axes of the research.
pub(super) fn axes() -> Vec<&'static str> {
    let axes = crate::indicator::Axis::ALL.iter();
    axes.map(|axis| axis.as_str()).collect()
}

/// The letters of the strengths.
pub(super) fn weight_classes() -> Vec<&'static str> {
    let strengths = crate::indicator::Strength::ALL.into_iter();
    strengths.map(|(_, _, letter)| letter).collect()
}

/// What stands behind an indicator.
pub(super) fn grades() -> Vec<&'static str> {
    let grades = crate::indicator::EvidenceGrade::ALL.iter();
    grades.map(|grade| grade.as_str()).collect()
}

/// The parts of the Palermo definition.
pub(super) fn elements() -> Vec<&'static str> {
    let elements = crate::indicator::Element::ALL.iter();
    elements.map(|element| element.as_str()).collect()
}

/// Kinds of places posts stand on.
pub(super) fn platform_kinds() -> Vec<&'static str> {
    let kinds = crate::post::PlatformKind::ALL.into_iter();
    kinds.map(crate::post::PlatformKind::as_str).collect()
}

/// Ways of writing that hide words.
pub(super) fn disguises() -> Vec<&'static str> {
    let kinds = crate::entity::Disguise::ALL.into_iter();
    kinds.map(crate::entity::Disguise::as_str).collect()
}

/// Parts of the Palermo definition that an indicator is a sign of.
pub(super) fn palermo(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "array",
        "items": { "type": "string", "enum": elements() }
    })
}

/// Levels of schools.
pub(super) fn schools() -> Vec<&'static str> {
    let levels = crate::entity::School::ALL.into_iter();
    levels.map(crate::entity::School::as_str).collect()
}

/// Codes for how a record is handled.
pub(super) fn handling(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "array",
        "items": {
            "type": "string",
            "enum": ["no_direct_contact", "no_public_release", "minor_restricted", "legal_hold"],
            "x-open-enum": true
        }
    })
}
