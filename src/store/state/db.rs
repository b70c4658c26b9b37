//! The database under the state: one set of statements, two that run them.
//!
//! Statements are written once, for both: values are `?1`, `?2` …, a conflict
//! names its columns, texts sort by their bytes, and a truth is read as `bool`.
//! Tables are written for SQLite and put into PostgreSQL's words by
//! [`dialect`].

pub(super) mod dialect;
pub(super) mod postgres;
pub(super) mod sqlite;
mod value;

pub(super) use value::{FromValue, Row, Value, values};

use postgres::Server;
use sqlite::File;

/// Whoever runs the statements.
pub(super) enum Db {
    /// A file of this machine.
    File(File),
    /// A server that several machines share.
    Server(Server),
}

/// What a database said, before it is put into our words.
#[derive(Debug)]
pub(super) enum Fault {
    /// SQLite.
    File(rusqlite::Error),
    /// PostgreSQL.
    Server(::postgres::Error),
    /// The line to PostgreSQL is gone, and why.
    Lost(String),
    /// A value this program did not write.
    Strange(String),
    /// A group in which a statement failed was not kept.
    Undone,
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::File(error)
    }
}

impl Db {
    /// Runs a statement; the number of rows it changed.
    pub(super) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        match self {
            Self::File(file) => file.execute(sql, values),
            Self::Server(server) => server.execute(sql, values),
        }
    }

    /// Every row of an answer.
    pub(super) fn rows(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        match self {
            Self::File(file) => file.rows(sql, values),
            Self::Server(server) => server.rows(sql, values),
        }
    }

    /// The first row of an answer.
    pub(super) fn row(&self, sql: &str, values: &[Value<'_>]) -> Result<Option<Row>, Fault> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// The first value of the first row.
    pub(super) fn one<T: FromValue>(
        &self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Option<T>, Fault> {
        match self.row(sql, values)? {
            Some(row) => row.get(0).map(Some),
            None => Ok(None),
        }
    }

    /// Begins a group.
    pub(super) fn begin(&self) -> Result<(), Fault> {
        match self {
            Self::File(file) => file.batch("BEGIN IMMEDIATE"),
            Self::Server(server) => server.begin(),
        }
    }

    /// Keeps the group. It fails too when the group was undone meanwhile.
    pub(super) fn commit(&self) -> Result<(), Fault> {
        match self {
            Self::File(file) => file.batch("COMMIT"),
            Self::Server(server) => server.commit(),
        }
    }

    /// Undoes the group, if it is not undone already.
    pub(super) fn rollback(&self) -> Result<(), Fault> {
        match self {
            Self::File(file) if file.in_group() => file.batch("ROLLBACK"),
            Self::File(_) => Ok(()),
            Self::Server(server) => server.rollback(),
        }
    }
}
