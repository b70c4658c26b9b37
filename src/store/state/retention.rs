//! What is taken out for good when its time is over.
//!
//! Nothing here decides what is past its time; whoever asks has written down
//! elsewhere what goes, before it goes.

use super::addresses::to_second;
use super::db::{Db, values};
use super::{State, StateError};
use std::path::Path;

use jiff::Timestamp;

/// Posts without a finding that nobody has seen since `?1`.
const OLD: &str = "last_seen <= ?1 AND NOT EXISTS (SELECT 1 FROM finding
     WHERE finding.platform = post.platform AND finding.native_id = post.native_id)";

impl State {
    /// Takes out every revision of these findings; how many rows that were.
    /// The row of the post stays: it says that the post is known, so that the
    /// next crawl does not find it new.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn remove_findings(&mut self, ids: &[String]) -> Result<u64, StateError> {
        self.atomically(|db| {
            let mut removed = 0;
            for id in ids {
                removed += db.execute("DELETE FROM finding WHERE id = ?1", values![id])?;
            }
            Ok(removed)
        })
    }

    /// Posts without a finding that were last seen at `before` or earlier.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn count_old_posts(&self, before: Timestamp) -> Result<u64, StateError> {
        let sql = format!("SELECT count(*) FROM post WHERE {OLD}");
        let count = self.read(|db| db.one(&sql, values![to_second(before)]))?;
        Ok(count.unwrap_or(0))
    }

    /// Takes these posts out; how many that were.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn remove_old_posts(&mut self, before: Timestamp) -> Result<u64, StateError> {
        let sql = format!("DELETE FROM post WHERE {OLD}");
        self.atomically(|db| db.execute(&sql, values![to_second(before)]))
    }

    /// Forgets the captures of addresses in an evidence file, named as captures
    /// name it, at the offsets for which `gone` holds: the next visit asks for
    /// the whole page, for there is nothing left to compare it with.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn forget_captures(
        &mut self,
        file: &str,
        gone: impl Fn(u64) -> bool,
    ) -> Result<u64, StateError> {
        self.atomically(|db| {
            let found = db.rows(
                "SELECT id, evidence_offset FROM address WHERE evidence = ?1",
                values![file],
            )?;
            let mut forgotten = 0;
            for row in found {
                let (id, offset): (i64, u64) = (row.get(0)?, row.get(1)?);
                if gone(offset) {
                    forgotten += db.execute(
                        "UPDATE address SET etag = NULL, last_modified = NULL, content = NULL,
                         evidence = NULL, evidence_offset = NULL, record_id = NULL,
                         payload = NULL, captured_at = NULL WHERE id = ?1",
                        values![id],
                    )?;
                }
            }
            Ok(forgotten)
        })
    }

    /// Writes the whole file as it stands now to another one, which must not be
    /// there.
    ///
    /// # Errors
    ///
    /// When the state is kept on a server, or the disk does not take it.
    pub fn copy_to(&self, path: &Path) -> Result<(), StateError> {
        let failed = |detail: &str| StateError::Failed {
            path: path.to_owned(),
            detail: detail.to_owned(),
        };
        let Db::File(_) = &self.db else {
            return Err(failed(
                "a server is copied by its own means, such as pg_dump",
            ));
        };
        let name = path.to_str().ok_or_else(|| failed("its name is no text"))?;
        self.read(|db| db.execute("VACUUM INTO ?1", values![name]))
            .map(drop)
    }

    /// Writes the tables anew without what was taken out of them, so that
    /// nothing of that is left in free pages or in the log beside the file. A
    /// server's own logs and copies are for whoever runs it.
    ///
    /// # Errors
    ///
    /// When another process holds the file, or the disk has no room for a
    /// second copy of it.
    pub fn scrub(&mut self) -> Result<(), StateError> {
        self.commit()?;
        let Db::File(_) = &self.db else {
            return self.read(|db| {
                db.execute("VACUUM FULL finding", values![])?;
                db.execute("VACUUM FULL post", values![]).map(drop)
            });
        };
        let busy: Option<u32> = self.read(|db| {
            db.rows("PRAGMA secure_delete = ON", values![])?;
            db.execute("VACUUM", values![])?;
            db.one("PRAGMA wal_checkpoint(TRUNCATE)", values![])
        })?;
        if busy == Some(0) {
            return Ok(());
        }
        let path = self.path.clone();
        Err(StateError::Locked { path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::{Level, Route};
    use crate::id::Digest;
    use crate::post::Post;
    use crate::store::state::kit::Kit;
    use crate::store::state::tests::post;
    use crate::store::state::{FindingRow, Seen, Standing};

    const MARK: &str = "kata-yang-harus-hilang";

    fn row(post: &Post, revision: u32) -> FindingRow {
        FindingRow {
            id: format!("id-{}", post.native_id),
            revision,
            platform: post.platform.clone(),
            native_id: post.native_id.clone(),
            level: Level::High,
            route: Route::Alert,
            points: 1,
            gates: Vec::new(),
            scanned_at: Timestamp::UNIX_EPOCH,
            run_id: "r".to_owned(),
            json: format!("{{\"text\":\"{MARK} {}\"}}", "x".repeat(9_000)),
        }
    }

    fn holds(dir: &Path, word: &str) -> bool {
        dir.read_dir().unwrap().any(|entry| {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            bytes
                .windows(word.len())
                .any(|part| part == word.as_bytes())
        })
    }

    #[test]
    fn what_is_removed_is_gone_from_every_file_and_the_post_stays_known() {
        Kit::each(|kit| {
            let mut state = kit.open();
            let rules = Digest::of(b"rules");
            let post = post("7", "teks");
            let at = "2026-01-01T00:00:00Z".parse().unwrap();
            assert_eq!(state.see(&post, &rules, at).unwrap(), Seen::New);
            state.put_finding(&row(&post, 1)).unwrap();
            state.put_finding(&row(&post, 2)).unwrap();
            assert_eq!(state.count_old_posts(at).unwrap(), 0, "it has a finding");
            let mut met = Vec::new();
            let each = |row: FindingRow, standing| met.push((row.revision, standing));
            state.each_finding(each).unwrap();
            assert_eq!(met, [(1, Standing::Superseded), (2, Standing::Current)]);
            let counts = state.post_counts().unwrap();
            assert_eq!((counts[0].posts, counts[0].oldest), (1, at));
            let holds = |word| match kit {
                Kit::File(dir) => Some(holds(dir.path(), word)),
                Kit::Database(_) => None,
            };
            assert_ne!(holds(MARK), Some(false));
            assert_eq!(state.remove_findings(&["id-7".to_owned()]).unwrap(), 2);
            state.scrub().unwrap();
            assert_ne!(holds(MARK), Some(true));
            assert_eq!(state.see(&post, &rules, at).unwrap(), Seen::Unchanged);

            let earlier = "2025-12-31T00:00:00Z".parse().unwrap();
            assert_eq!(state.remove_old_posts(earlier).unwrap(), 0);
            assert_eq!(state.count_old_posts(at).unwrap(), 1);
            assert_eq!(state.remove_old_posts(at).unwrap(), 1);
            assert_eq!(state.see(&post, &rules, at).unwrap(), Seen::New);
        });
    }
}
