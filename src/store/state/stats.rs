//! How much is kept, and every revision of it one after the other.

use jiff::Timestamp;

use super::db::values;
use super::rows::{self, FINDING};
use super::{FindingRow, Standing, State, StateError};

/// Revisions read at once.
const AT_ONCE: u32 = 200;

/// Posts of one platform that are known. Of a post, its identity, digests and
/// times are kept here, never its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostCount {
    /// The platform.
    pub platform: String,
    /// How many.
    pub posts: u64,
    /// When the one unseen for longest was last seen.
    pub oldest: Timestamp,
    /// When the last one was seen.
    pub newest: Timestamp,
}

impl State {
    /// Hands out every revision of every finding with its standing, by id and
    /// revision; holds a few at a time.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn each_finding(
        &self,
        mut each: impl FnMut(FindingRow, Standing),
    ) -> Result<(), StateError> {
        let sql = format!(
            "SELECT {FINDING}, standing FROM finding
             WHERE id > ?1 OR (id = ?1 AND revision > ?2) ORDER BY id, revision LIMIT {AT_ONCE}"
        );
        let (mut id, mut revision) = (String::new(), 0_u32);
        loop {
            let read = self.read(|db| {
                let rows = db.rows(&sql, values![&id, revision])?;
                let rows = rows
                    .iter()
                    .map(|row| Ok((rows::finding(row)?, rows::word(row, 11, Standing::parse)?)));
                rows.collect::<Result<Vec<_>, _>>()
            })?;
            let Some((last, _)) = read.last() else {
                return Ok(());
            };
            id.clone_from(&last.id);
            revision = last.revision;
            for (row, standing) in read {
                each(row, standing);
            }
        }
    }

    /// How many posts are known, by platform.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn post_counts(&self) -> Result<Vec<PostCount>, StateError> {
        let sql = "SELECT platform, count(*), min(last_seen), max(last_seen) FROM post
                   GROUP BY platform ORDER BY platform";
        self.read(|db| {
            let rows = db.rows(sql, values![])?;
            let rows = rows.iter().map(|row| {
                Ok(PostCount {
                    platform: row.get(0)?,
                    posts: row.get(1)?,
                    oldest: rows::time(row, 2)?,
                    newest: rows::time(row, 3)?,
                })
            });
            rows.collect()
        })
    }

    /// Addresses known of all sources.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn address_count(&self) -> Result<u64, StateError> {
        let count = self.read(|db| db.one("SELECT count(*) FROM address", values![]))?;
        Ok(count.unwrap_or(0))
    }
}
