//! What is still to be fetched from a source, each address once a round.
//!
//! A round is one way through a source. It may take several runs: one that was
//! cut off is gone on with, one that ended is followed by a new one, which
//! begins at the start pages again. Within a round new advertisements come
//! first, then listings in turn, so that a small budget is shared by all
//! sections of a site; then what an earlier round left, then second looks that
//! are due. A listing is read again when it is due, not before.
//!
//! A task is leased, and it is done only when it is finished with everything
//! its page gave: a run that dies in between loses nothing, the next one is
//! given the same task. Whoever keeps a frontier keeps all of that in one
//! step.

mod memory;

#[cfg(test)]
pub(crate) mod conformance;

use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

pub use memory::Memory;

use super::Source;
use crate::id::Digest;
use crate::post::{Capture, Post};

/// Listing pages in a row that may bring nothing new before their chain is
/// left: calendars and session addresses go on for ever.
pub const MAX_BARREN: u8 = 3;

/// One address to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What to fetch.
    pub url: Url,
    /// What is expected there.
    pub kind: TaskKind,
}

/// What is expected at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// A page that leads on: a listing, a feed, a page of an API.
    Listing {
        /// How many such pages before it brought nothing new.
        barren: u8,
    },
    /// A page that holds one post.
    Detail,
}

/// A task handed out, until it is finished or given back.
#[derive(Clone, Debug, PartialEq)]
pub struct Lease {
    /// Names it for whoever keeps the frontier.
    pub number: i64,
    /// What to do.
    pub task: Task,
    /// What the last visit left, where there was one.
    pub before: Option<Visit>,
}

/// What a visit of an address leaves for the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visit {
    /// How many visits there were, this one counted.
    pub visits: u32,
    /// How long the address is left alone; `None` for good.
    pub again_after: Option<Duration>,
    /// `ETag`, as sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
    /// Names what was read there: the post, or where a listing leads.
    pub content: Option<Digest>,
    /// The next page of the chain, for when the page itself is not sent again.
    pub next: Option<Url>,
    /// Where the page was kept, and when.
    pub capture: Option<(Capture, Timestamp)>,
}

impl Visit {
    /// The headers that ask for the page only if it changed.
    pub(super) fn conditions(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let etag = self.etag.as_deref().map(|value| ("if-none-match", value));
        let time = self.last_modified.as_deref();
        etag.into_iter()
            .chain(time.map(|value| ("if-modified-since", value)))
    }
}

/// What came of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// It was read.
    #[default]
    Read,
    /// It is as it was, as the server says or as it reads.
    Unchanged,
    /// It leads to a page that was read already.
    Repeated,
    /// It gave nothing this time.
    Failed,
    /// It is no longer there. What was kept of it stays.
    Gone,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Unchanged,
        Self::Repeated,
        Self::Failed,
        Self::Gone,
    ];

    /// The word it is kept under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unchanged => "unchanged",
            Self::Repeated => "repeated",
            Self::Failed => "failed",
            Self::Gone => "gone",
        }
    }
}

/// Everything a task gave. It is kept whole or not at all.
#[derive(Debug, Default, PartialEq)]
pub struct Done {
    /// What came of it.
    pub outcome: Outcome,
    /// What to remember for the next visit.
    pub visit: Visit,
    /// Tasks it leads to, in order; those known already are passed over.
    pub leads: Vec<Task>,
    /// Addresses dealt with on the way, such as the end of a redirect.
    pub met: Vec<Url>,
    /// Posts of the page, in order.
    pub posts: Vec<Post>,
    /// What the round has used so far.
    pub used: Used,
}

/// What a round has used of its budgets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Answers received.
    pub pages: u64,
    /// Body bytes received.
    pub bytes: u64,
}

/// How a round begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// Whether it goes on from a run that was cut off.
    pub resumed: bool,
    /// What that run had used.
    pub used: Used,
    /// Start pages that seldom change and are left alone this time.
    pub not_due: u64,
}

/// What was not met in this round before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fresh {
    /// For each address asked about.
    pub urls: Vec<bool>,
    /// For each post asked about.
    pub posts: Vec<bool>,
}

/// How many addresses wait, and how many were passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Addresses still waiting.
    pub waiting: u64,
    /// Advertisements among the leads that an earlier round has read.
    pub known: u64,
    /// Listings among the leads that are left alone this time.
    pub not_due: u64,
}

/// Why a frontier does not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// It cannot be used.
    #[error("the list of addresses cannot be used: {0}")]
    Unusable(String),
    /// This reader was away for too long, and another machine reads the source
    /// now.
    #[error("the source was given to another machine")]
    GivenAway,
}

/// What there is to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The source at this place of those asked about: it is the reader's.
    Here(usize),
    /// Others read what is left; ask again after this time.
    Wait(Duration),
    /// Nothing: all were read.
    Over,
}

/// An answer that may take a while.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, FrontierError>> + Send + 'a>>;

/// Keeps the addresses of sources. One reader at a time works on a source.
pub trait Frontier: Send + Sync {
    /// Takes one of these sources to read, in order where nothing speaks
    /// against it. A frontier that several machines share gives a source to
    /// one of them at a time, and none whose host another one is asking.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written; so for all that follow.
    fn claim<'a>(&'a self, sources: &'a [Source]) -> Answer<'a, Claim> {
        let claim = match sources {
            [] => Claim::Over,
            _ => Claim::Here(0),
        };
        Box::pin(std::future::ready(Ok(claim)))
    }

    /// Whether the source is still the reader's; asked right before each
    /// request.
    fn holds<'a>(&'a self, _source: &'a str) -> Answer<'a, bool> {
        Box::pin(std::future::ready(Ok(true)))
    }

    /// Begins a round of a source, or goes on with one that was cut off.
    ///
    /// # Errors
    ///
    /// [`FrontierError::GivenAway`] when it is another machine's by now; so
    /// for all that follow.
    fn enter<'a>(&'a self, source: &'a Source) -> Answer<'a, Entered>;

    /// The next task; `None` when nothing waits.
    fn lease<'a>(&'a self, source: &'a Source) -> Answer<'a, Option<Lease>>;

    /// Whether these addresses and posts (by their own ids) are new to this
    /// round.
    fn fresh<'a>(
        &'a self,
        source: &'a Source,
        urls: Vec<Url>,
        posts: Vec<String>,
    ) -> Answer<'a, Fresh>;

    /// Ends a task and keeps everything it gave, in one step.
    fn finish<'a>(&'a self, source: &'a Source, lease: Lease, done: Done) -> Answer<'a, Kept>;

    /// Gives a task back undone: it will be handed out again.
    fn give_back<'a>(&'a self, source: &'a Source, lease: Lease) -> Answer<'a, ()>;

    /// Leaves a source. A round that `ended` is followed by a new one; any
    /// other is gone on with.
    fn leave<'a>(&'a self, source: &'a Source, ended: bool) -> Answer<'a, ()>;
}

/// The form under which an address is known: without fragment and without
/// credentials, and without the number of a visit. Host case, default ports and
/// dot segments are settled by the URL parser; the rest of the query is left as
/// it is, since its order can matter.
pub fn canonical(url: &Url) -> Url {
    let mut url = super::trap::without_session(url).into_owned();
    url.set_fragment(None);
    // These fail only for addresses without a host, which are never fetched.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}
