//! Reads posts out of a page of a public JSON API, by dotted field paths.

use serde_json::Value;
use url::Url;

use super::fields::{Fault, Fields, Items};
use super::html::words;
use super::page::Page;
use super::source::JsonFields;
use crate::skip::SkipReason;

/// Reads a page of an API.
///
/// # Errors
///
/// When it is not JSON, or its items are not where the source says.
pub fn read(page: &Page, fields: &JsonFields) -> Result<Items, Fault> {
    let text = std::str::from_utf8(page.content())
        .map_err(|error| (SkipReason::InvalidUtf8, error.to_string()))?;
    let answer: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
        .map_err(|error| (SkipReason::MalformedJson, error.to_string()))?;
    let Some(Value::Array(items)) = at(&answer, &fields.items) else {
        let detail = format!("no array at `{}`", fields.items);
        return Err((SkipReason::MalformedPage, detail));
    };
    let next = match (&fields.next, &fields.page_param) {
        (Some(path), _) => text_at(&answer, path),
        (None, Some(param)) if !items.is_empty() => Some(counted_up(&page.url, param)),
        _ => None,
    };
    Ok(Items {
        items: items
            .iter()
            .map(|item| item_fields(item, fields, &page.url))
            .collect(),
        next,
    })
}

fn item_fields(item: &Value, fields: &JsonFields, page: &Url) -> Result<Fields, Fault> {
    let optional = |path: &Option<String>| path.as_ref().and_then(|path| text_at(item, path));
    let Some(native_id) = text_at(item, &fields.id) else {
        let detail = format!("nothing at `{}`", fields.id);
        return Err((SkipReason::MissingField, detail));
    };
    let mut text = text_at(item, &fields.text).unwrap_or_default();
    if fields.text_is_html {
        text = words(&text)?;
    }
    Fields {
        native_id,
        url: optional(&fields.link).map(|link| match page.join(&link) {
            Ok(url) => url.into(),
            Err(_) => link,
        }),
        title: optional(&fields.title),
        text,
        author: optional(&fields.author),
        published: optional(&fields.published),
        place: optional(&fields.place),
    }
    .checked()
}

/// The value at a path of keys joined by dots.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() {
        return Some(value);
    }
    path.split('.').try_fold(value, |value, key| match value {
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    })
}

/// Text or a number as text; anything else is no field.
fn text_at(value: &Value, path: &str) -> Option<String> {
    match at(value, path)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `url` with its page number one higher; a page without number is the first.
fn counted_up(url: &Url, param: &str) -> String {
    let number = |value: &str| {
        value
            .parse::<u64>()
            .unwrap_or(1)
            .saturating_add(1)
            .to_string()
    };
    let mut seen = false;
    let mut pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(key, value)| {
            let counts = key == param;
            seen |= counts;
            let value = if counts {
                number(&value)
            } else {
                value.into_owned()
            };
            (key.into_owned(), value)
        })
        .collect();
    if !seen {
        pairs.push((param.to_owned(), "2".to_owned()));
    }
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(pairs);
    next.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(paging: &str) -> JsonFields {
        toml::from_str(&format!(
            "items = 'data'\n{paging}\nid = 'id'\ntitle = 'attributes.subject'\n\
             text = 'attributes.body'\nauthor = 'attributes.author.handle'\n\
             place = 'attributes.areas.0.name'\nlink = 'link'"
        ))
        .unwrap()
    }

    fn page(body: &str) -> Page {
        Page::for_test(
            "http://papan.example/api?q=a%20b&page=9",
            "application/json",
            body.as_bytes(),
        )
    }

    #[test]
    fn fields_are_read_by_path_and_one_bad_item_costs_only_itself() {
        let body = r#"{"meta":{"next":"/api?page=2"},"data":[
            {"id":7,"link":"/p/7","attributes":{"subject":"Kos","body":"Dekat\npasar","author":{"handle":"ani"},
             "areas":[{"name":"Depok"}]}},
            {"attributes":{"body":"tanpa id"}}, 3, {"id":"x","attributes":{"body":null}}]}"#;
        let items = read(&page(body), &fields("next = 'meta.next'")).unwrap();
        let first = items.items[0].as_ref().unwrap();
        assert_eq!(first.native_id, "7");
        assert_eq!(first.text, "Dekat\npasar");
        assert_eq!(first.author.as_deref(), Some("ani"));
        assert_eq!(first.place.as_deref(), Some("Depok"));
        assert_eq!(first.url.as_deref(), Some("http://papan.example/p/7"));
        for bad in &items.items[1..] {
            assert_eq!(bad.as_ref().unwrap_err().0, SkipReason::MissingField);
        }
        assert_eq!(items.next.as_deref(), Some("/api?page=2"));
    }

    #[test]
    fn pages_are_counted_until_one_is_empty() {
        let counted = fields("page_param = 'page'");
        let full = read(&page(r#"{"data":[{"id":1}]}"#), &counted).unwrap();
        assert_eq!(
            full.next.as_deref(),
            Some("http://papan.example/api?q=a+b&page=10")
        );
        assert_eq!(read(&page(r#"{"data":[]}"#), &counted).unwrap().next, None);
        let last = read(
            &page(r#"{"data":[],"meta":{"next":null}}"#),
            &fields("next = 'meta.next'"),
        );
        assert_eq!(last.unwrap().next, None);
    }

    #[test]
    fn an_answer_of_another_shape_is_named() {
        let fields = fields("");
        let reason = |body: &str| read(&page(body), &fields).unwrap_err();
        assert_eq!(reason("<html>").0, SkipReason::MalformedJson);
        assert_eq!(reason(&"[".repeat(100_000)).0, SkipReason::MalformedJson);
        let (shape, detail) = reason(r#"{"data":{}}"#);
        assert_eq!(shape, SkipReason::MalformedPage);
        assert!(detail.contains("`data`"), "{detail}");
    }
}
