//! What one page gives: posts, pages of single posts, and the next page.
//!
//! One question for all kinds of sources, so that a crawl, a saved archive and
//! the test of a source read a page in the very same way. Pure: it fetches
//! nothing.

use jiff::Timestamp;
use url::Url;

use super::fields::{Fault, Fields, NO_WORDS};
use super::page::Page;
use super::source::{Shape, Source};
use super::{feed, html, json, sitemap};
use crate::skip::SkipReason;

/// Most addresses taken from one page; a page of a million links is a trap.
pub const MAX_LINKS: usize = 10_000;

/// What a page is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A page that leads on: a listing, a feed, a page of an API.
    Listing,
    /// A page that holds one post, or one talk.
    Detail,
}

/// An address of a post's own page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Where it is.
    pub url: Url,
    /// When the site says that it last changed.
    pub changed: Option<Timestamp>,
}

impl From<Url> for Lead {
    fn from(url: Url) -> Self {
        Self { url, changed: None }
    }
}

/// What one page gives.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Posts on the page, or why one is none, in page order.
    pub posts: Vec<Result<Fields, Fault>>,
    /// Whether the posts are items of a page and have numbers.
    pub is_list: bool,
    /// Pages of single posts, in page order.
    pub details: Vec<Lead>,
    /// Other pages that lead on, such as the parts of a sitemap.
    pub listings: Vec<Url>,
    /// The next page of this one's chain.
    pub next: Option<Url>,
    /// What of the page was left, and why.
    pub left: Vec<Fault>,
}

impl Reading {
    /// The reading of a page with one post.
    pub(super) fn of_post(post: Fields) -> Self {
        Self {
            posts: vec![Ok(post)],
            ..Self::default()
        }
    }

    /// Whether neither a post nor an address was found.
    pub(super) fn is_bare(&self) -> bool {
        self.posts.is_empty() && self.details.is_empty() && self.listings.is_empty()
    }

    /// Drops addresses beyond `most`, and says so.
    pub(super) fn bounded(mut self, most: usize) -> Self {
        let n = self.details.len() + self.listings.len();
        if n > most {
            self.details.truncate(most);
            self.listings.truncate(most - self.details.len());
            let why = format!("{n} addresses on one page; the first {most} are taken");
            self.left.push((SkipReason::TooLong, why));
        }
        self
    }
}

/// Reads a page of a source. `asked` is the address that was asked for, which
/// redirects may have left.
///
/// # Errors
///
/// When the page holds nothing of what the source describes, or cannot be
/// read at all. Single posts that cannot be read are in the reading.
pub fn read(source: &Source, page: &Page, asked: &Url, role: Role) -> Result<Reading, Fault> {
    let most = match source.shape {
        Shape::Sitemap(_) => sitemap::MAX_ADDRESSES,
        _ => MAX_LINKS,
    };
    let mut reading = match (&source.shape, role) {
        (Shape::Classified(fields), Role::Listing) => html::listing(page, fields)?,
        (Shape::Classified(fields), Role::Detail) => {
            Reading::of_post(html::post(page, &fields.post)?)
        }
        (Shape::Sitemap(fields), Role::Listing) => {
            sitemap::read(page, fields, source.start.contains(asked))?
        }
        (Shape::Sitemap(fields), Role::Detail) => Reading::of_post(html::post(page, &fields.post)?),
        (Shape::Feed, _) => feed::read(page)?,
        (Shape::Json(fields), Role::Listing) => json::read(page, fields)?,
        (Shape::Json(fields), Role::Detail) => json::detail(page, fields)?,
    };
    if source.pass_wordless {
        let posts = reading.posts.into_iter();
        let speaks = |post: &Result<Fields, Fault>| match post {
            Err((reason, why)) => !(*reason == SkipReason::MissingField && why == NO_WORDS),
            Ok(_) => true,
        };
        reading.posts = posts.filter(speaks).collect();
    }
    Ok(reading.bounded(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(kind: &str, tables: &str) -> Source {
        let head = format!("id = 'a'\nkind = '{kind}'\nstart = ['http://a.example/']\n");
        toml::from_str(&format!("{head}{tables}")).unwrap()
    }

    fn all() -> Vec<Source> {
        vec![
            source(
                "classified",
                "listing = { link = 'a' }\npost = { text = 'p' }",
            ),
            source("structured", ""),
            source("sitemap", ""),
            source("feed", ""),
            source("json", "json = { id = 'id', text = 't' }"),
        ]
    }

    #[test]
    fn a_page_of_links_without_end_is_bounded_and_says_so() {
        let body = (0..12_000)
            .map(|n| format!("<a href={n}>x</a>"))
            .collect::<String>();
        let page = Page::for_test("http://a.example/", "text/html", body.as_bytes());
        let reading = read(&all()[0], &page, &page.url, Role::Listing).unwrap();
        assert_eq!(reading.details.len(), MAX_LINKS);
        assert_eq!(reading.left[0].0, SkipReason::TooLong);
    }

    #[test]
    fn empty_torn_and_misnamed_pages_are_faults_or_nothing() {
        let utf16 = b"\xFF\xFE<\0p\0>\0a\0";
        let line = "x".repeat(4 << 20);
        for body in [
            b"".as_slice(),
            b" \n ",
            b"{",
            b"<",
            b"\xC3\x28\xA0\xA1",
            utf16,
            line.as_bytes(),
        ] {
            for kind in [
                "text/html",
                "application/json",
                "text/plain; charset=koi8-r",
            ] {
                let page = Page::for_test("http://a.example/", kind, body);
                for source in all() {
                    for role in [Role::Listing, Role::Detail] {
                        let read = read(&source, &page, &page.url, role);
                        let posts = read.map_or(0, |reading| reading.posts.len());
                        assert!(posts <= 1, "{source:?}");
                    }
                }
            }
        }
    }
}
