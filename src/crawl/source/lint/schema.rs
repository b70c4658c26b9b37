//! Which keys a source may have, and of what kind each is.
//!
//! One table for all checks of single values; a test compares its names with
//! those that the reader itself takes.

use std::ops::Range;

use toml::Spanned;

use super::{Code, Notice, Table, Value, value};

/// What a key takes.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    Id,
    Word(&'static [&'static str]),
    Text,
    Number,
    Flag,
    Starts,
    Hosts,
    Pick,
    Picks,
    Paths,
    PathTable,
    IdPattern,
    Patterns,
    Template(&'static [&'static str]),
    Inner(&'static [Key]),
}

/// A key and what it takes.
pub(super) type Key = (&'static str, Takes);

pub(super) const KINDS: &[&str] = &["classified", "structured", "sitemap", "feed", "json"];
const PRESETS: &[&str] = &["mastodon", "discourse", "telegram"];
const PLATFORMS: &[&str] = &[
    "classified_site",
    "social_network",
    "messaging_channel",
    "job_board",
    "forum",
    "other",
];

/// `[[source]]`.
pub(super) const SOURCE: &[Key] = &[
    ("id", Takes::Id),
    ("kind", Takes::Word(KINDS)),
    ("preset", Takes::Word(PRESETS)),
    ("platform_kind", Takes::Word(PLATFORMS)),
    ("start", Takes::Starts),
    ("hosts", Takes::Hosts),
    ("max_pages", Takes::Number),
    ("max_bytes", Takes::Number),
    ("max_minutes", Takes::Number),
    ("delay_ms", Takes::Number),
    ("pass_wordless", Takes::Flag),
    ("schedule", Takes::Text),
    ("zone", Takes::Text),
    ("listing", Takes::Inner(LISTING)),
    ("post", Takes::Inner(POST)),
    ("json", Takes::Inner(JSON)),
    ("sitemap", Takes::Inner(SITEMAP)),
];

pub(super) const LISTING: &[Key] = &[
    ("link", Takes::Pick),
    ("item", Takes::Pick),
    ("next", Takes::Pick),
    ("page_param", Takes::Text),
    ("first_page", Takes::Number),
    ("page_pattern", Takes::Template(&["{page}"])),
    ("cursor", Takes::Pick),
    ("cursor_param", Takes::Text),
    ("more", Takes::Inner(MORE)),
];

pub(super) const MORE: &[Key] = &[
    ("address", Takes::Template(&["{page}", "{cursor}"])),
    ("cursor", Takes::Pick),
    ("after", Takes::Paths),
    ("html", Takes::Paths),
    ("json", Takes::Inner(JSON_ITEMS)),
];

pub(super) const POST: &[Key] = &[
    ("id", Takes::Pick),
    ("id_from_url", Takes::IdPattern),
    ("title", Takes::Pick),
    ("text", Takes::Pick),
    ("author", Takes::Pick),
    ("published", Takes::Pick),
    ("place", Takes::Pick),
    ("extra", Takes::Picks),
    ("structured", Takes::Flag),
];

pub(super) const SITEMAP: &[Key] = &[("include", Takes::Patterns), ("exclude", Takes::Patterns)];

pub(super) const JSON: &[Key] = &[
    ("items", Takes::Text),
    ("next", Takes::Paths),
    ("page_param", Takes::Text),
    ("first_page", Takes::Number),
    ("offset_param", Takes::Text),
    ("cursor", Takes::Paths),
    ("cursor_param", Takes::Text),
    ("last_id_param", Takes::Text),
    ("detail", Takes::Paths),
    ("detail_page_param", Takes::Text),
    ("detail_page_size", Takes::Number),
    ("post", Takes::Inner(JSON_ITEMS)),
    ("id", Takes::Paths),
    ("title", Takes::Paths),
    ("text", Takes::Paths),
    ("author", Takes::Paths),
    ("published", Takes::Paths),
    ("place", Takes::Paths),
    ("link", Takes::Paths),
    ("text_is_html", Takes::Flag),
    ("extra", Takes::PathTable),
];

pub(super) const JSON_ITEMS: &[Key] = &[
    ("items", Takes::Text),
    ("id", Takes::Paths),
    ("title", Takes::Paths),
    ("text", Takes::Paths),
    ("author", Takes::Paths),
    ("published", Takes::Paths),
    ("place", Takes::Paths),
    ("link", Takes::Paths),
    ("text_is_html", Takes::Flag),
    ("extra", Takes::PathTable),
];

/// Checks every key of a table on its own.
pub(super) fn check(table: &Table<'_>, keys: &[Key], path: &str, faults: &mut Vec<Notice>) {
    for (key, value) in table {
        let name: &str = key.get_ref();
        match keys.iter().find(|(known, _)| *known == name) {
            Some((_, takes)) => one(value, *takes, &format!("{path}.{name}"), faults),
            None => faults.push(unknown(name, key.span(), keys, path)),
        }
    }
}

fn one(value: &Value<'_>, takes: Takes, path: &str, faults: &mut Vec<Notice>) {
    if let Takes::Inner(keys) = takes {
        match value.get_ref().as_table() {
            Some(table) => check(table, keys, path, faults),
            None => faults.push(value::wrong_type(value, &format!("a table `[{path}]`"))),
        }
        return;
    }
    value::check(value, takes, faults);
}

/// A key that is none: the one that was meant, or all there are.
fn unknown(name: &str, place: Range<usize>, keys: &[Key], path: &str) -> Notice {
    let message = format!("`{name}` is not a key of `{path}`");
    let notice = Notice::new(place, Code::UnknownKey, message);
    let close = keys
        .iter()
        .map(|(known, _)| (strsim::damerau_levenshtein(name, known), *known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .min();
    let elsewhere = [("source.listing", LISTING), ("source.post", POST)]
        .into_iter()
        .find(|(_, keys)| path == "source" && keys.iter().any(|(known, _)| *known == name));
    let all: Vec<&str> = keys.iter().map(|(known, _)| *known).collect();
    notice.help(match (close, elsewhere) {
        (Some((_, known)), _) => format!("did you mean `{known}`?"),
        (None, Some((table, _))) => format!("it belongs under `[{table}]`"),
        (None, None) => format!("keys here: {}", all.join(", ")),
    })
}

/// Keys that no source can do without.
pub(super) fn required(table: &Table<'_>, whole: &Range<usize>, faults: &mut Vec<Notice>) {
    let mut miss = |place: Range<usize>, key: &str, help: &str| {
        let message = format!("`{key}` is missing");
        faults.push(Notice::new(place, Code::MissingKey, message).help(help));
    };
    let named = table.get("id").map_or_else(|| whole.clone(), Spanned::span);
    if !table.contains_key("id") {
        miss(
            whole.clone(),
            "id",
            "name the source, such as id = \"pasar-kita\"",
        );
    }
    if !table.contains_key("kind") && !table.contains_key("preset") {
        let help = "write one of classified, structured, sitemap, feed, json; or a preset";
        miss(named.clone(), "kind", help);
    }
    if !table.contains_key("start") {
        let help = "name the pages to start from: start = [\"https://…/\"]";
        miss(named, "start", help);
    }
}
