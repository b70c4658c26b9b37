//! WARC files: the web pages in them, one post a page.
//!
//! Cutting keeps only what can be a page of text; pictures, film and other
//! media are passed over without being held. A record that cannot be read
//! costs itself: cutting goes on at the next gzip member, or at the next line
//! that begins a record. Nothing is fetched, and no link is followed.

mod charset;
mod depth;
mod html;
mod http;
mod pages;

use super::Fault;
use super::draft::check_length;
use super::record::Context;
use crate::id::Digest;
use crate::post::{Capture, Origin, Post};
use crate::skip::SkipReason::{Empty, MalformedPage, MalformedWarc, MissingField};
use http::{Headers, essence};

pub(super) use pages::Pages;

/// A record that can be a page.
pub(super) struct Page {
    headers: Headers,
    /// The record's block: an HTTP response, or the payload itself.
    pub(super) block: Vec<u8>,
    /// Where its gzip member, or the record itself, begins on disk.
    offset: u64,
}

/// Reads one page as a post.
pub(super) fn read(page: &Page, context: &Context, number: u64) -> Result<Post, Fault> {
    let header = |name| page.headers.get(name);
    let uri = header("warc-target-uri")
        .map(|uri| uri.trim_start_matches('<').trim_end_matches('>'))
        .filter(|uri| !uri.is_empty())
        .ok_or_else(|| Fault::new(MissingField, "WARC-Target-URI"))?;
    let payload = Payload::of(page)?;
    let digest = Digest::of(&payload.served);
    let bytes = http::unpack(&payload.served, payload.coding, context.max_record_bytes)?;
    let markup = payload.media != "text/plain";
    let text = charset::decode(&bytes, payload.charset.as_deref(), markup, uri);
    let (title, text) = if markup {
        depth::check(&text).map_err(|detail| Fault::new(MalformedPage, detail))?;
        html::read(&text)
    } else {
        (None, text)
    };
    check_length("text", &text)?;
    check_length("title", title.as_deref().unwrap_or(""))?;
    if text.trim().is_empty() && title.is_none() {
        return Err(Fault::new(Empty, "the page has no visible text"));
    }
    Ok(Post {
        platform: context.platform.clone(),
        platform_kind: context.platform_kind,
        native_id: uri.to_owned(),
        url: Some(uri.to_owned()),
        title,
        text,
        author: None,
        place_hint: None,
        published: None,
        collected: header("warc-date").and_then(|date| date.parse().ok()),
        extra: std::collections::BTreeMap::new(),
        origin: Origin {
            file: context.file.clone(),
            line: number,
            digest,
            capture: Some(Capture {
                path: context.file.clone(),
                offset: page.offset,
                record_id: header("warc-record-id").unwrap_or("").to_owned(),
                digest,
            }),
        },
    })
}

/// What a page's block holds besides HTTP.
struct Payload<'p> {
    /// As served, without chunking.
    served: std::borrow::Cow<'p, [u8]>,
    media: String,
    charset: Option<String>,
    coding: http::Coding,
}

impl<'p> Payload<'p> {
    fn of(page: &'p Page) -> Result<Self, Fault> {
        let kind = |headers: &Headers| headers.get("content-type").unwrap_or("").to_owned();
        if page.headers.get("warc-type") != Some("response") {
            let kind = kind(&page.headers);
            return Ok(Self {
                served: page.block.as_slice().into(),
                media: essence(&kind),
                charset: http::charset(&kind),
                coding: http::Coding::Identity,
            });
        }
        let head = http::Head::read(&page.block)
            .ok_or_else(|| Fault::new(MalformedWarc, "the HTTP header does not end"))?;
        let kind = kind(&head.headers);
        Ok(Self {
            served: http::unchunk(&head, &page.block[head.length..]),
            media: essence(&kind),
            charset: http::charset(&kind),
            coding: http::Coding::of(&head.headers)?,
        })
    }
}

#[cfg(test)]
mod tests;
