//! Saved pages of a source: which is a listing and which is a post.
//!
//! A crawl knows why it asked for a page. Of a saved page only the address is
//! known, so what the pages read before lead to is remembered, and the rest is
//! tried as a post first.

use std::collections::BTreeSet;

use url::Url;

use super::fields::Fault;
use super::frontier::canonical;
use super::page::Page;
use super::reading::{Reading, Role, read};
use super::source::{Shape, Source};

/// Reads saved pages of one source, best in the order they were fetched.
#[derive(Debug)]
pub struct Sorting<'s> {
    source: &'s Source,
    listings: BTreeSet<Url>,
    details: BTreeSet<Url>,
}

impl<'s> Sorting<'s> {
    /// Nothing is known but the start pages.
    pub fn new(source: &'s Source) -> Self {
        Self {
            source,
            listings: source.start.iter().map(canonical).collect(),
            details: BTreeSet::new(),
        }
    }

    /// Reads one page, and says as what.
    ///
    /// # Errors
    ///
    /// When it can be read neither as a listing nor as a post.
    pub fn read(&mut self, page: &Page) -> (Role, Result<Reading, Fault>) {
        let url = canonical(&page.url);
        let role = if self.listings.contains(&url) || self.is_flat() {
            Role::Listing
        } else if self.details.contains(&url) {
            Role::Detail
        } else {
            return self.guessed(page);
        };
        let reading = read(self.source, page, &url, role);
        if let Ok(reading) = &reading {
            self.note(reading);
        }
        (role, reading)
    }

    /// Whether the source has no pages of single posts.
    fn is_flat(&self) -> bool {
        match &self.source.shape {
            Shape::Feed => true,
            Shape::Json(fields) => fields.detail.is_none(),
            Shape::Classified(fields) => {
                fields.listing.link.is_none() || fields.listing.item.is_some()
            }
            Shape::Sitemap(_) => false,
        }
    }

    fn guessed(&mut self, page: &Page) -> (Role, Result<Reading, Fault>) {
        let detail = read(self.source, page, &page.url, Role::Detail);
        let has_body = |reading: &Reading| {
            let mut posts = reading.posts.iter().flatten();
            posts.any(|post| !post.text.is_empty())
        };
        if detail.as_ref().is_ok_and(has_body) {
            return (Role::Detail, detail);
        }
        match read(self.source, page, &page.url, Role::Listing) {
            Ok(listing) => {
                self.note(&listing);
                (Role::Listing, Ok(listing))
            }
            Err(_) => (Role::Detail, detail),
        }
    }

    fn note(&mut self, reading: &Reading) {
        let details = reading.details.iter().map(|lead| canonical(&lead.url));
        self.details.extend(details);
        let listings = reading.listings.iter().chain(&reading.next).map(canonical);
        self.listings.extend(listings);
    }
}
