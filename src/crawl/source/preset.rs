//! Kinds of places that are alike wherever they stand.
//!
//! A preset knows where the fields of such a place are; the file names only
//! where to start. All of them read what anybody sees without an account.

use regex::Regex;
use url::Url;

use super::{
    Classified, JsonDetail, JsonFields, JsonItems, JsonPaging, ListingFields, Paging, Paths, Pick,
    PostFields, Shape, SourceError,
};
use crate::post::PlatformKind;

/// A kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preset {
    /// Public timelines and hashtags of a server that answers as Mastodon does.
    Mastodon,
    /// Public talks of a Discourse forum.
    Discourse,
    /// The public web preview of a Telegram channel.
    Telegram,
}

/// Names of presets, for messages.
pub(super) const KNOWN: &str = "mastodon, discourse, telegram";

impl Preset {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "mastodon" => Some(Self::Mastodon),
            "discourse" => Some(Self::Discourse),
            "telegram" => Some(Self::Telegram),
            _ => None,
        }
    }

    pub(super) fn platform_kind(self) -> PlatformKind {
        match self {
            Self::Mastodon => PlatformKind::SocialNetwork,
            Self::Discourse => PlatformKind::Forum,
            Self::Telegram => PlatformKind::MessagingChannel,
        }
    }

    pub(super) fn shape(self) -> Result<Shape, SourceError> {
        match self {
            Self::Mastodon => Ok(mastodon()),
            Self::Discourse => Ok(discourse()),
            Self::Telegram => telegram(),
        }
    }

    /// Where reading starts, from the address that a person knows.
    pub(super) fn start(self, url: Url) -> Url {
        let path = url.path().trim_end_matches('/').to_owned();
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let to = |path: &str| url.join(path).unwrap_or_else(|_| url.clone());
        match (self, parts.as_slice()) {
            (Self::Mastodon, ["tags", tag]) => to(&format!("/api/v1/timelines/tag/{tag}?limit=40")),
            (Self::Mastodon, [] | ["public" | "explore"] | ["public", "local"]) => {
                let local = if path.ends_with("local") {
                    "&local=true"
                } else {
                    ""
                };
                to(&format!("/api/v1/timelines/public?limit=40{local}"))
            }
            (Self::Discourse, [] | ["latest"]) => to("/latest.json"),
            (Self::Discourse, ["c" | "tag", ..]) if !path.ends_with(".json") => {
                to(&format!("{path}.json"))
            }
            (Self::Telegram, [channel]) => to(&format!("/s/{channel}")),
            _ => url,
        }
    }
}

fn path(text: &str) -> Paths {
    Paths(vec![text.to_owned()])
}

fn mastodon() -> Shape {
    Shape::Json(Box::new(JsonFields {
        items: JsonItems {
            id: path("id"),
            title: Some(path("spoiler_text")),
            text: Paths(vec!["content".to_owned(), "reblog.content".to_owned()]),
            author: Some(path("account.acct")),
            published: Some(path("created_at")),
            link: Some(Paths(vec!["url".to_owned(), "uri".to_owned()])),
            text_is_html: true,
            ..JsonItems::default()
        },
        paging: JsonPaging::LastId {
            param: "max_id".to_owned(),
        },
        detail: None,
    }))
}

fn discourse() -> Shape {
    let items = JsonItems {
        items: "post_stream.posts".to_owned(),
        id: path("id"),
        title: Some(path("$.title")),
        text: path("cooked"),
        author: Some(path("username")),
        published: Some(path("created_at")),
        link: Some(path("/t/{topic_id}/{post_number}")),
        text_is_html: true,
        ..JsonItems::default()
    };
    Shape::Json(Box::new(JsonFields {
        items: JsonItems {
            items: "topic_list.topics".to_owned(),
            ..JsonItems::default()
        },
        paging: JsonPaging::Page {
            param: "page".to_owned(),
            first: 0,
        },
        detail: Some(JsonDetail {
            address: path("/t/{id}.json"),
            items,
            pages: Some(("page".to_owned(), 20)),
        }),
    }))
}

fn telegram() -> Result<Shape, SourceError> {
    let pick = |css: &str| Pick::parse(css).map(Some);
    // What an answer quotes is somebody else's, and has its own message.
    let text = "div.tgme_widget_message_text:not(.js-message_reply_text), \
                div.tgme_widget_message_poll_question, div.tgme_widget_message_poll_option_text";
    let listing = ListingFields {
        link: pick("a.tgme_widget_message_date")?,
        item: pick("div.tgme_widget_message_wrap")?,
        paging: Paging::Next(Pick::parse("a.tme_messages_more[data-before]")?),
    };
    let mut post = PostFields {
        id: pick("div.tgme_widget_message@data-post")?,
        id_from_url: Regex::new(r"/([^/]+/\d+)$").ok(),
        text: pick(text)?,
        author: pick(".tgme_widget_message_owner_name")?,
        published: pick("a.tgme_widget_message_date time@datetime")?,
        ..PostFields::default()
    };
    let from = Pick::parse(".tgme_widget_message_forwarded_from_name")?;
    post.extra.insert("forwarded_from".to_owned(), from);
    Ok(Shape::Classified(Box::new(Classified { listing, post })))
}

#[cfg(test)]
mod tests;
