//! What a run tells about itself when it ends, for digests and the doctor. No
//! text of posts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::db::{Fault, values};
use super::{State, StateError};

/// What one run used and met, besides its counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunSummary {
    /// Requests sent, robots.txt counted.
    pub requests: u64,
    /// Body bytes received.
    pub bytes: u64,
    /// Bytes that packing spared the line.
    pub spared: u64,
    /// SHA-256 of the rules it judged with, in hex.
    pub ruleset: String,
    /// Indicators that were loaded.
    pub indicators: u64,
    /// What each source gave, in the order of `lentera.toml`.
    pub sources: Vec<SourceSummary>,
    /// Inputs not processed, by reason.
    pub skips: BTreeMap<String, u64>,
    /// Whether it was ended from outside.
    pub interrupted: bool,
}

/// What one source gave in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceSummary {
    /// The source's id.
    pub id: String,
    /// Answers received, redirects counted.
    pub pages: u64,
    /// Body bytes received.
    pub bytes: u64,
    /// Posts read.
    pub posts: u64,
    /// Posts flagged.
    pub flagged: u64,
    /// Advertisements not fetched because they were known.
    pub known: u64,
    /// Pages that are as they were.
    pub unchanged: u64,
    /// What was told of it as drift.
    pub drift: Vec<String>,
    /// Why it ended early.
    pub failure: Option<String>,
}

impl RunSummary {
    /// Answers received from all sources.
    pub fn pages(&self) -> u64 {
        self.sources.iter().map(|source| source.pages).sum()
    }

    /// Posts read from all of them.
    pub fn posts(&self) -> u64 {
        self.sources.iter().map(|source| source.posts).sum()
    }

    /// Advertisements not fetched because they were known.
    pub fn known(&self) -> u64 {
        self.sources.iter().map(|source| source.known).sum()
    }

    /// Pages that are as they were.
    pub fn unchanged(&self) -> u64 {
        self.sources.iter().map(|source| source.unchanged).sum()
    }
}

impl State {
    /// Notes what a run tells about itself.
    ///
    /// # Errors
    ///
    /// [`StateError::NoSuchRun`] when it was not begun; or when the file
    /// cannot be written.
    ///
    /// # Panics
    ///
    /// Never: a summary has only plain values.
    pub fn put_summary(&mut self, id: &str, summary: &RunSummary) -> Result<(), StateError> {
        let json = serde_json::to_string(summary)
            .map_err(|error| self.wrap(Fault::Strange(error.to_string())))?;
        let found = self.atomically(|db| {
            db.execute(
                "UPDATE run SET summary = ?2 WHERE id = ?1",
                values![id, json],
            )
        })?;
        if found == 0 {
            return Err(StateError::NoSuchRun(id.to_owned()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::state::RunCounts;
    use crate::store::state::kit::Kit;

    #[test]
    fn what_a_run_tells_is_read_back_and_an_unknown_run_is_refused() {
        Kit::each(|kit| {
            let mut state = kit.open();
            let at = jiff::Timestamp::UNIX_EPOCH;
            state.begin_run("r1", "crawl", at).unwrap();
            let summary = RunSummary {
                bytes: 7,
                sources: vec![SourceSummary {
                    id: "papan".to_owned(),
                    drift: vec!["it gave no posts".to_owned()],
                    ..SourceSummary::default()
                }],
                skips: BTreeMap::from([("http_status".to_owned(), 2)]),
                ..RunSummary::default()
            };
            state.put_summary("r1", &summary).unwrap();
            state.end_run("r1", &RunCounts::default(), at).unwrap();
            assert_eq!(state.runs().unwrap()[0].summary, Some(summary.clone()));
            let one = state.run("r1").unwrap().unwrap();
            assert_eq!(one.summary, Some(summary));
            assert_eq!(state.run("r2").unwrap(), None);
            let unknown = state.put_summary("r2", &RunSummary::default());
            assert!(matches!(unknown, Err(StateError::NoSuchRun(id)) if id == "r2"));
        });
    }
}
