//! One page with all its promises kept: own hosts only, robots.txt first, one
//! request at a time with a pause, every answer into the evidence, redirects
//! followed under the same rules, a broken line tried again.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;
use url::Url;

use super::address;
use super::fetch::{Answer, Fetcher, Wanted};
use super::frontier::{Frontier, FrontierError, Visit};
use super::pace::{Answered, Busy, Least, PaceRule};
use super::page::Page;
use super::robots::{self, Robots, Verdict};
use super::{Keep, SiteRobots};
use crate::post::Capture;
use crate::skip::{Skip, SkipReason};

/// Most redirects followed for one page.
const MAX_REDIRECTS: usize = 10;
/// Most redirects followed for a robots.txt, as RFC 9309 asks for at least.
const MAX_ROBOTS_REDIRECTS: usize = 5;

/// How long a robots.txt counts, as RFC 9309 says.
const ROBOTS_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// What the robots.txt of each site says, asked once a day.
#[derive(Debug, Default)]
pub(super) struct SiteRules {
    sites: Mutex<BTreeMap<String, Slot>>,
}

/// One site: who comes second waits for the answer to the first.
type Slot = Arc<tokio::sync::Mutex<Option<(Timestamp, Known)>>>;

/// The rules of a site; or why the host is not asked at all.
type Known = Result<Arc<Robots>, Skip>;

impl SiteRules {
    fn of(&self, site: &str) -> Slot {
        // The table is never half changed, whoever panicked over it.
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sites.entry(site.to_owned()).or_default())
    }
}

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
    /// The host cannot be reached, so nobody can say what it allows.
    Unreached(Skip),
    /// The run was asked to stop.
    Stopped,
    /// The source is another machine's by now: nothing more may be asked.
    Frontier(FrontierError),
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
    pub(super) frontier: &'a dyn Frontier,
    /// The source's id.
    pub(super) source: &'a str,
    pub(super) hosts: &'a BTreeSet<String>,
    pub(super) delay_ms: Option<u64>,
    /// Most minutes for this source.
    pub(super) max_minutes: Option<u64>,
    pub(super) began: Instant,
    pub(super) stop: watch::Receiver<bool>,
    /// Answers received, robots.txt not counted.
    pub(super) pages: u64,
    /// Body bytes received, robots.txt counted.
    pub(super) bytes: u64,
    /// Bytes that packing spared the line.
    pub(super) spared: u64,
}

impl Visitor<'_> {
    /// Fetches `url`, following redirects. With what an earlier visit left, the
    /// answer may be 304: it is as it was.
    pub(super) async fn get(&mut self, url: &Url, before: Option<&Visit>) -> Result<Kept, Refusal> {
        let mut at = url.clone();
        let mut passed = BTreeSet::new();
        for _ in 0..=MAX_REDIRECTS {
            let least = self.permission(&at).await?;
            // What was left belongs to this address, not to where it leads.
            let before = before.filter(|_| at == *url);
            let kept = self.ask(&at, least, Wanted::Words, before).await?;
            let Some(location) = kept.page.redirect() else {
                return Ok(kept);
            };
            let next = next_hop(&at, location)?;
            passed.insert(at);
            if passed.contains(&next) {
                let why = format!("redirect loop: it leads back to {next}");
                return Err(Skip::whole(url.as_str(), SkipReason::Trap, why).into());
            }
            at = next;
        }
        let why = format!("more than {MAX_REDIRECTS}");
        Err(Skip::whole(url.as_str(), SkipReason::TooManyRedirects, why).into())
    }

    /// Leaves a site alone for this run: its host, and not the line, is down.
    pub(super) async fn close(&self, url: &Url, why: &str) -> Result<(), Refusal> {
        let site = url.origin().ascii_serialization();
        let slot = self.fetcher.rules.of(&site).lock_owned();
        let robots = Arc::new(Robots::Undecided(why.to_owned()));
        *self.unless_stopped(slot).await? = Some((Timestamp::now(), Ok(robots)));
        Ok(())
    }

    /// Whether the run was asked to stop.
    pub(super) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Which budget of time or of the run is used up.
    pub(super) fn spent(&self) -> Option<String> {
        let minutes = self.began.elapsed().as_secs() / 60;
        match self.max_minutes {
            Some(most) if minutes >= most => Some(format!("max_minutes = {most} is used up")),
            _ => self.fetcher.spent(),
        }
    }

    /// Whether `url` may be fetched, and the least pause.
    async fn permission(&mut self, url: &Url) -> Result<Least, Refusal> {
        let refuse = |reason, why: String| Err(Skip::whole(url.as_str(), reason, why).into());
        let host = url.host_str().unwrap_or("");
        if !matches!(url.scheme(), "http" | "https") || !self.hosts.contains(host) {
            let why = "it leaves the hosts of this source".to_owned();
            return refuse(SkipReason::OffSite, why);
        }
        let least = Least {
            configured: self.fetcher.settings.delay(host, self.delay_ms),
            asked: Duration::ZERO,
            own: self.fetcher.settings.resolve.contains_key(host),
        };
        match self.robots(url, least).await? {
            Err(forbidden) => refuse(forbidden.reason, forbidden.detail),
            Ok(robots) => match robots.verdict(url) {
                Verdict::Allowed(asked) => Ok(Least { asked, ..least }),
                Verdict::Denied(why) => refuse(SkipReason::RobotsDenied, why),
                Verdict::Unavailable(why) => refuse(SkipReason::RobotsUnavailable, why),
            },
        }
    }

    /// The rules of the site of `url`: known from this run, kept by an earlier
    /// one, or from its robots.txt.
    async fn robots(&mut self, url: &Url, least: Least) -> Result<Known, Refusal> {
        let site = url.origin().ascii_serialization();
        let mut known = self
            .unless_stopped(self.fetcher.rules.of(&site).lock_owned())
            .await?;
        let now = Timestamp::now();
        if let Some((since, known)) = known.as_ref()
            && is_fresh(*since, now)
        {
            return Ok(known.clone());
        }
        if let Some(kept) = self.keep.robots(&site)
            && is_fresh(kept.fetched_at, now)
        {
            let robots = Ok(Arc::new(Robots::from_answer(kept.status, &kept.body)));
            return Ok(known.insert((kept.fetched_at, robots)).1.clone());
        }
        let asked = self.ask_robots(&site, Robots::url_for(url), least).await?;
        Ok(known.insert((now, asked)).1.clone())
    }

    async fn ask_robots(
        &mut self,
        site: &str,
        mut at: Url,
        least: Least,
    ) -> Result<Known, Refusal> {
        let undecided = |why: String| Ok(Ok(Arc::new(Robots::Undecided(why))));
        for _ in 0..=MAX_ROBOTS_REDIRECTS {
            let pages = self.pages;
            let answer = self.ask(&at, least, Wanted::Robots, None).await;
            self.pages = pages;
            let page = match answer {
                Ok(kept) => kept.page,
                Err(Refusal::Skip(skip)) if is_about_the_host(skip.reason) => {
                    return Ok(Err(skip));
                }
                Err(Refusal::Skip(skip)) => {
                    let (subject, reason) = (skip.subject.as_str(), skip.reason.as_str());
                    let why = format!("{subject}: {reason} ({})", skip.detail);
                    // A line that is down closes no site.
                    if skip.reason == SkipReason::Unreachable {
                        let skip = Skip::whole(subject, SkipReason::RobotsUnavailable, why);
                        return Err(Refusal::Unreached(skip));
                    }
                    return undecided(why);
                }
                Err(other) => return Err(other),
            };
            let Some(location) = page.redirect() else {
                let robots = Robots::from_page(&page);
                if !matches!(robots, Robots::Undecided(_)) {
                    self.keep.keep_robots(&SiteRobots {
                        site: site.to_owned(),
                        status: page.status,
                        body: kept_part(page.content()).to_vec(),
                        fetched_at: page.fetched_at,
                    });
                }
                return Ok(Ok(Arc::new(robots)));
            };
            // RFC 9309 lets robots.txt stand on another host.
            match next_hop(&at, location) {
                Ok(next) => at = next,
                Err(skip) => return undecided(format!("robots.txt redirects: {}", skip.detail)),
            }
        }
        undecided(format!(
            "robots.txt redirects more than {MAX_ROBOTS_REDIRECTS} times"
        ))
    }

    /// Asks in turn and keeps each answer; a broken line or a busy server is
    /// asked again after a while.
    async fn ask(
        &mut self,
        url: &Url,
        least: Least,
        wanted: Wanted,
        before: Option<&Visit>,
    ) -> Result<Kept, Refusal> {
        let Fetcher { settings, pace, .. } = self.fetcher;
        let host = address::host_key(url);
        let mut last = None;
        for attempt in 0.. {
            let turn = match self.unless_stopped(pace.turn(host, least)).await? {
                Ok(turn) => turn,
                // What it answered last says more than that it is busy.
                Err(busy) => return Ok(last.unwrap_or_else(|| Err(too_busy(url, busy)))?),
            };
            // The wait for the turn may have been a long one.
            match self.frontier.holds(self.source).await {
                Ok(true) => {}
                Ok(false) => return Err(Refusal::Frontier(FrontierError::GivenAway)),
                Err(error) => return Err(Refusal::Frontier(error)),
            }
            let Answer { page, first_byte } = self.fetcher.ask(url, wanted, before).await;
            turn.done(answered(&page), first_byte);
            let answer = match page {
                Ok(page) => Ok(self.kept(page, before)?),
                Err(skip) => Err(skip),
            };
            let is_last = attempt >= settings.retries || self.fetcher.spent().is_some();
            if is_last || !is_worth_another(&answer) {
                return Ok(answer?);
            }
            // A busy host is left alone by its pace.
            if answer.is_err() {
                let wait = Duration::from_millis(settings.retry_wait_ms);
                let wait = wait.saturating_mul(1 << attempt.min(10));
                let wait = PaceRule::of(settings).spread(wait, host, attempt);
                self.unless_stopped(tokio::time::sleep(wait)).await?;
            }
            last = Some(answer);
        }
        unreachable!("the last attempt returns")
    }

    fn kept(&mut self, page: Page, before: Option<&Visit>) -> Result<Kept, Refusal> {
        self.pages += 1;
        self.bytes += page.received;
        self.spared += page.spared();
        let earlier = before.and_then(|visit| visit.capture.as_ref());
        let repeats = |earlier: &Capture| {
            page.status == 304 || (page.status == 200 && page.digest() == earlier.digest)
        };
        let capture = match earlier {
            Some((earlier, at)) if repeats(earlier) => {
                let kept = self.keep.keep_unchanged(&page, earlier, *at);
                // What it says stands where it was kept in full.
                kept.map(|_| earlier.clone())
            }
            _ => self.keep.keep(&page),
        };
        let capture = capture.map_err(Refusal::Keep)?;
        Ok(Kept { page, capture })
    }

    /// Waits for a while, or until the run is stopped.
    pub(super) async fn rest(&self, pause: Duration) {
        // Whoever asks looks for the stop signal next.
        let _ = self.unless_stopped(tokio::time::sleep(pause)).await;
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

/// Whether asking again could help.
fn is_worth_another(answer: &Result<Kept, Skip>) -> bool {
    match answer {
        Err(skip) => matches!(
            skip.reason,
            SkipReason::Unreachable | SkipReason::Connection | SkipReason::Timeout
        ),
        Ok(kept) => matches!(kept.page.status, 429 | 502 | 503 | 504),
    }
}

/// What an answer says to the pace of its host.
fn answered(page: &Result<Page, Skip>) -> Answered {
    let Ok(page) = page else {
        return Answered::Badly;
    };
    match page.status {
        429 => Answered::TooOften(retry_after(page)),
        502..=504 => Answered::Unavailable(retry_after(page)),
        400.. => Answered::Badly,
        _ => Answered::Well,
    }
}

/// How long the server asks to be left alone: in seconds or until a time,
/// which is taken by the server's own clock.
fn retry_after(page: &Page) -> Option<Duration> {
    let text = page.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(text)?;
    let now = page.header("date").and_then(http_date);
    let wait = until.duration_since(now.unwrap_or(page.fetched_at));
    // A time that has passed is no wait at all.
    Some(Duration::try_from(wait).unwrap_or(Duration::ZERO))
}

fn http_date(text: &str) -> Option<Timestamp> {
    let time = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(time.timestamp())
}

fn too_busy(url: &Url, Busy(wait): Busy) -> Skip {
    let minutes = wait.as_secs().div_ceil(60);
    let why = format!("it wants to be left alone for {minutes} more minutes");
    Skip::whole(url.as_str(), SkipReason::HostBusy, why)
}

/// Whether a refusal counts against the host: when all its pages fail so, it
/// is left alone.
pub(super) fn is_the_hosts_fault(reason: SkipReason) -> bool {
    matches!(
        reason,
        SkipReason::Unreachable
            | SkipReason::Connection
            | SkipReason::Timeout
            | SkipReason::BadCertificate
            | SkipReason::HostBusy
    )
}

/// Whether a refusal is about the host and not about its robots.txt.
fn is_about_the_host(reason: SkipReason) -> bool {
    matches!(
        reason,
        SkipReason::ForbiddenAddress | SkipReason::BadCertificate | SkipReason::HostBusy
    )
}

/// What of a robots.txt is kept: enough to be read as the whole was.
fn kept_part(body: &[u8]) -> &[u8] {
    &body[..body.len().min(robots::MAX_BYTES + 1)]
}

/// Whether what a robots.txt said then still counts.
fn is_fresh(since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(since) < ROBOTS_LIFE && since <= now
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
    fn what_a_busy_server_asks_for_is_understood() {
        let says = |status, after: &str, date: &str| {
            let mut page = Page::for_test("http://a.example/", "text/html", b"");
            page.status = status;
            for (name, value) in [("retry-after", after), ("date", date)] {
                page.headers
                    .push((name.to_owned(), value.as_bytes().to_vec()));
            }
            answered(&Ok(page))
        };
        let seconds = |n| Some(Duration::from_secs(n));
        assert_eq!(says(503, " 30 ", ""), Answered::Unavailable(seconds(30)));
        assert_eq!(says(429, "86400", ""), Answered::TooOften(seconds(86400)));
        let noon = "Tue, 03 Nov 2026 12:00:00 GMT";
        let later = "Tue, 03 Nov 2026 12:02:00 GMT";
        assert_eq!(says(429, later, noon), Answered::TooOften(seconds(120)));
        assert_eq!(says(429, noon, later), Answered::TooOften(seconds(0)));
        for unreadable in [
            "",
            "soon",
            "-5",
            "1.5",
            "99999999999999999999",
            "Tue, 99 Nov",
        ] {
            assert_eq!(says(429, unreadable, noon), Answered::TooOften(None));
        }
        assert_eq!(says(200, "30", ""), Answered::Well);
        assert_eq!(says(404, "30", ""), Answered::Badly);
        assert_eq!(says(500, "30", ""), Answered::Badly);
    }

    #[test]
    fn a_robots_txt_counts_for_a_day() {
        let now: Timestamp = "2026-11-03T12:00:00Z".parse().unwrap();
        let fresh = |text: &str| is_fresh(text.parse().unwrap(), now);
        assert!(fresh("2026-11-02T12:00:01Z") && fresh("2026-11-03T12:00:00Z"));
        assert!(!fresh("2026-11-02T12:00:00Z"));
        // Kept by a clock that was ahead, it could count for years.
        assert!(!fresh("2026-11-03T12:00:01Z"));
    }
}
