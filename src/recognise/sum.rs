//! Amounts of money as they are written: signs, digits, magnitudes, ranges.

use super::read::{begins_word, digits, ends_word, goes_on, longest, sign, space};

/// Signs before a number. The ones that end in another come first.
const SIGNS: [(&str, &str); 17] = [
    ("us$", "USD"),
    ("nt$", "TWD"),
    ("hk$", "HKD"),
    ("s$", "SGD"),
    ("$", "USD"),
    ("rp", "IDR"),
    ("idr", "IDR"),
    ("usd", "USD"),
    ("rm", "MYR"),
    ("myr", "MYR"),
    ("sgd", "SGD"),
    ("thb", "THB"),
    ("hkd", "HKD"),
    ("sar", "SAR"),
    ("aed", "AED"),
    ("cny", "CNY"),
    ("rmb", "CNY"),
];

/// Names behind a number.
const NAMES: [(&str, &str); 13] = [
    ("usd", "USD"),
    ("dolar", "USD"),
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("ringgit", "MYR"),
    ("rm", "MYR"),
    ("baht", "THB"),
    ("riyal", "SAR"),
    ("dirham", "AED"),
    ("rupiah", "IDR"),
    ("yuan", "CNY"),
    ("rmb", "CNY"),
    ("cny", "CNY"),
];

/// What a number is multiplied with.
const MAGNITUDES: [(&str, u64); 8] = [
    ("k", 1_000),
    ("rb", 1_000),
    ("rbu", 1_000),
    ("ribu", 1_000),
    ("jt", 1_000_000),
    ("jta", 1_000_000),
    ("juta", 1_000_000),
    ("m", MILYAR),
];
const MILYAR: u64 = 1_000_000_000;

/// Between the ends of a range.
const TO: [&str; 7] = ["-", "–", "s/d", "sd", "sampai", "hingga", "to"];

/// Most digits of a number without separators.
const MAX_DIGITS: usize = 9;

/// A sum as it is written, without the sign before it.
pub(super) struct Sum<'t> {
    low: Number<'t>,
    high: Option<Number<'t>>,
    /// The currency named behind it.
    pub(super) currency: Option<&'static str>,
    pub(super) end: usize,
}

/// Digits with their separators, and what the word behind multiplies them
/// with.
#[derive(Clone, Copy)]
struct Number<'t> {
    digits: &'t str,
    times: Option<u64>,
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
    match first {
        b'-' | 0x80.. => true,
        // A word by itself, with which another may be fused.
        b'k' | b'm' => !matches!(second, b'a' | b'e' | b'i' | b'o' | b'l' | b'n' | b'g'),
        b'r' => matches!(second, b'b' | b'i' | b'm' | b'u'),
        b'j' => matches!(second, b't' | b'u'),
        b's' => matches!(second, b'/' | b'd' | b'a'),
        b'd' => matches!(second, b'o' | b'i'),
        b'h' => second == b'i',
        b't' => second == b'o',
        b'u' => second == b's',
        b'b' => second == b'a',
        b'y' => second == b'u',
        b'c' => second == b'n',
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
    let (b'-' | b's' | b'h' | b't' | 0x80..) = *text.as_bytes().get(at)? else {
        return None;
    };
    let at = space(text, longest(text, at, &TO)?);
    let may_repeat = |sign: &str, code: &str| {
        signed == Some(code) || matches!(sign, "rp" | "idr" | "us$" | "usd" | "$" | "rm")
    };
    let sign_len = SIGNS
        .iter()
        .find(|(sign, code)| goes_on(text, at, sign) && may_repeat(sign, code))
        .map_or(0, |(sign, _)| sign.len());
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
        let fits = matches!(text.as_bytes().get(behind), Some(b'k' | b'r' | b'j' | b'm'));
        let mut magnitudes = MAGNITUDES.iter().filter(|_| fits);
        let magnified = magnitudes.find_map(|(word, times)| {
            goes_on(text, behind, word).then_some(())?;
            let times = Some(*times);
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

/// The currency named at `at`, if any, and where it ends; nothing when a word
/// would be cut.
fn named(text: &str, at: usize) -> Option<(Option<&'static str>, usize)> {
    let behind = space(text, at);
    if let Some(b'b' | b'c' | b'd' | b'r' | b'u' | b'y') = text.as_bytes().get(behind) {
        let mut names = NAMES.iter().map(|(name, code)| (name, *code));
        let name = names
            .find(|(name, _)| goes_on(text, behind, name) && ends_word(text, behind + name.len()));
        if let Some((name, code)) = name {
            return Some((Some(code), behind + name.len()));
        }
    }
    ends_word(text, at).then_some((None, at))
}

/// The sign before the number at `at`, not reaching before `from`: where it
/// begins, and its currency.
pub(super) fn sign_before(text: &str, at: usize, from: usize) -> Option<(usize, &'static str)> {
    let without = |before: &[u8], bytes: &[u8]| match before.last() {
        Some(last) if bytes.contains(last) => before.len() - 1,
        _ => before.len(),
    };
    let mut before = &text.as_bytes()[from..at];
    for bytes in [&b" \n"[..], b".", b" \n"] {
        before = &before[..without(before, bytes)];
    }
    let last @ (b'$' | b'b' | b'd' | b'm' | b'p' | b'r' | b'y') = *before.last()? else {
        return None;
    };
    SIGNS.iter().find_map(|(sign, code)| {
        let sign = sign.as_bytes();
        if sign.last() != Some(&last) || !before.ends_with(sign) {
            return None;
        }
        let start = from + before.len() - sign.len();
        (sign == b"$" || begins_word(text, start)).then_some((start, *code))
    })
}

impl Sum<'_> {
    /// The lowest and the highest amount; `signed` when a currency stands
    /// before it.
    pub(super) fn amounts(&self, signed: bool) -> Option<(u64, u64)> {
        let of_high = self.high.and_then(|high| high.times);
        let times = self.low.times.or(of_high);
        // "m" alone is metres; it is milyar only behind rupiah.
        if !signed && self.currency.is_none() && times.is_none_or(|times| times == MILYAR) {
            return None;
        }
        let min = amount(self.low.digits, times)?;
        let max = match self.high {
            Some(high) => amount(high.digits, high.times.or(times))?,
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
        let names = NAMES.map(|row| row.0).into_iter().chain(TO);
        for word in names.chain(MAGNITUDES.map(|row| row.0)) {
            for text in [format!("5{word}"), format!("5 {word} 6")] {
                assert!(!is_bare(&text, 0), "{text}");
            }
        }
        for text in ["5 kamar", "2017", "3 bulan", "5", "10 menit"] {
            assert!(is_bare(text, 0), "{text}");
        }
    }
}
