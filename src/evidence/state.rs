//! How a folder stands, told from its chain alone.

use std::io;
use std::path::Path;

use super::chain::{self, Sealed};

/// How a folder stands. Nothing of it was checked; that is
/// [`verify`](super::verify())'s.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Entries of the chain.
    pub entries: u64,
    /// Runs that began.
    pub runs: u64,
    /// Runs that were killed.
    pub killed: u64,
    /// Cuts and losses those left.
    pub cuts: u64,
    /// The run that has no end yet: it is running, or was killed.
    pub open: Option<String>,
    /// WARC files that were ended.
    pub segments: u64,
    /// Records in them.
    pub records: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Records destroyed on purpose.
    pub destroyed: u64,
    /// Purges that ended.
    pub purges: u64,
    /// The purge that has no end yet: it was cut off.
    pub unfinished: Option<String>,
    /// Time-stamp requests and answers.
    pub stamps: u64,
    /// When the last entry was made, RFC 3339.
    pub last: Option<String>,
    /// `this` of the last entry.
    pub head: Option<String>,
    /// The first line of the chain that does not hold, and why.
    pub broken: Option<String>,
}

/// Tells how `dir` stands; all zeros where there is no evidence. Changes
/// nothing, and may be asked while a run is writing.
///
/// # Errors
///
/// When the chain cannot be read.
pub fn state(dir: &Path) -> io::Result<State> {
    let (told, place, broken) = chain::read(dir, |_| {})?;
    let gone = &told.gone;
    let there = told.sealed.iter();
    let sealed = there.filter(|one| !gone.is_whole(&one.segment));
    let left = |one: &Sealed| {
        one.records
            .saturating_sub(gone.of(&one.segment).map_or(0, |of| of.records))
    };
    Ok(State {
        entries: place.seq,
        runs: told.runs,
        killed: told.killed,
        cuts: told.cuts,
        open: told.open.as_ref().map(|began| began.run.clone()),
        segments: sealed.clone().count() as u64,
        records: sealed.clone().map(left).sum(),
        bytes: sealed.map(|one| one.bytes).sum(),
        destroyed: gone.iter().map(|(_, of)| of.records).sum(),
        purges: gone.purges,
        unfinished: gone.open.as_ref().map(|open| open.start.purge.clone()),
        stamps: told.stamps.len() as u64,
        last: told.last.clone(),
        head: (place.seq > 0).then_some(place.this),
        broken: broken.map(|one| format!("{}, byte {}: {}", chain::FILE, one.offset, one.why)),
    })
}
