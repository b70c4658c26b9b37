//! `[crawl]` of `lentera.toml`: how politely and how patiently pages are read.
//!
//! Nothing here can switch robots.txt off, name another user agent or add a
//! cookie. A proxy is used only when it is written here; the environment's are
//! not.

mod proxy;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

pub use proxy::{Proxy, ProxyError};

use super::Source;

/// The name robots.txt files know this program by.
pub const AGENT: &str = "lentera";

/// No host outside `resolve` is asked more often than this, whatever a file
/// says: a slip in a configuration must not hammer somebody's site.
pub const LEAST_DELAY: Duration = Duration::from_millis(500);

/// Largest page of a run with low bandwidth, in bytes (1 MiB).
pub const THRIFTY_PAGE_BYTES: u64 = 1 << 20;

/// `[crawl]`: what holds for all sources.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Page about the people who run this crawl, or their mail address; stands
    /// in the user agent. Without it only hosts of `resolve` are asked.
    #[serde(deserialize_with = "contact")]
    pub contact: Option<String>,
    /// Least milliseconds between two fetches from one host.
    pub delay_ms: u64,
    /// That pause as a multiple of the time a host takes to begin an answer,
    /// where it is longer; 0 switches it off.
    pub delay_factor: f64,
    /// Longest pause that a slow host alone leads to, in milliseconds.
    pub max_delay_ms: u64,
    /// Longest time for a connection, TLS included, in seconds.
    pub connect_timeout_s: u64,
    /// Longest silence of a server, in seconds: before its answer, and within.
    pub timeout_s: u64,
    /// Longest time for one page, in seconds: slow lines are served, endless
    /// answers are not.
    pub page_timeout_s: u64,
    /// Least bytes a second of an answer, over `min_rate_window_s`.
    pub min_rate: u64,
    /// Seconds over which `min_rate` is looked at.
    pub min_rate_window_s: u64,
    /// Largest page, in bytes, as received and again as inflated.
    pub max_page_bytes: u64,
    /// How many sources are read at the same time.
    pub sources_at_once: usize,
    /// How often a page is asked for again after a broken line or a busy
    /// server.
    pub retries: u32,
    /// Milliseconds before the first such repetition; each next one waits
    /// twice as long. `Retry-After` counts when it is longer.
    pub retry_wait_ms: u64,
    /// Longest time to wait, in seconds, when no host can be reached any more;
    /// 0 takes each host for what it seems and never waits.
    pub offline_wait_s: u64,
    /// Milliseconds a host is left alone that says it is asked too often and
    /// not for how long; each next time twice as long.
    pub busy_wait_ms: u64,
    /// Longest such wait within a run, in seconds; the pages of a host that
    /// wants more are left for another run.
    pub busy_wait_max_s: u64,
    /// Most requests of a run, everything counted.
    pub max_requests: Option<u64>,
    /// Most body bytes of a run, as received.
    pub max_bytes: Option<u64>,
    /// Most minutes of a run; the page being fetched is finished.
    pub max_minutes: Option<u64>,
    /// For bad lines: smaller pages, one source at a time, known
    /// advertisements are not looked at again.
    pub low_bandwidth: bool,
    /// The way to every host that is not one of `resolve`.
    pub proxy: Option<Proxy>,
    /// Hosts that are reached at a fixed address, like `curl --resolve`. Only
    /// these may lead to this machine or a private network; their published
    /// addresses stay as they are.
    pub resolve: BTreeMap<String, SocketAddr>,
    /// Where the run's figures are written for Prometheus.
    pub metrics_file: Option<PathBuf>,
    /// Spreads waits; the same number gives the same waits.
    pub seed: u64,
    /// Certificates of authorities, in DER, that are trusted besides the
    /// system's. Not for files: for tests and programs built on this one.
    #[serde(skip)]
    pub trusted: Vec<Vec<u8>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contact: None,
            delay_ms: 2000,
            delay_factor: 5.0,
            max_delay_ms: 30_000,
            connect_timeout_s: 15,
            timeout_s: 30,
            page_timeout_s: 300,
            min_rate: 1024,
            min_rate_window_s: 60,
            max_page_bytes: 8 << 20,
            sources_at_once: 4,
            retries: 2,
            retry_wait_ms: 5000,
            offline_wait_s: 600,
            busy_wait_ms: 60_000,
            busy_wait_max_s: 300,
            max_requests: None,
            max_bytes: None,
            max_minutes: None,
            low_bandwidth: false,
            proxy: None,
            resolve: BTreeMap::new(),
            metrics_file: None,
            seed: 0,
            trusted: Vec::new(),
        }
    }
}

impl Settings {
    /// The `User-Agent` of every request: it names the program, its purpose
    /// and, where configured, a page about who runs it.
    pub fn user_agent(&self) -> String {
        let contact = self.contact.as_deref().map(printable).unwrap_or_default();
        let contact = if contact.is_empty() {
            contact
        } else {
            format!("+{contact}; ")
        };
        format!(
            "{AGENT}/{} ({contact}anti-trafficking research; text only)",
            env!("CARGO_PKG_VERSION")
        )
    }

    /// How long to wait between two fetches from `host`, for a source that
    /// asks for `delay_ms`.
    pub fn delay(&self, host: &str, delay_ms: Option<u64>) -> Duration {
        let asked = Duration::from_millis(delay_ms.unwrap_or(self.delay_ms));
        if self.resolve.contains_key(host) {
            asked
        } else {
            asked.max(LEAST_DELAY)
        }
    }

    /// Whether `host` may be asked: its operator can find out who asks, or it
    /// is a machine of one's own.
    pub fn may_ask(&self, host: &str) -> bool {
        self.contact.is_some() || self.resolve.contains_key(host)
    }

    /// A host of `sources` that may not be asked, because its operator could
    /// not find out who asks.
    pub fn without_contact<'s>(&self, sources: &'s [Source]) -> Option<&'s str> {
        let hosts = sources.iter().flat_map(|source| &source.hosts);
        hosts.map(String::as_str).find(|host| !self.may_ask(host))
    }

    /// These settings with what `low_bandwidth` means worked in.
    pub(super) fn worked_in(mut self) -> Self {
        if self.low_bandwidth {
            self.max_page_bytes = self.max_page_bytes.min(THRIFTY_PAGE_BYTES);
            self.sources_at_once = 1;
        }
        self
    }
}

/// What may stand in a header without ending it or its comment.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_graphic() && !"()\\\"".contains(*c))
        .collect()
}

/// A contact that leads to somebody.
fn contact<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    let is_page = text.starts_with("https://") || text.starts_with("http://");
    let is_mail = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if (is_page || is_mail) && printable(&text) == text {
        return Ok(Some(text));
    }
    Err(serde::de::Error::custom(format!(
        "contact = {text:?}: write the address of a page about this crawl, such as \
         \"https://example.org/our-crawler\", or a mail address"
    )))
}

#[cfg(test)]
mod tests;
