//! Statements run by PostgreSQL, on a server that several machines share.
//!
//! The line to the server belongs to a thread of its own: its client waits by
//! itself, and may not do that where other tasks run. Whoever asks waits for
//! the answer. A line that was lost stays lost; a new one is a new state.

mod types;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use postgres::error::SqlState;
use postgres::{Client, Statement};

use super::super::place::Address;
use super::{Fault, Row, Value, dialect};
use types::{Sent, read};

/// Longest time for one answer; far longer than the server itself allows.
const PATIENCE: Duration = Duration::from_secs(90);
/// Statements that are kept ready.
const READY: usize = 256;

/// What holds for every line. A server that commits before its disk has it
/// would lose what is said to be kept. A group whose machine fell silent must
/// not hold its rows for long.
const SESSION: &str = "
SET search_path = lentera;
SET synchronous_commit = on;
SET client_min_messages = warning;
SET statement_timeout = '60s';
SET lock_timeout = '20s';
SET idle_in_transaction_session_timeout = '30s';
";

/// A line to a server.
pub(in super::super) struct Server {
    work: mpsc::Sender<Work>,
    /// Whether a group is open.
    group: Cell<bool>,
    /// Whether a statement of it failed: the server keeps nothing of it, and
    /// would say so only in passing.
    failed: Cell<bool>,
    /// Why the line is gone.
    lost: RefCell<Option<String>>,
}

type Work = Box<dyn FnOnce(&mut Line) + Send>;

struct Line {
    client: Client,
    ready: HashMap<String, Statement>,
}

impl Line {
    fn statement(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.ready.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&dialect::numbered(sql))?;
        if self.ready.len() >= READY {
            self.ready.clear();
        }
        self.ready.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Server {
    /// Opens a line.
    pub(in super::super) fn connect(address: &Address) -> Result<Self, Fault> {
        let (work, works) = mpsc::channel::<Work>();
        let (reply, connected) = mpsc::sync_channel(1);
        let address = address.clone();
        let thread = std::thread::Builder::new().name("store".to_owned());
        thread
            .spawn(move || {
                let client = match address.connect().and_then(|mut client| {
                    client.batch_execute(SESSION)?;
                    Ok(client)
                }) {
                    Ok(client) => client,
                    Err(error) => {
                        // Nobody waits any more when it took too long.
                        let _ = reply.send(Err(error));
                        return;
                    }
                };
                let _ = reply.send(Ok(()));
                let ready = HashMap::new();
                let mut line = Line { client, ready };
                while let Ok(work) = works.recv() {
                    work(&mut line);
                }
            })
            .map_err(|error| Fault::Lost(error.to_string()))?;
        match connected.recv_timeout(PATIENCE) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Fault::Server(error)),
            Err(_) => return Err(Fault::Lost("it does not answer".to_owned())),
        }
        Ok(Self {
            work,
            group: Cell::new(false),
            failed: Cell::new(false),
            lost: RefCell::new(None),
        })
    }

    pub(super) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        let (sql, values) = (sql.to_owned(), Sent::all(values));
        self.ask(move |line| {
            let statement = line.statement(&sql)?;
            line.client.execute(&statement, &Sent::refs(&values))
        })
    }

    pub(super) fn rows(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        let (sql, values) = (sql.to_owned(), Sent::all(values));
        let rows = self.ask(move |line| {
            let statement = line.statement(&sql)?;
            line.client.query(&statement, &Sent::refs(&values))
        })?;
        rows.iter().map(read).collect()
    }

    /// Runs statements that take no values.
    pub(in super::super) fn batch(&self, sql: &str) -> Result<(), Fault> {
        let sql = sql.to_owned();
        self.ask(move |line| line.client.batch_execute(&sql))
    }

    pub(super) fn begin(&self) -> Result<(), Fault> {
        self.batch("BEGIN")?;
        self.group.set(true);
        self.failed.set(false);
        Ok(())
    }

    pub(super) fn commit(&self) -> Result<(), Fault> {
        if self.failed.get() {
            self.rollback()?;
            return Err(Fault::Undone);
        }
        let done = self.batch("COMMIT");
        self.group.set(false);
        done
    }

    pub(super) fn rollback(&self) -> Result<(), Fault> {
        if self.group.replace(false) {
            self.batch("ROLLBACK")?;
        }
        Ok(())
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Line) -> Result<T, postgres::Error> + Send + 'static,
    ) -> Result<T, Fault> {
        if let Some(why) = self.lost.borrow().clone() {
            return Err(Fault::Lost(why));
        }
        let (reply, answer) = mpsc::sync_channel(1);
        let sent = self.work.send(Box::new(move |line| {
            // Who asked may have stopped waiting.
            let _ = reply.send(work(line));
        }));
        let answer = match sent {
            Ok(()) => answer.recv_timeout(PATIENCE),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        let why = match answer {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) if !is_lost(&error) => {
                self.failed.set(true);
                return Err(Fault::Server(error));
            }
            Ok(Err(error)) => said(&error),
            Err(_) => format!("no answer for {} s", PATIENCE.as_secs()),
        };
        *self.lost.borrow_mut() = Some(why.clone());
        Err(Fault::Lost(why))
    }
}

/// Whether an error means that the same may work on another line.
pub(in super::super) fn is_lost(error: &postgres::Error) -> bool {
    let Some(code) = error.code() else {
        return error.is_closed() || is_io(error);
    };
    let again = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::TOO_MANY_CONNECTIONS,
        // A standby that was asked before it took over.
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    again.contains(code) || code.code().starts_with("08")
}

fn is_io(error: &postgres::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(one) = cause {
        if one.is::<std::io::Error>() {
            return true;
        }
        cause = one.source();
    }
    false
}

/// What the server or the system said, without what we said.
pub(in super::super) fn said(error: &postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.message().to_owned();
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(one) = cause {
        let more = one.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = one.source();
    }
    text
}
