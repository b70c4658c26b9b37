//! The way through one source: from its start pages to its posts.
//!
//! It decides what comes next and what is reported; how a page is fetched is
//! `visit`'s business, how it is read that of `html`, `feed` and `json`.

use std::collections::BTreeSet;

use tokio::sync::{mpsc, watch};
use url::Url;

use super::fields::{Fault, Fields, Items};
use super::frontier::{Frontier, MAX_BARREN, Task, TaskKind};
use super::source::{Classified, Shape, Source};
use super::visit::{Kept, Refusal, Visitor};
use super::{CrawlError, Event, Fetcher, Keep, Progress, Tally, feed, html, json};
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
        let source = self.source;
        match (&source.shape, kind) {
            (Shape::Classified(fields), TaskKind::Listing { barren }) => {
                self.listing(kept, fields, barren).await;
            }
            (Shape::Classified(fields), TaskKind::Detail) => {
                let post = html::post(&kept.page, fields);
                self.post(kept, post, 1, None).await;
            }
            (Shape::Feed, TaskKind::Listing { barren }) => {
                self.items(kept, feed::read(&kept.page), barren).await;
            }
            (Shape::Json(fields), TaskKind::Listing { barren }) => {
                self.items(kept, json::read(&kept.page, fields), barren)
                    .await;
            }
            (Shape::Feed | Shape::Json(_), TaskKind::Detail) => {
                unreachable!("only classified sites add pages of single posts")
            }
        }
    }

    async fn listing(&mut self, kept: &Kept, fields: &Classified, barren: u8) {
        let listing = match html::listing(&kept.page, fields) {
            Ok(listing) => listing,
            Err((reason, why)) => {
                let url = kept.page.url.as_str();
                return self.skip(Skip::whole(url, reason, why)).await;
            }
        };
        let mut new = false;
        for url in &listing.links {
            new |= self.lead(url, TaskKind::Detail).await;
        }
        self.follow(kept, listing.next, new, barren).await;
    }

    async fn items(&mut self, kept: &Kept, read: Result<Items, Fault>, barren: u8) {
        let url = &kept.page.url;
        let items = match read {
            Ok(items) => items,
            Err((reason, why)) => return self.skip(Skip::whole(url.as_str(), reason, why)).await,
        };
        let mut new = false;
        for (n, item) in items.items.into_iter().enumerate() {
            let line = n as u64 + 1;
            new |= self.post(kept, item, line, Some(line)).await;
        }
        let next = items.next.and_then(|next| url.join(&next).ok());
        self.follow(kept, next, new, barren).await;
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
