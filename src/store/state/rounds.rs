//! Rounds: the newest way through each source, and how far evidence is safe.

use jiff::Timestamp;

use super::addresses::to_second;
use super::db::values;
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
        self.read(|db| {
            let Some(row) = db.row(sql, values![source])? else {
                return Ok(None);
            };
            Ok(Some(Round {
                number: row.get(0)?,
                ended: row.get(1)?,
                ruleset: Digest(row.get(2)?),
                last_turn: row.get(3)?,
                waiting: row.get(4)?,
                pages: row.get(5)?,
                bytes: row.get(6)?,
            }))
        })
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
        self.atomically(|db| {
            db.execute(
                "INSERT INTO round (source, number, began_at, ended_at, ruleset, last_turn, waiting, pages, bytes)
                 VALUES (?1, 1, ?2, NULL, ?3, 0, 0, 0, 0)
                 ON CONFLICT (source) DO UPDATE SET number = round.number + 1, began_at = ?2, ended_at = NULL,
                 ruleset = ?3, pages = 0, bytes = 0",
                values![source, at, &ruleset.0],
            )?;
            if other {
                db.execute(
                    "UPDATE address SET etag = NULL, last_modified = NULL, content = NULL,
                     due = CASE WHEN kind = 'listing' OR outcome IN ('read', 'unchanged')
                     THEN ?2 ELSE due END WHERE source = ?1 AND outcome IS NOT NULL",
                    values![source, due],
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
        self.atomically(|db| {
            db.execute(
                "UPDATE round SET last_turn = ?2, waiting = ?3, pages = ?4, bytes = ?5, ended_at = ?6
                 WHERE source = ?1",
                values![
                    source,
                    round.last_turn,
                    round.waiting,
                    round.pages,
                    round.bytes,
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
        self.atomically(|db| {
            db.execute(
                "UPDATE post SET round = ?3 WHERE platform = ?1 AND native_id = ?2",
                values![platform, native_id, round],
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
        let sql = "SELECT 1 FROM post WHERE platform = ?1 AND native_id = ?2 AND round = ?3";
        self.read(|db| Ok(db.row(sql, values![platform, native_id, round])?.is_some()))
    }

    /// Notes up to where an evidence file is referred to: that much must be on
    /// the disk before this is committed. It takes the place of the mark
    /// before; every machine that shares a server has its own.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn put_evidence_mark(&mut self, file: &str, length: u64) -> Result<(), StateError> {
        let worker = self.worker.clone();
        self.atomically(|db| {
            db.execute(
                "INSERT INTO evidence_end (worker, file, length) VALUES (?1, ?2, ?3)
                 ON CONFLICT (worker) DO UPDATE SET file = ?2, length = ?3",
                values![worker, file, length],
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
        let worker = self.worker.clone();
        self.atomically(|db| {
            db.execute(
                "DELETE FROM evidence_end WHERE worker = ?1",
                values![worker],
            )
        })
        .map(drop)
    }

    /// The mark, when the last run was cut off.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn evidence_mark(&self) -> Result<Option<(String, u64)>, StateError> {
        let sql = "SELECT file, length FROM evidence_end WHERE worker = ?1";
        self.read(|db| match db.row(sql, values![&self.worker])? {
            Some(row) => Ok(Some((row.get(0)?, row.get(1)?))),
            None => Ok(None),
        })
    }
}
