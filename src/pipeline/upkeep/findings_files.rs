//! The files of `findings/` without what was taken out of the store.
//!
//! They are written from the store, so nothing is lost with a line that goes.
//! A line of a finding that the store does not know, such as of `scan -o`, is
//! judged by its own level, route and time.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;

use super::retention::Retention;
use super::{UpkeepError, entries, name};
use crate::level::{Level, Route};

/// What says which lines go.
pub(super) struct Gone<'g> {
    /// Findings that were taken out.
    pub(super) ids: BTreeSet<String>,
    /// Findings that stay.
    pub(super) stay: &'g BTreeSet<String>,
    /// For those that are neither.
    pub(super) retention: &'g Retention,
    pub(super) now: Timestamp,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    assessment: Assessment,
    provenance: Provenance,
}

#[derive(Deserialize)]
struct Assessment {
    level: String,
    route: String,
}

#[derive(Deserialize)]
struct Provenance {
    scanned_at: String,
}

impl Gone<'_> {
    fn takes(&self, line: &[u8]) -> bool {
        // What is no finding is not ours to judge.
        let Ok(line) = serde_json::from_slice::<Line>(line) else {
            return false;
        };
        if self.ids.contains(&line.id) {
            return true;
        }
        if self.stay.contains(&line.id) || self.retention.hold.contains(&line.id) {
            return false;
        }
        let route = Route::parse(&line.assessment.route);
        let level = Level::parse(&line.assessment.level);
        let at: Option<Timestamp> = line.provenance.scanned_at.parse().ok();
        let (Some(route), Some(level), Some(at)) = (route, level, at) else {
            return false;
        };
        let limit = self
            .retention
            .limit(Retention::rule(route, level), self.now);
        limit.is_some_and(|(before, _)| at <= before)
    }
}

/// Takes lines out of every file of `dir`; a file without a line left goes.
/// How many lines that were.
pub(super) fn clean(dir: &Path, gone: &Gone<'_>) -> Result<u64, UpkeepError> {
    let mut n = 0;
    for path in entries(dir)? {
        let is_file_of_findings = name(&path).ends_with(".jsonl");
        // What a killed run was writing; its findings are in the store.
        let is_torn = name(&path).starts_with(".findings-") && is_old(&path, gone.now);
        if is_torn {
            std::fs::remove_file(&path).map_err(UpkeepError::io(&path))?;
        } else if is_file_of_findings {
            n += clean_file(dir, &path, gone).map_err(UpkeepError::io(&path))?;
        }
    }
    Ok(n)
}

/// Whether nobody can be writing a file any longer.
fn is_old(path: &Path, now: Timestamp) -> bool {
    let changed = path.metadata().and_then(|about| about.modified());
    let changed = changed.ok().and_then(|at| Timestamp::try_from(at).ok());
    changed.is_some_and(|at| now.duration_since(at).as_hours() >= 24)
}

fn clean_file(dir: &Path, path: &Path, gone: &Gone<'_>) -> std::io::Result<u64> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut new = tempfile::Builder::new()
        .prefix(".findings-")
        .suffix(".tmp")
        .tempfile_in(dir)?;
    let (mut line, mut taken, mut kept) = (Vec::new(), 0, 0_u64);
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if gone.takes(&line) {
            taken += 1;
        } else {
            kept += 1;
            new.write_all(&line)?;
        }
    }
    if taken == 0 {
        return Ok(0);
    }
    if kept == 0 {
        std::fs::remove_file(path)?;
    } else {
        new.as_file().sync_all()?;
        new.persist(path)?;
    }
    if cfg!(unix) {
        File::open(dir)?.sync_all()?;
    }
    Ok(taken)
}
