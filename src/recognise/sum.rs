//! Amounts of money as they are written: signs, digits, magnitudes, ranges.

use super::currency::{Currency, may_begin, named, repeated};
use super::read::{digits, goes_on, longest, sign, space};

/// What a number is multiplied with; "an" makes it a rough one.
const MAGNITUDES: [(&str, u64); 18] = [
    ("k", 1_000),
    ("rb", 1_000),
    ("rbu", 1_000),
    ("rban", 1_000),
    ("ribu", 1_000),
    ("ribuan", 1_000),
    ("rebu", 1_000),
    ("thousand", 1_000),
    ("jt", 1_000_000),
    ("jta", 1_000_000),
    ("jtan", 1_000_000),
    ("juta", 1_000_000),
    ("jutaan", 1_000_000),
    ("million", 1_000_000),
    ("mio", 1_000_000),
    METRES,
    ("milyar", MILYAR),
    ("miliar", MILYAR),
];
const MILYAR: u64 = 1_000_000_000;
/// Alone it is metres; it is milyar only with a currency.
const METRES: (&str, u64) = ("m", MILYAR);

/// Between the ends of a range.
const TO: [&str; 11] = [
    "-", "–", "~", "s/d", "sd", "s.d", "s.d.", "sampai", "sampe", "hingga", "to",
];

/// Most digits of a number without separators.
const MAX_DIGITS: usize = 9;

/// A sum as it is written, without the sign before it.
pub(super) struct Sum<'t> {
    low: Number<'t>,
    high: Option<Number<'t>>,
    /// The currency named behind it.
    pub(super) currency: Option<Currency>,
    pub(super) end: usize,
}

/// What multiplies a number, as written.
type Magnitude = (&'static str, u64);

/// Digits with their separators, and what the word behind multiplies them
/// with.
#[derive(Clone, Copy)]
struct Number<'t> {
    digits: &'t str,
    times: Option<Magnitude>,
}

/// Whether a number is nothing but digits that no sum goes on behind, as most
/// numbers are.
pub(super) fn is_bare(text: &str, at: usize) -> bool {
    let end = at + digits(text, at, MAX_DIGITS);
    let bytes = text.as_bytes();
    if let Some(b'.' | b',' | b'0'..=b'9') = bytes.get(end) {
        return false;
    }
    let behind = space(text, end);
    !bytes
        .get(behind)
        .is_some_and(|&first| may_go_on(first, bytes.get(behind + 1).copied().unwrap_or(b' ')))
}

/// Whether a magnitude, the rest of a range or the name of a currency may
/// begin with these two bytes; a test holds it against the tables.
fn may_go_on(first: u8, second: u8) -> bool {
    may_begin(first, second)
        || match first {
            b'-' | b'~' => true,
            // A word by itself, with which another may be fused.
            b'k' => !matches!(second, b'a' | b'e' | b'i' | b'o' | b'l' | b'n' | b'g'),
            b'm' => !matches!(second, b'a' | b'e' | b'o' | b'l' | b'n' | b'g'),
            b'r' => second == b'b',
            b'j' => matches!(second, b't' | b'u'),
            b's' => matches!(second, b'/' | b'd' | b'.'),
            b'h' => second == b'i',
            b't' => second == b'o',
            _ => false,
        }
}

/// The sum whose number begins at `at`, behind a sign of `signed`.
///
/// Readings are tried longest first; one that would end inside a word gives
/// way to a shorter one.
pub(super) fn sum<'t>(text: &'t str, at: usize, signed: Option<&str>) -> Option<Sum<'t>> {
    numbers(text, at, |low, end| {
        range(text, low, end, signed).or_else(|| {
            let high = None;
            named(text, end).map(|(currency, end)| Sum {
                low,
                high,
                currency,
                end,
            })
        })
    })
}

/// The upper end of a range behind its lower one.
fn range<'t>(text: &'t str, low: Number<'t>, at: usize, signed: Option<&str>) -> Option<Sum<'t>> {
    let at = space(text, at);
    let (b'-' | b'~' | b's' | b'h' | b't' | 0x80..) = *text.as_bytes().get(at)? else {
        return None;
    };
    let at = space(text, longest(text, at, &TO)?);
    let sign_len = repeated(text, at, signed);
    let at = space(text, at + sign_len);
    let at = space(text, sign(text, at, b'.'));
    numbers(text, at, |high, end| {
        let (currency, end) = named(text, end)?;
        Some(Sum {
            low,
            high: Some(high),
            currency,
            end,
        })
    })
}

/// The first reading of the number at `at`, with or without a magnitude, that
/// `then` can go on from.
fn numbers<'t>(
    text: &'t str,
    at: usize,
    then: impl Fn(Number<'t>, usize) -> Option<Sum<'t>>,
) -> Option<Sum<'t>> {
    ends(text, at).into_iter().flatten().find_map(|end| {
        let digits = &text[at..end];
        let behind = space(text, end);
        let fits = matches!(
            text.as_bytes().get(behind),
            Some(b'k' | b'r' | b'j' | b'm' | b't')
        );
        let mut magnitudes = MAGNITUDES.iter().filter(|_| fits);
        let magnified = magnitudes.find_map(|magnitude| {
            let word = magnitude.0;
            goes_on(text, behind, word).then_some(())?;
            let times = Some(*magnitude);
            then(Number { digits, times }, behind + word.len())
        });
        let times = None;
        magnified.or_else(|| then(Number { digits, times }, end))
    })
}

/// Where the number at `at` may end, best first: with all of its thousands,
/// with one group less, with decimals, as plain digits.
fn ends(text: &str, at: usize) -> [Option<usize>; 4] {
    let n = digits(text, at, MAX_DIGITS + 1);
    let separated = |at: usize| matches!(text.as_bytes().get(at), Some(b'.' | b','));
    let mut ends = [None; 4];
    if n == 0 || n > MAX_DIGITS {
        return ends;
    }
    let mut end = at + n;
    ends[3] = Some(end);
    if !separated(end) {
        return ends;
    }
    let decimals = digits(text, end + 1, 3);
    ends[2] = Some(end + 1 + decimals).filter(|_| (1..=2).contains(&decimals));
    while n <= 3 && separated(end) && digits(text, end + 1, 4) == 3 {
        end += 4;
        ends[1] = ends[0];
        ends[0] = Some(end);
    }
    ends
}

impl Sum<'_> {
    /// The lowest and the highest amount; `signed` when a currency stands
    /// before it.
    pub(super) fn amounts(&self, signed: bool) -> Option<(u64, u64)> {
        let of_high = self.high.and_then(|high| high.times);
        let times = self.low.times.or(of_high);
        if !signed && self.currency.is_none() && times.is_none_or(|times| times == METRES) {
            return None;
        }
        let worth = |times: Option<Magnitude>| times.map(|(_, times)| times);
        let min = amount(self.low.digits, worth(times))?;
        let max = match self.high {
            Some(high) => amount(high.digits, worth(high.times.or(times)))?,
            None => min,
        };
        (min > 0).then_some((min.min(max), min.max(max)))
    }
}

/// Indonesian writes `1.500.000` and `1,5`; English the other way round. Three
/// digits behind a separator are thousands, fewer are decimals.
fn amount(digits: &str, times: Option<u64>) -> Option<u64> {
    let mut value: u64 = 0;
    let mut decimals = None;
    for byte in digits.bytes() {
        if byte.is_ascii_digit() {
            value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
            decimals = decimals.map(|n| n + 1);
        } else {
            decimals = Some(0);
        }
    }
    let value = value.checked_mul(times.unwrap_or(1))?;
    Some(match decimals {
        Some(1) => value / 10,
        Some(2) => value / 100,
        _ => value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_with_a_word_of_the_tables_behind_is_bare() {
        for word in TO.into_iter().chain(MAGNITUDES.map(|row| row.0)) {
            for text in [format!("5{word}"), format!("5 {word} 6")] {
                assert!(!is_bare(&text, 0), "{text}");
            }
        }
        for text in ["5 kamar", "2017", "3 bulan", "5", "10 menit"] {
            assert!(is_bare(text, 0), "{text}");
        }
    }
}
