//! Whether this machine is on the network, from which hosts can be reached.
//!
//! A site that is down and a line that is down look alike from one request.
//! What tells them apart is who else can be reached.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Hosts that cannot be reached in a row, after which it is the line.
const HOSTS: usize = 3;
/// Longest pause between two tries.
const MAX_PAUSE: Duration = Duration::from_mins(1);

/// What all sources of a run know of the line.
#[derive(Debug, Default)]
pub(super) struct Line {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Hosts not reached since any host answered.
    failing: BTreeSet<String>,
    /// Hosts that answered in this run.
    answered: BTreeSet<String>,
    /// When the line was found to be down, and how often was tried since.
    down: Option<(Instant, u32)>,
}

impl Line {
    /// Notes that a host answered, whatever it said.
    pub(super) fn answered(&self, host: &str) {
        let mut state = self.lock();
        state.failing.clear();
        state.down = None;
        if !state.answered.contains(host) {
            state.answered.insert(host.to_owned());
        }
    }

    /// Notes that a host cannot be reached. When that is because of the line:
    /// how long to wait before the next try, unless `limit` is over.
    pub(super) fn failed(&self, host: &str, first: Duration, limit: Duration) -> Down {
        let mut state = self.lock();
        state.failing.insert(host.to_owned());
        let many = state.failing.len() >= HOSTS;
        let all = !state.answered.is_empty() && state.answered.is_subset(&state.failing);
        if limit.is_zero() {
            return Down::No;
        }
        if !(many || all) {
            // Before anybody answered, nobody can tell.
            let silent = state.answered.is_empty();
            return if silent { Down::Unclear } else { Down::No };
        }
        let now = Instant::now();
        let (since, tries) = state.down.get_or_insert((now, 0));
        if now.duration_since(*since) >= limit {
            return Down::TooLong;
        }
        let pause = first * 2_u32.pow((*tries).min(16));
        *tries += 1;
        Down::Wait(pause.min(MAX_PAUSE))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here can panic half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a host that cannot be reached means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Down {
    /// It is the host.
    No,
    /// Too few hosts were asked to tell, and none has answered.
    Unclear,
    /// It is the line: try again after this.
    Wait(Duration),
    /// It is the line, and has been for as long as is waited.
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_secs(5);
    const LIMIT: Duration = Duration::from_mins(10);

    #[test]
    fn one_host_of_several_is_down_by_itself() {
        let line = Line::default();
        line.answered("a.example");
        line.answered("b.example");
        assert_eq!(line.failed("a.example", FIRST, LIMIT), Down::No);
        assert_eq!(line.failed("a.example", FIRST, LIMIT), Down::No);
        assert_eq!(line.failed("b.example", FIRST, LIMIT), Down::Wait(FIRST));
        assert_eq!(
            line.failed("a.example", FIRST, LIMIT),
            Down::Wait(FIRST * 2)
        );
        line.answered("b.example");
        assert_eq!(line.failed("a.example", FIRST, LIMIT), Down::No);
    }

    #[test]
    fn many_hosts_that_never_answered_are_the_line_and_one_is_not() {
        let line = Line::default();
        for _ in 0..9 {
            assert_eq!(line.failed("a.example", FIRST, LIMIT), Down::Unclear);
        }
        assert_eq!(line.failed("b.example", FIRST, LIMIT), Down::Unclear);
        assert_eq!(line.failed("c.example", FIRST, LIMIT), Down::Wait(FIRST));
        for _ in 0..9 {
            line.failed("c.example", FIRST, LIMIT);
        }
        assert_eq!(
            line.failed("c.example", FIRST, LIMIT),
            Down::Wait(MAX_PAUSE)
        );
        assert_eq!(line.failed("c.example", FIRST, Duration::ZERO), Down::No);
    }
}
