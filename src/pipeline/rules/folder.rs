//! A folder of rule files: read whole, and watched for changes.
//!
//! Watching is asking, every so often: it works on every file system, network
//! shares too, and needs no thread of its own.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use thiserror::Error;

use super::from::RulesFrom;
use crate::id::Digest;
use crate::rule::{RuleFiles, RuleText};

/// Files this young may still be written to.
const SETTLED: Duration = Duration::from_millis(500);

/// Why a folder of rules could not be read.
#[derive(Debug, Error)]
pub enum FolderError {
    /// The folder, or the one for lists in it.
    #[error("cannot read the rules in `{}`: {source}", .dir.display())]
    Folder {
        /// The folder.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// One file.
    #[error("cannot read `{}`: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that is not text.
    #[error("`{}:{line}:{column}` is not UTF-8", .path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Line of the first byte that is not, counted from 1.
        line: usize,
        /// Its column in characters, counted from 1.
        column: usize,
    },
    /// A file in the encoding that some editors call "Unicode".
    #[error("`{}` is saved as UTF-16, not as UTF-8", .0.display())]
    Utf16(PathBuf),
    /// Nothing in it is a rule file.
    #[error("there are no rule files in `{}`", .0.display())]
    NoRules(PathBuf),
}

/// Reads the rule files of a folder: `*.toml`, `spellings.csv`, and `*.csv` in
/// `lists`.
///
/// # Errors
///
/// When anything of it cannot be read: fewer rules than were written would be
/// a silent miss.
pub fn read_folder(dir: &Path) -> Result<RuleFiles, FolderError> {
    let mut files = Vec::new();
    for (name, path) in paths(dir)? {
        let bytes = std::fs::read(&path).map_err(|source| FolderError::File {
            path: path.clone(),
            source,
        })?;
        let text = decoded(bytes, &path)?;
        files.push(RuleText {
            path: path.display().to_string(),
            name,
            text,
        });
    }
    if files.is_empty() {
        return Err(FolderError::NoRules(dir.to_owned()));
    }
    Ok(RuleFiles::new(files))
}

/// The text of a file.
fn decoded(bytes: Vec<u8>, path: &Path) -> Result<String, FolderError> {
    // With its mark, or without: half of plain letters is zero then.
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] = *bytes {
        return Err(FolderError::Utf16(path.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
        let line = before.rsplit('\n').next().unwrap_or_default();
        FolderError::NotUtf8 {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    })
}

/// The rule files of a folder: name inside the pack, and path.
fn paths(dir: &Path) -> Result<Vec<(String, PathBuf)>, FolderError> {
    let mut paths = Vec::new();
    for (sub, wanted) in [("", "toml"), ("lists", "csv")] {
        let folder = dir.join(sub);
        if sub == "lists" && !folder.is_dir() {
            continue;
        }
        let failed = |source| FolderError::Folder {
            dir: folder.clone(),
            source,
        };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let is_spellings = sub.is_empty() && file == "spellings.csv";
            let is_wanted = path.extension().is_some_and(|one| one == wanted);
            if !is_wanted && !is_spellings {
                continue;
            }
            let name = if sub.is_empty() {
                file.into_owned()
            } else {
                format!("{sub}/{file}")
            };
            paths.push((name, path));
        }
    }
    paths.sort();
    Ok(paths)
}

/// What a folder looks like without reading its files.
type Look = Vec<(String, u64, Option<SystemTime>)>;

fn look(from: &RulesFrom) -> Result<Look, FolderError> {
    let mut seen = Vec::new();
    for dir in from.folders() {
        for (_, path) in paths(dir)? {
            let about = std::fs::metadata(&path).map_err(|source| FolderError::File {
                path: path.clone(),
                source,
            })?;
            let name = path.display().to_string();
            seen.push((name, about.len(), about.modified().ok()));
        }
    }
    Ok(seen)
}

/// Notices when rule files have become others.
#[derive(Debug)]
pub struct WatchedRules {
    from: RulesFrom,
    /// How it looked when it was last asked about.
    seen: Option<Look>,
    /// Whether `seen` was also read.
    is_read: bool,
    /// The digest of the files last read, or what was wrong with them.
    last: Option<Result<Digest, String>>,
}

impl WatchedRules {
    /// Files that were read before, with this digest, or were not.
    pub fn new(from: RulesFrom, read: Option<Digest>) -> Self {
        Self {
            from,
            seen: None,
            is_read: false,
            last: read.map(Ok),
        }
    }

    /// The files, if they are others than those last read; `None` when they
    /// are the same or are still being written at `now`.
    pub fn poll(&mut self, now: SystemTime) -> Option<Result<RuleFiles, FolderError>> {
        let seen = match look(&self.from) {
            Ok(seen) => seen,
            Err(error) => return self.failed(error),
        };
        let is_same = self.seen.as_ref() == Some(&seen);
        if is_same && self.is_read {
            return None;
        }
        // A save of several files, or of one large one, takes a moment. What
        // is old enough, or looks as it did the last time, is whole.
        let is_old = |at: &Option<SystemTime>| {
            at.is_none_or(|at| now.duration_since(at).is_ok_and(|age| age >= SETTLED))
        };
        let is_settled = is_same || seen.iter().all(|(_, _, at)| is_old(at));
        self.seen = Some(seen);
        self.is_read = is_settled;
        if is_settled { self.read() } else { None }
    }

    /// The same without waiting for the folder to settle.
    pub fn read(&mut self) -> Option<Result<RuleFiles, FolderError>> {
        match self.from.read() {
            Ok(files) => {
                let digest = files.digest();
                if self.last.replace(Ok(digest)) == Some(Ok(digest)) {
                    return None;
                }
                Some(Ok(files))
            }
            Err(error) => self.failed(error),
        }
    }

    /// Tells the same trouble once.
    fn failed(&mut self, error: FolderError) -> Option<Result<RuleFiles, FolderError>> {
        self.is_read = false;
        let told = Some(Err(error.to_string()));
        if self.last == told {
            return None;
        }
        self.last = told;
        Some(Err(error))
    }
}
