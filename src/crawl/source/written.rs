//! A `[[source]]` as it stands in the file, and how it is checked. Everything
//! that is wrong is said with what to write instead.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

use super::preset::Preset;
use super::{
    Classified, DEFAULT_MAX_BYTES, DEFAULT_MAX_PAGES, JsonFields, JsonItems, ListingFields, More,
    Paging, Paths, Pick, PostFields, Shape, Sitemap, Source, SourceError, Template, json, pick,
    preset,
};
use crate::post::PlatformKind;

/// A `[[source]]` as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    id: String,
    kind: Option<String>,
    preset: Option<String>,
    platform_kind: Option<String>,
    start: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    max_pages: Option<u64>,
    max_bytes: Option<u64>,
    max_minutes: Option<u64>,
    delay_ms: Option<u64>,
    listing: Option<WrittenListing>,
    post: Option<WrittenPost>,
    json: Option<JsonFields>,
    sitemap: Option<WrittenSitemap>,
    pass_wordless: Option<bool>,
    schedule: Option<String>,
    zone: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSitemap {
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenListing {
    link: Option<Pick>,
    item: Option<Pick>,
    next: Option<Pick>,
    page_param: Option<String>,
    first_page: Option<u64>,
    page_pattern: Option<String>,
    cursor: Option<Pick>,
    cursor_param: Option<String>,
    more: Option<WrittenMore>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMore {
    address: String,
    cursor: Option<Pick>,
    after: Option<Paths>,
    html: Option<Paths>,
    json: Option<JsonItems>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPost {
    id: Option<Pick>,
    id_from_url: Option<String>,
    title: Option<Pick>,
    text: Option<Pick>,
    author: Option<Pick>,
    published: Option<Pick>,
    place: Option<Pick>,
    #[serde(default)]
    extra: BTreeMap<String, Pick>,
    structured: Option<bool>,
}

impl TryFrom<Written> for Source {
    type Error = SourceError;

    fn try_from(mut written: Written) -> Result<Self, SourceError> {
        let preset = preset(&written)?;
        let shape = match preset {
            Some(preset) => preset.shape()?,
            None => shape(&mut written)?,
        };
        let id = written.id;
        let well_named = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if id.is_empty() || !id.bytes().all(well_named) {
            return Err(SourceError::Id { id });
        }
        let usual = preset.map_or_else(|| usual_kind(&shape), Preset::platform_kind);
        let platform_kind = platform_kind(&id, written.platform_kind.as_deref(), usual)?;
        let mut start = starts(&id, &written.start)?;
        if let Some(preset) = preset {
            start = start.into_iter().map(|url| preset.start(url)).collect();
        }
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
            max_minutes: written.max_minutes,
            delay_ms: written.delay_ms,
            // Messages that are a lone picture are nothing out of the ordinary.
            pass_wordless: written.pass_wordless.unwrap_or(preset.is_some()),
            schedule: written.schedule,
            zone: written.zone,
            shape,
        })
    }
}

/// The preset that is named; it knows the tables that other sources write.
fn preset(written: &Written) -> Result<Option<Preset>, SourceError> {
    let Some(name) = &written.preset else {
        return Ok(None);
    };
    let Some(preset) = Preset::parse(name) else {
        return Err(SourceError::Word {
            id: written.id.clone(),
            key: "preset",
            word: name.clone(),
            known: preset::KNOWN.to_owned(),
        });
    };
    let has_tables = written.listing.is_some()
        || written.post.is_some()
        || written.json.is_some()
        || written.sitemap.is_some();
    if written.kind.is_some() || has_tables {
        return Err(SourceError::Preset {
            id: written.id.clone(),
        });
    }
    Ok(Some(preset))
}

/// The kind of place that a shape is usually found at.
fn usual_kind(shape: &Shape) -> PlatformKind {
    match shape {
        Shape::Classified(_) | Shape::Sitemap(_) => PlatformKind::ClassifiedSite,
        Shape::Feed | Shape::Json(_) => PlatformKind::Other,
    }
}

fn platform_kind(
    id: &str,
    word: Option<&str>,
    usual: PlatformKind,
) -> Result<PlatformKind, SourceError> {
    let Some(word) = word else { return Ok(usual) };
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
        written.sitemap.take(),
    );
    match (written.kind.as_deref().unwrap_or(""), tables) {
        ("classified", (Some(listing), Some(post), None, None)) => {
            Ok(Shape::Classified(Box::new(classified(listing, post)?)))
        }
        ("classified", _) => wrong(
            id,
            "classified",
            "needs the tables [source.listing] and [source.post], and no other",
        ),
        ("structured", (listing, post, None, None)) => {
            let listing = listing.unwrap_or_default();
            let post = post.unwrap_or_default();
            Ok(Shape::Classified(Box::new(structured(listing, post)?)))
        }
        ("structured", _) => wrong(
            id,
            "structured",
            "takes the tables [source.listing] and [source.post], or none",
        ),
        ("sitemap", (None, post, None, sitemap)) => {
            let sitemap = self::sitemap(sitemap.unwrap_or_default(), post)?;
            Ok(Shape::Sitemap(Box::new(sitemap)))
        }
        ("sitemap", _) => wrong(
            id,
            "sitemap",
            "takes the tables [source.sitemap] and [source.post], and no other",
        ),
        ("feed", (None, None, None, None)) => Ok(Shape::Feed),
        ("feed", _) => wrong(id, "feed", "needs no table: the feed names its own fields"),
        ("json", (None, None, Some(json), None)) => Ok(Shape::Json(Box::new(json))),
        ("json", _) => wrong(id, "json", "needs the table [source.json], and no other"),
        ("", _) => Err(SourceError::NoKind { id: id.clone() }),
        (word, _) => Err(SourceError::Word {
            id: id.clone(),
            key: "kind",
            word: word.to_owned(),
            known: KINDS.to_owned(),
        }),
    }
}

/// Kinds of sources, for messages.
const KINDS: &str = "classified, feed, json, sitemap, structured";

/// A source whose posts say themselves what they are.
fn structured(listing: WrittenListing, mut post: WrittenPost) -> Result<Classified, SourceError> {
    if post.structured == Some(false) {
        let problem = "a source of kind \"structured\" cannot have `structured = false`";
        return Err(SourceError::Post(problem));
    }
    post.structured = Some(true);
    Ok(Classified {
        listing: listing_fields(listing)?,
        post: post_fields(post)?,
    })
}

fn sitemap(written: WrittenSitemap, post: Option<WrittenPost>) -> Result<Sitemap, SourceError> {
    let patterns = |list: Vec<String>| -> Result<Vec<_>, _> {
        list.iter().map(|one| pick::pattern(one)).collect()
    };
    let mut post = post_fields(post.unwrap_or_default())?;
    // Without a selector, the pages have to say what they are.
    post.structured |= post.text.is_none();
    Ok(Sitemap {
        include: patterns(written.include)?,
        exclude: patterns(written.exclude)?,
        post,
    })
}

fn classified(listing: WrittenListing, post: WrittenPost) -> Result<Classified, SourceError> {
    let listing = listing_fields(listing)?;
    if listing.link.is_none() && listing.item.is_none() {
        let problem = "needs `link`, or `item` where posts have no pages of their own";
        return Err(SourceError::Listing(problem));
    }
    let post = post_fields(post)?;
    if post.text.is_none() && !post.structured {
        let problem = "needs `text`, the selector of the body, or `structured = true`";
        return Err(SourceError::Post(problem));
    }
    Ok(Classified { listing, post })
}

fn post_fields(post: WrittenPost) -> Result<PostFields, SourceError> {
    let id_from_url = match post.id_from_url.as_deref() {
        None => None,
        Some(written) => {
            let regex = pick::pattern(written)?;
            if regex.captures_len() < 2 {
                return Err(SourceError::Pattern {
                    pattern: written.to_owned(),
                    problem: r"put the id in brackets, such as `/iklan/(\d+)`".to_owned(),
                });
            }
            Some(regex)
        }
    };
    Ok(PostFields {
        id: post.id,
        id_from_url,
        title: post.title,
        text: post.text,
        author: post.author,
        published: post.published,
        place: post.place,
        extra: post.extra,
        structured: post.structured.unwrap_or(false),
    })
}

fn listing_fields(mut listing: WrittenListing) -> Result<ListingFields, SourceError> {
    let paging = paging(&mut listing)?;
    Ok(ListingFields {
        link: listing.link,
        item: listing.item,
        paging,
    })
}

fn paging(listing: &mut WrittenListing) -> Result<Paging, SourceError> {
    let mut ways = Vec::new();
    ways.extend(listing.next.take().map(Paging::Next));
    let first = listing.first_page.take();
    if let Some(name) = listing.page_param.take() {
        let first = first.unwrap_or(1);
        ways.push(Paging::Param { name, first });
    } else if first.is_some() {
        let problem = "takes `first_page` only with `page_param`";
        return Err(SourceError::Listing(problem));
    }
    if let Some(written) = listing.page_pattern.take() {
        ways.push(Paging::Pattern(Template::parse(&written, &["{page}"])?));
    }
    match (listing.cursor.take(), listing.cursor_param.take()) {
        (None, None) => {}
        (Some(pick), Some(param)) => ways.push(Paging::Cursor { pick, param }),
        _ => {
            let problem = "takes `cursor` and `cursor_param` together";
            return Err(SourceError::Listing(problem));
        }
    }
    if let Some(written) = listing.more.take() {
        ways.push(Paging::More(Box::new(more(written)?)));
    }
    match ways.len() {
        0 => Ok(Paging::None),
        1 => Ok(ways.remove(0)),
        _ => Err(SourceError::Listing(
            "takes one way to the next page: `next`, `page_param`, `page_pattern`, `cursor` or `more`",
        )),
    }
}

fn more(written: WrittenMore) -> Result<More, SourceError> {
    if written.html.is_some() == written.json.is_some() {
        let problem =
            "`more` needs `html`, where the answer holds a piece of the page, or a table `json`";
        return Err(SourceError::Listing(problem));
    }
    if written.address.contains("{cursor}") && (written.cursor.is_none() || written.after.is_none())
    {
        let problem = "`more` with {cursor} needs `cursor`, its place on the page, and `after`, its place in the answer";
        return Err(SourceError::Listing(problem));
    }
    Ok(More {
        address: json::template(&written.address)?,
        cursor: written.cursor,
        after: written.after,
        html: written.html,
        json: written.json,
    })
}
