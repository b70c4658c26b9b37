//! Drift of sources: counts what a run gave, compares with runs before, and
//! keeps a few pages for whoever repairs a source.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::{CrawlFailure, CrawlReport};
use crate::crawl::drift::{self, Alarm, Fill};
use crate::crawl::{Page, Source, Tally};
use crate::pipeline::Workspace;
use crate::pipeline::sources::write_pages;
use crate::post::Post;
use crate::skip::{Skip, SkipReason};
use crate::store::state::{SourceRun, State};

/// Pages of one host that are held.
const MAX_PAGES: usize = 4;
/// Largest page that is held, in bytes.
const MAX_PAGE: usize = 1 << 20;
/// Bytes of all pages that are held.
const MAX_HELD: usize = 64 << 20;

/// A source that no longer gives what it used to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Which source.
    pub source: String,
    /// What is wrong.
    pub alarms: Vec<Alarm>,
    /// Where pages were kept for repair; `None` when none was at hand.
    pub pages: Option<PathBuf>,
}

/// The first pages of each host, held until it is known whether anybody has
/// to look at them.
#[derive(Debug, Default)]
pub(super) struct Samples {
    held: Mutex<(usize, BTreeMap<String, Vec<Page>>)>,
}

impl Samples {
    pub(super) fn add(&self, page: &Page) {
        let is_sample =
            page.is_success() && page.url.path() != "/robots.txt" && page.body.len() <= MAX_PAGE;
        if !is_sample {
            return;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let (bytes, hosts) = &mut *held;
        let pages = hosts
            .entry(page.url.host_str().unwrap_or("").to_owned())
            .or_default();
        if pages.len() < MAX_PAGES && *bytes + page.body.len() <= MAX_HELD {
            *bytes += page.body.len();
            pages.push(page.clone());
        }
    }

    fn of(&self, hosts: &BTreeSet<String>) -> Vec<Page> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        hosts
            .iter()
            .filter_map(|host| held.1.get(host))
            .flatten()
            .cloned()
            .collect()
    }
}

/// What each source of a run gave.
#[derive(Debug, Default)]
pub(super) struct Fills {
    by_source: BTreeMap<String, Fill>,
    /// What could not be read, by host.
    unread: BTreeMap<String, u64>,
}

impl Fills {
    pub(super) fn post(&mut self, post: &Post) {
        self.by_source
            .entry(post.platform.clone())
            .or_default()
            .add(post);
    }

    pub(super) fn skip(&mut self, skip: &Skip) {
        let is_unread = matches!(
            skip.reason,
            SkipReason::MalformedPage | SkipReason::MissingField
        );
        if !is_unread {
            return;
        }
        let url = url::Url::parse(&skip.subject).ok();
        if let Some(host) = url.as_ref().and_then(url::Url::host_str) {
            *self.unread.entry(host.to_owned()).or_default() += 1;
        }
    }

    fn of(&self, source: &Source) -> Fill {
        let mut fill = self.by_source.get(&source.id).copied().unwrap_or_default();
        let hosts = source.hosts.iter().filter_map(|host| self.unread.get(host));
        fill.unread = hosts.sum();
        fill
    }
}

/// Where a run is kept.
pub(super) struct Run<'r> {
    pub(super) id: &'r str,
    pub(super) at: Timestamp,
    pub(super) workspace: &'r Workspace,
}

/// Compares every source that was read to its end with its runs before, and
/// notes this one.
pub(super) fn look(
    sources: &[Source],
    run: &Run<'_>,
    (fills, samples): (&Fills, &Samples),
    state: &mut State,
    report: &mut CrawlReport,
) -> Result<(), CrawlFailure> {
    let tallies: BTreeMap<&str, &Tally> = report
        .sources
        .iter()
        .map(|(id, tally)| (id.as_str(), tally))
        .collect();
    let mut drifts = Vec::new();
    for source in sources {
        let Some(tally) = tallies.get(source.id.as_str()) else {
            continue;
        };
        // Half a way through a source says nothing of the whole.
        if tally.stopped {
            continue;
        }
        let fill = fills.of(source);
        let seen = drift::Seen {
            pages: tally.pages,
            unchanged: tally.known + tally.repeated + tally.unchanged + tally.not_due,
        };
        let earlier = state.source_runs(&source.id, drift::LOOK_BACK)?;
        let earlier: Vec<Fill> = earlier.iter().map(from_row).collect();
        let alarms = drift::alarms(&earlier, &fill, &seen);
        let row = SourceRun {
            posts: fill.posts,
            unread: fill.unread,
            filled: fill.filled.to_vec(),
            alarms: alarms.iter().map(Alarm::to_string).collect(),
        };
        state.put_source_run(&source.id, run.id, run.at, &row)?;
        if !alarms.is_empty() {
            drifts.push(Drift {
                pages: keep(source, run, samples),
                source: source.id.clone(),
                alarms,
            });
        }
    }
    report.drifts = drifts;
    Ok(())
}

fn from_row(row: &SourceRun) -> Fill {
    let mut fill = Fill {
        posts: row.posts,
        unread: row.unread,
        ..Fill::default()
    };
    for (into, from) in fill.filled.iter_mut().zip(&row.filled) {
        *into = *from;
    }
    fill
}

/// Keeps pages of a source beside it. The evidence has them all; these are a
/// help, so a full disk is no reason to end the run.
fn keep(source: &Source, run: &Run<'_>, samples: &Samples) -> Option<PathBuf> {
    let pages = samples.of(&source.hosts);
    let folder = run
        .workspace
        .source(&source.id)
        .join(format!("drift-{}", run.id));
    let is_kept = !pages.is_empty() && write_pages(&folder, &pages).is_ok();
    is_kept.then_some(folder)
}
