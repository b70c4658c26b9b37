//! What a run has used: requests, bytes, time; and what it did not have to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::crawl::page::Page;
use crate::crawl::settings::Settings;

/// Counts for all sources of a run.
#[derive(Debug)]
pub(in crate::crawl) struct Meter {
    began: Instant,
    requests: AtomicU64,
    bytes: AtomicU64,
    spared: AtomicU64,
}

/// What a run has used so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Requests sent, everything counted.
    pub requests: u64,
    /// Body bytes received.
    pub bytes: u64,
    /// Bytes that packing spared the line.
    pub spared: u64,
    /// Since its beginning.
    pub time: Duration,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            spared: AtomicU64::new(0),
        }
    }

    pub(super) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn page(&self, page: &Page) {
        self.bytes.fetch_add(page.received, Ordering::Relaxed);
        self.spared.fetch_add(page.spared(), Ordering::Relaxed);
    }

    pub(super) fn used(&self) -> Used {
        Used {
            requests: self.requests.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            spared: self.spared.load(Ordering::Relaxed),
            time: self.began.elapsed(),
        }
    }

    /// Which budget of the run is used up.
    pub(super) fn spent(&self, settings: &Settings) -> Option<String> {
        let used = self.used();
        let budgets = [
            ("max_requests", settings.max_requests, used.requests),
            ("max_bytes", settings.max_bytes, used.bytes),
            (
                "max_minutes",
                settings.max_minutes,
                used.time.as_secs() / 60,
            ),
        ];
        budgets.into_iter().find_map(|(name, most, used)| {
            let most = most.filter(|most| used >= *most)?;
            Some(format!("{name} = {most} of [crawl] is used up"))
        })
    }
}
