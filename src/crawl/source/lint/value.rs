//! Checks of single values: types, words, addresses, selectors, patterns.

use regex::Regex;
use scraper::Selector;
use url::Url;

use super::schema::Takes;
use super::{Code, Notice, Value};
use crate::crawl::source::Template;

/// Checks one value by what its key takes.
pub(super) fn check(value: &Value<'_>, takes: Takes, faults: &mut Vec<Notice>) {
    match takes {
        Takes::Flag if value.get_ref().is_bool() => {}
        Takes::Flag => faults.push(wrong_type(value, "true or false")),
        Takes::Number => number(value, faults),
        Takes::Starts => texts(value, faults, start),
        Takes::Hosts => texts(value, faults, host),
        Takes::Patterns => texts(value, faults, |text, place, faults| {
            pattern(text, 0, place, faults);
        }),
        Takes::Paths if value.get_ref().is_array() => texts(value, faults, |_, _, _| {}),
        Takes::Pick => pick(value, faults),
        Takes::Picks => each(value, faults, pick),
        Takes::PathTable => each(value, faults, |value, faults| {
            check(value, Takes::Paths, faults);
        }),
        _ => match value.get_ref().as_str() {
            Some(text) => text_value(text, takes, value, faults),
            None => faults.push(wrong_type(value, "text in quotes")),
        },
    }
}

/// What the value is, and what it should be.
pub(super) fn wrong_type(value: &Value<'_>, wanted: &str) -> Notice {
    let is = value.get_ref().type_str();
    let message = format!("this is of type {is}; it should be {wanted}");
    Notice::new(value.span(), Code::WrongType, message)
}

fn text_value(text: &str, takes: Takes, value: &Value<'_>, faults: &mut Vec<Notice>) {
    match takes {
        Takes::Id => id(text, value, faults),
        Takes::Word(known) if !known.contains(&text) => {
            let message = format!("`{text}` is not known here");
            let notice = Notice::new(value.span(), Code::UnknownWord, message);
            let close = known
                .iter()
                .find(|one| strsim::damerau_levenshtein(text, one) <= 2);
            faults.push(notice.help(match close {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("write one of {}", known.join(", ")),
            }));
        }
        Takes::IdPattern => pattern(text, 1, value, faults),
        Takes::Template(holes) => {
            if let Err(error) = Template::parse(text, holes) {
                let notice = Notice::new(value.span(), Code::BadTemplate, error.to_string());
                let help = format!("put {} where the value belongs", holes.join(" or "));
                faults.push(notice.help(help));
            }
        }
        _ => {}
    }
}

fn id(text: &str, value: &Value<'_>, faults: &mut Vec<Notice>) {
    let well_named = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if text.is_empty() || !text.bytes().all(well_named) {
        let message = format!("`{text}` cannot be an id");
        let notice = Notice::new(value.span(), Code::BadId, message);
        faults
            .push(notice.help("use lower-case letters, digits and hyphens, such as `pasar-kita`"));
    }
}

fn number(value: &Value<'_>, faults: &mut Vec<Notice>) {
    let Some(written) = value.get_ref().as_integer() else {
        faults.push(wrong_type(value, "a whole number, without quotes"));
        return;
    };
    if written.as_str().starts_with('-') {
        let message = "a number below zero means nothing here";
        faults.push(Notice::new(value.span(), Code::WrongType, message));
    }
}

fn texts(
    value: &Value<'_>,
    faults: &mut Vec<Notice>,
    each: impl Fn(&str, &Value<'_>, &mut Vec<Notice>),
) {
    let Some(list) = value.get_ref().as_array() else {
        let notice = wrong_type(value, "a list");
        faults.push(notice.help("put it in brackets: [\"…\"]"));
        return;
    };
    if list.is_empty() {
        let message = "the list is empty";
        let notice = Notice::new(value.span(), Code::MissingKey, message);
        faults.push(notice.help("name at least one, or leave the key out"));
    }
    for one in list {
        match one.get_ref().as_str() {
            Some(text) => each(text, one, faults),
            None => faults.push(wrong_type(one, "text in quotes")),
        }
    }
}

fn each(value: &Value<'_>, faults: &mut Vec<Notice>, check: impl Fn(&Value<'_>, &mut Vec<Notice>)) {
    match value.get_ref().as_table() {
        Some(table) => table.iter().for_each(|(_, value)| check(value, faults)),
        None => faults.push(wrong_type(value, "a table of names and values")),
    }
}

fn start(text: &str, place: &Value<'_>, faults: &mut Vec<Notice>) {
    let mut refuse = |message: String, help: &str| {
        let notice = Notice::new(place.span(), Code::BadAddress, message);
        faults.push(notice.help(help));
    };
    match Url::parse(text) {
        Err(error) => refuse(
            format!("`{text}` is not an address: {error}"),
            "write it whole, as a browser shows it: \"https://pasar.example/lowongan/\"",
        ),
        Ok(url) if !matches!(url.scheme(), "http" | "https") => refuse(
            format!("`{}:` is not fetched", url.scheme()),
            "only http and https are; saved pages are read with `lentera sources read`",
        ),
        Ok(url) if !url.username().is_empty() || url.password().is_some() => refuse(
            "the address holds a user name".to_owned(),
            "only what anybody can read without an account is read",
        ),
        Ok(_) => {}
    }
}

fn host(text: &str, place: &Value<'_>, faults: &mut Vec<Notice>) {
    let is_host = !text.is_empty()
        && Url::parse(&format!("http://{text}/")).is_ok_and(|url| {
            let same = url.host_str() == Some(&text.to_ascii_lowercase());
            same && url.port().is_none() && url.path() == "/"
        });
    if !is_host {
        let message = format!("`{text}` is not the name of a host");
        let notice = Notice::new(place.span(), Code::BadAddress, message);
        faults
            .push(notice.help("write the name alone, without http:// and path: \"pasar.example\""));
    }
}

fn pattern(text: &str, groups: usize, place: &Value<'_>, faults: &mut Vec<Notice>) {
    match Regex::new(text) {
        Err(error) => {
            let error = error.to_string();
            let last = error
                .lines()
                .last()
                .unwrap_or("")
                .trim_start_matches("error: ");
            let message = format!("this is not a regular expression: {last}");
            let notice = Notice::new(place.span(), Code::BadPattern, message);
            faults
                .push(notice.help("a sign that stands for itself needs a backslash: `\\.`, `\\?`"));
        }
        Ok(regex) if regex.captures_len() <= groups => {
            let message = "the pattern has no group, so it says nothing of where the id is";
            let notice = Notice::new(place.span(), Code::BadPattern, message);
            faults.push(notice.help(r"put the id in brackets, such as '/iklan/(\d+)'"));
        }
        Ok(_) => {}
    }
}

fn pick(value: &Value<'_>, faults: &mut Vec<Notice>) {
    if let Some(text) = value.get_ref().as_str() {
        let css = match text.rsplit_once('@') {
            Some((css, name)) if is_attribute(name) => css,
            _ => text,
        };
        return selector(css, css.len() < text.len(), value, faults);
    }
    let Some(table) = value.get_ref().as_table() else {
        let wanted = "a CSS selector in quotes, or { css = \"…\", attr = \"…\", regex = '…' }";
        return faults.push(wrong_type(value, wanted));
    };
    for (key, value) in table {
        match (&**key.get_ref(), value.get_ref().as_str()) {
            ("css", Some(css)) => selector(css, true, value, faults),
            ("regex", Some(text)) => pattern(text, 0, value, faults),
            ("attr", Some(name)) if is_attribute(name) => {}
            ("attr", Some(name)) => {
                let message = format!("`{name}` is not the name of an attribute");
                faults.push(Notice::new(value.span(), Code::BadSelector, message));
            }
            ("css" | "regex" | "attr", None) => faults.push(wrong_type(value, "text in quotes")),
            (name, _) => {
                let message = format!("`{name}` is not a part of a selector");
                let notice = Notice::new(key.span(), Code::UnknownKey, message);
                faults.push(notice.help("parts: css, attr, regex"));
            }
        }
    }
}

fn is_attribute(name: &str) -> bool {
    let is_sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':');
    !name.is_empty() && name.bytes().all(is_sign)
}

fn selector(css: &str, may_lack: bool, place: &Value<'_>, faults: &mut Vec<Notice>) {
    let css = css.trim();
    if (css.is_empty() && may_lack) || (!css.is_empty() && Selector::parse(css).is_ok()) {
        return;
    }
    let message = if css.is_empty() {
        "the selector is empty".to_owned()
    } else {
        format!("`{css}` is not a CSS selector")
    };
    let help = if css.starts_with('/') {
        "this looks like XPath; write CSS: `div.isi`, `h1`, `article > a`"
    } else if css.contains("::") {
        "write `selector@attribute` for an attribute; text is what is taken anyway"
    } else {
        "write such as `h1.title`, `div.isi > p`, or `time@datetime` for an attribute"
    };
    faults.push(Notice::new(place.span(), Code::BadSelector, message).help(help));
}
