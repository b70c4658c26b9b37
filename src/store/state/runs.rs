//! Runs: when Lentera ran and how much it read. No text of posts.

use jiff::Timestamp;

use super::db::{Fault, Row, values};
use super::rows::{time, word};
use super::{RunSummary, State, StateError};

/// How much one run read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunCounts {
    /// Posts read.
    pub posts: u64,
    /// Posts never seen before.
    pub new: u64,
    /// Posts that read differently than before.
    pub changed: u64,
    /// Posts judged anew because the rules changed.
    pub rules_changed: u64,
    /// Posts passed over as already judged.
    pub unchanged: u64,
    /// Findings written.
    pub findings: u64,
    /// Inputs not processed.
    pub skips: u64,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// What was asked, such as `scan`.
    pub command: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When and with what it ended; `None` when it still runs or was cut off.
    pub ended: Option<(Timestamp, RunCounts)>,
    /// What it tells about itself; older programs kept none.
    pub summary: Option<RunSummary>,
}

impl State {
    /// Notes that a run begins.
    ///
    /// # Errors
    ///
    /// When a run of this id exists, or the file cannot be written.
    pub fn begin_run(&mut self, id: &str, command: &str, at: Timestamp) -> Result<(), StateError> {
        let worker = self.worker.clone();
        self.atomically(|db| {
            db.execute(
                "INSERT INTO run (id, command, started_at, worker) VALUES (?1, ?2, ?3, ?4)",
                values![id, command, at.to_string(), worker],
            )
        })
        .map(drop)
    }

    /// Notes how much a run has read so far, for when it is cut off.
    ///
    /// # Errors
    ///
    /// When no such run was begun, or the file cannot be written.
    pub fn keep_counts(&mut self, id: &str, counts: &RunCounts) -> Result<(), StateError> {
        self.put_run(id, counts, None)
    }

    /// The runs of a command that neither ended nor still run: whoever asks
    /// must hold the lock that keeps others from running. Those of other
    /// machines are theirs. Oldest first, with what they had read.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn cut_off_runs(&self, command: &str) -> Result<Vec<(String, RunCounts)>, StateError> {
        self.read(|db| {
            let rows = db.rows(
                "SELECT id, posts, new, changed, rules_changed, unchanged, findings, skips FROM run
                 WHERE command = ?1 AND worker = ?2 AND ended_at IS NULL ORDER BY started_at, id",
                values![command, &self.worker],
            )?;
            let cut_off = |row: &Row| Ok((row.get(0)?, counts(row, 1)?));
            rows.iter().map(cut_off).collect()
        })
    }

    /// Notes that a run has ended.
    ///
    /// # Errors
    ///
    /// [`StateError::NoSuchRun`] when it was not begun; or when the file
    /// cannot be written.
    pub fn end_run(
        &mut self,
        id: &str,
        counts: &RunCounts,
        at: Timestamp,
    ) -> Result<(), StateError> {
        self.put_run(id, counts, Some(at))
    }

    fn put_run(
        &mut self,
        id: &str,
        counts: &RunCounts,
        ended_at: Option<Timestamp>,
    ) -> Result<(), StateError> {
        let found = self.atomically(|db| {
            db.execute(
                "UPDATE run SET ended_at = ?2, posts = ?3, new = ?4, changed = ?5,
                 rules_changed = ?6, unchanged = ?7, findings = ?8, skips = ?9 WHERE id = ?1",
                values![
                    id,
                    ended_at.map(|at| at.to_string()),
                    counts.posts,
                    counts.new,
                    counts.changed,
                    counts.rules_changed,
                    counts.unchanged,
                    counts.findings,
                    counts.skips,
                ],
            )
        })?;
        if found == 0 {
            return Err(StateError::NoSuchRun(id.to_owned()));
        }
        Ok(())
    }

    /// One run; `None` where none of this id was begun.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn run(&self, id: &str) -> Result<Option<Run>, StateError> {
        self.read(|db| {
            let row = db.row(&format!("SELECT {RUN} FROM run WHERE id = ?1"), values![id])?;
            row.as_ref().map(run).transpose()
        })
    }

    /// Every run, newest first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>, StateError> {
        let mut runs: Vec<Run> = self.read(|db| {
            let rows = db.rows(&format!("SELECT {RUN} FROM run ORDER BY id"), &[])?;
            rows.iter().map(run).collect()
        })?;
        // By instant, not by text: "…00Z" and "…00.5Z" sort differently.
        runs.sort_by_key(|run| std::cmp::Reverse(run.started_at));
        Ok(runs)
    }
}

/// The columns [`run`] reads, in its order.
const RUN: &str = "id, command, started_at, ended_at, posts, new, changed, rules_changed, \
                   unchanged, findings, skips, summary";

fn run(row: &Row) -> Result<Run, Fault> {
    let mut ended = None;
    if row.get::<Option<String>>(3)?.is_some() {
        ended = Some((time(row, 3)?, counts(row, 4)?));
    }
    let summary: Option<String> = row.get(11)?;
    let summary = match summary {
        Some(_) => Some(word(row, 11, |text| serde_json::from_str(text).ok())?),
        None => None,
    };
    Ok(Run {
        id: row.get(0)?,
        command: row.get(1)?,
        started_at: time(row, 2)?,
        ended,
        summary,
    })
}

/// The counts that begin at a column. A run that was cut off may have none.
fn counts(row: &Row, first: usize) -> Result<RunCounts, Fault> {
    let count = |n: usize| {
        let count: Option<u64> = row.get(first + n)?;
        Ok::<u64, Fault>(count.unwrap_or(0))
    };
    Ok(RunCounts {
        posts: count(0)?,
        new: count(1)?,
        changed: count(2)?,
        rules_changed: count(3)?,
        unchanged: count(4)?,
        findings: count(5)?,
        skips: count(6)?,
    })
}
