//! How each source stands with its times, for people and the doctor.

use jiff::Timestamp;

use super::{LastRun, Memory, Planned};

/// One source and its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceStatus {
    /// Its id.
    pub source: String,
    /// Its cron line.
    pub line: String,
    /// IANA name of the zone of the line.
    pub zone: String,
    /// The last run; `None` before the first.
    pub last: Option<LastRun>,
    /// When it is due next, the delay included; `None` when never again.
    pub next: Option<Timestamp>,
    /// Times that should have been run by now and were not. More than none
    /// means that nobody keeps the schedule, or that a run is waiting.
    pub overdue: u64,
    /// Times that passed without a run of their own, all in all.
    pub missed: u64,
}

/// How each planned source stands.
pub fn status(plan: &[Planned], memory: &Memory, now: Timestamp) -> Vec<SourceStatus> {
    // A look changes nothing, also where nobody has kept the schedule yet.
    let mut memory = memory.clone();
    memory.meet(plan, now);
    let of = |planned: &Planned| {
        let past = memory.sources.get(&planned.source.id)?;
        let look = planned.look(past, now);
        Some(SourceStatus {
            source: planned.source.id.clone(),
            line: planned.table.line().to_owned(),
            zone: planned.table.zone().iana_name().unwrap_or("UTC").to_owned(),
            last: past.last.clone(),
            next: look.next,
            overdue: look.due.map_or(0, |due| due.late),
            missed: past.missed,
        })
    };
    plan.iter().filter_map(of).collect()
}
