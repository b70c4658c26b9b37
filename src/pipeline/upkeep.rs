//! What keeps a workspace well: what is in it, whether it holds, what is past
//! its time, a copy of it elsewhere.

mod backup;
mod findings_files;
mod plan;
mod purge;
mod restore;
mod retention;
mod stats;
mod verify;

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

pub use backup::{BackedUp, BackupManifest, Readers, backup};
pub use plan::{DueFinding, Plan};
pub use purge::{Asked, Purge};
pub use restore::{Opener, RestoreError, restore};
pub use retention::Retention;
pub use stats::{Kept, Stats, stats};
pub use verify::{Verified, verify};

use super::LockError;
use crate::store::state::StateError;

/// Why a workspace could not be looked after.
#[derive(Debug, Error)]
pub enum UpkeepError {
    /// A crawl is at work.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The store.
    #[error(transparent)]
    State(#[from] StateError),
    /// The store is kept on a server.
    #[error("the store is kept on a PostgreSQL server, which a copy of this folder does not hold")]
    OnServer,
    /// The evidence.
    #[error("`{}`: {source}", .dir.display())]
    Evidence {
        /// The folder.
        dir: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// A finding of the store does not read back.
    #[error("the finding {id}, revision {revision}, cannot be read: {why}")]
    Record {
        /// Its id.
        id: String,
        /// Its revision.
        revision: u32,
        /// What is wrong.
        why: String,
    },
    /// The disk does not do what is asked.
    #[error("cannot use `{}`: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl UpkeepError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    fn evidence(dir: &Path) -> impl FnOnce(io::Error) -> Self {
        let dir = dir.to_owned();
        move |source| Self::Evidence { dir, source }
    }
}

/// The entries of a folder, sorted by name; none where there is no folder.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, UpkeepError> {
    let found = match dir.read_dir() {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(UpkeepError::io(dir)(error)),
    };
    let mut paths = found
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()
        .map_err(UpkeepError::io(dir))?;
    paths.sort();
    Ok(paths)
}

/// The name of a file or folder, for people.
fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
