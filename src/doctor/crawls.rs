//! Whether crawls happen, end, and find what can be believed.

use jiff::Timestamp;

use super::Check;
use crate::notify::Record;
use crate::pipeline::{Lock, Work, Workspace};
use crate::schedule::{self, Memory};
use crate::store::state::{Run, RunSummary, SourceRun, State, StateError};

/// Runs in which a source that gave nothing is no longer a quiet one.
const QUIET: usize = 3;
/// Days after which a workspace with sources was forgotten.
const FORGOTTEN: i64 = 7;

/// Whether somebody crawls, and whether somebody died at it.
pub(super) fn lock(workspace: &Workspace) -> Check {
    let held = Lock::check(&workspace.root, Work::Crawl);
    let is_left = workspace.root.join("crawl.holder.json").exists();
    match held {
        Err(error) => Check::note("lock", error.to_string()),
        Ok(()) if is_left => Check::note(
            "lock",
            "whoever crawled last did not end by itself; the next crawl goes on where it was",
        ),
        Ok(()) => Check::ok("lock", "nobody is at work"),
    }
}

/// When the last crawl was, how it ended, and whether what it says of itself
/// can be believed.
pub(super) fn last(workspace: &Workspace, state: &State, now: Timestamp) -> Vec<Check> {
    const NAME: &str = "last crawl";
    let runs = match state.runs() {
        Ok(runs) => runs,
        Err(error) => return vec![unreadable(NAME, &error)],
    };
    let Some(run) = runs.iter().find(|run| run.command == "crawl") else {
        return vec![Check::note(NAME, "there was none yet: `lentera crawl`")];
    };
    let is_free = Lock::check(&workspace.root, Work::Crawl).is_ok();
    let Some((ended, counts)) = &run.ended else {
        let what = format!("{} began at {} and has no end", run.id, run.started_at);
        return vec![if is_free {
            Check::problem(NAME, what, "run `lentera crawl`: it goes on where it was")
        } else {
            Check::note(NAME, what)
        }];
    };
    let days = now.duration_since(*ended).as_hours() / 24;
    let what = format!(
        "{} ended at {ended}: {} posts, {} new, {} findings",
        run.id, counts.posts, counts.new, counts.findings
    );
    let when = if days >= FORGOTTEN && !workspace.config.sources.is_empty() {
        let what = format!("{what}; that is {days} days ago");
        Check::problem(
            NAME,
            what,
            "run `lentera crawl`, or see `lentera schedule status`",
        )
    } else {
        Check::ok(NAME, what)
    };
    vec![when, believable(run)]
}

/// Whether a run that found little can have found little.
fn believable(run: &Run) -> Check {
    const NAME: &str = "believable";
    let counts = run.ended.as_ref().map(|(_, counts)| *counts);
    let (Some(summary), Some(counts)) = (&run.summary, counts) else {
        return Check::note(NAME, "the last run tells nothing about itself");
    };
    let read = told(summary);
    let (posts, known) = (summary.posts(), summary.known() + summary.unchanged());
    let failed: Vec<String> = summary
        .sources
        .iter()
        .filter_map(|one| Some(format!("{}: {}", one.id, one.failure.as_ref()?)))
        .collect();
    if !failed.is_empty() {
        let what = format!("sources ended early: {}", failed.join("; "));
        return Check::problem(NAME, what, "see that each can be reached, then crawl again");
    }
    if summary.indicators == 0 {
        let todo = "see `lentera rules check`: without rules nothing is ever found";
        return Check::problem(NAME, "it judged with no rules", todo);
    }
    if posts + counts.posts + known == 0 && !summary.interrupted {
        let what = format!("it read no post, and met none that was known ({read})");
        return Check::problem(
            NAME,
            what,
            "see the sources below, and `lentera sources test ID` for each",
        );
    }
    Check::ok(NAME, format!("{} findings: {read}", counts.findings))
}

fn told(summary: &RunSummary) -> String {
    format!(
        "{} pages fetched, {} posts read, {} known and not fetched, {} indicators loaded",
        summary.pages(),
        summary.posts(),
        summary.known(),
        summary.indicators
    )
}

fn unreadable(name: &'static str, error: &StateError) -> Check {
    let todo = "see `lentera store verify`";
    Check::problem(name, error.to_string(), todo)
}

/// Sources that no longer give what they used to.
pub(super) fn sources(workspace: &Workspace, state: &State) -> Vec<Check> {
    const NAME: &str = "sources";
    let all = &workspace.config.sources;
    if all.is_empty() {
        return vec![Check::note(NAME, "lentera.toml describes none")];
    }
    let mut checks = Vec::new();
    for source in all {
        match state.source_runs(&source.id, QUIET) {
            Ok(runs) => checks.extend(of_source(&source.id, &runs)),
            Err(error) => checks.push(unreadable(NAME, &error)),
        }
    }
    if checks.is_empty() {
        let what = format!("{} give what they used to", all.len());
        checks.push(Check::ok(NAME, what));
    }
    checks
}

pub(super) fn of_source(id: &str, runs: &[SourceRun]) -> Option<Check> {
    let repair = format!(
        "look at the site and at sources/{id}/drift-*, repair its description, and try it with \
         `lentera sources test {id}`"
    );
    let newest = runs.first()?;
    if !newest.alarms.is_empty() {
        let what = format!("{id} is in drift: {}", newest.alarms.join("; "));
        return Some(Check::problem("sources", what, repair));
    }
    let is_silent = runs.len() == QUIET && runs.iter().all(|run| run.posts == 0 && run.unread > 0);
    if is_silent {
        let what = format!("{id} gave pages and no post in its last {QUIET} runs");
        return Some(Check::problem("sources", what, repair));
    }
    None
}

/// Whether sources are read at their times.
pub(super) fn schedule(workspace: &Workspace, now: Timestamp) -> Vec<Check> {
    const NAME: &str = "schedule";
    let plan = match schedule::plan(workspace) {
        Ok(plan) if plan.is_empty() => {
            return vec![Check::note(
                NAME,
                "no source has times; it crawls when told",
            )];
        }
        Ok(plan) => plan,
        Err(error) => return vec![Check::problem(NAME, error.to_string(), error.help())],
    };
    let memory = match Memory::load(&workspace.root) {
        Ok(memory) => memory,
        Err(error) => {
            let todo = "take the file away: each source begins anew with its next time";
            return vec![Check::problem(NAME, error.to_string(), todo)];
        }
    };
    let statuses = schedule::status(&plan, &memory, now);
    let late: Vec<String> = statuses
        .iter()
        .filter(|one| one.overdue > 0)
        .map(|one| format!("{} ({} times)", one.source, one.overdue))
        .collect();
    if !late.is_empty() {
        return vec![Check::problem(
            NAME,
            format!("times passed and nobody ran: {}", late.join(", ")),
            "start `lentera schedule run`, or `lentera schedule install`",
        )];
    }
    let next = statuses.iter().filter_map(|one| one.next).min();
    let missed: u64 = statuses.iter().map(|one| one.missed).sum();
    let next = next.map_or("never".to_owned(), |next| next.to_string());
    let what = format!("next at {next}; {missed} times were made good by a later run");
    vec![Check::ok(NAME, what)]
}

/// Whether the last digest arrived.
pub(super) fn digest(workspace: &Workspace) -> Check {
    const NAME: &str = "digest";
    if workspace.config.digest.is_silent() {
        return Check::note(NAME, "nobody is told what a run found");
    }
    let Some(record) = Record::load(&workspace.root) else {
        return Check::note(NAME, "none was sent yet");
    };
    let failed: Vec<String> = record
        .failed()
        .map(|(delivery, why)| format!("{}: {why}", delivery.way.as_str()))
        .collect();
    if failed.is_empty() {
        return Check::ok(NAME, format!("that of {} arrived", record.run_id));
    }
    Check::problem(
        NAME,
        format!(
            "that of {} did not arrive by {}",
            record.run_id,
            failed.join("; ")
        ),
        "see `[digest]` of lentera.toml; what was not told is in the next one",
    )
}
