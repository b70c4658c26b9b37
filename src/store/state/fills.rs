//! How full the posts of each source were, run by run: what drift is seen by.

use jiff::Timestamp;

use super::db::{Fault, Row, values};
use super::{State, StateError};

/// The table; one line a source and run.
pub(super) const TABLE: &str = "
CREATE TABLE source_run (
    source  TEXT NOT NULL,
    run_id  TEXT NOT NULL,
    at      TEXT NOT NULL,
    posts   INTEGER NOT NULL,   -- read in this run
    unread  INTEGER NOT NULL,   -- should have been posts
    filled  TEXT NOT NULL,      -- posts with each field: title, text, author, published, place
    alarms  TEXT NOT NULL,      -- what the run was told of as drift, separated by semicolons
    PRIMARY KEY (source, run_id)
) WITHOUT ROWID;
";

/// How full the posts of one source were in one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceRun {
    /// Posts read.
    pub posts: u64,
    /// Pages and items that should have been posts.
    pub unread: u64,
    /// Posts with each field, in a fixed order.
    pub filled: Vec<u64>,
    /// What the run was told of as drift.
    pub alarms: Vec<String>,
}

impl State {
    /// Notes how full the posts of a source were in a run.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn put_source_run(
        &mut self,
        source: &str,
        run_id: &str,
        at: Timestamp,
        run: &SourceRun,
    ) -> Result<(), StateError> {
        let filled: Vec<String> = run.filled.iter().map(u64::to_string).collect();
        self.atomically(|db| {
            db.execute(
                "INSERT INTO source_run (source, run_id, at, posts, unread, filled, alarms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (source, run_id) DO UPDATE SET at = ?3, posts = ?4, unread = ?5,
                 filled = ?6, alarms = ?7",
                values![
                    source,
                    run_id,
                    at.to_string(),
                    run.posts,
                    run.unread,
                    filled.join(","),
                    run.alarms.join("; "),
                ],
            )
        })
        .map(drop)
    }

    /// The newest runs of a source, at most `most`, newest first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn source_runs(&self, source: &str, most: usize) -> Result<Vec<SourceRun>, StateError> {
        let sql = "SELECT at, posts, unread, filled, alarms FROM source_run WHERE source = ?1";
        let mut runs: Vec<(Timestamp, SourceRun)> = self.read(|db| {
            let rows = db.rows(sql, values![source])?;
            rows.iter().map(source_run).collect()
        })?;
        // By instant, not by text: "…00Z" and "…00.5Z" sort differently.
        runs.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        Ok(runs.into_iter().take(most).map(|(_, run)| run).collect())
    }
}

fn source_run(row: &Row) -> Result<(Timestamp, SourceRun), Fault> {
    let filled = row.text(3)?.split(',');
    let alarms = row.text(4)?.split("; ").filter(|one| !one.is_empty());
    let run = SourceRun {
        posts: row.get(1)?,
        unread: row.get(2)?,
        filled: filled.map(|one| one.parse().unwrap_or(0)).collect(),
        alarms: alarms.map(str::to_owned).collect(),
    };
    Ok((super::rows::time(row, 0)?, run))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::state::kit::Kit;

    #[test]
    fn runs_of_a_source_are_kept_newest_first() {
        Kit::each(|kit| {
            let mut state = kit.open();
            let at = |text: &str| text.parse::<Timestamp>().unwrap();
            let run = |posts| SourceRun {
                posts,
                unread: 1,
                filled: vec![posts, 0, 2, 0, 0],
                alarms: vec!["it gave no posts".to_owned()],
            };
            state.begin().unwrap();
            state
                .put_source_run("a", "r1", at("2026-11-03T00:00:00Z"), &run(7))
                .unwrap();
            state
                .put_source_run("a", "r2", at("2026-11-03T00:00:00.5Z"), &run(8))
                .unwrap();
            state
                .put_source_run("b", "r2", at("2026-11-04T00:00:00Z"), &run(9))
                .unwrap();
            state.commit().unwrap();
            assert_eq!(state.source_runs("a", 5).unwrap(), [run(8), run(7)]);
            assert_eq!(state.source_runs("a", 1).unwrap(), [run(8)]);
            assert_eq!(state.source_runs("c", 5).unwrap(), []);
        });
    }
}
