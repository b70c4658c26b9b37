//! Which phrases to try at which word.
//!
//! Each phrase is filed under one of its own words, or under two of them that
//! stand next to each other, or under the beginning of a word: its *anchor*,
//! chosen to be rare. A bit filter answers for nearly every word of a text
//! that nothing is filed under it, so that reading a text costs the same
//! whatever the number of phrases. What the filter lets through is looked up
//! in one table; whoever tries a phrase compares every word of it, so that a
//! false alarm of either costs time and nothing else.

use crate::text::{NormalText, fingerprint};

/// Bits of the filter for each key: one word in 24 passes by mistake.
const BITS_PER_KEY: usize = 24;
/// The filter stays within half a mebibyte, the second-level cache of the
/// processors in the field.
const MAX_BITS: usize = 1 << 22;
/// Bytes of a word that are looked at for a prefix.
const HEAD: usize = 3;

/// No phrase has so many words.
pub(super) const REGEX: u8 = u8::MAX;

/// A phrase filed under an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    pub(super) phrase: u32,
    /// The part that stands at the word, or at the first of two.
    pub(super) part: u8,
    /// How many words a phrase of whole words without gaps has; 0 for others;
    /// [`REGEX`] for a word that the regex with this number requires.
    pub(super) n_words: u8,
    /// Of a phrase of whole words: a word that is not part of the anchor, if
    /// there is one, and its fingerprint. Compared before the phrase itself is
    /// looked at, which is usually far away in memory.
    pub(super) check_at: u8,
    pub(super) check: u32,
    /// Whether it is the last one filed under its anchor.
    pub(super) is_last: bool,
}

/// What phrases are filed under.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key<'w> {
    One(u32),
    Two(u32, u32),
    Prefix(&'w str),
}

impl Key<'_> {
    fn hash(self) -> u32 {
        match self {
            Self::One(word) => one(word),
            Self::Two(first, second) => two(first, second),
            Self::Prefix(prefix) => begun(fingerprint(prefix)),
        }
    }
}

fn one(word: u32) -> u32 {
    word.wrapping_mul(0x9e37_79b1)
}

fn two(first: u32, second: u32) -> u32 {
    (first.wrapping_mul(0x85eb_ca6b).rotate_left(15) ^ second).wrapping_mul(0xc2b2_ae35)
}

fn begun(prefix: u32) -> u32 {
    (prefix ^ 0x5bd1_e995).wrapping_mul(0x27d4_eb2f)
}

/// All anchors of a matcher.
#[derive(Debug)]
pub(super) struct Grams {
    filter: Vec<u64>,
    filter_shift: u32,
    /// Open addressing; `(0, 0)` is free.
    slots: Vec<Slot>,
    slot_shift: u32,
    /// Postings by key.
    postings: Vec<Posting>,
    heads: Heads,
    has_pairs: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    /// One more than the first posting; 0 is free.
    first: u32,
}

/// The first letters that prefixes have, and the lengths of prefixes.
#[derive(Debug, Default)]
struct Heads {
    /// One bit for each hash of three bytes; empty without prefixes.
    filter: Vec<u64>,
    /// In bytes, sorted.
    lengths: Vec<usize>,
}

/// A place where phrases may stand: word, and the way it was found.
type Candidate = u32;

/// Buffers of one search.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    places: Vec<Candidate>,
    /// (word, first posting).
    found: Vec<(u32, u32)>,
}

impl Grams {
    pub(super) fn new(mut filed: Vec<(u32, Posting)>, prefixes: &[&str], has_pairs: bool) -> Self {
        filed.sort_unstable();
        filed.dedup();
        let n_keys = filed.chunk_by(|one, other| one.0 == other.0).count();
        let n_bits = (n_keys * BITS_PER_KEY)
            .next_power_of_two()
            .clamp(1 << 6, MAX_BITS);
        let n_slots = (n_keys * 2).next_power_of_two().max(2);
        let mut grams = Self {
            filter: vec![0; n_bits / 64],
            filter_shift: 32 - n_bits.trailing_zeros(),
            slots: vec![Slot::default(); n_slots],
            slot_shift: 32 - n_slots.trailing_zeros(),
            postings: Vec::with_capacity(filed.len()),
            heads: Heads::new(prefixes),
            has_pairs,
        };
        for same in filed.chunk_by(|one, other| one.0 == other.0) {
            grams.file(same);
        }
        grams
    }

    /// The hash that postings of `key` are filed under.
    pub(super) fn hash(key: Key<'_>) -> u32 {
        key.hash()
    }

    fn file(&mut self, same: &[(u32, Posting)]) {
        let hash = same[0].0;
        let bit = (hash >> self.filter_shift) as usize;
        self.filter[bit / 64] |= 1 << (bit % 64);
        let mut slot = (hash >> self.slot_shift) as usize;
        while self.slots[slot].first != 0 {
            slot = (slot + 1) % self.slots.len();
        }
        self.slots[slot] = Slot {
            hash,
            first: self.postings.len() as u32 + 1,
        };
        let last = same.len() - 1;
        let marked = same.iter().enumerate();
        self.postings
            .extend(marked.map(|(index, (_, posting))| Posting {
                is_last: index == last,
                ..*posting
            }));
    }

    /// Calls `each(posting, word)` for every phrase whose anchor may stand in
    /// `view`, in the order of the words it stands at.
    ///
    /// Three loops, so that the processor can wait for many far places of
    /// memory at once instead of for one after the other.
    pub(super) fn each_candidate(
        &self,
        view: &NormalText,
        buffers: &mut Candidates,
        mut each: impl FnMut(&Posting, usize),
    ) {
        let Candidates { places, found } = buffers;
        let n = self.sift(view, places);
        found.clear();
        for &place in &places[..n] {
            self.look_up(view, place, found);
        }
        for &(word, first) in found.iter() {
            for posting in &self.postings[first as usize..] {
                each(posting, word as usize);
                if posting.is_last {
                    break;
                }
            }
        }
    }

    fn look_up(&self, view: &NormalText, place: Candidate, found: &mut Vec<(u32, u32)>) {
        let tokens = view.tokens();
        let word = place >> 2;
        let token = tokens[word as usize];
        match place & 3 {
            0 => self.find(one(token.fingerprint), word, found),
            1 => {
                let before = tokens[word as usize - 1].fingerprint;
                self.find(two(before, token.fingerprint), word - 1, found);
            }
            _ => {
                let text = view.word(token);
                for &length in &self.heads.lengths {
                    if let Some(begin) = text.get(..length) {
                        self.find(begun(fingerprint(begin)), word, found);
                    }
                }
            }
        }
    }

    /// Notes the words that pass the filter, without a branch that depends on
    /// the text; returns how many there are.
    fn sift(&self, view: &NormalText, places: &mut Vec<Candidate>) -> usize {
        let tokens = view.tokens();
        if places.len() < tokens.len() * 3 + 3 {
            places.resize(tokens.len() * 3 + 3, 0);
        }
        let mut n = 0;
        let mut before = 0;
        let passes = |hash: u32| {
            let bit = hash >> self.filter_shift;
            (self.filter[(bit / 64) as usize] >> (bit % 64) & 1) as usize
        };
        for (word, token) in tokens.iter().enumerate() {
            let place = (word as u32) << 2;
            places[n] = place;
            n += passes(one(token.fingerprint));
            if self.has_pairs {
                places[n] = place | 1;
                n += passes(two(before, token.fingerprint)) & usize::from(word > 0);
                before = token.fingerprint;
            }
            if !self.heads.filter.is_empty() {
                places[n] = place | 2;
                n += self.heads.passes(view, token.start as usize);
            }
        }
        n
    }

    fn find(&self, hash: u32, word: u32, found: &mut Vec<(u32, u32)>) {
        let mut slot = (hash >> self.slot_shift) as usize;
        loop {
            let here = self.slots[slot];
            if here.first == 0 {
                return;
            }
            if here.hash == hash {
                return found.push((word, here.first - 1));
            }
            slot = (slot + 1) % self.slots.len();
        }
    }
}

impl Heads {
    fn new(prefixes: &[&str]) -> Self {
        if prefixes.is_empty() {
            return Self::default();
        }
        let mut lengths: Vec<usize> = prefixes.iter().map(|prefix| prefix.len()).collect();
        lengths.sort_unstable();
        lengths.dedup();
        // Of a shorter prefix the third byte is not known: every word passes.
        let is_short = lengths[0] < HEAD;
        let mut filter = vec![if is_short { u64::MAX } else { 0 }; 1 << 6];
        for prefix in prefixes.iter().filter(|_| !is_short) {
            let bit = head(prefix.as_bytes(), 0);
            filter[bit / 64] |= 1 << (bit % 64);
        }
        Self { filter, lengths }
    }

    fn passes(&self, view: &NormalText, start: usize) -> usize {
        let bit = head(view.as_str().as_bytes(), start);
        (self.filter[bit / 64] >> (bit % 64) & 1) as usize
    }
}

/// Twelve bits of the three bytes at `start`.
fn head(bytes: &[u8], start: usize) -> usize {
    let Some(head) = bytes.get(start..start + HEAD) else {
        return 0;
    };
    let head = u32::from(head[0]) | u32::from(head[1]) << 8 | u32::from(head[2]) << 16;
    (head.wrapping_mul(0x9e37_79b1) >> 20) as usize
}
