//! Reads posts out of RSS and Atom.
//!
//! Enclosures, thumbnails and media elements are not looked at, and the pages
//! a feed links to are not fetched.

use std::sync::LazyLock;

use feed_rs::model::{Entry, Feed};
use feed_rs::parser::Builder;
use regex::bytes::Regex;

use super::fields::{Fault, Fields, Items};
use super::html::words;
use super::page::Page;
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
/// When it is not RSS, Atom or JSON Feed, or nested too deeply.
pub fn read(page: &Page) -> Result<Items, Fault> {
    let bytes = page.content();
    check_depth(bytes)?;
    let feed: Feed = Builder::new()
        .base_uri(Some(page.url.as_str()))
        .build()
        .parse(bytes)
        .map_err(|error| (SkipReason::MalformedPage, format!("not a feed: {error}")))?;
    let next = feed
        .links
        .iter()
        .find(|link| link.rel.as_deref() == Some("next"));
    Ok(Items {
        next: next.map(|link| link.href.clone()),
        items: feed.entries.iter().map(fields).collect(),
    })
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
        place: None,
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
mod tests {
    use super::*;

    fn feed(body: &str) -> Items {
        read(&Page::for_test(
            "http://kabar.example/feed.xml",
            "application/xml",
            body.as_bytes(),
        ))
        .unwrap()
    }

    #[test]
    fn rss_gives_its_own_fields_and_html_becomes_text() {
        let items = feed(
            r#"<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <channel><title>k</title><link>http://kabar.example/</link><description>d</description>
            <item><title>Warung &amp; kos</title><link>/post/1</link><guid isPermaLink="false">k-1</guid>
            <dc:creator>bu_ani</dc:creator><pubDate>Tue, 03 Nov 2026 09:12:00 +0700</pubDate>
            <description>&lt;p&gt;Kos putri&lt;/p&gt;&lt;p&gt;dekat &lt;b&gt;pasar&lt;/b&gt;&lt;/p&gt;</description>
            <enclosure url="http://kabar.example/a.mp3" type="audio/mpeg" length="1"/></item>
            <item><guid>k-2</guid></item></channel></rss>"#,
        );
        let first = items.items[0].as_ref().unwrap();
        assert_eq!(first.native_id, "k-1");
        assert_eq!(first.title.as_deref(), Some("Warung & kos"));
        assert_eq!(first.text, "Kos putri\ndekat pasar");
        assert_eq!(first.author.as_deref(), Some("bu_ani"));
        assert_eq!(first.url.as_deref(), Some("http://kabar.example/post/1"));
        assert_eq!(
            first.published.as_deref(),
            Some("2026-11-03T02:12:00+00:00")
        );
        assert_eq!(
            items.items[1].as_ref().unwrap_err().0,
            SkipReason::MissingField
        );
    }

    #[test]
    fn atom_gives_its_own_fields_and_its_next_page() {
        let items = feed(
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>k</title>
            <updated>2026-11-03T00:00:00Z</updated><link rel="next" href="/atom.xml?p=2"/>
            <entry><id>urn:k:1</id><title>Kabar</title><updated>2026-11-03T02:12:00Z</updated>
            <link href="http://kabar.example/1"/><author><name>redaksi</name></author>
            <content type="html">&lt;p&gt;Isi&lt;br&gt;dua&lt;/p&gt;</content></entry></feed>"#,
        );
        let first = items.items[0].as_ref().unwrap();
        assert_eq!(
            (first.native_id.as_str(), first.text.as_str()),
            ("urn:k:1", "Isi\ndua")
        );
        assert_eq!(first.author.as_deref(), Some("redaksi"));
        assert_eq!(
            items.next.as_deref(),
            Some("http://kabar.example/atom.xml?p=2")
        );
    }

    #[test]
    fn what_is_no_feed_or_is_nested_to_death_is_refused() {
        for body in [
            "<html><body>hai</body></html>".to_owned(),
            "<a>".repeat(100_000),
        ] {
            let page = Page::for_test("http://k.example/", "application/xml", body.as_bytes());
            assert_eq!(read(&page).unwrap_err().0, SkipReason::MalformedPage);
        }
    }
}
