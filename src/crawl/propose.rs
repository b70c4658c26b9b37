//! Proposes the selectors of a site from one listing page and one post.
//!
//! A listing is where the same thing stands many times: children of one
//! element that are built alike, say something, and lead somewhere. The fields
//! of a post are guessed from names, shapes and lengths. It is a draft for a
//! person: what it would extract is shown beside it.

mod css;
mod fields;
mod records;

use std::fmt::Write as _;

use regex::Regex;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::fields::Fault;
use super::html;
use super::page::Page;

pub use fields::PostProposal;

/// How a listing page seems to be built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingProposal {
    /// The repeated part.
    pub item: String,
    /// How often it stands on the page.
    pub count: usize,
    /// The links to posts; empty where the parts lead nowhere.
    pub link: String,
    /// Where these links lead, in page order.
    pub leads: Vec<Url>,
    /// A line of `[source.listing]` that leads to the next page.
    pub paging: Option<String>,
    /// The id as part of a post's address.
    pub id_from_url: Option<String>,
}

/// Finds the repeated records of a listing page.
///
/// # Errors
///
/// When the page cannot be parsed, or nothing on it is repeated.
pub fn listing(page: &Page) -> Result<ListingProposal, Fault> {
    let html = html::parse(page)?;
    let base = html::base(&html, &page.url);
    let Some(best) = records::best(&html, &base) else {
        let why = "nothing on this page is repeated with words in it".to_owned();
        return Err((crate::skip::SkipReason::MalformedPage, why));
    };
    let id_from_url = id_pattern(&best.leads);
    Ok(ListingProposal {
        paging: paging(&html, &base, &page.url),
        item: best.item,
        count: best.count,
        link: best.link,
        leads: best.leads,
        id_from_url,
    })
}

/// Finds the fields of a post on its own page, or in its part of a listing
/// when `item` is a selector.
///
/// # Errors
///
/// When the page cannot be parsed, or holds no such part.
pub fn post(page: &Page, item: Option<&str>) -> Result<PostProposal, Fault> {
    let html = html::parse(page)?;
    let root = match item {
        None => html.root_element(),
        Some(css) => {
            let found = select(&html, css).into_iter().next();
            found.ok_or_else(|| {
                let why = format!("nothing found by `{css}`");
                (crate::skip::SkipReason::MalformedPage, why)
            })?
        }
    };
    Ok(fields::propose(&html, root))
}

/// The proposal as it would stand in `lentera.toml`.
pub fn to_toml(start: &Url, listing: &ListingProposal, post: &PostProposal) -> String {
    let host = start.host_str().unwrap_or("situs");
    let id: String = host
        .trim_start_matches("www.")
        .split('.')
        .next()
        .unwrap_or("situs")
        .chars()
        .filter(|ch| ch.is_ascii_lowercase() || ch.is_ascii_digit() || *ch == '-')
        .collect();
    let mut out = format!(
        "[[source]]\nid        = \"{}\"\nkind      = \"classified\"\nstart     = [{}]\nmax_pages = 300\n\n[source.listing]\n",
        if id.is_empty() { "situs" } else { &id },
        quoted(start.as_str())
    );
    let is_flat = listing.link.is_empty();
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "{key:<11} = {value}");
    };
    if is_flat {
        line("item", &quoted(&listing.item));
    } else {
        line("link", &quoted(&listing.link));
    }
    if let Some(paging) = &listing.paging {
        let (key, value) = paging.split_once(" = ").unwrap_or((paging, "\"\""));
        line(key, value);
    }
    out.push_str("\n[source.post]\n");
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "{key:<11} = {value}");
    };
    if let Some(pattern) = listing.id_from_url.as_ref().filter(|_| !is_flat) {
        line("id_from_url", &format!("'{pattern}'"));
    }
    for (key, pick) in post.lines() {
        line(key, &quoted(pick));
    }
    if let Some(price) = &post.price {
        let _ = writeln!(
            out,
            "\n[source.post.extra]\nprice       = {}",
            quoted(price)
        );
    }
    out
}

fn quoted(text: &str) -> String {
    // A selector may hold quotes; TOML takes it either way.
    if text.contains('"') && !text.contains('\'') {
        return format!("'{text}'");
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The elements of a selector that was made here.
fn select<'h>(html: &'h Html, css: &str) -> Vec<ElementRef<'h>> {
    let Ok(selector) = Selector::parse(css) else {
        return Vec::new();
    };
    html.select(&selector).collect()
}

/// What leads to the next page.
fn paging(html: &Html, base: &Url, page: &Url) -> Option<String> {
    let links = select(html, "a[href], link[rel=next][href]");
    let target = |element: &ElementRef<'_>| {
        let url = base.join(element.attr("href")?.trim()).ok()?;
        (url.host_str() == page.host_str() && url != *page).then_some(url)
    };
    let is_next = |element: &&ElementRef<'_>| {
        let rel = element.attr("rel").unwrap_or("").to_ascii_lowercase();
        let label = element.attr("aria-label").unwrap_or("");
        let text: String = element.text().collect();
        let words = [text.trim(), label].map(str::to_lowercase);
        rel.split(' ').any(|one| one == "next") || words.iter().any(|word| names_next(word))
    };
    let next = links
        .iter()
        .filter(is_next)
        .find(|one| target(one).is_some());
    if let Some(next) = next {
        let css = if next.attr("rel").is_some_and(|rel| rel.contains("next")) {
            Some(format!("{}[rel~=\"next\"]", next.value().name()))
        } else {
            css::of(*next)
        };
        let first = |css: &String| {
            let found = select(html, css).into_iter().next();
            found.and_then(|found| target(&found)) == target(next)
        };
        if let Some(css) = css.filter(first) {
            return Some(format!("next = {}", quoted(&css)));
        }
    }
    links
        .iter()
        .filter_map(target)
        .find_map(|url| counted(&url))
}

fn names_next(word: &str) -> bool {
    let words = [
        "next",
        "next page",
        "berikut",
        "berikutnya",
        "selanjutnya",
        "halaman berikutnya",
        "lebih lama",
        "older",
        "older posts",
        "›",
        "»",
        ">",
        ">>",
        "→",
        "next »",
        "next ›",
        "berikutnya ›",
        "berikutnya »",
        "selanjutnya ›",
        "selanjutnya »",
    ];
    words.contains(&word)
}

/// A page number in an address: in its query, or in its path.
fn counted(url: &Url) -> Option<String> {
    let names = ["page", "hal", "halaman", "p", "pg", "paged", "laman"];
    let mut pairs = url.query_pairs();
    if let Some((name, _)) =
        pairs.find(|(name, value)| names.contains(&&**name) && value.parse::<u32>().is_ok())
    {
        return Some(format!("page_param = \"{name}\""));
    }
    let pattern = Regex::new(r"^(.*/(?:page|hal|halaman|laman)[/-])(\d{1,4})(/|\.html)?$").ok()?;
    let found = pattern.captures(url.path())?;
    let after = found.get(3).map_or("", |part| part.as_str());
    Some(format!("page_pattern = \"{}{{page}}{after}\"", &found[1]))
}

/// A pattern that takes an id out of every one of these addresses.
fn id_pattern(leads: &[Url]) -> Option<String> {
    let first = leads.first()?;
    let numbers = Regex::new(r"\d{2,}").ok()?;
    let path = first.path();
    let mut candidates: Vec<String> = Vec::new();
    for number in numbers.find_iter(path) {
        let before = &path[..number.start()];
        // The sign before and the part of the path it stands in are enough.
        let from = before.rfind('/').unwrap_or(0);
        let near = &before[from..];
        let sign = near
            .chars()
            .next_back()
            .map(String::from)
            .unwrap_or_default();
        let after = &path[number.end()..];
        let end = regex::escape(&after.chars().take(1).collect::<String>());
        let end = if after.is_empty() {
            "$".to_owned()
        } else {
            end
        };
        let parent = before[..from].rfind('/').map_or("", |at| &before[at..from]);
        candidates.push(format!(
            "{}(\\d+)",
            regex::escape(&format!("{parent}{near}"))
        ));
        candidates.push(format!("{}(\\d+){end}", regex::escape(near)));
        candidates.push(format!("{}(\\d+){end}", regex::escape(&sign)));
    }
    candidates.into_iter().find(|pattern| {
        let Ok(regex) = Regex::new(pattern) else {
            return false;
        };
        let ids = leads.iter().map(|url| {
            regex
                .captures(url.as_str())
                .map(|found| found[1].to_owned())
        });
        let ids: Option<std::collections::BTreeSet<String>> = ids.collect();
        ids.is_some_and(|ids| ids.len() == leads.len())
    })
}

#[cfg(test)]
mod tests;
