//! The text of a robots.txt, read as RFC 9309 says and in its doubts as
//! Google's parser does: consecutive `User-agent` lines share a group, groups
//! of one agent are one, unknown lines end nothing, and common slips of the
//! pen count as what was meant.
//!
//! Where this differs from that parser, it allows less: see [`super`].

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::pattern::{Pattern, Target};

/// Longest line that counts; the rest of a longer one is not read.
const MAX_LINE: usize = 2083 * 8 - 1;
/// Spellings that mean `User-agent`. A key counts when it begins so.
const AGENT_KEYS: [&[u8]; 3] = [b"user-agent", b"useragent", b"user agent"];
/// Spellings that mean `Disallow`.
const DISALLOW_KEYS: [&[u8]; 6] = [
    b"disallow",
    b"dissallow",
    b"dissalow",
    b"disalow",
    b"diasllow",
    b"disallaw",
];

/// What a robots.txt says to one agent.
#[derive(Debug, Default)]
pub struct Rules {
    /// Longest first; among equals an allowing one first.
    rules: Vec<Rule>,
    /// Seconds between two requests, as asked for.
    pub(super) delay: Option<f64>,
}

#[derive(Clone, Debug)]
struct Rule {
    allow: bool,
    pattern: Pattern,
}

/// The rules of one kind of group while the file is read.
#[derive(Default)]
struct Group {
    /// Whether a `User-agent` line named it at all.
    named: bool,
    /// Whether the lines now read belong to it.
    open: bool,
    rules: Vec<Rule>,
    delay: Option<f64>,
}

impl Rules {
    /// Reads `text` for the agent of this name.
    pub fn read(text: &[u8], agent: &str) -> Self {
        let text = decoded(text);
        let (mut own, mut all) = (Group::default(), Group::default());
        let mut in_rules = false;
        for line in text.split(|&byte| matches!(byte, b'\n' | b'\r')) {
            let Some((key, value, is_cut)) = key_and_value(line) else {
                continue;
            };
            if begins_with_any(key, &AGENT_KEYS) {
                if in_rules {
                    (own.open, all.open, in_rules) = (false, false, false);
                }
                if is_everybody(value) {
                    (all.open, all.named) = (true, true);
                } else if product(value).eq_ignore_ascii_case(agent.as_bytes()) {
                    (own.open, own.named) = (true, true);
                }
                continue;
            }
            // A group that names this agent and everybody is its own.
            let group = match (own.open, all.open) {
                (true, _) => &mut own,
                (false, true) => &mut all,
                (false, false) => continue,
            };
            let allow = begins_with_any(key, &[b"allow"]);
            if allow || begins_with_any(key, &DISALLOW_KEYS) {
                in_rules = true;
                // Cut short it would allow more than was written.
                let counts = !(value.is_empty() || allow && is_cut);
                if counts {
                    let pattern = Pattern::new(value);
                    group.rules.push(Rule { allow, pattern });
                }
            } else if key.eq_ignore_ascii_case(b"crawl-delay")
                && let Some(seconds) = seconds(value)
            {
                group.delay = Some(group.delay.unwrap_or(0.0).max(seconds));
            }
        }
        let Group {
            mut rules, delay, ..
        } = if own.named { own } else { all };
        rules.sort_by_key(|rule| (std::cmp::Reverse(rule.pattern.priority()), !rule.allow));
        Self { rules, delay }
    }

    /// The rule that forbids a path with query; `None` when it may be read.
    pub fn forbidding(&self, path_and_query: &str) -> Option<String> {
        let target = Target::new(path_and_query);
        let decides = |rule: &&Rule| rule.pattern.holds(&target, rule.allow);
        let rule = self.rules.iter().find(decides)?;
        (!rule.allow).then(|| rule.pattern.shown())
    }
}

/// The text without its byte order mark; UTF-16 is read where it says so.
fn decoded(text: &[u8]) -> Cow<'_, [u8]> {
    let wide = match text {
        [0xFF, 0xFE, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0,
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0,
        // Files that begin with a torn mark exist; what is left of it counts.
        _ => {
            let mark = text
                .iter()
                .zip(b"\xEF\xBB\xBF")
                .take_while(|(byte, of_mark)| byte == of_mark)
                .count();
            return Cow::Borrowed(&text[mark..]);
        }
    };
    Cow::Owned(wide.into_owned().into_bytes())
}

/// Key and value of a line, and whether the line was too long to be read
/// whole.
fn key_and_value(line: &[u8]) -> Option<(&[u8], &[u8], bool)> {
    let is_cut = line.len() > MAX_LINE;
    let line = &line[..line.len().min(MAX_LINE)];
    let end = line.iter().position(|byte| matches!(byte, b'#' | 0));
    let line = trim(&line[..end.unwrap_or(line.len())]);
    let at = match memchr::memchr(b':', line) {
        Some(at) => at,
        None => {
            // Some forget the colon: two words are key and value.
            let is_gap = |byte: &u8| matches!(byte, b' ' | b'\t');
            let at = line.iter().position(is_gap)?;
            if trim(&line[at..]).iter().any(is_gap) {
                return None;
            }
            at
        }
    };
    let key = trim(&line[..at]);
    (!key.is_empty()).then(|| (key, trim(&line[at + 1..]), is_cut))
}

/// Without the white space of C around it, which counts the vertical tab.
fn trim(mut text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ');
    while let Some((_, rest)) = text.split_first().filter(|(first, _)| is_space(first)) {
        text = rest;
    }
    while let Some((_, rest)) = text.split_last().filter(|(last, _)| is_space(last)) {
        text = rest;
    }
    text
}

fn begins_with_any(key: &[u8], names: &[&[u8]]) -> bool {
    names.iter().any(|name| {
        key.get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    })
}

/// Whether a `User-agent` value is the star, also with words behind it.
fn is_everybody(value: &[u8]) -> bool {
    match value {
        [b'*'] => true,
        [b'*', second, ..] => matches!(second, b'\t'..=b'\r' | b' '),
        _ => false,
    }
}

/// The product name a `User-agent` value begins with: who writes
/// `Lentera/1.0` means this program.
fn product(value: &[u8]) -> &[u8] {
    let is_name = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
    let end = value.iter().position(|byte| !is_name(byte));
    &value[..end.unwrap_or(value.len())]
}

/// The number a value begins with; a unit or a remark behind it is passed
/// over.
fn seconds(value: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(value).ok()?;
    let is_number = |ch: char| ch.is_ascii_digit() || matches!(ch, '.' | 'e' | 'E' | '+');
    let end = text.find(|ch| !is_number(ch)).unwrap_or(text.len());
    let number = text[..end].trim_end_matches(['e', 'E', '+', '.']);
    number.parse().ok()
}
