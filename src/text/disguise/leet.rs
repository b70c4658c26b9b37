//! Leet: digits and signs for letters, inside what otherwise is no word.
//!
//! Digits count things far more often than they hide letters, so a word is
//! read only when nothing speaks against it: no unit, no model number, no
//! reduplication ("anak2"), and letters that can be spoken afterwards.

use std::ops::Range;

use super::shape::is_speakable;
use super::{Second, Sign};

/// What follows a digit that counts: "harga5juta", "umur17thn", "iphone4s".
const UNITS: &str = "rb rbu ribu jt jtan juta jutaan k m km kg gr gram cm mm ml l lt ltr liter g \
    gb tb mb inch in ft pcs bh buah org orang hari hr jam mnt menit detik bulan bln minggu mgg x \
    kali malam th thn tahun sd smp sma smk kamar kmr lantai pax unit nights days hours d \
    pro max mini plus lite note edge ultra neo prime core fe air se turbo series cc watt w v mah \
    hp ps pk st nd rd js bit s";

/// What stands before a number: "rt5", "blok3", "kelas1", "rp1jt".
const COUNTED: [&str; 23] = [
    "rt", "rw", "no", "lt", "blok", "km", "kls", "kelas", "lantai", "tgl", "rp", "rm", "usd",
    "idr", "mp", "ps", "gta", "usb", "ipv", "covid", "tipe", "type", "jam",
];

/// What follows a 2 that doubles the word before: "anak2nya".
const SUFFIXES: [&str; 10] = [
    "nya", "an", "kan", "ku", "mu", "lah", "pun", "i", "in", "kah",
];

/// Names that can be spoken and yet are spelt so: placement agencies, robots,
/// games, software, chemistry.
const NAMES: [&str; 14] = [
    "p3mi",
    "bp3mi",
    "r2d2",
    "c3po",
    "h1z1",
    "h1n1",
    "w3schools",
    "log4j",
    "sk8er",
    "h3po4",
    "al2o3",
    "m4a1",
    "l4d2",
    "k9mail",
];

/// Reads digits and signs of a word as letters; says whether it did.
pub(super) fn undo(letters: &mut [Sign]) -> bool {
    if !letters.iter().all(|sign| sign.letter.is_ascii()) {
        return false;
    }
    let word: Vec<u8> = letters.iter().map(|sign| sign.letter as u8).collect();
    let Some(range) = read_range(&word) else {
        return false;
    };
    let first: Vec<u8> = word[range.clone()]
        .iter()
        .map(|&byte| reading(byte).0)
        .collect();
    let other: Vec<u8> = word[range.clone()]
        .iter()
        .map(|&byte| reading(byte).1.unwrap_or(reading(byte).0))
        .collect();
    let speakable = is_speakable(&first);
    if !speakable && !is_speakable(&other) {
        return false;
    }
    for sign in &mut letters[range] {
        let (first, other) = reading(sign.letter as u8);
        if first as char == sign.letter {
            continue;
        }
        sign.letter = match other {
            Some(other) if !speakable => other as char,
            _ => first as char,
        };
        sign.second = match other {
            Some(other) if speakable => Second::Letter(other as char),
            Some(_) => Second::Letter(first as char),
            None => Second::None,
        };
    }
    true
}

/// The likeliest reading of a digit or sign, and another.
pub(in super::super) fn reading(byte: u8) -> (u8, Option<u8>) {
    match byte {
        b'0' => (b'o', None),
        b'1' => (b'i', Some(b'l')),
        b'!' => (b'i', None),
        b'2' => (b'z', None),
        b'3' => (b'e', None),
        b'4' | b'@' => (b'a', None),
        b'5' | b'$' => (b's', None),
        b'6' => (b'g', Some(b'b')),
        b'7' => (b't', None),
        b'8' => (b'b', None),
        b'9' => (b'g', None),
        other => (other, None),
    }
}

/// Digits that stand for vowels, which hardly any code or model is full of.
fn is_vowel_sign(byte: u8) -> bool {
    matches!(byte, b'0' | b'1' | b'3' | b'4' | b'@' | b'!')
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_lowercase()
}

/// The part of `word` whose digits are letters, if they are.
fn read_range(word: &[u8]) -> Option<Range<usize>> {
    let first = word.iter().position(|byte| is_letter(*byte))?;
    let last = word.iter().rposition(|byte| is_letter(*byte))?;
    // One digit at the end goes along: "k3rj4"; "l0ker2026" has a number.
    let tail = &word[last + 1..];
    let with_tail = tail.len() == 1 && is_vowel_sign(tail[0]);
    let range = first.saturating_sub(1)..last + 1 + usize::from(with_tail);
    if first > 1 || (first == 1 && !is_vowel_sign(word[0])) {
        return None;
    }
    let read = &word[range.clone()];
    (is_hidden(read, &word[first..=last]) && !counts(&word[first..=last]) && !is_name(word))
        .then_some(range)
}

/// Whether digits among letters hide a word, by their number and place.
/// `inner` is `read` without digits at its ends.
fn is_hidden(read: &[u8], inner: &[u8]) -> bool {
    let n_letters = read.iter().filter(|byte| is_letter(**byte)).count();
    let n_strange = read.len() - n_letters;
    let n_vowel_signs = read.iter().filter(|byte| is_vowel_sign(**byte)).count();
    let n_inner_vowels = inner.iter().filter(|byte| is_vowel_sign(**byte)).count();
    let n_inner = inner.iter().filter(|byte| !is_letter(**byte)).count();
    let at = inner.iter().position(|byte| !is_letter(*byte)).unwrap_or(0);
    let last = inner
        .iter()
        .rposition(|byte| !is_letter(*byte))
        .unwrap_or(0);
    let only_signs = inner.iter().all(|byte| !byte.is_ascii_digit());
    let fits = read.len() >= 4 && n_letters >= 2 && n_inner > 0 && n_strange * 2 <= read.len();
    // A digit first is an amount ("4x4") unless the word has more of them.
    let begins = is_letter(read[0]) || n_letters >= 3 || read[0] == b'0';
    // "g4j1" has vowels for digits only; "a5x1" is a model.
    let short = n_letters > 2
        || n_vowel_signs == n_strange && !inner.iter().any(|byte| b"aiueo".contains(byte));
    // Consonants alone are rarely hidden: "s7edge", "redmi9a", "gr8t".
    let consonants =
        n_vowel_signs > 0 || only_signs || (n_letters >= 4 && at >= 2 && inner.len() - last > 2);
    // "z" is read from a 2 only beside other digits.
    let twos = !read.contains(&b'2') || n_inner_vowels > 0 && !doubles(inner);
    let hex = read.len() >= 6 && inner.iter().all(u8::is_ascii_hexdigit);
    fits && begins && short && consonants && twos && !hex && groups_hide(inner)
}

/// Whether each group of digits between letters is short: "cb150r" is a model;
/// "l00ker" is a word.
fn groups_hide(inner: &[u8]) -> bool {
    inner
        .split(|byte| is_letter(*byte))
        .filter(|group| !group.is_empty())
        .all(|group| match group {
            [_] => true,
            [one, other] => {
                let is_sign = |byte: &u8| !byte.is_ascii_digit();
                (is_sign(one) && is_sign(other)) || (one == other && b"034".contains(one))
            }
            _ => group.iter().all(|byte| !byte.is_ascii_digit()),
        })
}

/// Whether a 2 doubles the word before it.
fn doubles(inner: &[u8]) -> bool {
    inner.iter().enumerate().any(|(at, &byte)| {
        byte == b'2'
            && at >= 2
            && SUFFIXES
                .iter()
                .any(|end| inner[at + 1..] == *end.as_bytes())
    })
}

/// Whether the last digits count what follows, or number what precedes.
fn counts(inner: &[u8]) -> bool {
    let digit = |byte: &u8| byte.is_ascii_digit();
    let Some((first, last)) = inner
        .iter()
        .position(digit)
        .zip(inner.iter().rposition(digit))
    else {
        return false;
    };
    let unit = &inner[last + 1..];
    let stem = &inner[..first];
    let is_unit = UNITS
        .split_ascii_whitespace()
        .any(|one| one.as_bytes() == unit);
    // "rev3b" and "note9s" are versions.
    let is_version = first == last && matches!(unit, [b'a'..=b'g' | b'v' | b'x']);
    let is_amount = is_unit && (stem.len() > 1 || unit.len() > 2);
    (is_amount || is_version) && !ends_with_vowel(stem, inner[last], unit)
        || COUNTED.iter().any(|one| one.as_bytes() == stem)
}

/// Whether the digit behind `stem` and before a unit is rather a vowel:
/// "mal4m", "cew3k" and "hot3l", but not "iphone4s" and "lebar4m".
fn ends_with_vowel(stem: &[u8], digit: u8, unit: &[u8]) -> bool {
    let behind_consonant =
        stem.len() > 1 && stem.last().is_some_and(|byte| !b"aiueo".contains(byte));
    let fits = match unit {
        b"m" => stem.len() <= 4,
        b"s" | b"l" | b"k" | b"in" | b"d" => true,
        _ => false,
    };
    behind_consonant && is_vowel_sign(digit) && fits
}

fn is_name(word: &[u8]) -> bool {
    NAMES.iter().any(|name| name.as_bytes() == word)
}
