//! Leases of this run, where several machines share a server.
//!
//! The ledger takes and renews them; readers look at their deadlines right
//! before each request. A deadline is kept by two clocks: one does not go on
//! while a machine sleeps, the other can be set. What either of them takes for
//! over is renewed before anything more is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::crawl::frontier::Claim;
use crate::crawl::{Fetcher, Source};
use crate::store::state::{Leased, State, StateError, Terms, Wanted};

/// Shortest and longest time until somebody who waits for a source asks again.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Until when each source may be read.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    by_source: Mutex<BTreeMap<String, (Instant, SystemTime)>>,
}

impl Deadlines {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, (Instant, SystemTime)>> {
        // The table is never half changed, whoever panicked over it.
        self.by_source
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a source may still be read.
    pub(super) fn are_ahead(&self, source: &str) -> bool {
        self.all()
            .get(source)
            .is_some_and(|(tick, clock)| Instant::now() < *tick && SystemTime::now() < *clock)
    }
}

/// What this run leases.
pub(super) struct Fleet {
    terms: Terms,
    fetcher: Arc<Fetcher>,
    held: BTreeMap<String, Held>,
    /// Sources whose lease was shown in the open group.
    shown: BTreeSet<String>,
    pub(super) deadlines: Arc<Deadlines>,
    /// When the leases are to be renewed, while there are any.
    renewal: Option<Instant>,
}

struct Held {
    fence: i64,
    hosts: BTreeSet<String>,
}

impl Fleet {
    pub(super) fn new(terms: Terms, fetcher: Arc<Fetcher>) -> Self {
        Self {
            terms,
            fetcher,
            held: BTreeMap::new(),
            shown: BTreeSet::new(),
            deadlines: Arc::default(),
            renewal: None,
        }
    }

    /// When the leases are to be renewed. Without any there is nothing to wait
    /// for, however they were lost.
    pub(super) fn renewal(&self) -> Option<Instant> {
        self.renewal.filter(|_| !self.held.is_empty())
    }

    /// Numbers of the leases that are held.
    pub(super) fn fences(&self) -> Vec<i64> {
        self.held.values().map(|held| held.fence).collect()
    }

    /// Leases the first of these sources that can be had.
    pub(super) fn claim(
        &mut self,
        state: &mut State,
        sources: &[&Source],
    ) -> Result<Claim, StateError> {
        let mut soonest: Option<Duration> = None;
        for (n, source) in sources.iter().enumerate() {
            let delays = source.hosts.iter();
            let delays = delays.map(|host| self.fetcher.settings().delay(host, source.delay_ms));
            let wanted = Wanted {
                source: &source.id,
                hosts: &source.hosts,
                delay: delays.max().unwrap_or_default(),
            };
            let asked = (Instant::now(), SystemTime::now());
            match state.lease(&wanted, &self.terms)? {
                Leased::Over => {}
                Leased::Busy(left) => {
                    soonest = Some(soonest.map_or(left, |soonest| soonest.min(left)));
                }
                Leased::Given(fence) => {
                    let hosts = source.hosts.clone();
                    self.held.insert(source.id.clone(), Held { fence, hosts });
                    self.put_off(std::slice::from_ref(&source.id), asked);
                    return Ok(Claim::Here(n));
                }
            }
        }
        let (least, most) = ASK_AGAIN;
        Ok(soonest.map_or(Claim::Over, |left| Claim::Wait(left.clamp(least, most))))
    }

    /// Counts from before the server was asked, with some time to spare.
    fn put_off(&mut self, sources: &[String], (tick, clock): (Instant, SystemTime)) {
        let lease = self.terms.lease;
        let safe = lease.mul_f64(5.0 / 6.0);
        let mut deadlines = self.deadlines.all();
        for source in sources {
            deadlines.insert(source.clone(), (tick + safe, clock + safe));
        }
        let next = tick + lease / 3;
        self.renewal = Some(self.renewal.map_or(next, |renewal| renewal.min(next)));
    }

    /// Renews every lease; the sources that are others' by now.
    pub(super) fn renew(&mut self, state: &mut State) -> Result<Vec<String>, StateError> {
        let asked = (Instant::now(), SystemTime::now());
        self.renewal = None;
        if self.held.is_empty() {
            return Ok(Vec::new());
        }
        let pauses = self.pauses(|_| true);
        let kept = state.renew(&self.fences(), self.terms.lease, &pauses)?;
        let (kept, lost): (Vec<String>, Vec<String>) = self
            .held
            .keys()
            .cloned()
            .partition(|source| kept.contains(&self.held[source].fence));
        for source in &lost {
            self.lose(source);
        }
        self.put_off(&kept, asked);
        Ok(lost)
    }

    /// The pauses hosts of these sources now have.
    fn pauses(&self, which: impl Fn(&str) -> bool) -> Vec<(String, Duration)> {
        let held = self.held.iter().filter(|(source, _)| which(source));
        let hosts: BTreeSet<&String> = held.flat_map(|(_, held)| &held.hosts).collect();
        let limits = self.fetcher.limits().into_iter();
        limits
            .filter(|limit| hosts.contains(&limit.host))
            .map(|limit| (limit.host, limit.pause))
            .collect()
    }

    /// Shows the lease of a source in the open group, once: whether it holds.
    pub(super) fn show(&mut self, state: &mut State, source: &str) -> Result<bool, StateError> {
        if self.shown.contains(source) {
            return Ok(true);
        }
        let Some(held) = self.held.get(source) else {
            return Ok(false);
        };
        let holds = state.holds_lease(&held.hosts, held.fence)?;
        if holds {
            self.shown.insert(source.to_owned());
        } else {
            self.lose(source);
        }
        Ok(holds)
    }

    /// The group is kept; the next one shows its leases anew.
    pub(super) fn group_ended(&mut self) {
        self.shown.clear();
    }

    fn lose(&mut self, source: &str) {
        self.held.remove(source);
        self.deadlines.all().remove(source);
    }

    /// Gives the lease of a source back, in the open group.
    pub(super) fn release(
        &mut self,
        state: &mut State,
        source: &str,
        ended: bool,
    ) -> Result<(), StateError> {
        let pauses = self.pauses(|held| held == source);
        if let Some(held) = self.held.remove(source) {
            state.release((source, held.fence), &pauses, ended)?;
        }
        self.lose(source);
        Ok(())
    }

    /// Gives back what readers that failed did not.
    pub(super) fn release_all(&mut self, state: &mut State) -> Result<(), StateError> {
        let sources: Vec<String> = self.held.keys().cloned().collect();
        for source in &sources {
            self.release(state, source, false)?;
        }
        Ok(())
    }
}
