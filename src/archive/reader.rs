//! Opening an input and cutting it into records.
//!
//! Holds one record and a few buffers, never the file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::batch::Batch;
use super::format;
use super::lines::{BOM, Lines};
use super::record::{Body, Context, Record};
use super::rows::Rows;
use super::stream::{Raw, Stream, broken};
use super::table::Header;
use super::warc::Pages;
use super::{Fault, Format, Input, Options};
use crate::post::MAX_FIELD_BYTES;
use crate::skip::Skip;
use crate::skip::SkipReason::{Directory, Empty, NoCsvHeader, TooLong, UnknownFormat, Unreadable};

/// Records of a batch of anything but lines: enough to hide the hand-over.
const BATCH_RECORDS: usize = 64;
/// Bytes after which such a batch is whole.
const BATCH_BYTES: usize = 1 << 20;

/// Cuts one input into records, in order.
///
/// As an iterator it yields a record, or a skip for what could not be cut; it
/// goes on after a skip wherever there is something to go on with. An input
/// that held nothing at all yields one skip that says so.
/// [`Reader::next_batch`] gives the same items, many at a time.
pub struct Reader {
    context: Arc<Context>,
    format: Format,
    cut: Cut,
    size: Option<u64>,
    to_pass: u64,
    yielded: bool,
    done: bool,
    /// What is left of a batch that is taken record by record.
    open: Option<Batch>,
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
            open: None,
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

    /// The next records together; `None` at the end. `spare` is a buffer of an
    /// earlier batch, see [`Batch::into_spare`], or an empty one.
    pub fn next_batch(&mut self, mut spare: Vec<u8>) -> Option<Batch> {
        loop {
            let mut batch = match self.open.take() {
                Some(batch) => batch,
                None => self.cut_batch(spare)?,
            };
            self.to_pass -= batch.pass(self.to_pass);
            if !batch.is_empty() {
                return Some(batch);
            }
            spare = batch.into_spare().unwrap_or_default();
        }
    }

    fn cut_batch(&mut self, mut spare: Vec<u8>) -> Option<Batch> {
        if let Cut::Lines(lines) = &mut self.cut {
            while let Some(chunk) = lines.next(spare) {
                let batch = Batch::of_lines(Arc::clone(&self.context), chunk);
                if !batch.is_empty() {
                    self.yielded = true;
                    return Some(batch);
                }
                spare = batch.into_spare().unwrap_or_default();
            }
            return self.end().map(Batch::of_skip);
        }
        let mut records = Vec::new();
        let mut bytes = 0;
        while records.len() < BATCH_RECORDS && bytes < BATCH_BYTES && !self.done {
            let Some(item) = self.step() else { break };
            self.yielded = true;
            bytes += item.as_ref().map_or(0, Record::size);
            records.push(item);
        }
        (!records.is_empty()).then(|| Batch::of_records(records))
    }

    /// Ends; says so when there was nothing at all.
    fn end(&mut self) -> Option<Skip> {
        let empty = !self.done && !self.yielded;
        self.done = true;
        empty.then(|| Skip::whole(&self.context.file, Empty, "no records"))
    }

    /// The next record of anything but lines.
    fn step(&mut self) -> Option<Result<Record, Skip>> {
        let file = &self.context.file;
        let cut = match &mut self.cut {
            Cut::Lines(_) => unreachable!("lines are cut by the chunk"),
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
            Ok(None) => self.end().map(Err),
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
        loop {
            if let Some(item) = self.open.as_mut().and_then(Batch::pop) {
                return Some(item);
            }
            let spare = self.open.take().and_then(Batch::into_spare);
            self.open = Some(self.next_batch(spare.unwrap_or_default())?);
        }
    }
}

pub(super) fn open_file(path: &Path) -> Result<(File, Option<u64>), Fault> {
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
    let packed = stream.is_packed();
    let head = stream
        .head(format::is_enough)
        .map_err(|error| broken(&error))?;
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
    let head = stream
        .head(|_| false)
        .map_err(|error| (1, broken(&error)))?;
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
