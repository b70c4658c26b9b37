//! What is still to be fetched from one source, each address once.
//!
//! Listings are taken in turn, so that a small budget is shared by all
//! sections of a site; the advertisements of a listing come before the next
//! listing. Loops end because an address is never handed out twice, and
//! endless listings end because barren ones are not followed.

use std::collections::{BTreeSet, VecDeque};

use url::Url;

/// Listing pages in a row that may bring nothing new before their chain is
/// left: calendars and session addresses go on for ever.
pub const MAX_BARREN: u8 = 3;

/// One address to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What to fetch.
    pub url: Url,
    /// What is expected there.
    pub kind: TaskKind,
}

/// What is expected at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// A page that leads on: a listing, a feed, a page of an API.
    Listing {
        /// How many such pages before it brought nothing new.
        barren: u8,
    },
    /// A page that holds one post.
    Detail,
}

/// The addresses of one source in one run.
#[derive(Debug, Default)]
pub struct Frontier {
    details: VecDeque<Url>,
    listings: VecDeque<(Url, u8)>,
    seen: BTreeSet<String>,
}

impl Frontier {
    /// Adds an address unless it was added before; says whether it was new.
    pub fn add(&mut self, url: &Url, kind: TaskKind) -> bool {
        let url = canonical(url);
        if !self.seen.insert(url.as_str().to_owned()) {
            return false;
        }
        match kind {
            TaskKind::Detail => self.details.push_back(url),
            TaskKind::Listing { barren } => self.listings.push_back((url, barren)),
        }
        true
    }

    /// Notes an address as dealt with, such as the end of a redirect; says
    /// whether it was new.
    pub fn note(&mut self, url: &Url) -> bool {
        self.seen.insert(canonical(url).into())
    }

    /// The next task.
    pub fn take(&mut self) -> Option<Task> {
        if let Some(url) = self.details.pop_front() {
            let kind = TaskKind::Detail;
            return Some(Task { url, kind });
        }
        let (url, barren) = self.listings.pop_front()?;
        let kind = TaskKind::Listing { barren };
        Some(Task { url, kind })
    }

    /// How many tasks wait.
    pub fn waiting(&self) -> usize {
        self.details.len() + self.listings.len()
    }
}

/// The form under which an address is known: without fragment and without
/// credentials. Host case, default ports and dot segments are settled by the
/// URL parser; the query is left as it is, since its order can matter.
pub fn canonical(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // These fail only for addresses without a host, which are never fetched.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn one_address_in_many_spellings_is_fetched_once() {
        let mut frontier = Frontier::default();
        let mut add = |text| frontier.add(&url(text), TaskKind::Detail);
        assert!(add("http://a.example/iklan/1"));
        for again in [
            "http://A.example:80/iklan/1#foto",
            "http://a.example/x/../iklan/1",
            "http://u:p@a.example/iklan/1",
        ] {
            assert!(!add(again), "{again}");
        }
        assert!(add("http://a.example/iklan/1?p=2"));
        assert_eq!(frontier.waiting(), 2);
    }

    #[test]
    fn sections_take_turns_and_their_posts_come_first() {
        let mut frontier = Frontier::default();
        let listing = TaskKind::Listing { barren: 0 };
        frontier.add(&url("http://a.example/barang/"), listing);
        frontier.add(&url("http://a.example/lowongan/"), listing);
        assert_eq!(frontier.take().map(|task| task.kind), Some(listing));
        frontier.add(&url("http://a.example/barang/2"), listing);
        frontier.add(&url("http://a.example/iklan/1"), TaskKind::Detail);
        let order: Vec<String> = std::iter::from_fn(|| frontier.take())
            .map(|task| task.url.path().to_owned())
            .collect();
        assert_eq!(order, ["/iklan/1", "/lowongan/", "/barang/2"]);
    }
}
