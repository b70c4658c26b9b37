//! Chance that is the same on every machine: the generator, Zipf's law and a
//! digest to name texts and patterns by.

/// A small, well-known generator (SplitMix64).
#[derive(Clone)]
pub(crate) struct SplitMix(pub(crate) u64);

impl SplitMix {
    /// The generator of a named stream, so that streams are strangers.
    pub(crate) fn named(name: &str, number: u64) -> Self {
        let mut digest = Digest::default();
        digest.add(name.as_bytes());
        Self(digest.0 ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    pub(crate) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    pub(crate) fn pick<W: Copy>(&mut self, from: &[W]) -> W {
        from[self.below(from.len())]
    }

    /// At least 0, below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Of the normal distribution (the sum of twelve draws is near enough, and
    /// needs no logarithm that could differ between machines).
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

/// Zipf–Mandelbrot with the two regimes of real text: rank `r` has weight
/// `1 / (r + Q)` among common words and falls with the square beyond.
pub(crate) struct Zipf {
    /// Sum of the weights up to each rank.
    sums: Vec<f64>,
}

impl Zipf {
    /// Flattens the head, as in real text: the first word is 3 % of all.
    const Q: f64 = 2.7;
    /// Where common words end.
    const COMMON: f64 = 6_000.0;

    pub(crate) fn new(ranks: usize) -> Self {
        let mut sum = 0.0;
        let sums = (0..ranks)
            .map(|rank| {
                let rank = rank as f64 + 1.0;
                sum += 1.0 / ((rank + Self::Q) * (1.0 + rank / Self::COMMON));
                sum
            })
            .collect();
        Self { sums }
    }

    pub(crate) fn draw(&self, random: &mut SplitMix) -> usize {
        let total = self.sums[self.sums.len() - 1];
        let at = random.unit() * total;
        self.sums
            .partition_point(|&sum| sum <= at)
            .min(self.sums.len() - 1)
    }
}

/// FNV-1a, 64 bits: names a set, guards against nothing.
#[derive(Clone, Copy)]
pub(crate) struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// The number, for tables of digests.
    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// The digest of a list, each entry with its end.
    pub(crate) fn of_list(list: &[String]) -> String {
        let mut digest = Self::default();
        for entry in list {
            digest.add(entry.as_bytes());
            digest.add(&[0]);
        }
        format!("{:016x}", digest.0)
    }
}
