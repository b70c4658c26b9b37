//! Puts right what a killed run left open, and says so in the chain.
//!
//! A file that was ended is only read. Of the one left open, what the store
//! committed stays; the rest is cut off, and with it what the manifest says of
//! it. The entry that names a cut is on the disk before the cut is made, so
//! that a kill in between leaves a cut announced and never one untold.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::chain::{self, Began, Chain, Cut, Event, Sealed, Told};
use super::chained::{Place, Reader, Tail};
use super::manifest::{self, Listed};
use super::read::{self, Span};
use crate::id::Digest;

/// A place in a WARC file up to which everything was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The file, by its name or as captures name it.
    pub file: String,
    /// Bytes of it.
    pub end: u64,
}

/// What was put right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The run that had been killed; `None` when all runs had ended.
    pub run: Option<String>,
    /// What was cut off.
    pub cuts: Vec<Cut>,
    /// Files that were ended now, by name.
    pub sealed: Vec<String>,
    /// Bytes that had been committed and are not there any more.
    pub lost: u64,
}

/// Puts right what a killed run left open in `dir`: cuts the open file back to
/// `committed` (without it, to its last whole record), logs each cut in the
/// chain, ends the file and the run. Everything is on the disk when it
/// returns. A folder in order is left as it is.
///
/// # Errors
///
/// When the folder is in use, cannot be written, or what stands in it cannot be
/// what a killed run leaves behind: that is not put right but kept.
pub fn recover(dir: &Path, committed: Option<&Mark>, now: Timestamp) -> io::Result<Recovered> {
    if !dir.join(manifest::FILE).exists() && !dir.join(chain::FILE).exists() {
        return Ok(Recovered::default());
    }
    Ok(Opened::open(dir, committed, now)?.recovered)
}

/// A folder in order, with its logs open for appending.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) manifest: Tail,
    pub(super) chain: Chain,
    pub(super) told: Told,
    pub(super) recovered: Recovered,
}

/// A file without an end, as far as it is good.
struct Partial {
    name: String,
    file: BufReader<File>,
    end: u64,
    records: u64,
    hash: Sha256,
}

/// What of the manifest and the open files is good.
struct Good {
    place: Place,
    open: Vec<Partial>,
}

impl Opened {
    pub(super) fn open(dir: &Path, committed: Option<&Mark>, now: Timestamp) -> io::Result<Self> {
        let lock = manifest::lock(dir)?;
        let (told, place, torn) = chain::read(dir, |_| {})?;
        let torn = check_end(dir, &place, torn.is_some())?;
        let good = walk(dir, &lock, &told, committed)?;
        let mut cuts: Vec<Cut> = Vec::new();
        let mut leftover: BTreeMap<String, u64> = unlisted(dir, &told)?;
        for one in &good.open {
            leftover.insert(one.name.clone(), one.end);
        }
        leftover.insert(manifest::FILE.to_owned(), good.place.end);
        for (name, end) in leftover {
            cuts.extend(beyond(dir, &name, end)?);
        }
        // The torn line was never an entry; it must go before one is added.
        if let Some(cut) = &torn {
            shorten(dir, cut)?;
        }
        let mut opened = Self {
            manifest: Tail::new(lock, good.place.clone()),
            chain: Chain::open(dir, place)?,
            told,
            recovered: Recovered::default(),
        };
        if let Some(cut) = torn {
            opened.log(now, Event::Cut(cut.clone()))?;
            opened.recovered.cuts.push(cut);
        }
        for cut in cuts {
            opened.log(now, Event::Cut(cut.clone()))?;
            shorten(dir, &cut)?;
            opened.recovered.cuts.push(cut);
        }
        opened.tell_loss(&good, committed, now)?;
        opened.end_run(good.open, now)?;
        opened.chain.put_head()?;
        Ok(opened)
    }

    /// Adds an entry to the chain.
    pub(super) fn log(&mut self, now: Timestamp, event: Event) -> io::Result<()> {
        let lines = self.manifest.place().clone();
        self.chain.append(now.to_string(), &lines, event)
    }

    /// Says when the disk holds less than was committed.
    fn tell_loss(
        &mut self,
        good: &Good,
        committed: Option<&Mark>,
        now: Timestamp,
    ) -> io::Result<()> {
        let Some((file, end)) = committed.map(|mark| (mark.name(), mark.end)) else {
            return Ok(());
        };
        let sealed = self.told.sealed.iter().find(|one| one.segment == file);
        let open = good.open.iter().find(|one| one.name == file);
        let kept = sealed.map_or(open.map_or(0, |one| one.end), |one| one.bytes);
        self.recovered.lost = end.saturating_sub(kept);
        if kept < end {
            let file = file.to_owned();
            let committed = end;
            self.log(
                now,
                Event::Lost {
                    file,
                    committed,
                    kept,
                },
            )?;
        }
        Ok(())
    }

    /// Ends what was left open.
    fn end_run(&mut self, open: Vec<Partial>, now: Timestamp) -> io::Result<()> {
        let began = self.told.open.take();
        let facts = began.clone().unwrap_or(Began {
            run: String::new(),
            rules: String::new(),
            sources: String::new(),
        });
        for one in open.into_iter().filter(|one| one.end > 0) {
            let sealed = Sealed {
                run: facts.run.clone(),
                segment: one.name.clone(),
                bytes: one.end,
                records: one.records,
                sha256: Digest(one.hash.finalize().into()).to_string(),
                rules: facts.rules.clone(),
                sources: facts.sources.clone(),
            };
            self.log(now, Event::SegmentSealed(sealed.clone()))?;
            self.told.sealed.push(sealed);
            self.recovered.sealed.push(one.name);
        }
        if began.is_some() {
            let of_run = self.told.sealed.iter().filter(|one| one.run == facts.run);
            let (segments, records) =
                of_run.fold((0, 0), |(n, records), one| (n + 1, records + one.records));
            let run = facts.run;
            self.recovered.run = Some(run.clone());
            let finished = false;
            self.log(
                now,
                Event::RunEnd {
                    run,
                    finished,
                    segments,
                    records,
                },
            )?;
        }
        Ok(())
    }
}

impl Mark {
    /// The file's name without folders.
    fn name(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or(&self.file)
    }
}

fn invalid(why: &str) -> io::Error {
    let why = format!(
        "{why}; no killed run leaves that behind. Keep this folder as it is under another name, \
         and run again: a new one is begun"
    );
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// What stands behind the last entry of the chain, if a kill explains it.
fn check_end(dir: &Path, place: &Place, is_torn: bool) -> io::Result<Option<Cut>> {
    let head = match fs::read_to_string(dir.join(chain::HEAD)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let told: u64 = head
        .split(' ')
        .next()
        .and_then(|seq| seq.parse().ok())
        .unwrap_or(0);
    // The head is written after its entry, so it may be one behind.
    let fits = if told == place.seq {
        told == 0 || head == chain::head(place)
    } else {
        told + 1 == place.seq
    };
    if !fits {
        let why = format!(
            "{} ends at entry {} and {} says {told}: entries were taken out or altered",
            chain::FILE,
            place.seq,
            chain::HEAD
        );
        return Err(invalid(&why));
    }
    if is_torn {
        return beyond(dir, chain::FILE, place.end);
    }
    Ok(None)
}

/// Goes through the manifest and the files it names that have no end, up to
/// what is committed or the first that does not hold.
fn walk(dir: &Path, lock: &File, told: &Told, committed: Option<&Mark>) -> io::Result<Good> {
    // What was settled is `verify`'s to check: a run begins at once.
    let mut reader = Reader::<Listed>::new(lock.try_clone()?, told.settled.clone())?;
    let mut good = Good {
        place: told.settled.clone(),
        open: Vec::new(),
    };
    while let Some(Ok(link)) = reader.next()? {
        let listed = link.body;
        if !told.is_sealed(&listed.file) && !take(dir, &listed, committed, &mut good.open)? {
            break;
        }
        good.place = reader.place().clone();
    }
    let (end, length) = (good.place.end, lock.metadata()?.len());
    if length < end {
        let why = format!("{} has {length} bytes of {end}", manifest::FILE);
        return Err(invalid(&why));
    }
    Ok(good)
}

/// Adds a listed record to the file it stands in, if it is there and whole.
fn take(
    dir: &Path,
    listed: &Listed,
    committed: Option<&Mark>,
    open: &mut Vec<Partial>,
) -> io::Result<bool> {
    if committed.is_some_and(|mark| mark.name() == listed.file && listed.end() > mark.end)
        || !super::is_plain(&listed.file)
    {
        return Ok(false);
    }
    if open.last().is_none_or(|one| one.name != listed.file) {
        let file = match read::open(&dir.join(&listed.file), 0) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        open.push(Partial {
            name: listed.file.clone(),
            file,
            end: 0,
            records: 0,
            hash: Sha256::new(),
        });
    }
    let Some(partial) = open.last_mut().filter(|one| one.end == listed.offset) else {
        return Ok(false);
    };
    let mut hash = partial.hash.clone();
    let mut span = Span::new(&mut partial.file, listed.length, &mut hash);
    if span.finish()? != listed.sha256 {
        return Ok(false);
    }
    partial.hash = hash;
    partial.end = listed.end();
    partial.records += 1;
    Ok(true)
}

/// Files of the killed run that the manifest does not name yet.
fn unlisted(dir: &Path, told: &Told) -> io::Result<BTreeMap<String, u64>> {
    let mut found = BTreeMap::new();
    let Some(open) = &told.open else {
        return Ok(found);
    };
    for entry in dir.read_dir()? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let of_run = name
            .strip_prefix(&open.run)
            .and_then(|rest| rest.strip_suffix(super::SUFFIX))
            .is_some_and(|n| n.is_empty() || n.starts_with('-'));
        if of_run && !told.is_sealed(&name) {
            found.insert(name, 0);
        }
    }
    Ok(found)
}

/// What stands in a file behind `end`.
fn beyond(dir: &Path, name: &str, end: u64) -> io::Result<Option<Cut>> {
    let path = dir.join(name);
    let from = match fs::metadata(&path) {
        Ok(about) => about.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if from <= end && (from > 0 || !name.ends_with(super::SUFFIX)) {
        return Ok(None);
    }
    let mut file = read::open(&path, end)?;
    let sha256 = Span::new(&mut file, from - end, &mut Sha256::new()).finish()?;
    Ok(Some(Cut {
        file: name.to_owned(),
        from,
        to: end,
        sha256,
    }))
}

/// Makes a cut. A WARC file of which nothing is left is taken away.
fn shorten(dir: &Path, cut: &Cut) -> io::Result<()> {
    let path = dir.join(&cut.file);
    if cut.to == 0 && cut.file.ends_with(super::SUFFIX) {
        fs::remove_file(path)?;
        return super::sync_dir(dir);
    }
    let file = File::options().write(true).open(path)?;
    file.set_len(cut.to)?;
    file.sync_all()
}
