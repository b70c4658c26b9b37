//! Addresses of sources: which wait, which were visited, and what a visit left
//! for the next.
//!
//! Nothing here knows how pages are fetched. An address is known by source and
//! text; whoever asks gives one address one spelling.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::rounds::Round;
use super::rows::{time, word};
use super::{State, StateError};
use crate::id::Digest;
use crate::post::Capture;

/// What is expected at an address. The first comes first in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressKind {
    /// A page that holds one post.
    Detail,
    /// A page that leads on.
    Listing,
}

impl AddressKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Detail => "detail",
            Self::Listing => "listing",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "detail" => Some(Self::Detail),
            "listing" => Some(Self::Listing),
            _ => None,
        }
    }
}

/// An address to visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// Names it in this file.
    pub id: i64,
    /// The address.
    pub url: String,
    /// What is expected there.
    pub kind: AddressKind,
    /// Listings before it that brought nothing new.
    pub barren: u8,
    /// What the last visit left, where there was one.
    pub before: Option<Before>,
}

/// What a visit leaves for the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Before {
    /// How many visits there were.
    pub visits: u32,
    /// Seconds the address is left alone; `None` for good.
    pub again_after_s: Option<u64>,
    /// `ETag`, as sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
    /// Names what was read there.
    pub content: Option<Digest>,
    /// The next page of the chain.
    pub next: Option<String>,
    /// The last whole capture, and when it was made.
    pub capture: Option<(Capture, Timestamp)>,
}

/// A visit to note.
#[derive(Clone, Copy, Debug)]
pub struct Visited<'a> {
    /// The word for what came of it.
    pub outcome: &'a str,
    /// When.
    pub at: Timestamp,
    /// When to look again.
    pub due: Option<Timestamp>,
    /// What it leaves.
    pub left: &'a Before,
}

/// What became of an address that was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewAddress {
    /// It waits now.
    Waits,
    /// It was met in this round already.
    Met,
    /// An earlier round has visited it.
    Known,
    /// A listing that is not due yet.
    NotDue,
}

const COLUMNS: &str = "id, url, kind, barren, visits, again_after_s, etag, last_modified, content, \
                       next, evidence, evidence_offset, record_id, payload, captured_at, \
                       outcome IS NOT NULL";

impl State {
    /// The next address of a source that is not in `out`: the newest round
    /// first, in it advertisements before listings, then in order of arrival;
    /// when none waits, one that is due at `now`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn next_address(
        &self,
        source: &str,
        now: Timestamp,
        out: &BTreeSet<i64>,
    ) -> Result<Option<Address>, StateError> {
        let waiting = format!(
            "SELECT {COLUMNS} FROM address WHERE source = ?1 AND turn IS NOT NULL AND ?2 = ?2
             ORDER BY round DESC, kind, turn LIMIT ?3"
        );
        let due = format!(
            "SELECT {COLUMNS} FROM address
             WHERE source = ?1 AND due <= ?2 AND turn IS NULL AND kind = 'detail'
             ORDER BY due, id LIMIT ?3"
        );
        let limit = i64::try_from(out.len()).unwrap_or(i64::MAX - 1) + 1;
        let now = to_second(now);
        let first = |sql: &str| -> rusqlite::Result<Option<Address>> {
            let mut statement = self.connection.prepare(sql)?;
            let rows = statement.query_map(params![source, now, limit], address)?;
            for row in rows {
                let row = row?;
                if !out.contains(&row.id) {
                    return Ok(Some(row));
                }
            }
            Ok(None)
        };
        let found = first(&waiting).and_then(|found| match found {
            Some(found) => Ok(Some(found)),
            None => first(&due),
        });
        found.map_err(|error| self.wrap(&error))
    }

    /// Whether an address was met in this round of its source.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn is_address_met(&self, source: &str, url: &str, round: u32) -> Result<bool, StateError> {
        self.connection
            .prepare("SELECT 1 FROM address WHERE source = ?1 AND url = ?2 AND round = ?3")
            .and_then(|mut statement| {
                statement
                    .query_row((source, url, round), |_| Ok(()))
                    .optional()
            })
            .map(|found| found.is_some())
            .map_err(|error| self.wrap(&error))
    }

    /// Adds addresses to the queue of a source, in order, and counts them in
    /// `round`. Advertisements that an earlier round has visited are not
    /// added; listings are, once a round, unless they are due later than `now`.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn add_addresses<'a>(
        &mut self,
        source: &str,
        round: &mut Round,
        now: Timestamp,
        addresses: impl IntoIterator<Item = (&'a str, AddressKind, u8)>,
    ) -> Result<Vec<NewAddress>, StateError> {
        let mut last_turn = i64::try_from(round.last_turn).unwrap_or(i64::MAX);
        let mut waiting = round.waiting;
        let number = round.number;
        let added = self.atomically(|connection| {
            let mut adding = Adding::new(connection, source, number, to_second(now))?;
            let mut added = Vec::new();
            for (url, kind, barren) in addresses {
                last_turn += 1;
                let (became, was_waiting) = adding.add(url, kind, barren, last_turn)?;
                waiting += u64::from(became == NewAddress::Waits && !was_waiting);
                added.push(became);
            }
            Ok(added)
        })?;
        round.last_turn = last_turn.unsigned_abs();
        round.waiting = waiting;
        Ok(added)
    }

    /// Notes an address as dealt with in this round: it was read under another.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn meet_address(&mut self, source: &str, url: &str, round: u32) -> Result<(), StateError> {
        self.atomically(|connection| {
            connection.execute(
                "INSERT INTO address (source, url, kind, round, outcome)
                 VALUES (?1, ?2, 'detail', ?3, 'read') ON CONFLICT DO UPDATE SET round = ?3",
                (source, url, round),
            )
        })
        .map(drop)
    }

    /// Notes a visit: the address waits no longer. `false` when there is no
    /// such address.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn visit_address(
        &mut self,
        id: i64,
        round: &mut Round,
        visited: &Visited<'_>,
    ) -> Result<bool, StateError> {
        let left = visited.left;
        let number = round.number;
        let seconds = |after: u64| i64::try_from(after).unwrap_or(i64::MAX);
        let offset = |capture: &Capture| i64::try_from(capture.offset).unwrap_or(i64::MAX);
        let capture = left.capture.as_ref();
        let waited = self.atomically(|connection| {
            let waited: Option<bool> = connection
                .prepare("SELECT turn IS NOT NULL FROM address WHERE id = ?1")?
                .query_row([id], |row| row.get(0))
                .optional()?;
            connection
                .prepare(
                    "UPDATE address SET turn = NULL, round = ?2, outcome = ?3, visited_at = ?4, due = ?5,
                     visits = ?6, again_after_s = ?7, etag = ?8, last_modified = ?9, content = ?10,
                     next = ?11, evidence = ?12, evidence_offset = ?13, record_id = ?14,
                     payload = ?15, captured_at = ?16 WHERE id = ?1",
                )?
                .execute(params![
                    id,
                    number,
                    visited.outcome,
                    visited.at.to_string(),
                    visited.due.map(to_second),
                    left.visits,
                    left.again_after_s.map(seconds),
                    left.etag,
                    left.last_modified,
                    left.content.map(|content| content.0),
                    left.next,
                    capture.map(|(capture, _)| &capture.path),
                    capture.map(|(capture, _)| offset(capture)),
                    capture.map(|(capture, _)| &capture.record_id),
                    capture.map(|(capture, _)| capture.digest.0),
                    capture.map(|(_, at)| at.to_string()),
                ])?;
            Ok(waited)
        })?;
        round.waiting -= u64::from(waited == Some(true)).min(round.waiting);
        Ok(waited.is_some())
    }
}

/// Statements used for every address that is added.
struct Adding<'c> {
    source: &'c str,
    round: u32,
    now: String,
    insert: rusqlite::Statement<'c>,
    find: rusqlite::Statement<'c>,
    update: rusqlite::Statement<'c>,
}

impl<'c> Adding<'c> {
    fn new(
        connection: &'c Connection,
        source: &'c str,
        round: u32,
        now: String,
    ) -> rusqlite::Result<Self> {
        Ok(Self {
            source,
            round,
            now,
            insert: connection.prepare(
                "INSERT INTO address (source, url, kind, round, turn, barren)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            )?,
            find: connection.prepare(
                "SELECT id, round, turn IS NOT NULL, outcome IS NOT NULL, due > ?3
                 FROM address WHERE source = ?1 AND url = ?2",
            )?,
            update: connection.prepare(
                "UPDATE address SET round = ?2, kind = ?3, turn = ?4, barren = ?5 WHERE id = ?1",
            )?,
        })
    }

    /// What became of it, and whether it was waiting before.
    fn add(
        &mut self,
        url: &str,
        kind: AddressKind,
        barren: u8,
        turn: i64,
    ) -> rusqlite::Result<(NewAddress, bool)> {
        let word = kind.as_str();
        let values = params![self.source, url, word, self.round, turn, barren];
        if self.insert.execute(values)? > 0 {
            return Ok((NewAddress::Waits, false));
        }
        let found = params![self.source, url, self.now];
        let (id, round, waits, visited, later) = self.find.query_row(found, |row| {
            let (id, round): (i64, u32) = (row.get(0)?, row.get(1)?);
            let (waits, visited): (bool, bool) = (row.get(2)?, row.get(3)?);
            let later: Option<bool> = row.get(4)?;
            Ok((id, round, waits, visited, later == Some(true)))
        })?;
        if round == self.round {
            return Ok((NewAddress::Met, waits));
        }
        let (became, turn) = match kind {
            AddressKind::Detail if visited && !waits => (NewAddress::Known, None),
            AddressKind::Listing if later && !waits => (NewAddress::NotDue, None),
            _ => (NewAddress::Waits, Some(turn)),
        };
        self.update
            .execute(params![id, self.round, word, turn, barren])?;
        Ok((became, waits))
    }
}

fn address(row: &Row<'_>) -> rusqlite::Result<Address> {
    let visited: bool = row.get(15)?;
    let digest = |column| {
        let bytes: rusqlite::Result<Option<[u8; 32]>> = row.get(column);
        bytes.map(|bytes| bytes.map(Digest))
    };
    let before = if !visited {
        None
    } else {
        let capture = match (row.get(10)?, digest(13)?) {
            (Some(path), Some(digest)) => {
                let offset: i64 = row.get(11)?;
                let capture = Capture {
                    path,
                    offset: offset.unsigned_abs(),
                    record_id: row.get(12)?,
                    digest,
                };
                Some((capture, time(row, 14)?))
            }
            _ => None,
        };
        Some(Before {
            visits: row.get(4)?,
            again_after_s: row.get::<_, Option<i64>>(5)?.map(i64::unsigned_abs),
            etag: row.get(6)?,
            last_modified: row.get(7)?,
            content: digest(8)?,
            next: row.get(9)?,
            capture,
        })
    };
    Ok(Address {
        id: row.get(0)?,
        url: row.get(1)?,
        kind: word(row, 2, AddressKind::parse)?,
        barren: row.get(3)?,
        before,
    })
}

/// A time whose text sorts as the time does.
pub(super) fn to_second(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second())
        .unwrap_or(at)
        .to_string()
}
