//! What can go wrong with the state, and what to do about it.
//!
//! Messages name the file, or the server and database, and never contents or
//! passwords.

use std::path::PathBuf;

/// Why the state could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The file cannot be created or opened.
    #[error("cannot open {path}: {detail}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// Another process holds it.
    #[error("{path} is in use by another run; wait for it to end, then try again")]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// It is not a sound database.
    #[error(
        "{path} is damaged or not a state file ({detail}); restore a backup, or move it away to begin anew"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        detail: String,
    },
    /// The address of a server that cannot be one.
    #[error(
        "the address of the store cannot be used: {detail}; write it as postgres://USER@HOST/DATABASE"
    )]
    Address {
        /// What is wrong with it.
        detail: String,
    },
    /// The server does not answer, or does not let us in.
    #[error("cannot use {path}: {detail}")]
    Unreachable {
        /// The server and database.
        path: PathBuf,
        /// What the server or the system said.
        detail: String,
    },
    /// The server does not let us do this.
    #[error(
        "{path} does not allow it: {detail}; ask whoever keeps the server for the right to use the schema `lentera` and create tables in it"
    )]
    Rights {
        /// The server and database.
        path: PathBuf,
        /// What the server said.
        detail: String,
    },
    /// The line to the server is gone. Nothing of the open group was kept,
    /// or all of it: nobody knows.
    #[error("the line to {path} was lost: {detail}")]
    Lost {
        /// The server and database.
        path: PathBuf,
        /// What the server or the system said.
        detail: String,
    },
    /// The machines that share the server have different keys.
    #[error(
        "{path} is used with another key for contacts; copy `keys/hmac.key` from a machine that crawls into it already"
    )]
    OtherKey {
        /// The server and database.
        path: PathBuf,
    },
    /// It was written by a newer program.
    #[error("{path} has version {found}; this program knows up to {known}: use a newer lentera")]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// It is a database of another program.
    #[error("{path} is a database of another program; name another file")]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Several findings begin with these characters.
    #[error("`{prefix}` could be {}; write more of it", .candidates.join(", "))]
    Ambiguous {
        /// As asked.
        prefix: String,
        /// Ids it could be, sorted; at most ten.
        candidates: Vec<String>,
    },
    /// A finding's revision must be newer than the one kept.
    #[error("finding {id} already has revision {newest}; revision {given} is not newer")]
    NotNewer {
        /// The finding.
        id: String,
        /// The newest revision kept.
        newest: u32,
        /// The revision given.
        given: u32,
    },
    /// No run of this id was begun.
    #[error("no run {0} was begun")]
    NoSuchRun(String),
    /// Anything else, such as a full disk. The group was not kept.
    #[error("cannot write {path}: {detail}")]
    Failed {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        detail: String,
    },
}
