//! Sources read at their times: what is due, what was missed, and the loop
//! that runs it.
//!
//! A time counts as settled once a run for it has ended; what is not settled is
//! due, whatever happened meanwhile. So a machine that slept, a program that
//! was killed and a clock that was set all end in the same place: one run, not
//! none and not many.

mod due;
pub mod install;
mod keeper;
mod memory;
mod status;

use jiff::Timestamp;

pub use due::{Due, GRACE, Look};
pub use keeper::{Attempt, Ended, Event, World, keep};
pub use memory::{LastRun, Memory, MemoryError, Outcome, Past};
pub use status::{SourceStatus, status};

use crate::crawl::Source;
use crate::cron::{OFF, Timetable, TimetableError, jitter};
use crate::pipeline::Workspace;

/// Name of the file that says which times are settled.
pub const MEMORY: &str = "schedule.json";

/// A source and its times.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What is read.
    pub source: Source,
    /// When.
    pub table: Timetable,
    /// Most minutes it is read later than that.
    pub jitter_minutes: u64,
}

impl Planned {
    /// When a time is acted upon: the time itself and the delay of its day.
    pub fn acted_upon(&self, time: Timestamp) -> Timestamp {
        let day = self.table.zone().to_datetime(time).date();
        let delay = jitter::delay(&self.source.id, day, self.jitter_minutes);
        time.checked_add(delay).unwrap_or(time)
    }

    /// Names the timetable: another name is another timetable.
    pub fn name(&self) -> String {
        let zone = self.table.zone().iana_name().unwrap_or("UTC");
        format!("{} {zone}", self.table.line())
    }
}

/// The sources of a workspace that have times, in the order of `lentera.toml`.
///
/// # Errors
///
/// When a line or zone cannot be kept to; opening the workspace says so first.
pub fn plan(workspace: &Workspace) -> Result<Vec<Planned>, TimetableError> {
    let settings = &workspace.config.schedule;
    let mut planned = Vec::new();
    for source in &workspace.config.sources {
        let line = source.schedule.as_ref().or(settings.cron.as_ref());
        let Some(line) = line.filter(|line| *line != OFF) else {
            continue;
        };
        let zone = source.zone.as_ref().unwrap_or(&settings.zone);
        planned.push(Planned {
            source: source.clone(),
            table: Timetable::new(line, zone)?,
            jitter_minutes: settings.jitter_minutes,
        });
    }
    Ok(planned)
}

#[cfg(test)]
mod tests;
