//! The way through one source: from its start pages to its posts.
//!
//! It decides what comes next and what is reported; how a page is fetched is
//! `visit`'s business, how it is read that of `reading`. What a page gives goes
//! to the frontier in one piece.

use std::collections::BTreeSet;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use url::Url;

use super::fields::{Fault, Fields};
use super::frontier::{Done, Frontier, Lease, MAX_BARREN, Outcome, Task, TaskKind, Used};
use super::reading::{self, Role};
use super::source::Source;
use super::visit::{self, Kept, Refusal, Visitor};
use super::{CrawlError, Event, Fetcher, Keep, Progress, Tally, revisit};
use crate::skip::{Skip, SkipReason};

/// Failed pages in a row after which a site is left alone for this run.
const MAX_FAILURES: u32 = 5;
/// Links to other hosts that are remembered, so that each is named once; what
/// comes later may be named again.
const MAX_ELSEWHERE: usize = 10_000;

/// One source being read.
pub(super) struct Walk<'a> {
    source: &'a Source,
    visitor: Visitor<'a>,
    frontier: &'a dyn Frontier,
    /// Links to other hosts. They are not kept: where a post sends its readers
    /// is part of the post.
    elsewhere: BTreeSet<Url>,
    tally: Tally,
    waiting: u64,
    failures: u32,
    events: mpsc::Sender<Event>,
    /// Nobody listens any more.
    deaf: bool,
}

/// What goes on after a task.
#[derive(PartialEq, Eq)]
enum Next {
    Task,
    /// The round is over, whatever still waits.
    End,
    /// The run is over; the round goes on with the next.
    Stop,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        source: &'a Source,
        fetcher: &'a Fetcher,
        keep: &'a dyn Keep,
        frontier: &'a dyn Frontier,
        events: mpsc::Sender<Event>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let visitor = Visitor {
            fetcher,
            keep,
            hosts: &source.hosts,
            delay_ms: source.delay_ms,
            max_minutes: source.max_minutes,
            began: Instant::now(),
            stop,
            pages: 0,
            bytes: 0,
        };
        Self {
            source,
            visitor,
            frontier,
            elsewhere: BTreeSet::new(),
            tally: Tally::default(),
            waiting: 0,
            failures: 0,
            events,
            deaf: false,
        }
    }

    pub(super) async fn run(mut self) -> Result<Tally, CrawlError> {
        let entered = self.frontier.enter(self.source).await?;
        self.tally.resumed = entered.resumed;
        self.visitor.pages = entered.used.pages;
        self.visitor.bytes = entered.used.bytes;
        self.count();
        loop {
            if self.visitor.is_stopped() || self.deaf {
                self.tally.stopped = true;
                break;
            }
            let Some(lease) = self.frontier.lease(self.source).await? else {
                break;
            };
            if self.step(lease).await? != Next::Task {
                break;
            }
        }
        let ended = !self.tally.stopped;
        self.frontier.leave(self.source, ended).await?;
        Ok(self.tally)
    }

    /// Which budget is used up.
    fn spent(&self) -> Option<String> {
        let Source {
            max_pages,
            max_bytes,
            ..
        } = self.source;
        if self.visitor.pages >= *max_pages {
            return Some(format!("max_pages = {max_pages} is used up"));
        }
        if self.visitor.bytes >= *max_bytes {
            return Some(format!("max_bytes = {max_bytes} is used up"));
        }
        self.visitor.spent()
    }

    /// Deals with one task.
    async fn step(&mut self, lease: Lease) -> Result<Next, CrawlError> {
        let url = lease.task.url.clone();
        if let Some(why) = self.spent() {
            self.frontier.give_back(self.source, lease).await?;
            let why = format!("{why}; {} more addresses wait", self.waiting.max(1) - 1);
            self.skip(Skip::whole(url.as_str(), SkipReason::Budget, why))
                .await;
            // A budget of the whole run cuts a source off anywhere.
            if self.visitor.fetcher.spent().is_some() {
                self.tally.stopped = true;
                return Ok(Next::Stop);
            }
            return Ok(Next::End);
        }
        let fetched = self.visitor.get(&url).await;
        self.count();
        let kept = match fetched {
            Ok(kept) => kept,
            Err(Refusal::Keep(error)) => return Err(CrawlError::Keep(error)),
            Err(Refusal::Stopped) => {
                self.frontier.give_back(self.source, lease).await?;
                self.tally.stopped = true;
                return Ok(Next::Stop);
            }
            Err(Refusal::Skip(skip)) => {
                let broken = visit::is_the_hosts_fault(skip.reason);
                let mut page = Gathered::failed();
                page.skips.push(skip);
                self.finish(lease, page).await?;
                return Ok(self.after(broken, &url).await);
            }
        };
        if !kept.page.is_success() {
            let why = format!("{} {}", kept.page.status, kept.page.reason);
            let mut page = Gathered::failed();
            if matches!(kept.page.status, 404 | 410) {
                page.done.outcome = Outcome::Gone;
            }
            page.skips
                .push(Skip::whole(url.as_str(), SkipReason::HttpStatus, why));
            self.finish(lease, page).await?;
            self.progress(&kept).await;
            let busy = kept.page.status == 429 || kept.page.status >= 500;
            return Ok(self.after(busy, &url).await);
        }
        self.failures = 0;
        let page = self.read(&kept, &lease.task).await?;
        self.finish(lease, page).await?;
        self.progress(&kept).await;
        Ok(Next::Task)
    }

    fn count(&mut self) {
        self.tally.pages = self.visitor.pages;
        self.tally.bytes = self.visitor.bytes;
    }

    /// Keeps everything a task gave, then tells of it.
    async fn finish(&mut self, lease: Lease, mut page: Gathered) -> Result<(), CrawlError> {
        page.done.used = Used {
            pages: self.visitor.pages,
            bytes: self.visitor.bytes,
        };
        let (outcome, before) = (page.done.outcome, lease.before.as_ref());
        page.done.visit.visits = before.map_or(0, |visit| visit.visits) + 1;
        // On a bad line, what was read once is not looked at again.
        let is_enough = self.visitor.fetcher.settings().low_bandwidth
            && matches!(outcome, Outcome::Read | Outcome::Unchanged);
        page.done.visit.again_after =
            revisit::plan(lease.task.kind, outcome, before).filter(|_| !is_enough);
        let texts = page.done.posts.iter().filter(|post| post.text.is_empty());
        let (posts, without_text) = (page.done.posts.len() as u64, texts.count() as u64);
        let kept = self.frontier.finish(self.source, lease, page.done).await?;
        self.waiting = kept.waiting;
        self.tally.known += kept.known;
        self.tally.posts += posts;
        self.tally.without_text += without_text;
        self.tally.repeated += page.repeated;
        for skip in page.skips {
            self.skip(skip).await;
        }
        Ok(())
    }

    /// Counts failures in a row; a site that only fails is left alone.
    async fn after(&mut self, failed: bool, url: &Url) -> Next {
        self.failures = if failed { self.failures + 1 } else { 0 };
        if self.failures < MAX_FAILURES {
            return Next::Task;
        }
        let why = format!(
            "{MAX_FAILURES} pages in a row failed, so {} more addresses are left for another run",
            self.waiting
        );
        self.skip(Skip::whole(url.as_str(), SkipReason::Connection, why))
            .await;
        Next::End
    }

    async fn read(&mut self, kept: &Kept, task: &Task) -> Result<Gathered, CrawlError> {
        let mut page = Gathered::default();
        // Many addresses may redirect to one page, such as a front page.
        if kept.page.url != task.url {
            let end = vec![kept.page.url.clone()];
            let fresh = self.frontier.fresh(self.source, end, vec![]).await?;
            if fresh.urls != [true] {
                page.repeated += 1;
                page.done.outcome = Outcome::Repeated;
                return Ok(page);
            }
            page.done.met.push(kept.page.url.clone());
        }
        let (role, barren) = match task.kind {
            TaskKind::Listing { barren } => (Role::Listing, barren),
            TaskKind::Detail => (Role::Detail, 0),
        };
        let reading = match reading::read(self.source, &kept.page, &task.url, role) {
            Ok(reading) => reading,
            Err(fault) => {
                page.done.outcome = Outcome::Failed;
                page.fault(kept, fault, None);
                return Ok(page);
            }
        };
        let mut new = self
            .posts(kept, reading.posts, reading.is_list, &mut page)
            .await?;
        let details = reading
            .details
            .into_iter()
            .map(|lead| (lead.url, TaskKind::Detail));
        let listings = reading.listings.into_iter();
        let listings = listings.map(|url| (url, TaskKind::Listing { barren: 0 }));
        let leads: Vec<Task> = details
            .chain(listings)
            .filter(|(url, _)| self.is_own(url, &mut page))
            .map(|(url, kind)| Task { url, kind })
            .collect();
        let urls = leads.iter().map(|lead| lead.url.clone()).collect();
        let fresh = self.frontier.fresh(self.source, urls, vec![]).await?;
        new |= fresh.urls.contains(&true);
        page.done.leads = leads;
        for fault in reading.left {
            page.fault(kept, fault, None);
        }
        self.follow(kept, reading.next, new, barren, &mut page);
        Ok(page)
    }

    /// Adds the next page of a chain, unless the chain leads nowhere.
    fn follow(
        &mut self,
        kept: &Kept,
        next: Option<Url>,
        new: bool,
        barren: u8,
        page: &mut Gathered,
    ) {
        let Some(next) = next else { return };
        let barren = if new { 0 } else { barren + 1 };
        if barren >= MAX_BARREN {
            let why =
                format!("{MAX_BARREN} pages in a row brought nothing new; its next page is left");
            page.fault(kept, (SkipReason::Budget, why), None);
        } else if self.is_own(&next, page) {
            page.done.visit.next = Some(next.clone());
            let kind = TaskKind::Listing { barren };
            page.done.leads.push(Task { url: next, kind });
        }
    }

    /// Whether an address belongs to this source; says so, once, when not.
    fn is_own(&mut self, url: &Url, page: &mut Gathered) -> bool {
        let host = url.host_str();
        if host.is_some_and(|host| self.source.hosts.contains(host)) {
            return true;
        }
        if self.elsewhere.len() >= MAX_ELSEWHERE {
            self.elsewhere.clear();
        }
        if self.elsewhere.insert(super::frontier::canonical(url)) {
            let why = "it leaves the hosts of this source";
            page.skips
                .push(Skip::whole(url.as_str(), SkipReason::OffSite, why));
        }
        false
    }

    /// Takes the posts of a page that are new to this round, and says why
    /// others are none; says whether there was any. `numbered` where a page
    /// holds several.
    async fn posts(
        &mut self,
        kept: &Kept,
        read: Vec<Result<Fields, Fault>>,
        numbered: bool,
        page: &mut Gathered,
    ) -> Result<bool, CrawlError> {
        let ids = read.iter().flatten().map(|one| one.native_id.clone());
        let ids: Vec<String> = ids.collect();
        let fresh = self.frontier.fresh(self.source, vec![], ids).await?;
        let mut fresh = fresh.posts.into_iter();
        let mut here = BTreeSet::new();
        for (n, item) in read.into_iter().enumerate() {
            let item_number = n as u64 + 1;
            let fields = match item {
                Ok(fields) => fields,
                Err(fault) => {
                    page.fault(kept, fault, numbered.then_some(item_number));
                    continue;
                }
            };
            // A listing that grows while it is read shows some twice.
            if fresh.next() != Some(true) || !here.insert(fields.native_id.clone()) {
                page.repeated += 1;
                continue;
            }
            let post = fields.into_post(self.source, &kept.page, &kept.capture, item_number);
            page.done.posts.push(post);
        }
        Ok(!page.done.posts.is_empty())
    }

    async fn skip(&mut self, skip: Skip) {
        self.tally.skips += 1;
        self.emit(Event::Skip(skip)).await;
    }

    async fn progress(&mut self, kept: &Kept) {
        let progress = Progress {
            source: self.source.id.clone(),
            url: kept.page.url.to_string(),
            status: kept.page.status,
            tally: self.tally,
            waiting: self.waiting,
        };
        self.emit(Event::Page(progress)).await;
    }

    async fn emit(&mut self, event: Event) {
        self.deaf |= self.events.send(event).await.is_err();
    }
}

/// What one page gave.
#[derive(Debug, Default)]
struct Gathered {
    done: Done,
    skips: Vec<Skip>,
    /// Posts and pages met a second time in this round.
    repeated: u64,
}

impl Gathered {
    /// Nothing, this time.
    fn failed() -> Self {
        let mut page = Self::default();
        page.done.outcome = Outcome::Failed;
        page
    }

    /// Notes why a page, or one item of it, is not what it should be.
    fn fault(&mut self, kept: &Kept, (reason, why): Fault, item: Option<u64>) {
        let mut skip = Skip::whole(kept.page.url.as_str(), reason, why);
        skip.line = item;
        self.skips.push(skip);
    }
}
