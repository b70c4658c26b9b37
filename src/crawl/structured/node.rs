//! One thing of schema.org as the fields of a post.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use super::find::types;
use crate::crawl::fields::Fields;
use crate::markup::text;

/// Longest chain of things inside things that is followed for one value.
const MAX_DEPTH: usize = 4;
/// Where the body of a thing may stand; all that say something else count.
const BODY: [&str; 12] = [
    "description",
    "articleBody",
    "text",
    "responsibilities",
    "qualifications",
    "skills",
    "experienceRequirements",
    "educationRequirements",
    "jobBenefits",
    "incentiveCompensation",
    "workHours",
    "specialCommitments",
];

/// The fields of a thing. `known` are all things of the page, for those that
/// are only named (`{"@id": "#toko"}`).
pub(super) fn fields(node: &Value, known: &[Value], base: &Url) -> Fields {
    let read = Read { known };
    let first = |paths: &[&str]| paths.iter().find_map(|path| read.words(node, path));
    let url = first(&["url", "mainEntityOfPage", "offers.url"]);
    let url = url.and_then(|url| base.join(&url).ok());
    let native_id = first(&["identifier", "sku", "productID", "@id"]);
    let native_id = native_id.filter(|id| !id.starts_with(['#', '_']));
    Fields {
        native_id: native_id
            .or_else(|| url.clone().map(String::from))
            .unwrap_or_default(),
        url: url
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .map(String::from),
        title: first(&["title", "headline", "name", "itemOffered.name"]),
        text: read.body(node),
        author: first(&[
            "hiringOrganization",
            "author",
            "seller",
            "offers.seller",
            "offeredBy",
            "provider",
            "creator",
        ]),
        published: first(&["datePosted", "datePublished", "dateCreated", "uploadDate"]),
        place: read.place(node),
        extra: read.extra(node),
    }
}

struct Read<'v> {
    known: &'v [Value],
}

impl<'v> Read<'v> {
    /// The values at a path of names joined by dots; lists are looked into.
    fn values(&self, node: &'v Value, path: &str) -> Vec<&'v Value> {
        let mut at = vec![self.named(node)];
        for key in path.split('.') {
            let inner = at.into_iter().filter_map(|value| value.get(key));
            at = inner
                .flat_map(|value| match value {
                    Value::Array(list) => list.iter().collect(),
                    one => vec![one],
                })
                .take(super::MAX_NODES)
                .map(|value| self.named(value))
                .collect();
        }
        at
    }

    /// The thing itself, where only its name stands.
    fn named(&self, value: &'v Value) -> &'v Value {
        let is_name = value.as_object().is_some_and(|map| map.len() == 1);
        let Some(id) = value.get("@id").filter(|_| is_name) else {
            return value;
        };
        let is_it = |one: &&'v Value| {
            let size = one.as_object().map_or(0, serde_json::Map::len);
            one.get("@id") == Some(id) && size > 1
        };
        let in_graphs = self.known.iter().flat_map(|one| match one.get("@graph") {
            Some(Value::Array(list)) => list.iter().collect(),
            _ => vec![one],
        });
        in_graphs
            .take(super::MAX_NODES)
            .find(is_it)
            .unwrap_or(value)
    }

    /// The first words at a path.
    fn words(&self, node: &'v Value, path: &str) -> Option<String> {
        let values = self.values(node, path);
        values.into_iter().find_map(|value| said(value, 0))
    }

    fn body(&self, node: &'v Value) -> String {
        let mut lines: Vec<String> = Vec::new();
        for key in BODY {
            for value in self.values(node, key) {
                let Some(words) = said(value, 0) else {
                    continue;
                };
                if !lines.iter().any(|line| line.contains(&words)) {
                    lines.push(words);
                }
            }
        }
        lines.join("\n")
    }

    fn place(&self, node: &'v Value) -> Option<String> {
        let roots = [
            "jobLocation",
            "availableAtOrFrom",
            "offers.availableAtOrFrom",
            "contentLocation",
            "location",
            "areaServed",
            "applicantLocationRequirements",
        ];
        let address = |place: &'v Value| {
            let holder = place
                .get("address")
                .map_or(place, |inner| self.named(inner));
            if let Value::String(text) = holder {
                return Some(clean(text));
            }
            let keys = [
                "streetAddress",
                "addressLocality",
                "addressRegion",
                "addressCountry",
            ];
            let parts: Vec<String> = keys
                .iter()
                .filter_map(|key| self.words(holder, key))
                .collect();
            if parts.is_empty() {
                return said(place, 0);
            }
            Some(parts.join(", "))
        };
        let own = node.get("address").map(|_| node);
        let places = roots.iter().flat_map(|root| self.values(node, root));
        own.into_iter().chain(places).find_map(address)
    }

    /// Price or pay, as written, and what kind of thing it is.
    fn extra(&self, node: &'v Value) -> BTreeMap<String, String> {
        let mut extra = BTreeMap::new();
        let first = |paths: &[&str]| paths.iter().find_map(|path| self.words(node, path));
        let join = |parts: [Option<String>; 3]| {
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            parts.join(" ")
        };
        let price = first(&[
            "offers.price",
            "price",
            "offers.lowPrice",
            "offers.priceSpecification.price",
        ]);
        if price.is_some() {
            let currency = first(&["offers.priceCurrency", "priceCurrency"]);
            extra.insert("price".to_owned(), join([currency, price, None]));
        }
        let from = first(&[
            "baseSalary.value.value",
            "baseSalary.value.minValue",
            "baseSalary",
        ]);
        if from.is_some() {
            let to = first(&["baseSalary.value.maxValue"]).map(|to| format!("- {to}"));
            let unit = first(&["baseSalary.value.unitText"]);
            let currency = first(&["baseSalary.currency", "salaryCurrency"]);
            let pay = join([currency, from, to]);
            extra.insert("pay".to_owned(), join([Some(pay), unit, None]));
        }
        if let Some(kind) = types(node).next() {
            extra.insert("schema_type".to_owned(), kind.to_owned());
        }
        extra
    }
}

/// What a value says in words: itself, or its name.
fn said(value: &Value, depth: usize) -> Option<String> {
    let words = match value {
        Value::String(text) => clean(text),
        Value::Number(number) => number.to_string(),
        Value::Object(map) if depth < MAX_DEPTH => {
            let keys = ["name", "@value", "value", "@id", "text"];
            let mut inner = keys.iter().filter_map(|key| map.get(*key));
            return inner.find_map(|value| said(value, depth + 1));
        }
        Value::Array(list) if depth < MAX_DEPTH => {
            return list.iter().find_map(|value| said(value, depth + 1));
        }
        _ => return None,
    };
    Some(words).filter(|words| !words.is_empty())
}

/// Words of a value that may be HTML, once or twice over.
fn clean(written: &str) -> String {
    let once = text::of_piece(written).unwrap_or_else(|_| text::tidy(written));
    if once.contains("</") || once.contains("<br") {
        return text::of_piece(&once).unwrap_or(once);
    }
    once
}
