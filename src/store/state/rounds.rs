//! Rounds: the newest way through each source, and how far evidence is safe.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::addresses::to_second;
use super::{State, StateError};
use crate::id::Digest;

/// The newest way through a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Counts up from 1.
    pub number: u32,
    /// Whether it is through, and a new one follows.
    pub ended: bool,
    /// Names the rules of reading and judging it was begun with.
    pub ruleset: Digest,
    /// Last place given in the queue.
    pub last_turn: u64,
    /// Addresses in the queue.
    pub waiting: u64,
    /// Answers received.
    pub pages: u64,
    /// Body bytes received.
    pub bytes: u64,
}

impl State {
    /// The newest round of a source.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn round(&self, source: &str) -> Result<Option<Round>, StateError> {
        let sql = "SELECT number, ended_at IS NOT NULL, ruleset, last_turn, waiting, pages, bytes
                   FROM round WHERE source = ?1";
        self.connection
            .query_row(sql, [source], |row| {
                let count = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
                Ok(Round {
                    number: row.get(0)?,
                    ended: row.get(1)?,
                    ruleset: Digest(row.get(2)?),
                    last_turn: count(3)?,
                    waiting: count(4)?,
                    pages: count(5)?,
                    bytes: count(6)?,
                })
            })
            .optional()
            .map_err(|error| self.wrap(&error))
    }

    /// Begins a new round of a source at `at`, with these rules of reading and
    /// judging. What waits keeps waiting. When the rules are others than those
    /// of the round before, every page that is still there is due at once, and
    /// none counts as unchanged.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn begin_round(
        &mut self,
        source: &str,
        ruleset: &Digest,
        at: Timestamp,
    ) -> Result<Round, StateError> {
        let old = self.round(source)?;
        let (at, due) = (at.to_string(), to_second(at));
        let other = old.as_ref().is_some_and(|old| old.ruleset != *ruleset);
        self.atomically(|connection| {
            connection.execute(
                "INSERT INTO round (source, number, began_at, ended_at, ruleset, last_turn, waiting, pages, bytes)
                 VALUES (?1, 1, ?2, NULL, ?3, 0, 0, 0, 0)
                 ON CONFLICT DO UPDATE SET number = number + 1, began_at = ?2, ended_at = NULL,
                 ruleset = ?3, pages = 0, bytes = 0",
                params![source, at, ruleset.0],
            )?;
            if other {
                connection.execute(
                    "UPDATE address SET etag = NULL, last_modified = NULL, content = NULL,
                     due = CASE WHEN kind = 'listing' OR outcome IN ('read', 'unchanged')
                     THEN ?2 ELSE due END WHERE source = ?1 AND outcome IS NOT NULL",
                    (source, due),
                )?;
            }
            Ok(())
        })?;
        Ok(Round {
            number: old.as_ref().map_or(0, |old| old.number) + 1,
            ended: false,
            ruleset: *ruleset,
            last_turn: old.as_ref().map_or(0, |old| old.last_turn),
            waiting: old.as_ref().map_or(0, |old| old.waiting),
            pages: 0,
            bytes: 0,
        })
    }

    /// Keeps how far a round is. `at` ends it.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn keep_round(
        &mut self,
        source: &str,
        round: &Round,
        ended_at: Option<Timestamp>,
    ) -> Result<(), StateError> {
        let n = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.atomically(|connection| {
            connection.execute(
                "UPDATE round SET last_turn = ?2, waiting = ?3, pages = ?4, bytes = ?5, ended_at = ?6
                 WHERE source = ?1",
                params![
                    source,
                    n(round.last_turn),
                    n(round.waiting),
                    n(round.pages),
                    n(round.bytes),
                    ended_at.map(|at| at.to_string()),
                ],
            )
        })
        .map(drop)
    }

    /// Notes in which round a post was met last.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn meet_post(
        &mut self,
        platform: &str,
        native_id: &str,
        round: u32,
    ) -> Result<(), StateError> {
        self.atomically(|connection| {
            connection.execute(
                "UPDATE post SET round = ?3 WHERE platform = ?1 AND native_id = ?2",
                (platform, native_id, round),
            )
        })
        .map(drop)
    }

    /// Whether a post was met in this round of its source.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn is_post_met(
        &self,
        platform: &str,
        native_id: &str,
        round: u32,
    ) -> Result<bool, StateError> {
        self.connection
            .query_row(
                "SELECT 1 FROM post WHERE platform = ?1 AND native_id = ?2 AND round = ?3",
                (platform, native_id, round),
                |_| Ok(()),
            )
            .optional()
            .map(|found| found.is_some())
            .map_err(|error| self.wrap(&error))
    }

    /// Notes up to where an evidence file is referred to: that much must be on
    /// the disk before this is committed. It takes the place of the mark
    /// before.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn put_evidence_mark(&mut self, file: &str, length: u64) -> Result<(), StateError> {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        self.atomically(|connection| {
            connection.execute(
                "INSERT INTO evidence_mark (one, file, length) VALUES (1, ?1, ?2)
                 ON CONFLICT DO UPDATE SET file = ?1, length = ?2",
                (file, length),
            )
        })
        .map(drop)
    }

    /// Forgets the mark: the run that made it ended well.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn clear_evidence_mark(&mut self) -> Result<(), StateError> {
        self.atomically(|connection| connection.execute("DELETE FROM evidence_mark", []))
            .map(drop)
    }

    /// The mark, when the last run was cut off.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn evidence_mark(&self) -> Result<Option<(String, u64)>, StateError> {
        self.connection
            .query_row("SELECT file, length FROM evidence_mark", [], |row| {
                let length: i64 = row.get(1)?;
                Ok((row.get(0)?, length.unsigned_abs()))
            })
            .optional()
            .map_err(|error| self.wrap(&error))
    }
}
