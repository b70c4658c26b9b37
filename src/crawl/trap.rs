//! Addresses that lead nowhere but on, told by their look.
//!
//! What a look cannot tell is bounded elsewhere: chains of listings that bring
//! nothing new, chains without end, one page under many addresses.

use std::borrow::Cow;
use std::collections::BTreeMap;

use url::Url;

/// Longest address that is followed, in bytes.
const MAX_LENGTH: usize = 2_083;
/// Most parts of a path.
const MAX_PARTS: usize = 20;
/// How often a group of parts may stand in a path, one behind the other.
const MAX_REPEATS: usize = 3;

/// What kind of trap an address looks like.
pub fn of(url: &Url) -> Option<&'static str> {
    if url.as_str().len() > MAX_LENGTH {
        return Some("an address longer than 2083 bytes");
    }
    let parts: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    if parts.len() > MAX_PARTS {
        return Some("an address that grows: more than 20 parts");
    }
    (1..=parts.len() / MAX_REPEATS)
        .any(|size| repeats(&parts, size))
        .then_some("an address that repeats itself")
}

/// Whether a group of `size` parts stands several times in a row.
fn repeats(parts: &[&str], size: usize) -> bool {
    let mut windows = parts.windows(size * MAX_REPEATS);
    windows.any(|all| !all[0].is_empty() && all.chunks(size).all(|one| one == &all[..size]))
}

/// Whether an address names a month or a day, as pages of calendars do.
pub fn is_dated(url: &Url) -> bool {
    let text = &url[url::Position::BeforePath..];
    let numbers: Vec<&str> = text.split(|ch: char| !ch.is_ascii_digit()).collect();
    let is = |text: &str, range: std::ops::RangeInclusive<u32>| {
        text.parse().is_ok_and(|number| range.contains(&number))
    };
    numbers.windows(2).any(|two| {
        let year = two[0].len() == 4 && is(two[0], 1900..=2999);
        year && matches!(two[1].len(), 1 | 2) && is(two[1], 1..=12)
    })
}

/// An address without the number of a visit that some servers write into it;
/// each visit would make every page new.
pub fn without_session(url: &Url) -> Cow<'_, Url> {
    let path = without_parameter(url.path());
    let query = url.query().map(|query| {
        let kept: Vec<&str> = query.split('&').filter(|pair| !is_session(pair)).collect();
        kept.join("&")
    });
    if path == url.path() && query.as_deref() == url.query() {
        return Cow::Borrowed(url);
    }
    let mut clean = url.clone();
    clean.set_path(&path);
    clean.set_query(query.as_deref().filter(|query| !query.is_empty()));
    Cow::Owned(clean)
}

/// A path without `;jsessionid=...`.
fn without_parameter(path: &str) -> String {
    let lower = path.to_ascii_lowercase();
    let Some(from) = lower.find(";jsessionid=") else {
        return path.to_owned();
    };
    let end = path[from + 1..].find(['/', ';']);
    let rest = end.map_or("", |end| &path[from + 1 + end..]);
    [&path[..from], rest].concat()
}

fn is_session(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    let long = value.len() >= 16 && value.bytes().all(|b| b.is_ascii_alphanumeric());
    match name.as_str() {
        "phpsessid" | "jsessionid" | "cftoken" | "cfid" => true,
        "sid" | "session" | "sessionid" | "session_id" | "zenid" | "oscsid" => long,
        _ => name.starts_with("aspsessionid"),
    }
}

/// Pages that came under several addresses, byte for byte.
#[derive(Debug, Default)]
pub(super) struct Same {
    seen: BTreeMap<crate::id::Digest, u32>,
}

/// Pages that are remembered; beyond, memory begins anew.
const MAX_SEEN: usize = 10_000;
/// Addresses of one page after which it is named.
const NAMED: u32 = 3;

impl Same {
    /// Counts one more address of a page: whether it came before, and what to
    /// say of it, once.
    pub(super) fn count(&mut self, page: crate::id::Digest) -> (bool, Option<String>) {
        if self.seen.len() >= MAX_SEEN {
            self.seen.clear();
        }
        let n = self.seen.entry(page).or_default();
        *n += 1;
        let named = (*n == NAMED).then(|| {
            "one page under many addresses, such as an error page served as a good one; \
             it is read once"
                .to_owned()
        });
        (*n > 1, named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(&format!("http://a.example{text}")).unwrap()
    }

    #[test]
    fn addresses_that_grow_or_repeat_themselves_are_traps_and_others_are_not() {
        let long = format!("/{}", "a".repeat(3_000));
        let deep = "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u";
        for trap in [&long, deep, "/a/a/a", "/x/iklan/b/iklan/b/iklan/b"] {
            assert!(of(&url(trap)).is_some(), "{trap}");
        }
        for fine in ["/", "/a/a/b", "//", "////", "/iklan/1/1", "/2026/11/11/3"] {
            assert_eq!(of(&url(fine)), None, "{fine}");
        }
    }

    #[test]
    fn the_number_of_a_visit_is_taken_out_and_nothing_else() {
        for (with, without) in [
            ("/a?PHPSESSID=abc&id=7", "/a?id=7"),
            ("/a;jsessionid=0A1B?x=1", "/a?x=1"),
            ("/a;JSESSIONID=0A1B/b", "/a/b"),
            ("/a?sid=0123456789abcdef", "/a"),
            ("/a?sid=7", "/a?sid=7"),
            ("/a?b=%20+&&c", "/a?b=%20+&&c"),
            ("/a?", "/a?"),
        ] {
            assert_eq!(*without_session(&url(with)), url(without), "{with}");
        }
    }

    #[test]
    fn months_and_days_are_seen_and_numbers_of_posts_are_not() {
        for dated in ["/kalender/2031/05", "/k?bulan=2031-5", "/2031/12/24"] {
            assert!(is_dated(&url(dated)), "{dated}");
        }
        for not in [
            "/iklan/2031",
            "/barang?hal=12",
            "/iklan/20310512",
            "/2031/500",
        ] {
            assert!(!is_dated(&url(not)), "{not}");
        }
    }
}
