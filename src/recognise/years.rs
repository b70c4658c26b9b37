//! Ages as they are written: with a label or a unit, in words, as a range.

use super::cue::Kind;
use super::number::below_hundred;
use super::read::{digits, ends_word, goes_on, longest, sign, space, spaces, whole};
use super::words::{LABELS, Word};

/// Between a label and the lower end of a range.
const FROM: [&str; 3] = ["antara", "between", "dari"];
/// Between a label and the only end of a range.
const LEAST: [&str; 9] = [
    "min",
    "minimal",
    "minimum",
    "di atas",
    "diatas",
    "lebih dari",
    "above",
    "over",
    "at least",
];
const MOST: [&str; 5] = ["max", "maks", "maksimal", "maximum", "paling tua"];
/// Between a label and an age.
const SAID: [&str; 17] = [
    "baru",
    "masih",
    "msh",
    "sekitar",
    "sktr",
    "kira kira",
    "saya",
    "sy",
    "aku",
    "just",
    "only",
    "sudah",
    "sdh",
    "udah",
    "is",
    "ku",
    "kurang lebih",
];
/// Between the ends of a range; some only behind a label.
const TO: [&str; 11] = [
    "-", "–", "~", "s/d", "sd", "s.d", "s.d.", "sampai", "sampe", "hingga", "to",
];
const TO_LABELLED: [&str; 2] = ["and", "dan"];
/// Units behind the lower end of a range.
const YEARS: [&str; 3] = ["th", "thn", "tahun"];
/// Units behind the upper end of a range.
const RANGE_UNITS: [&str; 7] = ["th", "thn", "tahun", "year", "years", "yo", "yrs"];
/// Units behind a number in words.
const WORD_UNITS: [&str; 6] = ["th", "thn", "taun", "tahun", "year", "years"];
/// Units behind a number in digits.
const UNITS: [&str; 12] = [
    "th", "thn", "taun", "tahun", "yo", "y/o", "y.o", "yr", "yrs", "year", "years", "-year",
];

/// What was read, and where it ends.
pub(super) struct Read {
    pub(super) told: Told,
    pub(super) end: usize,
}

pub(super) enum Told {
    /// From one age to another; 0 or 99 for an end that is not told.
    Range(u16, u16),
    /// An age with its unit.
    Age(u16),
    /// An age with "th" fused to it, as in English ordinals.
    Fused(u16),
    /// An age behind a label, which months may follow.
    Labelled(u16),
}

/// What is told at `start`.
pub(super) fn read(text: &str, start: usize, kind: Kind) -> Option<Read> {
    match kind {
        Kind::Number => numbered(text, start),
        Kind::Word(Word::Label) => labelled(text, start),
        Kind::Word(Word::Digit(_) | Word::Stem(_) | Word::Number) => worded(text, start),
        Kind::Word(_) => None,
        // "umur17": one word of letters and digits.
        Kind::Mixed => labelled(text, start).or_else(|| worded(text, start)),
    }
}

/// A number of one or two digits, and where it ends.
fn two_digits(text: &str, at: usize) -> Option<(u16, usize)> {
    let digit = |at: usize| {
        let byte = text.as_bytes().get(at)?;
        byte.is_ascii_digit().then(|| u16::from(byte - b'0'))
    };
    let first = digit(at)?;
    match (digit(at + 1), digit(at + 2)) {
        (None, _) => Some((first, at + 1)),
        (Some(second), None) => Some((first * 10 + second, at + 2)),
        _ => None,
    }
}

/// `17 th`, `16 y/o`, `17-20 tahun`, `24-year-old`.
fn numbered(text: &str, start: usize) -> Option<Read> {
    let (number, end) = two_digits(text, start)?;
    let at = spaces(text, end);
    match text.as_bytes().get(at)? {
        b't' | b'y' | b'-' | b's' | b'h' | b'~' | 0x80.. => {}
        _ => return None,
    }
    numbered_range(text, number, at).or_else(|| {
        let unit = longest(text, at, &UNITS)?;
        let stop = sign(text, unit, b'.');
        let behind = aged(text, unit)
            .or_else(|| aged(text, stop))
            .or_else(|| ends_word(text, unit).then_some(unit))?;
        let is_fused = at == end && &text[at..unit] == "th";
        let told = if is_fused {
            Told::Fused(number)
        } else {
            Told::Age(number)
        };
        Some(Read { told, end: behind })
    })
}

fn numbered_range(text: &str, low: u16, at: usize) -> Option<Read> {
    let (high, end) = two_digits(text, spaces(text, longest(text, at, &TO)?))?;
    let told = Told::Range(low, high);
    let end = whole(text, spaces(text, end), &RANGE_UNITS)?;
    let end = aged(text, end).unwrap_or(end);
    Some(Read { told, end })
}

/// Behind " old" or "-old".
fn aged(text: &str, at: usize) -> Option<usize> {
    whole(text, at, &[" old", "-old"])
}

/// `umur 17`, `usia 18-35`, `usia lima belas`.
fn labelled(text: &str, start: usize) -> Option<Read> {
    let label = longest(text, start, LABELS)?;
    let at = spaces(text, label);
    limits(text, at).or_else(|| {
        // "ages" goes with a range only.
        if text[start..label].ends_with("ages") {
            return None;
        }
        let at = match text.as_bytes().get(at)? {
            b':' | b'=' | b'-' => spaces(text, at + 1),
            _ => at,
        };
        let at = spaced(text, at, &SAID).unwrap_or(at);
        let at = spaced(text, at, &SAID).unwrap_or(at);
        let (age, end) = two_digits(text, at).or_else(|| in_words(text, at))?;
        let told = Told::Labelled(age);
        ends_word(text, end).then_some(Read { told, end })
    })
}

fn in_words(text: &str, at: usize) -> Option<(u16, usize)> {
    let (number, end) = below_hundred(text, at)?;
    Some((u16::try_from(number).ok()?, end))
}

/// Behind one of `words` and the white space that must follow.
fn spaced(text: &str, at: usize, words: &[&str]) -> Option<usize> {
    let end = longest(text, at, words)?;
    Some(spaces(text, end)).filter(|at| *at > end)
}

/// The range behind a label and its white space.
fn limits(text: &str, at: usize) -> Option<Read> {
    let at = match text.as_bytes().get(at)? {
        b':' | b'=' => spaces(text, at + 1),
        _ => at,
    };
    let limit = |words: &[&str]| {
        let end = longest(text, at, words)?;
        Some(spaces(text, sign(text, end, b'.')))
    };
    let (least, most) = (limit(&LEAST), limit(&MOST));
    let from = spaced(text, at, &FROM).or(least);
    if let Some(read) = both_ends(text, from.unwrap_or(at)) {
        return Some(read);
    }
    let (age, end) = two_digits(text, least.or(most)?)?;
    let told = match least {
        Some(_) => Told::Range(age, 99),
        None => Told::Range(0, age),
    };
    // "usia min 18th": the unit may be fused.
    let end = whole(text, end, &RANGE_UNITS).unwrap_or(end);
    ends_word(text, end).then_some(Read { told, end })
}

fn both_ends(text: &str, at: usize) -> Option<Read> {
    let (low, at) = two_digits(text, at)?;
    let at = spaces(text, at);
    let at = spaces(text, longest(text, at, &YEARS).unwrap_or(at));
    let to = longest(text, at, &TO).or_else(|| longest(text, at, &TO_LABELLED))?;
    let (high, end) = two_digits(text, spaces(text, to))?;
    let told = Told::Range(low, high);
    // "usia 18-35th": the unit may be fused.
    let end = if ends_word(text, end) {
        end
    } else {
        whole(text, end, &RANGE_UNITS)?
    };
    Some(Read { told, end })
}

/// `tujuh belas tahun`, `nineteen-year-old`.
fn worded(text: &str, start: usize) -> Option<Read> {
    let (age, mut at) = in_words(text, start)?;
    // Nearly all counts go on with something else.
    if digits(text, at, 1) > 0 {
        return None;
    }
    while let Some(next) = Some(sign(text, space(text, at), b'-')).filter(|next| *next > at) {
        at = next;
    }
    if !goes_on(text, at, "t") && !goes_on(text, at, "y") {
        return None;
    }
    let end = whole(text, at, &WORD_UNITS)?;
    let end = aged(text, end).unwrap_or(end);
    let told = Told::Age(age);
    Some(Read { told, end })
}
