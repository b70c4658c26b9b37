//! Matches of phrases of whole words, packed into one number each: pattern,
//! first word, number of words. There can be very many, and numbers sort fast.

use super::{MAX_MATCHES_PER_PATTERN, Match, PatternId};
use crate::assessment::EvidenceKind;
use crate::text::NormalText;

/// A phrase has at most 64 words.
const LEN_BITS: u32 = 6;
/// A field has at most a mebibyte, so fewer words than this counts.
const FIRST_BITS: u32 = 24;
/// Matches held before those that will not be reported are dropped.
const MANY: usize = 1 << 16;

/// Adds a match. However many come, memory stays bounded by the number of
/// patterns that match.
pub(super) fn push(matches: &mut Vec<u64>, pattern: u32, first: usize, n_words: usize) {
    if matches.len() >= MANY && matches.len() == matches.capacity() {
        cap(matches);
    }
    let place = (first as u64) << LEN_BITS | (n_words as u64 - 1);
    matches.push(u64::from(pattern) << (FIRST_BITS + LEN_BITS) | place);
}

/// Sorts by pattern and place, and keeps the first matches of each pattern.
pub(super) fn cap(matches: &mut Vec<u64>) {
    matches.sort_unstable();
    matches.dedup();
    let mut n_same = 0;
    let mut last = u64::MAX;
    matches.retain(|packed| {
        let pattern = packed >> (FIRST_BITS + LEN_BITS);
        n_same = if pattern == last { n_same + 1 } else { 0 };
        last = pattern;
        n_same < MAX_MATCHES_PER_PATTERN
    });
}

/// The match that a number stands for.
pub(super) fn unpacked(packed: u64, view: &NormalText) -> Match {
    let first = (packed >> LEN_BITS & ((1 << FIRST_BITS) - 1)) as usize;
    let n_words = (packed & ((1 << LEN_BITS) - 1)) as usize + 1;
    Match {
        pattern: PatternId((packed >> (FIRST_BITS + LEN_BITS)) as u32),
        span: view.words_to_published(first, first + n_words - 1),
        words: first..first + n_words,
        kind: EvidenceKind::Phrase,
    }
}
