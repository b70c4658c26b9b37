//! `state.db`: posts seen, findings, runs. One SQLite file that an
//! investigator can open with any tool.
//!
//! Nothing written here is ever deleted or overwritten by a later result: a
//! changed finding is a new revision, and one that no longer holds is marked,
//! not removed. Work is kept in groups ([`State::begin`], [`State::commit`]); a
//! group cut off by a crash leaves no trace. It refuses files of a newer
//! version and files that are not its own.

mod addresses;
mod error;
mod fills;
mod findings;
mod rounds;
mod rows;
mod runs;
mod schema;
mod summary;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};

use crate::id::Digest;
use crate::post::Post;

pub use addresses::{Address, AddressKind, Before, NewAddress, Visited};
pub use error::StateError;
pub use fills::SourceRun;
pub use findings::{FindingFilter, FindingRow, Standing};
pub use rounds::Round;
pub use runs::{Run, RunCounts};
pub use summary::{RunSummary, SourceSummary};

/// How long to wait for another process before saying the file is in use.
const WAIT: Duration = Duration::from_secs(5);

/// What is known of a post when it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Never seen before; its revision is 1.
    New,
    /// Seen, and it now reads differently.
    Changed {
        /// Its new revision, 2 or more.
        revision: u32,
    },
    /// Seen and the same, but judged by other rules.
    RulesChanged,
    /// Seen, the same, by the same rules.
    Unchanged,
}

/// An open state file. One process writes at a time.
pub struct State {
    connection: Connection,
    path: PathBuf,
    /// Whether a group was begun and not yet kept.
    group: bool,
}

impl State {
    /// Opens the file, making it (readable by its owner only) when missing.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is in use, damaged, newer than this program,
    /// or of another program.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let path = path.to_owned();
        let open = |detail: &dyn ToString| StateError::Open {
            path: path.clone(),
            detail: detail.to_string(),
        };
        make_private(&path).map_err(|error| open(&error))?;
        let connection = Connection::open(&path).map_err(|error| open(&error))?;
        let mut state = Self {
            connection,
            path,
            group: false,
        };
        state.prepare()?;
        Ok(state)
    }

    fn prepare(&mut self) -> Result<(), StateError> {
        let set = |connection: &Connection| {
            connection.busy_timeout(WAIT)?;
            schema::version(connection)
        };
        match set(&self.connection).map_err(|error| self.wrap(&error))? {
            schema::Version::Ours(found) if found > schema::VERSION => Err(StateError::TooNew {
                path: self.path.clone(),
                found,
                known: schema::VERSION,
            }),
            schema::Version::Foreign => Err(StateError::NotOurs {
                path: self.path.clone(),
            }),
            schema::Version::Ours(_) => {
                schema::upgrade(&mut self.connection).map_err(|error| self.wrap(&error))
            }
        }
    }

    /// Begins a group: what follows is kept all at once by [`State::commit`],
    /// or not at all. Does nothing inside a group.
    ///
    /// # Errors
    ///
    /// When another process is writing.
    pub fn begin(&mut self) -> Result<(), StateError> {
        if !self.group {
            self.batch("BEGIN IMMEDIATE")?;
            self.group = true;
        }
        Ok(())
    }

    /// Keeps the group: on return it is on disk. Does nothing outside a group.
    ///
    /// # Errors
    ///
    /// When the disk refuses, now or earlier in the group; nothing of the
    /// group was kept, and the run should end, not try again.
    pub fn commit(&mut self) -> Result<(), StateError> {
        if std::mem::take(&mut self.group) {
            // Fails too when SQLite already undid the group on an error.
            self.batch("COMMIT")?;
        }
        Ok(())
    }

    /// Notes that a post was seen at `at` and judged by `ruleset`, and says
    /// what was known of it. Posts are told apart by platform and native id.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written.
    pub fn see(
        &mut self,
        post: &Post,
        ruleset: &Digest,
        at: Timestamp,
    ) -> Result<Seen, StateError> {
        let content = post.content_digest();
        let key = (&post.platform, &post.native_id);
        self.atomically(|connection| {
            let (seen, revision) = known(connection, post, ruleset)?;
            let at = at.to_string();
            if seen == Seen::Unchanged {
                connection
                    .prepare("UPDATE post SET last_seen = ?3 WHERE platform = ?1 AND native_id = ?2")?
                    .execute(params![key.0, key.1, at])?;
            } else {
                connection
                    .prepare(
                        "INSERT INTO post (platform, native_id, content, ruleset, first_seen, last_seen, revision)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)
                         ON CONFLICT DO UPDATE SET content = ?3, ruleset = ?4, last_seen = ?5, revision = ?6",
                    )?
                    .execute(params![key.0, key.1, content.0, ruleset.0, at, revision])?;
            }
            Ok(seen)
        })
    }

    /// Reads the whole file and says whether it is sound.
    ///
    /// # Errors
    ///
    /// [`StateError::Damaged`] with the first fault found.
    pub fn check(&self) -> Result<(), StateError> {
        let said: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|error| self.wrap(&error))?;
        if said == "ok" {
            return Ok(());
        }
        Err(StateError::Damaged {
            path: self.path.clone(),
            detail: said,
        })
    }

    /// Runs `work` in the open group, or in one of its own.
    fn atomically<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StateError> {
        let alone = !self.group;
        self.begin()?;
        let done = work(&self.connection).map_err(|error| self.wrap(&error));
        if alone && done.is_ok() {
            self.commit()?;
        } else if alone {
            self.group = false;
            if !self.connection.is_autocommit() {
                self.batch("ROLLBACK")?;
            }
        }
        done
    }

    fn batch(&self, sql: &str) -> Result<(), StateError> {
        self.connection
            .execute_batch(sql)
            .map_err(|error| self.wrap(&error))
    }

    /// Says in our words what SQLite said.
    fn wrap(&self, error: &rusqlite::Error) -> StateError {
        let path = self.path.clone();
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StateError::Locked { path }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StateError::Damaged { path, detail }
            }
            // A value this program did not write.
            None => StateError::Damaged { path, detail },
            Some(_) => StateError::Failed { path, detail },
        }
    }
}

/// What is known of a post, and the revision it now has.
fn known(connection: &Connection, post: &Post, ruleset: &Digest) -> rusqlite::Result<(Seen, u32)> {
    let content = post.content_digest();
    let known = connection
        .prepare(
            "SELECT content, ruleset, revision FROM post WHERE platform = ?1 AND native_id = ?2",
        )?
        .query_row((&post.platform, &post.native_id), |row| {
            Ok((
                row.get::<_, [u8; 32]>(0)?,
                row.get::<_, [u8; 32]>(1)?,
                row.get::<_, u32>(2)?,
            ))
        })
        .optional()?;
    Ok(match known {
        None => (Seen::New, 1),
        Some((old, _, revision)) if old != content.0 => {
            let revision = revision + 1;
            (Seen::Changed { revision }, revision)
        }
        Some((_, old, revision)) if old != ruleset.0 => (Seen::RulesChanged, revision),
        Some((_, _, revision)) => (Seen::Unchanged, revision),
    })
}

/// Makes the file before SQLite does, so that no other user can read it; its
/// companions (`-wal`, `-shm`) take its permissions.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let file = options.mode(0o600).open(path)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests;
