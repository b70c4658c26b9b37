//! Reads back what a finding was seen in.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use flate2::bufread::GzDecoder;

use super::destroyed;
use super::read::{self, Fields, Flaw};
use crate::id::Digest;

/// Longest block read back, in bytes.
const MAX_BLOCK: u64 = 64 << 20;
/// Most records that belong to one capture.
const MAX_RECORDS: usize = 4;

/// A record read back.
#[derive(Clone, Debug)]
pub struct Record {
    fields: Fields,
    /// What it holds.
    pub block: Vec<u8>,
}

impl Record {
    /// The first header of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name)
    }

    /// Its headers, in order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter()
    }
}

/// The record named `id` at `offset` of the WARC file at `path`, and behind it
/// those that belong to it: what was asked, and what was cut out.
///
/// # Errors
///
/// When the file cannot be read, another record stands there, or it is not
/// what it says of itself.
pub fn captured(path: &Path, offset: u64, id: &str) -> io::Result<Vec<Record>> {
    let mut file = BufReader::new(File::open(path)?);
    file.seek(SeekFrom::Start(offset))?;
    let mut records = Vec::new();
    while records.len() < MAX_RECORDS && !file.fill_buf()?.is_empty() {
        if destroyed::is_in_place(file.buffer()) {
            if records.is_empty() {
                let why = format!("the record {id} was destroyed; chain.log says when and why");
                return Err(damaged(&why));
            }
            break;
        }
        let record = record(&mut file)?;
        let (name, belongs) = if records.is_empty() {
            ("WARC-Record-ID", record.get("WARC-Record-ID") == Some(id))
        } else {
            ("", record.get("WARC-Concurrent-To") == Some(id))
        };
        if !belongs && name.is_empty() {
            break;
        }
        if !belongs {
            let found = record.get(name).unwrap_or("none");
            return Err(damaged(&format!("expected the record {id}, found {found}")));
        }
        records.push(record);
    }
    if records.is_empty() {
        return Err(damaged(&format!("expected the record {id}, the file ends")));
    }
    Ok(records)
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Reads the record that the gzip member at the beginning of `file` holds, and
/// leaves `file` behind the member.
///
/// # Errors
///
/// When there is none, it is larger than 64 MiB, or not what its block digest
/// says.
pub fn record(file: &mut impl BufRead) -> io::Result<Record> {
    let mut plain = BufReader::new(GzDecoder::new(file));
    let fields = read::fields(&mut plain).map_err(|flaw| match flaw {
        Flaw::Record(why) => damaged(&why),
        Flaw::Io(error) => error,
    })?;
    let length: u64 = fields
        .get("Content-Length")
        .and_then(|text| text.parse().ok())
        .filter(|length| *length <= MAX_BLOCK)
        .ok_or_else(|| damaged("no Content-Length, or one that is too large"))?;
    let mut block = Vec::new();
    (&mut plain).take(length).read_to_end(&mut block)?;
    // To the end of the member, where the next one begins.
    io::copy(&mut plain.take(MAX_BLOCK), &mut io::sink())?;
    let found = format!("sha256:{}", Digest::of(&block));
    match fields.get("WARC-Block-Digest") {
        Some(told) if told == found => Ok(Record { fields, block }),
        told => {
            let told = told.unwrap_or("none");
            Err(damaged(&format!(
                "expected WARC-Block-Digest {told}, found {found}"
            )))
        }
    }
}
