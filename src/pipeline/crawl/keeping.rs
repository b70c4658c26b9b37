//! What a crawl keeps while it reads: pages in the evidence, and what sites
//! allow for the next run.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::drift::Samples;
use crate::crawl::{Keep, Page, SiteRobots, Source};
use crate::evidence::{Earlier, Evidence, Exchange, Sameness};
use crate::post::Capture;
use crate::store::state::{RobotsRow, State, StateError};

/// What sites allow: as earlier runs were told, and as this one was.
#[derive(Default)]
pub(super) struct SiteBook {
    known: BTreeMap<String, SiteRobots>,
    asked: Mutex<Vec<SiteRobots>>,
}

impl SiteBook {
    /// Reads what is kept of the sites of `sources`.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub(super) fn load(state: &State, sources: &[Source]) -> Result<Self, StateError> {
        let starts = sources.iter().flat_map(|source| &source.start);
        let starts = starts.map(|url| url.origin().ascii_serialization());
        let hosts = sources.iter().flat_map(|source| &source.hosts);
        let hosts = hosts.flat_map(|host| [format!("http://{host}"), format!("https://{host}")]);
        let sites: BTreeSet<String> = starts.chain(hosts).collect();
        let mut known = BTreeMap::new();
        for site in sites {
            if let Some(row) = state.robots(&site)? {
                known.insert(site, site_robots(row));
            }
        }
        let asked = Mutex::default();
        Ok(Self { known, asked })
    }

    /// Writes what sites were asked since the last time.
    ///
    /// # Errors
    ///
    /// When the store cannot be written.
    pub(super) fn write(&self, state: &mut State) -> Result<(), StateError> {
        let asked = std::mem::take(&mut *self.asked());
        asked.into_iter().try_for_each(|robots| {
            state.put_robots(&RobotsRow {
                origin: robots.site,
                fetched_at: robots.fetched_at,
                status: robots.status,
                body: robots.body,
            })
        })
    }

    fn asked(&self) -> MutexGuard<'_, Vec<SiteRobots>> {
        // A list is never half changed.
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn site_robots(row: RobotsRow) -> SiteRobots {
    SiteRobots {
        site: row.origin,
        status: row.status,
        body: row.body,
        fetched_at: row.fetched_at,
    }
}

/// Hands pages to the evidence file.
pub(super) struct Keeping {
    pub(super) evidence: Arc<Evidence>,
    /// The first pages of each host, should a source need repair.
    pub(super) samples: Arc<Samples>,
    /// What sites allow.
    pub(super) robots: Arc<SiteBook>,
}

impl Keep for Keeping {
    fn keep(&self, page: &Page) -> io::Result<Capture> {
        self.samples.add(page);
        self.evidence.keep(&exchange(page))
    }

    fn keep_unchanged(&self, page: &Page, earlier: &Capture, at: Timestamp) -> io::Result<Capture> {
        let earlier = Earlier {
            record_id: &earlier.record_id,
            url: page.url.as_str(),
            at,
            payload: earlier.digest,
        };
        let same = if page.status == 304 {
            Sameness::NotModified
        } else {
            Sameness::SamePayload
        };
        self.evidence.keep_revisit(&exchange(page), &earlier, same)
    }

    fn robots(&self, site: &str) -> Option<SiteRobots> {
        self.robots.known.get(site).cloned()
    }

    fn keep_robots(&self, robots: &SiteRobots) {
        self.robots.asked().push(robots.clone());
    }
}

/// A page as evidence keeps it.
pub fn exchange(page: &Page) -> Exchange<'_> {
    Exchange {
        url: page.url.as_str(),
        at: page.fetched_at,
        remote: page.remote,
        request: &page.request,
        status: page.status,
        reason: page.reason,
        headers: &page.headers,
        body: &page.body,
        served: page.served,
        removed: &page.removed,
    }
}
