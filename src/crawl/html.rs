//! Reads listings and posts out of HTML, by the selectors of a source.
//!
//! It reads words. Pictures, their descriptions and their addresses are not
//! looked at, scripts are not run, and only http links are returned: never a
//! telephone, mail or chat link.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

use super::fields::{Fault, Fields};
use super::page::Page;
use super::source::{Classified, Pick};
use super::{charset, depth};
use crate::skip::SkipReason;

/// Elements whose content is not words for a reader.
const UNREAD: &[&str] = &[
    "script", "style", "noscript", "template", "iframe", "svg", "math", "object", "audio", "video",
    "canvas", "head",
];
/// Elements that stand on lines of their own.
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];

static BASE: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("base[href]").expect("the selector is fixed"));
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<[A-Za-z/!]|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]+\d*);").expect("fixed and tested")
});

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
    let html = parse(&charset::text(page))?;
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
    let html = parse(&charset::text(page))?;
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
    if !MARKUP.is_match(html) {
        return Ok(tidy(html));
    }
    depth::check(html).map_err(|why| (SkipReason::MalformedPage, why))?;
    Ok(element_words(Html::parse_fragment(html).root_element()))
}

fn parse(text: &str) -> Result<Html, Fault> {
    depth::check(text).map_err(|why| (SkipReason::MalformedPage, why))?;
    Ok(Html::parse_document(text))
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
        return Some(tidy(written));
    }
    let mut lines: Vec<String> = Vec::new();
    let mut last: Option<ElementRef<'_>> = None;
    for element in found {
        // An element inside one already read would be read twice.
        if last.is_some_and(|outer| element.ancestors().any(|node| node.id() == outer.id())) {
            continue;
        }
        lines.push(element_words(element));
        last = Some(element);
    }
    lines.retain(|line| !line.is_empty());
    Some(lines.join("\n"))
}

fn element_words(element: ElementRef<'_>) -> String {
    let mut raw = String::new();
    collect(element, false, &mut raw);
    tidy(&raw)
}

/// Gathers the words below an element, lines broken where a reader sees them
/// break. Depth is bounded by [`depth::check`].
fn collect(element: ElementRef<'_>, keep_breaks: bool, out: &mut String) {
    let name = element.value().name();
    if UNREAD.contains(&name) {
        return;
    }
    let is_block = BLOCK.contains(&name);
    let is_cell = matches!(name, "td" | "th");
    let keep_breaks = keep_breaks || matches!(name, "pre" | "textarea");
    if is_block {
        out.push('\n');
    }
    for child in element.children() {
        match child.value() {
            Node::Text(text) if keep_breaks => out.push_str(text),
            // A line break in the source is a space to a reader.
            Node::Text(text) => out.extend(text.chars().map(|c| match c {
                '\n' | '\r' | '\t' => ' ',
                c => c,
            })),
            _ => {
                if let Some(child) = ElementRef::wrap(child) {
                    collect(child, keep_breaks, out);
                }
            }
        }
    }
    if is_block {
        out.push('\n');
    } else if is_cell {
        out.push(' ');
    }
}

/// Collapses blanks within lines and drops empty lines, as a browser does:
/// no-break and other wide spaces are the author's and stay.
fn tidy(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<String> = lines
        .map(|line| line.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests;
