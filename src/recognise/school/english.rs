//! Schools in English: `high school student`, `still in junior high`,
//! `grade 9 student`.

use super::near::{NEAR, Near};
use super::{Place, Read};
use crate::entity::School;

/// The school that the word "school", or "high" without it, ends.
pub(super) fn school(at: Place<'_>) -> Option<Read> {
    let name = at.view.word(at.view.tokens()[at.index]);
    if !matches!(name, "school" | "high") || name == "high" && at.word(at.index + 1) == "school" {
        return None;
    }
    let (first, level) = level(at, name == "high");
    if at.is_past_or_denied(first) {
        return None;
    }
    let behind = at.word(at.index + 1);
    let is_named = level != School::Unknown;
    let read = |first, last, required| Read {
        first,
        last,
        level,
        class: None,
        required,
    };
    if is_named && is_pupil(behind) {
        return Some(read(first, at.index + 1, false));
    }
    if is_named && matches!(behind, "graduate" | "graduates" | "diploma" | "certificate") {
        return Some(read(first, at.index + 1, true));
    }
    let (before, word) = at.before(first)?;
    match word {
        "minimum" | "min" if is_named => Some(read(before, at.index, true)),
        "in" | "at" | "attending" => {
            let (still, word) = at.before(before)?;
            matches!(word, "still" | "currently").then(|| read(still, at.index, false))
        }
        _ => None,
    }
}

/// Where the name of the school begins, and its level.
fn level(at: Place<'_>, is_high: bool) -> (usize, School) {
    let before = at.before(at.index);
    let (high, kind) = match before {
        Some((high, "high")) => (Some(high), at.before(high)),
        _ if is_high => (Some(at.index), before),
        _ => (None, before),
    };
    match (high, kind) {
        (Some(_), Some((first, "junior"))) => (first, School::Junior),
        (Some(_), Some((first, "senior"))) => (first, School::Senior),
        // "high" alone is not a school.
        (Some(high), _) if !is_high => (high, School::Senior),
        (None, Some((first, "middle"))) => (first, School::Junior),
        (None, Some((first, "secondary"))) => (first, School::Senior),
        (None, Some((first, "vocational"))) => (first, School::Vocational),
        (None, Some((first, "elementary" | "primary"))) => (first, School::Primary),
        _ => (at.index, School::Unknown),
    }
}

/// `grade 9 student`, `10th grade student`, `11th grader`.
pub(super) fn grade(at: Place<'_>) -> Option<Read> {
    let behind = at.word(at.index + 1);
    let ordinal = |word: &str| word.strip_suffix("th")?.parse::<u8>().ok();
    let before = at.before(at.index);
    let before = before.and_then(|(first, word)| Some((first, ordinal(word)?)));
    let is_grader = at
        .view
        .word(at.view.tokens()[at.index])
        .starts_with("grader");
    let (first, class, last) = match before {
        Some((first, class)) if is_grader => (first, class, at.index),
        Some((first, class)) if is_pupil(behind) => (first, class, at.index + 1),
        _ => {
            let class = behind.parse().ok()?;
            is_pupil(at.word(at.index + 2)).then_some((at.index, class, at.index + 2))?
        }
    };
    let level = match class {
        1..=6 => School::Primary,
        7..=9 => School::Junior,
        10..=12 => School::Senior,
        _ => return None,
    };
    (!at.is_past_or_denied(first)).then_some(Read {
        first,
        last,
        level,
        class: Some(class),
        required: false,
    })
}

fn is_pupil(word: &str) -> bool {
    NEAR.meaning(word) == Some(Near::PupilEn)
}
