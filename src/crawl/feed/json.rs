//! JSON Feed, read item by item: a wrong type in one costs only that one.

use serde_json::Value;

use super::Reading;
use crate::crawl::fields::{Fault, Fields};
use crate::crawl::html::words;
use crate::crawl::page::Page;
use crate::skip::SkipReason;

/// Reads a JSON Feed.
pub(super) fn read(page: &Page, feed: &Value) -> Result<Reading, Fault> {
    let Some(Value::Array(items)) = feed.get("items") else {
        let detail = "not a feed: no array at `items`".to_owned();
        return Err((SkipReason::MalformedPage, detail));
    };
    let next = feed.get("next_url").and_then(Value::as_str);
    Ok(Reading {
        posts: items.iter().map(|item| fields(page, item)).collect(),
        is_list: true,
        next: next.and_then(|next| page.url.join(next).ok()),
        ..Reading::default()
    })
}

fn fields(page: &Page, item: &Value) -> Result<Fields, Fault> {
    let text = |key: &str| match item.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let written = |key: &str| text(key).filter(|text| !text.trim().is_empty());
    let body = match (written("content_html"), written("content_text")) {
        (Some(html), _) => words(&html)?,
        (None, Some(plain)) => plain,
        (None, None) => written("summary").unwrap_or_default(),
    };
    let person = item
        .get("authors")
        .and_then(|authors| authors.get(0))
        .or_else(|| item.get("author"));
    let name = person.and_then(|person| person.get("name")?.as_str());
    let address = text("url").and_then(|url| page.url.join(&url).ok());
    let url = address.map(String::from);
    Fields {
        native_id: text("id").or_else(|| url.clone()).unwrap_or_default(),
        url,
        title: text("title"),
        text: body,
        author: name.map(str::to_owned),
        published: text("date_published").or_else(|| text("date_modified")),
        ..Fields::default()
    }
    .checked()
}
