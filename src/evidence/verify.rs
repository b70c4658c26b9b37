//! Checks every byte of a folder: that the chain holds, that the manifest
//! holds, that every record is what the manifest says and what it says of
//! itself, and that nothing is missing or was added. What was destroyed on
//! purpose must be gone, as the chain says, and nothing else may be.
//!
//! Reads everything once, and holds a buffer of it at a time.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::chain::{self, Sealed, Told};
use super::chained::{Broken, Link, Place, Reader};
use super::destroyed::{GoneOf, in_place_of};
use super::manifest::{self, Listed};
use super::read::{self, Flaw, Span};
use crate::id::Digest;

/// What a check of a folder found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// WARC files that hold.
    pub segments: u64,
    /// Records that hold.
    pub records: u64,
    /// Bytes of these files.
    pub bytes: u64,
    /// Records that were destroyed, as the chain says.
    pub destroyed: u64,
    /// WARC files that went with them.
    pub destroyed_files: u64,
    /// Entries of the chain that hold.
    pub entries: u64,
    /// `this` of the last entry: whoever noted it elsewhere can tell whether
    /// the folder was written anew.
    pub head: Option<String>,
    /// The first thing that does not hold; nothing behind it was checked.
    pub fault: Option<Fault>,
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// File of the folder.
    pub file: String,
    /// Byte in it, where one is concerned.
    pub offset: Option<u64>,
    /// `WARC-Record-ID`, where a record is concerned.
    pub record: Option<String>,
    /// What was expected, and what is there.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(offset) = self.offset {
            write!(f, ", byte {offset}")?;
        }
        if let Some(record) = &self.record {
            write!(f, ", record {record}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Why a check ends.
enum End {
    Fault(Fault),
    Io(io::Error),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn fault(file: &str, offset: impl Into<Option<u64>>, what: impl Into<String>) -> End {
    End::Fault(Fault {
        file: file.to_owned(),
        offset: offset.into(),
        record: None,
        what: what.into(),
    })
}

fn broken(file: &str, broken: Broken) -> End {
    fault(file, broken.offset, broken.why)
}

/// Checks the folder `dir` until the first fault. With `head`, some entry of
/// the chain must have it as its `this`.
///
/// # Errors
///
/// When the folder cannot be read, or a run is writing to it. What does not
/// hold is reported, not an error.
pub fn verify(dir: &Path, head: Option<&str>) -> io::Result<Report> {
    let lock = match manifest::lock_shared(dir) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound && dir.is_dir() => None,
        Err(error) => return Err(error),
    };
    let mut report = Report::default();
    match check(dir, lock.as_ref(), head, &mut report) {
        Ok(()) => {}
        Err(End::Fault(fault)) => report.fault = Some(fault),
        Err(End::Io(error)) => return Err(error),
    }
    Ok(report)
}

fn check(
    dir: &Path,
    lock: Option<&File>,
    head: Option<&str>,
    report: &mut Report,
) -> Result<(), End> {
    let told = check_chain(dir, head, report)?;
    check_destruction(&told)?;
    let Some(lock) = lock else {
        return Err(fault(manifest::FILE, None, "the manifest is missing"));
    };
    check_files(dir, lock, &told, report)?;
    check_stamps(dir, &told)?;
    check_names(dir, &told)
}

fn check_chain(dir: &Path, head: Option<&str>, report: &mut Report) -> Result<Told, End> {
    let mut met = head.is_none();
    let note = |link: &Link<chain::Entry>| met |= head == Some(link.this.as_str());
    let (told, place, fault_of) = chain::read(dir, note)?;
    report.entries = place.seq;
    report.head = (place.seq > 0).then(|| place.this.clone());
    if let Some(why) = fault_of {
        return Err(broken(chain::FILE, why));
    }
    if place.seq == 0 {
        return Err(fault(chain::FILE, None, "the chain is missing or empty"));
    }
    let written = match fs::read(dir.join(chain::HEAD)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let expected = chain::head(&place);
    if written != expected.as_bytes() {
        let found = String::from_utf8_lossy(&written).into_owned();
        let what = format!(
            "expected {:?} as {} ends, found {:?}: entries were taken out, or the last run was killed",
            expected.trim_end(),
            chain::FILE,
            found.trim_end()
        );
        return Err(fault(chain::HEAD, 0, what));
    }
    if !met {
        let head = head.unwrap_or_default();
        let what = format!("no entry has the head {head}: the folder was written anew");
        return Err(fault(chain::FILE, None, what));
    }
    if let Some(open) = &told.open {
        let what = format!(
            "the run {} has no end: it was killed, or its last entries were taken out; the next \
             crawl puts a killed run right",
            open.run
        );
        return Err(fault(chain::FILE, place.end, what));
    }
    Ok(told)
}

/// Whether what the chain says was destroyed can be true.
fn check_destruction(told: &Told) -> Result<(), End> {
    if let Some(why) = &told.gone.nonsense {
        return Err(fault(chain::FILE, None, why.clone()));
    }
    if let Some(pending) = told.gone.pending.first() {
        let what = format!(
            "entry {} announces that records are destroyed, and none says that they are: the \
             purge was cut off; `lentera store purge` carries it out",
            pending.entry
        );
        return Err(fault(&pending.what.file, None, what));
    }
    match told.gone.iter().find(|(name, _)| !told.is_sealed(name)) {
        None => Ok(()),
        Some((name, _)) => {
            let what = format!("{name:?} is said to be destroyed and never was a file here");
            Err(fault(chain::FILE, None, what))
        }
    }
}

/// A WARC file being checked.
struct Current<'t> {
    name: String,
    /// What is gone of it.
    gone: Option<&'t GoneOf>,
    /// Records that are, met so far.
    destroyed: u64,
    /// `None` when all of it is.
    file: Option<BufReader<File>>,
    end: u64,
    records: u64,
    hash: Sha256,
}

fn check_files(dir: &Path, lock: &File, told: &Told, report: &mut Report) -> Result<(), End> {
    let mut reader = Reader::<Listed>::new(lock.try_clone()?, Place::start())?;
    let mut expected = told.sealed.iter();
    let mut current: Option<Current<'_>> = None;
    let mut at = Place::start();
    while let Some(next) = reader.next()? {
        let Link { seq, body, .. } = next.map_err(|why| broken(manifest::FILE, why))?;
        let listed = body;
        if current.as_ref().is_none_or(|one| one.name != listed.file) {
            if let Some(ended) = current.take() {
                end_file(dir, ended, expected.next(), report)?;
            }
            let next = expected.as_slice().first();
            if next.is_none_or(|one| one.segment != listed.file) || !super::is_plain(&listed.file) {
                let what = format!(
                    "expected a record of {}, found one of {:?}",
                    next.map_or("no further file", |one| &one.segment),
                    listed.file
                );
                return Err(fault(manifest::FILE, at.end, what));
            }
            let gone = told.gone.of(&listed.file);
            let file = match gone {
                Some(GoneOf { whole: true, .. }) => None,
                _ => Some(begin_file(dir, &listed.file)?),
            };
            current = Some(Current {
                name: listed.file.clone(),
                gone,
                destroyed: 0,
                file,
                end: 0,
                records: 0,
                hash: Sha256::new(),
            });
        }
        if let Some(one) = &mut current {
            let before = one.records;
            check_record((seq, &listed), one, at.end)?;
            report.records += one.records - before;
        }
        at = reader.place().clone();
    }
    if let Some(ended) = current {
        end_file(dir, ended, expected.next(), report)?;
    }
    if let Some(missing) = expected.next() {
        let what = format!("expected the records of {}", missing.segment);
        return Err(fault(manifest::FILE, at.end, what));
    }
    if at != told.lines {
        let (lines, found) = (told.lines.seq, at.seq);
        let what = format!("the last entry of the chain counts {lines} lines, here are {found}");
        return Err(fault(manifest::FILE, at.end, what));
    }
    Ok(())
}

fn begin_file(dir: &Path, name: &str) -> Result<BufReader<File>, End> {
    read::open(&dir.join(name), 0).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => fault(name, None, "the file is missing"),
        _ => error.into(),
    })
}

fn check_record(
    (seq, listed): (u64, &Listed),
    current: &mut Current<'_>,
    line: u64,
) -> Result<(), End> {
    let name = listed.file.as_str();
    let flaw = |what: String| {
        End::Fault(Fault {
            file: name.to_owned(),
            offset: Some(listed.offset),
            record: Some(listed.id.clone()),
            what,
        })
    };
    if listed.offset != current.end {
        let what = format!(
            "expected a record at byte {} of {name}, found one at {}",
            current.end, listed.offset
        );
        return Err(fault(manifest::FILE, line, what));
    }
    current.end = listed.end();
    let gone = current.gone.and_then(|gone| gone.at(seq));
    let Some(file) = &mut current.file else {
        current.destroyed += u64::from(gone.is_some());
        return Ok(());
    };
    let mut span = Span::new(file, listed.length, &mut current.hash);
    if let Some(at) = gone {
        let found = span.finish()?;
        if found != Digest::of(&in_place_of(listed, at)).to_string() {
            let what = "expected what stands in place of a destroyed record, found other bytes";
            return Err(flaw(what.to_owned()));
        }
        current.destroyed += 1;
        return Ok(());
    }
    let read = read::check(&mut span);
    // The digest of the whole is told first: it says that bytes were altered,
    // where the record itself can only say that it is damaged.
    let sha256 = span.finish()?;
    if span.left() > 0 {
        let there = listed.length - span.left();
        let what = format!("expected {} bytes, found {there}", listed.length);
        return Err(flaw(what));
    }
    if sha256 != listed.sha256 {
        let what = format!("expected sha256 {}, found {sha256}", listed.sha256);
        return Err(flaw(what));
    }
    let fields = match read {
        Ok(fields) => fields,
        Err(Flaw::Record(what)) => return Err(flaw(what)),
        Err(Flaw::Io(error)) => return Err(error.into()),
    };
    for (field, expected) in [("WARC-Record-ID", &listed.id), ("WARC-Type", &listed.kind)] {
        let found = fields.get(field).unwrap_or("none");
        if found != expected {
            return Err(flaw(format!("expected {field} {expected}, found {found}")));
        }
    }
    current.records += 1;
    Ok(())
}

/// Compares a file with the entry that ended it, and with those that say what
/// of it was destroyed since.
fn end_file(
    dir: &Path,
    ended: Current<'_>,
    sealed: Option<&Sealed>,
    report: &mut Report,
) -> Result<(), End> {
    let name = ended.name.as_str();
    let said = ended.gone.map_or(0, |gone| gone.records);
    let all = sealed.map_or(0, |sealed| sealed.records);
    if ended.destroyed != said || (ended.file.is_none() && said != all) {
        let what = format!(
            "the chain says that {said} records of it were destroyed, the manifest knows {} of \
             these, of {all}",
            ended.destroyed
        );
        return Err(fault(name, None, what));
    }
    report.destroyed += said;
    if ended.file.is_none() {
        if dir.join(name).exists() {
            let what = "the file is there, and the chain says that it was destroyed";
            return Err(fault(name, None, what));
        }
        report.destroyed_files += 1;
        return Ok(());
    }
    let length = fs::metadata(dir.join(name))?.len();
    if length != ended.end {
        let what = format!("expected {} bytes, found {length}", ended.end);
        return Err(fault(name, ended.end, what));
    }
    let Some(sealed) = sealed else {
        return Err(fault(name, None, "no entry of the chain ended this file"));
    };
    let found = Digest(ended.hash.finalize().into()).to_string();
    let after = ended.gone.and_then(|gone| gone.after.as_ref());
    let (bytes, sha256) = match after {
        Some((bytes, sha256)) => (*bytes, sha256),
        None => (sealed.bytes, &sealed.sha256),
    };
    let (told, is) = (
        (bytes, sealed.records, sha256),
        (ended.end, ended.records + ended.destroyed, &found),
    );
    if told != is {
        let what = format!(
            "expected {} bytes, {} records, sha256 {} as the chain says, found {} bytes, {} records, {}",
            told.0, told.1, told.2, is.0, is.1, is.2
        );
        return Err(fault(name, None, what));
    }
    report.segments += 1;
    report.bytes += ended.end;
    Ok(())
}

fn check_stamps(dir: &Path, told: &Told) -> Result<(), End> {
    for (name, sha256) in &told.stamps {
        if !super::is_plain(name) {
            return Err(fault(
                chain::FILE,
                None,
                format!("{name:?} is no file name"),
            ));
        }
        let bytes = match fs::read(dir.join(name)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(fault(name, None, "the file is missing"));
            }
            Err(error) => return Err(error.into()),
        };
        let found = Digest::of(&bytes).to_string();
        if found != *sha256 {
            let what = format!("expected sha256 {sha256}, found {found}");
            return Err(fault(name, None, what));
        }
    }
    Ok(())
}

/// Nothing may lie in the folder that nothing names.
fn check_names(dir: &Path, told: &Told) -> Result<(), End> {
    let segments = told.sealed.iter().map(|one| one.segment.as_str());
    let stamps = told.stamps.iter().map(|one| one.0.as_str());
    let known: BTreeSet<&str> = segments
        .chain(stamps)
        .chain([manifest::FILE, chain::FILE, chain::HEAD])
        .collect();
    let mut names = Vec::new();
    for entry in dir.read_dir()? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    match names.iter().find(|name| !known.contains(name.as_str())) {
        Some(extra) => Err(fault(extra, None, "the chain names no such file")),
        None => Ok(()),
    }
}
