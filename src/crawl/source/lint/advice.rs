//! Advice about sources that can be used: what is likely meant otherwise.

use std::ops::Range;

use toml::Spanned;

use super::{Code, Notice, Table, Value};
use crate::crawl::settings::LEAST_DELAY;
use crate::crawl::source::{
    DEFAULT_MAX_PAGES, JsonPaging, Paging, Pick, PostFields, Shape, Source,
};

/// Adds advice about one source.
pub(super) fn about(
    table: &Table<'_>,
    whole: &Range<usize>,
    source: &Source,
    notices: &mut Vec<Notice>,
) {
    let id = table.get("id").map_or_else(|| whole.clone(), Spanned::span);
    budget(table, &id, notices);
    outside(table, source, notices);
    let inner = |name: &str| table.get(name).map_or_else(|| id.clone(), Spanned::span);
    match &source.shape {
        Shape::Classified(fields) if !table.contains_key("preset") => {
            let listing = &fields.listing;
            if matches!(listing.paging, Paging::None) && table.contains_key("listing") {
                notices.push(no_paging(
                    inner("listing"),
                    "next, page_param, page_pattern, cursor or more",
                ));
            }
            if let Some(pick) = listing.link.as_ref().filter(|pick| is_bare(pick)) {
                let place = value_of(table, "listing", "link").map_or(id, Spanned::span);
                let message = format!("`{}` finds every link of a page", pick.written);
                let notice = Notice::new(place, Code::LooseSelector, message);
                notices
                    .push(notice.help("name what is around the links of posts: `article.kartu a`"));
            }
            picks(table, &fields.post, notices);
        }
        Shape::Json(fields) if !table.contains_key("preset") => {
            if matches!(fields.paging, JsonPaging::None) {
                let ways = "next, page_param, offset_param, cursor or last_id_param";
                notices.push(no_paging(inner("json"), ways));
            }
        }
        Shape::Sitemap(fields) => {
            if fields.include.is_empty() {
                let message = "every address of the sitemap is read as a post";
                let notice = Notice::new(inner("sitemap"), Code::LooseSelector, message);
                notices.push(notice.help(r"name those of posts: include = ['/iklan/\d+']"));
            }
            picks(table, &fields.post, notices);
        }
        _ => {}
    }
}

fn no_paging(place: Range<usize>, ways: &str) -> Notice {
    let message = "nothing leads to further pages: only the start pages are read";
    let notice = Notice::new(place, Code::NoPaging, message);
    notice.help(format!("if the site has more pages, add one of {ways}"))
}

fn budget(table: &Table<'_>, id: &Range<usize>, notices: &mut Vec<Notice>) {
    if !table.contains_key("max_pages") {
        let message =
            format!("max_pages is not set, so a run reads up to {DEFAULT_MAX_PAGES} pages");
        let notice = Notice::new(id.clone(), Code::NoBudget, message);
        notices.push(notice.help("set it to what the line bears: max_pages = 300"));
    }
    if let Some(value) = table.get("max_pages").filter(|value| is_zero(value)) {
        let message = "max_pages = 0 reads nothing at all";
        notices.push(Notice::new(value.span(), Code::NoEffect, message));
    }
    let delay = table.get("delay_ms").and_then(|value| {
        let number = value.get_ref().as_integer()?;
        Some((value.span(), number.as_str().parse::<u128>().ok()?))
    });
    if let Some((place, delay)) = delay
        && delay < LEAST_DELAY.as_millis()
    {
        let least = LEAST_DELAY.as_millis();
        let message = format!("a pause below {least} ms counts as {least} ms");
        notices.push(Notice::new(place, Code::NoEffect, message));
    }
}

fn is_zero(value: &Value<'_>) -> bool {
    value
        .get_ref()
        .as_integer()
        .is_some_and(|number| number.as_str() == "0")
}

/// Start pages on hosts that the source does not own are never fetched.
fn outside(table: &Table<'_>, source: &Source, notices: &mut Vec<Notice>) {
    let starts = table
        .get("start")
        .and_then(|value| value.get_ref().as_array());
    let starts = starts.into_iter().flat_map(|list| list.iter());
    let mut seen = std::collections::BTreeSet::new();
    for (value, url) in starts.zip(&source.start) {
        let host = url.host_str().unwrap_or("");
        if !source.hosts.contains(host) {
            let message = format!("`{host}` is not among `hosts`, so this page is never fetched");
            let notice = Notice::new(value.span(), Code::StartOutside, message);
            notices.push(
                notice.help("add the host, or leave `hosts` out: then those of `start` count"),
            );
        }
        if !seen.insert(url.as_str()) {
            let message = "this start page stands twice";
            notices.push(Notice::new(value.span(), Code::NoEffect, message));
        }
    }
}

fn value_of<'t>(table: &'t Table<'_>, inner: &str, key: &str) -> Option<&'t Value<'t>> {
    table.get(inner)?.get_ref().get(key)
}

/// A selector that is no more than the name of a common element.
fn is_bare(pick: &Pick) -> bool {
    let css = pick.written.split('@').next().unwrap_or("").trim();
    matches!(css, "a" | "a[href]" | "div" | "body a" | "*")
}

fn picks(table: &Table<'_>, post: &PostFields, notices: &mut Vec<Notice>) {
    let place = |key: &str| value_of(table, "post", key).map_or(0..0, Spanned::span);
    if let (Some(title), Some(text)) = (&post.title, &post.text)
        && title.written.trim() == text.written.trim()
    {
        let message = "the selector of the body is that of the headline";
        let notice = Notice::new(place("text"), Code::LooseSelector, message);
        notices.push(notice.help("every post would be its headline twice; name the body"));
    }
    if let Some(text) = post.text.as_ref()
        && matches!(text.written.trim(), "body" | "html" | "div" | "*" | "main")
    {
        let message = format!(
            "`{}` takes menus and neighbours of the post too",
            text.written
        );
        let notice = Notice::new(place("text"), Code::LooseSelector, message);
        notices.push(notice.help("name the element that holds the body alone"));
    }
    if let Some(published) = &post.published
        && published.attribute.is_none()
        && published
            .written
            .split([' ', '>'])
            .next_back()
            .is_some_and(|last| last.starts_with("time"))
    {
        let message = "the words of a `time` element are often no time (\"2 jam lalu\")";
        let notice = Notice::new(place("published"), Code::LooseSelector, message);
        notices.push(notice.help("take its attribute: `time@datetime`"));
    }
    if post.id.is_some() && post.id_from_url.is_some() {
        let message = "`id_from_url` counts only on pages where `id` finds nothing";
        notices.push(Notice::new(place("id_from_url"), Code::NoEffect, message));
    }
}
