//! What is known about the pace of one host.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Answered, LONGEST, Least, PaceRule};

/// Quiet time after which a host that was busy is taken for a new one.
const FORGET: Duration = Duration::from_mins(30);

/// One host.
#[derive(Debug, Default)]
pub(super) struct Host {
    pub(super) gate: Arc<tokio::sync::Mutex<()>>,
    /// When its last answer ended.
    ended: Option<Instant>,
    least: Least,
    /// The pause its slowness leads to.
    adaptive: Duration,
    /// Until when it is left alone.
    until: Option<Instant>,
    /// Times it was busy, one after the other, and when last.
    n_busy: u32,
    busy_at: Option<Instant>,
}

/// Where a host's pause comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// From `delay_ms`.
    Configured,
    /// From the `Crawl-delay` of its robots.txt.
    Robots,
    /// It takes long to begin an answer.
    Slow,
    /// It said that it is busy.
    Busy,
}

/// What limits one host in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostLimit {
    /// Its name.
    pub host: String,
    /// Least time between the end of an answer and the next request.
    pub pause: Duration,
    /// What decided it.
    pub why: Why,
}

impl fmt::Display for HostLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Why::Configured => "delay_ms",
            Why::Robots => "Crawl-delay of its robots.txt",
            Why::Slow => "its answers are slow",
            Why::Busy => "it said that it is busy",
        };
        let seconds = self.pause.as_secs_f64();
        write!(f, "{}: a pause of {seconds:.1} s ({why})", self.host)
    }
}

impl Host {
    /// When it may be asked again.
    pub(super) fn next(&mut self, least: Least) -> Option<Instant> {
        self.least = least;
        let rested = self.ended.map(|ended| ended + self.pause());
        rested.max(self.until)
    }

    /// The pause behind each answer. The slowness of a machine of one's own is
    /// one's own business.
    fn pause(&self) -> Duration {
        let least = self.least.configured.max(self.least.asked);
        if self.least.own {
            least
        } else {
            least.max(self.adaptive)
        }
    }

    pub(super) fn limit(&self, name: &str) -> HostLimit {
        let pause = self.pause();
        let left = self
            .until
            .map(|at| at.saturating_duration_since(Instant::now()));
        let (pause, why) = match left {
            Some(left) if left > pause => (left, Why::Busy),
            _ if pause > self.least.configured.max(self.least.asked) => (pause, Why::Slow),
            _ if self.least.asked > self.least.configured => (pause, Why::Robots),
            _ => (pause, Why::Configured),
        };
        HostLimit {
            host: name.to_owned(),
            pause,
            why,
        }
    }

    pub(super) fn ended(&mut self, now: Instant, least: Least) {
        self.ended = Some(now);
        self.least = least;
    }

    /// Draws the pause towards what its slowness asks for: up at once, down by
    /// half of the way, and never down after an error.
    pub(super) fn learn(&mut self, rule: &PaceRule, how: Answered, first_byte: Option<Duration>) {
        let Some(first_byte) = first_byte else { return };
        let wanted = Duration::try_from_secs_f64(first_byte.as_secs_f64() * rule.factor)
            .map_or(rule.max_adaptive, |wanted| wanted.min(rule.max_adaptive));
        let drawn = wanted.max((self.adaptive + wanted) / 2);
        self.adaptive = match how {
            Answered::Well => drawn,
            _ => drawn.max(self.adaptive),
        };
    }

    /// Leaves it alone for as long as it asks, or for longer each time.
    pub(super) fn leave_alone(&mut self, rule: &PaceRule, name: &str, how: Answered, now: Instant) {
        let (asked, first) = match how {
            Answered::TooOften(asked) => (asked, rule.busy),
            Answered::Unavailable(asked) => (asked, rule.retry),
            Answered::Well | Answered::Badly => return,
        };
        let quiet = self.busy_at.is_some_and(|at| now - at > FORGET);
        if quiet {
            self.n_busy = 0;
        }
        let own = first.saturating_mul(1 << self.n_busy.min(16));
        self.n_busy += 1;
        // What it asks for counts, but not below what is usual.
        let wait = asked.map_or(own, |asked| asked.max(first)).min(LONGEST);
        let wait = rule.spread(wait, name, self.n_busy);
        self.busy_at = Some(now + wait);
        self.until = self.until.max(Some(now + wait));
    }
}
