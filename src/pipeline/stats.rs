//! How each rule fares on a corpus: counts, nothing else. What is kept grows
//! with the rules and the classes, not with the posts.

mod class;

use std::collections::BTreeMap;

use super::corpus::{CorpusFile, Side};
use crate::assessment::Assessment;
use crate::post::Post;
use crate::rule::RuleSet;
use crate::scan::{Scratch, Survey, survey};

pub use class::{Aim, ClassCount, Found, MAX_MISSED};

/// A count on ordinary and on other writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// On ordinary writing.
    pub benign: u64,
    /// On writing that deserves a look.
    pub flag: u64,
}

impl Count {
    /// Counts one more.
    fn add(&mut self, side: Side) {
        match side {
            Side::Benign => self.benign += 1,
            Side::Flag => self.flag += 1,
        }
    }

    /// Both together.
    pub fn total(self) -> u64 {
        self.benign + self.flag
    }
}

/// How the rules of a set fared on the posts counted so far.
#[derive(Debug)]
pub struct Census<'r> {
    rules: &'r RuleSet,
    /// Posts.
    pub posts: Count,
    /// Posts on which each indicator held, by index. Shadow rules count.
    pub indicators: Vec<Count>,
    /// Posts on which each gate fired, by index.
    pub gates: Vec<Count>,
    /// Posts on which a gate lacked one thing, by gate and thing.
    pub near: BTreeMap<(usize, String), Count>,
    /// Posts on which two indicators held, the lower index first.
    pairs: BTreeMap<(usize, usize), u64>,
    /// By side, part and class.
    pub classes: BTreeMap<(Side, String, String), ClassCount>,
}

impl<'r> Census<'r> {
    /// An empty one for `rules`.
    pub fn new(rules: &'r RuleSet) -> Self {
        Self {
            rules,
            posts: Count::default(),
            indicators: vec![Count::default(); rules.indicators.len()],
            gates: vec![Count::default(); rules.gates.len()],
            near: BTreeMap::new(),
            pairs: BTreeMap::new(),
            classes: BTreeMap::new(),
        }
    }

    /// The rules that are counted.
    pub fn rules(&self) -> &'r RuleSet {
        self.rules
    }

    /// Judges and counts one post of `file`.
    pub fn count(&mut self, file: &CorpusFile, post: &Post, scratch: &mut Scratch) {
        let Survey { assessment, near } = survey(self.rules, post, scratch);
        let side = file.side;
        self.posts.add(side);
        let held = self.held(&assessment);
        for (at, &one) in held.iter().enumerate() {
            self.indicators[one].add(side);
            for &other in &held[at + 1..] {
                *self.pairs.entry((one, other)).or_default() += 1;
            }
        }
        for hit in &assessment.gates {
            if let Some(gate) = self.rules.gate_named(&hit.gate.id) {
                self.gates[gate].add(side);
            }
        }
        for miss in near {
            let near = self.near.entry((miss.gate, miss.lacks));
            near.or_default().add(side);
        }
        let key = (side, file.part.clone(), file.class.clone());
        let class = self
            .classes
            .entry(key)
            .or_insert_with(|| ClassCount::new(self.rules, &file.class));
        class.count(post, &assessment);
    }

    /// Indicators that held, by index, sorted.
    fn held(&self, assessment: &Assessment) -> Vec<usize> {
        let shown = assessment.hits.iter().map(|hit| &hit.indicator);
        let all = shown.chain(&assessment.shadow);
        let mut held: Vec<usize> = all
            .filter_map(|indicator| self.rules.indicator_named(&indicator.id))
            .collect();
        held.sort_unstable();
        held
    }

    /// The indicators that most often held together with this one: index,
    /// posts, and the Jaccard index (those posts, as a share of the posts on
    /// which either held).
    pub fn together(&self, indicator: usize, most: usize) -> Vec<(usize, u64, f64)> {
        let n = |index: usize| self.indicators[index].total();
        let mut together: Vec<_> = self
            .pairs
            .iter()
            .filter_map(|(&(one, other), &both)| {
                let other = match indicator {
                    _ if indicator == one => other,
                    _ if indicator == other => one,
                    _ => return None,
                };
                let either = n(indicator) + n(other) - both;
                Some((other, both, share(both, either)))
            })
            .collect();
        together.sort_by_key(|&(other, both, _)| {
            let either = n(indicator) + n(other) - both;
            // Whole numbers, so that the order is the same everywhere.
            let parts_per_million = both * 1_000_000 / either;
            (std::cmp::Reverse(parts_per_million), other)
        });
        together.truncate(most);
        together
    }
}

/// `n` of `of`, from 0 to 1; 0 of nothing is 0.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of posts are far smaller"
)]
pub fn share(n: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { n as f64 / of as f64 }
}
