//! What a page says about itself to machines: JSON-LD, microdata, OpenGraph.
//!
//! An own walk over the page's tree. Pictures, films and their addresses are
//! not looked at. What is read here is a guess at what the page is about, so
//! it fills what selectors left open and never takes anything away.

mod find;
mod json_ld;
mod microdata;
mod node;
mod open_graph;

use scraper::{ElementRef, Html};
use serde_json::Value;
use url::Url;

use super::fields::Fields;
use crate::markup::text;

/// Most things of one page that are looked at.
const MAX_NODES: usize = 500;
/// Bytes from which a description counts as a whole text.
const WHOLE: usize = 300;

/// Everything a page says about itself.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Things that were published: JSON-LD first, then microdata.
    nodes: Vec<Fields>,
    /// What the head of the page says of the whole page.
    head: Fields,
    /// The words that a reader sees.
    visible: String,
}

/// Reads what a page says about itself.
pub(super) fn find(html: &Html, base: &Url) -> Found {
    let (title, visible) = text::of_page(html);
    let mut head = open_graph::read(html, base);
    head.title = head.title.or(title);
    let mut nodes: Vec<Value> = json_ld::read(html);
    nodes.truncate(MAX_NODES);
    let known: Vec<Value> = nodes.clone();
    let mut found: Vec<Fields> = find::postings(&nodes)
        .into_iter()
        .map(|one| node::fields(one, &known, base))
        .collect();
    let marked = microdata::read(html, MAX_NODES);
    found.extend(
        find::postings(&marked)
            .into_iter()
            .map(|one| node::fields(one, &marked, base)),
    );
    Found {
        nodes: found,
        head,
        visible,
    }
}

impl Found {
    /// What the page is about, as one post: the first thing of each way to say
    /// it, each filling what those before left open.
    pub(super) fn one(&self, page: &Url) -> Fields {
        let about = |fields: &&Fields| fields.url.as_deref() == Some(page.as_str());
        let first = self.nodes.iter().find(about).or(self.nodes.first());
        let mut one = first.cloned().unwrap_or_default();
        // The same thing, said twice: a page of one job has one JobPosting.
        for other in &self.nodes {
            if other.title == one.title && *other != one {
                fill(&mut one, other);
            }
        }
        let head = Fields {
            text: String::new(),
            ..self.head.clone()
        };
        fill(&mut one, &head);
        let said = if one.text.is_empty() {
            &self.head.text
        } else {
            &one.text
        };
        one.text = whole_text(said, &self.visible);
        one
    }

    /// The things of a page that lists several.
    pub(super) fn several(&self) -> &[Fields] {
        &self.nodes
    }
}

/// Fills what `into` lacks.
pub(super) fn fill(into: &mut Fields, from: &Fields) {
    let options = [
        (&mut into.url, &from.url),
        (&mut into.title, &from.title),
        (&mut into.author, &from.author),
        (&mut into.published, &from.published),
        (&mut into.place, &from.place),
    ];
    for (into, from) in options {
        if into.as_deref().unwrap_or("").is_empty() {
            into.clone_from(from);
        }
    }
    if into.native_id.is_empty() {
        into.native_id.clone_from(&from.native_id);
    }
    if into.text.is_empty() {
        into.text.clone_from(&from.text);
    }
    for (name, value) in &from.extra {
        let kept = into.extra.entry(name.clone()).or_default();
        if kept.is_empty() {
            kept.clone_from(value);
        }
    }
}

/// What `said` for machines, unless it is only the beginning of what a reader
/// sees: descriptions are often cut after 160 letters. Then the whole page is
/// the text, and nothing is lost.
fn whole_text(said: &str, visible: &str) -> String {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let flat_said = flat(said);
    let begun = flat_said.trim_end_matches(['…', '.']).trim_end();
    let is_marked = flat_said.ends_with('…') || flat_said.ends_with("...");
    if begun.is_empty() {
        return visible.to_owned();
    }
    let seen = flat(visible);
    let Some(at) = seen.find(begun) else {
        // Words that no reader sees. Long ones are a whole text of their own.
        if begun.len() >= WHOLE && !is_marked {
            return said.to_owned();
        }
        return format!("{said}\n{visible}");
    };
    let after = seen[at + begun.len()..].trim_start_matches(['.', '…', ' ']);
    // The sentence goes on where the description ends.
    let is_ended = flat_said.ends_with(['.', '!', '?']);
    let goes_on =
        !is_ended && after.starts_with(|next: char| next.is_lowercase() || next.is_numeric());
    if is_marked || goes_on {
        visible.to_owned()
    } else {
        said.to_owned()
    }
}

/// The text of a script or of the content of an element, as it stands.
fn raw_text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

#[cfg(test)]
mod tests;
