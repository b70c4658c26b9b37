//! OpenGraph, and the plain `meta` tags beside it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use scraper::{Html, Selector};
use url::Url;

use crate::crawl::fields::Fields;
use crate::markup::text;

static META: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse("meta[property][content], meta[name][content]").expect("the selector is fixed")
});
/// Most tags that are read.
const MAX_TAGS: usize = 500;

/// What the head says of the page.
pub(super) fn read(html: &Html, base: &Url) -> Fields {
    let mut said: BTreeMap<String, &str> = BTreeMap::new();
    for tag in html.select(&META).take(MAX_TAGS) {
        let name = tag.attr("property").or_else(|| tag.attr("name"));
        let content = tag.attr("content").unwrap_or("").trim();
        if let Some(name) = name.filter(|_| !content.is_empty()) {
            said.entry(name.to_ascii_lowercase()).or_insert(content);
        }
    }
    let first = |names: &[&str]| {
        let found = names.iter().find_map(|name| said.get(*name));
        found.map(|content| text::tidy(content))
    };
    let place: Vec<String> = [
        "og:street-address",
        "og:locality",
        "og:region",
        "og:country-name",
    ]
    .iter()
    .filter_map(|name| first(&[name]))
    .collect();
    let mut extra = BTreeMap::new();
    if let Some(amount) = first(&["product:price:amount", "og:price:amount"]) {
        let currency = first(&["product:price:currency", "og:price:currency"]);
        let price = currency.map_or(amount.clone(), |currency| format!("{currency} {amount}"));
        extra.insert("price".to_owned(), price);
    }
    let url = first(&["og:url"]).and_then(|url| base.join(&url).ok());
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    Fields {
        native_id: String::new(),
        url: url.map(String::from),
        title: first(&["og:title", "twitter:title"]),
        text: first(&["og:description", "twitter:description", "description"]).unwrap_or_default(),
        // The address of a profile is no name.
        author: first(&["article:author", "author"]).filter(|name| !name.contains("://")),
        published: first(&["article:published_time", "og:published_time", "date"]),
        place: (!place.is_empty()).then(|| place.join(", ")),
        extra,
    }
}
