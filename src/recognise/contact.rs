//! Handles, e-mail addresses and links.

use super::Found;
use super::cue::{MESSENGER_HOSTS, Sign};
use crate::entity::Value;
use crate::span::Span;
use crate::text::NormalText;

/// Longest name before the at sign of an e-mail address, and longest part of
/// a host.
const MAX_LOCAL: usize = 64;
const MAX_PART: usize = 63;
/// Shortest and longest name behind the at sign of a handle.
const HANDLE: std::ops::RangeInclusive<usize> = 3..=30;
/// Fewest characters behind `https://` or `www.`.
const MIN_LINK: usize = 3;

/// Adds e-mail addresses, links and `@handles`.
pub(super) fn addresses(view: &NormalText, signs: &[Sign], found: &mut Vec<Found>) {
    let text = view.as_str();
    // What was read is not read again as part of something else.
    let mut done = 0;
    for &sign in signs {
        let read = match sign {
            Sign::At(at) if at < done => None,
            Sign::At(at) => email(text, at, done).or_else(|| handle(text, at)),
            Sign::Open(start, _) | Sign::Host(start, _) if start < done => None,
            Sign::Open(start, len) => {
                let mails = opens_an_email(text, start);
                let link = |()| link(text, start, len, MIN_LINK);
                (!mails).then_some(()).and_then(link)
            }
            Sign::Host(start, len) => link(text, start, len, 1),
        };
        if let Some(read) = read {
            done = read.done;
            let span = Span::new(read.start, read.end);
            found.extend(read.value.map(|value| Found { span, value }));
        }
    }
}

/// An address, or something that has the form of one and is none.
struct Read {
    start: usize,
    end: usize,
    value: Option<Value>,
    /// Where reading goes on.
    done: usize,
}

fn is_local(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'%' | b'+' | b'-')
}

/// The e-mail address around the at sign at `at`, not reaching before `from`.
fn email(text: &str, at: usize, from: usize) -> Option<Read> {
    let end = host(text, at + 1)?;
    let before = text.as_bytes()[from..at].iter().rev();
    let local = before.take(MAX_LOCAL).take_while(|byte| is_local(**byte));
    let start = at - local.count();
    (start < at).then(|| Read {
        start,
        end,
        value: Some(Value::Email {
            address: text[start..end].to_owned(),
        }),
        done: end,
    })
}

/// Whether `www.` at `start` begins the name of an e-mail address.
fn opens_an_email(text: &str, start: usize) -> bool {
    let rest = text.as_bytes()[start..].iter().take(MAX_LOCAL);
    let at = start + rest.take_while(|byte| is_local(**byte)).count();
    text.as_bytes().get(at) == Some(&b'@') && host(text, at + 1).is_some()
}

/// Where the host of an e-mail address ends: parts with stops between them,
/// of which the last has two letters or more.
fn host(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let count = |at: usize, fits: fn(&u8) -> bool| {
        let rest = bytes[at..].iter();
        rest.take_while(|byte| fits(byte)).count()
    };
    let is_part = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let mut end = None;
    let mut at = start;
    loop {
        let len = count(at, is_part);
        if !(1..=MAX_PART).contains(&len) || bytes.get(at + len) != Some(&b'.') {
            return end;
        }
        at += len + 1;
        let letters = count(at, u8::is_ascii_lowercase);
        if letters >= 2 {
            end = Some(at + letters);
        }
    }
}

fn handle(text: &str, at: usize) -> Option<Read> {
    let rest = &text.as_bytes()[at + 1..];
    let fits = |byte: &&u8| matches!(**byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.');
    let len = rest.iter().take(*HANDLE.end()).take_while(fits).count();
    if len < *HANDLE.start() || rest[0] == b'.' {
        return None;
    }
    let name = text[at + 1..at + 1 + len].trim_end_matches('.');
    // "a@b" without a dot is not a handle but a broken address, and "@50rb" a
    // price for one.
    let is_broken = text[..at].ends_with(char::is_alphanumeric) || is_price(name);
    Some(Read {
        start: at,
        end: at + 1 + name.len(),
        value: (!is_broken).then(|| Value::Handle {
            name: name.to_owned(),
        }),
        done: at + 1 + len,
    })
}

/// Whether what stands behind an at sign is an amount: `15000`, `50rb`.
fn is_price(name: &str) -> bool {
    let unit = name.trim_start_matches(|ch: char| ch.is_ascii_digit() || ch == '.');
    unit.len() < name.len() && matches!(unit, "" | "k" | "rb" | "ribu" | "jt" | "juta" | "pcs")
}

/// The account whose name stands at `at`, behind a network and a colon. A word
/// of letters that a sentence goes on behind is a word: "telegram: gabung di".
pub(super) fn account(text: &str, at: usize) -> Option<(usize, String)> {
    let rest = &text.as_bytes()[at..];
    let fits = |byte: &&u8| matches!(**byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.');
    let len = rest.iter().take(*HANDLE.end() + 1).take_while(fits).count();
    let name = text[at..at + len].trim_end_matches('.');
    if !HANDLE.contains(&name.len()) || name.starts_with('.') {
        return None;
    }
    let end = at + name.len();
    let has = |test: fn(&u8) -> bool| name.as_bytes().iter().any(test);
    let behind = text[end..].trim_start_matches(' ').chars().next();
    let is_alone = behind.is_none_or(|ch| matches!(ch, '\n' | ',' | ';' | '|' | ')' | '.'));
    let is_name = has(|byte| matches!(byte, b'_' | b'.' | b'0'..=b'9')) || is_alone;
    // A number is dialled; a host or an address goes on.
    let goes_on = text[end..].starts_with(['/', '@', ':', '%', '+']);
    let is_account = is_name && !goes_on && has(u8::is_ascii_lowercase);
    is_account.then(|| (end, name.to_owned()))
}

/// The link at `start`, whose first `len` bytes open it.
fn link(text: &str, start: usize, len: usize, min: usize) -> Option<Read> {
    let ends = |ch: char| ch.is_whitespace() || matches!(ch, '<' | '>');
    let rest = &text[start + len..];
    let rest = &rest[..rest.find(ends).unwrap_or(rest.len())];
    if rest.chars().take(min).count() < min {
        return None;
    }
    let done = start + len + rest.len();
    let address = text[start..done].trim_end_matches(['.', ',', ')', '!', '?', '"', '\'']);
    Some(Read {
        start,
        end: start + address.len(),
        value: Some(link_value(address)),
        done,
    })
}

fn link_value(address: &str) -> Value {
    let bare = address
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or(bare);
    let host = host.trim_start_matches("www.");
    Value::Link {
        address: bare.to_owned(),
        messenger: MESSENGER_HOSTS.contains(&host),
    }
}
