//! The repeated records of a page.
//!
//! For each element, its children are named by how they are built: tag, steady
//! classes, and the tags and classes of their own children. Children of one
//! name are a group; a group is the better, the more often it stands, the more
//! each says, and the more of it leads somewhere.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{css, select};
use crate::markup::text;

/// Fewest repetitions that are a listing.
const LEAST: usize = 3;
/// Bytes of a record beyond which more words do not make it better.
const ENOUGH_WORDS: usize = 300;
/// Most elements of a page that are looked at.
const MAX_ELEMENTS: usize = 100_000;
/// Parts of a page that repeat themselves without being records.
const FURNITURE: [&str; 7] = ["nav", "header", "footer", "aside", "select", "form", "head"];

/// The best group of a page.
#[derive(Debug)]
pub(super) struct Best {
    pub(super) item: String,
    pub(super) count: usize,
    pub(super) link: String,
    pub(super) leads: Vec<Url>,
}

pub(super) fn best(html: &Html, base: &Url) -> Option<Best> {
    let mut best: Option<(u64, Vec<ElementRef<'_>>)> = None;
    let elements = html
        .root_element()
        .descendants()
        .filter_map(ElementRef::wrap);
    for parent in elements.take(MAX_ELEMENTS) {
        if FURNITURE.contains(&parent.value().name()) || is_in_furniture(parent) {
            continue;
        }
        for group in groups(parent) {
            let score = score(&group, base);
            if score > 0 && best.as_ref().is_none_or(|(top, _)| score > *top) {
                best = Some((score, group));
            }
        }
    }
    let (_, group) = best?;
    Some(described(html, base, &group))
}

fn is_in_furniture(element: ElementRef<'_>) -> bool {
    let around = element.ancestors().filter_map(ElementRef::wrap);
    around
        .take(64)
        .any(|outer| FURNITURE.contains(&outer.value().name()))
}

/// Children of one element that are built alike.
fn groups(parent: ElementRef<'_>) -> Vec<Vec<ElementRef<'_>>> {
    let mut alike: BTreeMap<String, Vec<ElementRef<'_>>> = BTreeMap::new();
    for child in parent.child_elements().take(5_000) {
        if matches!(
            child.value().name(),
            "script" | "style" | "option" | "br" | "hr"
        ) {
            continue;
        }
        alike.entry(fingerprint(child)).or_default().push(child);
    }
    alike
        .into_values()
        .filter(|group| group.len() >= LEAST)
        .collect()
}

/// How an element is built. With classes of its own, what is in it may differ:
/// one advertisement has a picture, the next has none.
fn fingerprint(element: ElementRef<'_>) -> String {
    let own = css::simple(element);
    if own.contains('.') {
        return own;
    }
    let inner: BTreeSet<String> = element.child_elements().take(20).map(css::simple).collect();
    let inner: Vec<String> = inner.into_iter().collect();
    format!("{own}({})", inner.join(" "))
}

/// How good a group is: repetitions times words, three times as good when each
/// leads somewhere else.
fn score(group: &[ElementRef<'_>], base: &Url) -> u64 {
    let words: usize = group
        .iter()
        .map(|one| text::of_element(*one).len().min(ENOUGH_WORDS))
        .sum();
    let each = words / group.len();
    if each < 8 {
        return 0;
    }
    let targets: BTreeSet<Url> = group
        .iter()
        .filter_map(|one| main_link(*one, base))
        .map(|(_, url)| url)
        .collect();
    // Blocks of running text repeat too, but lead nowhere.
    let leads = if targets.len() * 10 >= group.len() * 8 {
        3
    } else {
        1
    };
    let is_paragraph = group
        .iter()
        .all(|one| matches!(one.value().name(), "p" | "tr" | "td" | "span"));
    let kind = if is_paragraph && leads == 1 { 0 } else { leads };
    (group.len().min(200) * each * kind) as u64
}

/// The link of a record that says most, headlines first.
fn main_link<'a>(record: ElementRef<'a>, base: &Url) -> Option<(ElementRef<'a>, Url)> {
    let links = Selector::parse("a[href]").ok()?;
    let own = (record.value().name() == "a").then_some(record);
    let found = own.into_iter().chain(record.select(&links));
    let ranked = found.filter_map(|link| {
        let url = base.join(link.attr("href")?.trim()).ok()?;
        let is_page = matches!(url.scheme(), "http" | "https") && url.host_str() == base.host_str();
        let around = link.ancestors().filter_map(ElementRef::wrap).take(3);
        let in_headline = around
            .chain(link.child_elements())
            .any(|one| matches!(one.value().name(), "h1" | "h2" | "h3" | "h4" | "h5"));
        let words = text::of_element(link).len().min(200);
        let rank = words + if in_headline { 1_000 } else { 0 };
        is_page.then_some((rank, link, url))
    });
    ranked
        .max_by_key(|(rank, ..)| *rank)
        .map(|(_, link, url)| (link, url))
}

fn described(html: &Html, base: &Url, group: &[ElementRef<'_>]) -> Best {
    let first = group[0];
    let own = css::simple(first);
    let item = if own.contains('.') {
        own
    } else {
        let parent = first.parent().and_then(ElementRef::wrap);
        let around = parent.and_then(css::of);
        around.map_or(own.clone(), |around| format!("{around} > {own}"))
    };
    let links: Vec<(ElementRef<'_>, Url)> = group
        .iter()
        .filter_map(|one| main_link(*one, base))
        .collect();
    let targets: BTreeSet<&Url> = links.iter().map(|(_, url)| url).collect();
    let mut link = String::new();
    if targets.len() * 10 >= group.len() * 8 {
        link = link_selector(html, base, &item, &links);
    }
    let mut leads = Vec::new();
    for element in select(html, &link) {
        let url = element
            .attr("href")
            .and_then(|href| base.join(href.trim()).ok());
        leads.extend(url.filter(|url| !leads.contains(url)));
    }
    Best {
        count: select(html, &item).len().max(group.len()),
        item,
        link,
        leads,
    }
}

/// The shortest selector below `item` that finds these links and few others.
fn link_selector(html: &Html, base: &Url, item: &str, links: &[(ElementRef<'_>, Url)]) -> String {
    let (first, _) = links[0];
    let own = css::simple(first);
    let parent = first.parent().and_then(ElementRef::wrap);
    let around = parent.map(css::simple).unwrap_or_default();
    let mut candidates = Vec::new();
    if select(html, item)
        .first()
        .is_some_and(|one| one.id() == first.id())
    {
        candidates.push(item.to_owned());
    }
    if own.contains('.') {
        candidates.push(format!("{item} {own}"));
    }
    candidates.push(format!("{item} {around} > {own}"));
    candidates.push(format!("{item} {own}"));
    let wanted: BTreeSet<&Url> = links.iter().map(|(_, url)| url).collect();
    let fits = |css: &String| {
        let found = select(html, css);
        let urls = found
            .iter()
            .filter_map(|one| base.join(one.attr("href")?.trim()).ok());
        let urls: BTreeSet<Url> = urls.collect();
        let n_wanted = wanted.iter().filter(|url| urls.contains(**url)).count();
        n_wanted * 10 >= wanted.len() * 9 && urls.len() <= wanted.len() * 3 / 2
    };
    let last = candidates.last().cloned().unwrap_or_default();
    candidates.into_iter().find(fits).unwrap_or(last)
}
