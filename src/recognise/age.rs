//! Ages of persons, with everything that only looks like one taken out.
//!
//! The guards are the token lists of the research (indicators.md 2.1): clock
//! times, prices, ordinals, prison terms, guarantees, job experience. A range
//! (`usia 18-35`) is reported as a range, never as somebody's age, and "umr"
//! is the minimum wage.

use jiff::Timestamp;

use super::cue::Cue;
use super::guards::{AFTER, BEFORE, INFANT, LIMITS};
use super::read::{begins_word, spaces};
use super::years::{Read, Told, read};
use super::{Found, first_after};
use crate::entity::Value;
use crate::span::Span;
use crate::text::NormalText;

/// Adds the ages of a view.
pub(super) fn ages(
    view: &NormalText,
    cues: &[Cue],
    published_at: Option<Timestamp>,
    found: &mut Vec<Found>,
) {
    let text = view.as_str();
    // What was read is not read again as part of something else.
    let mut done = 0;
    for &cue in cues {
        let start = cue.start as usize;
        if start < done || !begins_word(text, start) {
            continue;
        }
        let Some(read) = read(text, start, cue.kind) else {
            continue;
        };
        done = read.end;
        if preceded_by_a_number(text, start) {
            continue;
        }
        if let Some((min, max, range)) = told(view, cue, &read, published_at) {
            let span = Span::new(start, read.end);
            push(found, span, min, max, range);
        }
    }
}

/// The youngest and the oldest age that was told and whether it is a range,
/// unless it is something else.
fn told(
    view: &NormalText,
    cue: Cue,
    read: &Read,
    published_at: Option<Timestamp>,
) -> Option<(u16, u16, bool)> {
    let age = match read.told {
        Told::Range(min, max) => return Some((min, max, true)),
        Told::Age(age) | Told::Labelled(age) => age,
        Told::Born(year) => {
            let at = jiff::tz::TimeZone::UTC.to_datetime(published_at?);
            u16::try_from(at.year()).unwrap_or(0).saturating_sub(year)
        }
    };
    let labelled = matches!(read.told, Told::Labelled(_));
    if is_something_else(view, cue, read.end, labelled) {
        return None;
    }
    let is_limit = before(cue, 2).any(|index| LIMITS.meaning_in(view, index).is_some())
        || view.as_str()[spaces(view.as_str(), read.end)..].starts_with('+');
    Some((age, if is_limit { 99 } else { age }, is_limit))
}

fn push(found: &mut Vec<Found>, span: Span, min: u16, max: u16, range: bool) {
    if (5..=99).contains(&min) && max <= 99 && min <= max {
        let value = Value::Age {
            min: min as u8,
            max: max as u8,
            range,
        };
        found.push(Found { span, value });
    }
}

/// `1.17 th`, `3-17 th`: the tail of another number.
fn preceded_by_a_number(text: &str, start: usize) -> bool {
    let before = &text.as_bytes()[..start];
    matches!(before, [.., b'0'..=b'9', b'.' | b',' | b':' | b'/' | b'-'])
}

/// The indexes of up to `n` words before a cue, nearest first.
fn before(cue: Cue, n: usize) -> impl Iterator<Item = usize> {
    (0..cue.token as usize).rev().take(n)
}

fn is_something_else(view: &NormalText, cue: Cue, end: usize, labelled: bool) -> bool {
    let next = first_after(view, cue.token, end);
    let rest = next..view.tokens().len();
    before(cue, 3).any(|index| BEFORE.meaning_in(view, index).is_some())
        || (rest.clone().take(2)).any(|index| AFTER.meaning_in(view, index).is_some())
        || labelled && (rest.take(1)).any(|index| INFANT.meaning_in(view, index).is_some())
}
