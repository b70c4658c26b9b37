//! Reads listings and posts out of HTML, by the selectors of a source.
//!
//! It reads words. Pictures, their descriptions and their addresses are not
//! looked at, scripts are not run, and only http links are returned: never a
//! telephone, mail or chat link.

use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::fields::{Fault, Fields};
use super::page::Page;
use super::source::{Classified, Pick};
use crate::markup::charset::{self, Told};
use crate::markup::{depth, text};
use crate::skip::SkipReason;

static BASE: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("base[href]").expect("the selector is fixed"));
/// What a listing page leads to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Pages of advertisements, in page order, as absolute addresses.
    pub links: Vec<Url>,
    /// The next listing page.
    pub next: Option<Url>,
}

/// Reads a listing page.
///
/// # Errors
///
/// When the page cannot be parsed, or no link is found on it.
pub fn listing(page: &Page, fields: &Classified) -> Result<Listing, Fault> {
    let html = parse(page)?;
    let base = base(&html, &page.url);
    let links: Vec<Url> = html
        .select(&fields.link.selector)
        .filter_map(|element| link(element, &fields.link, &base))
        .collect();
    let next = fields.next.as_ref().and_then(|next| {
        let element = html.select(&next.selector).next()?;
        link(element, next, &base)
    });
    if links.is_empty() && next.is_none() {
        let detail = format!("the selector `{}` finds no link", fields.link.written);
        return Err((SkipReason::MalformedPage, detail));
    }
    Ok(Listing { links, next })
}

/// Reads the page of one advertisement.
///
/// # Errors
///
/// When the page cannot be parsed, holds nothing that the selectors describe,
/// or has neither headline nor body.
pub fn post(page: &Page, fields: &Classified) -> Result<Fields, Fault> {
    let html = parse(page)?;
    let read = |pick: &Option<Pick>| pick.as_ref().and_then(|pick| value(&html, pick));
    let title = read(&fields.title);
    let text = value(&html, &fields.text);
    if title.is_none() && text.is_none() {
        let title = fields.title.as_ref();
        let named: Vec<String> = title
            .into_iter()
            .chain([&fields.text])
            .map(|pick| format!("`{}`", pick.written))
            .collect();
        let detail = format!("nothing found by {}", named.join(" or "));
        return Err((SkipReason::MalformedPage, detail));
    }
    let from_url = fields.id_from_url.as_ref().and_then(|pattern| {
        let found = pattern.captures(page.url.as_str())?.get(1)?;
        Some(found.as_str().to_owned())
    });
    let native_id = read(&fields.id).filter(|id| !id.is_empty()).or(from_url);
    if native_id.is_none() && (fields.id.is_some() || fields.id_from_url.is_some()) {
        let detail = "no id in the page or its address".to_owned();
        return Err((SkipReason::MissingField, detail));
    }
    Fields {
        native_id: native_id.unwrap_or_else(|| page.url.to_string()),
        url: Some(page.url.to_string()),
        title,
        text: text.unwrap_or_default(),
        author: read(&fields.author),
        published: read(&fields.published),
        place: read(&fields.place),
    }
    .checked()
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

fn parse(page: &Page) -> Result<Html, Fault> {
    let told = Told {
        content_type: page.header("content-type"),
        domain: page.url.domain(),
        markup: true,
    };
    let text = charset::decode(page.content(), told);
    depth::document(&text).map_err(malformed)
}

fn malformed(why: String) -> Fault {
    (SkipReason::MalformedPage, why)
}

fn base(html: &Html, url: &Url) -> Url {
    let written = html.select(&BASE).next().and_then(|base| base.attr("href"));
    written
        .and_then(|href| url.join(href.trim()).ok())
        .unwrap_or_else(|| url.clone())
}

/// The address an element leads to, if it is a page.
fn link(element: ElementRef<'_>, pick: &Pick, base: &Url) -> Option<Url> {
    let attribute = pick.attribute.as_deref().unwrap_or("href");
    let href = element.attr(attribute)?.trim();
    let url = base.join(href).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The value a selector picks: all elements it finds, a line each, or the
/// attribute of the first that has it. `None` when it finds none.
fn value(html: &Html, pick: &Pick) -> Option<String> {
    let mut found = html.select(&pick.selector).peekable();
    found.peek()?;
    if let Some(attribute) = &pick.attribute {
        let written = found.find_map(|element| element.attr(attribute))?;
        return Some(text::tidy(written));
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
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests;
