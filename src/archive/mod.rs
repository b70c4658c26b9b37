//! Reading inputs: JSONL, CSV with a header, plain text and WARC, packed with
//! gzip or zstd or not, from a file or standard input.
//!
//! Two stages. A [`Reader`] cuts the bytes into [`Record`]s, or into a
//! [`Batch`] of them: serial, cheap, and with flat memory whatever the size of
//! the file. [`RecordRef::parse`] turns one record into a
//! [`Post`](crate::post::Post), [`RecordRef::gist`] into what of it is judged:
//! pure computing, free to run on any thread. Whatever cannot be read becomes a [`Skip`](crate::skip::Skip)
//! that names its line, and reading goes on.
//!
//! It refuses to guess: no repair of broken JSON, no guessing of dates, and
//! nothing that is not text is ever kept. It opens no directory and no address.

mod batch;
mod cells;
mod draft;
mod format;
mod jsonl;
mod lines;
mod plain;
mod reader;
mod record;
mod rows;
mod saved;
mod stream;
mod table;
mod warc;

use std::path::PathBuf;

use crate::post::PlatformKind;

pub use batch::Batch;
pub use reader::Reader;
pub use record::{Gist, Record, RecordRef};
pub use saved::{SavedPage, SavedPages};

/// Where bytes are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input, `-` on the command line.
    Stdin,
}

impl Input {
    /// The name it goes by in records and skips: the path as given, or `-`.
    pub fn subject(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "-".to_owned(),
        }
    }
}

/// How an input is written. Packing is not a format: it is seen in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// A table with a header, separated by comma, semicolon or tab.
    Csv,
    /// One post a file.
    Text,
    /// Web pages as served.
    Warc,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Jsonl, Self::Csv, Self::Text, Self::Warc];

    /// The name used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Text => "text",
            Self::Warc => "warc",
        }
    }

    /// The format with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }
}

/// How an input is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Its format; `None` goes by the file's name, then by its first bytes.
    pub format: Option<Format>,
    /// The platform its posts stood on; `None` takes the file's name without
    /// extension, `stdin` for standard input.
    pub platform: Option<String>,
    /// What kind of place that platform is.
    pub platform_kind: PlatformKind,
    /// The longest record held in memory, in bytes: a line, a row, a page.
    /// Longer ones are skipped without being held.
    pub max_record_bytes: usize,
    /// How many items of the reader to pass over before the first one
    /// returned, readable or not: what an earlier run has already taken.
    pub skip_records: u64,
}

impl Options {
    /// 4 MiB.
    pub const MAX_RECORD_BYTES: usize = 4 << 20;
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            platform: None,
            platform_kind: PlatformKind::default(),
            max_record_bytes: Self::MAX_RECORD_BYTES,
            skip_records: 0,
        }
    }
}

/// What is wrong with one record, before it is known which one it is.
#[derive(Clone, Debug)]
struct Fault {
    reason: crate::skip::SkipReason,
    detail: String,
}

impl Fault {
    fn new(reason: crate::skip::SkipReason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }

    fn at(self, subject: &str, line: u64) -> crate::skip::Skip {
        crate::skip::Skip::at(subject, line, self.reason, self.detail)
    }
}
