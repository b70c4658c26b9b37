//! One line of JSONL to a post.
//!
//! Refuses what is ambiguous: a known key given twice, an id that a number
//! cannot hold exactly. Messages never quote values: a value may be a contact.

use serde::Deserializer as _;
use serde::de::{Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::Fault;
use super::draft::{Draft, KNOWN, utf8};
use crate::skip::SkipReason::MalformedJson;

/// Reads one line, without its end.
pub(super) fn read(line: &[u8]) -> Result<Draft, Fault> {
    let text = utf8(line)?;
    match text.trim_ascii_start().as_bytes().first() {
        Some(b'{') => {}
        Some(b'[') => {
            let detail = "a JSON list; write one object a line, such as with: jq -c '.[]'";
            return Err(Fault::new(MalformedJson, detail));
        }
        _ => return Err(Fault::new(MalformedJson, "a line is one JSON object: {…}")),
    }
    let mut parser = serde_json::Deserializer::from_str(text);
    parser
        .deserialize_map(Fields)
        .and_then(|draft| parser.end().map(|()| draft))
        .map_err(|error| Fault::new(MalformedJson, plain(&error)))
}

/// The parser's message with the column, without its "line 1".
fn plain(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    format!("{}, column {}", &message[..end], error.column())
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Draft;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft, A::Error> {
        let mut draft = Draft::default();
        let mut seen = [false; KNOWN.len()];
        while let Some(key) = map.next_key::<String>()? {
            let known = KNOWN.iter().position(|name| *name == key);
            if known.is_some_and(|known| std::mem::replace(&mut seen[known], true)) {
                return Err(A::Error::custom(format!("`{key}` is given twice")));
            }
            let value = map.next_value::<Value>()?;
            take(&mut draft, key, value).map_err(A::Error::custom)?;
        }
        Ok(draft)
    }
}

/// Puts one key where it belongs. `null` is the same as absent.
fn take(draft: &mut Draft, key: String, value: Value) -> Result<(), String> {
    match key.as_str() {
        "id" => draft.id = id(value)?,
        "text" => draft.text = text(&key, value)?,
        "title" => draft.title = text(&key, value)?,
        "published" => draft.published = Some(value).filter(|value| !value.is_null()),
        "url" | "author" | "place_hint" => match value {
            Value::Null => {}
            Value::String(text) => {
                *match key.as_str() {
                    "url" => &mut draft.url,
                    "author" => &mut draft.author,
                    _ => &mut draft.place_hint,
                } = Some(text);
            }
            // Not matched, so nothing is lost by keeping it as it came.
            other => {
                draft.extra.insert(key, other);
            }
        },
        _ => {
            draft.extra.insert(key, value);
        }
    }
    Ok(())
}

fn id(value: Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(id) => Ok(Some(id)),
        Value::Number(id) if !id.is_f64() => Ok(Some(id.to_string())),
        Value::Number(_) => Err("`id` is a number that loses digits; put it in quotes".to_owned()),
        _ => Err("`id` is neither text nor a number".to_owned()),
    }
}

fn text(key: &str, value: Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(format!("`{key}` is not text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: &[u8]) -> (crate::skip::SkipReason, String) {
        let fault = read(line).err().expect("this line is refused");
        (fault.reason, fault.detail)
    }

    #[test]
    fn an_id_may_be_text_or_a_whole_number() {
        let id = |line: &str| read(line.as_bytes()).unwrap().id.unwrap();
        assert_eq!(id(r#"{"id": "a-1", "text": ""}"#), "a-1");
        assert_eq!(
            id(r#"{"id": 18446744073709551615}"#),
            "18446744073709551615"
        );
        assert!(
            fault(br#"{"id": 18446744073709551616}"#)
                .1
                .contains("loses digits")
        );
        assert!(fault(br#"{"id": [1]}"#).1.contains("neither"));
    }

    #[test]
    fn unknown_keys_are_kept_and_known_ones_never_doubled() {
        let draft = read(br#"{"id":1,"text":"x","n":0.1,"deep":{"a":[1]},"author":7}"#).unwrap();
        assert_eq!(draft.extra["n"], serde_json::json!(0.1));
        assert_eq!(draft.extra["deep"], serde_json::json!({"a": [1]}));
        assert_eq!(draft.extra["author"], serde_json::json!(7));
        let (reason, detail) = fault(br#"{"id":1,"text":"x","text":"y"}"#);
        assert_eq!(reason, MalformedJson);
        assert!(
            detail.starts_with("`text` is given twice, column "),
            "{detail}"
        );
    }

    #[test]
    fn a_refusal_names_the_place_and_never_the_value() {
        let (reason, detail) = fault(br#"{"id": 1, "text": "0812-0000-0111" oops}"#);
        assert_eq!(reason, MalformedJson);
        assert!(detail.ends_with("column 36"), "{detail}");
        assert!(!detail.contains("0812"));
        for line in [
            &b"\"0812-0000-0111\""[..],
            b"{\"text\": 81200000111}",
            b"[1]",
            b"{}x",
        ] {
            let (reason, detail) = fault(line);
            assert_eq!(reason, MalformedJson);
            assert!(!detail.contains("0000"), "{detail}");
        }
        assert_eq!(
            fault(b"{\"id\": \"\xff\"}").0,
            crate::skip::SkipReason::InvalidUtf8
        );
    }

    #[test]
    fn nesting_is_bounded_however_deep_it_is_written() {
        let bomb = format!(r#"{{"id":1,"text":"x","bomb":{}"#, "[".repeat(1 << 20));
        assert!(fault(bomb.as_bytes()).1.contains("recursion limit"));
    }
}
