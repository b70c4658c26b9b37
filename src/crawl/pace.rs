//! At most one request at a time to a host, with a pause behind each.
//!
//! The pause counts from the end of an answer, so a slow server is left alone
//! for as long as a fast one. Nothing here makes a crawl faster than asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep_until};

/// When each host may be asked again.
#[derive(Debug, Default)]
pub struct Pace {
    hosts: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<Option<Instant>>>>>,
}

/// The right to ask a host; the pause begins when it is dropped.
#[derive(Debug)]
pub struct Turn {
    last: OwnedMutexGuard<Option<Instant>>,
}

impl Pace {
    /// Waits until `host` may be asked: nobody else is asking it, and the last
    /// answer ended at least `delay` ago.
    pub async fn turn(&self, host: &str, delay: Duration) -> Turn {
        let host = {
            // The table is never half changed, whoever panicked over it.
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(host.to_owned()).or_default())
        };
        let last = host.lock_owned().await;
        if let Some(ended) = *last {
            sleep_until(ended + delay).await;
        }
        Turn { last }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.last = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_is_left_alone_between_two_answers_and_other_hosts_are_not_held_up() {
        let pace = Pace::default();
        let delay = Duration::from_millis(40);
        let began = Instant::now();
        drop(pace.turn("a.example", delay).await);
        // Another host's turn comes although this one waits for an hour.
        drop(pace.turn("b.example", Duration::from_hours(1)).await);
        drop(pace.turn("a.example", delay).await);
        assert!(began.elapsed() >= delay);
    }

    #[tokio::test]
    async fn two_requests_to_one_host_never_overlap() {
        let pace = Pace::default();
        let first = pace.turn("a.example", Duration::ZERO).await;
        let second = pace.turn("a.example", Duration::ZERO);
        let waited = tokio::time::timeout(Duration::from_millis(20), second).await;
        assert!(waited.is_err());
        drop(first);
        pace.turn("a.example", Duration::ZERO).await;
    }
}
