//! Which languages a post is written in, as shares.
//!
//! Counts function words of Indonesian and English. Statistical detectors call
//! short Indonesian advertisements Polish, Latin or Malay (measured, see the
//! design's reference on engines), and nothing is routed by language here: the
//! shares only tell a reader what to expect.

use std::sync::LazyLock;

use crate::text::{Lexicon, NormalText};

/// Fewest function words that say anything.
const MIN_WORDS: usize = 3;

const INDONESIAN: [&str; 48] = [
    "yang", "dan", "di", "ke", "dari", "untuk", "dengan", "ini", "itu", "tidak", "ada", "bisa",
    "akan", "sudah", "belum", "saya", "kami", "kita", "anda", "juga", "atau", "pada", "dalam",
    "oleh", "bagi", "agar", "karena", "yg", "dgn", "utk", "tdk", "nggak", "gak", "aja", "saja",
    "harga", "masih", "bagus", "hubungi", "minat", "dijual", "cari", "lowongan", "kerja", "bulan",
    "hari", "tahun", "orang",
];

const ENGLISH: [&str; 40] = [
    "the", "and", "of", "to", "in", "for", "with", "is", "are", "was", "this", "that", "you",
    "your", "we", "our", "have", "has", "will", "from", "on", "at", "by", "not", "or", "an", "be",
    "it", "as", "can", "please", "contact", "looking", "sale", "work", "job", "month", "year",
    "they", "their",
];

/// Every function word, with the place of its language in the counts.
static WORDS: LazyLock<Lexicon<u8>> = LazyLock::new(|| {
    let indonesian = INDONESIAN.map(|word| (word, 0));
    Lexicon::new(indonesian.into_iter().chain(ENGLISH.map(|word| (word, 1))))
});

/// Shares of Indonesian (`id`) and English (`en`) among the function words of
/// a text, largest first, in hundredths; empty when there are too few.
pub fn languages(view: &NormalText) -> Vec<(&'static str, u8)> {
    let mut counts = [0usize; 2];
    WORDS.each(view, |_, language| counts[usize::from(language)] += 1);
    let total = counts[0] + counts[1];
    if total < MIN_WORDS {
        return Vec::new();
    }
    let share = |count: usize| u8::try_from((count * 100 + total / 2) / total).unwrap_or(100);
    let mut shares = vec![("id", share(counts[0])), ("en", share(counts[1]))];
    shares.retain(|(_, share)| *share > 0);
    shares.sort_by_key(|(tag, share)| (std::cmp::Reverse(*share), *tag));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Views;

    #[test]
    fn mixed_posts_have_shares_and_short_ones_have_none() {
        let of = |text: &str| languages(&Views::new(text).plain);
        assert_eq!(
            of("Dijual motor yang masih bagus untuk kerja"),
            [("id", 100)]
        );
        assert_eq!(
            of("We are looking for staff, lowongan di kota"),
            [("en", 67), ("id", 33)]
        );
        assert_eq!(of("iPhone 17 Pro"), []);
    }
}
