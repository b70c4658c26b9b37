//! Opening an input and cutting it into records.
//!
//! Holds one record and a few buffers, never the file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::format;
use super::lines::{BOM, Line, Lines};
use super::record::{Body, Context, Record};
use super::rows::Rows;
use super::stream::{Raw, Stream, broken};
use super::table::Header;
use super::warc::Pages;
use super::{Fault, Format, Input, Options};
use crate::post::MAX_FIELD_BYTES;
use crate::skip::Skip;
use crate::skip::SkipReason::{Directory, Empty, NoCsvHeader, TooLong, UnknownFormat, Unreadable};

/// Cuts one input into records, in order.
///
/// As an iterator it yields a record, or a skip for what could not be cut; it
/// goes on after a skip wherever there is something to go on with. An input
/// that held nothing at all yields one skip that says so.
pub struct Reader {
    context: Arc<Context>,
    format: Format,
    cut: Cut,
    size: Option<u64>,
    to_pass: u64,
    yielded: bool,
    done: bool,
}

enum Cut {
    Lines(Lines),
    Rows(Rows),
    Whole(Stream),
    Pages(Pages),
}

impl Reader {
    /// Opens an input and looks at its first bytes.
    ///
    /// # Errors
    ///
    /// A skip of the whole input: missing, a directory, empty, of no format
    /// that is read, or a CSV file without a header.
    pub fn open(input: &Input, options: &Options) -> Result<Self, Skip> {
        let subject = input.subject();
        match input {
            Input::File(path) => {
                let (file, size) = open_file(path)
                    .map_err(|fault| Skip::whole(&subject, fault.reason, fault.detail))?;
                Self::from_read(&subject, Box::new(file), size, options)
            }
            Input::Stdin => Self::from_read(&subject, Box::new(io::stdin()), None, options),
        }
    }

    /// Reads any bytes under the name `subject`. `size` is their number, where
    /// known, for a progress bar.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`].
    pub fn from_read(
        subject: &str,
        input: Box<dyn Read + Send>,
        size: Option<u64>,
        options: &Options,
    ) -> Result<Self, Skip> {
        let whole = |fault: Fault| Skip::whole(subject, fault.reason, fault.detail);
        let mut stream = Stream::new(Raw::new(input)).map_err(|error| whole(broken(&error)))?;
        let format = choose(subject, &mut stream, options).map_err(whole)?;
        let stem = format::stem(subject);
        let mut context = Context {
            file: subject.to_owned(),
            platform: options.platform.clone().unwrap_or_else(|| stem.clone()),
            stem,
            platform_kind: options.platform_kind,
            max_record_bytes: options.max_record_bytes,
            header: None,
        };
        let limit = options.max_record_bytes;
        let cut = match format {
            Format::Jsonl => Cut::Lines(Lines::new(stream, limit)),
            Format::Csv => {
                let (rows, header) =
                    open_table(stream, limit).map_err(|(line, fault)| fault.at(subject, line))?;
                context.header = Some(header);
                Cut::Rows(rows)
            }
            Format::Text => Cut::Whole(stream),
            Format::Warc => Cut::Pages(Pages::new(stream, limit)),
        };
        Ok(Self {
            context: Arc::new(context),
            format,
            cut,
            size,
            to_pass: options.skip_records,
            yielded: false,
            done: false,
        })
    }

    /// The format it is read as.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Bytes taken so far from the input as it stands on disk, packed or not.
    pub fn bytes_read(&self) -> u64 {
        match &self.cut {
            Cut::Lines(lines) => lines.stream.consumed(),
            Cut::Rows(rows) => rows.stream.consumed(),
            Cut::Whole(stream) => stream.consumed(),
            Cut::Pages(pages) => pages.stream.consumed(),
        }
    }

    /// Bytes of the input as it stands on disk; `None` for a pipe.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    fn step(&mut self) -> Option<Result<Record, Skip>> {
        let file = &self.context.file;
        let cut = match &mut self.cut {
            Cut::Lines(lines) => lines
                .next()
                .map_err(|error| (lines.number(), broken(&error)))
                .map(|line| line.map(|line| (lines.number(), line_body(line, &self.context)))),
            Cut::Rows(rows) => rows
                .next()
                .map_err(|error| (rows.number(), broken(&error)))
                .map(|row| row.map(|(line, row)| (line, row.map(Body::Row)))),
            Cut::Whole(stream) => {
                self.done = true;
                read_whole(stream)
                    .map(|body| Some((1, body)))
                    .map_err(|error| (1, broken(&error)))
            }
            Cut::Pages(pages) => pages
                .next()
                .map_err(|error| (pages.number(), broken(&error)))
                .map(|page| page.map(|page| (pages.number(), page.map(Body::Page)))),
        };
        match cut {
            Ok(Some((line, Ok(body)))) => Some(Ok(Record {
                context: Arc::clone(&self.context),
                line,
                body,
            })),
            Ok(Some((line, Err(fault)))) => Some(Err(fault.at(file, line))),
            Ok(None) => {
                self.done = true;
                let empty = || Err(Skip::whole(file, Empty, "no records"));
                (!self.yielded).then(empty)
            }
            Err((line, fault)) => {
                self.done = true;
                Some(Err(fault.at(file, line)))
            }
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Record, Skip>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let item = self.step()?;
            self.yielded = true;
            if self.to_pass == 0 {
                return Some(item);
            }
            self.to_pass -= 1;
        }
        None
    }
}

fn open_file(path: &Path) -> Result<(File, Option<u64>), Fault> {
    let unreadable = |error: io::Error| Fault::new(Unreadable, error.to_string());
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if about.is_dir() {
        let detail = format!(
            "a folder; pass the files in it: {}",
            path.join("*").display()
        );
        return Err(Fault::new(Directory, detail));
    }
    let file = File::open(path).map_err(unreadable)?;
    Ok((file, about.is_file().then_some(about.len())))
}

/// Decides the format, and refuses what is none.
fn choose(subject: &str, stream: &mut Stream, options: &Options) -> Result<Format, Fault> {
    let packed = stream.is_gzip();
    let head = stream.head().map_err(|error| broken(&error))?;
    if head.is_empty() {
        return Err(Fault::new(
            Empty,
            if packed {
                "packed, with nothing in it"
            } else {
                "no bytes"
            },
        ));
    }
    if let Some(what) = format::refuse(head) {
        return Err(Fault::new(UnknownFormat, what));
    }
    if let Some(format) = options.format.or_else(|| format::of_name(subject)) {
        return Ok(format);
    }
    format::sniff(head).map_err(|what| Fault::new(UnknownFormat, what))
}

/// Reads the header, and leaves the rows.
fn open_table(mut stream: Stream, limit: usize) -> Result<(Rows, Header), (u64, Fault)> {
    let head = stream.head().map_err(|error| (1, broken(&error)))?;
    let head = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    if head.is_empty() {
        return Err((
            1,
            Fault::new(NoCsvHeader, "the file begins with blank lines only"),
        ));
    }
    let delimiter = Header::detect(head).map_err(|fault| (1, fault))?.delimiter;
    let mut rows = Rows::new(stream, delimiter, limit);
    loop {
        match rows
            .next()
            .map_err(|error| (rows.number(), broken(&error)))?
        {
            Some((_, Ok(row))) if Header::is_hint(&row) => {}
            Some((line, row)) => {
                let header = row.and_then(|row| Header::read(&row, delimiter));
                return header
                    .map(|header| (rows, header))
                    .map_err(|fault| (line, fault));
            }
            None => return Err((1, Fault::new(NoCsvHeader, "the file has no header row"))),
        }
    }
}

fn line_body(line: Line, context: &Context) -> Result<Body, Fault> {
    match line {
        Line::Whole(line) => Ok(Body::Line(line)),
        Line::TooLong => Err(Fault::new(
            TooLong,
            format!("a line of more than {} bytes", context.max_record_bytes),
        )),
    }
}

fn read_whole(stream: &mut Stream) -> io::Result<Result<Body, Fault>> {
    let mut text = Vec::new();
    let most = MAX_FIELD_BYTES + BOM.len();
    stream.take(most as u64 + 1).read_to_end(&mut text)?;
    if text.len() > most {
        let detail = format!("a text of more than {MAX_FIELD_BYTES} bytes; is it JSONL or CSV?");
        return Ok(Err(Fault::new(TooLong, detail)));
    }
    Ok(Ok(Body::Whole(text)))
}

#[cfg(test)]
mod tests;
