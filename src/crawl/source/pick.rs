//! Where one value stands on a page: a CSS selector, which attribute, and
//! which part of it.

use std::fmt;

use regex::Regex;
use scraper::Selector;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::SourceError;

/// A CSS selector, with `@attribute` behind it when the value is not the
/// element's text: `time@datetime`. Written as a table it can take a part of
/// the value: `{ css = "p.info", regex = 'Harga: (.+)' }`.
#[derive(Clone, Debug)]
pub struct Pick {
    /// As written, for messages.
    pub written: String,
    /// The selector; `None` means the whole part of the page that is read.
    pub selector: Option<Selector>,
    /// The attribute, if not the text.
    pub attribute: Option<String>,
    /// What of the value is taken: the first group, or all that matches.
    pub regex: Option<Regex>,
}

/// A [`Pick`] written as a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    css: String,
    attr: Option<String>,
    regex: Option<String>,
}

impl Pick {
    /// Reads `css` or `css@attribute`.
    ///
    /// # Errors
    ///
    /// When the selector is not CSS.
    pub fn parse(written: &str) -> Result<Self, SourceError> {
        let is_name = |name: &str| {
            let is_sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':');
            !name.is_empty() && name.bytes().all(is_sign)
        };
        let (css, attribute) = match written.rsplit_once('@') {
            Some((css, name)) if is_name(name) => (css, Some(name.to_ascii_lowercase())),
            _ => (written, None),
        };
        Ok(Self {
            written: written.to_owned(),
            selector: selector(css, written, attribute.is_some())?,
            attribute,
            regex: None,
        })
    }

    /// Reads the three parts on their own. An empty `css` is the whole part of
    /// the page that is read.
    ///
    /// # Errors
    ///
    /// When the selector is not CSS, or the pattern not a regular expression.
    pub fn of_parts(
        css: &str,
        attr: Option<&str>,
        regex: Option<&str>,
    ) -> Result<Self, SourceError> {
        let mut written = css.to_owned();
        if let Some(attr) = attr {
            written = format!("{written}@{attr}");
        }
        if let Some(regex) = regex {
            written = format!("{written} /{regex}/");
        }
        let regex = regex.map(pattern).transpose()?;
        Ok(Self {
            selector: selector(css, css, true)?,
            attribute: attr.map(str::to_ascii_lowercase),
            regex,
            written,
        })
    }

    /// The part of `value` that is wanted; `None` when the pattern is not in
    /// it.
    pub fn refine(&self, value: String) -> Option<String> {
        let Some(regex) = &self.regex else {
            return Some(value);
        };
        let found = regex.captures(&value)?;
        let part = found.get(1).or_else(|| found.get(0))?;
        Some(part.as_str().trim().to_owned())
    }
}

fn selector(css: &str, written: &str, may_lack: bool) -> Result<Option<Selector>, SourceError> {
    let css = css.trim();
    if css.is_empty() && may_lack {
        return Ok(None);
    }
    let refused = |_| SourceError::Selector {
        selector: written.to_owned(),
    };
    Selector::parse(css).map(Some).map_err(refused)
}

/// A regular expression of a source.
pub(super) fn pattern(written: &str) -> Result<Regex, SourceError> {
    Regex::new(written).map_err(|error| SourceError::Pattern {
        pattern: written.to_owned(),
        problem: error.to_string(),
    })
}

impl<'de> Deserialize<'de> for Pick {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Pick;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a CSS selector such as `h1.title`, or a table with `css`, `attr` or `regex`",
                )
            }

            fn visit_str<E: de::Error>(self, written: &str) -> Result<Pick, E> {
                Pick::parse(written).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Pick, A::Error> {
                let written = Written::deserialize(MapAccessDeserializer::new(map))?;
                Pick::of_parts(
                    &written.css,
                    written.attr.as_deref(),
                    written.regex.as_deref(),
                )
                .map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Holder {
        pick: Pick,
    }

    fn read(written: &str) -> Result<Pick, String> {
        let holder: Result<Holder, _> = toml::from_str(&format!("pick = {written}"));
        holder
            .map(|one| one.pick)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_pick_is_a_string_or_a_table_and_takes_a_part() {
        let short = read("'time@datetime'").unwrap();
        assert_eq!(short.attribute.as_deref(), Some("datetime"));
        let long = read(r#"{ css = "p", attr = "Data-Harga", regex = 'Harga: (.+)' }"#).unwrap();
        assert_eq!(long.attribute.as_deref(), Some("data-harga"));
        assert_eq!(
            long.refine("Harga: 5 jt ".to_owned()).as_deref(),
            Some("5 jt")
        );
        assert_eq!(long.refine("gratis".to_owned()), None);
        let own = read("{ attr = 'data-id' }").unwrap();
        assert!(own.selector.is_none());
    }

    #[test]
    fn what_is_wrong_with_a_pick_is_said() {
        for (written, told) in [
            ("'div..x'", "not a CSS selector"),
            ("''", "not a CSS selector"),
            ("5", "a CSS selector such as"),
            ("{ css = 'p', regex = '(' }", "unclosed group"),
            ("{ css = 'p', atr = 'x' }", "unknown field `atr`"),
        ] {
            let error = read(written).unwrap_err();
            assert!(error.contains(told), "{written}: {error}");
        }
    }
}
