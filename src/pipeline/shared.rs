//! Where a workspace keeps its state: in its own file, or on a server that
//! several machines share.

use std::fmt::{self, Write as _};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::lock::host_name;
use super::{Workspace, WorkspaceError, whole};
use crate::store::state::{Place, State, StateError};

/// Name of the file that tells machines apart.
const WORKER: &str = "worker.json";

/// `[store]`: where the state is kept.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sharing {
    /// A PostgreSQL server and database, such as
    /// `postgres://crawler@db.example/lentera`; without it, `state.db`.
    pub url: Option<String>,
    /// Seconds after which another machine may take over from one that fell
    /// silent.
    pub lease_s: u64,
    /// Longest time in seconds that a crawl waits for a server that went away.
    pub patience_s: u64,
    /// The password, when the address holds none. Never read from the file.
    #[serde(skip)]
    pub password: Option<String>,
}

impl Default for Sharing {
    fn default() -> Self {
        Self {
            url: None,
            lease_s: 60,
            patience_s: 600,
            password: None,
        }
    }
}

/// Which of several machines a workspace is. A copy of it elsewhere is another
/// one.
#[derive(Deserialize, Serialize)]
struct Worker {
    id: String,
    host: String,
    dir: String,
}

impl fmt::Debug for Sharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        let url = self.url.as_ref().map(|_| "…");
        f.debug_struct("Sharing")
            .field("url", &url)
            .finish_non_exhaustive()
    }
}

impl Workspace {
    /// Where its state is kept.
    ///
    /// # Errors
    ///
    /// When the address of the server cannot be one.
    pub fn place(&self) -> Result<Place, StateError> {
        let store = &self.config.store;
        match &store.url {
            Some(url) => Place::server(url, store.password.as_deref()),
            None => Ok(Place::File(self.state())),
        }
    }

    /// Its name among the machines that share a server: eight hexadecimal
    /// digits, made up once.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written.
    pub fn worker(&self) -> Result<String, WorkspaceError> {
        let path = self.root.join(WORKER);
        worker(&self.root, &path).map_err(|source| WorkspaceError::Io { path, source })
    }

    /// Opens its state: the one way in for every command.
    ///
    /// # Errors
    ///
    /// As [`Place::open`].
    pub fn open_state(&self) -> Result<State, StateError> {
        self.place()?.open()
    }
}

fn worker(root: &Path, path: &Path) -> io::Result<String> {
    let (host, dir) = (host_name(), root.canonicalize()?);
    let dir = dir.to_string_lossy().into_owned();
    let known = std::fs::read(path).ok();
    let known = known.and_then(|bytes| serde_json::from_slice::<Worker>(&bytes).ok());
    if let Some(known) = known
        && (&known.host, &known.dir) == (&host, &dir)
    {
        return Ok(known.id);
    }
    let mut bytes = [0_u8; 4];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let mut id = String::new();
    for byte in bytes {
        let _ = write!(id, "{byte:02x}");
    }
    let one = Worker { id, host, dir };
    whole::replace(path, |file| {
        serde_json::to_writer(&mut *file, &one)?;
        file.as_file().sync_all()
    })?;
    Ok(one.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_keeps_its_name_and_a_copy_of_it_gets_another() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let of = |dir: &tempfile::TempDir| worker(dir.path(), &dir.path().join(WORKER)).unwrap();
        let name = of(&one);
        assert_eq!((name.len(), of(&one)), (8, name.clone()));
        let copy = other.path().join(WORKER);
        std::fs::copy(one.path().join(WORKER), copy).unwrap();
        assert_ne!(of(&other), name);
    }
}
