//! The records of one request and its answer.
//!
//! An answer is kept in one of three ways: as it came (`response`); by what is
//! new about it, when an earlier record holds the same body (`revisit`); or
//! without the pictures, sound and film that were written into it
//! (`conversion`), whose bytes are nowhere, only their digests.

use std::net::IpAddr;

use jiff::Timestamp;

use super::http::{Part, request_block, response_block};
use super::{Head, Member, Origin, member, one_line, push_field, record_id};
use crate::id::Digest;
use crate::post::Removed;

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
    /// Headers of the answer as served, in order.
    pub headers: &'a [(String, Vec<u8>)],
    /// Body without chunking, compressed as it came; where something was cut
    /// out, the inflated rest.
    pub body: &'a [u8],
    /// Digest of the body as it came.
    pub served: Digest,
    /// Inline media that were cut out of it.
    pub removed: &'a [Removed],
}

/// A record that holds what an answer only repeats.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// Its `WARC-Record-ID`.
    pub record_id: &'a str,
    /// Its address.
    pub url: &'a str,
    /// Its `WARC-Date`: when that page was asked for.
    pub at: Timestamp,
    /// Digest of its payload.
    pub payload: Digest,
}

/// How it is known that nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sameness {
    /// The server said so, with status 304.
    NotModified,
    /// The body came again and has the same digest.
    SamePayload,
}

impl Sameness {
    fn profile(self) -> &'static str {
        match self {
            Self::NotModified => "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
            Self::SamePayload => "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        }
    }
}

/// The records of an exchange, the one that is quoted first.
#[derive(Clone, Debug)]
pub(in crate::evidence) struct Group {
    pub(in crate::evidence) members: Vec<Member>,
    /// Digest of the payload that the first one holds or refers to.
    pub(in crate::evidence) payload: Digest,
}

/// An answer kept as it came.
pub(in crate::evidence) fn response(exchange: &Exchange<'_>, origin: Origin<'_>) -> Group {
    let payload = Digest::of(exchange.body);
    let block = response_block(exchange, Part::Whole);
    let mut more = common(exchange);
    more.push(("WARC-Payload-Digest", format!("sha256:{payload}")));
    answered("response", exchange, origin, (more, &block), payload)
}

/// The record of an answer, and behind it that of what was asked.
fn answered(
    kind: &'static str,
    exchange: &Exchange<'_>,
    origin: Origin<'_>,
    (mut more, block): (Fields, &[u8]),
    payload: Digest,
) -> Group {
    more.push((
        "Content-Type",
        "application/http; msgtype=response".to_owned(),
    ));
    let kept = record(kind, exchange, origin, more, block);
    let asked = request(exchange, origin, &kept.id);
    Group {
        members: vec![kept, asked],
        payload,
    }
}

/// An answer that repeats an earlier one.
pub(in crate::evidence) fn revisit(
    exchange: &Exchange<'_>,
    earlier: &Earlier<'_>,
    same: Sameness,
    origin: Origin<'_>,
) -> Group {
    let block = response_block(exchange, Part::WithoutBody);
    let mut more = common(exchange);
    more.push(("WARC-Profile", same.profile().to_owned()));
    more.push(("WARC-Refers-To", one_line(earlier.record_id)));
    more.push(("WARC-Refers-To-Target-URI", one_line(earlier.url)));
    more.push(("WARC-Refers-To-Date", earlier.at.to_string()));
    more.push(("WARC-Payload-Digest", format!("sha256:{}", earlier.payload)));
    if same == Sameness::SamePayload {
        more.push(("WARC-Truncated", "length".to_owned()));
    }
    answered("revisit", exchange, origin, (more, &block), earlier.payload)
}

/// A page without the media that were written into it. What was served is
/// described by its header, its digest, and the digest of each piece.
pub(in crate::evidence) fn conversion(exchange: &Exchange<'_>, origin: Origin<'_>) -> Group {
    let payload = Digest::of(exchange.body);
    let served = format!("sha256:{}", exchange.served);
    let kind = exchange
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map_or("text/html".into(), |(_, value)| {
            String::from_utf8_lossy(value)
        });
    let about = about_served(exchange, &served);
    // The two name each other: the id of one cannot be made of all of both.
    let about_id = record_id("metadata", origin, exchange.at, about.as_bytes());
    // A conversion was not fetched: it has no address that answered.
    let mut more = vec![("WARC-Target-URI", one_line(exchange.url))];
    more.push(("WARC-Payload-Digest", format!("sha256:{payload}")));
    more.push(("WARC-Refers-To", about_id.clone()));
    more.push(("WARC-Refers-To-Payload-Digest", served));
    more.push(("Content-Type", one_line(&kind)));
    let kept = record("conversion", exchange, origin, more, exchange.body);
    let asked = request(exchange, origin, &kept.id);
    let mut more = common(exchange);
    more.push(("WARC-Concurrent-To", kept.id.clone()));
    more.push(("Content-Type", "application/warc-fields".to_owned()));
    let head = Head {
        kind: "metadata",
        id: about_id,
        at: exchange.at,
        more,
    };
    let described = member(head, about.as_bytes());
    Group {
        members: vec![kept, asked, described],
        payload,
    }
}

/// What was served, without any of it.
fn about_served(exchange: &Exchange<'_>, served: &str) -> String {
    let mut text = String::new();
    let status = format!("{} {}", exchange.status, one_line(exchange.reason));
    push_field(&mut text, "http-status", &status);
    for (name, value) in exchange.headers {
        let value = String::from_utf8_lossy(value);
        let header = format!("{}: {}", one_line(name), one_line(&value));
        push_field(&mut text, "http-header", &header);
    }
    push_field(&mut text, "payload-as-served", served);
    for one in exchange.removed {
        let piece = format!(
            "{} at={} length={} sha256:{}",
            one_line(&one.kind),
            one.offset,
            one.bytes,
            one.digest
        );
        push_field(&mut text, "removed", &piece);
    }
    text
}

fn request(exchange: &Exchange<'_>, origin: Origin<'_>, answer: &str) -> Member {
    let block = request_block(exchange, &one_line(exchange.url));
    let mut more = common(exchange);
    more.push(("WARC-Concurrent-To", answer.to_owned()));
    more.push((
        "Content-Type",
        "application/http; msgtype=request".to_owned(),
    ));
    record("request", exchange, origin, more, &block)
}

/// Header fields of a record, in order.
type Fields = Vec<(&'static str, String)>;

fn common(exchange: &Exchange<'_>) -> Fields {
    let mut fields = vec![("WARC-Target-URI", one_line(exchange.url))];
    if let Some(remote) = exchange.remote {
        fields.push(("WARC-IP-Address", remote.to_string()));
    }
    fields
}

fn record(
    kind: &'static str,
    exchange: &Exchange<'_>,
    origin: Origin<'_>,
    more: Fields,
    block: &[u8],
) -> Member {
    let head = Head {
        kind,
        id: record_id(kind, origin, exchange.at, block),
        at: exchange.at,
        more,
    };
    member(head, block)
}
