//! A frontier in memory that tells posts as events.

use tokio::sync::mpsc;
use url::Url;

use super::frontier::{Answer, Done, Entered, Fresh, Frontier, Kept, Lease, Memory};
use super::{Event, Source};

/// Forgets everything when it is dropped.
pub(super) struct Telling {
    memory: Memory,
    events: mpsc::Sender<Event>,
}

impl Telling {
    pub(super) fn new(events: mpsc::Sender<Event>) -> Self {
        let memory = Memory::default();
        Self { memory, events }
    }
}

impl Frontier for Telling {
    fn enter<'a>(&'a self, source: &'a Source) -> Answer<'a, Entered> {
        self.memory.enter(source)
    }

    fn lease<'a>(&'a self, source: &'a Source) -> Answer<'a, Option<Lease>> {
        self.memory.lease(source)
    }

    fn fresh<'a>(
        &'a self,
        source: &'a Source,
        urls: Vec<Url>,
        posts: Vec<String>,
    ) -> Answer<'a, Fresh> {
        self.memory.fresh(source, urls, posts)
    }

    fn finish<'a>(&'a self, source: &'a Source, lease: Lease, done: Done) -> Answer<'a, Kept> {
        Box::pin(async move {
            for post in &done.posts {
                let post = Box::new(post.clone());
                // A closed channel is noticed by the walk itself.
                let _ = self.events.send(Event::Post(post)).await;
            }
            self.memory.finish(source, lease, done).await
        })
    }

    fn give_back<'a>(&'a self, source: &'a Source, lease: Lease) -> Answer<'a, ()> {
        self.memory.give_back(source, lease)
    }

    fn leave<'a>(&'a self, source: &'a Source, ended: bool) -> Answer<'a, ()> {
        self.memory.leave(source, ended)
    }
}
