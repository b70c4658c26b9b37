//! The rules of a frontier over the tables of the store.
//!
//! Everything here happens inside the store's open group; nothing is on the
//! disk before the group is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::crawl::frontier::{
    Done, Entered, Fresh, FrontierError, Kept, Lease, Task, TaskKind, Used, Visit, canonical,
};
use crate::id::Digest;
use crate::store::state::{
    Address, AddressKind, Before, NewAddress, Round, State, StateError, Visited,
};

/// The ways through the sources of a run.
pub(super) struct Ways {
    now: Timestamp,
    ruleset: Digest,
    open: BTreeMap<String, Way>,
}

struct Way {
    round: Round,
    /// Tasks handed out.
    out: BTreeSet<i64>,
}

/// What a reader did that it may not, such as finishing what it was not given.
/// The store itself is well.
type Wrong = FrontierError;

impl Ways {
    pub(super) fn new(now: Timestamp, ruleset: Digest) -> Self {
        let open = BTreeMap::new();
        Self { now, ruleset, open }
    }

    pub(super) fn enter(
        &mut self,
        state: &mut State,
        source: &str,
        shape: &Digest,
        start: &[Url],
    ) -> Result<Entered, StateError> {
        // How pages are read is as much a reason to read them again as how
        // posts are judged.
        let rules = Digest::of_parts([self.ruleset.0.as_slice(), &shape.0]);
        let known = state.round(source)?.filter(|round| !round.ended);
        let resumed = known.is_some();
        let mut round = match known {
            Some(round) => round,
            None => state.begin_round(source, &rules, self.now)?,
        };
        // On the way on these are known, but for a start page that was added.
        let start: Vec<Url> = start.iter().map(canonical).collect();
        let start = start
            .iter()
            .map(|url| (url.as_str(), AddressKind::Listing, 0));
        let added = state.add_addresses(source, &mut round, self.now, start)?;
        let not_due = added.iter().filter(|one| **one == NewAddress::NotDue);
        let not_due = not_due.count() as u64;
        state.keep_round(source, &round, None)?;
        let (pages, bytes) = (round.pages, round.bytes);
        let used = Used { pages, bytes };
        let out = BTreeSet::new();
        self.open.insert(source.to_owned(), Way { round, out });
        Ok(Entered {
            resumed,
            used,
            not_due,
        })
    }

    pub(super) fn lease(
        &mut self,
        state: &State,
        source: &str,
    ) -> Result<Result<Option<Lease>, Wrong>, StateError> {
        let Some(way) = self.open.get_mut(source) else {
            return Ok(Err(not_entered(source)));
        };
        let Some(address) = state.next_address(source, self.now, &way.out)? else {
            return Ok(Ok(None));
        };
        way.out.insert(address.id);
        Ok(lease(address).map(Some))
    }

    pub(super) fn fresh(
        &self,
        state: &State,
        source: &str,
        urls: &[Url],
        posts: &[String],
    ) -> Result<Result<Fresh, Wrong>, StateError> {
        let Some(way) = self.open.get(source) else {
            return Ok(Err(not_entered(source)));
        };
        let number = way.round.number;
        let mut fresh = Fresh::default();
        for url in urls {
            let met = state.is_address_met(source, canonical(url).as_str(), number)?;
            fresh.urls.push(!met);
        }
        for id in posts {
            fresh.posts.push(!state.is_post_met(source, id, number)?);
        }
        Ok(Ok(fresh))
    }

    /// Whether a task was handed out and not yet finished.
    pub(super) fn holds(&self, source: &str, lease: &Lease) -> Result<(), Wrong> {
        let way = self.open.get(source).ok_or_else(|| not_entered(source))?;
        if way.out.contains(&lease.number) {
            return Ok(());
        }
        Err(FrontierError::Unusable(format!(
            "{} was not handed out",
            lease.task.url
        )))
    }

    /// Notes everything a task gave but its posts' findings.
    pub(super) fn finish(
        &mut self,
        state: &mut State,
        source: &str,
        lease: &Lease,
        done: &Done,
    ) -> Result<Result<Kept, Wrong>, StateError> {
        if let Err(wrong) = self.holds(source, lease) {
            return Ok(Err(wrong));
        }
        let Some(way) = self.open.get_mut(source) else {
            return Ok(Err(not_entered(source)));
        };
        way.out.remove(&lease.number);
        let round = &mut way.round;
        let visited = Visited {
            outcome: done.outcome.as_str(),
            at: self.now,
            due: done.visit.again_after.map(|after| later(self.now, after)),
            left: &before(&done.visit),
        };
        state.visit_address(lease.number, round, &visited)?;
        let leads: Vec<(Url, AddressKind, u8)> = done.leads.iter().map(lead).collect();
        let leads = leads
            .iter()
            .map(|(url, kind, barren)| (url.as_str(), *kind, *barren));
        let added = state.add_addresses(source, round, self.now, leads)?;
        for url in &done.met {
            state.meet_address(source, canonical(url).as_str(), round.number)?;
        }
        for post in &done.posts {
            state.meet_post(&post.platform, &post.native_id, round.number)?;
        }
        (round.pages, round.bytes) = (done.used.pages, done.used.bytes);
        state.keep_round(source, round, None)?;
        let count = |became| added.iter().filter(|one| **one == became).count() as u64;
        Ok(Ok(Kept {
            waiting: round.waiting,
            known: count(NewAddress::Known),
            not_due: count(NewAddress::NotDue),
        }))
    }

    pub(super) fn give_back(&mut self, source: &str, lease: &Lease) {
        if let Some(way) = self.open.get_mut(source) {
            way.out.remove(&lease.number);
        }
    }

    /// Forgets a source that is another machine's by now.
    pub(super) fn forget(&mut self, source: &str) {
        self.open.remove(source);
    }

    pub(super) fn leave(
        &mut self,
        state: &mut State,
        source: &str,
        ended: bool,
    ) -> Result<(), StateError> {
        let Some(way) = self.open.remove(source) else {
            return Ok(());
        };
        state.keep_round(source, &way.round, ended.then_some(self.now))
    }
}

fn not_entered(source: &str) -> Wrong {
    FrontierError::Unusable(format!("source `{source}` was not entered"))
}

fn lead(task: &Task) -> (Url, AddressKind, u8) {
    let url = canonical(&task.url);
    match task.kind {
        TaskKind::Detail => (url, AddressKind::Detail, 0),
        TaskKind::Listing { barren } => (url, AddressKind::Listing, barren),
    }
}

fn lease(address: Address) -> Result<Lease, Wrong> {
    let parse = |text: &str| {
        Url::parse(text)
            .map_err(|error| FrontierError::Unusable(format!("the store holds {text:?}: {error}")))
    };
    let url = parse(&address.url)?;
    let kind = match address.kind {
        AddressKind::Detail => TaskKind::Detail,
        AddressKind::Listing => TaskKind::Listing {
            barren: address.barren,
        },
    };
    let before = match address.before {
        None => None,
        Some(before) => Some(Visit {
            visits: before.visits,
            again_after: before.again_after_s.map(Duration::from_secs),
            etag: before.etag,
            last_modified: before.last_modified,
            content: before.content,
            next: before.next.as_deref().map(parse).transpose()?,
            capture: before.capture,
        }),
    };
    Ok(Lease {
        number: address.id,
        task: Task { url, kind },
        before,
    })
}

fn before(visit: &Visit) -> Before {
    Before {
        visits: visit.visits,
        again_after_s: visit.again_after.map(|after| after.as_secs()),
        etag: visit.etag.clone(),
        last_modified: visit.last_modified.clone(),
        content: visit.content,
        next: visit.next.as_ref().map(Url::to_string),
        capture: visit.capture.clone(),
    }
}

fn later(now: Timestamp, after: Duration) -> Timestamp {
    now.checked_add(after).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::crawl::Source;
    use crate::crawl::frontier::{Answer, Frontier, conformance};
    use crate::store::state::kit::Kit;

    /// The rules alone, without judging and evidence. The group is committed
    /// and a file opened anew for every wish: nothing may live in memory but
    /// what is handed out.
    struct Bare {
        state: Mutex<State>,
        kit: Kit,
        ways: Mutex<Ways>,
    }

    impl Bare {
        fn new(kit: Kit) -> Self {
            Self {
                state: Mutex::new(kit.open()),
                kit,
                ways: Mutex::new(Ways::new(
                    Timestamp::from_second(1_793_000_000).unwrap(),
                    Digest::of(b"rules"),
                )),
            }
        }

        fn with<'a, T: Send + 'a>(
            &self,
            work: impl FnOnce(&mut Ways, &mut State) -> Result<Result<T, Wrong>, StateError>,
        ) -> Answer<'a, T> {
            let mut state = self.state.lock().unwrap();
            if let Kit::File(_) = self.kit {
                *state = self.kit.open();
            }
            state.begin().unwrap();
            let done = work(&mut self.ways.lock().unwrap(), &mut state).unwrap();
            state.commit().unwrap();
            Box::pin(std::future::ready(done))
        }
    }

    impl Frontier for Bare {
        fn enter<'a>(&'a self, source: &'a Source) -> Answer<'a, Entered> {
            self.with(|ways, state| {
                let shape = Digest::of(b"shape");
                ways.enter(state, &source.id, &shape, &source.start).map(Ok)
            })
        }

        fn lease<'a>(&'a self, source: &'a Source) -> Answer<'a, Option<Lease>> {
            self.with(|ways, state| ways.lease(state, &source.id))
        }

        fn fresh<'a>(
            &'a self,
            source: &'a Source,
            urls: Vec<Url>,
            posts: Vec<String>,
        ) -> Answer<'a, Fresh> {
            self.with(|ways, state| ways.fresh(state, &source.id, &urls, &posts))
        }

        fn finish<'a>(&'a self, source: &'a Source, lease: Lease, done: Done) -> Answer<'a, Kept> {
            self.with(|ways, state| {
                for post in &done.posts {
                    state.see(post, &Digest::of(b"rules"), ways.now)?;
                }
                ways.finish(state, &source.id, &lease, &done)
            })
        }

        fn give_back<'a>(&'a self, source: &'a Source, lease: Lease) -> Answer<'a, ()> {
            self.with(|ways, _| {
                ways.give_back(&source.id, &lease);
                Ok(Ok(()))
            })
        }

        fn leave<'a>(&'a self, source: &'a Source, ended: bool) -> Answer<'a, ()> {
            self.with(|ways, state| ways.leave(state, &source.id, ended).map(Ok))
        }
    }

    #[tokio::test]
    async fn the_store_keeps_the_rules_of_every_frontier() {
        conformance::check(|| Bare::new(Kit::file())).await;
    }

    #[tokio::test]
    async fn a_server_keeps_the_rules_of_every_frontier() {
        if Kit::database().is_some() {
            conformance::check(|| Bare::new(Kit::database().unwrap())).await;
        }
    }
}
