//! `lentera schedule status`: how each source stands with its times.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::plan;
use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::message::{Stop, data, talk};
use crate::cli::{digest, settings};
use crate::cron;
use crate::notify::Record;
use crate::report::inert;
use crate::schedule::{LastRun, Memory, Planned, SourceStatus, status};

pub(super) fn run(global: &Global) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let plan = plan(&workspace)?;
    let memory = Memory::load(&workspace.root).map_err(|error| {
        Stop::new(Exit::Store, error)
            .hint("take the file away; each source then begins anew with its next time")
    })?;
    let statuses = status(&plan, &memory, settings::now(global));
    let told: String = statuses
        .iter()
        .map(if global.json { as_json } else { as_text })
        .collect();
    data(&if global.json { told } else { inert(&told) })?;
    if let Some(last) = Record::load(&workspace.root).filter(|_| !global.quiet) {
        digest::warn(&last);
    }
    let overdue: u64 = statuses.iter().map(|one| one.overdue).sum();
    if overdue > 0 && !global.quiet {
        talk(
            "warning: times passed and nobody ran; is `lentera schedule run` or its timer at work?",
        );
    }
    Ok(Exit::Success)
}

/// A moment on the clocks of the plan's first source.
pub(super) fn moment(at: Timestamp, plan: &[Planned]) -> String {
    let zone = plan.first().map(|one| one.table.zone().clone());
    on_clock(at, zone.unwrap_or(TimeZone::UTC))
}

fn on_clock(at: Timestamp, zone: TimeZone) -> String {
    let there = at.to_zoned_datetime(zone);
    there.strftime("%Y-%m-%d %H:%M %Z").to_string()
}

fn as_text(status: &SourceStatus) -> String {
    let zone = cron::zone(&status.zone).unwrap_or(TimeZone::UTC);
    let on_clock = |at: Timestamp| on_clock(at, zone.clone());
    let mut out = format!("{}: {} ({})\n", status.source, status.line, status.zone);
    let _ = match &status.last {
        None => writeln!(out, "  last: not yet"),
        Some(last) => {
            let detail = last
                .detail
                .as_deref()
                .map_or(String::new(), |why| format!(" ({why})"));
            let (began, how) = (on_clock(last.began), last.outcome.as_str());
            writeln!(out, "  last: {began}, ended {how}{detail}")
        }
    };
    let _ = match status.next {
        None => writeln!(out, "  next: never"),
        Some(next) => writeln!(out, "  next: {}", on_clock(next)),
    };
    if status.overdue > 0 {
        let _ = writeln!(
            out,
            "  overdue: {} times passed and nobody ran",
            status.overdue
        );
    }
    if status.missed > 0 {
        let _ = writeln!(
            out,
            "  passed without a run of their own so far: {}",
            status.missed
        );
    }
    out
}

fn as_json(status: &SourceStatus) -> String {
    let last = status.last.as_ref().map(|last: &LastRun| {
        json!({
            "run_id": last.run_id,
            "due": last.due.to_string(),
            "began": last.began.to_string(),
            "ended": last.ended.to_string(),
            "outcome": last.outcome,
            "detail": last.detail,
        })
    });
    let told = json!({
        "source": status.source,
        "cron": status.line,
        "zone": status.zone,
        "last": last,
        "next": status.next.map(|at| at.to_string()),
        "overdue": status.overdue,
        "missed": status.missed,
    });
    format!("{told}\n")
}
