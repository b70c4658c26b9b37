//! Reads sitemaps and sitemap indexes.
//!
//! A sitemap says which pages a site has and when they changed; pictures and
//! films it names are not looked at. Nothing is fetched or unfolded that the
//! file itself names: entities are read as the five that XML has.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use url::Url;

use super::dates;
use super::fields::Fault;
use super::html::decoded;
use super::page::Page;
use super::reading::{Lead, Reading};
use super::source::Sitemap;
use crate::skip::SkipReason;

/// Most addresses of one sitemap, as sitemaps.org has it.
pub const MAX_ADDRESSES: usize = 50_000;
/// Largest sitemap once inflated, in bytes, as sitemaps.org has it.
pub const MAX_BYTES: u64 = 50 << 20;
/// Longest address, in bytes.
const MAX_ADDRESS: usize = 2_048;

/// Reads a sitemap. An index is read only where the source itself names it
/// (`may_lead_on`): one inside another would lead on for ever.
///
/// # Errors
///
/// When it is neither a sitemap nor a list of addresses.
pub fn read(page: &Page, fields: &Sitemap, may_lead_on: bool) -> Result<Reading, Fault> {
    if page.content().len() as u64 > MAX_BYTES {
        let why = format!("longer than {MAX_BYTES} bytes");
        return Err((SkipReason::TooLong, why));
    }
    let text = decoded(page);
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let mut found = if text.starts_with('<') {
        of_xml(text)?
    } else {
        of_lines(text)
    };
    if found.is_index && !may_lead_on {
        let why = "a sitemap index inside another one is not followed".to_owned();
        return Err((SkipReason::MalformedPage, why));
    }
    if found.entries.is_empty() && !found.is_sitemap {
        let why = "not a sitemap: no `urlset`, no `sitemapindex`, no address".to_owned();
        return Err((SkipReason::MalformedPage, why));
    }
    let mut reading = Reading::default();
    if found.n > MAX_ADDRESSES {
        let why = format!("more than {MAX_ADDRESSES} addresses; the first of them are taken");
        reading.left.push((SkipReason::TooLong, why));
    }
    found.entries.truncate(MAX_ADDRESSES);
    for entry in found.entries {
        let Some(url) = address(&page.url, &entry.loc) else {
            continue;
        };
        if found.is_index {
            reading.listings.push(url);
        } else if fields.wants(&url) {
            let changed = dates::read(&entry.lastmod).map(|read| read.at);
            reading.details.push(Lead { url, changed });
        }
    }
    Ok(reading)
}

fn address(base: &Url, written: &str) -> Option<Url> {
    let written = written.trim();
    if written.is_empty() || written.len() > MAX_ADDRESS {
        return None;
    }
    let url = base.join(written).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// What a sitemap holds.
#[derive(Debug, Default)]
struct Found {
    is_sitemap: bool,
    is_index: bool,
    entries: Vec<Entry>,
    /// How many there were, those beyond the limit counted.
    n: usize,
}

/// One `url` or `sitemap`.
#[derive(Debug, Default)]
struct Entry {
    loc: String,
    lastmod: String,
}

impl Found {
    fn push(&mut self, entry: Entry) {
        if entry.loc.trim().is_empty() {
            return;
        }
        self.n += 1;
        if self.n <= MAX_ADDRESSES {
            self.entries.push(entry);
        }
    }
}

fn of_lines(text: &str) -> Found {
    let mut found = Found::default();
    for line in text.lines().map(str::trim) {
        if line.starts_with("http://") || line.starts_with("https://") {
            let loc = line.to_owned();
            found.push(Entry {
                loc,
                lastmod: String::new(),
            });
        }
    }
    found
}

/// Reads the XML as far as it goes: what stands before a fault was said.
fn of_xml(text: &str) -> Result<Found, Fault> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut found = Found::default();
    let mut entry: Option<Entry> = None;
    // Elements open below the entry; only its own children are read.
    let mut depth = 0_usize;
    let mut field: Option<Part> = None;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = tag.local_name();
                let is_own = tag
                    .name()
                    .prefix()
                    .is_none_or(|prefix| !is_media(prefix.as_ref()));
                match name.as_ref() {
                    "urlset" => found.is_sitemap = true,
                    "sitemapindex" => (found.is_sitemap, found.is_index) = (true, true),
                    "url" | "sitemap" if is_own => {
                        entry = Some(Entry::default());
                        (depth, field) = (0, None);
                        continue;
                    }
                    _ => {}
                }
                if entry.is_some() {
                    depth += 1;
                    field = Part::of(name.as_ref()).filter(|_| is_own && depth == 1);
                }
            }
            Ok(Event::End(tag)) => {
                match tag.local_name().as_ref() {
                    "url" | "sitemap" if depth == 0 => {
                        if let Some(entry) = entry.take() {
                            found.push(entry);
                        }
                    }
                    _ => depth = depth.saturating_sub(1),
                }
                field = None;
            }
            Ok(Event::Text(text)) => add(&mut entry, field, &text),
            Ok(Event::CData(text)) => add(&mut entry, field, &text),
            Ok(Event::GeneralRef(name)) => add(&mut entry, field, &entity(&name)),
            Ok(Event::Eof) => return Ok(found),
            Ok(_) => {}
            Err(error) if found.entries.is_empty() => {
                let why = format!("not a sitemap: {error}");
                return Err((SkipReason::MalformedPage, why));
            }
            Err(_) => return Ok(found),
        }
    }
}

/// A part of an entry that is read.
#[derive(Clone, Copy, Debug)]
enum Part {
    Loc,
    Lastmod,
}

impl Part {
    fn of(name: &str) -> Option<Self> {
        match name {
            "loc" => Some(Self::Loc),
            "lastmod" => Some(Self::Lastmod),
            _ => None,
        }
    }
}

fn is_media(prefix: &str) -> bool {
    matches!(prefix, "image" | "video" | "news" | "mobile")
}

fn add(entry: &mut Option<Entry>, field: Option<Part>, text: &str) {
    let (Some(entry), Some(field)) = (entry, field) else {
        return;
    };
    let into = match field {
        Part::Loc => &mut entry.loc,
        Part::Lastmod => &mut entry.lastmod,
    };
    if into.len() <= MAX_ADDRESS {
        into.push_str(text);
    }
}

/// One of the five entities of XML, or a character by its number; any other is
/// nothing.
fn entity(name: &BytesRef<'_>) -> String {
    if let Ok(Some(one)) = name.resolve_char_ref() {
        return one.to_string();
    }
    resolve_predefined_entity(name)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests;
