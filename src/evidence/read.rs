//! Reads records back, each as one gzip member, without holding more than a
//! piece of them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek as _, SeekFrom, Take};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::id::Digest;

/// A file to be read from its beginning, or from `offset`.
pub(super) fn open(path: &Path, offset: u64) -> io::Result<BufReader<File>> {
    let mut file = BufReader::with_capacity(64 << 10, File::open(path)?);
    file.seek(SeekFrom::Start(offset))?;
    Ok(file)
}

/// The next bytes of a file, hashed as they are read: for the record they are,
/// and for the file as a whole.
pub(super) struct Span<'s> {
    bytes: Take<&'s mut BufReader<File>>,
    record: Sha256,
    file: &'s mut Sha256,
}

impl<'s> Span<'s> {
    pub(super) fn new(from: &'s mut BufReader<File>, length: u64, hash: &'s mut Sha256) -> Self {
        Self {
            bytes: from.take(length),
            record: Sha256::new(),
            file: hash,
        }
    }

    /// Bytes that are expected and were not read.
    pub(super) fn left(&self) -> u64 {
        self.bytes.limit()
    }

    /// Reads the rest; gives the digest of the whole, in hexadecimal.
    pub(super) fn finish(&mut self) -> io::Result<String> {
        loop {
            let n = self.fill_buf()?.len();
            if n == 0 {
                break;
            }
            self.consume(n);
        }
        Ok(Digest(std::mem::take(&mut self.record).finalize().into()).to_string())
    }
}

impl Read for Span<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(into)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Span<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.bytes.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        // What is consumed was filled: this reads nothing.
        if let Ok(bytes) = self.bytes.fill_buf() {
            self.record.update(&bytes[..n]);
            self.file.update(&bytes[..n]);
        }
        self.bytes.consume(n);
    }
}

/// Most bytes of a record's headers, and of the HTTP header in it.
const MAX_HEADERS: usize = 256 << 10;

/// What is wrong with a record.
#[derive(Debug)]
pub(super) enum Flaw {
    /// It is not what a record is, or not what it says of itself.
    Record(String),
    /// The disk failed.
    Io(io::Error),
}

impl From<String> for Flaw {
    fn from(why: String) -> Self {
        Self::Record(why)
    }
}

/// The headers of a record, names as written.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of `name`.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self
            .0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn need(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| format!("no {name}"))
    }
}

/// Reads the headers of a record from its beginning.
pub(super) fn fields(from: &mut impl BufRead) -> Result<Fields, Flaw> {
    let mut fields = Fields::default();
    let mut size = 0;
    if line(from, &mut size)? != "WARC/1.1" {
        return Err("expected a record that begins with WARC/1.1"
            .to_owned()
            .into());
    }
    loop {
        let line = line(from, &mut size)?;
        if line.is_empty() {
            return Ok(fields);
        }
        let Some((name, value)) = line.split_once(": ") else {
            return Err(format!("{line:?} is no header line").into());
        };
        fields.0.push((name.to_owned(), value.to_owned()));
    }
}

fn line(from: &mut impl BufRead, size: &mut usize) -> Result<String, Flaw> {
    let mut line = Vec::new();
    let room = (MAX_HEADERS - *size) as u64;
    from.take(room)
        .read_until(b'\n', &mut line)
        .map_err(packed)?;
    *size += line.len();
    let Some(text) = line.strip_suffix(b"\r\n") else {
        return Err("the header does not end".to_owned().into());
    };
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// An error of inflating is a flaw of the record; another is the disk's.
fn packed(error: io::Error) -> Flaw {
    match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            Flaw::Record(format!("the gzip member is damaged: {error}"))
        }
        _ => Flaw::Io(error),
    }
}

/// Digests of a block, and of what stands behind the HTTP header in it.
struct Digests {
    block: Sha256,
    payload: Sha256,
    /// Letters of the blank line that ends the header met in a row; `None`
    /// behind it, or where there is no header.
    blank: Option<usize>,
}

impl Digests {
    fn update(&mut self, bytes: &[u8]) {
        self.block.update(bytes);
        let mut rest = bytes;
        while let (Some(met), Some((first, behind))) = (self.blank, rest.split_first()) {
            let fits = *first == b"\r\n\r\n"[met];
            self.blank = match (met, fits) {
                (3, true) => None,
                (_, true) => Some(met + 1),
                (_, false) => Some(usize::from(*first == b'\r')),
            };
            rest = behind;
        }
        self.payload.update(rest);
    }
}

/// Checks that a member holds one record, whole, as its own digests say.
/// Holds a buffer of it at a time.
pub(super) fn check(span: &mut Span<'_>) -> Result<Fields, Flaw> {
    let mut record = BufReader::new(flate2::bufread::GzDecoder::new(&mut *span));
    let fields = fields(&mut record)?;
    let length: u64 = fields
        .need("Content-Length")?
        .parse()
        .map_err(|_| "Content-Length is no number".to_owned())?;
    let kind = fields.need("WARC-Type")?;
    fields.need("WARC-Date")?;
    let is_http = fields
        .get("Content-Type")
        .is_some_and(|kind| kind.starts_with("application/http"));
    let mut digests = Digests {
        block: Sha256::new(),
        payload: Sha256::new(),
        blank: is_http.then_some(0),
    };
    let mut left = length;
    while left > 0 {
        let bytes = record.fill_buf().map_err(packed)?;
        let n = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if n == 0 {
            return Err(format!("the block ends {left} bytes early").into());
        }
        digests.update(&bytes[..n]);
        record.consume(n);
        left -= n as u64;
    }
    let mut rest = Vec::new();
    record.take(5).read_to_end(&mut rest).map_err(packed)?;
    if rest != b"\r\n\r\n" {
        return Err("expected two line ends behind the block and nothing more"
            .to_owned()
            .into());
    }
    same(&fields, "WARC-Block-Digest", digests.block, true)?;
    // A revisit tells the digest of a body that stands elsewhere.
    if kind != "revisit" {
        same(&fields, "WARC-Payload-Digest", digests.payload, false)?;
    }
    if span.left() > 0 {
        return Err(format!("{} bytes behind the gzip member", span.left()).into());
    }
    Ok(fields)
}

fn same(fields: &Fields, name: &str, found: Sha256, needed: bool) -> Result<(), String> {
    let found = format!("sha256:{}", Digest(found.finalize().into()));
    match fields.get(name) {
        Some(told) if told == found => Ok(()),
        Some(told) => Err(format!("expected {name} {told}, found {found}")),
        None if needed => Err(format!("no {name}")),
        None => Ok(()),
    }
}
