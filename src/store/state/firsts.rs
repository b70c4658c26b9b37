//! Findings by when they were first flagged: what a digest counts.

use jiff::Timestamp;

use super::db::values;
use super::rows::{self, FINDING};
use super::{FindingRow, State, StateError};
use crate::assessment::{Level, Route};

/// Findings that hold, of one level and route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingCount {
    /// How soon a person should look.
    pub level: Level,
    /// Where they go.
    pub route: Route,
    /// How many.
    pub n: u64,
    /// When the oldest of them was flagged as it now stands.
    pub oldest: Timestamp,
}

/// Findings read at once.
const PAGE: usize = 512;

impl State {
    /// Hands the findings that hold and were first flagged at `since` or later
    /// to `each`, by id, with that time. A page of them is in memory at a time.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn first_flagged(
        &self,
        since: Timestamp,
        mut each: impl FnMut(FindingRow, Timestamp),
    ) -> Result<(), StateError> {
        // Texts of times compare well up to the second; the rest is told below.
        let second = since.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let columns = FINDING.split(", ").map(|column| format!("now.{column}"));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT {columns}, first.scanned_at FROM finding first
             JOIN finding now ON now.id = first.id AND now.standing = 'current'
             WHERE first.scanned_at >= ?1 AND first.id > ?2
             AND first.revision = (SELECT min(revision) FROM finding WHERE id = first.id)
             ORDER BY first.id LIMIT {PAGE}"
        );
        let mut after = String::new();
        loop {
            let page: Vec<(FindingRow, Timestamp)> = self.read(|db| {
                let rows = db.rows(&sql, values![&second, &after])?;
                let row = |row| Ok((rows::finding(row)?, rows::time(row, 11)?));
                rows.iter().map(row).collect()
            })?;
            let is_last = page.len() < PAGE;
            for (row, at) in page {
                after.clone_from(&row.id);
                if at >= since {
                    each(row, at);
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Findings that hold, counted by level and route, and when the oldest of
    /// them was flagged as it now stands.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn standing(&self) -> Result<Vec<StandingCount>, StateError> {
        self.read(|db| {
            let rows = db.rows(
                "SELECT level, route, count(*), min(scanned_at) FROM finding
                 WHERE standing = 'current' GROUP BY level, route ORDER BY level, route",
                &[],
            )?;
            let row = |row| {
                Ok(StandingCount {
                    level: rows::word(row, 0, Level::parse)?,
                    route: rows::word(row, 1, Route::parse)?,
                    n: row.get(2)?,
                    oldest: rows::time(row, 3)?,
                })
            };
            rows.iter().map(row).collect()
        })
    }
}
