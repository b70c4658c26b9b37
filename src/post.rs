//! What was published: one advertisement or message, as it stood.
//!
//! A post holds no verdict and no fetch logic. Nothing edits its text after it
//! was made: every span in every public type refers to it. The search term or
//! listing that led to a post is provenance and is never matched.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::id::Digest;

/// The longest text of one field that is matched, in bytes. Longer ones are
/// skipped with a reason where they are read: an advertisement of a mebibyte
/// is not an advertisement.
pub const MAX_FIELD_BYTES: usize = 1 << 20;

/// One advertisement or message as published.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// The site or archive it stood on, such as `pasar-kita`.
    pub platform: String,
    /// What kind of place that is.
    pub platform_kind: PlatformKind,
    /// The post's own id on that platform, or the input's `id`.
    pub native_id: String,
    /// Where it was published, as given; never opened by review or export.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Body, as published.
    pub text: String,
    /// Account or handle that published it.
    pub author: Option<String>,
    /// Place named by the platform beside the text.
    pub place_hint: Option<String>,
    /// When it was published, where the platform says so.
    pub published: Option<Published>,
    /// When it was collected; `None` for archives that do not say.
    pub collected: Option<Timestamp>,
    /// Keys of the input that Lentera does not know, kept as they were.
    pub extra: BTreeMap<String, serde_json::Value>,
    /// Where these bytes came from.
    pub origin: Origin,
}

impl Post {
    /// The fields that are matched, title first. `Author` and `PlaceHint` are
    /// not: a handle is an entity, a hint is context.
    pub fn fields(&self) -> impl Iterator<Item = (FieldName, &str)> {
        let title = self.title.as_deref().map(|title| (FieldName::Title, title));
        title
            .into_iter()
            .chain([(FieldName::Text, self.text.as_str())])
    }

    /// The text of one matched field; empty when the post lacks it.
    pub fn field(&self, name: FieldName) -> &str {
        match name {
            FieldName::Title => self.title.as_deref().unwrap_or(""),
            FieldName::Text => &self.text,
        }
    }

    /// Names this version of the post: equal when nothing a reader could see
    /// has changed. Collection time and capture are not part of it.
    pub fn content_digest(&self) -> Digest {
        let published = self.published.map(|published| published.at.to_string());
        Digest::of_parts([
            self.title.as_deref().unwrap_or("").as_bytes(),
            self.text.as_bytes(),
            self.author.as_deref().unwrap_or("").as_bytes(),
            self.place_hint.as_deref().unwrap_or("").as_bytes(),
            published.as_deref().unwrap_or("").as_bytes(),
        ])
    }
}

/// A matched field of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldName {
    /// The headline.
    Title,
    /// The body.
    Text,
}

impl FieldName {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Text => "text",
        }
    }
}

/// What kind of place a post stood on. It drives the method of recruitment in
/// case-data exports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlatformKind {
    /// Classified advertisements.
    ClassifiedSite,
    /// A social network.
    SocialNetwork,
    /// A public messaging channel.
    MessagingChannel,
    /// A job board.
    JobBoard,
    /// A forum or message board.
    Forum,
    /// Anything else, or not known.
    #[default]
    Other,
}

impl PlatformKind {
    /// Every kind, in wire order.
    pub const ALL: [Self; 6] = [
        Self::ClassifiedSite,
        Self::SocialNetwork,
        Self::MessagingChannel,
        Self::JobBoard,
        Self::Forum,
        Self::Other,
    ];

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClassifiedSite => "classified_site",
            Self::SocialNetwork => "social_network",
            Self::MessagingChannel => "messaging_channel",
            Self::JobBoard => "job_board",
            Self::Forum => "forum",
            Self::Other => "other",
        }
    }

    /// The kind with this wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// When a post was published, and how exactly that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The instant; for a bare date, its first instant in UTC.
    pub at: Timestamp,
    /// How much of it the platform really said.
    pub precision: Precision,
}

/// How exactly a time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// To the second.
    Second,
    /// To the day.
    Day,
}

impl Precision {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Day => "day",
        }
    }
}

impl Published {
    /// Reads an RFC 3339 or RFC 2822 time, or a bare `YYYY-MM-DD` date.
    ///
    /// `None` when the text is neither: a platform's "2 days ago" is not
    /// guessed at.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(Self {
                at,
                precision: Precision::Second,
            });
        }
        if let Ok(at) = jiff::fmt::rfc2822::parse(text) {
            return Some(Self {
                at: at.timestamp(),
                precision: Precision::Second,
            });
        }
        let date = text.parse::<jiff::civil::Date>().ok()?;
        let at = jiff::tz::TimeZone::UTC
            .to_timestamp(date.at(0, 0, 0, 0))
            .ok()?;
        Some(Self {
            at,
            precision: Precision::Day,
        })
    }
}

/// Where the bytes of a post came from, exactly enough to find them again.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Input file as given, `-` for standard input, or the run's posts file.
    pub file: String,
    /// One-based line (JSONL, CSV), record (WARC) or 1 (plain text).
    pub line: u64,
    /// Digest of the record's own bytes: the line without its line end, the
    /// file for plain text, the payload for a page.
    pub digest: Digest,
    /// The stored page this post was read from.
    pub capture: Option<Capture>,
}

/// A page kept as evidence, as served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// WARC file, relative to the workspace.
    pub path: String,
    /// Byte offset of the gzip member that holds the response record.
    pub offset: u64,
    /// `WARC-Record-ID` of the response record.
    pub record_id: String,
    /// Digest of the payload as kept: as served, or without inline media.
    pub digest: Digest,
}

/// A picture, sound or film that was written into a page as text and cut out
/// before the page was kept. Its bytes are nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// What it said it was, such as `image/png`; `base64` when it did not say.
    pub kind: String,
    /// Its first byte in the page as served and inflated.
    pub offset: u64,
    /// Its length there, in bytes.
    pub bytes: u64,
    /// Digest of these bytes.
    pub digest: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_never_guessed() {
        let at = |text| Published::parse(text).map(|p| (p.at.to_string(), p.precision));
        let nine = "2026-11-03T02:12:00Z".to_owned();
        assert_eq!(
            at("2026-11-03T09:12:00+07:00"),
            Some((nine.clone(), Precision::Second))
        );
        assert_eq!(
            at("Tue, 03 Nov 2026 09:12:00 +0700"),
            Some((nine, Precision::Second))
        );
        assert_eq!(
            at("2026-11-03"),
            Some(("2026-11-03T00:00:00Z".to_owned(), Precision::Day))
        );
        assert_eq!(at("kemarin"), None);
    }
}
