//! Records of WARC/1.1, one gzip member each.
//!
//! Bodies are written without chunking and with the compression they came
//! with. Header names and order are those the HTTP library hands on; the
//! `warcinfo` record says so, because a court may ask.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use uuid::Uuid;

pub use exchange::{Earlier, Exchange, Sameness};
pub(super) use exchange::{Group, conversion, response, revisit};

use crate::id::Digest;

mod exchange;
mod http;

/// How hard records are packed, 1 to 9. Against 6 it takes half the time, and
/// pages of 20 to 60 KB come out 3 in 100 larger.
const LEVEL: u32 = 4;

/// Where a record will stand. It is part of what names the record, so that
/// two captures never share an id.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// File name.
    pub file: &'a str,
    /// Offset of the member.
    pub offset: u64,
}

/// A record ready to be appended.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its gzip member.
    pub(super) bytes: Vec<u8>,
    /// `WARC-Type`.
    pub(super) kind: &'static str,
    /// `WARC-Record-ID`.
    pub(super) id: String,
}

/// The first record of a file: who collected, with what and how.
pub(super) fn info(file: &str, about: &[(&str, &str)], now: Timestamp) -> Member {
    let software = concat!("lentera/", env!("CARGO_PKG_VERSION"));
    let fixed = [
        ("software", software),
        ("format", "WARC File Format 1.1"),
        (
            "conformsTo",
            "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        ),
        ("robots", "obey"),
        (
            "description",
            "Public pages, text only. HTTP header names, order and status phrases are as handed on \
             by the HTTP library; chunked bodies are joined; headers beginning with X-Archive-Orig- \
             keep what was changed. A page with pictures, sound or film written into it is kept \
             without them, as a conversion record, with a metadata record of what was cut out.",
        ),
    ];
    let mut block = String::new();
    for (name, value) in fixed.iter().chain(about) {
        push_field(&mut block, &one_line(name), &one_line(value));
    }
    let head = Head {
        kind: "warcinfo",
        id: record_id(
            "warcinfo",
            Origin { file, offset: 0 },
            now,
            block.as_bytes(),
        ),
        at: now,
        more: vec![
            ("WARC-Filename", file.to_owned()),
            ("Content-Type", "application/warc-fields".to_owned()),
        ],
    };
    member(head, block.as_bytes())
}

struct Head {
    kind: &'static str,
    id: String,
    at: Timestamp,
    more: Vec<(&'static str, String)>,
}

fn member(head: Head, block: &[u8]) -> Member {
    let mut text = format!(
        "WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: {}\r\nWARC-Date: {}\r\nWARC-Block-Digest: {}\r\n",
        head.kind,
        head.id,
        head.at,
        digest(block),
    );
    for (name, value) in &head.more {
        push_field(&mut text, name, value);
    }
    push_field(&mut text, "Content-Length", &block.len().to_string());
    text.push_str("\r\n");
    let mut out = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
    let bytes = [text.as_bytes(), block, b"\r\n\r\n"]
        .iter()
        .try_for_each(|part| out.write_all(part))
        .and_then(|()| out.finish())
        .expect("writing to memory does not fail");
    Member {
        bytes,
        kind: head.kind,
        id: head.id,
    }
}

fn push_field(text: &mut String, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        text.push_str(part);
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", Digest::of(bytes))
}

/// An id that follows from what it names: the same record gets the same one.
fn record_id(kind: &str, origin: Origin<'_>, at: Timestamp, block: &[u8]) -> String {
    let named = Digest::of_parts([
        kind.as_bytes(),
        origin.file.as_bytes(),
        &origin.offset.to_le_bytes(),
        at.to_string().as_bytes(),
        block,
    ]);
    format!(
        "<urn:uuid:{}>",
        Uuid::new_v5(&Uuid::NAMESPACE_URL, &named.0)
    )
}
