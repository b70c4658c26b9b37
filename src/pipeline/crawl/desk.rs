//! The frontier as the readers of sources see it: every wish goes to the one
//! place that writes the store, and the answer comes back.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use url::Url;

use super::fleet::Deadlines;
use crate::crawl::Source;
use crate::crawl::frontier::{
    Answer, Claim, Done, Entered, Fresh, Frontier, FrontierError, Kept, Lease,
};
use crate::id::Digest;

/// An answer on its way.
pub(super) type Reply<T> = oneshot::Sender<Result<T, FrontierError>>;

/// What a reader wants of the store. The first word is the source's id.
pub(super) enum Wish {
    /// One of these sources to read.
    Claim(Vec<String>, Reply<Claim>),
    /// Renew the leases: whether this source is still the reader's.
    Renew(String, Reply<bool>),
    /// Begin or go on, reading pages as this names, from these start pages.
    Enter(String, Digest, Vec<Url>, Reply<Entered>),
    /// The next task.
    Lease(String, Reply<Option<Lease>>),
    /// Which of these are new to the round.
    Fresh(String, Vec<Url>, Vec<String>, Reply<Fresh>),
    /// Keep everything a task gave.
    Finish(String, Box<(Lease, Done)>, Reply<Kept>),
    /// Take a task back.
    GiveBack(String, Box<Lease>, Reply<()>),
    /// The round ended, or the run.
    Leave(String, bool, Reply<()>),
}

/// Where readers hand in their wishes.
pub(super) struct Desk {
    pub(super) wishes: mpsc::Sender<Wish>,
    /// Until when sources may be read, where other machines may take them.
    pub(super) deadlines: Option<Arc<Deadlines>>,
}

impl Desk {
    fn ask<'a, T: Send + 'a>(
        &'a self,
        wish: impl FnOnce(Reply<T>) -> Wish + Send + 'a,
    ) -> Answer<'a, T> {
        Box::pin(async move {
            let closed = || FrontierError::Unusable("the store is closed".to_owned());
            let (reply, answer) = oneshot::channel();
            self.wishes.send(wish(reply)).await.map_err(|_| closed())?;
            answer.await.map_err(|_| closed())?
        })
    }
}

impl Frontier for Desk {
    fn claim<'a>(&'a self, sources: &'a [Source]) -> Answer<'a, Claim> {
        if self.deadlines.is_none() {
            // Without other machines the first is as good as any.
            let claim = sources.first().map_or(Claim::Over, |_| Claim::Here(0));
            return Box::pin(std::future::ready(Ok(claim)));
        }
        let ids = sources.iter().map(|source| source.id.clone()).collect();
        self.ask(|reply| Wish::Claim(ids, reply))
    }

    fn holds<'a>(&'a self, source: &'a str) -> Answer<'a, bool> {
        Box::pin(async move {
            let Some(deadlines) = &self.deadlines else {
                return Ok(true);
            };
            while !deadlines.are_ahead(source) {
                let renew = |reply| Wish::Renew(source.to_owned(), reply);
                if !self.ask(renew).await? {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    fn enter<'a>(&'a self, source: &'a Source) -> Answer<'a, Entered> {
        let shape = Digest::of(format!("{:?}", source.shape).as_bytes());
        self.ask(move |reply| Wish::Enter(source.id.clone(), shape, source.start.clone(), reply))
    }

    fn lease<'a>(&'a self, source: &'a Source) -> Answer<'a, Option<Lease>> {
        self.ask(|reply| Wish::Lease(source.id.clone(), reply))
    }

    fn fresh<'a>(
        &'a self,
        source: &'a Source,
        urls: Vec<Url>,
        posts: Vec<String>,
    ) -> Answer<'a, Fresh> {
        self.ask(|reply| Wish::Fresh(source.id.clone(), urls, posts, reply))
    }

    fn finish<'a>(&'a self, source: &'a Source, lease: Lease, done: Done) -> Answer<'a, Kept> {
        self.ask(|reply| Wish::Finish(source.id.clone(), Box::new((lease, done)), reply))
    }

    fn give_back<'a>(&'a self, source: &'a Source, lease: Lease) -> Answer<'a, ()> {
        self.ask(|reply| Wish::GiveBack(source.id.clone(), Box::new(lease), reply))
    }

    fn leave<'a>(&'a self, source: &'a Source, ended: bool) -> Answer<'a, ()> {
        self.ask(move |reply| Wish::Leave(source.id.clone(), ended, reply))
    }
}
