//! Sums of money: `Rp15.000.000`, `15-20 juta/bulan`, `US$1,000`, `rm 4500`.
//!
//! Amounts are whole units of their currency. An amount without a currency
//! sign counts only with an Indonesian magnitude word (`rb`, `jt`), because a
//! bare number is a model, a size or a street.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Found, words_after, words_before};
use crate::entity::{Period, Value};
use crate::span::Span;
use crate::text::NormalText;

static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)(?:(?P<sign>rp|idr|us\$|usd|\$|rm|myr|sgd|s\$|thb|nt\$|sar|aed)\s?\.?\s?)?",
        r"(?P<lo>\d{1,3}(?:[.,]\d{3})+|\d{1,9}(?:[.,]\d{1,2})?)",
        r"(?:\s?(?P<lomag>k|rb|rbu|ribu|jt|jta|juta|m))?",
        r"(?:\s?(?:-|–|s/d|sd|sampai|hingga|to)\s?(?:rp|idr|us\$|usd|\$|rm)?\s?\.?\s?",
        r"(?P<hi>\d{1,3}(?:[.,]\d{3})+|\d{1,9}(?:[.,]\d{1,2})?)(?:\s?(?P<himag>k|rb|rbu|ribu|jt|jta|juta|m))?)?",
        r"(?:\s?(?P<name>usd|dolar|dollars?|ringgit|rm|baht|riyal|dirham|rupiah)(?-u:\b))?(?-u:\b|$)",
    ))
    .expect("a fixed pattern")
});

/// Adds the prices of a view.
pub(super) fn prices(view: &NormalText, found: &mut Vec<Found>) {
    for captures in PRICE.captures_iter(view.as_str()) {
        let whole = captures.get(0).expect("group 0 always takes part");
        if is_part_of_a_longer_number(view.as_str(), whole.start()) {
            continue;
        }
        let Some((min, max, currency)) = amounts(&captures) else {
            continue;
        };
        let text = whole.as_str().trim_end();
        let end = whole.start() + text.len();
        if is_a_measure(view, end) {
            continue;
        }
        let (period, end) = period(view, end);
        let span = Span::new(whole.start(), end);
        found.push(Found {
            span,
            value: Value::Price {
                min,
                max,
                currency,
                period,
            },
        });
    }
}

/// `0812.345…` cut in the middle, or a decimal of something else.
fn is_part_of_a_longer_number(text: &str, start: usize) -> bool {
    let before = &text.as_bytes()[..start];
    match before {
        [.., digit, b'.' | b',' | b'-'] => digit.is_ascii_digit(),
        [.., last] => last.is_ascii_digit() || *last == b'+',
        [] => false,
    }
}

fn amounts(captures: &Captures<'_>) -> Option<(u64, u64, &'static str)> {
    let text = |name: &str| captures.name(name).map(|group| group.as_str());
    let himag = text("himag");
    let lomag = text("lomag").or(himag);
    let signed = text("sign").or(text("name"));
    let currency = match signed {
        Some("us$" | "usd" | "$" | "dolar" | "dollar" | "dollars") => "USD",
        Some("rm" | "myr" | "ringgit") => "MYR",
        Some("sgd" | "s$") => "SGD",
        Some("thb" | "baht") => "THB",
        Some("nt$") => "TWD",
        Some("sar" | "riyal") => "SAR",
        Some("aed" | "dirham") => "AED",
        Some(_) => "IDR",
        None => "IDR",
    };
    // "m" alone is metres; it is milyar only behind rupiah.
    if signed.is_none() && (lomag.is_none() || lomag == Some("m")) {
        return None;
    }
    let min = amount(text("lo")?, lomag)?;
    let max = match text("hi") {
        Some(high) => amount(high, himag.or(lomag))?,
        None => min,
    };
    (min > 0).then_some((min.min(max), min.max(max), currency))
}

/// Indonesian writes `1.500.000` and `1,5`; English the other way round. Three
/// digits behind a separator are thousands, fewer are decimals.
fn amount(digits: &str, magnitude: Option<&str>) -> Option<u64> {
    let factor: u64 = match magnitude {
        Some("k" | "rb" | "rbu" | "ribu") => 1_000,
        Some("jt" | "jta" | "juta") => 1_000_000,
        Some("m") => 1_000_000_000,
        _ => 1,
    };
    let decimals = digits
        .rfind(['.', ','])
        .map_or(0, |at| digits.len() - at - 1);
    let plain: String = digits.chars().filter(char::is_ascii_digit).collect();
    let value: u64 = plain.parse().ok()?;
    match decimals {
        1 => value.checked_mul(factor).map(|value| value / 10),
        2 => value.checked_mul(factor).map(|value| value / 100),
        _ => value.checked_mul(factor),
    }
}

/// "5 k" of a run, "17 rb orang": a count of things, not a sum.
fn is_a_measure(view: &NormalText, end: usize) -> bool {
    words_after(view, end, 1).any(|word| {
        matches!(
            word,
            "orang" | "pcs" | "km" | "kg" | "followers" | "follower" | "views" | "mah" | "watt"
        )
    })
}

/// The period a sum is paid for, and where it ends.
fn period(view: &NormalText, end: usize) -> (Option<Period>, usize) {
    let rest = &view.as_str()[end..];
    let start = rest.len() - rest.trim_start_matches([' ', '/', '-', '+']).len();
    if rest[..start].len() > 3 {
        return (None, end);
    }
    let mut words = words_after(view, end, 2);
    let first = words.next().unwrap_or("");
    let (word, n_words) = match first {
        "per" | "a" | "tiap" | "setiap" | "each" => (words.next().unwrap_or(""), 2),
        _ => (first, 1),
    };
    // "3 juta hari ini" is not a day's pay: without a slash or "per" only the
    // fused forms count.
    let marked = n_words == 2 || rest.trim_start().starts_with('/');
    let period = match word {
        "sebulan" | "perbulan" | "monthly" | "pm" => Some(Period::Month),
        "sehari" | "perhari" | "daily" => Some(Period::Day),
        "seminggu" | "perminggu" | "weekly" => Some(Period::Week),
        "setahun" | "pertahun" | "yearly" => Some(Period::Year),
        "bulan" | "bln" | "month" | "mo" if marked => Some(Period::Month),
        "hari" | "hr" | "day" if marked => Some(Period::Day),
        "minggu" | "mgg" | "week" if marked => Some(Period::Week),
        "jam" | "hour" | "hr." if marked => Some(Period::Hour),
        "tahun" | "thn" | "year" if marked => Some(Period::Year),
        _ => None,
    };
    if period.is_none() {
        // "gaji bulanan 5jt": stated before the sum.
        let before = words_before(view, end, 5).any(|word| matches!(word, "bulanan" | "perbulan"));
        return (before.then_some(Period::Month), end);
    }
    let first = view
        .tokens()
        .partition_point(|token| (token.start as usize) < end);
    (period, view.tokens()[first + n_words - 1].end as usize)
}
