//! Short free texts that nothing was recognised in: place hints, addresses,
//! ids, and keys of the input nobody knows.

use serde_json::Value as Json;

use super::{MASK, runs, styles};
use crate::entity::{Entity, Value};

/// Digits at the end of a telephone number by which it is known again,
/// whatever stands before them: `+62`, `0`, `62` or nothing.
const TAIL: usize = 9;

/// Masks free texts of one post.
#[derive(Clone, Debug)]
pub struct FreeText {
    tails: Vec<String>,
}

impl FreeText {
    /// Knows the telephone numbers found in the post.
    pub fn new(entities: &[Entity]) -> Self {
        let phones = entities.iter().filter_map(|entity| match &entity.value {
            Value::Phone { e164, .. } => Some(e164),
            _ => None,
        });
        let tails = phones
            .map(|e164| {
                let digits: String = e164.chars().filter(char::is_ascii_digit).collect();
                digits[digits.len().saturating_sub(TAIL)..].to_owned()
            })
            .filter(|tail| tail.len() >= 6)
            .collect();
        Self { tails }
    }

    /// Masks the post's own telephone numbers and nothing else: ids and
    /// addresses are full of long numbers that are nobody's.
    pub fn known_phones(&self, text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut masked = chars.clone();
        for run in runs::runs(&chars, &[]) {
            let digits = runs::digits_of(&chars[run.clone()]);
            if self.tails.iter().any(|tail| digits.contains(tail)) {
                masked[run.clone()].copy_from_slice(&styles::phone(&chars[run]));
            }
        }
        masked.into_iter().collect()
    }

    /// Masks every long number and everything that looks like a contact.
    pub fn any_contact(&self, text: &str) -> String {
        let known = self.known_phones(text);
        let chars: Vec<char> = known.chars().collect();
        let mut masked = chars.clone();
        for run in runs::long_runs(&chars, &[]) {
            masked[run.clone()].copy_from_slice(&styles::phone(&chars[run]));
        }
        let mut start = 0;
        for word in chars.split(|c| c.is_whitespace()) {
            let range = start..start + word.len();
            start = range.end + 1;
            if let Some(value) = looks_like_contact(word)
                && let Some(word) = styles::masked(&value, &masked[range.clone()])
            {
                masked[range].copy_from_slice(&word);
            }
        }
        styles::defang(&mut masked);
        masked.into_iter().collect()
    }

    /// [`FreeText::any_contact`] for every string, key and long number of a
    /// JSON value. A number of nine or more digits becomes a masked string.
    pub fn json(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => Json::String(self.any_contact(text)),
            Json::Number(number) => {
                let text = number.to_string();
                let masked = self.any_contact(&text);
                if masked == text {
                    value.clone()
                } else {
                    Json::String(masked)
                }
            }
            Json::Array(items) => items.iter().map(|item| self.json(item)).collect(),
            Json::Object(object) => object
                .iter()
                .map(|(key, value)| (self.any_contact(key), self.json(value)))
                .collect(),
            Json::Null | Json::Bool(_) => value.clone(),
        }
    }
}

/// What a word is masked as; its own text is not needed for that.
fn looks_like_contact(word: &[char]) -> Option<Value> {
    let text: String = word.iter().collect::<String>().to_lowercase();
    let link = |messenger| {
        Some(Value::Link {
            address: String::new(),
            messenger,
        })
    };
    if ["wa.me", "t.me/", "whatsapp.com", "telegram.me"]
        .iter()
        .any(|host| text.contains(host))
    {
        link(true)
    } else if text.contains("://") || text.starts_with("www.") {
        link(false)
    } else if text.contains('@') && text.chars().any(|c| c != '@' && c != MASK) {
        let (before, after) = text.split_once('@').unwrap_or_default();
        Some(if before.is_empty() || !after.contains('.') {
            Value::Handle {
                name: String::new(),
            }
        } else {
            Value::Email {
                address: String::new(),
            }
        })
    } else {
        None
    }
}

/// A web address that cannot be opened by mistake: `hxxps://x[.]y/…`. `None`
/// when it is no web address at all.
pub fn defang_url(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "http" => "hxxp",
        "https" => "hxxps",
        _ => return None,
    };
    let host_end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(host_end);
    // Names and passwords before an at sign are nobody's business.
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    Some(format!("{scheme}://{}{path}", host.replace('.', "[.]")))
}
