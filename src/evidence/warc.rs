//! Records of WARC/1.1, one gzip member each.
//!
//! Bodies are written without chunking and with the compression they came
//! with. Header names and order are those the HTTP library hands on; the
//! `warcinfo` record says so, because a court may ask.

use std::io::Write as _;
use std::net::IpAddr;

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use uuid::Uuid;

use crate::id::Digest;

/// One request and its answer.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The address as published.
    pub url: &'a str,
    /// When the request was sent.
    pub at: Timestamp,
    /// The address that answered.
    pub remote: Option<IpAddr>,
    /// Headers of the request, in order.
    pub request: &'a [(String, String)],
    /// Status code of the answer.
    pub status: u16,
    /// Its phrase.
    pub reason: &'a str,
    /// Headers of the answer, in order.
    pub headers: &'a [(String, Vec<u8>)],
    /// Body without chunking, compressed as it came.
    pub body: &'a [u8],
}

/// Where a record will stand. It is part of what names the record, so that
/// two captures never share an id.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// File name.
    pub file: &'a str,
    /// Offset of the member.
    pub offset: u64,
}

/// The two records of an exchange, ready to be appended.
#[derive(Clone, Debug)]
pub(super) struct Records {
    pub(super) response: Vec<u8>,
    pub(super) request: Vec<u8>,
    /// Id of the response record.
    pub(super) record_id: String,
}

/// The first record of a file: who collected, with what and how.
pub(super) fn info(file: &str, about: &[(&str, &str)], now: Timestamp) -> Vec<u8> {
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
             keep what was changed. Where X-Lentera-Removed stands, inline pictures were cut out.",
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
    member(&head, block.as_bytes())
}

/// The records of an exchange.
pub(super) fn records(exchange: &Exchange<'_>, origin: Origin<'_>) -> Records {
    let url = one_line(exchange.url);
    let mut common = vec![("WARC-Target-URI", url.clone())];
    if let Some(remote) = exchange.remote {
        common.push(("WARC-IP-Address", remote.to_string()));
    }
    let answer = response_block(exchange);
    let id = record_id("response", origin, exchange.at, &answer);
    let mut more = common.clone();
    more.push(("WARC-Payload-Digest", digest(exchange.body)));
    more.push((
        "Content-Type",
        "application/http; msgtype=response".to_owned(),
    ));
    let head = Head {
        kind: "response",
        id: id.clone(),
        at: exchange.at,
        more,
    };
    let response = member(&head, &answer);

    let question = request_block(exchange, &url);
    let mut more = common;
    more.push(("WARC-Concurrent-To", id.clone()));
    more.push((
        "Content-Type",
        "application/http; msgtype=request".to_owned(),
    ));
    let request_id = record_id("request", origin, exchange.at, &question);
    let head = Head {
        kind: "request",
        id: request_id,
        at: exchange.at,
        more,
    };
    Records {
        response,
        request: member(&head, &question),
        record_id: id,
    }
}

struct Head {
    kind: &'static str,
    id: String,
    at: Timestamp,
    more: Vec<(&'static str, String)>,
}

fn member(head: &Head, block: &[u8]) -> Vec<u8> {
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
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    [text.as_bytes(), block, b"\r\n\r\n"]
        .iter()
        .try_for_each(|part| out.write_all(part))
        .and_then(|()| out.finish())
        .expect("writing to memory does not fail")
}

fn push_field(text: &mut String, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        text.push_str(part);
    }
}

fn request_block(exchange: &Exchange<'_>, url: &str) -> Vec<u8> {
    // Path and query: what stands behind scheme and host.
    let target = url.splitn(4, '/').nth(3).unwrap_or("");
    let mut block = format!("GET /{target} HTTP/1.1\r\n").into_bytes();
    for (name, value) in exchange.request {
        put_header(&mut block, name, value.as_bytes());
    }
    block.extend_from_slice(b"\r\n");
    block
}

fn response_block(exchange: &Exchange<'_>) -> Vec<u8> {
    let length = exchange.body.len().to_string();
    let reason = one_line(exchange.reason);
    let mut block = format!("HTTP/1.1 {} {reason}\r\n", exchange.status).into_bytes();
    let mut has_length = false;
    for (name, value) in exchange.headers {
        if name.eq_ignore_ascii_case("transfer-encoding") {
            put_header(&mut block, "X-Archive-Orig-Transfer-Encoding", value);
        } else if !name.eq_ignore_ascii_case("content-length") {
            put_header(&mut block, name, value);
        } else if value.as_slice() == length.as_bytes() && !has_length {
            has_length = true;
            put_header(&mut block, name, value);
        } else {
            put_header(&mut block, "X-Archive-Orig-Content-Length", value);
        }
    }
    if !has_length {
        put_header(&mut block, "Content-Length", length.as_bytes());
    }
    block.extend_from_slice(b"\r\n");
    block.extend_from_slice(exchange.body);
    block
}

fn put_header(block: &mut Vec<u8>, name: &str, value: &[u8]) {
    block.extend_from_slice(one_line(name).as_bytes());
    block.extend_from_slice(b": ");
    // No header may end itself and begin another.
    block.extend(
        value
            .iter()
            .copied()
            .filter(|b| !matches!(b, b'\r' | b'\n')),
    );
    block.extend_from_slice(b"\r\n");
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
