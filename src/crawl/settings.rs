//! `[crawl]` of `lentera.toml`: how politely and how patiently pages are read.
//!
//! Nothing here can switch robots.txt off, name another user agent, add a
//! cookie or use a proxy.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use serde::Deserialize;

/// The name robots.txt files know this program by.
pub const AGENT: &str = "lentera";

/// No host outside `resolve` is asked more often than this, whatever a file
/// says: a slip in a configuration must not hammer somebody's site.
pub const LEAST_DELAY: Duration = Duration::from_millis(500);

/// `[crawl]`: what holds for all sources.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Page about the people who run this crawl; stands in the user agent.
    pub contact: Option<String>,
    /// Least milliseconds between two fetches from one host.
    pub delay_ms: u64,
    /// Longest silence of a server, in seconds.
    pub timeout_s: u64,
    /// Longest time for one page, in seconds: slow lines are served, endless
    /// answers are not.
    pub page_timeout_s: u64,
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
    /// Hosts that are reached at a fixed address, like `curl --resolve`. Only
    /// these may lead to this machine or a private network; their published
    /// addresses stay as they are.
    pub resolve: BTreeMap<String, SocketAddr>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contact: None,
            delay_ms: 2000,
            timeout_s: 30,
            page_timeout_s: 300,
            max_page_bytes: 8 << 20,
            sources_at_once: 4,
            retries: 2,
            retry_wait_ms: 5000,
            resolve: BTreeMap::new(),
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
}

/// What may stand in a header without ending it or its comment.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_graphic() && !"()\\\"".contains(*c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_names_the_project_and_cannot_be_broken_out_of() {
        let mut settings = Settings::default();
        let agent = settings.user_agent();
        assert!(agent.starts_with("lentera/"), "{agent}");
        assert!(
            agent.ends_with("(anti-trafficking research; text only)"),
            "{agent}"
        );
        settings.contact = Some("https://lsm.example/bot)\r\nCookie: a".to_owned());
        let agent = settings.user_agent();
        assert!(
            agent.contains("(+https://lsm.example/botCookie:a; anti"),
            "{agent}"
        );
    }

    #[test]
    fn only_hosts_at_fixed_addresses_may_be_asked_without_a_pause() {
        let settings: Settings =
            toml::from_str("resolve = { \"pasar-kita.example\" = \"127.0.0.1:8080\" }").unwrap();
        assert_eq!(
            settings.delay("pasar-kita.example", Some(0)),
            Duration::ZERO
        );
        assert_eq!(settings.delay("lain.example", Some(0)), LEAST_DELAY);
        assert_eq!(settings.delay("lain.example", None), Duration::from_secs(2));
    }
}
