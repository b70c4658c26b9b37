//! What the chain says was destroyed on purpose, and what stands in its place.
//!
//! A WARC file of which nothing is kept is taken away. In one of which
//! something is, each destroyed record gives way to a record of the same
//! length that says so: the file keeps its length, what is kept stays where
//! findings say it is, byte for byte what the manifest says, and any reader of
//! WARC files still reads it. What stands in place of a record follows from
//! its line of the manifest and the time of the entry alone, so nothing else
//! can be hidden there.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::chain::Event;
use super::manifest::Listed;

/// A purge that began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurgeStart {
    /// Names it.
    pub purge: String,
    /// Who asked for it.
    pub who: String,
    /// Why.
    pub why: String,
    /// Days that each kind of thing is kept, as `[retention]` said.
    pub retention: BTreeMap<String, u64>,
}

/// Findings that are about to go from the store and from the files of runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingsDestroyed {
    /// The purge.
    pub purge: String,
    /// Key of `[retention]`.
    pub rule: String,
    /// What it said.
    pub days: u64,
    /// Which findings.
    pub findings: Vec<GoneFinding>,
}

/// A finding that goes, with every revision of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoneFinding {
    /// Its id.
    pub id: String,
    /// Its newest revision.
    pub revision: u32,
    /// `integrity.sha256` of that: whoever holds a copy can show which it is.
    pub sha256: String,
}

/// Posts that are about to be forgotten, or folders of pages kept for repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OthersDestroyed {
    /// The purge.
    pub purge: String,
    /// Key of `[retention]`.
    pub rule: String,
    /// What it said.
    pub days: u64,
    /// Posts without a finding.
    pub posts: u64,
    /// Folders, relative to the workspace.
    pub folders: Vec<String>,
}

/// Records of a WARC file that are about to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsDestroyed {
    /// The purge.
    pub purge: String,
    /// Key of `[retention]`.
    pub rule: String,
    /// What it said.
    pub days: u64,
    /// The file.
    pub file: String,
    /// Their lines of the manifest, such as `4-9 12`.
    pub destroyed_lines: String,
    /// How many they are.
    pub records: u64,
    /// Whether the file goes with them.
    pub whole: bool,
}

/// The records of an entry are gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsGone {
    /// The purge.
    pub purge: String,
    /// Number of the entry that announced it.
    pub of: u64,
    /// The file.
    pub file: String,
    /// Its length; 0 when it went too.
    pub bytes: u64,
    /// Its SHA-256 from now on; empty when it went too.
    pub sha256: String,
}

/// A purge that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurgeEnd {
    /// Names it.
    pub purge: String,
    /// Findings that are gone.
    pub findings: u64,
    /// Posts that are forgotten.
    pub posts: u64,
    /// Records of evidence that are gone.
    pub records: u64,
    /// WARC files that went as a whole.
    pub files: u64,
    /// Folders of pages that are gone.
    pub folders: u64,
}

/// A purge without an end: it was cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPurge {
    /// How it began.
    pub start: PurgeStart,
    /// What it has announced so far.
    pub told: PurgeEnd,
    /// Findings it has announced.
    pub findings: Vec<String>,
    /// Folders it has.
    pub folders: Vec<String>,
}

/// Records whose destruction was announced and not confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    /// Number of the entry.
    pub(super) entry: u64,
    pub(super) what: RecordsDestroyed,
}

/// What is gone of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct GoneOf {
    /// First line of the manifest → last line, time of the entry.
    lines: BTreeMap<u64, (u64, String)>,
    pub(super) records: u64,
    pub(super) whole: bool,
    /// Length and SHA-256 from then on.
    pub(super) after: Option<(u64, String)>,
}

impl GoneOf {
    /// When the record of a line of the manifest was destroyed, if it was.
    pub(super) fn at(&self, line: u64) -> Option<&str> {
        let (_, (last, at)) = self.lines.range(..=line).next_back()?;
        (line <= *last).then_some(at.as_str())
    }
}

/// What all entries say of destruction.
#[derive(Clone, Debug, Default)]
pub(super) struct Gone {
    files: BTreeMap<String, GoneOf>,
    pub(super) pending: Vec<Pending>,
    pub(super) open: Option<OpenPurge>,
    /// Purges that ended.
    pub(super) purges: u64,
    /// The first entry that means nothing, and why.
    pub(super) nonsense: Option<String>,
}

impl Gone {
    pub(super) fn of(&self, file: &str) -> Option<&GoneOf> {
        self.files.get(file)
    }

    /// Whether a file went as a whole.
    pub(super) fn is_whole(&self, file: &str) -> bool {
        self.of(file).is_some_and(|gone| gone.whole)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &GoneOf)> {
        self.files.iter().map(|(name, gone)| (name.as_str(), gone))
    }

    pub(super) fn hear(&mut self, entry: u64, at: &str, event: &Event) {
        match event {
            Event::PurgeStart(start) => {
                self.open = Some(OpenPurge {
                    told: PurgeEnd {
                        purge: start.purge.clone(),
                        findings: 0,
                        posts: 0,
                        records: 0,
                        files: 0,
                        folders: 0,
                    },
                    start: start.clone(),
                    findings: Vec::new(),
                    folders: Vec::new(),
                });
            }
            Event::FindingsDestroyed(gone) => {
                if let Some(open) = &mut self.open {
                    open.told.findings += gone.findings.len() as u64;
                    let ids = gone.findings.iter().map(|one| one.id.clone());
                    open.findings.extend(ids);
                }
            }
            Event::OthersDestroyed(gone) => {
                if let Some(open) = &mut self.open {
                    open.told.posts += gone.posts;
                    open.told.folders += gone.folders.len() as u64;
                    open.folders.extend_from_slice(&gone.folders);
                }
            }
            Event::RecordsDestroyed(gone) => self.announced(entry, at, gone),
            Event::RecordsGone(gone) => self.confirmed(gone),
            Event::PurgeEnd(_) => {
                self.open = None;
                self.purges += 1;
            }
            _ => {}
        }
    }

    fn announced(&mut self, entry: u64, at: &str, gone: &RecordsDestroyed) {
        let Some(ranges) = parse(&gone.destroyed_lines) else {
            let why = format!("entry {entry}: {:?} are no lines", gone.destroyed_lines);
            self.nonsense.get_or_insert(why);
            return;
        };
        let n: u64 = ranges.iter().map(|(first, last)| last - first + 1).sum();
        if n != gone.records {
            let why = format!("entry {entry}: {n} lines and {} records", gone.records);
            self.nonsense.get_or_insert(why);
            return;
        }
        let file = self.files.entry(gone.file.clone()).or_default();
        for (first, last) in ranges {
            file.lines.insert(first, (last, at.to_owned()));
        }
        file.records += n;
        file.whole |= gone.whole;
        if let Some(open) = &mut self.open {
            open.told.records += n;
            open.told.files += u64::from(gone.whole);
        }
        self.pending.push(Pending {
            entry,
            what: gone.clone(),
        });
    }

    fn confirmed(&mut self, gone: &RecordsGone) {
        let before = self.pending.len();
        self.pending
            .retain(|one| one.entry != gone.of || one.what.file != gone.file);
        match self.files.get_mut(&gone.file) {
            Some(file) if self.pending.len() < before => {
                file.after = Some((gone.bytes, gone.sha256.clone()));
            }
            _ => {
                let why = format!(
                    "{} is said to be destroyed as entry {} announced, which did not",
                    gone.file, gone.of
                );
                self.nonsense.get_or_insert(why);
            }
        }
    }
}

/// Lines as an entry names them. They are in order.
pub(super) fn ranges(lines: &[u64]) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for &line in lines {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            _ => ranges.push((line, line)),
        }
    }
    ranges
}

pub(super) fn write(ranges: &[(u64, u64)]) -> String {
    let mut text = String::new();
    for (first, last) in ranges {
        let space = if text.is_empty() { "" } else { " " };
        let _ = write!(text, "{space}{first}");
        if first < last {
            let _ = write!(text, "-{last}");
        }
    }
    text
}

/// Ranges that are in order and apart; there is at least one.
fn parse(text: &str) -> Option<Vec<(u64, u64)>> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for part in text.split(' ') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        let behind = ranges.last().map_or(0, |(_, last)| *last);
        if first > last || first <= behind || last == u64::MAX {
            return None;
        }
        ranges.push((first, last));
    }
    Some(ranges)
}

/// Bytes of a gzip member beside its comment and its blocks.
const AROUND: usize = 10 + 1 + 8;
/// Most bytes of a block that is not packed.
const BLOCK: usize = 0xffff;
/// Longer comments are refused by some readers.
const MAX_COMMENT: usize = 60_000;

/// What stands in place of a record that was destroyed at `at`: a gzip member
/// of the same length. Members shorter than any record hold nothing.
pub(super) fn in_place_of(listed: &Listed, at: &str) -> Vec<u8> {
    let length = usize::try_from(listed.length).unwrap_or(usize::MAX);
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, listed.id.as_bytes());
    // What no comment can fill is filled with spaces.
    let spaces = length.saturating_sub(MAX_COMMENT + 5 * (length / BLOCK + 2));
    let record = format!(
        "WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{id}>\r\n\
         WARC-Date: {at}\r\nWARC-Refers-To: {}\r\nContent-Length: {spaces}\r\n\r\n\
         {}\r\n\r\n",
        listed.id,
        " ".repeat(spaces)
    );
    let blocks = |record: &[u8]| 5 * record.len().div_ceil(BLOCK).max(1) + record.len();
    for record in [record.as_bytes(), &[]] {
        if let Some(room) = length.checked_sub(AROUND + blocks(record)) {
            return member(record, room);
        }
    }
    vec![0; length]
}

/// A gzip member that holds `record` unpacked, with a comment of so many
/// bytes.
fn member(record: &[u8], comment: usize) -> Vec<u8> {
    let mut member = vec![0x1f, 0x8b, 8, 0x10, 0, 0, 0, 0, 0, 255];
    let words = b"destroyed; chain.log says when and why";
    let spaces = std::iter::repeat(b' ');
    member.extend(words.iter().copied().chain(spaces).take(comment));
    member.push(0);
    let last = record.len().div_ceil(BLOCK).max(1);
    for n in 1..=last {
        let block = &record[(n - 1) * BLOCK..record.len().min(n * BLOCK)];
        let length = block.len() as u16;
        member.push(u8::from(n == last));
        member.extend_from_slice(&length.to_le_bytes());
        member.extend_from_slice(&(!length).to_le_bytes());
        member.extend_from_slice(block);
    }
    let mut crc = flate2::Crc::new();
    crc.update(record);
    member.extend_from_slice(&crc.sum().to_le_bytes());
    member.extend_from_slice(&(record.len() as u32).to_le_bytes());
    member
}

/// Whether a gzip member stands in place of a record: no record has a comment.
pub(super) fn is_in_place(member: &[u8]) -> bool {
    member.starts_with(&[0x1f, 0x8b, 8, 0x10]) || member.starts_with(&[0; 4])
}
