//! A post in the making: what JSONL and CSV share once their syntax is read.

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

/// What was read so far of one post.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) id: Option<String>,
    pub(super) text: Option<String>,
    pub(super) title: Option<String>,
    pub(super) url: Option<String>,
    pub(super) published: Option<Value>,
    pub(super) author: Option<String>,
    pub(super) place_hint: Option<String>,
    pub(super) extra: BTreeMap<String, Value>,
}

impl Draft {
    /// Makes the post, or says what it lacks. `bytes` are the record's own.
    pub(super) fn finish(
        mut self,
        context: &Context,
        line: u64,
        bytes: &[u8],
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
        let mut published = None;
        if let Some(raw) = self.published {
            published = raw.as_str().and_then(Published::parse);
            if published.is_none() {
                self.extra.insert("published".to_owned(), raw);
            }
        }
        Ok(Post {
            platform: context.platform.clone(),
            platform_kind: context.platform_kind,
            native_id,
            url: self.url,
            title,
            text,
            author: self.author,
            place_hint: self.place_hint,
            published,
            collected: None,
            extra: self.extra,
            origin: Origin {
                file: context.file.clone(),
                line,
                digest: Digest::of(bytes),
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
