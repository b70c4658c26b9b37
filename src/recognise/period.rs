//! Per what a sum is paid: `/bulan`, `sebulan`, `per hari`, `gaji bulanan 5jt`.

use crate::entity::Period;
use crate::text::{Gap, NormalText};

/// How many words before a sum may name its period.
const REACH: usize = 4;

/// The period of the sum that ends at `end`, and where it ends with it.
/// `first` is the word the sum begins with and the byte from which words
/// before it are its own; `next` is the word behind it.
pub(super) fn period(
    view: &NormalText,
    first: (usize, usize),
    end: usize,
    next: usize,
) -> (Option<Period>, usize) {
    match behind(view, end, next) {
        Some((period, end)) => (Some(period), end),
        None => (before(view, first), end),
    }
}

fn behind(view: &NormalText, end: usize, next: usize) -> Option<(Period, usize)> {
    let rest = &view.as_str()[end..];
    // "Rp5.000.000,-" and "Rp5.000.000,00" are how a sum is closed.
    let rest = rest.strip_prefix(",-").unwrap_or(rest);
    let (rest, next) = match rest.strip_prefix(",00") {
        Some(rest) => (rest, next + 1),
        None => (rest, next),
    };
    let is_link = |byte: &u8| matches!(byte, b' ' | b'/' | b'-' | b'+');
    if rest.bytes().take(4).take_while(is_link).count() > 3 {
        return None;
    }
    let (named, n_words) = match word(view, next) {
        "per" | "a" | "an" | "tiap" | "setiap" | "each" => (word(view, next + 1), 2),
        first => (first, 1),
    };
    // "3 juta hari ini" is not a day's pay: without a slash or "per" only the
    // fused forms count.
    let marked = n_words == 2 || rest.trim_start_matches(' ').starts_with('/');
    let period = period_named(named, marked)?;
    Some((period, view.tokens()[next + n_words - 1].end as usize))
}

/// "gaji bulanan 5jt", "gaji/bulan: Rp 5 juta": stated before the sum.
fn before(view: &NormalText, (first, from): (usize, usize)) -> Option<Period> {
    let (text, tokens) = (view.as_str(), view.tokens());
    let words = (0..first).rev().take(REACH);
    // Neither behind a comma nor part of another sum.
    let words = words.take_while(|&index| {
        let (token, next) = (tokens[index], tokens[index + 1]);
        let between = &text[token.end as usize..next.start as usize];
        token.start as usize >= from
            && next.gap != Gap::Sentence
            && !between.contains(',')
            && !text.as_bytes()[token.start as usize].is_ascii_digit()
    });
    let mut periods = words.filter_map(|index| {
        let marked = index.checked_sub(1).is_some_and(|before| {
            let end = tokens[before].end as usize;
            let between = &text[end..tokens[index].start as usize];
            word(view, before) == "per" || between.contains('/')
        });
        period_named(word(view, index), marked)
    });
    periods.next()
}

fn period_named(word: &str, marked: bool) -> Option<Period> {
    // "per bulannya"
    let word = word.strip_suffix("nya").unwrap_or(word);
    Some(match word {
        "sebulan" | "perbulan" | "bulanan" | "monthly" | "pm" => Period::Month,
        "sehari" | "perhari" | "harian" | "daily" => Period::Day,
        "seminggu" | "perminggu" | "mingguan" | "weekly" => Period::Week,
        "setahun" | "pertahun" | "tahunan" | "yearly" | "annually" => Period::Year,
        "sejam" | "perjam" | "hourly" => Period::Hour,
        "bulan" | "bln" | "bl" | "month" | "mo" | "mth" if marked => Period::Month,
        "hari" | "hr" | "day" if marked => Period::Day,
        "minggu" | "mgg" | "week" if marked => Period::Week,
        "jam" | "hour" if marked => Period::Hour,
        "tahun" | "thn" | "th" | "year" | "annum" if marked => Period::Year,
        _ => return None,
    })
}

fn word(view: &NormalText, index: usize) -> &str {
    let token = view.tokens().get(index);
    token.map_or("", |token| view.word(*token))
}
