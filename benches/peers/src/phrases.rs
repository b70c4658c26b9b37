//! The phrase sets: 1–3 words of the same model as the texts, a mix of
//! frequent, middling, rare and never seen, with a set density of hits.

use std::collections::HashSet;

use crate::model::Model;
use crate::random::SplitMix;

/// The sizes measured by default.
pub(crate) const SIZES: [usize; 4] = [500, 5_000, 50_000, 200_000];
/// Words of the sample that tells how frequent phrases are.
const SAMPLE_WORDS: usize = 3_000_000;
/// Bytes a word takes in a post, with what stands around it.
const BYTES_PER_WORD: f64 = 7.6;
/// Phrases that the sample does not hold, in percent.
const NEVER: usize = 30;

/// Sets from this size on are dense at any price.
const DENSE: usize = 100_000;
/// The most frequent words: function words, nearly all.
const FUNCTION_WORDS: u64 = 60;

/// Word-bounded hits per KB that a set of `size` aims at. Up to 50,000 that is
/// near curated lists; 200,000 is a hit-reporting worst case.
fn density(size: usize) -> f64 {
    match size {
        0..=1_500 => 0.24,
        1_501..=15_000 => 0.69,
        15_001..DENSE => 3.4,
        _ => 32.0,
    }
}

/// Runs of 1, 2 and 3 words within sentences, with how often each occurs.
pub(crate) struct Runs {
    /// Per length: (count, packed words), rarest first.
    by_length: [Vec<(u32, u64)>; 3],
    sample_kb: f64,
}

impl Runs {
    /// Counts a sample of the model that no measured text is part of.
    pub(crate) fn count(model: &Model) -> Self {
        let mut random = SplitMix::named("phrase sample", 1);
        let mut keys: [Vec<u64>; 3] = Default::default();
        let mut sentence = Vec::new();
        let mut words = 0;
        while words < SAMPLE_WORDS {
            model.sentence(&mut random, &mut sentence);
            words += sentence.len();
            for (index, list) in keys.iter_mut().enumerate() {
                list.extend(sentence.windows(index + 1).map(pack));
            }
        }
        Self {
            by_length: keys.map(counted),
            sample_kb: words as f64 * BYTES_PER_WORD / 1000.0,
        }
    }

    /// The `size` different phrases of the set of that size.
    pub(crate) fn phrases(&self, model: &Model, size: usize) -> Vec<String> {
        let mut random = SplitMix::named("phrases", size as u64);
        let mut chosen = HashSet::with_capacity(size);
        let mut phrases = Vec::with_capacity(size);
        // The rarest runs of a sample are rarer still outside it.
        let mut budget = 1.15 * density(size) * self.sample_kb;
        let mut n_seen_left = size * (100 - NEVER) / 100;
        while phrases.len() < size {
            let length = [1, 1, 2, 2, 2, 2, 2, 3, 3, 3][random.below(10)];
            let (count, key) = if n_seen_left > 0 {
                let wanted = budget.max(1.0) / n_seen_left as f64 * spread(&mut random);
                self.near(length, wanted, &mut random)
            } else {
                (0, never(model, length, &mut random))
            };
            let phrase = spelled(model, key);
            // Lists hold no function words on their own.
            let is_odd = length == 1 && phrase.len() < 5;
            if is_odd || (size < DENSE && ends_openly(key)) || !chosen.insert(key) {
                continue;
            }
            budget -= f64::from(count);
            n_seen_left = n_seen_left.saturating_sub(1);
            phrases.push(phrase);
        }
        shuffle(&mut phrases, &mut random);
        phrases
    }

    /// A run that occurs about as often as wanted.
    fn near(&self, length: usize, wanted: f64, random: &mut SplitMix) -> (u32, u64) {
        let list = &self.by_length[length - 1];
        let count = wanted.round().max(1.0) as u32;
        let start = list
            .partition_point(|run| run.0 < count)
            .min(list.len() - 1);
        let end = list
            .partition_point(|run| run.0 <= count + count / 4)
            .min(list.len());
        let place = if end > start {
            random.between(start, end - 1)
        } else {
            start
        };
        list[place]
    }
}

/// A factor with mean 1 and a long tail: few phrases make most of the hits.
fn spread(random: &mut SplitMix) -> f64 {
    (1.1 * random.normal() - 0.605).exp()
}

/// Words that do not follow each other but by chance.
fn never(model: &Model, length: usize, random: &mut SplitMix) -> u64 {
    let mut words = [0; 3];
    for word in &mut words[..length] {
        *word = loop {
            let word = model.any(random);
            if word > if length == 1 { 30_000 } else { 1_500 } {
                break word;
            }
        };
    }
    pack(&words[..length])
}

/// Up to three word numbers in one key; 0 is no word.
fn pack(words: &[u32]) -> u64 {
    words
        .iter()
        .fold(0, |key, &word| key << 21 | u64::from(word + 1))
}

/// Whether the last word is a function word: people who write lists end
/// phrases with what they are about.
fn ends_openly(key: u64) -> bool {
    key & 0x1f_ffff <= FUNCTION_WORDS
}

fn spelled(model: &Model, key: u64) -> String {
    let numbers = [key >> 42, key >> 21, key].map(|number| number as u32 & 0x1f_ffff);
    let words = numbers.into_iter().filter(|&number| number > 0);
    let words: Vec<&str> = words.map(|number| model.word(number - 1)).collect();
    words.join(" ")
}

/// How often each key occurs, rarest first.
fn counted(mut keys: Vec<u64>) -> Vec<(u32, u64)> {
    keys.sort_unstable();
    let runs = keys.chunk_by(|one, other| one == other);
    let mut counted: Vec<(u32, u64)> = runs.map(|run| (run.len() as u32, run[0])).collect();
    counted.sort_unstable();
    counted
}

/// Puts a list in another order.
pub(crate) fn shuffle<T>(list: &mut [T], random: &mut SplitMix) {
    for index in (1..list.len()).rev() {
        list.swap(index, random.below(index + 1));
    }
}
