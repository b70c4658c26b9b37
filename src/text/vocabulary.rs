//! The words that rules look for, to read mangled words by.
//!
//! People drop vowels ("brgkt"), put digits for letters in the shortest words
//! ("4bk"), and cut words up ("po-to-ngan"). Without knowing what is looked
//! for, nobody can tell such a word from a code or a name; knowing it, a word
//! is read only when it can be nothing else that rules know. What is read so
//! stands in the view of everyday spellings and nowhere else.

use std::collections::BTreeMap;

use super::Lexicon;
use super::disguise::{is_speakable, is_vowel, reading};

/// Words of fewer letters are no mangled words' origin.
const MIN_WORD: usize = 4;
/// Fewer consonants say too little.
const MIN_SKELETON: usize = 3;
/// Longer words than this are not read, in bytes.
const MAX_WORD: usize = 24;
/// Fewest letters of a word with digits for letters.
const MIN_LEET: usize = 3;

/// Words by what is left of them without vowels.
#[derive(Debug)]
pub struct Vocabulary {
    pub(super) known: Lexicon<()>,
    /// The words of each skeleton, the most wanted first.
    by_skeleton: BTreeMap<Box<[u8]>, Vec<Box<str>>>,
}

impl Vocabulary {
    /// Folded words, each with how much it is wanted: of several that one
    /// mangled word could be, the most wanted is read.
    pub fn new(words: impl IntoIterator<Item = (String, u32)>) -> Self {
        let mut words: Vec<(String, u32)> = words
            .into_iter()
            .filter(|(word, _)| word.len() >= MIN_LEET && word.len() <= MAX_WORD)
            .filter(|(word, _)| word.bytes().all(|byte| byte.is_ascii_lowercase()))
            .collect();
        words.sort_by(|one, other| {
            let wanted = other.1.cmp(&one.1);
            wanted
                .then(one.0.len().cmp(&other.0.len()))
                .then(one.0.cmp(&other.0))
        });
        let mut by_skeleton: BTreeMap<Box<[u8]>, Vec<Box<str>>> = BTreeMap::new();
        for (word, _) in &words {
            let skeleton = skeleton(word.as_bytes());
            if word.len() >= MIN_WORD && skeleton.len() >= MIN_SKELETON {
                let same = by_skeleton.entry(skeleton.into()).or_default();
                same.push(word.as_str().into());
            }
        }
        Self {
            known: Lexicon::new(words.into_iter().map(|(word, _)| (word, ()))),
            by_skeleton,
        }
    }

    /// Whether these letters are a known word.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.known.meaning(word).is_some()
    }

    /// What `word`, which is not known, may stand for.
    pub(super) fn reading(&self, word: &str) -> Option<String> {
        let bytes = word.as_bytes();
        if !(MIN_LEET..=MAX_WORD).contains(&bytes.len()) {
            return None;
        }
        let n_digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
        let n_letters = bytes
            .iter()
            .filter(|byte| byte.is_ascii_lowercase())
            .count();
        if n_digits + n_letters != bytes.len() {
            return None;
        }
        if n_digits == 0 {
            return self
                .spoken_once(bytes)
                .or_else(|| self.without_vowels(bytes));
        }
        if n_letters < 2 || n_digits > n_letters {
            return None;
        }
        let readings = [b'i', b'l'].map(|one| spelt_out(bytes, one));
        let known = readings
            .iter()
            .flatten()
            .find(|letters| self.knows(letters));
        known.cloned().or_else(|| {
            let fits = n_letters >= MIN_WORD;
            let mut spelt = readings.iter().flatten().filter(|_| fits);
            spelt.find_map(|letters| self.without_vowels(letters.as_bytes()))
        })
    }

    /// The word that these letters are when none is doubled: "laluu".
    fn spoken_once(&self, letters: &[u8]) -> Option<String> {
        let once: Vec<u8> = letters
            .chunk_by(|one, next| one == next)
            .map(|run| run[0])
            .collect();
        if once.len() == letters.len() || once.len() < MIN_WORD {
            return None;
        }
        let once = String::from_utf8(once).ok()?;
        if self.knows(&once) {
            return Some(once);
        }
        self.without_vowels(once.as_bytes())
    }

    /// The most wanted word that these letters are without some of its vowels.
    fn without_vowels(&self, letters: &[u8]) -> Option<String> {
        let n_vowels = letters.iter().filter(|byte| is_vowel(**byte)).count();
        // Most words have a vowel for two consonants.
        if n_vowels * 3 > letters.len() || is_speakable(letters) {
            return None;
        }
        let skeleton = skeleton(letters);
        if skeleton.len() < MIN_SKELETON {
            return None;
        }
        let same = self.by_skeleton.get(&skeleton[..])?;
        let mut same = same.iter().map(AsRef::as_ref);
        let is_of = |word: &&str| word.len() > letters.len() && is_within(letters, word);
        same.find(is_of).map(str::to_owned)
    }
}

/// Consonants, "ng" and "ny" as one, and a vowel at the beginning.
fn skeleton(word: &[u8]) -> Vec<u8> {
    let mut left = Vec::with_capacity(word.len());
    for (at, &byte) in word.iter().enumerate() {
        let next = word.get(at + 1);
        let is_joined = byte == b'n' && matches!(next, Some(b'g' | b'y'));
        if (at == 0 || !is_vowel(byte)) && !is_joined {
            left.push(byte);
        }
    }
    left
}

/// Whether `letters` stand in `word` in this order, from the first on.
fn is_within(letters: &[u8], word: &str) -> bool {
    let mut rest = word.bytes();
    letters.first() == word.as_bytes().first()
        && letters
            .iter()
            .all(|letter| rest.any(|byte| byte == *letter))
}

/// The word with letters for its digits; `one` is what a 1 stands for. `None`
/// when a digit hardly ever is a letter.
fn spelt_out(word: &[u8], one: u8) -> Option<String> {
    let letter = |&byte: &u8| match byte {
        b'1' => Some(char::from(one)),
        b'2' => None,
        byte => Some(char::from(reading(byte).0)),
    };
    word.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let words = [
            ("berangkat", 9),
            ("paspor", 9),
            ("tanggung", 2),
            ("utang", 5),
            ("bulan", 4),
            ("belian", 1),
            ("abk", 3),
            ("admin", 5),
            ("kasbon", 4),
            ("malaysia", 1),
            ("tiket", 3),
            ("potongan", 2),
            ("work", 2),
            ("ijazah", 3),
            ("perlu", 3),
            ("berminat", 2),
            ("kerjaan", 2),
        ];
        Vocabulary::new(words.map(|(word, wanted)| (word.to_owned(), wanted)))
    }

    #[test]
    fn mangled_words_are_read_as_what_is_looked_for() {
        let vocabulary = vocabulary();
        for (word, means) in [
            ("brgkt", "berangkat"),
            ("brngkt", "berangkat"),
            ("pspr", "paspor"),
            ("tggung", "tanggung"),
            ("utg", "utang"),
            ("bln", "bulan"),
            ("4bk", "abk"),
            ("4dm1n", "admin"),
            ("ksbn", "kasbon"),
            ("k4sb0n", "kasbon"),
            ("mlysia", "malaysia"),
            ("tkt", "tiket"),
            ("wrk", "work"),
            ("1jazah", "ijazah"),
            ("ijzh", "ijazah"),
            ("br4ngkt", "berangkat"),
            ("prlu", "perlu"),
            ("brminat", "berminat"),
            ("krjaan", "kerjaan"),
        ] {
            assert_eq!(vocabulary.reading(word).as_deref(), Some(means), "{word}");
        }
    }

    #[test]
    fn other_words_amounts_and_codes_are_left() {
        let vocabulary = vocabulary();
        for word in [
            "bank", "tiga", "rumah", "tb", "t4", "15jt", "4kg", "17an", "a51", "mp3", "g20", "brg",
            "pasar", "2paspor", "1st", "500k", "ut", "pspt", "tkx",
        ] {
            assert_eq!(vocabulary.reading(word), None, "{word}");
        }
    }
}
