//! Cutting a WARC stream into records that can be pages.
//!
//! Holds one block at a time, and none of what is not text.

use std::io::{self, BufRead, Read};

use super::super::Fault;
use super::super::lines::trim_end;
use super::super::stream::{Stream, is_damage};
use super::Page;
use super::http::{Head, Headers, essence};
use crate::skip::SkipReason::{MalformedWarc, NotText, TooLong};

/// Most bytes of one header line, and of all of a record's headers.
const MAX_LINE: u64 = 16 << 10;
const MAX_HEADERS: usize = 64 << 10;

/// What one record turned out to be.
enum Step {
    End,
    /// Of a kind that is never a page.
    NoPage,
    Page(Page),
    Refused(Fault),
    /// Not a record; where the next one begins must be looked for.
    Malformed(&'static str),
}

/// Cuts a stream into pages.
pub(in crate::archive) struct Pages {
    pub(in crate::archive) stream: Stream,
    limit: usize,
    number: u64,
    /// A line that begins a record, found while looking for one.
    held: Option<u64>,
    /// Whether XML and JSON are pages too, for those who know how to read them.
    data: bool,
}

impl Pages {
    pub(in crate::archive) fn new(stream: Stream, limit: usize) -> Self {
        Self {
            stream,
            limit,
            number: 0,
            held: None,
            data: false,
        }
    }

    /// The same, with pages of XML and JSON.
    pub(in crate::archive) fn with_data(self) -> Self {
        Self { data: true, ..self }
    }

    /// The one-based record last returned, or being read when reading failed.
    pub(in crate::archive) fn number(&self) -> u64 {
        self.number
    }

    /// The next page, or what was wrong with a record; `None` at the end.
    /// Records that are never pages (requests, metadata) are passed over.
    pub(in crate::archive) fn next(&mut self) -> io::Result<Option<Result<Page, Fault>>> {
        loop {
            self.number += 1;
            let error = match self.record() {
                Ok(Step::NoPage) => continue,
                Ok(Step::End) => return Ok(None),
                Ok(Step::Page(page)) => return Ok(Some(Ok(page))),
                Ok(Step::Refused(fault)) => return Ok(Some(Err(fault))),
                Ok(Step::Malformed(detail)) => {
                    self.go_on()?;
                    return Ok(Some(Err(Fault::new(MalformedWarc, detail))));
                }
                Err(error) => error,
            };
            let damaged = is_damage(&error);
            if damaged && self.stream.next_member()? {
                let detail = format!("{error}; went on at the next gzip member");
                return Ok(Some(Err(Fault::new(MalformedWarc, detail))));
            }
            return Err(error);
        }
    }

    fn record(&mut self) -> io::Result<Step> {
        let Some((offset, begins)) = self.begin()? else {
            return Ok(Step::End);
        };
        if !begins {
            let detail = "a record begins with WARC/ and a version; this does not";
            return Ok(Step::Malformed(detail));
        }
        let Some(headers) = self.headers()? else {
            let detail = "a header line without a colon, or too many";
            return Ok(Step::Malformed(detail));
        };
        match headers.get("content-length").map(str::parse) {
            Some(Ok(length)) => self.block(headers, length, offset),
            _ => Ok(Step::Malformed("Content-Length is missing or not a number")),
        }
    }

    /// Finds the next line: where it stands, and whether it begins a record.
    fn begin(&mut self) -> io::Result<Option<(u64, bool)>> {
        if let Some(offset) = self.held.take() {
            return Ok(Some((offset, true)));
        }
        loop {
            if self.stream.fill_buf()?.is_empty() {
                return Ok(None);
            }
            let offset = self.stream.offset();
            let line = self.line()?;
            if !line.is_empty() {
                return Ok(Some((offset, begins_record(&line))));
            }
        }
    }

    /// Looks for the next place where a record can begin.
    fn go_on(&mut self) -> io::Result<()> {
        if self.stream.is_gzip() {
            self.stream.next_member()?;
            return Ok(());
        }
        let mut at_start = false;
        loop {
            let offset = self.stream.offset();
            let mut line = Vec::new();
            if (&mut self.stream)
                .take(MAX_LINE)
                .read_until(b'\n', &mut line)?
                == 0
            {
                return Ok(());
            }
            let ended = line.ends_with(b"\n");
            trim_end(&mut line);
            if at_start && begins_record(&line) {
                self.held = Some(offset);
                return Ok(());
            }
            at_start = ended;
        }
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        (&mut self.stream)
            .take(MAX_LINE)
            .read_until(b'\n', &mut line)?;
        trim_end(&mut line);
        Ok(line)
    }

    /// The header lines; `None` when they are none.
    fn headers(&mut self) -> io::Result<Option<Headers>> {
        let mut headers = Headers::default();
        let mut size = 0;
        loop {
            let line = self.line()?;
            size += line.len();
            if line.is_empty() {
                return Ok(Some(headers));
            }
            if size > MAX_HEADERS || !headers.push(&line) {
                return Ok(None);
            }
        }
    }

    /// Reads a block, or passes over it.
    fn block(&mut self, headers: Headers, length: u64, offset: u64) -> io::Result<Step> {
        // Enough to see an HTTP header without holding what is not a page.
        let first = length.min(MAX_HEADERS as u64);
        let mut block = self.exactly(first, Vec::new())?;
        let refused = match wanted(&headers, &block, self.data) {
            None => Step::NoPage,
            Some(Err(fault)) => Step::Refused(fault),
            Some(Ok(())) if length > self.limit as u64 => {
                let detail = format!("{length} bytes; at most {}", self.limit);
                Step::Refused(Fault::new(TooLong, detail))
            }
            Some(Ok(())) => {
                block = self.exactly(length - first, block)?;
                return Ok(Step::Page(Page {
                    headers,
                    block,
                    offset,
                }));
            }
        };
        let rest = length - first;
        if io::copy(&mut (&mut self.stream).take(rest), &mut io::sink())? < rest {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(refused)
    }

    /// Appends `n` bytes to `block`.
    fn exactly(&mut self, n: u64, mut block: Vec<u8>) -> io::Result<Vec<u8>> {
        if ((&mut self.stream).take(n).read_to_end(&mut block)? as u64) < n {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(block)
    }
}

fn begins_record(line: &[u8]) -> bool {
    line.strip_prefix(b"WARC/")
        .and_then(<[u8]>::first)
        .is_some_and(u8::is_ascii_digit)
}

/// Whether a record can be a page of text: `None` when it never is one.
fn wanted(headers: &Headers, first: &[u8], data: bool) -> Option<Result<(), Fault>> {
    let media = match headers.get("warc-type")? {
        "response" => {
            let Some(head) = Head::read(first) else {
                let kind = headers.get("content-type").unwrap_or("no type");
                return Some(Err(not_text(&format!("not HTTP: {kind}"))));
            };
            if !(200..300).contains(&head.status) {
                return Some(Err(not_text(&format!("HTTP status {}", head.status))));
            }
            head.headers.get("content-type").map(essence)
        }
        "resource" | "conversion" => headers.get("content-type").map(essence),
        _ => return None,
    };
    let uri = headers.get("warc-target-uri").unwrap_or("");
    if uri.trim_end_matches('>').ends_with("/robots.txt") {
        return Some(Err(not_text("robots.txt is not a post")));
    }
    match media.as_deref() {
        Some("text/html" | "application/xhtml+xml" | "text/plain") => Some(Ok(())),
        Some(kind)
            if data
                && (kind.ends_with("json") || kind.ends_with("xml"))
                && !kind.starts_with("image/") =>
        {
            Some(Ok(()))
        }
        None | Some("") => Some(Err(not_text("no Content-Type"))),
        Some(other) => Some(Err(not_text(other))),
    }
}

fn not_text(what: &str) -> Fault {
    Fault::new(NotText, what.chars().take(80).collect::<String>())
}
