//! How words follow each other: Zipf–Mandelbrot frequencies, and for every
//! word a few followers that are far likelier than chance, so that pairs and
//! triples recur as they do in real text.

use crate::random::{SplitMix, Zipf};
use crate::words::vocabulary;

/// How often the next word is one of the usual followers, in percent.
const STICKINESS: usize = 45;

/// Writes sentences as word numbers.
pub(crate) struct Model {
    words: Vec<String>,
    zipf: Zipf,
}

impl Model {
    pub(crate) fn new() -> Self {
        let words = vocabulary();
        let zipf = Zipf::new(words.len());
        Self { words, zipf }
    }

    pub(crate) fn word(&self, number: u32) -> &str {
        &self.words[number as usize]
    }

    /// The words of one sentence.
    pub(crate) fn sentence(&self, random: &mut SplitMix, into: &mut Vec<u32>) {
        into.clear();
        let length = random.between(3, 9) + random.below(8);
        while into.len() < length {
            let next = match into.last() {
                Some(&word) if random.percent(STICKINESS) => self.follower(word, random),
                _ => self.any(random),
            };
            into.push(next);
        }
    }

    /// A word of any frequency.
    pub(crate) fn any(&self, random: &mut SplitMix) -> u32 {
        self.zipf.draw(random) as u32
    }

    /// One of the usual followers of `word`: frequent words have hundreds, rare
    /// ones a dozen. They are drawn when asked for, from a stream of their own.
    fn follower(&self, word: u32, random: &mut SplitMix) -> u32 {
        let followers = 8 + 40_000 / (word as usize + 100);
        let place = random.below(followers).min(random.below(followers));
        let mut own = SplitMix(u64::from(word) << 32 | place as u64);
        self.any(&mut own)
    }
}
