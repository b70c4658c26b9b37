//! Posts seen, findings, runs, and what is still to be fetched: by default in
//! `state.db`, one SQLite file that an investigator can open with any tool; on
//! a PostgreSQL server when several machines crawl ([`Place`]).
//!
//! Nothing written here is deleted or overwritten by a later result: a changed
//! finding is a new revision, and one that no longer holds is marked, not
//! removed. Only what is past its time is taken out, when asked. Work is kept in groups ([`State::begin`], [`State::commit`]); a
//! group cut off by a crash leaves no trace. It refuses files and databases of
//! a newer version and those that are not its own.
//!
//! Everything here runs on both: the statements go through one narrow door,
//! `db`, and are written once.

mod addresses;
mod db;
mod error;
mod fills;
mod firsts;
mod findings;
mod leases;
mod place;
mod retention;
mod robots;
mod rounds;
mod rows;
mod runs;
mod schema;
mod stats;
mod summary;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::ErrorCode;

use crate::id::Digest;
use crate::post::Post;
use db::postgres::{Server, is_lost, said};
use db::sqlite::File;
use db::{Db, Fault, values};

pub use addresses::{Address, AddressKind, Before, NewAddress, Visited};
pub use error::StateError;
pub use fills::SourceRun;
pub use findings::{FindingFilter, FindingRow, Standing};
pub use firsts::StandingCount;
pub use leases::{Leased, Terms, Wanted};
pub use place::{Address as ServerAddress, Place};
pub use robots::RobotsRow;
pub use rounds::Round;
pub use runs::{Run, RunCounts};
pub use stats::PostCount;
pub use summary::{RunSummary, SourceSummary};

/// How long to wait for another process before saying the file is in use.
const WAIT: Duration = Duration::from_secs(5);

/// How often a server is asked within that time.
const TRIES: u32 = 50;

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

/// The open state. One process at a time writes to a file; on a server, those
/// that hold leases.
pub struct State {
    db: Db,
    /// The file, or the server and database; for messages.
    path: PathBuf,
    /// Which of the machines that share a server this is; empty for a file.
    worker: String,
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
        let open = |detail: &dyn ToString| StateError::Open {
            path: path.to_owned(),
            detail: detail.to_string(),
        };
        make_private(path).map_err(|error| open(&error))?;
        let file = File::open(path, WAIT).map_err(|error| open(&error))?;
        let state = Self {
            db: Db::File(file),
            path: path.to_owned(),
            worker: String::new(),
            group: false,
        };
        state.prepare()
    }

    /// Opens a line to a server, making the tables in its schema `lentera`
    /// when missing.
    ///
    /// # Errors
    ///
    /// When it cannot be reached, does not let us in or do this, or holds a
    /// schema `lentera` that is newer than this program or of another.
    pub fn connect(address: &ServerAddress) -> Result<Self, StateError> {
        Self::connect_as(address, "")
    }

    /// As [`State::connect`], for the one of several machines that is called
    /// `worker`: its runs and its mark in its evidence are its own.
    ///
    /// # Errors
    ///
    /// As [`State::connect`].
    pub fn connect_as(address: &ServerAddress, worker: &str) -> Result<Self, StateError> {
        let path = PathBuf::from(address.to_string());
        let name = format!("lentera {worker}");
        let server = match Server::connect(&address.called(name.trim_end())) {
            Ok(server) => server,
            Err(fault) => {
                return Err(StateError::Unreachable {
                    path,
                    detail: told(&fault),
                });
            }
        };
        let state = Self {
            db: Db::Server(server),
            path,
            worker: worker.to_owned(),
            group: false,
        };
        if !worker.is_empty() {
            state.end_left_over()?;
        }
        state.prepare()
    }

    /// Ends lines that this machine left open on the server, such as those of
    /// a killed run: what they still do must not come after what is read now.
    fn end_left_over(&self) -> Result<(), StateError> {
        let others = "FROM pg_catalog.pg_stat_activity WHERE pid <> pg_backend_pid()
                      AND datname = current_database() AND usename = current_user
                      AND application_name = current_setting('application_name')";
        let end = format!("SELECT pg_terminate_backend(pid) {others}");
        let left = format!("SELECT count(*) {others}");
        for _ in 0..TRIES {
            self.read(|db| db.rows(&end, &[]))?;
            if self.read(|db| db.one(&left, &[]))? == Some(0_i64) {
                return Ok(());
            }
            std::thread::sleep(WAIT / TRIES);
        }
        Err(StateError::Lost {
            path: self.path.clone(),
            detail: "an earlier line of this machine does not end".to_owned(),
        })
    }

    fn prepare(self) -> Result<Self, StateError> {
        let known = schema::VERSION;
        let path = self.path.clone();
        match schema::version(&self.db).map_err(|fault| self.wrap(fault))? {
            schema::Version::Ours(found) if found > known => {
                Err(StateError::TooNew { path, found, known })
            }
            schema::Version::Foreign => Err(StateError::NotOurs { path }),
            schema::Version::Ours(_) => {
                schema::upgrade(&self.db).map_err(|fault| self.wrap(fault))?;
                Ok(self)
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
            self.db.begin().map_err(|fault| self.wrap(fault))?;
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
            self.db.commit().map_err(|fault| self.wrap(fault))?;
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
        self.atomically(|db| {
            let (seen, revision) = known(db, post, ruleset)?;
            let at = at.to_string();
            if seen == Seen::Unchanged {
                db.execute(
                    "UPDATE post SET last_seen = ?3 WHERE platform = ?1 AND native_id = ?2",
                    values![key.0, key.1, at],
                )?;
            } else {
                db.execute(
                    "INSERT INTO post (platform, native_id, content, ruleset, first_seen, last_seen, revision)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)
                     ON CONFLICT (platform, native_id) DO UPDATE SET content = ?3, ruleset = ?4,
                     last_seen = ?5, revision = ?6",
                    values![key.0, key.1, &content.0, &ruleset.0, at, revision],
                )?;
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
        // A server checks its pages itself, where it is told to.
        let Db::File(_) = &self.db else {
            return Ok(());
        };
        let said: Option<String> = self
            .db
            .one("PRAGMA quick_check(1)", &[])
            .map_err(|fault| self.wrap(fault))?;
        match said.as_deref() {
            Some("ok") => Ok(()),
            other => Err(StateError::Damaged {
                path: self.path.clone(),
                detail: other.unwrap_or("it says nothing").to_owned(),
            }),
        }
    }

    /// Runs `work` in the open group, or in one of its own.
    fn atomically<T>(
        &mut self,
        work: impl FnOnce(&Db) -> Result<T, Fault>,
    ) -> Result<T, StateError> {
        let alone = !self.group;
        self.begin()?;
        let done = work(&self.db).map_err(|fault| self.wrap(fault));
        if alone && done.is_ok() {
            self.commit()?;
        } else if alone {
            self.group = false;
            if !matches!(done, Err(StateError::Lost { .. })) {
                self.db.rollback().map_err(|fault| self.wrap(fault))?;
            }
        }
        done
    }

    /// Reads something.
    fn read<T>(&self, work: impl FnOnce(&Db) -> Result<T, Fault>) -> Result<T, StateError> {
        work(&self.db).map_err(|fault| self.wrap(fault))
    }

    /// Says in our words what the database said.
    fn wrap(&self, fault: Fault) -> StateError {
        let path = self.path.clone();
        let detail = told(&fault);
        match fault {
            Fault::File(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                    StateError::Locked { path }
                }
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    StateError::Damaged { path, detail }
                }
                // A value this program did not write.
                None => StateError::Damaged { path, detail },
                Some(_) => StateError::Failed { path, detail },
            },
            Fault::Strange(detail) => StateError::Damaged { path, detail },
            Fault::Lost(detail) => StateError::Lost { path, detail },
            Fault::Undone => StateError::Failed { path, detail },
            Fault::Server(error) if is_lost(&error) => StateError::Lost { path, detail },
            Fault::Server(error) => match error.code().map(postgres::error::SqlState::code) {
                Some("42501") => StateError::Rights { path, detail },
                _ => StateError::Failed { path, detail },
            },
        }
    }
}

/// What the database said.
fn told(fault: &Fault) -> String {
    match fault {
        Fault::File(error) => error.to_string(),
        Fault::Server(error) => said(error),
        Fault::Lost(why) | Fault::Strange(why) => why.clone(),
        Fault::Undone => "an earlier statement of the group failed".to_owned(),
    }
}

/// What is known of a post, and the revision it now has.
fn known(db: &Db, post: &Post, ruleset: &Digest) -> Result<(Seen, u32), Fault> {
    let content = post.content_digest();
    let known = db.row(
        "SELECT content, ruleset, revision FROM post WHERE platform = ?1 AND native_id = ?2",
        values![&post.platform, &post.native_id],
    )?;
    let Some(known) = known else {
        return Ok((Seen::New, 1));
    };
    let (old, rules): ([u8; 32], [u8; 32]) = (known.get(0)?, known.get(1)?);
    let revision: u32 = known.get(2)?;
    Ok(if old != content.0 {
        let revision = revision + 1;
        (Seen::Changed { revision }, revision)
    } else if rules != ruleset.0 {
        (Seen::RulesChanged, revision)
    } else {
        (Seen::Unchanged, revision)
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
pub(crate) mod kit;
#[cfg(test)]
mod tests;
