//! Reads posts out of RSS, Atom and JSON Feed.
//!
//! Enclosures, thumbnails and media elements are not looked at, and the pages
//! a feed links to are not fetched.

mod json;
mod pieces;

use std::sync::LazyLock;

use chrono::DateTime;
use feed_rs::model::{Entry, Feed};
use feed_rs::parser::Builder;
use regex::bytes::Regex;

use super::dates;
use super::fields::{Fault, Fields};
use super::html::words;
use super::page::Page;
use super::reading::Reading;
use crate::skip::SkipReason;

/// Deepest nesting of a feed. The parser goes into elements by calling itself.
const MAX_DEPTH: usize = 64;

static TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?s-u)<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(/?)[A-Za-z_](?:[^<>"']|"[^"]*"|'[^']*')*?(/?)>"#,
    )
    .expect("the pattern is fixed and tested")
});

/// Reads a feed.
///
/// # Errors
///
/// When it is not RSS, Atom or JSON Feed, or nested too deeply. An item that
/// cannot be read never costs the others.
pub fn read(page: &Page) -> Result<Reading, Fault> {
    if let Some(answer) = super::json::answer_of(page) {
        return json::read(page, &answer);
    }
    let bytes = from_first_tag(page.content());
    check_depth(bytes)?;
    let feed = match parse(page, bytes) {
        Ok(feed) => feed,
        Err(error) => {
            let apart = pieces::apart(bytes, |whole| parse(page, whole).ok());
            return apart.ok_or((SkipReason::MalformedPage, format!("not a feed: {error}")));
        }
    };
    Ok(reading(page, &feed))
}

fn parse(page: &Page, bytes: &[u8]) -> Result<Feed, String> {
    Builder::new()
        .base_uri(Some(page.url.as_str()))
        .timestamp_parser(|text| {
            let at = dates::read(text)?.at;
            DateTime::from_timestamp(at.as_second(), 0)
        })
        .build()
        .parse(bytes)
        .map_err(|error| error.to_string())
}

fn reading(page: &Page, feed: &Feed) -> Reading {
    let mut links = feed.links.iter();
    let next = links.find(|link| link.rel.as_deref() == Some("next"));
    Reading {
        posts: feed.entries.iter().map(fields).collect(),
        is_list: true,
        next: next.and_then(|link| page.url.join(&link.href).ok()),
        ..Reading::default()
    }
}

/// Some programs write blank lines, or a warning, before the XML.
fn from_first_tag(bytes: &[u8]) -> &[u8] {
    let is_utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    match bytes.iter().position(|&byte| byte == b'<') {
        Some(at) if !is_utf16 => &bytes[at..],
        _ => bytes,
    }
}

fn fields(entry: &Entry) -> Result<Fields, Fault> {
    let content = entry.content.as_ref().and_then(|content| {
        // Anything else is a media file or a link to one.
        matches!(content.content_type.ty().as_str(), "text" | "application")
            .then_some(content.body.as_deref())
            .flatten()
    });
    let summary = entry.summary.as_ref().map(|text| text.content.as_str());
    let text = words(content.or(summary).unwrap_or(""))?;
    let title = match &entry.title {
        Some(title) => Some(words(&title.content)?),
        None => None,
    };
    let author = entry
        .authors
        .first()
        .and_then(|person| person.name.clone().or_else(|| person.email.clone()));
    let page_link = |rel: Option<&str>| matches!(rel, None | Some("alternate"));
    let link = entry
        .links
        .iter()
        .find(|link| page_link(link.rel.as_deref()));
    let published = entry.published.or(entry.updated);
    Fields {
        native_id: entry.id.clone(),
        url: link.map(|link| link.href.clone()),
        title,
        text,
        author,
        published: published.map(|at| at.to_rfc3339()),
        ..Fields::default()
    }
    .checked()
}

fn check_depth(bytes: &[u8]) -> Result<(), Fault> {
    let mut depth = 0_usize;
    for tag in TAG.captures_iter(bytes) {
        let holds = |group: usize| tag.get(group).is_some_and(|found| !found.is_empty());
        if tag.get(1).is_none() || holds(2) {
            continue;
        }
        depth = if holds(1) {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        if depth > MAX_DEPTH {
            let detail = format!("nested deeper than {MAX_DEPTH} elements");
            return Err((SkipReason::MalformedPage, detail));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
