//! A post in the making: what JSONL and CSV share once their syntax is read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::Fault;
use super::record::Context;
use crate::id::Digest;
use crate::post::{MAX_FIELD_BYTES, Origin, Post, Published};
use crate::skip::SkipReason::{Empty, MissingField, TooLong};

/// The keys Lentera knows, in the order of the manual.
pub(super) const KNOWN: [&str; 7] = [
    "id",
    "text",
    "title",
    "url",
    "published",
    "author",
    "place_hint",
];

/// What was read so far of one post, borrowed from the record where it stands
/// there as it is.
#[derive(Default)]
pub(super) struct Draft<'l> {
    pub(super) id: Option<Cow<'l, str>>,
    pub(super) text: Option<Cow<'l, str>>,
    pub(super) title: Option<Cow<'l, str>>,
    pub(super) url: Option<Cow<'l, str>>,
    pub(super) published: Option<Cow<'l, str>>,
    pub(super) author: Option<Cow<'l, str>>,
    pub(super) place_hint: Option<Cow<'l, str>>,
    pub(super) extra: BTreeMap<String, Value>,
}

impl Draft<'_> {
    /// Makes the post, or says what it lacks. `digest` is that of the record's
    /// own bytes.
    pub(super) fn finish(
        mut self,
        context: &Context,
        line: u64,
        digest: Digest,
    ) -> Result<Post, Fault> {
        let native_id = self
            .id
            .filter(|id| !id.trim().is_empty())
            .ok_or_else(|| Fault::new(MissingField, "id"))?;
        let text = self.text.ok_or_else(|| Fault::new(MissingField, "text"))?;
        let title = self.title.filter(|title| !title.trim().is_empty());
        check_length("text", &text)?;
        check_length("title", title.as_deref().unwrap_or(""))?;
        if text.trim().is_empty() && title.is_none() {
            return Err(Fault::new(Empty, "text and title are empty"));
        }
        let published = self.published.as_deref().and_then(Published::parse);
        if let Some(unread) = self.published.filter(|_| published.is_none()) {
            let unread = Value::String(unread.into_owned());
            self.extra.insert("published".to_owned(), unread);
        }
        Ok(Post {
            platform: context.platform.clone(),
            platform_kind: context.platform_kind,
            native_id: native_id.into_owned(),
            url: self.url.map(Cow::into_owned),
            title: title.map(Cow::into_owned),
            text: text.into_owned(),
            author: self.author.map(Cow::into_owned),
            place_hint: self.place_hint.map(Cow::into_owned),
            published,
            collected: None,
            extra: self.extra,
            origin: Origin {
                file: context.file.clone(),
                line,
                digest,
                capture: None,
            },
        })
    }
}

/// Refuses a field that is too long to be matched.
pub(super) fn check_length(name: &str, text: &str) -> Result<(), Fault> {
    if text.len() > MAX_FIELD_BYTES {
        let detail = format!("{name} has {} bytes; at most {MAX_FIELD_BYTES}", text.len());
        return Err(Fault::new(TooLong, detail));
    }
    Ok(())
}

/// Reads bytes as UTF-8, or says at which byte they stop being it.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to() + 1;
        Fault::new(
            crate::skip::SkipReason::InvalidUtf8,
            format!("byte {at} is not UTF-8; save the file as UTF-8"),
        )
    })
}
