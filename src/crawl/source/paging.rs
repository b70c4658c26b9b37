//! What leads from one listing page to the next.

use regex::Regex;
use url::Url;

use super::SourceError;
use super::json::{JsonItems, Paths};
use super::pick::Pick;

/// What leads from one listing page to the next.
#[derive(Clone, Debug, Default)]
pub enum Paging {
    /// Nothing: the start pages are all there is.
    #[default]
    None,
    /// A link on the page.
    Next(Pick),
    /// A number in the query, counted up.
    Param {
        /// Name of the parameter.
        name: String,
        /// Number of the page that does not name one.
        first: u64,
    },
    /// A number anywhere in the address, counted up from 2.
    Pattern(Template),
    /// A mark on the page that the next address carries in its query.
    Cursor {
        /// Where the mark stands.
        pick: Pick,
        /// Name of the parameter.
        param: String,
    },
    /// A "load more" button that asks for JSON.
    More(Box<More>),
}

/// The JSON behind a "load more" button.
#[derive(Clone, Debug)]
pub struct More {
    /// Its address, with `{page}` or `{cursor}` in it.
    pub address: Template,
    /// Where the first cursor stands on the page.
    pub cursor: Option<Pick>,
    /// Where the next cursor stands in the answer.
    pub after: Option<Paths>,
    /// Where the answer holds a piece of the listing as HTML.
    pub html: Option<Paths>,
    /// How the answer's posts are read, where it holds no HTML.
    pub json: Option<JsonItems>,
}

/// An address with one place to fill in: `/barang/hal-{page}/`.
#[derive(Clone, Debug)]
pub struct Template {
    written: String,
    /// The name in braces.
    hole: &'static str,
    /// Finds what was filled in.
    filled: Regex,
}

impl Template {
    /// Reads an address with one of the `holes` in it.
    ///
    /// # Errors
    ///
    /// When none, or more than one place is there to fill in.
    pub fn parse(written: &str, holes: &'static [&'static str]) -> Result<Self, SourceError> {
        let refuse = |problem| {
            let template = written.to_owned();
            Err(SourceError::Template { template, problem })
        };
        let found: Vec<_> = holes
            .iter()
            .filter(|hole| written.contains(**hole))
            .collect();
        let [hole] = found.as_slice() else {
            return refuse("write the address with one place to fill in, such as `/p/{page}`");
        };
        let Some((before, after)) = written.split_once(**hole) else {
            return refuse("nothing to fill in");
        };
        if after.contains(**hole) {
            return refuse("only one place can be filled in");
        }
        let filled = format!(
            "{}([^/?&#]+){}$",
            regex::escape(before),
            regex::escape(after)
        );
        let Ok(filled) = Regex::new(&filled) else {
            return refuse("too long");
        };
        Ok(Self {
            written: written.to_owned(),
            hole,
            filled,
        })
    }

    /// The address with `value` filled in, as seen from `base`.
    pub fn fill(&self, base: &Url, value: &str) -> Option<Url> {
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        base.join(&self.written.replace(self.hole, &value)).ok()
    }

    /// What was filled in, where `url` was made from this.
    pub fn filled_in<'u>(&self, url: &'u Url) -> Option<&'u str> {
        let found = self.filled.captures(url.as_str())?;
        found.get(1).map(|part| part.as_str())
    }

    /// The address of the page after `url`; the first one that is made is the
    /// second page.
    pub fn next_page(&self, url: &Url) -> Option<Url> {
        let number = self.page(url).unwrap_or(1).checked_add(1)?;
        self.fill(url, &number.to_string())
    }

    /// The number of the page, where `url` was made from this.
    pub fn page(&self, url: &Url) -> Option<u64> {
        self.filled_in(url)?.parse().ok()
    }
}

/// `url` with `param` of its query set to `value`.
pub fn with_param(url: &Url, param: &str, value: &str) -> Url {
    let mut is_set = false;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (key, old) in url.query_pairs() {
        let is_it = key == param;
        if is_it && is_set {
            continue;
        }
        is_set |= is_it;
        let new = if is_it { value } else { &*old };
        pairs.push((key.into_owned(), new.to_owned()));
    }
    if !is_set {
        pairs.push((param.to_owned(), value.to_owned()));
    }
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(pairs);
    next
}

/// The number that `param` of the query holds.
pub fn number_in(url: &Url, param: &str) -> Option<u64> {
    let (_, value) = url.query_pairs().find(|(key, _)| key == param)?;
    value.parse().ok()
}

/// `url` with the number of `param` one step higher; an address without it has
/// the number `first`.
pub fn counted_up(url: &Url, param: &str, first: u64, step: u64) -> Url {
    let number = number_in(url, param).unwrap_or(first).saturating_add(step);
    with_param(url, param, &number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_counted_up_wherever_its_number_stands() {
        let template = Template::parse("/barang/hal-{page}/", &["{page}"]).unwrap();
        let url = |text: &str| Url::parse(text).unwrap();
        let next = |text| template.next_page(&url(text)).unwrap().to_string();
        assert_eq!(
            next("http://a.example/barang/"),
            "http://a.example/barang/hal-2/"
        );
        assert_eq!(
            next("http://a.example/barang/hal-9/"),
            "http://a.example/barang/hal-10/"
        );
        let at = url("http://a.example/x?q=a%20b&hal=9");
        assert_eq!(
            counted_up(&at, "hal", 1, 1).as_str(),
            "http://a.example/x?q=a+b&hal=10"
        );
        let at = url("http://a.example/x");
        assert_eq!(
            counted_up(&at, "off", 0, 20).as_str(),
            "http://a.example/x?off=20"
        );
    }

    #[test]
    fn what_is_filled_in_cannot_break_out_of_its_place() {
        let template = Template::parse("/m?s={cursor}", &["{page}", "{cursor}"]).unwrap();
        let base = Url::parse("http://a.example/").unwrap();
        let url = template.fill(&base, "a&b=../c#d").unwrap();
        assert_eq!(url.as_str(), "http://a.example/m?s=a%26b%3D..%2Fc%23d");
        assert!(Template::parse("/m", &["{page}"]).is_err());
        assert!(Template::parse("/{page}/{page}", &["{page}"]).is_err());
        assert!(Template::parse("/{page}/{cursor}", &["{page}", "{cursor}"]).is_err());
    }
}
