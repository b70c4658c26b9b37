//! Keeps pages as evidence: WARC files as archives read them, and a manifest
//! in which every record is chained to the one before.
//!
//! A finished file is never opened for writing again; a run always begins a
//! new one. Nothing is ever cut, corrected or reordered in a file that holds
//! evidence. This module fetches nothing and judges nothing.

pub mod warc;
pub mod manifest;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::Timestamp;

pub use manifest::{Manifest, Report, verify};
pub use warc::{Exchange, Origin};

use crate::id::Digest;
use crate::post::Capture;

/// Files of one name that may stand side by side.
const MAX_FILES: u32 = 10_000;

/// One WARC file being written, and the manifest of its folder.
#[derive(Debug)]
pub struct Evidence {
    open: Mutex<Open>,
    /// The file's path as captures name it: folder and file name.
    shown: String,
}

#[derive(Debug)]
struct Open {
    file: File,
    path: PathBuf,
    name: String,
    offset: u64,
    manifest: Manifest,
    /// Set by the first failed write: what came after it could not be trusted.
    broken: bool,
}

impl Evidence {
    /// Begins a new file `NAME.warc.gz` in `dir`, which is made if need be;
    /// `NAME-2.warc.gz` and so on where it exists. `about` says who collects,
    /// with what and why; it becomes the first record. Captures name files
    /// relative to the folder that holds `dir`.
    ///
    /// # Errors
    ///
    /// When the folder or the file cannot be written, the name is not a plain
    /// file name, or the manifest cannot be continued.
    pub fn create(
        dir: &Path,
        name: &str,
        about: &[(&str, &str)],
        now: Timestamp,
    ) -> io::Result<Self> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(plain) {
            let why = format!("{name:?} is not a plain file name");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        make_private_dir(dir)?;
        let manifest = Manifest::open(dir)?;
        let (file, name) = new_file(dir, name)?;
        let shown = match dir.file_name() {
            Some(folder) => format!("{}/{name}", folder.to_string_lossy()),
            None => name.clone(),
        };
        let mut open = Open {
            file,
            path: dir.join(&name),
            name,
            offset: 0,
            manifest,
            broken: false,
        };
        open.append(&warc::info(&open.name, about, now))?;
        let open = Mutex::new(open);
        Ok(Self { open, shown })
    }

    /// Keeps a request and its answer, and says where the answer stands.
    ///
    /// # Errors
    ///
    /// When it cannot be written. Nothing more is accepted after that.
    pub fn keep(&self, exchange: &Exchange<'_>) -> io::Result<Capture> {
        let mut open = self
            .open
            .lock()
            .map_err(|_| io::Error::other("a writer failed"))?;
        let origin = Origin {
            file: &open.name,
            offset: open.offset,
        };
        let records = warc::records(exchange, origin);
        let offset = open.append(&records.response)?;
        open.append(&records.request)?;
        Ok(Capture {
            path: self.shown.clone(),
            offset,
            record_id: records.record_id,
            digest: Digest::of(exchange.body),
        })
    }

    /// Where the file stands.
    pub fn path(&self) -> PathBuf {
        match self.open.lock() {
            Ok(open) => open.path.clone(),
            Err(poisoned) => poisoned.into_inner().path.clone(),
        }
    }

    /// Puts everything kept so far on the disk, past the system's caches.
    ///
    /// # Errors
    ///
    /// When the disk does not take it. Nothing more is accepted after that: a
    /// second attempt may succeed without having written anything.
    pub fn sync(&self) -> io::Result<()> {
        let mut open = self
            .open
            .lock()
            .map_err(|_| io::Error::other("a writer failed"))?;
        open.guard(|open| {
            open.file.sync_all()?;
            open.manifest.sync()?;
            sync_dir(open.path.parent())
        })
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// As [`Evidence::sync`].
    pub fn finish(self) -> io::Result<()> {
        self.sync()
    }
}

impl Open {
    /// Writes one gzip member and its manifest line; returns its offset.
    fn append(&mut self, member: &[u8]) -> io::Result<u64> {
        self.guard(|open| {
            let offset = open.offset;
            open.file.write_all(member)?;
            open.offset += member.len() as u64;
            open.manifest.append(&open.name, offset, member)?;
            Ok(offset)
        })
    }

    fn guard<T>(&mut self, work: impl FnOnce(&mut Self) -> io::Result<T>) -> io::Result<T> {
        if self.broken {
            return Err(io::Error::other("an earlier write of this evidence failed"));
        }
        let done = work(self);
        self.broken = done.is_err();
        done
    }
}

/// Makes a folder that only its owner reads: advertisements and telephone
/// numbers are personal data. One that exists is left as it is.
fn make_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Puts the names of new files on the disk too, where the system allows it.
fn sync_dir(dir: Option<&Path>) -> io::Result<()> {
    match dir {
        Some(dir) if cfg!(unix) => File::open(dir)?.sync_all(),
        _ => Ok(()),
    }
}

/// A file that did not exist before, and its name.
fn new_file(dir: &Path, name: &str) -> io::Result<(File, String)> {
    for n in 1..=MAX_FILES {
        let name = if n == 1 {
            format!("{name}.warc.gz")
        } else {
            format!("{name}-{n}.warc.gz")
        };
        match private()
            .append(true)
            .create_new(true)
            .open(dir.join(&name))
        {
            Ok(file) => return Ok((file, name)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    let why = format!("{name}.warc.gz exists {MAX_FILES} times");
    Err(io::Error::new(io::ErrorKind::AlreadyExists, why))
}

/// Options for files only their owner can read: pages are kept as published,
/// with the contacts that stand in them.
fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests;
