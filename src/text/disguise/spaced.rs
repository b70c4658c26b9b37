//! Spaced letters: "p a s p o r", "p.a.s.p.o.r", "o p e n   k a m a r".
//!
//! Single letters in a row are lists, initials, sizes and notes as well, so
//! what is joined must look like a word.

use super::super::table;
use super::shape::is_speakable;
use super::{Disguise, MIN_SPACED, Sign, Undoing};

/// Longest gap between two words written so, in bytes.
const MAX_GAP: usize = 12;
/// Most characters between two letters of one word.
const MAX_SEPARATOR: usize = 3;

/// Words before a list of letters: "vitamin a b d e".
const LISTED: [&str; 14] = [
    "vitamin",
    "vit",
    "hepatitis",
    "golongan",
    "tipe",
    "type",
    "kelas",
    "blok",
    "grup",
    "group",
    "opsi",
    "pilihan",
    "huruf",
    "nilai",
];

/// Spoken well, yet keys and notes.
const NO_WORDS: [&str; 4] = ["wasd", "doremi", "esdf", "hjkl"];

/// Words of a row of single letters: first and last word index.
type Group = (usize, usize);

impl Undoing<'_, '_> {
    /// Joins the spaced-out words from `word` on; returns the word behind
    /// them, or `word` when there are none.
    pub(super) fn spaced(&mut self, word: usize) -> usize {
        let end = self.row(word);
        if end - word < MIN_SPACED {
            return word;
        }
        let groups = self.groups(word, end);
        let spelt: Vec<bool> = groups.iter().map(|group| self.is_spelt(*group)).collect();
        for (nth, &group) in groups.iter().enumerate() {
            let beside = |other: Option<usize>| {
                other.is_some_and(|other| {
                    spelt.get(other) == Some(&true) && self.are_alike(group, groups[other])
                })
            };
            let short = group.1 > group.0 && group.1 - group.0 < MIN_SPACED - 1;
            if spelt[nth] || short && (beside(nth.checked_sub(1)) || beside(Some(nth + 1))) {
                self.join(group);
            }
        }
        end
    }

    /// One past the last of the single letters that stand in a row from
    /// `word` on, on one line.
    fn row(&self, word: usize) -> usize {
        let mut end = word;
        while end < self.plain.tokens.len() && self.is_single(end) {
            end += 1;
            if end < self.plain.tokens.len() {
                let gap = self.separator(end - 1);
                if gap.len() > MAX_GAP || gap.contains('\n') {
                    break;
                }
            }
        }
        end
    }

    fn is_single(&self, word: usize) -> bool {
        let mut chars = self.plain.word(self.plain.tokens[word]).chars();
        let is_letter = chars
            .next()
            .is_some_and(|ch| ch.is_ascii() || table::letter(ch).may_look_latin());
        is_letter && chars.next().is_none()
    }

    /// What stands between a word and the next.
    fn separator(&self, word: usize) -> &str {
        let tokens = &self.plain.tokens;
        &self.plain.text[tokens[word].end as usize..tokens[word + 1].start as usize]
    }

    /// Cuts a row where the separator changes.
    fn groups(&self, first: usize, end: usize) -> Vec<Group> {
        let mut groups = Vec::new();
        let mut at = first;
        while at < end {
            let mut last = at;
            if at + 1 < end {
                let separator = self.separator(at);
                // "a  k e r j a": the wider one parts words.
                let parts = at + 2 < end && separator.len() > self.separator(at + 1).len();
                if !parts {
                    while last + 1 < end && self.separator(last) == separator {
                        last += 1;
                    }
                }
            }
            groups.push((at, last));
            at = last + 1;
        }
        groups
    }

    /// Whether two neighbouring groups are words of one phrase: same
    /// separator inside, a wider one between.
    fn are_alike(&self, one: Group, other: Group) -> bool {
        let inside = self.separator(one.0);
        inside == self.separator(other.0) && self.separator(one.1.min(other.1)).len() > inside.len()
    }

    /// Whether the letters of a group spell a word.
    fn is_spelt(&self, (first, last): Group) -> bool {
        if last - first + 1 < MIN_SPACED {
            return false;
        }
        let separator = self.separator(first);
        let n = last - first + 1;
        let is_list = separator.contains([',', ';', ':', '?', '(', ')', '[', ']', '"', '='])
            && separator.len() > 1;
        if is_list || separator.chars().count() > MAX_SEPARATOR {
            return false;
        }
        // "R. A. K. S. Wijaya" has initials.
        if separator == ". " && n < 5 {
            return false;
        }
        let letters = self.spelt(first, last).0;
        let word: String = letters.iter().map(|sign| sign.letter).collect();
        let bytes = word.as_bytes();
        let is_other = is_enumeration(bytes, separator)
            || NO_WORDS.contains(&word.as_str())
            || (separator.contains(' ') && self.is_listed(first))
            || self.is_acronym(first, last, bytes);
        bytes.iter().all(u8::is_ascii_lowercase) && is_speakable(bytes) && !is_other
    }

    /// The letters of words `first..=last`, and what else was undone in them.
    fn spelt(&self, first: usize, last: usize) -> (Vec<Sign>, Vec<Disguise>) {
        let tokens = &self.plain.tokens[first..=last];
        let mut letters: Vec<Sign> = tokens
            .iter()
            .flat_map(|token| self.letters(token.start as usize, token.end as usize))
            .collect();
        let kinds = self.undone(first, &mut letters);
        (letters, kinds)
    }

    /// Whether the word before says that a list of letters follows.
    fn is_listed(&self, first: usize) -> bool {
        let before = first.checked_sub(1).map(|at| self.plain.tokens[at]);
        before.is_some_and(|token| LISTED.contains(&self.plain.word(token)))
    }

    /// Capitals with full stops: "B.U.M.N", "A.S.E.A.N."
    fn is_acronym(&self, first: usize, last: usize, word: &[u8]) -> bool {
        let separator = self.separator(first);
        let quote = self.plain.words_to_published(first, last);
        let is_lower = quote.of(self.published).chars().any(char::is_lowercase);
        let end = self.plain.tokens[last].end as usize;
        let n_vowels = word.iter().filter(|byte| b"aiueo".contains(byte)).count();
        let ends_with_stop = self.plain.text.as_bytes().get(end) == Some(&b'.');
        separator == "."
            && !is_lower
            && (word.len() == 4 && n_vowels < 2 || word.len() <= 5 && ends_with_stop)
    }

    fn join(&mut self, (first, last): Group) {
        let (letters, kinds) = self.spelt(first, last);
        let tokens = &self.plain.tokens;
        let (start, end) = (tokens[first].start as usize, tokens[last].end as usize);
        let place = self.plain.words_to_published(first, last);
        self.seen.push((place, Disguise::SpacedLetters));
        self.seen
            .extend(kinds.into_iter().map(|kind| (place, kind)));
        self.replace(start, end, &letters);
    }
}

/// Letters in the order of the alphabet, all the same, or notes and grades.
fn is_enumeration(word: &[u8], separator: &str) -> bool {
    let n_next = word
        .windows(2)
        .filter(|pair| pair[1] == pair[0] + 1)
        .count();
    let mut distinct = word.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let are_notes = word.iter().all(|byte| matches!(byte, b'a'..=b'g'))
        && separator.contains([' ', '-', ','])
        && word.len() <= 8;
    n_next * 2 >= word.len() - 1 || distinct.len() < 3 || are_notes
}
