//! Currencies: the signs before a sum, the names behind it, and which words
//! may begin one.

use super::read::{begins_word, ends_word, goes_on, space};

/// Rupiah, the currency of a sum that names none.
pub(super) const RUPIAH: &str = "IDR";

/// A sign or name, its currency, and the least amount that is one: "3 won",
/// "10 pound" and "php 8" are other things.
type Row = (&'static str, &'static str, u64);

/// Signs before a number. The ones that end in another come first.
const SIGNS: [Row; 38] = [
    ("us$", "USD", 0),
    ("nt$", "TWD", 0),
    ("hk$", "HKD", 0),
    ("au$", "AUD", 0),
    ("a$", "AUD", 0),
    ("s$", "SGD", 0),
    ("$", "USD", 0),
    ("rp", RUPIAH, 0),
    ("idr", RUPIAH, 0),
    ("usd", "USD", 0),
    ("rm", "MYR", 0),
    ("myr", "MYR", 0),
    ("sgd", "SGD", 0),
    ("thb", "THB", 0),
    ("twd", "TWD", 0),
    ("ntd", "TWD", 0),
    ("hkd", "HKD", 0),
    ("sar", "SAR", 0),
    ("aed", "AED", 0),
    ("qar", "QAR", 0),
    ("kwd", "KWD", 0),
    ("kd", "KWD", 0),
    ("omr", "OMR", 0),
    ("bhd", "BHD", 0),
    ("jod", "JOD", 0),
    ("cny", "CNY", 0),
    ("rmb", "CNY", 0),
    ("jpy", "JPY", 0),
    ("krw", "KRW", 0),
    ("php", "PHP", 100),
    ("vnd", "VND", 0),
    ("eur", "EUR", 0),
    ("gbp", "GBP", 0),
    ("aud", "AUD", 0),
    ("€", "EUR", 0),
    ("£", "GBP", 0),
    ("¥", "JPY", 0),
    ("฿", "THB", 0),
];
/// The same, rarer, whose last byte is no other's.
const RARE_SIGNS: [Row; 3] = [("₩", "KRW", 0), ("₱", "PHP", 0), ("₫", "VND", 0)];

/// Names behind a number.
const NAMES: [Row; 47] = [
    ("usd", "USD", 0),
    ("$", "USD", 0),
    ("dolar", "USD", 0),
    ("dollar", "USD", 0),
    ("dollars", "USD", 0),
    ("ringgit", "MYR", 0),
    ("rm", "MYR", 0),
    ("myr", "MYR", 0),
    ("sgd", "SGD", 0),
    ("baht", "THB", 0),
    ("thb", "THB", 0),
    ("twd", "TWD", 0),
    ("ntd", "TWD", 0),
    ("nt", "TWD", 1_000),
    ("hkd", "HKD", 0),
    ("riyal", "SAR", 0),
    ("rial", "SAR", 0),
    ("reyal", "SAR", 0),
    ("sar", "SAR", 0),
    ("dirham", "AED", 0),
    ("aed", "AED", 0),
    ("qar", "QAR", 0),
    ("dinar", "KWD", 0),
    ("kwd", "KWD", 0),
    ("kd", "KWD", 0),
    ("omr", "OMR", 0),
    ("bhd", "BHD", 0),
    ("jod", "JOD", 0),
    ("rupiah", RUPIAH, 0),
    ("yuan", "CNY", 0),
    ("rmb", "CNY", 0),
    ("cny", "CNY", 0),
    ("yen", "JPY", 100),
    ("jpy", "JPY", 0),
    ("won", "KRW", 1_000),
    ("krw", "KRW", 0),
    ("peso", "PHP", 0),
    ("pesos", "PHP", 0),
    ("php", "PHP", 100),
    ("vnd", "VND", 0),
    ("euro", "EUR", 0),
    ("eur", "EUR", 0),
    ("€", "EUR", 0),
    ("pound", "GBP", 100),
    ("pounds", "GBP", 100),
    ("gbp", "GBP", 0),
    ("aud", "AUD", 0),
];

/// A name and the country behind it that decides whose it is; some are words
/// of their own without it.
const OF_COUNTRY: [(&str, &str, &str); 22] = [
    ("dolar", "singapura", "SGD"),
    ("dolar", "singapore", "SGD"),
    ("dolar", "hongkong", "HKD"),
    ("dolar", "hong kong", "HKD"),
    ("dolar", "hk", "HKD"),
    ("dolar", "taiwan", "TWD"),
    ("dolar", "nt", "TWD"),
    ("dolar", "australia", "AUD"),
    ("dolar", "amerika", "USD"),
    ("dolar", "us", "USD"),
    ("dolar", "as", "USD"),
    ("riyal", "qatar", "QAR"),
    ("rial", "qatar", "QAR"),
    ("riyal", "oman", "OMR"),
    ("rial", "oman", "OMR"),
    ("riyal", "saudi", "SAR"),
    ("real", "saudi", "SAR"),
    ("real", "qatar", "QAR"),
    ("dinar", "kuwait", "KWD"),
    ("dinar", "bahrain", "BHD"),
    ("dinar", "yordania", "JOD"),
    ("dong", "vietnam", "VND"),
];

/// A currency as it is written somewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Currency {
    pub(super) code: &'static str,
    /// The least amount that is a sum and nothing else.
    pub(super) least: u64,
}

fn currency(row: Row) -> Currency {
    Currency {
        code: row.1,
        least: row.2,
    }
}

/// The currency named at `at`, if any, and where it ends; nothing when a word
/// would be cut.
pub(super) fn named(text: &str, at: usize) -> Option<(Option<Currency>, usize)> {
    let behind = space(text, at);
    let bytes = text.as_bytes();
    let first = bytes.get(behind).copied().unwrap_or(b' ');
    if may_begin(first, bytes.get(behind + 1).copied().unwrap_or(b' ')) {
        let whole = |name: &str| {
            let end = behind + name.len();
            let is_sign = name == "$" || name == "€";
            (goes_on(text, behind, name) && (is_sign || ends_word(text, end))).then_some(end)
        };
        let of_country = OF_COUNTRY.iter().find_map(|(name, country, code)| {
            let at = space(text, whole(name)?);
            let end = at + country.len();
            let row = (*name, *code, 0);
            (goes_on(text, at, country) && ends_word(text, end)).then_some((currency(row), end))
        });
        let mut names = NAMES.iter();
        let name =
            of_country.or_else(|| names.find_map(|row| Some((currency(*row), whole(row.0)?))));
        if let Some((currency, end)) = name {
            return Some((Some(currency), end));
        }
    }
    ends_word(text, at).then_some((None, at))
}

/// Whether the name of a currency may begin with these two bytes; a test holds
/// it against the table.
pub(super) fn may_begin(first: u8, second: u8) -> bool {
    match first {
        b'$' | 0x80.. => true,
        b'a' => matches!(second, b'e' | b'u'),
        b'b' => matches!(second, b'a' | b'h'),
        b'c' => second == b'n',
        b'd' => matches!(second, b'o' | b'i'),
        b'e' => second == b'u',
        b'g' => second == b'b',
        b'h' => second == b'k',
        b'j' => matches!(second, b'o' | b'p'),
        b'k' => matches!(second, b'w' | b'd' | b'r'),
        b'm' => second == b'y',
        b'n' => second == b't',
        b'o' => second == b'm',
        b'p' => matches!(second, b'e' | b'o' | b'h'),
        b'q' => second == b'a',
        b'r' => matches!(second, b'i' | b'm' | b'u' | b'e'),
        b's' => matches!(second, b'a' | b'g'),
        b't' => matches!(second, b'h' | b'w'),
        b'u' => second == b's',
        b'v' => second == b'n',
        b'w' => second == b'o',
        b'y' => matches!(second, b'u' | b'e'),
        _ => false,
    }
}

/// The sign before the number at `at`, not reaching before `from`: where it
/// begins, and its currency.
pub(super) fn sign_before(text: &str, at: usize, from: usize) -> Option<(usize, Currency)> {
    let without = |before: &[u8], bytes: &[u8]| match before.last() {
        Some(last) if bytes.contains(last) => before.len() - 1,
        _ => before.len(),
    };
    let mut before = &text.as_bytes()[from..at];
    for bytes in [&b" \n"[..], b".", b" \n"] {
        before = &before[..without(before, bytes)];
    }
    let last @ (b'$' | b'b' | b'd' | b'm' | b'p' | b'r' | b'w' | b'y' | 0x80..) = *before.last()?
    else {
        return None;
    };
    let mut signs = SIGNS.iter().chain(&RARE_SIGNS);
    signs.find_map(|row| {
        let sign = row.0.as_bytes();
        if sign.last() != Some(&last) || !before.ends_with(sign) {
            return None;
        }
        let start = from + before.len() - sign.len();
        let is_sign = row.0 == "$" || sign[0] >= 0x80;
        (is_sign || begins_word(text, start)).then_some((start, currency(*row)))
    })
}

/// How long a sign is that stands at `at` before the upper end of a range; it
/// may repeat the sign of the lower one, and some stand alone.
pub(super) fn repeated(text: &str, at: usize, signed: Option<&str>) -> usize {
    let may_repeat = |row: &Row| {
        signed == Some(row.1) || matches!(row.0, "rp" | "idr" | "us$" | "usd" | "$" | "rm")
    };
    let signs = SIGNS.iter().chain(&RARE_SIGNS);
    let mut fitting = signs.filter(|row| goes_on(text, at, row.0) && may_repeat(row));
    fitting.next().map_or(0, |row| row.0.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_may_begin_as_it_does() {
        let names = NAMES.iter().map(|row| row.0);
        for name in names.chain(OF_COUNTRY.iter().map(|row| row.0)) {
            let bytes = [name.as_bytes(), b" "].concat();
            assert!(may_begin(bytes[0], bytes[1]), "{name}");
        }
        for other in ["kamar", "menit", "bulan", "jam", "hari"] {
            assert!(
                !may_begin(other.as_bytes()[0], other.as_bytes()[1]),
                "{other}"
            );
        }
    }
}
