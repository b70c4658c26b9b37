//! Findings: every revision is kept, the newest one that holds is current.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, params, params_from_iter};

use super::rows::{self, FINDING};
use super::{State, StateError};
use crate::assessment::{Level, Route};

/// One revision of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    /// Names the finding across its revisions.
    pub id: String,
    /// Grows with every change.
    pub revision: u32,
    /// Where the post stood.
    pub platform: String,
    /// The post's id there.
    pub native_id: String,
    /// How soon a person should look.
    pub level: Level,
    /// Where it goes.
    pub route: Route,
    /// Orders the queue within a level.
    pub points: u32,
    /// Gates that fired, highest level first.
    pub gates: Vec<String>,
    /// When the post was scanned.
    pub scanned_at: Timestamp,
    /// In which run.
    pub run_id: String,
    /// The record, as exported.
    pub json: String,
}

/// Whether a revision still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The newest, and it holds.
    Current,
    /// A newer revision took its place.
    Superseded,
    /// The post changed and is no longer flagged.
    Cleared,
}

impl Standing {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "current" => Some(Self::Current),
            "superseded" => Some(Self::Superseded),
            "cleared" => Some(Self::Cleared),
            _ => None,
        }
    }
}

/// Which current findings to list. An empty list or `None` asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// Any of these levels.
    pub levels: Vec<Level>,
    /// Any of these routes.
    pub routes: Vec<Route>,
    /// On this platform.
    pub platform: Option<String>,
    /// With this gate, or with this id or alias quoted in the record.
    pub rule: Option<String>,
    /// At most so many, the first in order.
    pub limit: Option<u32>,
}

impl FindingFilter {
    /// The condition, and the values of its question marks in order.
    fn sql(&self) -> (String, Vec<Value>) {
        let mut sql = "standing = 'current'".to_owned();
        let mut values = Vec::new();
        let mut any_of = |column: &str, words: Vec<&'static str>| {
            if !words.is_empty() {
                let marks = vec!["?"; words.len()].join(", ");
                sql.extend([" AND ", column, " IN (", &marks, ")"]);
                values.extend(words.into_iter().map(|word| Value::from(word.to_owned())));
            }
        };
        any_of(
            "level",
            self.levels.iter().map(|level| level.as_str()).collect(),
        );
        any_of(
            "route",
            self.routes.iter().map(|route| route.as_str()).collect(),
        );
        if let Some(platform) = &self.platform {
            sql.push_str(" AND platform = ?");
            values.push(platform.clone().into());
        }
        if let Some(rule) = &self.rule {
            sql.push_str(" AND (instr(',' || gates || ',', ?) > 0 OR instr(json, ?) > 0)");
            values.push(format!(",{rule},").into());
            values.push(format!("\"{rule}\"").into());
        }
        (sql, values)
    }
}

/// Pleas for help first, then what is most urgent.
const ORDER: &str = "
CASE route WHEN 'help_request' THEN 0 WHEN 'missing_person' THEN 1 WHEN 'alert' THEN 2 ELSE 3 END,
CASE level WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END,
points DESC, id";

impl State {
    /// The revision the next finding of a post must have to be newer than what
    /// is kept: 1 when there is none.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn next_revision(&self, platform: &str, native_id: &str) -> Result<u32, StateError> {
        self.connection
            .query_row(
                "SELECT coalesce(max(revision), 0) + 1 FROM finding WHERE platform = ?1 AND native_id = ?2",
                (platform, native_id),
                |row| row.get(0),
            )
            .map_err(|error| self.wrap(&error))
    }

    /// Keeps a revision and makes it the current one of its post. Keeping the
    /// very same revision again changes nothing, so a run cut off after a
    /// commit can be repeated.
    ///
    /// # Errors
    ///
    /// [`StateError::NotNewer`] when a revision as new, but different, is kept
    /// already; or when the file cannot be written.
    pub fn put_finding(&mut self, row: &FindingRow) -> Result<(), StateError> {
        let newest = self.newest(&row.id)?;
        if let Some((newest, json)) = newest {
            let same = newest == row.revision && json == row.json;
            if newest >= row.revision && !same {
                return Err(StateError::NotNewer {
                    id: row.id.clone(),
                    newest,
                    given: row.revision,
                });
            }
        }
        self.atomically(|connection| {
            connection.execute(
                "UPDATE finding SET standing = 'superseded'
                 WHERE platform = ?1 AND native_id = ?2 AND standing = 'current'",
                (&row.platform, &row.native_id),
            )?;
            connection.execute(
                &format!(
                    "INSERT INTO finding ({FINDING}, standing)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'current')
                     ON CONFLICT DO UPDATE SET standing = 'current'"
                ),
                params![
                    row.id,
                    row.revision,
                    row.platform,
                    row.native_id,
                    row.level.as_str(),
                    row.route.as_str(),
                    row.points,
                    row.gates.join(","),
                    row.scanned_at.to_string(),
                    row.run_id,
                    row.json,
                ],
            )?;
            Ok(())
        })
    }

    fn newest(&self, id: &str) -> Result<Option<(u32, String)>, StateError> {
        self.connection
            .query_row(
                "SELECT revision, json FROM finding WHERE id = ?1 ORDER BY revision DESC LIMIT 1",
                [id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(|error| self.wrap(&error))
    }

    /// Marks that a post is no longer flagged. `false` when it was not.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn clear_finding(&mut self, platform: &str, native_id: &str) -> Result<bool, StateError> {
        self.atomically(|connection| {
            let marked = connection.execute(
                "UPDATE finding SET standing = 'cleared'
                 WHERE platform = ?1 AND native_id = ?2 AND standing = 'current'",
                (platform, native_id),
            )?;
            Ok(marked > 0)
        })
    }

    /// Current findings: pleas for help first, then by level, points and id.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn findings(&self, filter: &FindingFilter) -> Result<Vec<FindingRow>, StateError> {
        let (condition, mut values) = filter.sql();
        values.push(filter.limit.map_or(-1, i64::from).into());
        let sql =
            format!("SELECT {FINDING} FROM finding WHERE {condition} ORDER BY {ORDER} LIMIT ?");
        self.connection
            .prepare(&sql)
            .and_then(|mut statement| {
                statement
                    .query_map(params_from_iter(values), rows::finding)?
                    .collect()
            })
            .map_err(|error| self.wrap(&error))
    }

    /// Findings a run wrote that still hold, in the order of the queue.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn findings_of_run(&self, run_id: &str) -> Result<Vec<FindingRow>, StateError> {
        let sql = format!(
            "SELECT {FINDING} FROM finding WHERE run_id = ? AND standing = 'current' ORDER BY {ORDER}"
        );
        self.connection
            .prepare(&sql)
            .and_then(|mut statement| statement.query_map([run_id], rows::finding)?.collect())
            .map_err(|error| self.wrap(&error))
    }

    /// The newest revision of a finding, by its id or the beginning of it.
    /// `None` when none begins so.
    ///
    /// # Errors
    ///
    /// [`StateError::Ambiguous`] with the candidates when several begin so; or
    /// when the file cannot be read.
    pub fn finding(&self, id: &str) -> Result<Option<FindingRow>, StateError> {
        let mut candidates: Vec<String> = self
            .connection
            .prepare(
                "SELECT DISTINCT id FROM finding WHERE substr(id, 1, length(?1)) = ?1
                 ORDER BY id LIMIT 10",
            )
            .and_then(|mut statement| statement.query_map([id], |row| row.get(0))?.collect())
            .map_err(|error| self.wrap(&error))?;
        // In order, the whole id stands before everything it begins.
        if candidates.len() > 1 && candidates[0] != id {
            return Err(StateError::Ambiguous {
                prefix: id.to_owned(),
                candidates,
            });
        }
        candidates.truncate(1);
        let Some(id) = candidates.pop() else {
            return Ok(None);
        };
        Ok(self.history(&id)?.into_iter().next().map(|(row, _)| row))
    }

    /// Every revision of a finding, newest first, and whether it holds.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn history(&self, id: &str) -> Result<Vec<(FindingRow, Standing)>, StateError> {
        let sql =
            format!("SELECT {FINDING}, standing FROM finding WHERE id = ?1 ORDER BY revision DESC");
        self.connection
            .prepare(&sql)
            .and_then(|mut statement| {
                statement
                    .query_map([id], |row| {
                        Ok((rows::finding(row)?, rows::word(row, 11, Standing::parse)?))
                    })?
                    .collect()
            })
            .map_err(|error| self.wrap(&error))
    }
}
