//! Files of JSON lines in which every line holds the digest of the one before.
//!
//! `this`, always last, is the SHA-256 of everything that stands before
//! `,"this":` in its line; `prev` is `this` of the line before, 64 zeros in the
//! first. So a line that was altered, taken out, doubled or moved shows, and
//! anybody can check it with `cut` and `sha256sum`.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::id::Digest;

/// Most bytes of one line; what is longer was not written by this program.
const MAX_LINE: u64 = 64 << 10;

/// A line with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Link<T> {
    /// Counts up from 1.
    pub seq: u64,
    /// `this` of the line before.
    pub prev: String,
    /// What the line says.
    #[serde(flatten)]
    pub body: T,
    /// SHA-256 of the line up to here, in hexadecimal.
    pub this: String,
}

/// The part of a line that its digest is made of.
#[derive(Serialize)]
struct Unsigned<'l, T> {
    seq: u64,
    prev: &'l str,
    #[serde(flatten)]
    body: &'l T,
}

/// Writes a line; returns it with its line end, and its `this`.
fn write<T: Serialize>(seq: u64, prev: &str, body: &T) -> io::Result<(String, String)> {
    let mut text = serde_json::to_string(&Unsigned { seq, prev, body })?;
    text.pop();
    let this = Digest::of(text.as_bytes()).to_string();
    text.push_str(",\"this\":\"");
    text.push_str(&this);
    text.push_str("\"}\n");
    Ok((text, this))
}

/// Where a chain stands: behind its last line, or at its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// `seq` of the last line; 0 at the beginning.
    pub(super) seq: u64,
    /// `this` of the last line.
    pub(super) this: String,
    /// Bytes up to here.
    pub(super) end: u64,
}

impl Place {
    pub(super) fn start() -> Self {
        Self {
            seq: 0,
            this: "0".repeat(64),
            end: 0,
        }
    }
}

/// What stands where a line was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// Its first byte in the file.
    pub(super) offset: u64,
    /// What is wrong with it.
    pub(super) why: String,
}

/// Reads a chain, one line at a time.
pub(super) struct Reader<T> {
    file: BufReader<File>,
    place: Place,
    line: Vec<u8>,
    body: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Reader<T> {
    /// Begins at `place`, which holds.
    pub(super) fn new(mut file: File, place: Place) -> io::Result<Self> {
        file.seek(SeekFrom::Start(place.end))?;
        Ok(Self {
            file: BufReader::new(file),
            place,
            line: Vec::new(),
            body: PhantomData,
        })
    }

    /// Behind the last line that holds.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// The next line; `None` at the end. Nothing can be read behind a broken
    /// one.
    pub(super) fn next(&mut self) -> io::Result<Option<Result<Link<T>, Broken>>> {
        self.line.clear();
        let read = (&mut self.file)
            .take(MAX_LINE)
            .read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        let offset = self.place.end;
        Ok(Some(self.check().map_err(|why| Broken { offset, why })))
    }

    fn check(&mut self) -> Result<Link<T>, String> {
        if !self.line.ends_with(b"\n") {
            return Err("a line without its end".to_owned());
        }
        let link: Link<T> =
            serde_json::from_slice(&self.line).map_err(|error| format!("not a line: {error}"))?;
        let Place { seq, this, .. } = &self.place;
        if link.seq != seq + 1 || link.prev != *this {
            return Err(format!(
                "expected line {} with prev {this}, found line {} with prev {}: \
                 lines were taken out, doubled or moved",
                seq + 1,
                link.seq,
                link.prev
            ));
        }
        // One way of writing only: no byte may change without a trace.
        let (text, this) =
            write(link.seq, &link.prev, &link.body).map_err(|error| error.to_string())?;
        if text.as_bytes() != self.line {
            return Err(format!(
                "expected this={this}, found this={}: the line was altered",
                link.this
            ));
        }
        self.place = Place {
            seq: link.seq,
            this,
            end: self.place.end + self.line.len() as u64,
        };
        Ok(link)
    }
}

/// The end of a chain, open for appending.
#[derive(Debug)]
pub(super) struct Tail {
    file: File,
    place: Place,
}

impl Tail {
    /// Goes on at `place`, which must be the end of the file.
    pub(super) fn new(file: File, place: Place) -> Self {
        Self { file, place }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Adds a line.
    pub(super) fn append<T: Serialize>(&mut self, body: &T) -> io::Result<()> {
        let seq = self.place.seq + 1;
        let (text, this) = write(seq, &self.place.this, body)?;
        self.file.write_all(text.as_bytes())?;
        let end = self.place.end + text.len() as u64;
        self.place = Place { seq, this, end };
        Ok(())
    }

    /// Lets others open the file.
    pub(super) fn unlock(&self) -> io::Result<()> {
        self.file.unlock()
    }

    /// Puts the lines on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}
