//! Word families: the forms in which people write one Indonesian verb or noun.
//!
//! Rules of spelling only, no dictionary: a family holds forms that nobody
//! writes, which costs nothing, and no form in -an, per- or ber-, which are
//! words of their own ("bayaran" is a wage, "tahanan" a detainee, "bertahan"
//! to hold out). `FORMAT.md` says precisely what a family holds.

use std::collections::BTreeSet;

/// Fewest letters of a stem: with less, families run into each other.
pub(super) const MIN_STEM: usize = 3;
/// Most letters of a stem; longer words do not exist.
pub(super) const MAX_STEM: usize = 20;

/// What may stand behind a stem, with any prefix but ke-. Closed: nothing is
/// put together that is not written.
const SUFFIXES: [&str; 11] = [
    "", "nya", "lah", "kan", "kannya", "kanlah", "in", "innya", "i", "inya", "ilah",
];

/// The forms of one stem, folded. Every list is sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordFamily {
    /// Forms of one word: `tahan`, `ditahan`, `menahan`, `nahan`, `tahanin`.
    pub words: Vec<String>,
    /// Words that follow a `di` written apart: `di tahan`.
    pub apart: Vec<String>,
    /// First and second words of a doubled form: `memotong-motong`.
    pub doubled: [Vec<String>; 2],
}

impl WordFamily {
    /// The family of `stem`; `None` when it is not 3 to 20 plain lower-case
    /// letters with a vowel among them.
    pub fn of(stem: &str) -> Option<Self> {
        let is_plain = stem.bytes().all(|byte| byte.is_ascii_lowercase());
        let fits = (MIN_STEM..=MAX_STEM).contains(&stem.len());
        (is_plain && fits && stem.bytes().any(is_vowel)).then(|| Self::new(stem))
    }

    fn new(stem: &str) -> Self {
        let (active, spoken) = (active(stem), spoken(stem));
        let bare = [stem.to_owned()];
        let passive = [format!("di{stem}")];
        // "terampas": r is written once.
        let ter = match stem.strip_prefix('r') {
            Some(rest) => format!("ter{rest}"),
            None => format!("ter{stem}"),
        };
        let heads = bare.iter().chain(&passive).chain(&active).chain(&spoken);
        let mut words = BTreeSet::from([format!("ke{stem}"), format!("{stem}2nya")]);
        for head in heads.clone() {
            words.insert(format!("{head}2"));
            words.extend(suffixed(head));
        }
        words.extend(suffixed(&ter));
        let first = heads.cloned().chain([ter]).collect::<BTreeSet<_>>();
        let second = bare.iter().chain(&spoken).flat_map(|head| suffixed(head));
        Self {
            words: words.into_iter().collect(),
            apart: suffixed(stem)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            doubled: [
                first.into_iter().collect(),
                second.collect::<BTreeSet<_>>().into_iter().collect(),
            ],
        }
    }

    /// Whether `written` is one of the forms, `di` apart and doubled ones
    /// included.
    pub fn holds(&self, written: &str) -> bool {
        let has = |list: &[String], word: &str| list.iter().any(|one| one == word);
        let words: Vec<&str> = written
            .split(|ch: char| !ch.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        match *words.as_slice() {
            [word] => has(&self.words, word),
            ["di", word] if has(&self.apart, word) => true,
            [first, second] => has(&self.doubled[0], first) && has(&self.doubled[1], second),
            _ => false,
        }
    }
}

/// The stems that a phrase as written names with `~`, in its order.
pub fn stems(written: &str) -> impl Iterator<Item = &str> {
    written.split('~').skip(1).map(|rest| {
        let end = rest.find(|ch: char| !ch.is_alphanumeric());
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// `head` with every suffix. "beli" takes no second i.
fn suffixed(head: &str) -> impl Iterator<Item = String> {
    SUFFIXES
        .iter()
        .filter(|suffix| !(head.ends_with('i') && matches!(**suffix, "i" | "inya" | "ilah")))
        .map(move |suffix| format!("{head}{suffix}"))
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// How a stem begins: decides what me- makes of it.
struct Onset<'s> {
    first: u8,
    /// Behind the first letter.
    rest: &'s str,
    /// Begins with two consonants: "transfer", "kredit".
    is_cluster: bool,
    /// "cek", "bom".
    is_short: bool,
}

impl<'s> Onset<'s> {
    fn of(stem: &'s str) -> Self {
        let bytes = stem.as_bytes();
        Self {
            first: bytes[0],
            rest: &stem[1..],
            is_cluster: !is_vowel(bytes[0]) && !is_vowel(bytes[1]),
            is_short: bytes.iter().filter(|byte| is_vowel(**byte)).count() == 1,
        }
    }

    /// The letter is swallowed by me-: "tahan", "menahan".
    fn is_swallowed(&self) -> bool {
        matches!(self.first, b'p' | b't' | b'k' | b's') && !self.is_cluster && !self.is_short
    }
}

/// The forms with me(N)-.
fn active(stem: &str) -> Vec<String> {
    let onset = Onset::of(stem);
    let mut forms = Vec::new();
    if onset.is_swallowed() {
        let nasal = match onset.first {
            b'p' => "mem",
            b't' => "men",
            b'k' => "meng",
            _ => "meny",
        };
        forms.push(format!("{nasal}{}", onset.rest));
        // Both are written: "memerkosa", "memperkosa".
        if stem.starts_with("per") {
            forms.push(format!("mem{stem}"));
        }
    } else {
        let prefix = match onset.first {
            b'p' | b'b' | b'f' | b'v' => "mem",
            b't' | b'd' | b'c' | b'j' | b's' | b'z' => "men",
            b'k' | b'g' | b'h' => "meng",
            first if is_vowel(first) => "meng",
            _ => "me",
        };
        forms.push(format!("{prefix}{stem}"));
    }
    if onset.is_short {
        forms.push(format!("menge{stem}"));
    }
    forms
}

/// The forms of speech: with the nasal alone, or with nge-.
fn spoken(stem: &str) -> Vec<String> {
    let onset = Onset::of(stem);
    let rest = onset.rest;
    let nge = format!("nge{stem}");
    if onset.is_short {
        return vec![nge];
    }
    if onset.is_swallowed() {
        let nasal = match onset.first {
            b'p' => "m",
            b't' => "n",
            b'k' => "ng",
            _ => "ny",
        };
        return vec![format!("{nasal}{rest}")];
    }
    match onset.first {
        first if is_vowel(first) => vec![format!("ng{stem}")],
        b'b' => vec![format!("m{stem}"), nge],
        b'd' | b'j' => vec![format!("n{stem}"), nge],
        b'c' if !onset.is_cluster => vec![format!("ny{rest}"), nge],
        b'h' if !onset.is_cluster => vec![format!("ng{rest}"), nge],
        b'g' | b'l' | b'r' => vec![format!("ng{stem}"), nge],
        b'm' | b'n' => Vec::new(),
        _ => vec![nge],
    }
}
