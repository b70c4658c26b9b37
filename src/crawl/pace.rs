//! At most one request at a time to a host, with a pause behind each.
//!
//! The pause counts from the end of an answer and is the longest of three:
//! what the configuration says, what robots.txt asks for, and a multiple of
//! the time the host takes to begin an answer. So a host that is slow, or gets
//! slow, is asked less often. Errors never shorten a pause. A host that says
//! it is busy is left alone for as long as it asks, or for a minute, two,
//! four …, until it was quiet for half an hour.
//!
//! Waiting is spread a little by a seeded generator, so that machines started
//! at the same minute do not come back at the same second and a run can be
//! repeated. Nothing here makes a crawl faster than asked.

mod host;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep_until};

pub use host::{HostLimit, Why};

use super::settings::Settings;
use host::Host;

/// Longest time a host is left alone, whatever it asks for.
const LONGEST: Duration = Duration::from_hours(24);

/// When each host may be asked again.
#[derive(Debug)]
pub struct Pace {
    rule: PaceRule,
    hosts: Mutex<BTreeMap<String, Host>>,
}

/// How hosts are paced.
#[derive(Clone, Copy, Debug)]
pub struct PaceRule {
    /// The pause as a multiple of the time to the first byte of an answer.
    pub factor: f64,
    /// Longest pause that this alone leads to.
    pub max_adaptive: Duration,
    /// First wait after "too many requests" without a time; doubled each time.
    pub busy: Duration,
    /// First wait after "unavailable" without a time; doubled each time.
    pub retry: Duration,
    /// Longest wait within a run; who wants more is left for another run.
    pub max_wait: Duration,
    /// Spreads the waits.
    pub seed: u64,
}

impl PaceRule {
    /// As `[crawl]` says.
    pub fn of(settings: &Settings) -> Self {
        Self {
            factor: settings.delay_factor.max(0.0),
            max_adaptive: Duration::from_millis(settings.max_delay_ms),
            busy: Duration::from_millis(settings.busy_wait_ms),
            retry: Duration::from_millis(settings.retry_wait_ms),
            max_wait: Duration::from_secs(settings.busy_wait_max_s),
            seed: settings.seed,
        }
    }

    /// `wait` and up to a tenth more: the same for the same host and number.
    pub(super) fn spread(&self, wait: Duration, host: &str, n: u32) -> Duration {
        // FNV-1a over the host, then one step of SplitMix64.
        let start = self.seed ^ 0xCBF2_9CE4_8422_2325 ^ u64::from(n);
        let mut bits = host.bytes().fold(start, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let part = f64::from((bits >> 32) as u32) / f64::from(u32::MAX);
        wait + wait.mul_f64(part / 10.0)
    }
}

/// The least pause, and where it comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Least {
    /// From `lentera.toml`.
    pub configured: Duration,
    /// From robots.txt.
    pub asked: Duration,
    /// Whether it is a machine of one's own, which need not be spared.
    pub own: bool,
}

/// How an answer went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// As usual.
    Well,
    /// With an error, or not at all.
    Badly,
    /// The host says it is asked too often, and how long to wait if it does.
    TooOften(Option<Duration>),
    /// The host says it cannot answer now, and how long to wait if it does.
    Unavailable(Option<Duration>),
}

/// A host that wants to be left alone for longer than a run waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy(
    /// For how long.
    pub Duration,
);

/// The right to ask a host; the pause begins when it is given back or dropped.
#[derive(Debug)]
pub struct Turn<'p> {
    pace: &'p Pace,
    host: String,
    least: Least,
    report: Option<(Answered, Option<Duration>)>,
    _gate: OwnedMutexGuard<()>,
}

impl Pace {
    /// No host was asked yet.
    pub fn new(rule: PaceRule) -> Self {
        Self {
            rule,
            hosts: Mutex::default(),
        }
    }

    /// Waits until `host` may be asked: nobody else is asking it, and the last
    /// answer ended long enough ago.
    ///
    /// # Errors
    ///
    /// [`Busy`] when it asked to be left alone for longer than a run waits.
    pub async fn turn(&self, host: &str, least: Least) -> Result<Turn<'_>, Busy> {
        let gate = {
            let mut hosts = self.hosts();
            let known = hosts.entry(host.to_owned()).or_default();
            Arc::clone(&known.gate)
        };
        let gate = gate.lock_owned().await;
        let now = Instant::now();
        let next = self.hosts().entry(host.to_owned()).or_default().next(least);
        if let Some(next) = next {
            let wait = next.saturating_duration_since(now);
            if wait > self.rule.max_wait.max(least.configured.max(least.asked)) {
                return Err(Busy(wait));
            }
            sleep_until(next).await;
        }
        Ok(Turn {
            pace: self,
            host: host.to_owned(),
            least,
            report: None,
            _gate: gate,
        })
    }

    /// What limits each host asked so far, by name.
    pub fn limits(&self) -> Vec<HostLimit> {
        let hosts = self.hosts();
        hosts.iter().map(|(name, host)| host.limit(name)).collect()
    }

    /// What limits one host, if it was asked.
    pub fn limit(&self, host: &str) -> Option<HostLimit> {
        Some(self.hosts().get(host)?.limit(host))
    }

    fn hosts(&self) -> MutexGuard<'_, BTreeMap<String, Host>> {
        // The table is never half changed, whoever panicked over it.
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Gives the turn back and says how the answer went; `first_byte` is the
    /// time until it began.
    pub fn done(mut self, how: Answered, first_byte: Option<Duration>) {
        self.report = Some((how, first_byte));
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        let mut hosts = self.pace.hosts();
        let host = hosts.entry(self.host.clone()).or_default();
        host.ended(now, self.least);
        if let Some((how, first_byte)) = self.report {
            host.learn(&self.pace.rule, how, first_byte);
            host.leave_alone(&self.pace.rule, &self.host, how, now);
        }
    }
}

#[cfg(test)]
mod tests;
