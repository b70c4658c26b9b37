//! Microdata: `itemscope`, `itemtype` and `itemprop` of the page's elements,
//! as the same kind of values that JSON-LD has.

use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};
use serde_json::{Map, Value};

use crate::markup::text;

static ITEM: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse("[itemscope][itemtype]:not([itemprop])").expect("the selector is fixed")
});
/// Elements that show or play something; their addresses are never taken.
const MEDIA: [&str; 8] = [
    "audio", "embed", "iframe", "img", "object", "source", "track", "video",
];
/// Deepest nesting of things that is read.
const MAX_DEPTH: usize = 8;
/// Most values of one thing.
const MAX_VALUES: usize = 1_000;

/// At most `most` things that are said in microdata, in page order.
pub(super) fn read(html: &Html, most: usize) -> Vec<Value> {
    html.select(&ITEM)
        .take(most)
        .map(|element| item(element, 0))
        .collect()
}

fn item(element: ElementRef<'_>, depth: usize) -> Value {
    let mut map = Map::new();
    let kinds = element.attr("itemtype").unwrap_or("").split_whitespace();
    let kinds: Vec<Value> = kinds.map(Value::from).collect();
    map.insert("@type".to_owned(), Value::Array(kinds));
    if let Some(id) = element.attr("itemid") {
        map.insert("@id".to_owned(), id.into());
    }
    for property in properties(element) {
        let value = if property.attr("itemscope").is_none() {
            plain(property)
        } else if depth < MAX_DEPTH {
            Some(item(property, depth + 1))
        } else {
            None
        };
        let Some(value) = value else { continue };
        for name in property.attr("itemprop").unwrap_or("").split_whitespace() {
            let held = map.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = held {
                list.push(value.clone());
            }
        }
    }
    Value::Object(map)
}

/// The properties of a thing: not those of things inside it. It walks by
/// links: a recursive walk could overflow the stack.
fn properties(root: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut found = Vec::new();
    let mut next = root.first_child();
    while let Some(node) = next {
        let element = ElementRef::wrap(node);
        let is_property = element.filter(|one| one.attr("itemprop").is_some());
        found.extend(is_property);
        if found.len() >= MAX_VALUES {
            break;
        }
        let is_closed = element.is_some_and(|one| one.attr("itemscope").is_some());
        next = node.first_child().filter(|_| !is_closed);
        let mut at = node;
        while next.is_none() {
            next = at.next_sibling();
            if next.is_some() {
                break;
            }
            match at.parent() {
                Some(parent) if parent.id() != root.id() => at = parent,
                _ => return found,
            }
        }
    }
    found
}

/// The value of a property that is no thing itself.
fn plain(element: ElementRef<'_>) -> Option<Value> {
    let name = element.value().name();
    if MEDIA.contains(&name) {
        return None;
    }
    let attribute = match name {
        "meta" => "content",
        "a" | "area" | "link" => "href",
        "data" | "meter" => "value",
        "time" => "datetime",
        _ => "content",
    };
    let written = element.attr(attribute).map(str::to_owned);
    // A link that names its target in words is read by its words too.
    let words = || text::of_element(element);
    Some(Value::String(match (name, written) {
        ("a" | "area", href) => {
            let is_address = element
                .attr("itemprop")
                .is_some_and(|name| name.contains("url"));
            if is_address { href? } else { words() }
        }
        (_, Some(written)) => written,
        (_, None) => words(),
    }))
}
