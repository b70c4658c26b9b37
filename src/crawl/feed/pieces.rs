//! A broken feed, read item by item.
//!
//! XML allows no fault at all: one bare `&` in one title and a whole feed is
//! none. So a feed that cannot be read as one is cut at its items, and each is
//! read with the feed's own head around it.

use std::sync::LazyLock;

use feed_rs::model::Feed;
use regex::bytes::Regex;

use super::{Reading, fields};
use crate::skip::SkipReason;

/// Most items cut out of a broken feed.
const MAX_ITEMS: usize = 2_000;
/// Longest head repeated around each item, in bytes.
const MAX_HEAD: usize = 8 << 10;

static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s-u)<item(?:\s[^>]*)?>.*?</item\s*>|<entry(?:\s[^>]*)?>.*?</entry\s*>")
        .expect("the pattern is fixed and tested")
});
/// The document type holds nothing but entities; it is left out of pieces.
static DOCTYPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s-u)<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>").expect("the pattern is fixed and tested")
});

/// The posts of a feed that is no well-formed XML; `None` when not one item
/// can be read.
pub(super) fn apart(bytes: &[u8], parse: impl Fn(&[u8]) -> Option<Feed>) -> Option<Reading> {
    let first = ITEM.find(bytes)?;
    let head = DOCTYPE.replace(&bytes[..first.start()], b"".as_slice());
    let is_atom = bytes[first.start()..].starts_with(b"<entry");
    let is_rdf = head.windows(8).any(|part| part == b"<rdf:RDF");
    let tail: &[u8] = match (is_atom, is_rdf) {
        (true, _) => b"</feed>",
        (_, true) => b"</rdf:RDF>",
        _ => b"</channel></rss>",
    };
    let plain: &[u8] = if is_atom {
        b"<feed xmlns='http://www.w3.org/2005/Atom'><id>x</id><title>x</title>\
          <updated>2000-01-01T00:00:00Z</updated>"
    } else {
        b"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' \
          xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>x</title>"
    };
    let mut reading = Reading {
        is_list: true,
        ..Reading::default()
    };
    for item in ITEM.find_iter(bytes).take(MAX_ITEMS) {
        let own = (head.len() <= MAX_HEAD).then(|| [&head, item.as_bytes(), tail].concat());
        let plain_tail: &[u8] = if is_atom {
            b"</feed>"
        } else {
            b"</channel></rss>"
        };
        let feed = own.and_then(|whole| parse(&whole)).or_else(|| {
            // The fault may be in the head.
            parse(&[plain, item.as_bytes(), plain_tail].concat())
        });
        reading
            .posts
            .push(match feed.as_ref().and_then(|feed| feed.entries.first()) {
                Some(entry) => fields(entry),
                None => {
                    let detail = "this item is not well-formed XML".to_owned();
                    Err((SkipReason::MalformedPage, detail))
                }
            });
    }
    reading.posts.iter().any(Result::is_ok).then_some(reading)
}
