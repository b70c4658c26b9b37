//! The machine: room on its disk, and its clock.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::Check;
use crate::evidence::State;
use crate::pipeline::Workspace;

/// Less room than this, in bytes, and a crawl may not end.
const TOO_LITTLE: u64 = 256 << 20;
/// Less than this is worth knowing.
const LITTLE: u64 = 2 << 30;
/// A clock may be so much behind what it wrote itself.
const SLACK: SignedDuration = SignedDuration::from_mins(5);

/// Whether there is room for another night.
pub(super) fn disk(root: &Path) -> Check {
    match room(root) {
        Some(bytes) => judge(bytes),
        None => Check::note("disk", "not checked on this system"),
    }
}

pub(super) fn judge(bytes: u64) -> Check {
    let what = format!("{} MiB are free", bytes >> 20);
    if bytes < TOO_LITTLE {
        let todo = "make room: move old backups away, or let `lentera store purge` take out what \
                    is past its time";
        Check::problem("disk", what, todo)
    } else if bytes < LITTLE {
        Check::note("disk", what)
    } else {
        Check::ok("disk", what)
    }
}

#[cfg(unix)]
fn room(root: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(root).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}

#[cfg(not(unix))]
fn room(_: &Path) -> Option<u64> {
    None
}

/// Whether the clock is behind what was written by it before.
pub(super) fn clock(workspace: &Workspace, chain: Option<&State>, now: Timestamp) -> Check {
    let entry = chain.and_then(|state| state.last.as_ref()?.parse::<Timestamp>().ok());
    let changed = workspace
        .state()
        .metadata()
        .and_then(|about| about.modified());
    let changed = changed.ok().and_then(|at| Timestamp::try_from(at).ok());
    let newest = entry.into_iter().chain(changed).max();
    match newest {
        Some(newest) if newest.duration_since(now) > SLACK => Check::problem(
            "clock",
            format!("it says {now}, and something here was written at {newest}"),
            "set the clock, and let the system keep it (NTP): times are evidence",
        ),
        _ => Check::ok(
            "clock",
            format!("{now}, behind nothing that was written here"),
        ),
    }
}
