//! Where the edges meet the core: posts in, findings out.
//!
//! The only floor that knows crawling, archives, scanning and the store at
//! once. It neither prints nor asks.

pub mod backtest;
mod captured;
pub mod corpus;
mod crawl;
pub mod digest;
mod lock;
mod piped;
pub mod rules;
mod scan;
mod shared;
pub mod sources;
pub mod stats;
pub mod upkeep;
pub mod whole;
mod workspace;

pub use captured::{Captured, CapturedError, captured};
pub use crawl::{CrawlFailure, CrawlJob, CrawlReport, Drift, Recovered, Told, exchange};
pub use lock::{Holder, Lock, LockError, Work};
pub use scan::{Event, ScanJob};
pub use shared::Sharing;
pub use workspace::{CONFIG, Config, Workspace, WorkspaceError};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assessment::{Assessment, Level, Route};
use crate::language::languages;
use crate::post::Post;
use crate::rule::RuleSet;
use crate::scan::{Scanner, Scratch};
use crate::skip::{Skip, SkipReason};
use crate::store::mask::Masker;
use crate::store::record::{Finding, Particulars, RunFacts, finding};
use crate::text::Views;

/// Most skips kept one by one; beyond, only their number grows.
const MAX_SKIPS: usize = 1_000;

/// Turns posts into records, the same way for every source.
#[derive(Debug)]
pub struct Assessor<'a> {
    /// What is looked for.
    pub rules: Arc<RuleSet>,
    /// How contacts are hidden.
    pub masker: &'a Masker,
    /// What all records of this run share.
    pub run: RunFacts,
}

/// What is worth counting about a post besides its record.
#[derive(Debug, Default)]
pub struct Noted {
    /// Ids of shadow indicators that held.
    pub shadow: Vec<String>,
    /// The post's level and route.
    pub level: Option<(Level, Route)>,
}

impl Noted {
    fn of(assessment: &Assessment) -> Self {
        let shadow = assessment.shadow.iter();
        Self {
            shadow: shadow.map(|indicator| indicator.id.clone()).collect(),
            level: Some((assessment.level, assessment.route)),
        }
    }
}

impl Assessor<'_> {
    /// What `post` says, and what of that is counted. `scratch` is what one
    /// thread keeps between posts.
    pub fn judge(&self, post: &Post, scratch: &mut Scratch) -> (Assessment, Noted) {
        let assessment = Scanner::new(&self.rules).scan_with(post, scratch);
        let noted = Noted::of(&assessment);
        (assessment, noted)
    }

    /// As [`Assessor::judge`], but without an assessment when the post is not
    /// flagged.
    pub fn judge_flagged(&self, post: &Post, scratch: &mut Scratch) -> (Option<Assessment>, Noted) {
        match Scanner::new(&self.rules).scan_telling(post, scratch) {
            None => (None, Noted::default()),
            Some(assessment) => {
                let noted = Noted::of(&assessment);
                (Some(assessment).filter(Assessment::is_flagged), noted)
            }
        }
    }

    /// The record of a post that was judged; `revision` counts from 1.
    pub fn record(&self, post: &Post, assessment: &Assessment, revision: u32) -> Finding {
        let particulars = Particulars {
            languages: &languages(&Views::new(&post.text).plain),
            revision,
        };
        finding(post, assessment, &particulars, &self.run, self.masker)
    }
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Tally {
    /// Posts scanned.
    pub n_posts: u64,
    /// Findings by level and route, without `none`.
    pub flagged: BTreeMap<(Level, Route), u64>,
    /// Inputs not processed, the first of them; see `n_skips`.
    pub skips: Vec<Skip>,
    /// How many inputs were not processed, by reason.
    pub n_skips: BTreeMap<SkipReason, u64>,
    /// Posts in which a shadow indicator held, by its id.
    pub shadow: BTreeMap<String, u64>,
    /// Whether the run was ended from outside.
    pub interrupted: bool,
}

impl Tally {
    /// Adds what came after.
    fn join(&mut self, later: Self) {
        self.n_posts += later.n_posts;
        for (what, n) in later.flagged {
            *self.flagged.entry(what).or_default() += n;
        }
        let room = MAX_SKIPS.saturating_sub(self.skips.len());
        self.skips.extend(later.skips.into_iter().take(room));
        for (reason, n) in later.n_skips {
            *self.n_skips.entry(reason).or_default() += n;
        }
        for (id, n) in later.shadow {
            *self.shadow.entry(id).or_default() += n;
        }
    }

    /// Counts a scanned post.
    pub fn note(&mut self, noted: &Noted) {
        self.n_posts += 1;
        if let Some((level, route)) = noted.level.filter(|(level, _)| *level > Level::None) {
            *self.flagged.entry((level, route)).or_default() += 1;
        }
        for id in &noted.shadow {
            *self.shadow.entry(id.clone()).or_default() += 1;
        }
    }

    /// Counts a skip.
    pub fn skip(&mut self, skip: Skip) {
        *self.n_skips.entry(skip.reason).or_default() += 1;
        if self.skips.len() < MAX_SKIPS {
            self.skips.push(skip);
        }
    }

    /// How many posts were flagged.
    pub fn n_flagged(&self) -> u64 {
        self.flagged.values().sum()
    }

    /// Records seen: scanned or skipped.
    pub fn n_records(&self) -> u64 {
        self.n_posts + self.n_skips.values().sum::<u64>()
    }

    /// Whether something an operator has to look after was skipped.
    pub fn has_faults(&self) -> bool {
        self.n_skips.keys().any(|reason| !reason.is_by_design())
    }
}
