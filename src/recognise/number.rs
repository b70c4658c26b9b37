//! Numbers in words, Indonesian and English: `dua puluh lima`, `enambelas`,
//! `twenty-one`. Words may be fused, spaced or hyphenated.

use super::read::{ends_word, longest_of, sign, spaces};

/// Words of one digit that others may follow.
const ONES: [(&str, u64); 19] = [
    ("satu", 1),
    ("dua", 2),
    ("tiga", 3),
    ("empat", 4),
    ("lima", 5),
    ("enam", 6),
    ("tujuh", 7),
    ("delapan", 8),
    ("lapan", 8),
    ("sembilan", 9),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
];
/// Numbers below a hundred that are one word, of which nothing else is part.
const ALONE: [(&str, u64); 12] = [
    ("sepuluh", 10),
    ("sebelas", 11),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
];
/// Tens that a digit may follow.
const TENS: [(&str, u64); 8] = [
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

/// Behind what may stand between two words of one number.
fn between(text: &str, at: usize) -> usize {
    let at = spaces(text, at);
    spaces(text, sign(text, at, b'-'))
}

/// The number below a hundred in words at `at`, and where it ends.
pub(super) fn below_hundred(text: &str, at: usize) -> Option<(u64, usize)> {
    if let Some((number, end)) = longest_of(text, at, &ALONE) {
        return Some((number, end));
    }
    if let Some((tens, end)) = longest_of(text, at, &TENS) {
        return Some(with_one(text, tens, end));
    }
    let (one, end) = longest_of(text, at, &ONES)?;
    match longest_of(text, between(text, end), &[("belas", 10), ("puluh", 0)]) {
        Some((10, end)) => Some((10 + one, end)),
        Some((_, end)) => Some(with_one(text, 10 * one, end)),
        None => Some((one, end)),
    }
}

/// Tens with the digit behind them, if one stands there.
fn with_one(text: &str, tens: u64, end: usize) -> (u64, usize) {
    let one = longest_of(text, between(text, end), &ONES);
    // "dua puluh satuan": the word goes on and is another.
    match one.filter(|(_, end)| ends_word(text, *end)) {
        Some((one, end)) => (tens + one, end),
        None => (tens, end),
    }
}

/// The number below a thousand in words at `at`, and where it ends.
pub(super) fn below_thousand(text: &str, at: usize) -> Option<(u64, usize)> {
    let hundreds = match longest_of(text, at, &[("seratus", 100)]) {
        Some(found) => Some(found),
        None => {
            let (one, end) = below_hundred(text, at)?;
            let hundred = longest_of(
                text,
                between(text, end),
                &[("ratus", 100), ("hundred", 100)],
            );
            match hundred.filter(|_| one < 10) {
                Some((_, end)) => Some((100 * one, end)),
                None => return Some((one, end)),
            }
        }
    };
    let (hundreds, end) = hundreds?;
    let rest = below_hundred(text, between(text, end));
    match rest.filter(|(_, end)| ends_word(text, *end)) {
        Some((rest, end)) => Some((hundreds + rest, end)),
        None => Some((hundreds, end)),
    }
}

/// A sum of groups with magnitudes, `dua juta lima ratus ribu`; also `sejuta`
/// and `satu setengah juta`. Says whether any magnitude was there.
pub(super) fn amount(text: &str, start: usize) -> Option<(u64, bool, usize)> {
    let (mut total, mut least, mut end) = (0, u64::MAX, start);
    let mut has_magnitude = false;
    loop {
        let at = if end == start {
            start
        } else {
            between(text, end)
        };
        let Some((group, times, behind)) = group(text, at).filter(|one| one.1 < least) else {
            break;
        };
        total += group;
        (least, end) = (times, behind);
        has_magnitude |= times > 1;
        if times == 1 {
            break;
        }
    }
    (end > start).then_some((total, has_magnitude, end))
}

/// One group: what it is worth, its magnitude, where it ends.
fn group(text: &str, at: usize) -> Option<(u64, u64, usize)> {
    const ONE: [(&str, u64); 3] = [
        ("seribu", 1_000),
        ("sejuta", 1_000_000),
        ("semilyar", 1_000_000_000),
    ];
    const MAGNITUDES: [(&str, u64); 7] = [
        ("ribu", 1_000),
        ("rb", 1_000),
        ("thousand", 1_000),
        ("juta", 1_000_000),
        ("jt", 1_000_000),
        ("million", 1_000_000),
        ("milyar", 1_000_000_000),
    ];
    let whole = |found: Option<(u64, usize)>| found.filter(|(_, end)| ends_word(text, *end));
    if let Some((times, end)) = whole(longest_of(text, at, &ONE)) {
        return Some((times, times, end));
    }
    let half = |at: usize| longest_of(text, at, &[("setengah", 1)]);
    let (doubled, end) = match half(at) {
        Some((_, end)) => (1, end),
        None => {
            let (number, end) = below_thousand(text, at)?;
            match half(between(text, end)) {
                Some((_, end)) => (2 * number + 1, end),
                None => (2 * number, end),
            }
        }
    };
    match whole(longest_of(text, between(text, end), &MAGNITUDES)) {
        Some((times, end)) => Some((doubled * times / 2, times, end)),
        None => (doubled % 2 == 0 && ends_word(text, end)).then_some((doubled / 2, 1, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words_are_worth_what_they_say() {
        for (text, number) in [
            ("lima", 5),
            ("sebelas", 11),
            ("enambelas", 16),
            ("dua puluh", 20),
            ("duapuluh lima", 25),
            ("twenty-one", 21),
            ("seratus dua belas", 112),
            ("sembilan ratus", 900),
        ] {
            assert_eq!(
                below_thousand(text, 0),
                Some((number, text.len())),
                "{text}"
            );
        }
        for (text, total) in [
            ("dua juta lima ratus ribu", 2_500_000),
            ("seribu lima ratus", 1_500),
            ("satu setengah juta", 1_500_000),
            ("setengah juta", 500_000),
            ("delapan ratus", 800),
        ] {
            let found = amount(text, 0).map(|(total, _, end)| (total, end));
            assert_eq!(found, Some((total, text.len())), "{text}");
        }
        assert_eq!(
            amount("lima ribu juta", 0).map(|found| found.0),
            Some(5_000)
        );
        assert_eq!(below_hundred("orang", 0), None);
    }
}
