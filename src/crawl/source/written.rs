//! A `[[source]]` as it stands in the file, and how it is checked. Everything
//! that is wrong is said with what to write instead.

use regex::Regex;
use serde::Deserialize;
use url::Url;

use super::{
    Classified, DEFAULT_MAX_BYTES, DEFAULT_MAX_PAGES, JsonFields, Pick, Shape, Source, SourceError,
};
use crate::post::PlatformKind;

/// A `[[source]]` as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    id: String,
    kind: String,
    platform_kind: Option<String>,
    start: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    max_pages: Option<u64>,
    max_bytes: Option<u64>,
    delay_ms: Option<u64>,
    listing: Option<WrittenListing>,
    post: Option<WrittenPost>,
    json: Option<JsonFields>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenListing {
    link: Pick,
    next: Option<Pick>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPost {
    id: Option<Pick>,
    id_from_url: Option<String>,
    title: Option<Pick>,
    text: Pick,
    author: Option<Pick>,
    published: Option<Pick>,
    place: Option<Pick>,
}

impl TryFrom<Written> for Source {
    type Error = SourceError;

    fn try_from(mut written: Written) -> Result<Self, SourceError> {
        let shape = shape(&mut written)?;
        let id = written.id;
        let well_named = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if id.is_empty() || !id.bytes().all(well_named) {
            return Err(SourceError::Id { id });
        }
        let platform_kind = platform_kind(&id, written.platform_kind.as_deref(), &shape)?;
        let start = starts(&id, &written.start)?;
        let hosts = if written.hosts.is_empty() {
            start
                .iter()
                .filter_map(Url::host_str)
                .map(str::to_owned)
                .collect()
        } else {
            written
                .hosts
                .iter()
                .map(|host| host.to_ascii_lowercase())
                .collect()
        };
        Ok(Self {
            id,
            platform_kind,
            start,
            hosts,
            max_pages: written.max_pages.unwrap_or(DEFAULT_MAX_PAGES),
            max_bytes: written.max_bytes.unwrap_or(DEFAULT_MAX_BYTES),
            delay_ms: written.delay_ms,
            shape,
        })
    }
}

fn platform_kind(id: &str, word: Option<&str>, shape: &Shape) -> Result<PlatformKind, SourceError> {
    let Some(word) = word else {
        return Ok(match shape {
            Shape::Classified(_) => PlatformKind::ClassifiedSite,
            Shape::Feed | Shape::Json(_) => PlatformKind::Other,
        });
    };
    PlatformKind::parse(word).ok_or_else(|| SourceError::Word {
        id: id.to_owned(),
        key: "platform_kind",
        word: word.to_owned(),
        known: PlatformKind::ALL.map(PlatformKind::as_str).join(", "),
    })
}

fn starts(id: &str, written: &[String]) -> Result<Vec<Url>, SourceError> {
    let refuse = |url: &str, problem: String| SourceError::Start {
        id: id.to_owned(),
        url: url.to_owned(),
        problem,
    };
    if written.is_empty() {
        return Err(refuse(
            "",
            "name at least one page to start from".to_owned(),
        ));
    }
    let read = |text: &String| {
        let url = Url::parse(text).map_err(|error| refuse(text, error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse(text, "only http and https are fetched".to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse(
                text,
                "only public pages are read: no user name".to_owned(),
            ));
        }
        Ok(url)
    };
    written.iter().map(read).collect()
}

fn shape(written: &mut Written) -> Result<Shape, SourceError> {
    let wrong = |id: &str, kind, problem| {
        let id = id.to_owned();
        Err(SourceError::Shape { id, kind, problem })
    };
    let id = &written.id;
    let tables = (
        written.listing.take(),
        written.post.take(),
        written.json.take(),
    );
    match (written.kind.as_str(), tables) {
        ("classified", (Some(listing), Some(post), None)) => {
            Ok(Shape::Classified(Box::new(classified(id, listing, post)?)))
        }
        ("classified", _) => wrong(
            id,
            "classified",
            "needs the tables [source.listing] and [source.post], and no other",
        ),
        ("feed", (None, None, None)) => Ok(Shape::Feed),
        ("feed", _) => wrong(id, "feed", "needs no table: the feed names its own fields"),
        ("json", (None, None, Some(json))) => match (&json.next, &json.page_param) {
            (Some(_), Some(_)) => wrong(id, "json", "takes `next` or `page_param`, not both"),
            _ => Ok(Shape::Json(Box::new(json))),
        },
        ("json", _) => wrong(id, "json", "needs the table [source.json], and no other"),
        (word, _) => Err(SourceError::Word {
            id: id.clone(),
            key: "kind",
            word: word.to_owned(),
            known: "classified, feed, json".to_owned(),
        }),
    }
}

fn classified(
    id: &str,
    listing: WrittenListing,
    post: WrittenPost,
) -> Result<Classified, SourceError> {
    let refuse = |pattern: &str, problem: String| SourceError::Pattern {
        id: id.to_owned(),
        pattern: pattern.to_owned(),
        problem,
    };
    let id_from_url = match post.id_from_url.as_deref() {
        None => None,
        Some(pattern) => {
            let regex = Regex::new(pattern).map_err(|error| refuse(pattern, error.to_string()))?;
            if regex.captures_len() < 2 {
                let problem = r"put the id in brackets, such as `/iklan/(\d+)`";
                return Err(refuse(pattern, problem.to_owned()));
            }
            Some(regex)
        }
    };
    Ok(Classified {
        link: listing.link,
        next: listing.next,
        id: post.id,
        id_from_url,
        title: post.title,
        text: post.text,
        author: post.author,
        published: post.published,
        place: post.place,
    })
}
