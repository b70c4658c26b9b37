//! Findings read back from a file. A line that is no finding is named and
//! passed over; it never stops the reading and is never shown as one.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use crate::skip::{Skip, SkipReason};
use crate::store::record::{Finding, SCHEMA_FAMILY};

/// The longest line that is read as a finding, in bytes.
pub const MAX_LINE_BYTES: usize = 16 << 20;

/// The findings of a file, in order; lines that are none become skips.
///
/// Unknown fields and unknown open words are accepted, so that files of newer
/// minor versions can be read. Empty lines are passed over.
#[derive(Debug)]
pub struct Findings<R> {
    subject: String,
    reader: R,
    line: u64,
    ended: bool,
}

impl Findings<BufReader<File>> {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// A skip of the whole file when it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Skip> {
        let subject = path.display().to_string();
        let skip = |reason, error: io::Error| Skip::whole(&subject, reason, error);
        let file = File::open(path).map_err(|error| skip(SkipReason::Unreadable, error))?;
        let metadata = file
            .metadata()
            .map_err(|error| skip(SkipReason::Unreadable, error))?;
        if metadata.is_dir() {
            return Err(Skip::whole(&subject, SkipReason::Directory, ""));
        }
        Ok(Self::new(subject, BufReader::new(file)))
    }
}

impl<R: BufRead> Findings<R> {
    /// Reads from anything; `subject` names it in skips.
    pub fn new(subject: impl Into<String>, reader: R) -> Self {
        Self {
            subject: subject.into(),
            reader,
            line: 0,
            ended: false,
        }
    }

    /// The next line without its end; `None` at the end of the input.
    fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let limit = MAX_LINE_BYTES as u64 + 1;
        self.reader
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.last() != Some(&b'\n') && bytes.len() > MAX_LINE_BYTES {
            self.reader.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(Line::Whole(bytes)))
    }

    fn skipped(&self, reason: SkipReason, detail: impl std::fmt::Display) -> Skip {
        Skip::at(&self.subject, self.line, reason, detail)
    }
}

enum Line {
    Whole(Vec<u8>),
    TooLong,
}

impl<R: BufRead> Iterator for Findings<R> {
    type Item = Result<Finding, Skip>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.line += 1;
            match self.next_line() {
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(self.skipped(SkipReason::Unreadable, error)));
                }
                Ok(Some(Line::TooLong)) => {
                    let detail = format!("more than {MAX_LINE_BYTES} bytes");
                    return Some(Err(self.skipped(SkipReason::TooLong, detail)));
                }
                Ok(Some(Line::Whole(bytes))) if bytes.trim_ascii().is_empty() => {}
                Ok(Some(Line::Whole(bytes))) => {
                    let parsed = parse(&bytes);
                    return Some(parsed.map_err(|(reason, detail)| self.skipped(reason, detail)));
                }
            }
        }
        None
    }
}

fn parse(bytes: &[u8]) -> Result<Finding, (SkipReason, String)> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| (SkipReason::InvalidUtf8, error.to_string()))?;
    let value: serde_json::Value = serde_json::from_str(text)
        .map_err(|error| (SkipReason::MalformedJson, error.to_string()))?;
    // Named first: a record of another version fails for a hundred reasons,
    // and only this one helps.
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(schema) if schema.starts_with(SCHEMA_FAMILY) => {}
        Some(schema) => {
            let detail = format!("schema `{schema}` is not one this program reads");
            return Err((SkipReason::UnknownFormat, detail));
        }
        None => {
            let detail = "no `schema`: not a finding".to_owned();
            return Err((SkipReason::UnknownFormat, detail));
        }
    }
    serde_json::from_value(value).map_err(|error| (SkipReason::MissingField, error.to_string()))
}
