//! Ages of persons, with everything that only looks like one taken out.
//!
//! The guards are the token lists of the research (indicators.md 2.1): clock
//! times, prices, ordinals, prison terms, guarantees, job experience. A range
//! (`usia 18-35`, `min. 17 thn`) is reported as a range, never as somebody's
//! age, and "umr" is the minimum wage.

use super::cue::Cue;
use super::guards::{AFTER, BEFORE, INFANT, LIMITS, Limit, Not, ORDINAL};
use super::read::{begins_word, spaces};
use super::years::{Read, Told, read};
use super::{Found, first_after};
use crate::entity::Value;
use crate::span::Span;
use crate::text::{Gap, NormalText};

/// Adds the ages of a view.
pub(super) fn ages(view: &NormalText, cues: &[Cue], found: &mut Vec<Found>) {
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
        if let Some((min, max, range)) = told(view, cue, &read) {
            let span = Span::new(start, read.end);
            push(found, span, min, max, range);
        }
    }
}

/// The youngest and the oldest age that was told and whether it is a range,
/// unless it is something else.
fn told(view: &NormalText, cue: Cue, read: &Read) -> Option<(u16, u16, bool)> {
    let (Told::Age(age) | Told::Fused(age) | Told::Labelled(age)) = read.told else {
        let Told::Range(min, max) = read.told else {
            return None;
        };
        let is_infant = is_in_months(view, cue, read.end);
        return (!is_infant).then_some((min, max, true));
    };
    if is_something_else(view, cue, read) {
        return None;
    }
    Some(match limit(view, cue, read.end) {
        Some(Limit::Least) => (age, 99, true),
        Some(Limit::Most) => (0, age, true),
        None => (age, age, false),
    })
}

fn push(found: &mut Vec<Found>, span: Span, min: u16, max: u16, range: bool) {
    let youngest = if min == 0 { max } else { min };
    if (5..=99).contains(&youngest) && max <= 99 && min <= max {
        let value = Value::Age {
            min: min as u8,
            max: max as u8,
            range,
        };
        found.push(Found { span, value });
    }
}

/// `1.17 th`, `3-17 th`, `ke-17 th`: the tail of another number, an ordinal.
fn preceded_by_a_number(text: &str, start: usize) -> bool {
    let before = &text.as_bytes()[..start];
    matches!(before, [.., b'0'..=b'9', b'.' | b',' | b':' | b'/' | b'-'])
        || before.ends_with(b"ke-")
}

/// The indexes of up to `n` words before a cue in its sentence, nearest first.
fn before(view: &NormalText, cue: Cue, n: usize) -> impl Iterator<Item = usize> {
    let tokens = view.tokens();
    let at = cue.token as usize;
    (0..at)
        .rev()
        .take(n)
        // "min." ends no sentence.
        .take_while(move |&index| {
            tokens[index + 1].gap != Gap::Sentence || LIMITS.meaning_in(view, index).is_some()
        })
}

/// The indexes of up to `n` words behind byte `end` in its sentence.
fn behind(view: &NormalText, cue: Cue, end: usize, n: usize) -> impl Iterator<Item = usize> {
    let tokens = view.tokens();
    let next = first_after(view, cue.token, end);
    (next..tokens.len())
        .take(n)
        .take_while(move |index| tokens[*index].gap != Gap::Sentence)
}

/// Whether months or days follow an age.
fn is_in_months(view: &NormalText, cue: Cue, end: usize) -> bool {
    behind(view, cue, end, 1).any(|index| INFANT.meaning_in(view, index).is_some())
}

fn is_something_else(view: &NormalText, cue: Cue, read: &Read) -> bool {
    let is_labelled = matches!(read.told, Told::Labelled(_));
    let is_fused = matches!(read.told, Told::Fused(_));
    let mut not = before(view, cue, 3).filter_map(|index| BEFORE.meaning_in(view, index));
    let mut after = behind(view, cue, read.end, 2);
    // A label says that it is an age, but not whose: "perusahaan berusia 25".
    not.any(|not| not == Not::Person || !is_labelled)
        || after.any(|index| AFTER.meaning_in(view, index).is_some())
        || is_labelled && is_in_months(view, cue, read.end)
        || is_fused && before(view, cue, 1).any(|index| ORDINAL.meaning_in(view, index).is_some())
}

/// Whether the age is one end of a range: "min 18 th", "usia 21 +", "18 tahun
/// ke atas".
fn limit(view: &NormalText, cue: Cue, end: usize) -> Option<Limit> {
    let mut before = before(view, cue, 2).filter_map(|index| LIMITS.meaning_in(view, index));
    if let Some(limit) = before.next() {
        return Some(limit);
    }
    let text = view.as_str();
    if text[spaces(text, end)..].starts_with('+') {
        return Some(Limit::Least);
    }
    let word = |index: usize| view.word(view.tokens()[index]);
    let words: Vec<&str> = behind(view, cue, end, 3).map(word).collect();
    let words = match words.as_slice() {
        ["th" | "thn" | "tahun" | "years", rest @ ..] => rest,
        all => all,
    };
    match words {
        ["keatas", ..]
        | ["ke", "atas", ..]
        | ["and" | "or", "above" | "over" | "older" | "up", ..] => Some(Limit::Least),
        ["kebawah", ..]
        | ["ke", "bawah", ..]
        | ["and" | "or", "below" | "under" | "younger", ..] => Some(Limit::Most),
        _ => None,
    }
}
