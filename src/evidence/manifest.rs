//! `MANIFEST.jsonl`: one line for every record in a folder, chained.
//!
//! A WARC file from which a whole record was taken still passes every WARC
//! validator; a chain with a line missing does not.

use std::fs::File;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Name of the manifest in its folder.
pub(super) const FILE: &str = "MANIFEST.jsonl";

/// One record: a gzip member of a WARC file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// WARC file in the same folder.
    pub file: String,
    /// First byte of the member in it.
    pub offset: u64,
    /// Bytes of the member.
    pub length: u64,
    /// `WARC-Type` of the record.
    #[serde(rename = "type")]
    pub kind: String,
    /// `WARC-Record-ID` of the record.
    pub id: String,
    /// SHA-256 of the member as it stands in the file, in hexadecimal.
    pub sha256: String,
}

impl Listed {
    /// The first byte behind the member.
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(self.length)
    }
}

/// Opens the manifest of `dir` for the only writer there may be.
pub(super) fn lock(dir: &Path) -> io::Result<File> {
    let file = super::private()
        .read(true)
        .append(true)
        .create(true)
        .open(dir.join(FILE))?;
    file.try_lock().map_err(|error| in_use(&error))?;
    Ok(file)
}

/// Opens the manifest of `dir` for reading, while nobody writes.
pub(super) fn lock_shared(dir: &Path) -> io::Result<File> {
    let file = File::open(dir.join(FILE))?;
    // Not every file system has locks; reading harms nobody.
    if let Err(error @ std::fs::TryLockError::WouldBlock) = file.try_lock_shared() {
        return Err(in_use(&error));
    }
    Ok(file)
}

fn in_use(error: &std::fs::TryLockError) -> io::Error {
    let why = format!("{FILE} is in use by another run: {error}");
    io::Error::new(io::ErrorKind::WouldBlock, why)
}
