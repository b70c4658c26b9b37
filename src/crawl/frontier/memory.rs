//! A frontier that lasts as long as the program: for tests, and for reading a
//! source once without keeping anything.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::{
    Answer, Done, Entered, Fresh, Frontier, FrontierError, Kept, Lease, Task, TaskKind, Used,
    Visit, canonical,
};
use crate::crawl::Source;

/// Addresses in memory.
#[derive(Debug, Default)]
pub struct Memory {
    now: Timestamp,
    sources: Mutex<BTreeMap<String, Way>>,
}

/// Where a task stands in the queue: the newest round first, advertisements
/// before listings, then in order of arrival.
type Place = (Reverse<u32>, bool, u64);

/// The way through one source.
#[derive(Debug, Default)]
struct Way {
    round: u32,
    /// Whether the round is not yet through.
    open: bool,
    turn: u64,
    used: Used,
    known: BTreeMap<Url, Address>,
    queue: BTreeMap<Place, Url>,
    due: BTreeSet<(Timestamp, Url)>,
    out: BTreeMap<i64, Url>,
    posts: BTreeMap<String, u32>,
}

#[derive(Debug)]
struct Address {
    kind: TaskKind,
    round: u32,
    place: Option<Place>,
    due: Option<Timestamp>,
    visit: Option<Visit>,
}

impl Memory {
    /// An empty frontier that takes it to be `now`.
    pub fn at(now: Timestamp) -> Self {
        let sources = Mutex::default();
        Self { now, sources }
    }

    /// Lets time pass.
    pub fn turn_to(&mut self, now: Timestamp) {
        self.now = now;
    }

    fn with<'a, T: Send + 'a>(
        &self,
        source: &Source,
        work: impl FnOnce(&mut Way) -> Result<T, FrontierError>,
    ) -> Answer<'a, T> {
        let mut sources = self.lock();
        let done = work(sources.entry(source.id.clone()).or_default());
        Box::pin(std::future::ready(done))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Way>> {
        // Every change is made before anything could panic.
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Way {
    fn add(&mut self, url: &Url, kind: TaskKind, now: Timestamp) -> Added {
        let url = canonical(url);
        let is_detail = kind == TaskKind::Detail;
        self.turn += 1;
        let place = (Reverse(self.round), !is_detail, self.turn);
        let Some(known) = self.known.get_mut(&url) else {
            let address = Address {
                kind,
                round: self.round,
                place: Some(place),
                due: None,
                visit: None,
            };
            self.queue.insert(place, url.clone());
            self.known.insert(url, address);
            return Added::New;
        };
        if known.round == self.round {
            return Added::Met;
        }
        known.round = self.round;
        let was_read = is_detail && known.place.is_none() && known.visit.is_some();
        if was_read {
            return Added::Known;
        }
        let waits = known.place.is_some();
        if !is_detail && !waits && known.due.is_some_and(|due| due > now) {
            return Added::NotDue;
        }
        if let Some(old) = known.place.take() {
            self.queue.remove(&old);
        }
        known.kind = kind;
        known.place = Some(place);
        self.queue.insert(place, url);
        Added::New
    }

    fn meet(&mut self, url: &Url) {
        let (round, kind) = (self.round, TaskKind::Detail);
        let address = Address {
            kind,
            round,
            place: None,
            due: None,
            visit: Some(Visit::default()),
        };
        self.known
            .entry(canonical(url))
            .and_modify(|known| known.round = round)
            .or_insert(address);
    }

    fn lease(&mut self, now: Timestamp) -> Option<Lease> {
        let is_out = |url: &Url, out: &BTreeMap<i64, Url>| out.values().any(|one| one == url);
        let waiting = self.queue.values().find(|url| !is_out(url, &self.out));
        let url = match waiting {
            Some(url) => url.clone(),
            None => {
                let mut due = self.due.iter().take_while(|(at, _)| *at <= now);
                let (_, url) = due.find(|(_, url)| !is_out(url, &self.out))?;
                url.clone()
            }
        };
        self.turn += 1;
        let number = i64::try_from(self.turn).unwrap_or(i64::MAX);
        self.out.insert(number, url.clone());
        let known = &self.known[&url];
        let (kind, before) = (known.kind, known.visit.clone());
        let task = Task { url, kind };
        Some(Lease {
            number,
            task,
            before,
        })
    }

    fn finish(&mut self, lease: &Lease, done: Done, now: Timestamp) -> Result<Kept, FrontierError> {
        let url = self
            .out
            .remove(&lease.number)
            .ok_or_else(|| FrontierError::Unusable("this task was not handed out".to_owned()))?;
        let due = done.visit.again_after.map(|after| later(now, after));
        if let Some(known) = self.known.get_mut(&url) {
            if let Some(place) = known.place.take() {
                self.queue.remove(&place);
            }
            if let Some(old) = known.due.take() {
                self.due.remove(&(old, url.clone()));
            }
            known.round = self.round;
            known.due = due;
            known.visit = Some(done.visit);
        }
        if let Some(due) = due.filter(|_| lease.task.kind == TaskKind::Detail) {
            self.due.insert((due, url));
        }
        let mut kept = Kept::default();
        for lead in &done.leads {
            match self.add(&lead.url, lead.kind, now) {
                Added::Known => kept.known += 1,
                Added::NotDue => kept.not_due += 1,
                Added::New | Added::Met => {}
            }
        }
        for url in &done.met {
            self.meet(url);
        }
        for post in done.posts {
            self.posts.insert(post.native_id, self.round);
        }
        self.used = done.used;
        kept.waiting = self.queue.len() as u64;
        Ok(kept)
    }
}

/// What became of a lead.
enum Added {
    New,
    /// Met in this round already.
    Met,
    /// Read in an earlier round.
    Known,
    /// A listing to be left alone this time.
    NotDue,
}

fn later(now: Timestamp, after: Duration) -> Timestamp {
    now.checked_add(after).unwrap_or(Timestamp::MAX)
}

impl Frontier for Memory {
    fn enter<'a>(&'a self, source: &'a Source) -> Answer<'a, Entered> {
        self.with(source, |way| {
            let resumed = way.open;
            let mut not_due = 0;
            way.out.clear();
            if !resumed {
                way.open = true;
                way.round += 1;
                way.used = Used::default();
                for url in &source.start {
                    let added = way.add(url, TaskKind::Listing { barren: 0 }, self.now);
                    not_due += u64::from(matches!(added, Added::NotDue));
                }
            }
            let used = way.used;
            Ok(Entered {
                resumed,
                used,
                not_due,
            })
        })
    }

    fn lease<'a>(&'a self, source: &'a Source) -> Answer<'a, Option<Lease>> {
        self.with(source, |way| Ok(way.lease(self.now)))
    }

    fn fresh<'a>(
        &'a self,
        source: &'a Source,
        urls: Vec<Url>,
        posts: Vec<String>,
    ) -> Answer<'a, Fresh> {
        self.with(source, |way| {
            let is_new = |url: &Url| {
                let known = way.known.get(&canonical(url));
                known.is_none_or(|known| known.round != way.round)
            };
            Ok(Fresh {
                urls: urls.iter().map(is_new).collect(),
                posts: posts
                    .iter()
                    .map(|id| way.posts.get(id) != Some(&way.round))
                    .collect(),
            })
        })
    }

    fn finish<'a>(&'a self, source: &'a Source, lease: Lease, done: Done) -> Answer<'a, Kept> {
        self.with(source, |way| way.finish(&lease, done, self.now))
    }

    fn give_back<'a>(&'a self, source: &'a Source, lease: Lease) -> Answer<'a, ()> {
        self.with(source, |way| {
            way.out.remove(&lease.number);
            Ok(())
        })
    }

    fn leave<'a>(&'a self, source: &'a Source, ended: bool) -> Answer<'a, ()> {
        self.with(source, |way| {
            way.open = !ended;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crawl::frontier::conformance;

    #[tokio::test]
    async fn it_keeps_the_rules_of_every_frontier() {
        conformance::check(Memory::default).await;
    }
}
