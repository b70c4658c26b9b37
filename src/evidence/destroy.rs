//! Destroys records of ended files, and says so in the chain.
//!
//! What goes is in the chain, on the disk, before it goes; that it is gone is
//! in the chain after. So a kill in between leaves a destruction announced,
//! which the next purge carries out, and never one untold.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::chain::{self, Event};
use super::chained::{Place, Reader};
use super::destroyed::{self, GoneOf, OpenPurge, Pending, RecordsDestroyed, RecordsGone};
use super::manifest::{self, Listed};
use super::read::{self, Flaw};
use super::recover::{Mark, Opened};
use crate::id::Digest;

/// Most ranges of lines in one entry: a line of the chain has its limit.
const MAX_RANGES: usize = 2_000;
/// End of the name of a file that is to take the place of another.
const NEW: &str = ".destroying";

/// Records of one file that nothing needs any longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unneeded {
    /// The file.
    pub file: String,
    /// When the file was ended.
    pub at: Timestamp,
    /// Their lines of the manifest, in order.
    pub lines: Vec<u64>,
    /// Their offsets in the file.
    pub offsets: BTreeSet<u64>,
    /// Their bytes.
    pub bytes: u64,
    /// Whether nothing of the file is left without them.
    pub whole: bool,
}

/// Names every record that is there and every one that is gone: with each its
/// line and whether it is gone. Ends at the first line that does not hold.
///
/// # Errors
///
/// When the manifest or the chain cannot be read.
pub fn each_record(dir: &Path, mut each: impl FnMut(u64, &Listed, bool)) -> io::Result<()> {
    let (told, ..) = chain::read(dir, |_| {})?;
    let Some(mut reader) = lines(dir)? else {
        return Ok(());
    };
    while let Some(Ok(link)) = reader.next()? {
        let gone = told.gone.of(&link.body.file);
        let is_gone = gone.is_some_and(|gone| gone.at(link.seq).is_some());
        each(link.seq, &link.body, is_gone);
    }
    Ok(())
}

fn lines(dir: &Path) -> io::Result<Option<Reader<Listed>>> {
    match File::open(dir.join(manifest::FILE)) {
        Ok(file) => Reader::new(file, Place::start()).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The records that `needed` does not name, in files that were ended at
/// `before` or earlier. With a record, what was asked and cut out is needed
/// too, and what a revisit refers to; with any record of a file, its
/// `warcinfo` and what its hosts' robots.txt said.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn unneeded(
    dir: &Path,
    before: Timestamp,
    mut needed: BTreeSet<String>,
) -> io::Result<Vec<Unneeded>> {
    let mut ended: Vec<(String, Timestamp)> = Vec::new();
    chain::read(dir, |link| {
        if let (Event::SegmentSealed(sealed), Ok(at)) = (&link.body.event, link.body.at.parse()) {
            ended.push((sealed.segment.clone(), at));
        }
    })?;
    need_what_revisits_refer_to(dir, &mut needed)?;
    let mut of_file: Vec<Vec<(u64, Listed)>> = vec![Vec::new(); ended.len()];
    each_record(dir, |line, listed, gone| {
        let place = ended.iter().rposition(|(file, _)| *file == listed.file);
        if let (Some(place), false) = (place, gone) {
            of_file[place].push((line, listed.clone()));
        }
    })?;
    let mut found = Vec::new();
    for ((file, at), records) in ended.into_iter().zip(of_file) {
        if at <= before && !records.is_empty() {
            found.extend(unneeded_in(dir, (file, at), &records, &needed)?);
        }
    }
    Ok(found)
}

fn need_what_revisits_refer_to(dir: &Path, needed: &mut BTreeSet<String>) -> io::Result<()> {
    loop {
        let mut revisits = Vec::new();
        each_record(dir, |_, listed, gone| {
            if listed.kind == "revisit" && !gone && needed.contains(&listed.id) {
                revisits.push(listed.clone());
            }
        })?;
        let before = needed.len();
        for revisit in &revisits {
            needed.extend(field(dir, revisit, "WARC-Refers-To")?);
        }
        if needed.len() == before {
            return Ok(());
        }
    }
}

fn unneeded_in(
    dir: &Path,
    (file, at): (String, Timestamp),
    records: &[(u64, Listed)],
    needed: &BTreeSet<String>,
) -> io::Result<Option<Unneeded>> {
    // What was asked and cut out stands behind the answer it belongs to.
    let mut keep = vec![false; records.len()];
    let mut keeps_answer = false;
    for (place, (_, listed)) in records.iter().enumerate() {
        if !matches!(listed.kind.as_str(), "request" | "metadata") {
            keeps_answer = needed.contains(&listed.id);
        }
        keep[place] = keeps_answer;
    }
    let whole = !keep.contains(&true);
    if !whole {
        let mut keeps_answer = false;
        for (place, (_, listed)) in records.iter().enumerate() {
            match listed.kind.as_str() {
                "request" | "metadata" => {}
                "warcinfo" => keeps_answer = true,
                _ => {
                    let url = field(dir, listed, "WARC-Target-URI")?;
                    keeps_answer = url.is_some_and(|url| url.ends_with("/robots.txt"));
                }
            }
            keep[place] |= keeps_answer;
        }
    }
    let mut unneeded = Unneeded {
        file,
        at,
        lines: Vec::new(),
        offsets: BTreeSet::new(),
        bytes: 0,
        whole,
    };
    for ((line, listed), _) in records.iter().zip(keep).filter(|(_, keep)| !keep) {
        unneeded.lines.push(*line);
        unneeded.offsets.insert(listed.offset);
        unneeded.bytes += listed.length;
    }
    Ok((!unneeded.lines.is_empty()).then_some(unneeded))
}

/// A header of a record.
fn field(dir: &Path, listed: &Listed, name: &str) -> io::Result<Option<String>> {
    let file = read::open(&dir.join(&listed.file), listed.offset)?;
    let mut plain = io::BufReader::new(GzDecoder::new(file));
    match read::fields(&mut plain) {
        Ok(fields) => Ok(fields.get(name).map(str::to_owned)),
        Err(Flaw::Record(why)) => Err(damaged(&listed.file, &why)),
        Err(Flaw::Io(error)) => Err(error),
    }
}

fn damaged(file: &str, why: &str) -> io::Error {
    let why = format!("{file}: {why}; nothing is destroyed in what does not hold");
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// A folder open for a purge; nobody else writes to it.
#[derive(Debug)]
pub struct Destroyer {
    dir: PathBuf,
    opened: Opened,
    now: Timestamp,
}

impl Destroyer {
    /// Opens the folder, which is made if need be. What a killed run left open
    /// is put right first, as [`recover()`](super::recover()) does.
    ///
    /// # Errors
    ///
    /// As [`recover()`](super::recover()), and when an entry about destruction
    /// means nothing.
    pub fn open(dir: &Path, committed: Option<&Mark>, now: Timestamp) -> io::Result<Self> {
        super::make_private_dir(dir)?;
        let opened = Opened::open(dir, committed, now)?;
        if let Some(why) = &opened.told.gone.nonsense {
            return Err(damaged(chain::FILE, why));
        }
        let dir = dir.to_owned();
        Ok(Self { dir, opened, now })
    }

    /// The purge that was begun and has no end.
    pub fn unfinished(&self) -> Option<&OpenPurge> {
        self.opened.told.gone.open.as_ref()
    }

    /// Adds an entry to the chain; it is on the disk when this returns.
    ///
    /// # Errors
    ///
    /// When the disk does not take it.
    pub fn note(&mut self, event: &Event) -> io::Result<()> {
        self.opened.log(self.now, event.clone())?;
        let entry = self.opened.chain.place().seq;
        let at = self.now.to_string();
        self.opened.told.gone.hear(entry, &at, event);
        Ok(())
    }

    /// Announces the destruction of records, and carries it out.
    ///
    /// # Errors
    ///
    /// When a file is not what the manifest says, or the disk fails. What was
    /// announced is carried out by the next purge.
    pub fn destroy(
        &mut self,
        purge: &str,
        rule: (&str, u64),
        unneeded: &Unneeded,
    ) -> io::Result<()> {
        let all = destroyed::ranges(&unneeded.lines);
        let mut parts = all.chunks(MAX_RANGES).peekable();
        while let Some(part) = parts.next() {
            let event = Event::RecordsDestroyed(RecordsDestroyed {
                purge: purge.to_owned(),
                rule: rule.0.to_owned(),
                days: rule.1,
                file: unneeded.file.clone(),
                destroyed_lines: destroyed::write(part),
                records: part.iter().map(|(first, last)| last - first + 1).sum(),
                whole: unneeded.whole && parts.peek().is_none(),
            });
            self.note(&event)?;
            self.carry_out()?;
        }
        Ok(())
    }

    /// Carries out what was announced and not confirmed.
    ///
    /// # Errors
    ///
    /// As [`Destroyer::destroy`].
    pub fn carry_out(&mut self) -> io::Result<()> {
        for Pending { entry, what } in self.opened.told.gone.pending.clone() {
            let (bytes, sha256) = if what.whole {
                self.take_away(&what.file)?;
                (0, String::new())
            } else {
                self.blot_out(&what.file)?
            };
            self.note(&Event::RecordsGone(RecordsGone {
                purge: what.purge,
                of: entry,
                file: what.file,
                bytes,
                sha256,
            }))?;
        }
        Ok(())
    }

    fn take_away(&self, file: &str) -> io::Result<()> {
        for name in [file.to_owned(), format!("{file}{NEW}")] {
            match fs::remove_file(self.dir.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        super::sync_dir(&self.dir)
    }

    /// Writes a file anew with other records in place of those that are gone,
    /// and puts it in the place of the old one.
    fn blot_out(&self, name: &str) -> io::Result<(u64, String)> {
        let Some(gone) = self.opened.told.gone.of(name) else {
            return Err(damaged(name, "no entry says what of it is to go"));
        };
        let new = self.dir.join(format!("{name}{NEW}"));
        let file = super::private()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&new)?;
        let mut file = BufWriter::new(file);
        let done = self.write_anew(name, gone, &mut file)?;
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()?;
        fs::rename(&new, self.dir.join(name))?;
        super::sync_dir(&self.dir)?;
        Ok(done)
    }

    fn write_anew(
        &self,
        name: &str,
        gone: &GoneOf,
        out: &mut impl io::Write,
    ) -> io::Result<(u64, String)> {
        let mut old = read::open(&self.dir.join(name), 0)?;
        let (mut end, mut hash) = (0, Sha256::new());
        let Some(mut reader) = lines(&self.dir)? else {
            return Err(damaged(manifest::FILE, "it is missing"));
        };
        let mut member = Vec::new();
        while let Some(next) = reader.next()? {
            let link = next.map_err(|broken| damaged(manifest::FILE, &broken.why))?;
            let listed = link.body;
            if listed.file != name {
                continue;
            }
            member.clear();
            (&mut old).take(listed.length).read_to_end(&mut member)?;
            if let Some(at) = gone.at(link.seq) {
                member = destroyed::in_place_of(&listed, at);
            } else if Digest::of(&member).to_string() != listed.sha256 || listed.offset != end {
                let why = format!("the record {} is not what the manifest says", listed.id);
                return Err(damaged(name, &why));
            }
            out.write_all(&member)?;
            hash.update(&member);
            end += listed.length;
        }
        Ok((end, Digest(hash.finalize().into()).to_string()))
    }
}
