//! `MANIFEST.jsonl`: one line for every record ever kept in a folder, each
//! holding the digest of the line before.
//!
//! A WARC file from which a whole record was taken still passes every WARC
//! validator; a chain with a line missing does not. Lines are only ever
//! appended. What a crash left behind as half a line is taken into account by
//! the next line, not hidden.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::id::Digest;

/// Name of the manifest in its folder.
pub const FILE: &str = "MANIFEST.jsonl";

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Counts up from 1.
    pub seq: u64,
    /// File in the same folder; the manifest itself for a line that accounts
    /// for a torn one.
    pub file: String,
    /// First byte of the record in it.
    pub offset: u64,
    /// Bytes of the record.
    pub length: u64,
    /// SHA-256 of these bytes, in hexadecimal.
    pub sha256: String,
    /// `this` of the line before; 64 zeros for the first.
    pub prev: String,
    /// SHA-256 of `seq file offset length sha256 prev`, joined by single
    /// blanks and ended by a line feed.
    pub this: String,
}

impl Line {
    fn digest(&self) -> String {
        let Self {
            seq,
            file,
            offset,
            length,
            sha256,
            prev,
            ..
        } = self;
        Digest::of(format!("{seq} {file} {offset} {length} {sha256} {prev}\n").as_bytes())
            .to_string()
    }
}

/// The manifest of a folder, open for appending.
#[derive(Debug)]
pub struct Manifest {
    file: File,
    seq: u64,
    prev: String,
}

impl Manifest {
    /// Opens the manifest of `dir`, or begins one. Only one writer may have it
    /// open.
    ///
    /// # Errors
    ///
    /// When it is open elsewhere, or its last whole line is not a manifest
    /// line: a chain that cannot be continued is not silently begun anew.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let mut file = super::private()
            .read(true)
            .append(true)
            .create(true)
            .open(dir.join(FILE))?;
        file.try_lock().map_err(|error| {
            io::Error::new(
                io::ErrorKind::WouldBlock,
                format!("{FILE} is in use: {error}"),
            )
        })?;
        let mut manifest = Self {
            file: file.try_clone()?,
            seq: 0,
            prev: "0".repeat(64),
        };
        let mut torn = None;
        let mut offset = 0;
        let mut reader = BufReader::new(&mut file);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes)? > 0 {
            match serde_json::from_slice::<Line>(&bytes) {
                Ok(line) if bytes.ends_with(b"\n") => {
                    manifest.seq = line.seq;
                    manifest.prev = line.this;
                    torn = None;
                }
                _ => torn = Some((offset, bytes.clone())),
            }
            offset += bytes.len() as u64;
            bytes.clear();
        }
        match torn {
            None => {}
            // A crash tears the last line, and leaves it without its end.
            Some((at, rest)) if !rest.ends_with(b"\n") => {
                manifest.file.write_all(b"\n")?;
                manifest.append(FILE, at, &rest)?;
            }
            Some((at, _)) => {
                let why = format!(
                    "{FILE}, byte {at}: not a manifest line; keep this folder and begin another"
                );
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
        }
        Ok(manifest)
    }

    /// Adds a line for `bytes` that stand at `offset` of `name`.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn append(&mut self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut line = Line {
            seq: self.seq + 1,
            file: name.to_owned(),
            offset,
            length: bytes.len() as u64,
            sha256: Digest::of(bytes).to_string(),
            prev: self.prev.clone(),
            this: String::new(),
        };
        line.this = line.digest();
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        self.file.write_all(text.as_bytes())?;
        self.seq = line.seq;
        self.prev = line.this;
        Ok(())
    }

    /// Puts the lines on the disk.
    ///
    /// # Errors
    ///
    /// When the disk does not take them.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}

/// What a check of a folder found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Lines that hold.
    pub records: u64,
    /// Bytes of WARC files that no line names, by file: the end of a run that
    /// was cut off, or something added.
    pub unlisted: BTreeMap<String, u64>,
    /// What does not hold, in order; empty when all is well.
    pub broken: Vec<String>,
    /// `this` of the last line: whoever notes it elsewhere can tell later
    /// whether the end was cut off.
    pub head: Option<String>,
}

/// Checks every line of the manifest of `dir` and every record it names.
///
/// # Errors
///
/// When the manifest cannot be read at all. What does not hold is reported,
/// not an error.
pub fn verify(dir: &Path) -> io::Result<Report> {
    let mut report = Report::default();
    let mut reader = BufReader::new(File::open(dir.join(FILE))?);
    let mut files: BTreeMap<String, (File, u64)> = BTreeMap::new();
    let mut before = (0, "0".repeat(64));
    let mut torn: Option<(u64, String)> = None;
    let (mut at, mut bytes) = (0, Vec::new());
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        match serde_json::from_slice::<Line>(&bytes) {
            Ok(line) => {
                let accounted = torn.take();
                if let Some((at, _)) =
                    accounted.filter(|(at, _)| line.file != FILE || line.offset != *at)
                {
                    report.broken.push(format!("{FILE}, byte {at}: not a line"));
                }
                match check_line(dir, &line, &before, &mut files) {
                    Ok(()) => report.records += 1,
                    Err(why) => report.broken.push(format!("line {}: {why}", line.seq)),
                }
                report.head = Some(line.this.clone());
                before = (line.seq, line.this);
            }
            Err(error) => {
                let here = (at, error.to_string());
                if let Some((at, why)) = torn.replace(here) {
                    report.broken.push(format!("{FILE}, byte {at}: {why}"));
                }
            }
        }
        at += bytes.len() as u64;
        bytes.clear();
    }
    if let Some((at, why)) = torn {
        report.broken.push(format!("{FILE}, byte {at}: {why}"));
    }
    report.unlisted = unlisted(dir, &files)?;
    Ok(report)
}

fn check_line(
    dir: &Path,
    line: &Line,
    before: &(u64, String),
    files: &mut BTreeMap<String, (File, u64)>,
) -> Result<(), String> {
    if line.this != line.digest() {
        return Err("its own digest does not fit: it was altered".to_owned());
    }
    if line.seq != before.0 + 1 || line.prev != before.1 {
        return Err("it does not follow the line before: lines were taken out or moved".to_owned());
    }
    if line.file.contains(['/', '\\']) || line.file.starts_with('.') {
        return Err(format!("{:?} is not a file of this folder", line.file));
    }
    if !files.contains_key(&line.file) {
        let file =
            File::open(dir.join(&line.file)).map_err(|error| format!("{}: {error}", line.file))?;
        files.insert(line.file.clone(), (file, 0));
    }
    let (file, listed) = files.get_mut(&line.file).expect("it was put there above");
    *listed = (*listed).max(line.offset.saturating_add(line.length));
    let mut record = Vec::new();
    file.seek(SeekFrom::Start(line.offset))
        .and_then(|_| file.take(line.length).read_to_end(&mut record))
        .map_err(|error| format!("{}: {error}", line.file))?;
    if record.len() as u64 != line.length || Digest::of(&record).to_string() != line.sha256 {
        return Err(format!(
            "{} at byte {}: the record was altered",
            line.file, line.offset
        ));
    }
    Ok(())
}

fn unlisted(
    dir: &Path,
    files: &BTreeMap<String, (File, u64)>,
) -> io::Result<BTreeMap<String, u64>> {
    let mut found = BTreeMap::new();
    for entry in dir.read_dir()? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".warc.gz") {
            continue;
        }
        let listed = files.get(&name).map_or(0, |file| file.1);
        let length = entry.metadata()?.len();
        if length > listed {
            found.insert(name, length - listed);
        }
    }
    Ok(found)
}
