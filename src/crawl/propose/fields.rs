//! The fields of a post, guessed from names, shapes and lengths.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Html};

use super::css;
use crate::crawl::dates;
use crate::markup::text;

static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(harga\s*:?\s*)?(rp\.?\s*[\d.,]+|idr\s*[\d.,]+|[\d.,]+\s*(jt|juta|rb|ribu)\b).{0,20}$")
        .expect("the pattern is fixed and tested")
});
const PLACES: [&str; 8] = [
    "lokasi", "location", "place", "kota", "alamat", "address", "wilayah", "daerah",
];
const PEOPLE: [&str; 8] = [
    "penjual",
    "seller",
    "author",
    "pengiklan",
    "penulis",
    "advertiser",
    "username",
    "oleh",
];
const TIMES: [&str; 6] = ["tanggal", "date", "waktu", "time", "posted", "terbit"];
const BODIES: [&str; 9] = [
    "isi",
    "deskripsi",
    "description",
    "desc",
    "content",
    "konten",
    "body",
    "detail",
    "keterangan",
];
/// What repeats on all pages of a site.
const FURNITURE: [&str; 6] = ["nav", "header", "footer", "aside", "form", "head"];
/// Most elements that are looked at.
const MAX_ELEMENTS: usize = 20_000;

/// Where the fields of a post seem to stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostProposal {
    /// Headline.
    pub title: Option<String>,
    /// Body.
    pub text: Option<String>,
    /// Account that published it.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// Place named beside the text.
    pub place: Option<String>,
    /// Price.
    pub price: Option<String>,
}

impl PostProposal {
    /// The lines of `[source.post]`, in the order of the manual.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("title", &self.title),
            ("text", &self.text),
            ("author", &self.author),
            ("place", &self.place),
            ("published", &self.published),
        ]
        .into_iter()
        .filter_map(|(key, pick)| Some((key, pick.as_deref()?)))
    }
}

/// An element with what it says, worked out once.
struct Said<'a> {
    element: ElementRef<'a>,
    names: String,
    text: String,
    in_furniture: bool,
}

pub(super) fn propose(html: &Html, root: ElementRef<'_>) -> PostProposal {
    let elements: Vec<Said<'_>> = root
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|element| !matches!(element.value().name(), "script" | "style" | "meta" | "link"))
        .take(MAX_ELEMENTS)
        .map(said)
        .collect();
    let inside = root.id() != html.root_element().id();
    let title = title(&elements, inside);
    let short = |names: &[&str], most: usize| {
        let found = elements.iter().find(|one| {
            let fits = one.text.len() <= most && !one.text.is_empty() && !one.text.contains('\n');
            fits && !one.in_furniture && has_name(&one.names, names)
        });
        found.and_then(|one| css::of(one.element))
    };
    let price = elements
        .iter()
        .find(|one| PRICE.is_match(&one.text) && !one.in_furniture);
    PostProposal {
        text: body(&elements, title.as_deref()),
        title,
        author: short(&PEOPLE, 60),
        place: short(&PLACES, 80),
        published: published(&elements),
        price: price.and_then(|one| css::of(one.element)),
    }
}

fn said(element: ElementRef<'_>) -> Said<'_> {
    let around = element.ancestors().filter_map(ElementRef::wrap).take(64);
    let mut around = around.chain([element]);
    let own_header = |one: &ElementRef<'_>| {
        // The header of an article is its headline, not the site's.
        one.value().name() == "header"
            && one
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(|outer| matches!(outer.value().name(), "article" | "main"))
    };
    let in_furniture =
        around.any(|one| FURNITURE.contains(&one.value().name()) && !own_header(&one));
    Said {
        names: css::names(element),
        text: text::of_element(element),
        element,
        in_furniture,
    }
}

/// Whether one of the words stands in the names, as a word of its own.
fn has_name(names: &str, words: &[&str]) -> bool {
    let mut parts = names.split(|ch: char| !ch.is_ascii_alphabetic());
    parts.any(|part| words.contains(&part))
}

fn title(elements: &[Said<'_>], inside: bool) -> Option<String> {
    let kinds: &[&str] = if inside {
        &["h1", "h2", "h3", "h4", "h5"]
    } else {
        &["h1", "h2"]
    };
    kinds.iter().find_map(|kind| {
        let found = elements.iter().find(|one| {
            one.element.value().name() == *kind && !one.text.is_empty() && !one.in_furniture
        });
        found.and_then(|one| css::of(one.element).or_else(|| Some((*kind).to_owned())))
    })
}

fn published(elements: &[Said<'_>]) -> Option<String> {
    let time = elements
        .iter()
        .find(|one| one.element.attr("datetime").is_some() && !one.in_furniture);
    if let Some(one) = time {
        return Some(format!("{}@datetime", css::of(one.element)?));
    }
    let named = elements.iter().find(|one| {
        has_name(&one.names, &TIMES) && dates::read(&one.text).is_some() && !one.in_furniture
    });
    let any = || {
        elements
            .iter()
            .find(|one| dates::read(&one.text).is_some() && !one.in_furniture)
    };
    named.or_else(any).and_then(|one| css::of(one.element))
}

/// The smallest element that holds most of what is said in running text.
fn body(elements: &[Said<'_>], title: Option<&str>) -> Option<String> {
    let worth = |one: &Said<'_>| {
        let links: usize = one
            .element
            .descendants()
            .filter_map(ElementRef::wrap)
            .filter(|inner| inner.value().name() == "a")
            .map(|link| link.text().map(str::len).sum::<usize>())
            .sum();
        one.text.len().saturating_sub(links * 2)
    };
    let is_block = |one: &&Said<'_>| {
        let name = one.element.value().name();
        matches!(
            name,
            "div" | "section" | "article" | "main" | "p" | "td" | "dd" | "pre"
        ) && !one.in_furniture
            && !one.text.is_empty()
    };
    let ranked: Vec<(&Said<'_>, usize, String)> = elements
        .iter()
        .filter(is_block)
        .filter_map(|one| Some((one, worth(one), css::of(one.element)?)))
        .filter(|(_, _, css)| Some(css.as_str()) != title)
        .collect();
    let named = ranked
        .iter()
        .filter(|(one, ..)| has_name(&one.names, &BODIES))
        .max_by_key(|(_, worth, _)| *worth);
    let most = ranked.iter().map(|(_, worth, _)| *worth).max()?;
    if let Some((_, worth, css)) = named
        && worth * 10 >= most * 3
    {
        return Some(css.clone());
    }
    // Later elements are deeper: the last that still holds most of it.
    let enough = ranked
        .iter()
        .rev()
        .find(|(_, worth, _)| worth * 10 >= most * 6);
    enough.map(|(_, _, css)| css.clone())
}
