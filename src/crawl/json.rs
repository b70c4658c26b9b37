//! Reads posts out of a page of a public JSON API, by dotted field paths.

use serde_json::Value;
use url::Url;

use super::fields::{Fault, Fields};
use super::html::words;
use super::page::Page;
use super::reading::{Lead, Reading};
use super::source::{self, JsonFields, JsonItems, JsonPaging, Paths};
use crate::skip::SkipReason;

/// Reads a page of an API.
///
/// # Errors
///
/// When it is not JSON, or its items are not where the source says.
pub fn read(page: &Page, fields: &JsonFields) -> Result<Reading, Fault> {
    let answer = answer(page)?;
    let list = list(&answer, &fields.items)?;
    let mut reading = match &fields.detail {
        None => items(page, &fields.items, &answer)?,
        Some(detail) => leads(page, &answer, list, &detail.address),
    };
    reading.next = next(page, &answer, list, fields);
    Ok(reading)
}

/// Reads the answer about one item of a listing.
///
/// # Errors
///
/// As [`read`].
pub fn detail(page: &Page, fields: &JsonFields) -> Result<Reading, Fault> {
    let answer = answer(page)?;
    let Some(detail) = &fields.detail else {
        return items(page, &fields.items, &answer);
    };
    let mut reading = items(page, &detail.items, &answer)?;
    if let Some((param, size)) = &detail.pages
        && reading.posts.len() >= (*size).max(1)
    {
        let more = source::counted_up(&page.url, param, 1, 1);
        reading.details.push(Lead::from(more));
    }
    Ok(reading)
}

/// The posts of an answer.
pub(super) fn items(page: &Page, how: &JsonItems, answer: &Value) -> Result<Reading, Fault> {
    let posts = list(answer, how)?
        .iter()
        .map(|item| item_fields(item, answer, how, &page.url));
    Ok(Reading {
        posts: posts.collect(),
        is_list: true,
        ..Reading::default()
    })
}

/// The addresses of the answers about each item.
fn leads(page: &Page, answer: &Value, list: &[Value], address: &Paths) -> Reading {
    let mut reading = Reading::default();
    for item in list {
        let url = text_at(item, answer, address).and_then(|at| page.url.join(&at).ok());
        match url {
            Some(url) => reading.details.push(Lead::from(url)),
            None => {
                let why = format!("an item without what `{address}` needs");
                reading.left.push((SkipReason::MissingField, why));
            }
        }
    }
    reading
}

/// What a page holds, where it is JSON.
pub(super) fn answer_of(page: &Page) -> Option<Value> {
    let first = page
        .content()
        .iter()
        .find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
        .then(|| answer(page).ok())
        .flatten()
}

fn answer(page: &Page) -> Result<Value, Fault> {
    let text = std::str::from_utf8(page.content())
        .map_err(|error| (SkipReason::InvalidUtf8, error.to_string()))?;
    serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
        .map_err(|error| (SkipReason::MalformedJson, error.to_string()))
}

fn list<'v>(answer: &'v Value, how: &JsonItems) -> Result<&'v [Value], Fault> {
    match at(answer, &how.items) {
        Some(Value::Array(items)) => Ok(items),
        // The answer is about one post.
        Some(one @ Value::Object(_)) if how.items.is_empty() => Ok(std::slice::from_ref(one)),
        _ => {
            let detail = format!("no array at `{}`", how.items);
            Err((SkipReason::MalformedPage, detail))
        }
    }
}

/// The next page of an API.
fn next(page: &Page, answer: &Value, list: &[Value], fields: &JsonFields) -> Option<Url> {
    let url = &page.url;
    if let JsonPaging::Next(path) = &fields.paging {
        return url.join(&text_at(answer, answer, path)?).ok();
    }
    if let JsonPaging::LinkHeader = &fields.paging {
        return url.join(link_next(page.header("link")?)?).ok();
    }
    let last = list.last()?;
    match &fields.paging {
        JsonPaging::Page { param, first } => Some(source::counted_up(url, param, *first, 1)),
        JsonPaging::Offset { param } => Some(source::counted_up(url, param, 0, list.len() as u64)),
        JsonPaging::Cursor { path, param } => {
            let cursor = text_at(answer, answer, path).filter(|cursor| !cursor.is_empty())?;
            Some(source::with_param(url, param, &cursor))
        }
        JsonPaging::LastId { param } => {
            let id = text_at(last, answer, &fields.items.id)?;
            Some(source::with_param(url, param, &id))
        }
        JsonPaging::None | JsonPaging::Next(_) | JsonPaging::LinkHeader => None,
    }
}

/// The address that a `Link` header names as the next one.
fn link_next(header: &str) -> Option<&str> {
    header.split('<').skip(1).find_map(|part| {
        let (address, parameters) = part.split_once('>')?;
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let mut kinds = value.trim().trim_matches('"').split(' ');
            name.trim().eq_ignore_ascii_case("rel")
                && kinds.any(|kind| kind.eq_ignore_ascii_case("next"))
        });
        is_next.then_some(address)
    })
}

fn item_fields(item: &Value, answer: &Value, how: &JsonItems, page: &Url) -> Result<Fields, Fault> {
    let optional = |paths: &Option<Paths>| {
        let paths = paths.as_ref()?;
        text_at(item, answer, paths)
    };
    let Some(native_id) = text_at(item, answer, &how.id) else {
        let detail = format!("nothing at `{}`", how.id);
        return Err((SkipReason::MissingField, detail));
    };
    let mut text = text_at(item, answer, &how.text).unwrap_or_default();
    if how.text_is_html {
        text = words(&text)?;
    }
    let extra = how.extra.iter();
    Fields {
        native_id,
        url: optional(&how.link).map(|link| match page.join(&link) {
            Ok(url) => url.into(),
            Err(_) => link,
        }),
        title: optional(&how.title),
        text,
        author: optional(&how.author),
        published: optional(&how.published),
        place: optional(&how.place),
        extra: extra
            .filter_map(|(name, paths)| Some((name.clone(), text_at(item, answer, paths)?)))
            .collect(),
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

/// The first words that one of the paths leads to, from `item` or from the
/// whole answer.
pub(super) fn text_at(item: &Value, answer: &Value, paths: &Paths) -> Option<String> {
    let mut found = paths
        .0
        .iter()
        .filter_map(|path| one_text(item, answer, path));
    let first = found.next()?;
    if !first.is_empty() {
        return Some(first);
    }
    Some(found.find(|text| !text.is_empty()).unwrap_or(first))
}

/// Text, a number as text, or a template filled in; anything else is no field.
fn one_text(item: &Value, answer: &Value, path: &str) -> Option<String> {
    if path.contains('{') {
        return filled_in(item, answer, path);
    }
    let value = match path.strip_prefix("$.") {
        Some(path) => at(answer, path),
        None => at(item, path),
    };
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `/t/{id}` with what stands at `id`, written as part of an address.
fn filled_in(item: &Value, answer: &Value, template: &str) -> Option<String> {
    let mut parts = template.split('{');
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (path, rest) = part.split_once('}')?;
        let value = one_text(item, answer, path)?;
        out.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
        out.push_str(rest);
    }
    Some(out)
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
        let first = items.posts[0].as_ref().unwrap();
        assert_eq!(first.native_id, "7");
        assert_eq!(first.text, "Dekat\npasar");
        assert_eq!(first.author.as_deref(), Some("ani"));
        assert_eq!(first.place.as_deref(), Some("Depok"));
        assert_eq!(first.url.as_deref(), Some("http://papan.example/p/7"));
        for bad in &items.posts[1..] {
            assert_eq!(bad.as_ref().unwrap_err().0, SkipReason::MissingField);
        }
        assert_eq!(
            items.next.unwrap().as_str(),
            "http://papan.example/api?page=2"
        );
    }

    #[test]
    fn pages_are_counted_until_one_is_empty() {
        let counted = fields("page_param = 'page'");
        let full = read(&page(r#"{"data":[{"id":1}]}"#), &counted).unwrap();
        assert_eq!(
            full.next.unwrap().as_str(),
            "http://papan.example/api?q=a+b&page=10"
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
