//! How much a workspace holds, and how old it is.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use super::{UpkeepError, entries};
use crate::evidence;
use crate::level::{Level, Route};
use crate::pipeline::Workspace;
use crate::store::state::{PostCount, Run, Standing};

/// Findings of one route and level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Findings that hold.
    pub current: u64,
    /// Revisions that a newer one took the place of.
    pub superseded: u64,
    /// Findings whose post is no longer flagged.
    pub cleared: u64,
    /// Bytes of their records.
    pub bytes: u64,
    /// When the oldest revision was written.
    pub oldest: Timestamp,
    /// When the newest was.
    pub newest: Timestamp,
}

/// What a workspace holds.
#[derive(Clone, Debug)]
pub struct Stats {
    /// Findings by route and level.
    pub findings: BTreeMap<(Route, Level), Kept>,
    /// Posts that are known, by platform.
    pub posts: Vec<PostCount>,
    /// Addresses that are known.
    pub addresses: u64,
    /// Runs, newest first.
    pub runs: Vec<Run>,
    /// The evidence, as its chain tells.
    pub evidence: evidence::State,
    /// Files and bytes of the store, of `findings/`, `evidence/`, `sources/`.
    pub files: Vec<(&'static str, u64, u64)>,
}

/// Counts what a workspace holds. Checks nothing.
///
/// # Errors
///
/// When something cannot be read.
pub fn stats(workspace: &Workspace) -> Result<Stats, UpkeepError> {
    let state = workspace.open_state()?;
    let mut findings: BTreeMap<(Route, Level), Kept> = BTreeMap::new();
    state.each_finding(|row, standing| {
        let kept = findings.entry((row.route, row.level)).or_insert(Kept {
            current: 0,
            superseded: 0,
            cleared: 0,
            bytes: 0,
            oldest: row.scanned_at,
            newest: row.scanned_at,
        });
        match standing {
            Standing::Current => kept.current += 1,
            Standing::Superseded => kept.superseded += 1,
            Standing::Cleared => kept.cleared += 1,
        }
        kept.bytes += row.json.len() as u64;
        kept.oldest = row.scanned_at.min(kept.oldest);
        kept.newest = row.scanned_at.max(kept.newest);
    })?;
    let dir = workspace.evidence();
    let mut files = vec![("state.db", 0, 0)];
    for path in entries(&workspace.root)? {
        if super::name(&path).starts_with("state.db") {
            files[0].1 += 1;
            files[0].2 += path.metadata().map_or(0, |about| about.len());
        }
    }
    for (name, path) in [
        ("findings/", workspace.findings()),
        ("evidence/", dir.clone()),
        ("sources/", workspace.root.join("sources")),
    ] {
        let (n, bytes) = size(&path)?;
        files.push((name, n, bytes));
    }
    Ok(Stats {
        findings,
        posts: state.post_counts()?,
        addresses: state.address_count()?,
        runs: state.runs()?,
        evidence: evidence::state(&dir).map_err(UpkeepError::evidence(&dir))?,
        files,
    })
}

/// Files below a folder, and their bytes. Links are not followed.
fn size(dir: &Path) -> Result<(u64, u64), UpkeepError> {
    let (mut files, mut bytes) = (0, 0);
    for path in entries(dir)? {
        let about = path.symlink_metadata().map_err(UpkeepError::io(&path))?;
        if about.is_dir() {
            let (n, more) = size(&path)?;
            files += n;
            bytes += more;
        } else {
            files += 1;
            bytes += about.len();
        }
    }
    Ok((files, bytes))
}
