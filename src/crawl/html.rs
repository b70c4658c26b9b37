//! Reads listings and posts out of HTML, by the selectors of a source.
//!
//! It reads words. Pictures, their descriptions and their addresses are not
//! looked at, scripts are not run, and only http links are returned: never a
//! telephone, mail or chat link.

use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use url::Url;

use super::fields::{Fault, Fields, NO_WORDS};
use super::page::Page;
use super::reading::{Lead, Reading};
use super::source::{self, Classified, More, Paging, Pick, PostFields};
use super::{json, structured};
use crate::id::Digest;
use crate::markup::charset::{self, Told};
use crate::markup::{depth, text};
use crate::skip::SkipReason;

static BASE: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("base[href]").expect("the selector is fixed"));
/// Reads a listing page, or the JSON behind its "load more" button.
///
/// # Errors
///
/// When the page cannot be parsed, or neither a link nor a post is on it.
pub fn listing(page: &Page, fields: &Classified) -> Result<Reading, Fault> {
    if let Paging::More(more) = &fields.listing.paging
        && let Some(answer) = json::answer_of(page)
    {
        return loaded_more(page, fields, more, &answer);
    }
    let html = parse(page)?;
    let base = base(&html, &page.url);
    let mut reading = on_listing(&html, page, &base, fields);
    reading.next = next(&html, page, &base, fields, !reading.is_bare());
    if reading.is_bare() && reading.next.is_none() && !is_counted(page, &fields.listing.paging) {
        let wanted = fields
            .listing
            .item
            .as_ref()
            .or(fields.listing.link.as_ref());
        let selector = wanted.map_or("", |pick| pick.written.as_str());
        let detail = format!("the selector `{selector}` finds no link");
        return Err((SkipReason::MalformedPage, detail));
    }
    Ok(reading)
}

/// Posts and links of a listing page, or of a piece of one.
fn on_listing(html: &Html, page: &Page, base: &Url, fields: &Classified) -> Reading {
    let root = html.root_element();
    if let Some(item) = &fields.listing.item {
        let items = found(root, item).into_iter();
        let posts = items.map(|element| item_post(element, page, base, fields));
        let mut reading = Reading {
            posts: posts.collect(),
            is_list: true,
            ..Reading::default()
        };
        if reading.posts.iter().all(Result::is_err) && !reading.posts.is_empty() {
            let n = reading.posts.len();
            let why = format!("nothing found by {} in {n} items", named(&fields.post));
            reading.left.push((SkipReason::MalformedPage, why));
        }
        return reading;
    }
    let Some(pick) = &fields.listing.link else {
        return said_posts(html, page, base);
    };
    let links = found(root, pick)
        .into_iter()
        .filter_map(|element| link(element, pick, base));
    Reading {
        details: links.map(Lead::from).collect(),
        ..Reading::default()
    }
}

/// The posts that a page says to machines that it holds.
fn said_posts(html: &Html, page: &Page, base: &Url) -> Reading {
    let found = structured::find(html, base);
    let several = found.several();
    let posts = match several {
        [] | [_] => vec![found.one(&page.url)],
        several => several.to_vec(),
    };
    let posts = posts.into_iter().map(|mut post| {
        if post.native_id.is_empty() {
            post.native_id = post.url.clone().unwrap_or_else(|| words_id(&post));
        }
        post.url.get_or_insert_with(|| page.url.to_string());
        post.checked()
    });
    Reading {
        posts: posts.collect(),
        is_list: several.len() > 1,
        ..Reading::default()
    }
}

/// The id of a post that has neither id nor address: its words.
fn words_id(post: &Fields) -> String {
    let words = [post.title.as_deref().unwrap_or(""), &post.text];
    Digest::of_parts(words.map(str::as_bytes)).to_string()
}

/// A post that stands whole on a listing page.
fn item_post(
    element: ElementRef<'_>,
    page: &Page,
    base: &Url,
    fields: &Classified,
) -> Result<Fields, Fault> {
    let own = fields.listing.link.as_ref().and_then(|pick| {
        let mut elements = found(element, pick).into_iter();
        elements.find_map(|found| link(found, pick, base))
    });
    let address = own.as_ref().unwrap_or(&page.url);
    // A part without words is not a fault of the page; all without are.
    let mut post = fields_of(element, address, &fields.post, None)
        .map_err(|_| (SkipReason::MissingField, NO_WORDS.to_owned()))?;
    if post.native_id.is_empty() {
        post.native_id = own.map_or_else(|| words_id(&post), String::from);
    }
    post.checked()
}

/// What a "load more" button brought.
fn loaded_more(
    page: &Page,
    fields: &Classified,
    more: &More,
    answer: &Value,
) -> Result<Reading, Fault> {
    let mut reading = if let Some(items) = &more.json {
        json::items(page, items, answer)?
    } else {
        let piece = more
            .html
            .as_ref()
            .and_then(|path| json::text_at(answer, answer, path));
        let html = depth::fragment(&piece.unwrap_or_default()).map_err(malformed)?;
        on_listing(&html, page, &page.url, fields)
    };
    let after = more
        .after
        .as_ref()
        .and_then(|path| json::text_at(answer, answer, path));
    reading.next = match after {
        Some(cursor) => more.address.fill(&page.url, &cursor),
        // Pages are counted until one brings nothing.
        None if more.after.is_none() && !reading.is_bare() => more.address.next_page(&page.url),
        None => None,
    };
    Ok(reading)
}

/// The next page of a listing.
fn next(html: &Html, page: &Page, base: &Url, fields: &Classified, is_full: bool) -> Option<Url> {
    let root = html.root_element();
    match &fields.listing.paging {
        Paging::None => None,
        Paging::Next(pick) => found(root, pick)
            .into_iter()
            .find_map(|element| link(element, pick, base)),
        Paging::Param { name, first } => {
            is_full.then(|| source::counted_up(&page.url, name, *first, 1))
        }
        Paging::Pattern(template) => template.next_page(&page.url).filter(|_| is_full),
        Paging::Cursor { pick, param } => {
            let cursor = value(root, pick).filter(|cursor| !cursor.is_empty())?;
            Some(source::with_param(&page.url, param, &cursor))
        }
        Paging::More(more) => match &more.cursor {
            Some(pick) => {
                let cursor = value(root, pick).filter(|cursor| !cursor.is_empty())?;
                more.address.fill(base, &cursor)
            }
            None => more.address.next_page(&page.url).filter(|_| is_full),
        },
    }
}

/// Whether the page is one of a counted chain, which ends with an empty page.
fn is_counted(page: &Page, paging: &Paging) -> bool {
    match paging {
        Paging::Param { name, first } => {
            source::number_in(&page.url, name).is_some_and(|number| number > *first)
        }
        Paging::Pattern(template) => template.page(&page.url).is_some_and(|number| number > 1),
        _ => false,
    }
}

/// Reads the page of one advertisement.
///
/// # Errors
///
/// When the page cannot be parsed, holds nothing that the selectors describe,
/// or has neither headline nor body.
pub fn post(page: &Page, fields: &PostFields) -> Result<Fields, Fault> {
    let html = parse(page)?;
    let said = fields.structured.then(|| {
        let found = structured::find(&html, &base(&html, &page.url));
        found.one(&page.url)
    });
    let mut post = fields_of(html.root_element(), &page.url, fields, said.as_ref())?;
    if post.native_id.is_empty() {
        if fields.id.is_some() || fields.id_from_url.is_some() {
            let detail = "no id in the page or its address".to_owned();
            return Err((SkipReason::MissingField, detail));
        }
        post.native_id = page.url.to_string();
    }
    post.checked()
}

/// The fields below one element, and what was `said` to machines where a
/// selector finds nothing. The id may be missing.
fn fields_of(
    root: ElementRef<'_>,
    url: &Url,
    fields: &PostFields,
    said: Option<&Fields>,
) -> Result<Fields, Fault> {
    let read = |pick: &Option<Pick>| pick.as_ref().and_then(|pick| value(root, pick));
    let title = read(&fields.title);
    let text = fields
        .text
        .as_ref()
        .and_then(|pick| whole_value(root, pick));
    let has_picks = fields.title.is_some() || fields.text.is_some();
    // Every page has a title for machines, also one that is no post.
    let is_said = said.is_some_and(|said| !has_picks || said.extra.contains_key("schema_type"));
    if title.is_none() && text.is_none() && !is_said {
        let detail = format!("nothing found by {}", named(fields));
        return Err((SkipReason::MalformedPage, detail));
    }
    let from_url = fields.id_from_url.as_ref().and_then(|pattern| {
        let found = pattern.captures(url.as_str())?.get(1)?;
        Some(found.as_str().to_owned())
    });
    let id = read(&fields.id).filter(|id| !id.is_empty()).or(from_url);
    let extra = fields.extra.iter();
    let mut post = Fields {
        native_id: id.unwrap_or_default(),
        url: Some(url.to_string()),
        title,
        text: text.unwrap_or_default(),
        author: read(&fields.author),
        published: read(&fields.published),
        place: read(&fields.place),
        extra: extra
            .filter_map(|(name, pick)| Some((name.clone(), value(root, pick)?)))
            .collect(),
    };
    if let Some(said) = said {
        let mut said = said.clone();
        if fields.id.is_some() || fields.id_from_url.is_some() {
            // Another id than the one that was asked for would be another post.
            said.native_id.clear();
        }
        structured::fill(&mut post, &said);
    }
    Ok(post)
}

/// The selectors of headline and body, for messages.
fn named(fields: &PostFields) -> String {
    let picks = fields.title.iter().chain(&fields.text);
    let named: Vec<String> = picks.map(|pick| format!("`{}`", pick.written)).collect();
    named.join(" or ")
}

/// The words of a piece of HTML; text without any markup is returned with its
/// own line breaks.
///
/// # Errors
///
/// When it is nested too deeply to parse.
pub fn words(html: &str) -> Result<String, Fault> {
    text::of_piece(html).map_err(malformed)
}

/// The tree of a page.
pub(super) fn parse(page: &Page) -> Result<Html, Fault> {
    depth::document(&decoded(page)).map_err(malformed)
}

/// The characters of a page.
pub(super) fn decoded(page: &Page) -> String {
    let told = Told {
        content_type: page.header("content-type"),
        domain: page.url.domain(),
        markup: true,
    };
    charset::decode(page.content(), told)
}

fn malformed(why: String) -> Fault {
    (SkipReason::MalformedPage, why)
}

/// The address that relative links of a page start from.
pub(super) fn base(html: &Html, url: &Url) -> Url {
    let written = html.select(&BASE).next().and_then(|base| base.attr("href"));
    written
        .and_then(|href| url.join(href.trim()).ok())
        .unwrap_or_else(|| url.clone())
}

/// The elements a pick finds below `root`, in page order; `root` itself when
/// it has no selector.
fn found<'a>(root: ElementRef<'a>, pick: &Pick) -> Vec<ElementRef<'a>> {
    match &pick.selector {
        None => vec![root],
        Some(selector) => root.select(selector).collect(),
    }
}

/// The address an element leads to, if it is a page.
fn link(element: ElementRef<'_>, pick: &Pick, base: &Url) -> Option<Url> {
    let attribute = pick.attribute.as_deref().unwrap_or("href");
    let href = pick.refine(element.attr(attribute)?.trim().to_owned())?;
    let url = base.join(&href).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The value a selector picks: all elements it finds, a line each, or the
/// attribute of the first that has it. `None` when it finds none.
fn value(root: ElementRef<'_>, pick: &Pick) -> Option<String> {
    let written = plain_values(root, pick)?;
    if pick.regex.is_none() {
        return Some(written.join("\n"));
    }
    let parts: Vec<String> = written
        .into_iter()
        .filter_map(|one| pick.refine(one))
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// As [`value`]; but what a pattern does not fit is taken whole, since a body
/// must never be lost to a wrong guess.
fn whole_value(root: ElementRef<'_>, pick: &Pick) -> Option<String> {
    value(root, pick).or_else(|| Some(plain_values(root, pick)?.join("\n")))
}

/// The values that a selector picks, before its pattern is applied.
fn plain_values(root: ElementRef<'_>, pick: &Pick) -> Option<Vec<String>> {
    let mut found = found(root, pick).into_iter().peekable();
    found.peek()?;
    if let Some(attribute) = &pick.attribute {
        let written = found.find_map(|element| element.attr(attribute))?;
        return Some(vec![text::tidy(written)]);
    }
    let mut lines: Vec<String> = Vec::new();
    let mut last: Option<ElementRef<'_>> = None;
    for element in found {
        // An element inside one already read would be read twice.
        if last.is_some_and(|outer| element.ancestors().any(|node| node.id() == outer.id())) {
            continue;
        }
        lines.push(text::of_element(element));
        last = Some(element);
    }
    lines.retain(|line| !line.is_empty());
    Some(lines)
}

#[cfg(test)]
mod tests;
