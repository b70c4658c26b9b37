//! One page with all its promises kept: own hosts only, robots.txt first, one
//! request at a time with a pause, every answer into the evidence, redirects
//! followed under the same rules, a broken line tried again.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use url::Url;

use super::Keep;
use super::fetch::{Fetcher, Wanted};
use super::page::Page;
use super::robots::{Robots, Verdict};
use crate::post::Capture;
use crate::skip::{Skip, SkipReason};

/// Most redirects followed for one page.
const MAX_REDIRECTS: usize = 5;
/// Longest wait a busy server is granted before its page is given up.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(5);

/// What the robots.txt of each site says, asked once in a run.
#[derive(Debug, Default)]
pub(super) struct SiteRules {
    sites: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<Option<Known>>>>>,
}

/// The rules of a site; or an address that must not be dialled.
type Known = Result<Arc<Robots>, Skip>;

/// A page that was fetched and kept.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) page: Page,
    pub(super) capture: Capture,
}

/// Why there is no page.
#[derive(Debug)]
pub(super) enum Refusal {
    /// An ordinary reason.
    Skip(Skip),
    /// The run was asked to stop.
    Stopped,
    /// The evidence could not be written: nothing more may be read.
    Keep(io::Error),
}

impl From<Skip> for Refusal {
    fn from(skip: Skip) -> Self {
        Self::Skip(skip)
    }
}

/// Fetches pages of one source.
pub(super) struct Visitor<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) keep: &'a dyn Keep,
    pub(super) hosts: &'a BTreeSet<String>,
    pub(super) delay_ms: Option<u64>,
    pub(super) stop: watch::Receiver<bool>,
    /// Answers received, robots.txt not counted.
    pub(super) pages: u64,
    /// Body bytes received, robots.txt counted.
    pub(super) bytes: u64,
}

impl Visitor<'_> {
    /// Fetches `url`, following redirects.
    pub(super) async fn get(&mut self, url: &Url) -> Result<Kept, Refusal> {
        let mut at = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let delay = self.permission(&at).await?;
            let kept = self.ask(&at, delay, Wanted::Words).await?;
            let Some(location) = kept.page.redirect() else {
                return Ok(kept);
            };
            at = next_hop(&at, location)?;
        }
        let why = format!("more than {MAX_REDIRECTS}");
        Err(Skip::whole(url.as_str(), SkipReason::TooManyRedirects, why).into())
    }

    /// Whether the run was asked to stop.
    pub(super) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Whether `url` may be fetched, and the pause it asks for.
    async fn permission(&mut self, url: &Url) -> Result<Duration, Refusal> {
        let refuse = |reason, why: String| Err(Skip::whole(url.as_str(), reason, why).into());
        let host = url.host_str().unwrap_or("");
        if !matches!(url.scheme(), "http" | "https") || !self.hosts.contains(host) {
            let why = "it leaves the hosts of this source".to_owned();
            return refuse(SkipReason::OffSite, why);
        }
        let least = self.fetcher.settings.delay(host, self.delay_ms);
        match self.robots(url, least).await? {
            Err(forbidden) => refuse(forbidden.reason, forbidden.detail),
            Ok(robots) => match robots.verdict(url) {
                Verdict::Allowed(asked) => Ok(asked.max(least)),
                Verdict::Denied(why) => refuse(SkipReason::RobotsDenied, why),
                Verdict::Unavailable(why) => refuse(SkipReason::RobotsUnavailable, why),
            },
        }
    }

    /// The rules of the site of `url`, from its robots.txt.
    async fn robots(&mut self, url: &Url, delay: Duration) -> Result<Known, Refusal> {
        let site = {
            // The table is never half changed, whoever panicked over it.
            let sites = &self.fetcher.rules.sites;
            let mut sites = sites.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(sites.entry(url.origin().ascii_serialization()).or_default())
        };
        let mut known = self.unless_stopped(site.lock_owned()).await?;
        if let Some(known) = known.as_ref() {
            return Ok(known.clone());
        }
        let asked = self.ask_robots(Robots::url_for(url), delay).await?;
        Ok(known.insert(asked).clone())
    }

    async fn ask_robots(&mut self, mut at: Url, delay: Duration) -> Result<Known, Refusal> {
        for _ in 0..=MAX_REDIRECTS {
            let pages = self.pages;
            let answer = self.ask(&at, delay, Wanted::Robots).await;
            self.pages = pages;
            let page = match answer {
                Ok(kept) => kept.page,
                Err(Refusal::Skip(skip)) if skip.reason == SkipReason::ForbiddenAddress => {
                    return Ok(Err(skip));
                }
                Err(Refusal::Skip(skip)) => {
                    let why = format!(
                        "{}: {} ({})",
                        skip.subject,
                        skip.reason.as_str(),
                        skip.detail
                    );
                    return Ok(Ok(Arc::new(Robots::Undecided(why))));
                }
                Err(other) => return Err(other),
            };
            let Some(location) = page.redirect() else {
                return Ok(Ok(Arc::new(Robots::from_page(&page))));
            };
            // RFC 9309 lets robots.txt stand on another host.
            match next_hop(&at, location) {
                Ok(next) => at = next,
                Err(skip) => {
                    let why = format!("robots.txt redirects: {}", skip.detail);
                    return Ok(Ok(Arc::new(Robots::Undecided(why))));
                }
            }
        }
        let why = format!("robots.txt redirects more than {MAX_REDIRECTS} times");
        Ok(Ok(Arc::new(Robots::Undecided(why))))
    }

    /// Asks in turn and keeps each answer; a broken line or a busy server is
    /// asked again after a while.
    async fn ask(&mut self, url: &Url, delay: Duration, wanted: Wanted) -> Result<Kept, Refusal> {
        let settings = &self.fetcher.settings;
        let host = url.host_str().unwrap_or("").to_owned();
        for attempt in 0.. {
            let turn = self
                .unless_stopped(self.fetcher.pace.turn(&host, delay))
                .await?;
            let answer = self.fetcher.ask(url, wanted).await;
            drop(turn);
            let answer = match answer {
                Ok(page) => Ok(self.kept(page)?),
                Err(skip) => Err(skip),
            };
            let wait = Duration::from_millis(settings.retry_wait_ms) * 2_u32.pow(attempt.min(10));
            match again_after(&answer, wait) {
                Some(wait) if attempt < settings.retries => {
                    self.unless_stopped(tokio::time::sleep(wait)).await?;
                }
                _ => return Ok(answer?),
            }
        }
        unreachable!("the last attempt returns")
    }

    fn kept(&mut self, page: Page) -> Result<Kept, Refusal> {
        self.pages += 1;
        self.bytes += page.received;
        let capture = self.keep.keep(&page).map_err(Refusal::Keep)?;
        Ok(Kept { page, capture })
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Refusal> {
        let mut stop = self.stop.clone();
        tokio::select! {
            biased;
            Ok(_) = stop.wait_for(|stop| *stop) => Err(Refusal::Stopped),
            done = work => Ok(done),
        }
    }
}

/// Where a redirect leads. From https to http it is refused: what was private
/// on the line would no longer be.
fn next_hop(at: &Url, location: &str) -> Result<Url, Skip> {
    let refuse = |why: String| Skip::whole(at.as_str(), SkipReason::OffSite, why);
    let next = at
        .join(location)
        .map_err(|error| refuse(format!("redirect to {location:?}: {error}")))?;
    if at.scheme() == "https" && next.scheme() != "https" {
        return Err(refuse(format!("redirect from https to {}", next.scheme())));
    }
    Ok(super::frontier::canonical(&next))
}

/// How long to wait before asking again, if that could help.
fn again_after(answer: &Result<Kept, Skip>, wait: Duration) -> Option<Duration> {
    match answer {
        Err(skip) => {
            matches!(skip.reason, SkipReason::Connection | SkipReason::Timeout).then_some(wait)
        }
        Ok(kept) if matches!(kept.page.status, 429 | 502 | 503 | 504) => {
            let asked = kept
                .page
                .header("retry-after")
                .and_then(|text| text.trim().parse().ok());
            let asked = Duration::from_secs(asked.unwrap_or(0));
            (asked <= MAX_RETRY_AFTER).then_some(asked.max(wait))
        }
        Ok(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_never_leaves_the_encrypted_line() {
        let at = Url::parse("https://a.example/x").unwrap();
        assert_eq!(
            next_hop(&at, "/y#z").unwrap().as_str(),
            "https://a.example/y"
        );
        for bad in ["http://a.example/", "file:///etc/passwd", "http://[::1"] {
            assert_eq!(
                next_hop(&at, bad).unwrap_err().reason,
                SkipReason::OffSite,
                "{bad}"
            );
        }
    }

    #[test]
    fn a_busy_server_is_given_the_time_it_asks_for_or_left_alone() {
        let wait = Duration::from_secs(5);
        let again = |status, after: &str| {
            let mut page = Page::for_test("http://a.example/", "text/html", b"");
            page.status = status;
            page.headers
                .push(("retry-after".to_owned(), after.as_bytes().to_vec()));
            let capture = Capture {
                path: String::new(),
                offset: 0,
                record_id: String::new(),
                digest: page.digest(),
            };
            again_after(&Ok(Kept { page, capture }), wait)
        };
        assert_eq!(again(503, "30"), Some(Duration::from_secs(30)));
        assert_eq!(again(429, "1"), Some(wait));
        assert_eq!(again(503, "Tue, 03 Nov 2026 09:12:00 GMT"), Some(wait));
        assert_eq!(again(503, "86400"), None);
        assert_eq!(again(404, ""), None);
        assert_eq!(again(200, ""), None);
    }
}
