//! Findings: every revision is kept, the newest one that holds is current.

use jiff::Timestamp;

use super::db::{Value, values};
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
    pub(super) fn parse(word: &str) -> Option<Self> {
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
    /// The condition, and its values in order.
    fn sql(&self) -> (String, Vec<Value<'_>>) {
        let mut sql = "standing = 'current'".to_owned();
        let mut values: Vec<Value<'_>> = Vec::new();
        let mut any_of = |column: &str, words: Vec<&'static str>| {
            if !words.is_empty() {
                let first = values.len() + 1;
                let marks: Vec<String> = (first..first + words.len())
                    .map(|n| format!("?{n}"))
                    .collect();
                sql.extend([" AND ", column, " IN (", &marks.join(", "), ")"]);
                values.extend(words.into_iter().map(Value::from));
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
            values.push(platform.into());
            sql.push_str(&format!(" AND platform = ?{}", values.len()));
        }
        if let Some(rule) = &self.rule {
            values.push(format!(",{rule},").into());
            values.push(format!("\"{rule}\"").into());
            let (gate, quoted) = (values.len() - 1, values.len());
            sql.push_str(&format!(
                " AND (instr(',' || gates || ',', ?{gate}) > 0 OR instr(json, ?{quoted}) > 0)"
            ));
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
        let sql = "SELECT coalesce(max(revision), 0) + 1 FROM finding
                   WHERE platform = ?1 AND native_id = ?2";
        let next = self.read(|db| db.one(sql, values![platform, native_id]))?;
        Ok(next.unwrap_or(1))
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
        self.atomically(|db| {
            db.execute(
                "UPDATE finding SET standing = 'superseded'
                 WHERE platform = ?1 AND native_id = ?2 AND standing = 'current'",
                values![&row.platform, &row.native_id],
            )?;
            db.execute(
                &format!(
                    "INSERT INTO finding ({FINDING}, standing)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'current')
                     ON CONFLICT (id, revision) DO UPDATE SET standing = 'current'"
                ),
                values![
                    &row.id,
                    row.revision,
                    &row.platform,
                    &row.native_id,
                    row.level.as_str(),
                    row.route.as_str(),
                    row.points,
                    row.gates.join(","),
                    row.scanned_at.to_string(),
                    &row.run_id,
                    &row.json,
                ],
            )?;
            Ok(())
        })
    }

    fn newest(&self, id: &str) -> Result<Option<(u32, String)>, StateError> {
        let sql = "SELECT revision, json FROM finding WHERE id = ?1 ORDER BY revision DESC LIMIT 1";
        self.read(|db| match db.row(sql, values![id])? {
            Some(row) => Ok(Some((row.get(0)?, row.get(1)?))),
            None => Ok(None),
        })
    }

    /// Marks that a post is no longer flagged. `false` when it was not.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn clear_finding(&mut self, platform: &str, native_id: &str) -> Result<bool, StateError> {
        self.atomically(|db| {
            let marked = db.execute(
                "UPDATE finding SET standing = 'cleared'
                 WHERE platform = ?1 AND native_id = ?2 AND standing = 'current'",
                values![platform, native_id],
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
        values.push(filter.limit.map_or(i64::MAX, i64::from).into());
        let limit = values.len();
        let sql = format!(
            "SELECT {FINDING} FROM finding WHERE {condition} ORDER BY {ORDER} LIMIT ?{limit}"
        );
        self.read(|db| db.rows(&sql, &values)?.iter().map(rows::finding).collect())
    }

    /// Findings a run wrote that still hold, in the order of the queue.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn findings_of_run(&self, run_id: &str) -> Result<Vec<FindingRow>, StateError> {
        let sql = format!(
            "SELECT {FINDING} FROM finding WHERE run_id = ?1 AND standing = 'current' ORDER BY {ORDER}"
        );
        self.read(|db| {
            let rows = db.rows(&sql, values![run_id])?;
            rows.iter().map(rows::finding).collect()
        })
    }

    /// The newest revision of a finding, by its id or the beginning of it.
    /// `None` when none begins so.
    ///
    /// # Errors
    ///
    /// [`StateError::Ambiguous`] with the candidates when several begin so; or
    /// when the file cannot be read.
    pub fn finding(&self, id: &str) -> Result<Option<FindingRow>, StateError> {
        let sql = "SELECT DISTINCT id FROM finding WHERE substr(id, 1, length(?1)) = ?1
                   ORDER BY id LIMIT 10";
        let mut candidates: Vec<String> = self.read(|db| {
            let rows = db.rows(sql, values![id])?;
            rows.iter().map(|row| row.get(0)).collect()
        })?;
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
        self.read(|db| {
            let rows = db.rows(&sql, values![id])?;
            rows.iter()
                .map(|row| Ok((rows::finding(row)?, rows::word(row, 11, Standing::parse)?)))
                .collect()
        })
    }
}
