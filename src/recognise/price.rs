//! Sums of money: `Rp15.000.000`, `15-20 juta/bulan`, `US$1,000`, `rm 4500`,
//! `dua puluh juta`, `gocap`.
//!
//! Amounts are whole units of their currency. An amount without a currency
//! sign counts only with a magnitude word (`rb`, `jt`), because a bare number
//! is a model, a size or a street.

use super::cue::{Cue, Kind};
use super::currency::{Currency, RUPIAH, named, sign_before};
use super::number;
use super::period::period;
use super::read::{begins_word, space, whole};
use super::sum::{Sum, is_bare, sum};
use super::words::Word;
use super::{Found, first_after};
use crate::entity::Value;
use crate::span::Span;
use crate::text::NormalText;

/// Adds the prices of a view.
pub(super) fn prices(view: &NormalText, cues: &[Cue], found: &mut Vec<Found>) {
    // What was read is not read again as part of something else.
    let mut done = 0;
    for &cue in cues {
        let from = done;
        let amount = match cue.kind {
            Kind::Word(_) if (cue.start as usize) < done => None,
            Kind::Word(Word::Money(amount)) => Some(of_the_street(view.as_str(), cue, amount)),
            Kind::Word(Word::Digit(_) | Word::Stem(_) | Word::Number | Word::Amount) => {
                in_words(view, cue)
            }
            Kind::Word(_) => None,
            Kind::Number | Kind::Mixed => in_digits(view.as_str(), cue, &mut done),
        };
        if let Some(read) = amount.and_then(|amount| price(view, cue, &amount, from)) {
            done = done.max(read.span.end as usize);
            found.push(read);
        }
    }
}

/// A sum without its period.
struct Amount {
    start: usize,
    end: usize,
    min: u64,
    max: u64,
    currency: Option<Currency>,
}

fn in_digits(text: &str, cue: Cue, done: &mut usize) -> Option<Amount> {
    let at = number_of(text, cue).filter(|at| at >= done)?;
    let sign = sign_before(text, at, *done);
    if sign.is_none() && (is_bare(text, at) || !begins_word(text, at)) {
        return None;
    }
    let sum: Sum<'_> = sum(text, at, sign.map(|(_, currency)| currency.code))?;
    *done = sum.end;
    let (start, currency) = match sign {
        Some((start, currency)) => (start, Some(currency)),
        None => (at, sum.currency),
    };
    if is_part_of_a_longer_number(text, start) {
        return None;
    }
    let (min, max) = sum.amounts(currency.is_some())?;
    Some(Amount {
        start,
        end: sum.end,
        min,
        max,
        currency,
    })
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

/// `dua puluh juta`, `lima ratus ringgit`.
fn in_words(view: &NormalText, cue: Cue) -> Option<Amount> {
    let text = view.as_str();
    let start = cue.start as usize;
    let (total, has_magnitude, end) = number::amount(text, start)?;
    let (currency, behind) = named(text, end)?;
    // "seribu satu malam", "dua ribu sepuluh": a title, a year.
    let is_round = total % 100 == 0;
    if currency.is_none() && !(has_magnitude && is_round) {
        return None;
    }
    let before = cue
        .token
        .checked_sub(1)
        .map_or("", |index| word(view, index as usize));
    if matches!(before, "pulau" | "kepulauan" | "tahun" | "thn") {
        return None;
    }
    Some(Amount {
        start,
        end: behind,
        min: total,
        max: total,
        currency,
    })
}

/// Money words of Jakarta. Those of a hundred and less are said of thousands
/// today: nobody advertises for fifty rupiah.
fn of_the_street(text: &str, cue: Cue, amount: u64) -> Amount {
    let start = cue.start as usize;
    let end = start
        + text[start..]
            .bytes()
            .take_while(u8::is_ascii_lowercase)
            .count();
    let thousands = whole(text, space(text, end), &["ribu", "rb"]);
    Amount {
        start,
        end: thousands
            .filter(|_| amount.is_multiple_of(50_000))
            .unwrap_or(end),
        min: amount,
        max: amount,
        currency: None,
    }
}

/// The sum with its period, unless it counts something else; `from` is where
/// the sum before ends.
fn price(view: &NormalText, cue: Cue, amount: &Amount, from: usize) -> Option<Found> {
    let Amount {
        start, min, max, ..
    } = *amount;
    let next = first_after(view, cue.token, amount.end);
    let is_run = || {
        let before = cue
            .token
            .checked_sub(1)
            .map_or("", |index| word(view, index as usize));
        matches!(before, "lari" | "run" | "marathon" | "race" | "km")
    };
    let least = amount.currency.map_or(0, |currency| currency.least);
    if min < least || is_a_measure(word(view, next)) || is_run() {
        return None;
    }
    let (period, end) = period(
        view,
        (cue.token as usize, from.min(start)),
        amount.end,
        next,
    );
    let value = Value::Price {
        min,
        max,
        currency: amount.currency.map_or(RUPIAH, |currency| currency.code),
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
    const THINGS: [&str; 48] = [
        "orang",
        "org",
        "pcs",
        "km",
        "kg",
        "ton",
        "meter",
        "followers",
        "follower",
        "pengikut",
        "views",
        "view",
        "viewers",
        "likes",
        "like",
        "subscriber",
        "subscribers",
        "mah",
        "watt",
        "penduduk",
        "pengguna",
        "user",
        "users",
        "langkah",
        "karyawan",
        "pekerja",
        "umat",
        "jiwa",
        "pelamar",
        "peserta",
        "anggota",
        "member",
        "pasien",
        "korban",
        "warga",
        "people",
        "persons",
        "kata",
        "kali",
        "lembar",
        "unit",
        "buah",
        "liter",
        "kilometer",
        "tahun",
        "years",
        "rumah",
        "keluarga",
    ];
    THINGS.contains(&next)
}

fn word(view: &NormalText, index: usize) -> &str {
    let token = view.tokens().get(index);
    token.map_or("", |token| view.word(*token))
}
