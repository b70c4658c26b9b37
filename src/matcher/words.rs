//! The vocabulary of the patterns: each word and each prefix has a number.

use rustc_hash::FxHashMap;

use crate::text::fingerprint;

/// Number of a word or prefix of the patterns.
pub(super) type WordId = u32;

/// Words by number, their letters in one piece.
#[derive(Debug, Default)]
pub(super) struct Words {
    letters: String,
    /// Where each word ends in `letters`.
    ends: Vec<u32>,
    fingerprints: Vec<u32>,
}

impl Words {
    pub(super) fn text(&self, id: WordId) -> &str {
        let id = id as usize;
        let start = if id == 0 {
            0
        } else {
            self.ends[id - 1] as usize
        };
        &self.letters[start..self.ends[id] as usize]
    }

    pub(super) fn fingerprint(&self, id: WordId) -> u32 {
        self.fingerprints[id as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// Numbers words while patterns are added.
#[derive(Debug, Default)]
pub(super) struct WordsBuilder {
    words: Words,
    /// The newest word with each fingerprint.
    newest: FxHashMap<u32, WordId>,
    /// The next older word with the same fingerprint, by word.
    older: Vec<Option<WordId>>,
}

impl WordsBuilder {
    pub(super) fn id(&mut self, word: &str) -> WordId {
        let fingerprint = fingerprint(word);
        let newest = self.newest.get(&fingerprint).copied();
        let mut same = newest;
        while let Some(id) = same {
            if self.words.text(id) == word {
                return id;
            }
            same = self.older[id as usize];
        }
        let id = self.words.len() as WordId;
        self.words.letters.push_str(word);
        self.words.ends.push(self.words.letters.len() as u32);
        self.words.fingerprints.push(fingerprint);
        self.older.push(newest);
        self.newest.insert(fingerprint, id);
        id
    }

    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    pub(super) fn finish(mut self) -> Words {
        self.words.letters.shrink_to_fit();
        self.words.ends.shrink_to_fit();
        self.words.fingerprints.shrink_to_fit();
        self.words
    }
}

/// Words frequent in advertisements.
const FREQUENT: [&str; 63] = [
    "di", "ke", "yang", "dan", "atau", "untuk", "dari", "dengan", "ada", "bisa", "kami", "saya",
    "ini", "itu", "tidak", "akan", "juga", "sudah", "hanya", "lebih", "kerja", "gaji", "harga",
    "minat", "hubungi", "cari", "butuh", "siap", "langsung", "bulan", "tahun", "hari", "orang",
    "anak", "rumah", "baru", "bagus", "dijual", "jual", "lokasi", "info", "the", "a", "an", "of",
    "to", "in", "on", "at", "for", "is", "are", "and", "or", "we", "you", "your", "with", "no",
    "be", "not", "work", "job",
];

/// How often a word is expected in a thousand words of advertisements: a guess
/// from a short list and its length, good enough to tell rare from frequent.
pub(super) fn expected(word: &str) -> f32 {
    match word.len() {
        _ if FREQUENT.contains(&word) => 10.0,
        0..=2 => 4.0,
        3 => 2.0,
        4 => 1.0,
        5..=6 => 0.5,
        _ => 0.25,
    }
}
