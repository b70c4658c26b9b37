//! Time-stamp requests (RFC 3161): the head of the chain, to be signed with a
//! time by an authority nobody here can move.
//!
//! Writing a request contacts nobody. A person carries it to an authority and
//! brings the answer back; whether its signature is good is for `openssl ts`
//! or a court to say, not for this module.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::chain::{self, Event};
use super::recover::Opened;
use crate::id::Digest;

/// Largest answer taken, in bytes.
const MAX_RESPONSE: usize = 1 << 20;

/// A request that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its file.
    pub path: PathBuf,
    /// Number of the chain's entry that is to be stamped.
    pub of: u64,
    /// `this` of that entry: what the authority signs.
    pub head: String,
}

/// An answer that was put beside its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Its file.
    pub path: PathBuf,
    /// The request it answers.
    pub request: Request,
}

/// Writes a request over the last entry of the chain of `dir`, and notes it
/// there.
///
/// # Errors
///
/// When there is no evidence, the folder is in use, or it cannot be written.
pub fn request(dir: &Path, now: Timestamp) -> io::Result<Request> {
    let mut opened = opened(dir, now)?;
    let place = opened.chain.place().clone();
    let bytes = der(&place.this)?;
    let name = format!("chain-{}.tsq", place.seq);
    put(dir, &name, &bytes)?;
    let event = Event::TimestampRequest {
        file: name.clone(),
        sha256: Digest::of(&bytes).to_string(),
        of: place.seq,
    };
    opened.log(now, event)?;
    Ok(Request {
        path: dir.join(name),
        of: place.seq,
        head: place.this,
    })
}

/// Keeps an authority's answer beside the request that it answers, and notes
/// its digest in the chain. Its signature is not checked.
///
/// # Errors
///
/// When it is no answer that grants a stamp, or answers no request of this
/// folder; else as [`request`].
pub fn response(dir: &Path, bytes: &[u8], now: Timestamp) -> io::Result<Response> {
    let refuse = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
    if bytes.len() > MAX_RESPONSE {
        return Err(refuse(format!("more than {MAX_RESPONSE} bytes")));
    }
    check_granted(bytes).map_err(refuse)?;
    let mut requests = Vec::new();
    chain::read(dir, |link| {
        if let Event::TimestampRequest { file, of, .. } = &link.body.event {
            // Noted at once, so the entry before it is the one to be stamped.
            requests.push((file.clone(), *of, link.prev.clone()));
        }
    })?;
    let answered = requests.into_iter().rev().find(|(_, _, head)| {
        imprint(head).is_some_and(|one| bytes.windows(one.len()).any(|part| part == one))
    });
    let Some((file, of, head)) = answered else {
        let why = "it stamps none of the requests in this folder";
        return Err(refuse(why.to_owned()));
    };
    let mut opened = opened(dir, now)?;
    let name = format!("chain-{of}.tsr");
    if dir.join(&name).exists() {
        return Err(refuse(format!("{name} is there already")));
    }
    put(dir, &name, bytes)?;
    let event = Event::TimestampResponse {
        file: name.clone(),
        sha256: Digest::of(bytes).to_string(),
        of,
    };
    opened.log(now, event)?;
    let path = dir.join(file);
    Ok(Response {
        path: dir.join(name),
        request: Request { path, of, head },
    })
}

fn opened(dir: &Path, now: Timestamp) -> io::Result<Opened> {
    if !dir.join(chain::FILE).exists() {
        let why = format!("there is no {} in it", chain::FILE);
        return Err(io::Error::new(io::ErrorKind::NotFound, why));
    }
    Opened::open(dir, None, now)
}

fn put(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = super::private()
        .write(true)
        .create(true)
        .truncate(true)
        .open(dir.join(name))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    super::sync_dir(dir)
}

/// The digest as it stands in requests and answers: an octet string.
fn imprint(head: &str) -> Option<Vec<u8>> {
    let digits = head.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = digits
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok())
        .collect();
    let bytes = bytes.filter(|bytes| bytes.len() == 32)?;
    Some([&[0x04, 32], &bytes[..]].concat())
}

/// A `TimeStampReq` in DER.
fn der(head: &str) -> io::Result<Vec<u8>> {
    let imprint = imprint(head).ok_or_else(|| io::Error::other("the head is no SHA-256"))?;
    // 2.16.840.1.101.3.4.2.1, SHA-256, without parameters.
    let algorithm = sequence(&[
        &[
            0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        ],
        &[0x05, 0],
    ]);
    // Ties an answer to this request; no two heads are alike, so it may
    // follow from the head. Neither negative nor padded.
    let mut nonce = Digest::of_parts([b"nonce".as_slice(), head.as_bytes()]).0;
    nonce[0] = nonce[0] & 0x3f | 0x40;
    let version = [0x02, 1, 1];
    let wants_certificate = [0x01, 1, 0xff];
    Ok(sequence(&[
        &version,
        &sequence(&[&algorithm, &imprint]),
        &[&[0x02, 8], &nonce[..8]].concat(),
        &wants_certificate,
    ]))
}

/// A DER sequence of less than 128 bytes.
fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    debug_assert!(content.len() < 128, "a longer length has another form");
    [&[0x30, content.len() as u8], &content[..]].concat()
}

/// Whether an answer says that a stamp was granted: `PKIStatus` 0 or 1.
fn check_granted(bytes: &[u8]) -> Result<(), String> {
    let no_answer = || "it is no time-stamp response in DER (a .tsr file)".to_owned();
    let answer = content(bytes, 0x30).ok_or_else(no_answer)?;
    let info = content(answer, 0x30).ok_or_else(no_answer)?;
    match content(info, 0x02).ok_or_else(no_answer)? {
        [0 | 1] => Ok(()),
        status => Err(format!("the authority refused: status {status:?}")),
    }
}

/// The content of the DER value with this tag that `bytes` begins with.
fn content(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (&[first, length], rest) = bytes.split_first_chunk()?;
    if first != tag {
        return None;
    }
    if length < 128 {
        return rest.get(..usize::from(length));
    }
    let n = usize::from(length & 0x7f);
    let (length, rest) = rest.split_at_checked(n)?;
    let length = length.iter().try_fold(0_usize, |sum, &byte| {
        Some(sum.checked_mul(256)? + usize::from(byte))
    })?;
    rest.get(..length)
}

/// Reads a file that may be an answer.
///
/// # Errors
///
/// When it cannot be read or is too large to be one.
pub fn read_response(path: &Path) -> io::Result<Vec<u8>> {
    let length = fs::metadata(path)?.len();
    if length > MAX_RESPONSE as u64 {
        let why = format!("{length} bytes are too many for a time-stamp response");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    fs::read(path)
}

#[cfg(test)]
mod tests;
