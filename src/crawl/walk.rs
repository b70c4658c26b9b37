//! The way through one source: from its start pages to its posts.
//!
//! It decides what comes next and what is reported; how a page is fetched is
//! `visit`'s business, how it is read that of `reading`.

use std::collections::BTreeSet;

use tokio::sync::{mpsc, watch};
use url::Url;

use super::fields::{Fault, Fields};
use super::frontier::{Frontier, MAX_BARREN, Task, TaskKind};
use super::reading::{self, Role};
use super::source::Source;
use super::visit::{Kept, Refusal, Visitor};
use super::{CrawlError, Event, Fetcher, Keep, Progress, Tally};
use crate::skip::{Skip, SkipReason};

/// Failed pages in a row after which a site is left alone for this run.
const MAX_FAILURES: u32 = 5;

/// One source being read.
pub(super) struct Walk<'a> {
    source: &'a Source,
    visitor: Visitor<'a>,
    frontier: Frontier,
    /// Ids of posts reported in this run: a listing that grows while it is
    /// read shows some twice.
    posts: BTreeSet<String>,
    tally: Tally,
    failures: u32,
    events: mpsc::Sender<Event>,
    /// Nobody listens any more.
    deaf: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        source: &'a Source,
        fetcher: &'a Fetcher,
        keep: &'a dyn Keep,
        events: mpsc::Sender<Event>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let visitor = Visitor {
            fetcher,
            keep,
            hosts: &source.hosts,
            delay_ms: source.delay_ms,
            stop,
            pages: 0,
            bytes: 0,
        };
        Self {
            source,
            visitor,
            frontier: Frontier::default(),
            posts: BTreeSet::new(),
            tally: Tally::default(),
            failures: 0,
            events,
            deaf: false,
        }
    }

    pub(super) async fn run(mut self) -> Result<Tally, CrawlError> {
        for url in &self.source.start {
            let kind = TaskKind::Listing { barren: 0 };
            self.frontier.add(url, kind);
        }
        while let Some(task) = self.frontier.take() {
            if self.visitor.is_stopped() || self.deaf {
                self.tally.stopped = true;
                break;
            }
            if let Some(why) = self.spent() {
                let why = format!("{why}; {} more addresses wait", self.frontier.waiting());
                self.skip(Skip::whole(task.url.as_str(), SkipReason::Budget, why))
                    .await;
                break;
            }
            if !self.step(task).await? {
                break;
            }
        }
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
        (self.visitor.bytes >= *max_bytes).then(|| format!("max_bytes = {max_bytes} is used up"))
    }

    /// Deals with one address; says whether to go on.
    async fn step(&mut self, task: Task) -> Result<bool, CrawlError> {
        let is_detail = task.kind == TaskKind::Detail;
        if is_detail && self.visitor.keep.is_known(self.source, &task.url) {
            self.tally.known += 1;
            return Ok(true);
        }
        let fetched = self.visitor.get(&task.url).await;
        self.tally.pages = self.visitor.pages;
        self.tally.bytes = self.visitor.bytes;
        let kept = match fetched {
            Ok(kept) => kept,
            Err(Refusal::Keep(error)) => return Err(CrawlError::Keep(error)),
            Err(Refusal::Stopped) => {
                self.tally.stopped = true;
                return Ok(false);
            }
            Err(Refusal::Skip(skip)) => {
                let broken = matches!(skip.reason, SkipReason::Connection | SkipReason::Timeout);
                self.skip(skip).await;
                return Ok(self.goes_on(broken, &task.url).await);
            }
        };
        if !kept.page.is_success() {
            let why = format!("{} {}", kept.page.status, kept.page.reason);
            self.skip(Skip::whole(task.url.as_str(), SkipReason::HttpStatus, why))
                .await;
            self.progress(&kept).await;
            let busy = kept.page.status == 429 || kept.page.status >= 500;
            return Ok(self.goes_on(busy, &task.url).await);
        }
        self.failures = 0;
        // Many addresses may redirect to one page, such as a front page.
        if kept.page.url != task.url && !self.frontier.note(&kept.page.url) {
            self.tally.repeated += 1;
        } else {
            self.read(&kept, task.kind).await;
        }
        self.progress(&kept).await;
        Ok(true)
    }

    /// Counts failures in a row; a site that only fails is left alone.
    async fn goes_on(&mut self, failed: bool, url: &Url) -> bool {
        self.failures = if failed { self.failures + 1 } else { 0 };
        if self.failures < MAX_FAILURES {
            return true;
        }
        let why = format!(
            "{MAX_FAILURES} pages in a row failed, so {} more addresses are left for another run",
            self.frontier.waiting()
        );
        self.skip(Skip::whole(url.as_str(), SkipReason::Connection, why))
            .await;
        false
    }

    async fn read(&mut self, kept: &Kept, kind: TaskKind) {
        let url = &kept.page.url;
        let (role, barren) = match kind {
            TaskKind::Listing { barren } => (Role::Listing, barren),
            TaskKind::Detail => (Role::Detail, 0),
        };
        let reading = match reading::read(self.source, &kept.page, role) {
            Ok(reading) => reading,
            Err((reason, why)) => return self.skip(Skip::whole(url.as_str(), reason, why)).await,
        };
        let mut new = false;
        for (n, post) in reading.posts.into_iter().enumerate() {
            let item = n as u64 + 1;
            let line = reading.is_list.then_some(item);
            new |= self.post(kept, post, item, line).await;
        }
        for lead in &reading.details {
            new |= self.lead(&lead.url, TaskKind::Detail).await;
        }
        for url in &reading.listings {
            new |= self.lead(url, TaskKind::Listing { barren: 0 }).await;
        }
        for (reason, why) in reading.left {
            self.skip(Skip::whole(url.as_str(), reason, why)).await;
        }
        self.follow(kept, reading.next, new, barren).await;
    }

    /// Adds the next page of a chain, unless the chain leads nowhere.
    async fn follow(&mut self, kept: &Kept, next: Option<Url>, new: bool, barren: u8) {
        let Some(next) = next else { return };
        let barren = if new { 0 } else { barren + 1 };
        if barren >= MAX_BARREN {
            let why =
                format!("{MAX_BARREN} pages in a row brought nothing new; its next page is left");
            let url = kept.page.url.as_str();
            return self.skip(Skip::whole(url, SkipReason::Budget, why)).await;
        }
        self.lead(&next, TaskKind::Listing { barren }).await;
    }

    /// Adds an address that a page leads to; says whether it was new.
    async fn lead(&mut self, url: &Url, kind: TaskKind) -> bool {
        let own = url
            .host_str()
            .is_some_and(|host| self.source.hosts.contains(host));
        if own {
            return self.frontier.add(url, kind);
        }
        if self.frontier.note(url) {
            let why = "it leaves the hosts of this source";
            self.skip(Skip::whole(url.as_str(), SkipReason::OffSite, why))
                .await;
        }
        false
    }

    /// Reports one post or why it is none; says whether it was new.
    async fn post(
        &mut self,
        kept: &Kept,
        read: Result<Fields, Fault>,
        item: u64,
        line: Option<u64>,
    ) -> bool {
        let fields = match read {
            Ok(fields) => fields,
            Err((reason, why)) => {
                let mut skip = Skip::whole(kept.page.url.as_str(), reason, why);
                skip.line = line;
                self.skip(skip).await;
                return false;
            }
        };
        if !self.posts.insert(fields.native_id.clone()) {
            self.tally.repeated += 1;
            return false;
        }
        self.tally.posts += 1;
        self.tally.without_text += u64::from(fields.text.is_empty());
        let post = fields.into_post(self.source, &kept.page, &kept.capture, item);
        self.emit(Event::Post(Box::new(post))).await;
        true
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
            waiting: self.frontier.waiting(),
        };
        self.emit(Event::Page(progress)).await;
    }

    async fn emit(&mut self, event: Event) {
        self.deaf |= self.events.send(event).await.is_err();
    }
}
