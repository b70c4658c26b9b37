//! Ages as they are written: with a label or a unit, in words, as a range, as
//! a year of birth.

use super::cue::Kind;
use super::read::{digits, ends_word, longest, sign, space, spaces, whole};
use super::words::Word;

/// Between a label and the lower end of a range.
const FROM: [&str; 2] = ["antara", "between"];
const LEAST: [&str; 2] = ["min", "minimal"];
/// Between a label and an age.
const SAID: [&str; 6] = ["baru", "masih", "sekitar", "saya", "just", "only"];
const LABELS: [&str; 9] = [
    "umur",
    "umurnya",
    "usia",
    "usianya",
    "berusia",
    "berusianya",
    "age",
    "ages",
    "aged",
];
const BIRTHS: [&str; 4] = ["kelahiran", "lahiran", "lahir", "born"];
/// Between the ends of a range; some only behind a label.
const TO: [&str; 7] = ["-", "–", "s/d", "sd", "sampai", "hingga", "to"];
const TO_LABELLED: [&str; 2] = ["and", "dan"];
/// Units behind the lower end of a range, and before a year of birth.
const YEARS: [&str; 3] = ["th", "thn", "tahun"];
/// Units behind the upper end of a range.
const RANGE_UNITS: [&str; 6] = ["th", "thn", "tahun", "year", "years", "yo"];
/// Units behind a number in words.
const WORD_UNITS: [&str; 5] = ["th", "thn", "tahun", "year", "years"];
/// Units behind a number in digits.
const UNITS: [&str; 11] = [
    "th", "thn", "taun", "tahun", "yo", "y/o", "y.o", "yr", "yrs", "year", "years",
];
/// Numbers in words that stand alone, and ones that "belas" follows.
const NUMBERS: [(&str, u16); 10] = [
    ("sebelas", 11),
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
const STEMS: [(&str, u16); 8] = [
    ("dua", 12),
    ("tiga", 13),
    ("empat", 14),
    ("lima", 15),
    ("enam", 16),
    ("tujuh", 17),
    ("delapan", 18),
    ("sembilan", 19),
];

/// What was read, and where it ends.
pub(super) struct Read {
    pub(super) told: Told,
    pub(super) end: usize,
}

pub(super) enum Told {
    /// From one age to another.
    Range(u16, u16),
    /// An age with its unit.
    Age(u16),
    /// An age behind a label, which months may follow.
    Labelled(u16),
    /// A year of birth.
    Born(u16),
}

/// What is told at `start`.
pub(super) fn read(text: &str, start: usize, kind: Kind) -> Option<Read> {
    match kind {
        Kind::Number => numbered(text, start),
        Kind::Word(Word::Label) => labelled(text, start),
        Kind::Word(Word::Birth) => born(text, start),
        Kind::Word(Word::Stem(_) | Word::Number) => worded(text, start),
        Kind::Word(_) => None,
        // "umur17", "lahir2010": one word of letters and digits.
        Kind::Mixed => labelled(text, start)
            .or_else(|| born(text, start))
            .or_else(|| worded(text, start)),
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

/// `17 th`, `16 y/o`, `17-20 tahun`.
fn numbered(text: &str, start: usize) -> Option<Read> {
    let (number, end) = two_digits(text, start)?;
    let at = spaces(text, end);
    match text.as_bytes().get(at)? {
        b't' | b'y' | b'-' | b's' | b'h' | 0x80.. => {}
        _ => return None,
    }
    if let Some(high) = longest(text, at, &TO) {
        let (high, end) = two_digits(text, spaces(text, high))?;
        let told = Told::Range(number, high);
        let end = whole(text, spaces(text, end), &RANGE_UNITS)?;
        return Some(Read { told, end });
    }
    let unit = longest(text, at, &UNITS)?;
    let stop = sign(text, unit, b'.');
    let end = aged(text, unit)
        .or_else(|| aged(text, stop))
        .or_else(|| ends_word(text, unit).then_some(unit))?;
    let told = Told::Age(number);
    Some(Read { told, end })
}

/// Behind " old" or "-old".
fn aged(text: &str, at: usize) -> Option<usize> {
    whole(text, at, &[" old", "-old"])
}

/// `umur 17`, `usia 18-35`.
fn labelled(text: &str, start: usize) -> Option<Read> {
    let label = longest(text, start, &LABELS)?;
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
        let (age, end) = two_digits(text, at)?;
        let told = Told::Labelled(age);
        ends_word(text, end).then_some(Read { told, end })
    })
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
    let least = || {
        let end = longest(text, at, &LEAST)?;
        Some(spaces(text, sign(text, end, b'.')))
    };
    let at = spaced(text, at, &FROM).or_else(least).unwrap_or(at);
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

/// `tujuh belas tahun`.
fn worded(text: &str, start: usize) -> Option<Read> {
    let rest = &text[start..];
    let alone = NUMBERS.iter().find(|(word, _)| rest.starts_with(word));
    let (age, mut at) = match alone {
        Some((word, age)) => (*age, start + word.len()),
        None => {
            let (stem, age) = STEMS.iter().find(|(stem, _)| rest.starts_with(stem))?;
            let at = space(text, start + stem.len());
            (*age, longest(text, at, &["belas"])?)
        }
    };
    loop {
        let next = sign(text, spaces(text, at), b'-');
        if next == at {
            break;
        }
        at = next;
    }
    let end = whole(text, at, &WORD_UNITS)?;
    let told = Told::Age(age);
    Some(Read { told, end })
}

/// `lahir tahun 2010`, `born in 2010`.
fn born(text: &str, start: usize) -> Option<Read> {
    let word = longest(text, start, &BIRTHS)?;
    let mut at = spaces(text, word);
    if at > word && text[start..word].ends_with("born") && text[at..].starts_with("in") {
        at = spaces(text, at + 2);
    }
    at = spaces(text, longest(text, at, &YEARS).unwrap_or(at));
    if matches!(text.as_bytes().get(at), Some(b':' | b'=')) {
        at = spaces(text, at + 1);
    }
    if digits(text, at, 4) < 4 || !ends_word(text, at + 4) {
        return None;
    }
    let year: u16 = text[at..at + 4].parse().ok()?;
    let told = Told::Born(year);
    let end = at + 4;
    (1900..2100).contains(&year).then_some(Read { told, end })
}
