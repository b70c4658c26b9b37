//! Keeps pages as evidence: WARC files as archives read them, a manifest in
//! which every record is chained to the one before, and a chained log of what
//! was done to the folder.
//!
//! A file that was ended is never opened for writing again; a run always begins
//! a new one, and another when it grows large. Nothing that was committed is
//! cut, corrected or reordered. Only [`Destroyer`] takes something out, and the
//! chain tells what. This module fetches nothing and judges nothing.
#![doc = include_str!("FORMAT.md")]

mod captured;
mod chain;
mod chained;
mod destroy;
mod destroyed;
mod manifest;
mod read;
mod recover;
pub mod stamp;
mod state;
mod verify;
pub mod warc;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

pub use captured::{Record, captured, record};
pub use chain::{Began, Cut, Entry, Event, Sealed, Unmasked};
pub use chained::Link;
pub use destroy::{Destroyer, Unneeded, each_record, unneeded};
pub use destroyed::{
    FindingsDestroyed, GoneFinding, OpenPurge, OthersDestroyed, PurgeEnd, PurgeStart,
    RecordsDestroyed, RecordsGone,
};
pub use manifest::Listed;
pub use recover::{Mark, Recovered, recover};
pub use state::{State, state};
pub use verify::{Fault, Report, verify};
pub use warc::{Earlier, Exchange, Origin, Sameness};

use crate::id::Digest;
use crate::post::Capture;
use chain::Chain;
use chained::Tail;
use recover::Opened;
use warc::{Group, Member};

/// Files of one name that may stand side by side.
const MAX_FILES: u32 = 10_000;
/// How names of WARC files end.
const SUFFIX: &str = ".warc.gz";

/// A run that collects.
#[derive(Clone, Debug)]
pub struct Run<'r> {
    /// Its name; files begin with it.
    pub name: &'r str,
    /// Who collects, with what and why: fields of the `warcinfo` record.
    pub about: &'r [(&'r str, &'r str)],
    /// Digest of the rule set; empty when nothing is judged.
    pub rules: String,
    /// Digest of the source definitions.
    pub sources: String,
    /// Bytes after which the next page begins another file.
    pub max_file_bytes: u64,
    /// When it begins.
    pub now: Timestamp,
}

impl<'r> Run<'r> {
    /// 256 MiB.
    pub const MAX_FILE_BYTES: u64 = 256 << 20;

    /// A run of this name that says nothing about itself.
    pub fn new(name: &'r str, now: Timestamp) -> Self {
        Self {
            name,
            about: &[],
            rules: String::new(),
            sources: String::new(),
            max_file_bytes: Self::MAX_FILE_BYTES,
            now,
        }
    }
}

/// A folder of evidence, open for one run.
#[derive(Debug)]
pub struct Evidence {
    open: Mutex<Open>,
}

#[derive(Debug)]
struct Open {
    dir: PathBuf,
    began: Began,
    about: Vec<(String, String)>,
    max_file_bytes: u64,
    segment: Segment,
    manifest: Tail,
    chain: Chain,
    /// The newest time anything was kept at.
    latest: Timestamp,
    segments: u64,
    records: u64,
    /// Set by the first failed write, after which nothing could be trusted,
    /// and by the end of the run.
    closed: Option<&'static str>,
}

/// The WARC file being written.
#[derive(Debug)]
struct Segment {
    file: File,
    name: String,
    bytes: u64,
    records: u64,
    hash: Sha256,
    /// Whether its name is on the disk.
    named: bool,
}

impl Evidence {
    /// Begins a run in `dir`, which is made if need be, with a new file
    /// `NAME.warc.gz`; `NAME-2.warc.gz` and so on where it exists. What a
    /// killed run left open is put right first, as [`recover()`] does without a
    /// committed place. Captures name files relative to the folder that holds
    /// `dir`.
    ///
    /// # Errors
    ///
    /// When the folder or the file cannot be written, the name is not a plain
    /// file name, or the manifest or the chain cannot be continued.
    pub fn create(dir: &Path, run: &Run<'_>) -> io::Result<Self> {
        if !is_plain(run.name) {
            let why = format!("{:?} is not a plain file name", run.name);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        make_private_dir(dir)?;
        let Opened {
            manifest,
            mut chain,
            ..
        } = Opened::open(dir, None, run.now)?;
        let began = Began {
            run: run.name.to_owned(),
            rules: run.rules.clone(),
            sources: run.sources.clone(),
        };
        let event = Event::RunStart(began.clone());
        chain.append(run.now.to_string(), manifest.place(), event)?;
        let about = run.about.iter();
        let mut open = Open {
            dir: dir.to_owned(),
            about: about
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            max_file_bytes: run.max_file_bytes,
            segment: Segment::create(dir, run.name)?,
            began,
            manifest,
            chain,
            latest: run.now,
            segments: 0,
            records: 0,
            closed: None,
        };
        open.begin_segment()?;
        let open = Mutex::new(open);
        Ok(Self { open })
    }

    /// Keeps a request and its answer, and says where the answer stands.
    ///
    /// # Errors
    ///
    /// When it cannot be written. Nothing more is accepted after that.
    pub fn keep(&self, exchange: &Exchange<'_>) -> io::Result<Capture> {
        self.put(exchange.at, |origin| {
            if exchange.removed.is_empty() {
                warc::response(exchange, origin)
            } else {
                warc::conversion(exchange, origin)
            }
        })
    }

    /// Keeps a request and an answer that only repeats what an earlier record
    /// holds. An answer that does not (another status than 304, another body,
    /// media cut out of it that may be others) is kept as [`Evidence::keep`]
    /// does.
    ///
    /// # Errors
    ///
    /// When it cannot be written. Nothing more is accepted after that.
    pub fn keep_revisit(
        &self,
        exchange: &Exchange<'_>,
        earlier: &Earlier<'_>,
        same: Sameness,
    ) -> io::Result<Capture> {
        let holds = match same {
            Sameness::NotModified => exchange.status == 304,
            Sameness::SamePayload => {
                exchange.removed.is_empty() && Digest::of(exchange.body) == earlier.payload
            }
        };
        if !holds {
            return self.keep(exchange);
        }
        self.put(exchange.at, |origin| {
            warc::revisit(exchange, earlier, same, origin)
        })
    }

    fn put(&self, at: Timestamp, group: impl Fn(Origin<'_>) -> Group) -> io::Result<Capture> {
        self.with(|open| {
            if open.segment.bytes >= open.max_file_bytes {
                open.end_segment()?;
                open.segment = Segment::create(&open.dir, &open.began.run)?;
                open.begin_segment()?;
            }
            open.latest = open.latest.max(at);
            let offset = open.segment.bytes;
            let group = group(Origin {
                file: &open.segment.name,
                offset,
            });
            for member in &group.members {
                open.append(member)?;
            }
            Ok(Capture {
                path: open.shown(),
                offset,
                record_id: group.members[0].id.clone(),
                digest: group.payload,
            })
        })
    }

    /// The file being written.
    pub fn path(&self) -> PathBuf {
        let open = match self.open.lock() {
            Ok(open) => open,
            Err(poisoned) => poisoned.into_inner(),
        };
        open.dir.join(&open.segment.name)
    }

    /// Puts everything kept so far on the disk, past the system's caches, and
    /// says how far that is.
    ///
    /// # Errors
    ///
    /// When the disk does not take it. Nothing more is accepted after that: a
    /// second attempt may succeed without having written anything.
    pub fn sync(&self) -> io::Result<Mark> {
        self.with(|open| {
            open.sync()?;
            Ok(Mark {
                file: open.shown(),
                end: open.segment.bytes,
            })
        })
    }

    /// Ends the file and the run. Nothing more is accepted after that.
    ///
    /// # Errors
    ///
    /// As [`Evidence::sync`].
    pub fn finish(&self) -> io::Result<()> {
        self.with(|open| {
            open.end_segment()?;
            let event = Event::RunEnd {
                run: open.began.run.clone(),
                finished: true,
                segments: open.segments,
                records: open.records,
            };
            open.log(event)?;
            open.closed = Some("the run was ended");
            open.manifest.unlock()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Open) -> io::Result<T>) -> io::Result<T> {
        let mut open = self
            .open
            .lock()
            .map_err(|_| io::Error::other("a writer failed"))?;
        if let Some(why) = open.closed {
            return Err(io::Error::other(format!("nothing more is kept: {why}")));
        }
        let done = work(&mut open);
        if done.is_err() {
            open.closed = Some("an earlier write of this evidence failed");
        }
        done
    }
}

impl Open {
    /// The file's path as captures name it: folder and file name.
    fn shown(&self) -> String {
        let name = &self.segment.name;
        match self.dir.file_name() {
            Some(folder) => format!("{}/{name}", folder.to_string_lossy()),
            None => name.clone(),
        }
    }

    fn begin_segment(&mut self) -> io::Result<()> {
        let about: Vec<(&str, &str)> = self
            .about
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let info = warc::info(&self.segment.name, &about, self.latest);
        self.append(&info)
    }

    /// Writes one gzip member and its manifest line.
    fn append(&mut self, member: &Member) -> io::Result<()> {
        let bytes = &member.bytes;
        let listed = Listed {
            file: self.segment.name.clone(),
            offset: self.segment.bytes,
            length: bytes.len() as u64,
            kind: member.kind.to_owned(),
            id: member.id.clone(),
            sha256: Digest::of(bytes).to_string(),
        };
        self.segment.file.write_all(bytes)?;
        self.segment.hash.update(bytes);
        self.segment.bytes = listed.end();
        self.segment.records += 1;
        self.manifest.append(&listed)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.segment.file.sync_all()?;
        self.manifest.sync()?;
        if !self.segment.named {
            sync_dir(&self.dir)?;
            self.segment.named = true;
        }
        Ok(())
    }

    fn end_segment(&mut self) -> io::Result<()> {
        self.sync()?;
        let segment = &self.segment;
        let sealed = Sealed {
            run: self.began.run.clone(),
            segment: segment.name.clone(),
            bytes: segment.bytes,
            records: segment.records,
            sha256: Digest(segment.hash.clone().finalize().into()).to_string(),
            rules: self.began.rules.clone(),
            sources: self.began.sources.clone(),
        };
        self.segments += 1;
        self.records += segment.records;
        self.log(Event::SegmentSealed(sealed))
    }

    fn log(&mut self, event: Event) -> io::Result<()> {
        let at = self.latest.to_string();
        self.chain.append(at, self.manifest.place(), event)
    }
}

impl Segment {
    /// A file that did not exist before.
    fn create(dir: &Path, run: &str) -> io::Result<Self> {
        let (file, name) = new_file(dir, run)?;
        Ok(Self {
            file,
            name,
            bytes: 0,
            records: 0,
            hash: Sha256::new(),
            named: false,
        })
    }
}

/// Notes in the chain of `dir` that a captured text is about to be read with its
/// contacts. The entry is on the disk when it returns.
///
/// # Errors
///
/// When the folder is in use or cannot be written.
pub fn note_unmasked(dir: &Path, unmasked: Unmasked, now: Timestamp) -> io::Result<()> {
    Opened::open(dir, None, now)?.log(now, Event::Unmasked(unmasked))
}

/// Whether a name can only mean a file of this folder.
fn is_plain(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain)
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
fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}

/// A file that did not exist before, and its name.
fn new_file(dir: &Path, name: &str) -> io::Result<(File, String)> {
    for n in 1..=MAX_FILES {
        let name = if n == 1 {
            format!("{name}{SUFFIX}")
        } else {
            format!("{name}-{n}{SUFFIX}")
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
