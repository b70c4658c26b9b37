//! Addresses of sources: which wait, which were visited, and what a visit left
//! for the next.
//!
//! Nothing here knows how pages are fetched. An address is known by source and
//! text; whoever asks gives one address one spelling.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::db::{Db, Fault, Row, values};
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
            "SELECT {COLUMNS} FROM address WHERE source = ?1 AND turn IS NOT NULL
             ORDER BY round DESC, kind, turn LIMIT ?2"
        );
        let due = format!(
            "SELECT {COLUMNS} FROM address
             WHERE source = ?1 AND due <= ?3 AND turn IS NULL AND kind = 'detail'
             ORDER BY due, id LIMIT ?2"
        );
        let limit = out.len() as u64 + 1;
        let free = |rows: Vec<Row>| {
            let mut addresses = rows.iter().map(address);
            addresses
                .find(|row| row.as_ref().map_or(true, |row| !out.contains(&row.id)))
                .transpose()
        };
        self.read(
            |db| match free(db.rows(&waiting, values![source, limit])?)? {
                Some(found) => Ok(Some(found)),
                None => free(db.rows(&due, values![source, limit, to_second(now)])?),
            },
        )
    }

    /// Whether an address was met in this round of its source.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn is_address_met(&self, source: &str, url: &str, round: u32) -> Result<bool, StateError> {
        let sql = "SELECT 1 FROM address WHERE source = ?1 AND url = ?2 AND round = ?3";
        self.read(|db| Ok(db.row(sql, values![source, url, round])?.is_some()))
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
        let adding = Adding {
            source,
            round: number,
            now: to_second(now),
        };
        let added = self.atomically(|db| {
            let mut added = Vec::new();
            for (url, kind, barren) in addresses {
                last_turn += 1;
                let (became, was_waiting) = adding.add(db, (url, kind, barren), last_turn)?;
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
        self.atomically(|db| {
            db.execute(
                "INSERT INTO address (source, url, kind, round, outcome)
                 VALUES (?1, ?2, 'detail', ?3, 'read')
                 ON CONFLICT (source, url) DO UPDATE SET round = ?3",
                values![source, url, round],
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
        let capture = left.capture.as_ref();
        let waited = self.atomically(|db| {
            let waited: Option<bool> =
                db.one("SELECT turn IS NOT NULL FROM address WHERE id = ?1", values![id])?;
            db.execute(
                "UPDATE address SET turn = NULL, round = ?2, outcome = ?3, visited_at = ?4, due = ?5,
                 visits = ?6, again_after_s = ?7, etag = ?8, last_modified = ?9, content = ?10,
                 next = ?11, evidence = ?12, evidence_offset = ?13, record_id = ?14,
                 payload = ?15, captured_at = ?16 WHERE id = ?1",
                values![
                    id,
                    number,
                    visited.outcome,
                    visited.at.to_string(),
                    visited.due.map(to_second),
                    left.visits,
                    left.again_after_s,
                    left.etag.as_ref(),
                    left.last_modified.as_ref(),
                    left.content.map(|content| content.0),
                    left.next.as_ref(),
                    capture.map(|(capture, _)| &capture.path),
                    capture.map(|(capture, _)| capture.offset),
                    capture.map(|(capture, _)| &capture.record_id),
                    capture.map(|(capture, _)| &capture.digest.0),
                    capture.map(|(_, at)| at.to_string()),
                ],
            )?;
            Ok(waited)
        })?;
        round.waiting -= u64::from(waited == Some(true)).min(round.waiting);
        Ok(waited.is_some())
    }
}

/// What holds for every address that is added.
struct Adding<'c> {
    source: &'c str,
    round: u32,
    now: String,
}

impl Adding<'_> {
    /// What became of it, and whether it was waiting before.
    fn add(
        &self,
        db: &Db,
        (url, kind, barren): (&str, AddressKind, u8),
        turn: i64,
    ) -> Result<(NewAddress, bool), Fault> {
        let word = kind.as_str();
        let added = db.execute(
            "INSERT INTO address (source, url, kind, round, turn, barren)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (source, url) DO NOTHING",
            values![self.source, url, word, self.round, turn, barren],
        )?;
        if added > 0 {
            return Ok((NewAddress::Waits, false));
        }
        let found = db.row(
            "SELECT id, round, turn IS NOT NULL, outcome IS NOT NULL, due > ?3
             FROM address WHERE source = ?1 AND url = ?2",
            values![self.source, url, &self.now],
        )?;
        let found = found.ok_or_else(|| Fault::Strange("an address that is gone".to_owned()))?;
        let (id, round): (i64, u32) = (found.get(0)?, found.get(1)?);
        let (waits, visited): (bool, bool) = (found.get(2)?, found.get(3)?);
        let later: Option<bool> = found.get(4)?;
        let later = later == Some(true);
        if round == self.round {
            return Ok((NewAddress::Met, waits));
        }
        let (became, turn) = match kind {
            AddressKind::Detail if visited && !waits => (NewAddress::Known, None),
            AddressKind::Listing if later && !waits => (NewAddress::NotDue, None),
            _ => (NewAddress::Waits, Some(turn)),
        };
        db.execute(
            "UPDATE address SET round = ?2, kind = ?3, turn = ?4, barren = ?5 WHERE id = ?1",
            values![id, self.round, word, turn, barren],
        )?;
        Ok((became, waits))
    }
}

fn address(row: &Row) -> Result<Address, Fault> {
    let visited: bool = row.get(15)?;
    let digest = |column| {
        let bytes: Result<Option<[u8; 32]>, Fault> = row.get(column);
        bytes.map(|bytes| bytes.map(Digest))
    };
    let before = if !visited {
        None
    } else {
        let capture = match (row.get(10)?, digest(13)?) {
            (Some(path), Some(digest)) => {
                let capture = Capture {
                    path,
                    offset: row.get(11)?,
                    record_id: row.get(12)?,
                    digest,
                };
                Some((capture, time(row, 14)?))
            }
            _ => None,
        };
        Some(Before {
            visits: row.get(4)?,
            again_after_s: row.get(5)?,
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
