//! Reads public web sources politely and turns their pages into posts.
//!
//! What it does not do: fetch pictures, sound or film; log in; keep cookies;
//! hide who it is; leave the hosts of a source; read what robots.txt forbids;
//! contact anybody; judge what it reads. It knows nothing of rules, and
//! evidence is kept by whoever implements [`Keep`].
#![doc = include_str!("FORMAT.md")]

pub mod source;
pub mod settings;
pub mod address;
pub mod media;
pub mod page;
pub mod pace;
pub mod robots;
pub mod frontier;
pub mod revisit;
pub mod trap;
mod offline;
pub mod fields;
pub mod dates;
pub mod html;
pub mod feed;
pub mod json;
mod structured;
pub mod sitemap;
pub mod reading;
pub mod drift;
pub mod sorting;
pub mod propose;
pub mod fetch;
mod inflate;
mod telling;
mod visit;
mod walk;

use std::io;
use std::sync::Arc;
use std::time::Duration;

pub use fetch::{Fetcher, FetcherError};
use frontier::Claim;
pub use frontier::{Frontier, FrontierError};
use jiff::Timestamp;
pub use page::Page;
pub use settings::Settings;
pub use source::{Shape, Source, SourceError};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};

use crate::post::{Capture, Post};
use crate::skip::Skip;

/// Keeps pages as evidence. It is called for every answer, robots.txt,
/// redirects and error pages too, before anything is read out of it.
pub trait Keep: Send + Sync {
    /// Keeps a page and says where. May block for as long as writing takes.
    ///
    /// # Errors
    ///
    /// When it could not be kept. The crawl ends then: what cannot be shown
    /// later must not be reported.
    fn keep(&self, page: &Page) -> io::Result<Capture>;

    /// Keeps an answer that says the page is as it was when `earlier` was
    /// kept, at that time: with status 304, or by sending the same body again.
    ///
    /// # Errors
    ///
    /// As [`Keep::keep`].
    fn keep_unchanged(
        &self,
        page: &Page,
        _earlier: &Capture,
        _at: Timestamp,
    ) -> io::Result<Capture> {
        self.keep(page)
    }

    /// The robots.txt of a site that an earlier run kept, however old.
    fn robots(&self, _site: &str) -> Option<SiteRobots> {
        None
    }

    /// Keeps the robots.txt of a site for later runs. One that could not be
    /// had is not told of.
    fn keep_robots(&self, _robots: &SiteRobots) {}
}

/// An answer to the request for a site's robots.txt, for later runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteRobots {
    /// Scheme, host and port, such as `https://pasar-kita.example`.
    pub site: String,
    /// Its status code.
    pub status: u16,
    /// Its body, unpacked.
    pub body: Vec<u8>,
    /// When it was asked for; it counts for a day.
    pub fetched_at: Timestamp,
}

/// What a crawl reports while it runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A post was read. Told only by [`crawl`], which keeps none; with a
    /// frontier, posts are kept with the page they stood on.
    Post(Box<Post>),
    /// Something was not read, and why.
    Skip(Skip),
    /// A page was fetched and kept.
    Page(Progress),
}

/// How far a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The source's id.
    pub source: String,
    /// The page just fetched.
    pub url: String,
    /// Its status code.
    pub status: u16,
    /// Everything so far.
    pub tally: Tally,
    /// Addresses still waiting.
    pub waiting: u64,
    /// The pause its host is given now.
    pub pause: Duration,
    /// Most pages of this source.
    pub max_pages: u64,
}

/// What was done for one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answers received, redirects counted, robots.txt not.
    pub pages: u64,
    /// Body bytes received, robots.txt counted.
    pub bytes: u64,
    /// Bytes that packing spared the line.
    pub spared: u64,
    /// Posts read.
    pub posts: u64,
    /// Posts without a body: when this jumps, the site was rebuilt and its
    /// selectors need a look.
    pub without_text: u64,
    /// Skips reported.
    pub skips: u64,
    /// Posts and pages met a second time in this run.
    pub repeated: u64,
    /// Advertisements not fetched because they were known.
    pub known: u64,
    /// Pages that are as they were, as the server says or as they read.
    pub unchanged: u64,
    /// Listings left alone because they seldom change.
    pub not_due: u64,
    /// Whether the run was stopped before it was through.
    pub stopped: bool,
    /// Whether it went on where an earlier run was cut off; pages and bytes
    /// then count from the beginning of that one.
    pub resumed: bool,
}

/// Why a crawl ended early.
#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    /// A page could not be kept as evidence.
    #[error("cannot keep evidence, so nothing more is read: {0}")]
    Keep(#[source] io::Error),
    /// What is to be fetched cannot be read or kept.
    #[error(transparent)]
    Frontier(#[from] FrontierError),
}

/// Reads one source to its end, its budget or a stop signal, and keeps nothing
/// but evidence: posts are told as events. Dropping the receiver of `events`
/// stops too.
///
/// # Errors
///
/// When a page could not be kept as evidence.
pub async fn crawl(
    source: &Source,
    fetcher: &Fetcher,
    keep: &dyn Keep,
    events: mpsc::Sender<Event>,
    stop: watch::Receiver<bool>,
) -> Result<Tally, CrawlError> {
    let frontier = telling::Telling::new(events.clone());
    crawl_on(source, fetcher, keep, &frontier, events, stop).await
}

/// Reads one source to its end, its budget or a stop signal, which takes
/// effect between two fetches. What it gives is kept by `frontier`, page by
/// page; a source that was cut off is gone on with. Dropping the receiver of
/// `events` stops too.
///
/// # Errors
///
/// When a page could not be kept as evidence, or the frontier fails.
pub async fn crawl_on(
    source: &Source,
    fetcher: &Fetcher,
    keep: &dyn Keep,
    frontier: &dyn Frontier,
    events: mpsc::Sender<Event>,
    stop: watch::Receiver<bool>,
) -> Result<Tally, CrawlError> {
    walk::Walk::new(source, fetcher, keep, frontier, events, stop)
        .run()
        .await
}

/// How one source of several ended: its id and what was done.
pub type Ended = (String, Result<Tally, CrawlError>);

/// Reads several sources, as many at a time as the settings say, telling their
/// posts as events. Sources that share a host share its pauses. The outcomes
/// stand in the order of the sources.
///
/// # Errors
///
/// Never as a whole; each source has its own outcome.
pub async fn crawl_all(
    sources: Vec<Source>,
    fetcher: Arc<Fetcher>,
    keep: Arc<dyn Keep>,
    events: mpsc::Sender<Event>,
    stop: watch::Receiver<bool>,
) -> Vec<Ended> {
    let frontier = Arc::new(telling::Telling::new(events.clone()));
    crawl_all_on(sources, fetcher, keep, frontier, events, stop).await
}

/// As [`crawl_all`], but `frontier` keeps what the sources give, and says which
/// one is next. Sources that other machines read meanwhile have no outcome
/// here, nor those not begun when the run was stopped.
///
/// # Errors
///
/// Never as a whole; each source has its own outcome.
pub async fn crawl_all_on(
    sources: Vec<Source>,
    fetcher: Arc<Fetcher>,
    keep: Arc<dyn Keep>,
    frontier: Arc<dyn Frontier>,
    events: mpsc::Sender<Event>,
    stop: watch::Receiver<bool>,
) -> Vec<Ended> {
    let n_sources = sources.len();
    let readers = fetcher.settings.sources_at_once.max(1);
    let mut reading = Reading {
        places: (0..n_sources).collect(),
        left: sources,
        running: JoinSet::new(),
        outcomes: (0..n_sources).map(|_| None).collect(),
    };
    let mut stopped = stop.clone();
    loop {
        let mut wait = None;
        while !reading.left.is_empty() && reading.running.len() < readers && !*stop.borrow() {
            match frontier.claim(&reading.left).await {
                Ok(Claim::Here(n)) => {
                    let (fetcher, keep) = (Arc::clone(&fetcher), Arc::clone(&keep));
                    let (frontier, events) = (Arc::clone(&frontier), events.clone());
                    let stop = stop.clone();
                    reading.begin(n, move |source| async move {
                        let (keep, frontier) = (keep.as_ref(), frontier.as_ref());
                        let outcome =
                            crawl_on(&source, &fetcher, keep, frontier, events, stop).await;
                        (source, outcome)
                    });
                }
                Ok(Claim::Wait(some)) => {
                    wait = Some(some);
                    break;
                }
                Ok(Claim::Over) => reading.left.clear(),
                Err(error) => reading.give_up(&error),
            }
        }
        if reading.running.is_empty() && (wait.is_none() || *stop.borrow()) {
            return reading.ended();
        }
        let rest = async {
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        let may_stop = !*stopped.borrow();
        tokio::select! {
            Some(one) = reading.running.join_next() => reading.end(one),
            () = rest => {}
            Ok(_) = stopped.wait_for(|stop| *stop), if may_stop => {}
        }
    }
}

/// Several sources on their way.
struct Reading {
    /// Sources not yet begun, and their places in the order asked for.
    left: Vec<Source>,
    places: Vec<usize>,
    running: JoinSet<(usize, Source, Result<Tally, CrawlError>)>,
    outcomes: Vec<Option<Ended>>,
}

impl Reading {
    fn begin<F>(&mut self, n: usize, read: impl FnOnce(Source) -> F)
    where
        F: Future<Output = (Source, Result<Tally, CrawlError>)> + Send + 'static,
    {
        let (source, place) = (self.left.remove(n), self.places.remove(n));
        let read = read(source);
        self.running.spawn(async move {
            let (source, outcome) = read.await;
            (place, source, outcome)
        });
    }

    fn end(&mut self, one: Result<(usize, Source, Result<Tally, CrawlError>), JoinError>) {
        let (place, source, outcome) = match one {
            Ok(one) => one,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => return,
            },
        };
        if let Err(CrawlError::Frontier(FrontierError::GivenAway)) = &outcome {
            // Whoever has it now may not come to its end either.
            self.left.push(source);
            self.places.push(place);
            return;
        }
        self.outcomes[place] = Some((source.id, outcome));
    }

    /// What is left cannot be read.
    fn give_up(&mut self, why: &FrontierError) {
        for (source, place) in self.left.drain(..).zip(self.places.drain(..)) {
            self.outcomes[place] = Some((source.id, Err(why.clone().into())));
        }
    }

    fn ended(self) -> Vec<Ended> {
        self.outcomes.into_iter().flatten().collect()
    }
}
