//! What is due of one source at a moment.

use jiff::{SignedDuration, Timestamp};

use super::{Past, Planned};

/// How late a time is still on time: timers of the system look at least every
/// hour, and a run may have to wait for another.
pub const GRACE: SignedDuration = SignedDuration::from_mins(70);
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
    /// How many of all of them passed long ago.
    pub late: u64,
}

impl Due {
    /// Whether even the last has passed long ago.
    pub fn is_late(&self) -> bool {
        self.late > self.before
    }
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
        let (mut due, mut n): (Option<Due>, u64) = (None, 0);
        loop {
            let next = self.table.next_after(from);
            let at = next.map(|time| (time, self.acted_upon(time)));
            let Some((time, at)) = at.filter(|(_, at)| *at <= now) else {
                let next = at.map(|(_, at)| at);
                return Look { due, next };
            };
            let is_late = now.duration_since(at) > GRACE;
            due = Some(Due {
                time,
                before: n,
                late: due.map_or(0, |due| due.late) + u64::from(is_late),
            });
            (n, from) = (n + 1, time);
            if n == COUNTED {
                from = now.checked_sub(DAY).map_or(from, |day| day.max(from));
            }
        }
    }
}
