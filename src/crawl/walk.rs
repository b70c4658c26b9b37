//! The way through one source: from its start pages to its posts.
//!
//! It decides what comes next and what is reported; how a page is fetched is
//! `visit`'s business, how it is read that of `reading`. What a page gives goes
//! to the frontier in one piece.

mod unanswered;

use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use url::Url;

use super::fields::{Fault, Fields};
use super::frontier::{Done, Frontier, Lease, MAX_BARREN, Outcome, Task, TaskKind, Used, Visit};
use super::reading::{self, Reading, Role};
use super::source::Source;
use super::visit::{Kept, Refusal, Visitor};
use super::{CrawlError, Event, Fetcher, Keep, Progress, Tally, revisit, trap};
use crate::id::Digest;
use crate::skip::{Skip, SkipReason};

/// Failed pages in a row after which a site is left alone for this run.
const MAX_FAILURES: u32 = 5;
/// Links to other hosts that are remembered, so that each is named once; what
/// comes later may be named again.
const MAX_ELSEWHERE: usize = 10_000;
/// Pages of one chain of listings that are read in a run, whatever they bring.
const MAX_CHAIN: u32 = 1_000;
/// Longest validator of a server that is sent back to it, in bytes.
const MAX_VALIDATOR: usize = 1_024;

/// One source being read.
pub(super) struct Walk<'a> {
    source: &'a Source,
    visitor: Visitor<'a>,
    frontier: &'a dyn Frontier,
    /// Links to other hosts. They are not kept: where a post sends its readers
    /// is part of the post.
    elsewhere: BTreeSet<Url>,
    /// How far from its first page each listing that comes next is.
    chains: BTreeMap<Url, u32>,
    same: trap::Same,
    /// Whether it was said that addresses hold numbers of visits.
    told_session: bool,
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
            frontier,
            source: &source.id,
            hosts: &source.hosts,
            delay_ms: source.delay_ms,
            max_minutes: source.max_minutes,
            began: Instant::now(),
            stop,
            pages: 0,
            bytes: 0,
            spared: 0,
        };
        Self {
            source,
            visitor,
            frontier,
            elsewhere: BTreeSet::new(),
            chains: BTreeMap::new(),
            same: trap::Same::default(),
            told_session: false,
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
        self.tally.not_due = entered.not_due;
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
        let fetched = self.visitor.get(&url, lease.before.as_ref()).await;
        self.count();
        let kept = match fetched {
            Ok(kept) => kept,
            Err(Refusal::Keep(error)) => return Err(CrawlError::Keep(error)),
            Err(Refusal::Frontier(error)) => return Err(error.into()),
            Err(Refusal::Stopped) => {
                self.frontier.give_back(self.source, lease).await?;
                self.tally.stopped = true;
                return Ok(Next::Stop);
            }
            Err(Refusal::Skip(skip)) => return self.failed(lease, skip, false).await,
            Err(Refusal::Unreached(skip)) => return self.failed(lease, skip, true).await,
        };
        self.visitor.fetcher.line.answered(host(&kept.page.url));
        if let (304, Some(before)) = (kept.page.status, &lease.before) {
            let page = self.unchanged(&kept, before, &lease.task);
            self.failures = 0;
            self.finish(lease, page).await?;
            self.progress(&kept).await;
            return Ok(Next::Task);
        }
        if !kept.page.is_success() {
            let status = kept.page.status;
            // A listing that is gone is a site that was rebuilt.
            let is_post = lease.task.kind == TaskKind::Detail;
            let before = lease.before.as_ref();
            let was_read = is_post && before.is_some_and(|visit| visit.content.is_some());
            let mut page = Gathered::failed(lease.before.as_ref());
            let why = format!("{status} {}", kept.page.reason);
            let mut reason = SkipReason::HttpStatus;
            if matches!(status, 404 | 410) {
                page.done.outcome = Outcome::Gone;
                if was_read {
                    reason = SkipReason::Gone;
                }
            }
            page.skips.push(Skip::whole(url.as_str(), reason, why));
            self.finish(lease, page).await?;
            self.progress(&kept).await;
            return Ok(self.after(status == 429 || status >= 500, &url).await);
        }
        self.failures = 0;
        let page = self.read(&kept, &lease).await?;
        self.finish(lease, page).await?;
        self.progress(&kept).await;
        Ok(Next::Task)
    }

    /// What a page gives that the server did not send again.
    fn unchanged(&mut self, kept: &Kept, before: &Visit, task: &Task) -> Gathered {
        let mut page = Gathered::default();
        page.done.outcome = Outcome::Unchanged;
        page.done.visit = before.clone();
        let (etag, last_modified) = validators(kept);
        // A server that names none keeps those it named.
        if etag.is_some() || last_modified.is_some() {
            page.done.visit.etag = etag;
            page.done.visit.last_modified = last_modified;
        }
        let next = before.next.clone();
        if let Some(next) = next.filter(|next| self.is_taken(next, &mut page)) {
            self.chain(task, &next);
            let kind = TaskKind::Listing { barren: 0 };
            page.done.leads.push(Task { url: next, kind });
        }
        page
    }

    fn count(&mut self) {
        self.tally.pages = self.visitor.pages;
        self.tally.bytes = self.visitor.bytes;
        self.tally.spared = self.visitor.spared;
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
        self.tally.unchanged += u64::from(outcome == Outcome::Unchanged);
        let kept = self.frontier.finish(self.source, lease, page.done).await?;
        self.waiting = kept.waiting;
        self.tally.known += kept.known;
        self.tally.not_due += kept.not_due;
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

    async fn read(&mut self, kept: &Kept, lease: &Lease) -> Result<Gathered, CrawlError> {
        let task = &lease.task;
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
        } else {
            let visit = &mut page.done.visit;
            (visit.etag, visit.last_modified) = validators(kept);
        }
        let before = lease
            .before
            .as_ref()
            .and_then(|visit| visit.capture.clone());
        let repeated = before.filter(|(earlier, _)| *earlier == kept.capture);
        let whole = || (kept.capture.clone(), kept.page.fetched_at);
        page.done.visit.capture = Some(repeated.unwrap_or_else(whole));
        if task.kind == TaskKind::Detail {
            let (repeated, named) = self.same.count(kept.page.digest());
            if let Some(why) = named {
                page.fault(kept, (SkipReason::Trap, why), None);
            }
            if repeated {
                page.repeated += 1;
                page.done.outcome = Outcome::Repeated;
                return Ok(page);
            }
        }
        let (role, barren) = match task.kind {
            TaskKind::Listing { barren } => (Role::Listing, barren),
            TaskKind::Detail => (Role::Detail, 0),
        };
        let reading = match reading::read(self.source, &kept.page, &task.url, role) {
            Ok(reading) => reading,
            Err(fault) => {
                // Not to be spared next time: it may be read otherwise then.
                page.done.visit = Visit::default();
                page.done.outcome = Outcome::Failed;
                page.fault(kept, fault, None);
                return Ok(page);
            }
        };
        let content = content(&reading);
        if lease.before.as_ref().and_then(|visit| visit.content) == Some(content) {
            page.done.outcome = Outcome::Unchanged;
        }
        page.done.visit.content = Some(content);
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
            .filter(|(url, _)| self.is_taken(url, &mut page))
            .map(|(url, kind)| Task { url, kind })
            .collect();
        let urls = leads.iter().map(|lead| lead.url.clone()).collect();
        let fresh = self.frontier.fresh(self.source, urls, vec![]).await?;
        new |= fresh.urls.contains(&true);
        page.done.leads = leads;
        for fault in reading.left {
            page.fault(kept, fault, None);
        }
        if let Some(next) = reading.next {
            let barren = if new { 0 } else { barren + 1 };
            self.follow(kept, task, next, barren, &mut page);
        }
        Ok(page)
    }

    /// Adds the next page of a chain, unless the chain leads nowhere.
    fn follow(&mut self, kept: &Kept, task: &Task, next: Url, barren: u8, page: &mut Gathered) {
        let kind = if trap::is_dated(&next) {
            "a calendar or endless pagination"
        } else {
            "endless pagination"
        };
        if barren >= MAX_BARREN {
            let why = format!(
                "{kind}: {MAX_BARREN} pages in a row brought nothing new; the next page is left"
            );
            page.fault(kept, (SkipReason::Trap, why), None);
        } else if self.is_taken(&next, page) {
            if self.chain(task, &next) >= MAX_CHAIN {
                let why = format!("{kind}: {MAX_CHAIN} pages in one chain; the next page is left");
                return page.fault(kept, (SkipReason::Trap, why), None);
            }
            page.done.visit.next = Some(next.clone());
            let kind = TaskKind::Listing { barren };
            page.done.leads.push(Task { url: next, kind });
        }
    }

    /// Counts one more page of a chain; how many there are.
    fn chain(&mut self, task: &Task, next: &Url) -> u32 {
        let pages = self.chains.remove(&task.url).unwrap_or(1) + 1;
        self.chains.insert(super::frontier::canonical(next), pages);
        pages
    }

    /// Whether an address is followed: it belongs to this source and looks
    /// like no trap. Says so when not, of each address
    /// elsewhere once.
    fn is_taken(&mut self, url: &Url, page: &mut Gathered) -> bool {
        if self.source.hosts.contains(host(url)) {
            let cleaned = matches!(trap::without_session(url), std::borrow::Cow::Owned(_));
            if cleaned && !std::mem::replace(&mut self.told_session, true) {
                let why = "addresses with the number of a visit; they are read without it";
                page.skips
                    .push(Skip::whole(url.as_str(), SkipReason::Trap, why));
            }
            let Some(why) = trap::of(url) else {
                return true;
            };
            page.skips
                .push(Skip::whole(url.as_str(), SkipReason::Trap, why));
            return false;
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
            pause: self.visitor.fetcher.pause(&kept.page.url),
            max_pages: self.source.max_pages,
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
    /// Nothing, this time; what the visit before left stays.
    fn failed(before: Option<&Visit>) -> Self {
        let mut page = Self::default();
        page.done.outcome = Outcome::Failed;
        page.done.visit = before.cloned().unwrap_or_default();
        page
    }

    /// Notes why a page, or one item of it, is not what it should be.
    fn fault(&mut self, kept: &Kept, (reason, why): Fault, item: Option<u64>) {
        let mut skip = Skip::whole(kept.page.url.as_str(), reason, why);
        skip.line = item;
        self.skips.push(skip);
    }
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("")
}

/// `ETag` and `Last-Modified` of an answer, as sent.
fn validators(kept: &Kept) -> (Option<String>, Option<String>) {
    let header = |name| {
        let value = kept.page.header(name)?;
        (value.len() <= MAX_VALIDATOR).then(|| value.to_owned())
    };
    (header("etag"), header("last-modified"))
}

/// Names what was read: equal when it reads the same and leads to the same.
fn content(reading: &Reading) -> Digest {
    let mut parts: Vec<&str> = Vec::new();
    for post in &reading.posts {
        match post {
            Ok(post) => {
                parts.extend([post.native_id.as_str(), post.text.as_str()]);
                let fields = [&post.title, &post.author, &post.published, &post.place];
                parts.extend(fields.map(|field| field.as_deref().unwrap_or("")));
            }
            Err((_, why)) => parts.push(why),
        }
    }
    parts.extend(reading.details.iter().map(|lead| lead.url.as_str()));
    parts.extend(reading.listings.iter().map(Url::as_str));
    parts.extend(reading.next.as_ref().map(Url::as_str));
    Digest::of_parts(parts.into_iter().map(str::as_bytes))
}
