//! The little of HTTP that stored responses need: header lines, chunking and
//! packing. It never speaks HTTP to anyone.

use std::borrow::Cow;
use std::io::Read;

use super::super::Fault;
use crate::skip::SkipReason::{MalformedPage, TooLong, TruncatedStream};

/// Header lines in order, names in lower case.
#[derive(Default)]
pub(super) struct Headers(Vec<(String, String)>);

impl Headers {
    /// The first value of `name`, which is in lower case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Takes one line, or the continuation of the last. `false` when it is
    /// neither.
    pub(super) fn push(&mut self, line: &[u8]) -> bool {
        let text = String::from_utf8_lossy(line);
        if text.starts_with([' ', '\t']) {
            let Some((_, value)) = self.0.last_mut() else {
                return false;
            };
            value.push(' ');
            value.push_str(text.trim());
            return true;
        }
        let Some((name, value)) = text.split_once(':') else {
            return false;
        };
        let name = name.trim().to_ascii_lowercase();
        self.0.push((name, value.trim().to_owned()));
        true
    }
}

/// Status and header of a response.
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) headers: Headers,
    /// Bytes up to and with the blank line.
    pub(super) length: usize,
}

impl Head {
    /// Reads a response's header; `None` when it is not HTTP or does not end.
    pub(super) fn read(block: &[u8]) -> Option<Self> {
        let mut lines = block.split_inclusive(|&byte| byte == b'\n');
        let status_line = lines.next()?;
        let mut words = status_line
            .strip_prefix(b"HTTP/")?
            .split(|&byte| byte == b' ');
        let status = std::str::from_utf8(words.nth(1)?)
            .ok()?
            .trim()
            .parse()
            .ok()?;
        let mut headers = Headers::default();
        let mut length = status_line.len();
        for line in lines {
            length += line.len();
            let line = line.strip_suffix(b"\n")?;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                return Some(Self {
                    status,
                    headers,
                    length,
                });
            }
            // Servers send odd lines; browsers read past them, and so do we.
            headers.push(line);
        }
        None
    }
}

/// The media type of a `Content-Type` without parameters, in lower case.
pub(super) fn essence(kind: &str) -> String {
    kind.split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase()
}

/// A body without its chunking. Writers that already took it off often leave
/// the header, so a body that is not chunked is returned as it is.
pub(super) fn unchunk<'b>(head: &Head, body: &'b [u8]) -> Cow<'b, [u8]> {
    let coding = head.headers.get("transfer-encoding").unwrap_or("");
    if coding.to_ascii_lowercase().contains("chunked") {
        chunks(body).map_or(Cow::Borrowed(body), Cow::Owned)
    } else {
        Cow::Borrowed(body)
    }
}

fn chunks(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    loop {
        let end = body.iter().position(|&byte| byte == b'\n')?;
        let line = std::str::from_utf8(&body[..end]).ok()?;
        let size = line.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        body = &body[end + 1..];
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(body.get(..size)?);
        body = &body[size..];
        body = body.strip_prefix(b"\r").unwrap_or(body);
        body = body.strip_prefix(b"\n")?;
    }
}

/// How a payload is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Deflate,
}

impl Coding {
    pub(super) fn of(headers: &Headers) -> Result<Self, Fault> {
        let coding = headers
            .get("content-encoding")
            .unwrap_or("")
            .to_ascii_lowercase();
        match coding.trim() {
            "" | "identity" | "none" => Ok(Self::Identity),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "deflate" => Ok(Self::Deflate),
            _ => Err(Fault::new(
                MalformedPage,
                "packed in a way this program does not unpack (only gzip and deflate)",
            )),
        }
    }
}

/// Unpacks a payload, up to `limit` bytes.
pub(super) fn unpack(served: &[u8], coding: Coding, limit: usize) -> Result<Cow<'_, [u8]>, Fault> {
    let mut whole = Vec::new();
    let most = limit as u64 + 1;
    let read = match coding {
        Coding::Identity => return Ok(Cow::Borrowed(served)),
        // Some writers unpack and leave the header.
        Coding::Gzip if !served.starts_with(&[0x1f, 0x8b]) => return Ok(Cow::Borrowed(served)),
        Coding::Gzip => flate2::bufread::MultiGzDecoder::new(served)
            .take(most)
            .read_to_end(&mut whole),
        // With the zlib wrapper or, against the standard, without.
        Coding::Deflate if served.first().is_some_and(|byte| byte & 0x0f == 8) => {
            flate2::bufread::ZlibDecoder::new(served)
                .take(most)
                .read_to_end(&mut whole)
        }
        Coding::Deflate => flate2::bufread::DeflateDecoder::new(served)
            .take(most)
            .read_to_end(&mut whole),
    };
    if whole.len() > limit {
        let detail = format!("the page unpacks to more than {limit} bytes");
        return Err(Fault::new(TooLong, detail));
    }
    match read {
        Ok(_) => Ok(Cow::Owned(whole)),
        Err(error) => Err(Fault::new(TruncatedStream, format!("packed page: {error}"))),
    }
}
