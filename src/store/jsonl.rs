//! Findings as a file: one record a line.
//!
//! A file appears under its own name only when it is whole. A run that was
//! stopped keeps what it finished under a name that says so, and a run that
//! died leaves an earlier file as it was.

mod read;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::record::Finding;

pub use self::read::{Findings, MAX_LINE_BYTES};

/// Why findings could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write findings to {path}: {source}")]
pub struct WriteError {
    /// The file that was to be written.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// A file of findings being written.
///
/// The records go to a temporary file in the same folder. Dropping this
/// without finishing removes the temporary file and nothing else.
#[derive(Debug)]
pub struct FindingsFile {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    written: u64,
}

impl FindingsFile {
    /// Starts a file that will be called `path`. On Unix only its owner can
    /// read it.
    ///
    /// # Errors
    ///
    /// When no file can be made in the folder of `path`.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, WriteError> {
        let path = path.into();
        let file = tempfile::Builder::new()
            .prefix(".findings-")
            .suffix(".tmp")
            .tempfile_in(folder_of(&path));
        match file {
            Ok(file) => Ok(Self {
                path,
                file: BufWriter::new(file),
                written: 0,
            }),
            Err(source) => Err(WriteError { path, source }),
        }
    }

    /// Adds one record.
    ///
    /// # Errors
    ///
    /// When the disk does not take it.
    pub fn write(&mut self, finding: &Finding) -> Result<(), WriteError> {
        let mut line = finding.to_line();
        line.push('\n');
        self.file
            .write_all(line.as_bytes())
            .map_err(|source| WriteError {
                path: self.path.clone(),
                source,
            })?;
        self.written += 1;
        Ok(())
    }

    /// How many records were added.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Puts the file under its name, replacing an earlier one at once, and
    /// gives the name back.
    ///
    /// # Errors
    ///
    /// When the disk does not take it; an earlier file then stays as it was.
    pub fn finish(self) -> Result<PathBuf, WriteError> {
        let path = self.path.clone();
        self.persist(path)
    }

    /// Keeps what was written so far under `NAME.partial.jsonl` beside the
    /// file's name, and gives that name back. The file itself is not touched.
    ///
    /// # Errors
    ///
    /// When the disk does not take it.
    pub fn finish_partial(self) -> Result<PathBuf, WriteError> {
        let path = partial_name(&self.path);
        self.persist(path)
    }

    fn persist(self, path: PathBuf) -> Result<PathBuf, WriteError> {
        let outcome = (|| {
            let file = self
                .file
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            sync_folder(folder_of(&path))
        })();
        match outcome {
            Ok(()) => Ok(path),
            Err(source) => Err(WriteError { path, source }),
        }
    }
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn partial_name(path: &Path) -> PathBuf {
    let mut name = path.file_stem().map_or_else(OsString::new, Into::into);
    name.push(".partial.jsonl");
    path.with_file_name(name)
}

/// A new name is safe only when the folder that holds it is on disk.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the same signature as where folders can be synced"
)]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
