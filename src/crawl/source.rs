//! A web source as data: one `[[source]]` of `lentera.toml`.
//!
//! There is no code per site. A source says where to start, which hosts belong
//! to it, how much to read and where on a page the fields stand. It holds no
//! search words that are scored, no log-in and no way to switch robots.txt off.

mod json;
pub mod lint;
mod paging;
mod pick;
mod preset;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde::Deserialize;
use url::Url;

pub use json::{JsonDetail, JsonFields, JsonItems, JsonPaging, Paths};
pub use paging::{More, Paging, Template, counted_up, number_in, with_param};
pub use pick::Pick;

use crate::post::PlatformKind;

/// Pages read from one source in one run, where it does not say.
pub const DEFAULT_MAX_PAGES: u64 = 500;
/// Body bytes read from one source in one run, where it does not say (64 MiB).
pub const DEFAULT_MAX_BYTES: u64 = 64 << 20;

/// One `[[source]]`: where posts come from and how to read them.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "written::Written")]
pub struct Source {
    /// Names the source; becomes the platform of its posts.
    pub id: String,
    /// What kind of place it is.
    pub platform_kind: PlatformKind,
    /// Where reading starts; never empty.
    pub start: Vec<Url>,
    /// Hosts whose pages belong to it, lower case, without port.
    pub hosts: BTreeSet<String>,
    /// Most pages fetched in one run, robots.txt not counted.
    pub max_pages: u64,
    /// Most body bytes fetched in one run, as received.
    pub max_bytes: u64,
    /// Most minutes it is read for in one run; `None` sets no bound.
    pub max_minutes: Option<u64>,
    /// Least milliseconds between two fetches; `None` takes that of `[crawl]`.
    pub delay_ms: Option<u64>,
    /// Whether posts without words, such as a lone picture, are passed over
    /// without a word.
    pub pass_wordless: bool,
    /// Cron line of the times at which it is read, or `off`; `None` takes that
    /// of `[schedule]`. Whether it is one is not known here.
    pub schedule: Option<String>,
    /// IANA name of the zone of that line; `None` takes that of `[schedule]`.
    pub zone: Option<String>,
    /// How its pages are read.
    pub shape: Shape,
}

/// How the pages of a source are read.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Listing pages with links to one page per advertisement, or with several
    /// advertisements on them.
    Classified(Box<Classified>),
    /// RSS, Atom or JSON Feed; whatever the feed says itself.
    Feed,
    /// A paginated public JSON API.
    Json(Box<JsonFields>),
    /// Sitemaps that lead to one page per advertisement.
    Sitemap(Box<Sitemap>),
}

/// Which pages of a sitemap are read, and how.
#[derive(Clone, Debug, Default)]
pub struct Sitemap {
    /// Patterns of addresses of advertisements; without any, all are.
    pub include: Vec<Regex>,
    /// Patterns of addresses that are left.
    pub exclude: Vec<Regex>,
    /// How an advertisement is read on its page.
    pub post: PostFields,
}

impl Sitemap {
    /// Whether an address is that of an advertisement.
    pub fn wants(&self, url: &Url) -> bool {
        let fits = |pattern: &Regex| pattern.is_match(url.as_str());
        (self.include.is_empty() || self.include.iter().any(fits)) && !self.exclude.iter().any(fits)
    }
}

/// Selectors of a classified site.
#[derive(Clone, Debug)]
pub struct Classified {
    /// How a listing page is read.
    pub listing: ListingFields,
    /// How an advertisement is read, on its page or in its part of a listing.
    pub post: PostFields,
}

/// What a listing page holds.
#[derive(Clone, Debug, Default)]
pub struct ListingFields {
    /// Links to advertisements; with `item`, the address of the one it is.
    pub link: Option<Pick>,
    /// The part of the page that is one whole advertisement; there are then no
    /// pages of single ones.
    pub item: Option<Pick>,
    /// What leads to the next page.
    pub paging: Paging,
}

/// Where the fields of one advertisement stand.
#[derive(Clone, Debug, Default)]
pub struct PostFields {
    /// The advertisement's own id.
    pub id: Option<Pick>,
    /// The id as the first group of a pattern over its address.
    pub id_from_url: Option<Regex>,
    /// Headline.
    pub title: Option<Pick>,
    /// Body.
    pub text: Option<Pick>,
    /// Account that published it.
    pub author: Option<Pick>,
    /// When it was published.
    pub published: Option<Pick>,
    /// Place named beside the text.
    pub place: Option<Pick>,
    /// Anything else worth keeping beside the post, by name; it is not weighed.
    pub extra: BTreeMap<String, Pick>,
    /// Whether JSON-LD, microdata and OpenGraph fill what selectors left open.
    pub structured: bool,
}

/// Why a `[[source]]` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The id cannot name a platform.
    #[error("source id `{id}`: use lower-case letters, digits and hyphens, such as `pasar-kita`")]
    Id {
        /// As written.
        id: String,
    },
    /// A word that is none of the known ones.
    #[error("source `{id}`: `{key} = \"{word}\"` is not known; write one of {known}")]
    Word {
        /// Which source.
        id: String,
        /// Which key.
        key: &'static str,
        /// As written.
        word: String,
        /// What may be written.
        known: String,
    },
    /// A table or key that this kind of source needs or cannot use.
    #[error("source `{id}`: kind \"{kind}\" {problem}")]
    Shape {
        /// Which source.
        id: String,
        /// Its kind.
        kind: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// Neither kind nor preset.
    #[error("source `{id}` needs `kind`, or `preset` for a place that is known")]
    NoKind {
        /// Which source.
        id: String,
    },
    /// A preset beside what it stands for.
    #[error("source `{id}`: a `preset` stands for `kind` and all tables; leave those out")]
    Preset {
        /// Which source.
        id: String,
    },
    /// A start address that cannot be fetched.
    #[error("source `{id}`: start address `{url}`: {problem}")]
    Start {
        /// Which source.
        id: String,
        /// As written.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// A table `[source.listing]` that does not hold together.
    #[error("[source.listing] {0}")]
    Listing(&'static str),
    /// A table `[source.post]` that does not hold together.
    #[error("[source.post] {0}")]
    Post(&'static str),
    /// A table `[source.json]` that does not hold together.
    #[error("[source.json] {0}")]
    Json(String),
    /// A selector that is not CSS.
    #[error("`{selector}` is not a CSS selector; write such as `h1.title` or `time@datetime`")]
    Selector {
        /// As written.
        selector: String,
    },
    /// A template without its place, such as `{page}`.
    #[error("`{template}`: {problem}")]
    Template {
        /// As written.
        template: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A pattern that is not a regular expression, or lacks a group.
    #[error("pattern `{pattern}`: {problem}")]
    Pattern {
        /// As written.
        pattern: String,
        /// What is wrong.
        problem: String,
    },
}

#[cfg(test)]
mod tests;
