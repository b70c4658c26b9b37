//! What is due of one source at a moment.

use jiff::{SignedDuration, Timestamp};

use super::{Past, Planned};

/// How late a time is still on time: timers of the system look every few
/// minutes, and a run may have to wait for another.
pub const GRACE: SignedDuration = SignedDuration::from_mins(30);
/// Passed times that are counted one by one; beyond, only the last day's are.
const COUNTED: u64 = 10_000;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Times of a source that have passed without a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last of them.
    pub time: Timestamp,
    /// How many passed before it.
    pub before: u64,
    /// Whether even the last has passed long ago.
    pub is_late: bool,
}

/// One source at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// What is due, if anything.
    pub due: Option<Due>,
    /// When something is due that is not yet.
    pub next: Option<Timestamp>,
}

impl Planned {
    /// What is due now of what is not settled.
    pub fn look(&self, past: &Past, now: Timestamp) -> Look {
        let mut from = past.settled;
        let (mut last, mut n) = (None, 0);
        loop {
            let Some(time) = self.table.next_after(from) else {
                return Look {
                    due: self.due(last, n, now),
                    next: None,
                };
            };
            let at = self.acted_upon(time);
            if at > now {
                return Look {
                    due: self.due(last, n, now),
                    next: Some(at),
                };
            }
            (last, n, from) = (Some(time), n + 1, time);
            if n == COUNTED {
                from = now.checked_sub(DAY).map_or(from, |day| day.max(from));
            }
        }
    }

    fn due(&self, last: Option<Timestamp>, n: u64, now: Timestamp) -> Option<Due> {
        last.map(|time| Due {
            time,
            before: n.saturating_sub(1),
            is_late: now.duration_since(self.acted_upon(time)) > GRACE,
        })
    }
}
