//! Fetching a few pages of a source to keep as samples: the same politeness
//! as any crawl, and nothing else.

use std::io;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{mpsc, watch};

use crate::crawl::{self, Event, Fetcher, Keep, Page, Source};
use crate::id::Digest;
use crate::post::Capture;
use crate::skip::Skip;

/// Keeps pages in memory. They are samples and no evidence.
#[derive(Default)]
struct InMemory {
    pages: Mutex<Vec<Page>>,
}

impl Keep for InMemory {
    fn keep(&self, page: &Page) -> io::Result<Capture> {
        let is_sample = page.is_success() && page.url.path() != "/robots.txt";
        if is_sample {
            let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
            pages.push(page.clone());
        }
        Ok(Capture {
            path: String::new(),
            offset: 0,
            record_id: String::new(),
            digest: Digest::of(&page.body),
        })
    }
}

/// Fetches at most `most` pages of a source, as a crawl does: robots.txt is
/// obeyed, and pauses are kept.
///
/// # Errors
///
/// When the crawl itself failed. Pages that could not be fetched are skips.
pub async fn fetch(
    source: &Source,
    fetcher: &Fetcher,
    most: u64,
    stop: watch::Receiver<bool>,
) -> Result<(Vec<Page>, Vec<Skip>), crawl::CrawlError> {
    let mut few = source.clone();
    few.max_pages = most;
    let keep = InMemory::default();
    let (events, mut inbox) = mpsc::channel(64);
    let listening = async {
        let mut skips = Vec::new();
        while let Some(event) = inbox.recv().await {
            if let Event::Skip(skip) = event {
                skips.push(skip);
            }
        }
        skips
    };
    let reading = crawl::crawl(&few, fetcher, &keep, events, stop);
    let (outcome, skips) = tokio::join!(reading, listening);
    outcome?;
    let pages = keep
        .pages
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    Ok((pages, skips))
}
