//! `schedule.json`: which times are settled, and how the last run ended.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{MEMORY, Planned};
use crate::pipeline::whole;

/// A clock may be put right by less; by more, it was wrong when a time was
/// settled.
const MOST_BACK: SignedDuration = SignedDuration::from_hours(24);

/// What is remembered of all sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// By id of the source.
    #[serde(default)]
    pub sources: BTreeMap<String, Past>,
}

/// What is remembered of one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// The timetable that this is about.
    pub table: String,
    /// Times up to this one are not asked for any more.
    #[serde(with = "as_text")]
    pub settled: Timestamp,
    /// Times that passed without a run of their own, all in all.
    pub missed: u64,
    /// The last run.
    pub last: Option<LastRun>,
}

/// How a run went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// Its id; `None` when nothing could be begun.
    pub run_id: Option<String>,
    /// The time it was for.
    #[serde(with = "as_text")]
    pub due: Timestamp,
    /// When it began.
    #[serde(with = "as_text")]
    pub began: Timestamp,
    /// When it ended.
    #[serde(with = "as_text")]
    pub ended: Timestamp,
    /// How.
    pub outcome: Outcome,
    /// Why, where it did not go well.
    pub detail: Option<String>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All was read.
    Well,
    /// Something could not be read; the rest was.
    InPart,
    /// It was ended from outside; what was finished is kept, and its time is
    /// still due.
    Interrupted,
    /// It could not be begun or finished.
    Failed,
}

impl Outcome {
    /// For people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::InPart => "in part",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }
}

/// Why the memory cannot be used.
#[derive(Debug, Error)]
pub enum MemoryError {
    /// The disk does not do what is asked.
    #[error("cannot use `{}`: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It does not read as one.
    #[error("`{}` is damaged: {source}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
}

impl Memory {
    /// Reads that of a workspace; an empty one where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is none.
    pub fn load(root: &Path) -> Result<Self, MemoryError> {
        let path = root.join(MEMORY);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|source| MemoryError::Damaged { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(MemoryError::Io { path, source }),
        }
    }

    /// Writes it in one step, to the disk itself.
    ///
    /// # Errors
    ///
    /// When it cannot be written; the one before stands then.
    pub fn save(&self, root: &Path) -> Result<(), MemoryError> {
        let path = root.join(MEMORY);
        let written = whole::replace(&path, |file| {
            serde_json::to_writer_pretty(&mut *file, self)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()
        });
        written.map_err(|source| MemoryError::Io { path, source })
    }

    /// Makes room for each source that is planned. One that is new, or has new
    /// times, or was settled by a clock that ran ahead, begins now: it is not
    /// due for what lies behind. Says whether anything changed.
    pub fn meet(&mut self, plan: &[Planned], now: Timestamp) -> bool {
        let before = self.clone();
        for planned in plan {
            let table = planned.name();
            let id = planned.source.id.clone();
            let past = self.sources.entry(id).or_insert_with(|| Past {
                table: table.clone(),
                settled: now,
                missed: 0,
                last: None,
            });
            let ran_ahead = past.settled.duration_since(now) > MOST_BACK;
            if past.table != table || ran_ahead {
                past.table = table;
                past.settled = now;
            }
        }
        *self != before
    }
}

/// Times as RFC 3339.
mod as_text {
    use jiff::Timestamp;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(at)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}
