//! WARC files: the web pages in them, one post a page.
//!
//! Cutting keeps only what can be a page of text; pictures, film and other
//! media are passed over without being held. A record that cannot be read
//! costs itself: cutting goes on at the next gzip member, or at the next line
//! that begins a record. Nothing is fetched, and no link is followed.

mod http;
mod pages;

use super::Fault;
use super::draft::check_length;
use super::record::Context;
use super::saved::SavedPage;
use crate::id::Digest;
use crate::markup::charset::{self, Told};
use crate::markup::{depth, text};
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
    let address = url::Url::parse(uri).ok();
    let told = Told {
        content_type: Some(&payload.kind),
        domain: address.as_ref().and_then(url::Url::domain),
        markup: essence(&payload.kind) != "text/plain",
    };
    let page_text = charset::decode(&bytes, told);
    let (title, text) = if told.markup {
        let tree = depth::document(&page_text);
        text::of_page(&tree.map_err(|detail| Fault::new(MalformedPage, detail))?)
    } else {
        (None, page_text)
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

/// One page as it was served, without chunking and packing.
pub(super) fn serve(page: &Page, limit: usize) -> Result<SavedPage, Fault> {
    let header = |name| page.headers.get(name);
    let url = header("warc-target-uri").unwrap_or("");
    let url = url.trim_start_matches('<').trim_end_matches('>').to_owned();
    if url.is_empty() {
        return Err(Fault::new(MissingField, "WARC-Target-URI"));
    }
    let payload = Payload::of(page)?;
    let body = http::unpack(&payload.served, payload.coding, limit)?.into_owned();
    Ok(SavedPage {
        url,
        content_type: payload.kind,
        body,
        at: header("warc-date").and_then(|date| date.parse().ok()),
    })
}

/// What a page's block holds besides HTTP.
struct Payload<'p> {
    /// As served, without chunking.
    served: std::borrow::Cow<'p, [u8]>,
    /// Its `Content-Type`.
    kind: String,
    coding: http::Coding,
}

impl<'p> Payload<'p> {
    fn of(page: &'p Page) -> Result<Self, Fault> {
        let kind = |headers: &Headers| headers.get("content-type").unwrap_or("").to_owned();
        if page.headers.get("warc-type") != Some("response") {
            return Ok(Self {
                served: page.block.as_slice().into(),
                kind: kind(&page.headers),
                coding: http::Coding::Identity,
            });
        }
        let head = http::Head::read(&page.block)
            .ok_or_else(|| Fault::new(MalformedWarc, "the HTTP header does not end"))?;
        Ok(Self {
            served: http::unchunk(&head, &page.block[head.length..]),
            kind: kind(&head.headers),
            coding: http::Coding::of(&head.headers)?,
        })
    }
}

#[cfg(test)]
mod tests;
