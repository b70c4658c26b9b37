//! The fields of one post, as any kind of page gave them.

use std::collections::BTreeMap;

use crate::id::Digest;
use crate::post::{Capture, MAX_FIELD_BYTES, Origin, Post};
use crate::skip::SkipReason;

use serde_json::Value;

use super::dates;
use super::page::Page;
use super::source::Source;

/// Why a page or an item is no post, and more about it.
pub type Fault = (SkipReason, String);

/// What is said of a post that has nothing to read.
pub(super) const NO_WORDS: &str = "neither headline nor body has words";

/// The fields of one post before it is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// The post's own id.
    pub native_id: String,
    /// Where it was published.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Body.
    pub text: String,
    /// Account that published it.
    pub author: Option<String>,
    /// When, as written.
    pub published: Option<String>,
    /// Place named beside the text.
    pub place: Option<String>,
    /// Anything else worth keeping, by name; it is not weighed.
    pub extra: BTreeMap<String, String>,
}

impl Fields {
    /// Drops empty fields and checks that a post is left.
    ///
    /// # Errors
    ///
    /// Without id, or without any words; or when a field is longer than
    /// [`MAX_FIELD_BYTES`].
    pub fn checked(mut self) -> Result<Self, Fault> {
        for field in [
            &mut self.url,
            &mut self.title,
            &mut self.author,
            &mut self.published,
            &mut self.place,
        ] {
            *field = field.take().filter(|value| !value.is_empty());
        }
        self.extra.retain(|_, value| !value.is_empty());
        if self.native_id.is_empty() {
            return Err((SkipReason::MissingField, "no id".to_owned()));
        }
        if self.title.is_none() && self.text.is_empty() {
            return Err((SkipReason::MissingField, NO_WORDS.to_owned()));
        }
        for (name, text) in [
            ("title", self.title.as_deref()),
            ("text", Some(self.text.as_str())),
        ] {
            if text.is_some_and(|text| text.len() > MAX_FIELD_BYTES) {
                let detail = format!("{name} is longer than {MAX_FIELD_BYTES} bytes");
                return Err((SkipReason::TooLong, detail));
            }
        }
        Ok(self)
    }

    /// The post, as item `line` of `page`.
    pub(super) fn into_post(
        self,
        source: &Source,
        page: &Page,
        capture: &Capture,
        line: u64,
    ) -> Post {
        let mut extra: BTreeMap<String, Value> = BTreeMap::new();
        for (name, value) in self.extra {
            extra.insert(name, Value::String(value));
        }
        let published = self.published.as_deref().and_then(dates::read);
        if let Some(unread) = self.published.filter(|_| published.is_none()) {
            extra.insert("published".to_owned(), Value::String(unread));
        }
        Post {
            platform: source.id.clone(),
            platform_kind: source.platform_kind,
            native_id: self.native_id,
            url: self.url,
            title: self.title,
            text: self.text,
            author: self.author,
            place_hint: self.place,
            published,
            collected: Some(page.fetched_at),
            extra,
            origin: Origin {
                file: page.url.to_string(),
                line,
                digest: Digest::of(&page.body),
                capture: Some(capture.clone()),
            },
        }
    }
}
