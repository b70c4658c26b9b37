//! A web source as data: one `[[source]]` of `lentera.toml`.
//!
//! There is no code per site. A source says where to start, which hosts belong
//! to it, how much to read and where on a page the fields stand. It holds no
//! search words that are scored, no log-in and no way to switch robots.txt off.

mod written;

use std::collections::BTreeSet;

use regex::Regex;
use scraper::Selector;
use serde::Deserialize;
use url::Url;

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
    /// Least milliseconds between two fetches; `None` takes that of `[crawl]`.
    pub delay_ms: Option<u64>,
    /// How its pages are read.
    pub shape: Shape,
}

/// How the pages of a source are read.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Listing pages with links to one page per advertisement.
    Classified(Box<Classified>),
    /// RSS or Atom; whatever the feed says itself.
    Feed,
    /// A paginated public JSON API.
    Json(Box<JsonFields>),
}

/// Selectors of a classified site.
#[derive(Clone, Debug)]
pub struct Classified {
    /// Links to advertisements on a listing page.
    pub link: Pick,
    /// Link to the next listing page.
    pub next: Option<Pick>,
    /// The advertisement's own id, on its page.
    pub id: Option<Pick>,
    /// The id as the first group of a pattern over the page's address.
    pub id_from_url: Option<Regex>,
    /// Headline.
    pub title: Option<Pick>,
    /// Body.
    pub text: Pick,
    /// Account that published it.
    pub author: Option<Pick>,
    /// When it was published.
    pub published: Option<Pick>,
    /// Place named beside the text.
    pub place: Option<Pick>,
}

/// A CSS selector, with `@attribute` behind it when the value is not the
/// element's text: `time@datetime`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pick {
    /// As written, for messages.
    pub written: String,
    /// The selector.
    pub selector: Selector,
    /// The attribute, if not the text.
    pub attribute: Option<String>,
}

impl Pick {
    /// Reads `css` or `css@attribute`.
    ///
    /// # Errors
    ///
    /// When the selector is not CSS.
    pub fn parse(written: &str) -> Result<Self, SourceError> {
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let (css, attribute) = match written.rsplit_once('@') {
            Some((css, name)) if is_name(name) => (css, Some(name.to_ascii_lowercase())),
            _ => (written, None),
        };
        let selector = Selector::parse(css.trim()).map_err(|_| SourceError::Selector {
            selector: written.to_owned(),
        })?;
        Ok(Self {
            written: written.to_owned(),
            selector,
            attribute,
        })
    }
}

impl TryFrom<String> for Pick {
    type Error = SourceError;

    fn try_from(written: String) -> Result<Self, SourceError> {
        Self::parse(&written)
    }
}

/// Field paths of a JSON API. A path is keys joined by dots, such as
/// `attributes.author.handle`; a number picks from an array.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonFields {
    /// The array of posts; empty when the answer itself is the array.
    #[serde(default)]
    pub items: String,
    /// Address of the next page, absolute or relative.
    pub next: Option<String>,
    /// Query parameter counted up until a page has no items.
    pub page_param: Option<String>,
    /// The post's own id, text or number.
    pub id: String,
    /// Headline.
    pub title: Option<String>,
    /// Body.
    pub text: String,
    /// Account that published it.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// Place named beside the text.
    pub place: Option<String>,
    /// The post's public address.
    pub link: Option<String>,
    /// Whether the body is HTML.
    #[serde(default)]
    pub text_is_html: bool,
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
    /// A selector that is not CSS.
    #[error("`{selector}` is not a CSS selector; write such as `h1.title` or `time@datetime`")]
    Selector {
        /// As written.
        selector: String,
    },
    /// A pattern that is not a regular expression with a group.
    #[error("source `{id}`: id_from_url `{pattern}`: {problem}")]
    Pattern {
        /// Which source.
        id: String,
        /// As written.
        pattern: String,
        /// What is wrong.
        problem: String,
    },
}

#[cfg(test)]
mod tests;
