//! Sums of money: `Rp15.000.000`, `15-20 juta/bulan`, `US$1,000`, `rm 4500`.
//!
//! Amounts are whole units of their currency. An amount without a currency
//! sign counts only with an Indonesian magnitude word (`rb`, `jt`), because a
//! bare number is a model, a size or a street.

use super::cue::{Cue, Kind};
use super::read::begins_word;
use super::sum::{Sum, is_bare, sign_before, sum};
use super::{Found, first_after};
use crate::entity::{Period, Value};
use crate::span::Span;
use crate::text::NormalText;

/// Adds the prices of a view.
pub(super) fn prices(view: &NormalText, cues: &[Cue], found: &mut Vec<Found>) {
    let text = view.as_str();
    // What was read is not read again as part of something else.
    let mut done = 0;
    for &cue in cues {
        let Some(at) = number_of(text, cue).filter(|at| *at >= done) else {
            continue;
        };
        let sign = sign_before(text, at, done);
        if sign.is_none() && (is_bare(text, at) || !begins_word(text, at)) {
            continue;
        }
        let Some(sum) = sum(text, at, sign.map(|(_, code)| code)) else {
            continue;
        };
        done = sum.end;
        let (start, currency) = match sign {
            Some((start, currency)) => (start, Some(currency)),
            None => (at, sum.currency),
        };
        if is_part_of_a_longer_number(text, start) {
            continue;
        }
        found.extend(price(view, cue, start, currency, &sum));
    }
}

/// Where the number of a cue begins.
fn number_of(text: &str, cue: Cue) -> Option<usize> {
    let start = cue.start as usize;
    match cue.kind {
        Kind::Number => Some(start),
        // A sign may be fused with its number; none is longer than five.
        Kind::Mixed => {
            (start + 1..text.len().min(start + 6)).find(|at| text.as_bytes()[*at].is_ascii_digit())
        }
        Kind::Word(_) => None,
    }
}

fn price(
    view: &NormalText,
    cue: Cue,
    start: usize,
    currency: Option<&'static str>,
    sum: &Sum<'_>,
) -> Option<Found> {
    let (min, max) = sum.amounts(currency.is_some())?;
    let next = first_after(view, cue.token, sum.end);
    if is_a_measure(word(view, next)) {
        return None;
    }
    let (period, end) = period(view, sum.end, next);
    let value = Value::Price {
        min,
        max,
        currency: currency.unwrap_or("IDR"),
        period,
    };
    let span = Span::new(start, end);
    Some(Found { span, value })
}

/// `0812.345…` cut in the middle, or a decimal of something else.
fn is_part_of_a_longer_number(text: &str, start: usize) -> bool {
    match &text.as_bytes()[..start] {
        [.., digit, b'.' | b',' | b'-'] => digit.is_ascii_digit(),
        [.., last] => last.is_ascii_digit() || *last == b'+',
        [] => false,
    }
}

/// "5 k" of a run, "17 rb orang": a count of things, not a sum.
fn is_a_measure(next: &str) -> bool {
    matches!(
        next,
        "orang" | "pcs" | "km" | "kg" | "followers" | "follower" | "views" | "mah" | "watt"
    )
}

fn word(view: &NormalText, index: usize) -> &str {
    let token = view.tokens().get(index);
    token.map_or("", |token| view.word(*token))
}

/// The period a sum is paid for, and where it ends; `next` is the word behind
/// the sum.
fn period(view: &NormalText, end: usize, next: usize) -> (Option<Period>, usize) {
    let rest = &view.as_str()[end..];
    // "Rp5.000.000,-" and "Rp5.000.000,00" are how a sum is closed.
    let rest = rest.strip_prefix(",-").unwrap_or(rest);
    let (rest, next) = match rest.strip_prefix(",00") {
        Some(rest) => (rest, next + 1),
        None => (rest, next),
    };
    let is_link = |byte: &u8| matches!(byte, b' ' | b'/' | b'-' | b'+');
    if rest.bytes().take(4).take_while(is_link).count() > 3 {
        return (None, end);
    }
    let (named, n_words) = match word(view, next) {
        "per" | "a" | "tiap" | "setiap" | "each" => (word(view, next + 1), 2),
        first => (first, 1),
    };
    // "3 juta hari ini" is not a day's pay: without a slash or "per" only the
    // fused forms count.
    let marked = n_words == 2 || rest.trim_start().starts_with('/');
    if let Some(period) = period_named(named, marked) {
        let last = view.tokens()[next + n_words - 1];
        return (Some(period), last.end as usize);
    }
    // "gaji bulanan 5jt": stated before the sum.
    let before = view.tokens()[..next].iter().rev();
    let before = before.filter(|token| token.end as usize <= end).take(5);
    let mut before = before.map(|token| view.word(*token));
    let monthly = before.any(|word| matches!(word, "bulanan" | "perbulan"));
    (monthly.then_some(Period::Month), end)
}

fn period_named(word: &str, marked: bool) -> Option<Period> {
    Some(match word {
        "sebulan" | "perbulan" | "monthly" | "pm" => Period::Month,
        "sehari" | "perhari" | "daily" => Period::Day,
        "seminggu" | "perminggu" | "weekly" => Period::Week,
        "setahun" | "pertahun" | "yearly" => Period::Year,
        "bulan" | "bln" | "month" | "mo" if marked => Period::Month,
        "hari" | "hr" | "day" if marked => Period::Day,
        "minggu" | "mgg" | "week" if marked => Period::Week,
        "jam" | "hour" if marked => Period::Hour,
        "tahun" | "thn" | "year" if marked => Period::Year,
        _ => return None,
    })
}
