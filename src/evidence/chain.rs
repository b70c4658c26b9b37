//! `chain.log`: what was done to a folder, one chained line an entry.
//!
//! An entry is on the disk before what it announces is done. `chain.head`
//! repeats the number and digest of the last entry, so that taking the last
//! one out shows too; whoever notes the head elsewhere, or has it time-stamped,
//! can tell whether the whole folder was written anew.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::chained::{Broken, Link, Place, Reader, Tail};
use super::destroyed::{
    FindingsDestroyed, Gone, OthersDestroyed, PurgeEnd, PurgeStart, RecordsDestroyed, RecordsGone,
};

/// Name of the chain in its folder.
pub(super) const FILE: &str = "chain.log";
/// Name of the file that repeats its last entry's number and digest.
pub(super) const HEAD: &str = "chain.head";
/// The same while it is written.
const NEW_HEAD: &str = "chain.head.new";

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, RFC 3339 in UTC. Reading the clock is left to the caller.
    pub at: String,
    /// Program and version, such as `lentera/0.1.0`.
    pub collector: String,
    /// Lines of the manifest by then.
    pub lines: u64,
    /// `this` of the last of them.
    pub manifest: String,
    /// Bytes of the manifest by then.
    pub manifest_bytes: u64,
    /// What was done.
    #[serde(flatten)]
    pub event: Event,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A run began. Its files begin with its name.
    RunStart(Began),
    /// A WARC file was ended; it is never opened for writing again.
    SegmentSealed(Sealed),
    /// A run ended.
    RunEnd {
        /// Its name.
        run: String,
        /// Whether it ended itself; `false` when the next one found it killed.
        finished: bool,
        /// WARC files it left.
        segments: u64,
        /// Records in them.
        records: u64,
    },
    /// The end of a file that a killed run had left open is cut off.
    Cut(Cut),
    /// The store names evidence that the disk no longer holds.
    Lost {
        /// WARC file.
        file: String,
        /// Bytes the store counts on.
        committed: u64,
        /// Bytes there are.
        kept: u64,
    },
    /// A time-stamp request over the entry `of` was written (RFC 3161).
    TimestampRequest {
        /// Its file in the folder.
        file: String,
        /// SHA-256 of the file.
        sha256: String,
        /// Number of the entry whose `this` is to be stamped.
        of: u64,
    },
    /// An authority's answer was put beside the request.
    TimestampResponse {
        /// Its file in the folder.
        file: String,
        /// SHA-256 of the file.
        sha256: String,
        /// Number of the entry that it stamps.
        of: u64,
    },
    /// Somebody read a captured text with its contacts.
    Unmasked(Unmasked),
    /// A purge began.
    PurgeStart(PurgeStart),
    /// Findings are about to be destroyed.
    FindingsDestroyed(FindingsDestroyed),
    /// Posts and saved pages are about to be.
    OthersDestroyed(OthersDestroyed),
    /// Records of a WARC file are about to be.
    RecordsDestroyed(RecordsDestroyed),
    /// They are gone.
    RecordsGone(RecordsGone),
    /// A purge ended.
    PurgeEnd(PurgeEnd),
}

/// Somebody who reads a captured text with its contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmasked {
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
    /// The finding.
    pub finding: String,
    /// `WARC-Record-ID` of what is read.
    pub record: String,
}

/// A run that began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Began {
    /// Its name.
    pub run: String,
    /// Digest of the rule set; empty when nothing was judged.
    pub rules: String,
    /// Digest of the source definitions.
    pub sources: String,
}

/// A WARC file that was ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Its run.
    pub run: String,
    /// File name.
    pub segment: String,
    /// Its length.
    pub bytes: u64,
    /// Records in it.
    pub records: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// As its run began.
    pub rules: String,
    /// As its run began.
    pub sources: String,
}

/// The end of a file, cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// File name.
    pub file: String,
    /// Its length before.
    pub from: u64,
    /// Its length after; a WARC file of no bytes is taken away.
    pub to: u64,
    /// SHA-256 of what was cut off, in hexadecimal.
    pub sha256: String,
}

/// Program and version, as entries name it.
pub(super) const COLLECTOR: &str = concat!("lentera/", env!("CARGO_PKG_VERSION"));

/// What the entries of a chain say together.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// WARC files that were ended, in order.
    pub(super) sealed: Vec<Sealed>,
    /// A run without an end.
    pub(super) open: Option<Began>,
    /// Where the manifest stood at the last entry.
    pub(super) lines: Place,
    /// Where it stood when the last file was ended or a run began.
    pub(super) settled: Place,
    /// Files of time stamps: name, digest.
    pub(super) stamps: Vec<(String, String)>,
    /// What was destroyed on purpose.
    pub(super) gone: Gone,
    /// Entries of other kinds, counted.
    pub(super) runs: u64,
    pub(super) killed: u64,
    pub(super) cuts: u64,
    pub(super) last: Option<String>,
}

impl Told {
    fn nothing() -> Self {
        Self {
            sealed: Vec::new(),
            open: None,
            lines: Place::start(),
            settled: Place::start(),
            stamps: Vec::new(),
            gone: Gone::default(),
            runs: 0,
            killed: 0,
            cuts: 0,
            last: None,
        }
    }

    fn hear(&mut self, seq: u64, entry: Entry) {
        self.gone.hear(seq, &entry.at, &entry.event);
        self.lines = Place {
            seq: entry.lines,
            this: entry.manifest,
            end: entry.manifest_bytes,
        };
        self.last = Some(entry.at);
        if let Event::RunStart(_) | Event::SegmentSealed(_) | Event::RunEnd { .. } = &entry.event {
            self.settled = self.lines.clone();
        }
        match entry.event {
            Event::RunStart(began) => {
                self.open = Some(began);
                self.runs += 1;
            }
            Event::SegmentSealed(sealed) => self.sealed.push(sealed),
            Event::RunEnd { finished, .. } => {
                self.open = None;
                self.killed += u64::from(!finished);
            }
            Event::Cut(_) | Event::Lost { .. } => self.cuts += 1,
            Event::TimestampRequest { file, sha256, .. }
            | Event::TimestampResponse { file, sha256, .. } => self.stamps.push((file, sha256)),
            _ => {}
        }
    }

    pub(super) fn is_sealed(&self, segment: &str) -> bool {
        self.sealed.iter().rev().any(|one| one.segment == segment)
    }
}

/// Reads the chain of `dir` to its end or to what is broken in it.
pub(super) fn read(
    dir: &Path,
    mut each: impl FnMut(&Link<Entry>),
) -> io::Result<(Told, Place, Option<Broken>)> {
    let mut told = Told::nothing();
    let file = match File::open(dir.join(FILE)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((told, Place::start(), None));
        }
        Err(error) => return Err(error),
    };
    let mut reader = Reader::<Entry>::new(file, Place::start())?;
    while let Some(next) = reader.next()? {
        match next {
            Ok(link) => {
                each(&link);
                told.hear(link.seq, link.body);
            }
            Err(broken) => return Ok((told, reader.place().clone(), Some(broken))),
        }
    }
    Ok((told, reader.place().clone(), None))
}

/// The text of `chain.head` for a chain that ends at `place`.
pub(super) fn head(place: &Place) -> String {
    format!("{} {}\n", place.seq, place.this)
}

/// The chain of a folder, open for appending.
#[derive(Debug)]
pub(super) struct Chain {
    dir: PathBuf,
    tail: Tail,
}

impl Chain {
    /// Opens the chain of `dir` where a reader left it.
    pub(super) fn open(dir: &Path, place: Place) -> io::Result<Self> {
        let file = super::private()
            .read(true)
            .append(true)
            .create(true)
            .open(dir.join(FILE))?;
        let dir = dir.to_owned();
        let tail = Tail::new(file, place);
        Ok(Self { dir, tail })
    }

    pub(super) fn place(&self) -> &Place {
        self.tail.place()
    }

    /// Adds an entry, and puts it on the disk before it returns.
    pub(super) fn append(&mut self, at: String, lines: &Place, event: Event) -> io::Result<()> {
        let entry = Entry {
            at,
            collector: COLLECTOR.to_owned(),
            lines: lines.seq,
            manifest: lines.this.clone(),
            manifest_bytes: lines.end,
            event,
        };
        self.tail.append(&entry)?;
        self.tail.sync()?;
        self.put_head()
    }

    /// Writes `chain.head` anew.
    pub(super) fn put_head(&self) -> io::Result<()> {
        let new = self.dir.join(NEW_HEAD);
        let mut file = super::private()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&new)?;
        file.write_all(head(self.tail.place()).as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, self.dir.join(HEAD))?;
        super::sync_dir(&self.dir)
    }
}
