//! One crawl at a time in a workspace, and one scheduler.
//!
//! The system's lock on a file tells whether somebody is at work, and is gone
//! with whoever held it, however it died. Who that is stands in a file beside it:
//! a locked file cannot be read everywhere.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::whole;

/// What only one process at a time does in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Reads sources.
    Crawl,
    /// Keeps the schedule: decides when sources are read.
    Schedule,
}

impl Work {
    /// The file that is locked; always empty, never removed.
    fn lock(self) -> &'static str {
        match self {
            Self::Crawl => "crawl.lock",
            Self::Schedule => "schedule.lock",
        }
    }

    /// The file that says who holds it.
    fn holder(self) -> &'static str {
        match self {
            Self::Crawl => "crawl.holder.json",
            Self::Schedule => "schedule.holder.json",
        }
    }

    /// What whoever holds it is called.
    fn doer(self) -> &'static str {
        match self {
            Self::Crawl => "crawl",
            Self::Schedule => "scheduler",
        }
    }
}

/// Who is at work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Process id, on its machine.
    pub pid: u32,
    /// Name of the machine.
    pub host: String,
    /// Since when, as RFC 3339.
    pub since: String,
}

/// The right to do a work in a workspace; it ends when this is dropped.
#[derive(Debug)]
pub struct Lock {
    holder: PathBuf,
    /// Whoever held it last and did not give it back.
    pub left_by: Option<Holder>,
    // Locked as long as it is open.
    _file: File,
}

/// Why a work cannot be done in a workspace now.
#[derive(Debug, Error)]
pub enum LockError {
    /// Somebody else does.
    #[error(
        "another {} is at work in `{}`{}; wait for it to end, or end it, then try again",
        .work.doer(),
        .dir.display(),
        .holder.as_ref().map_or(String::new(), |one| {
            format!(": process {} on {} since {}", one.pid, one.host, one.since)
        })
    )]
    Held {
        /// What they do.
        work: Work,
        /// The workspace.
        dir: PathBuf,
        /// Who, where that is known.
        holder: Option<Holder>,
    },
    /// The disk does not do what is asked.
    #[error("cannot lock `{}`: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Lock {
    /// Whether a work could be begun in `dir` now. Leaves no trace: who held the
    /// lock and died is still told to the next who takes it.
    ///
    /// # Errors
    ///
    /// As [`Lock::take`].
    pub fn check(dir: &Path, work: Work) -> Result<(), LockError> {
        locked(dir, work).map(drop)
    }

    /// Takes the lock of a work in the workspace `dir`, without waiting for it.
    /// One that a dead process held is free.
    ///
    /// # Errors
    ///
    /// When somebody else holds it, or the files cannot be written.
    pub fn take(dir: &Path, work: Work) -> Result<Self, LockError> {
        let file = locked(dir, work)?;
        let holder = dir.join(work.holder());
        let left_by = read(&holder);
        write(&holder, &Holder::this()).map_err(|source| LockError::Io {
            path: holder.clone(),
            source,
        })?;
        Ok(Self {
            holder,
            left_by,
            _file: file,
        })
    }
}

/// The file of a work, locked as long as it is open.
fn locked(dir: &Path, work: Work) -> Result<File, LockError> {
    let path = dir.join(work.lock());
    let failed = |source| LockError::Io {
        path: path.clone(),
        source,
    };
    let file = private().open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LockError::Held {
            work,
            dir: dir.to_owned(),
            holder: read(&dir.join(work.holder())),
        }),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What stays behind only says that somebody was here.
        let _ = std::fs::remove_file(&self.holder);
    }
}

impl Holder {
    fn this() -> Self {
        Self {
            pid: std::process::id(),
            host: host_name(),
            since: Timestamp::now().to_string(),
        }
    }
}

fn read(path: &Path) -> Option<Holder> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn write(path: &Path, holder: &Holder) -> io::Result<()> {
    whole::replace(path, |file| Ok(serde_json::to_writer(file, holder)?))
}

/// What this machine is called, for people.
pub(super) fn host_name() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    told.or_else(|| std::env::var("COMPUTERNAME").ok())
        .or_else(|| std::env::var("HOSTNAME").ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "an unnamed machine".to_owned())
}

/// Options for a file only its owner can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_is_first_and_a_dead_ones_lock_is_free() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path(), Work::Crawl).unwrap();
        assert_eq!(first.left_by, None);
        // Who keeps the schedule may crawl.
        drop(Lock::take(dir.path(), Work::Schedule).unwrap());
        assert!(Lock::check(dir.path(), Work::Crawl).is_err());
        let said = Lock::take(dir.path(), Work::Crawl).unwrap_err().to_string();
        let pid = format!("process {} on ", std::process::id());
        assert!(said.contains(&pid) && said.contains(" since 20"), "{said}");
        drop(first);
        assert!(!dir.path().join(Work::Crawl.holder()).exists());

        // As a killed process leaves it: named, and not locked.
        let gone = Holder {
            pid: 4_000_000,
            host: "meja".to_owned(),
            since: Timestamp::UNIX_EPOCH.to_string(),
        };
        write(&dir.path().join(Work::Crawl.holder()), &gone).unwrap();
        Lock::check(dir.path(), Work::Crawl).unwrap();
        let next = Lock::take(dir.path(), Work::Crawl).unwrap();
        assert_eq!(next.left_by, Some(gone));
        assert_eq!(
            read(&dir.path().join(Work::Crawl.holder())).unwrap().pid,
            std::process::id()
        );
    }
}
