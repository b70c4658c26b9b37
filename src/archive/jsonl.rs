//! One line of JSONL to a post.
//!
//! Refuses what is ambiguous: a known key given twice, an id that a number
//! cannot hold exactly. Messages never quote values: a value may be a contact.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::Fault;
use super::draft::{Draft, KNOWN, utf8};
use crate::skip::SkipReason::MalformedJson;

/// What becomes of keys that are not matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// They are kept as they came.
    Kept,
    /// They are only looked through: a line is refused for the same reasons.
    Checked,
}

/// Reads one line, without its end.
pub(super) fn read(line: &[u8], unknown: Unknown) -> Result<Draft<'_>, Fault> {
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
        .deserialize_map(Fields(unknown))
        .and_then(|draft| parser.end().map(|()| draft))
        .map_err(|error| Fault::new(MalformedJson, plain(&error)))
}

/// The parser's message with the column, without its "line 1".
fn plain(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    format!("{}, column {}", &message[..end], error.column())
}

struct Fields(Unknown);

impl<'de> Visitor<'de> for Fields {
    type Value = Draft<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft<'de>, A::Error> {
        let mut draft = Draft::default();
        let mut seen = [false; KNOWN.len()];
        while let Some(Text(key)) = map.next_key()? {
            let known = KNOWN.iter().position(|name| *name == key);
            let Some(known) = known else {
                match self.0 {
                    Unknown::Kept => {
                        let value = map.next_value::<Value>()?;
                        draft.extra.insert(key.into_owned(), value);
                    }
                    Unknown::Checked => map.next_value_seed(Checked)?,
                }
                continue;
            };
            if std::mem::replace(&mut seen[known], true) {
                return Err(A::Error::custom(format!("`{key}` is given twice")));
            }
            let value = map.next_value::<Given<'de>>()?;
            take(&mut draft, &key, value).map_err(A::Error::custom)?;
        }
        Ok(draft)
    }
}

/// Puts one known key where it belongs. `null` is the same as absent.
fn take<'l>(draft: &mut Draft<'l>, key: &str, value: Given<'l>) -> Result<(), String> {
    let place = match key {
        "id" => {
            draft.id = id(value)?;
            return Ok(());
        }
        "text" => &mut draft.text,
        "title" => &mut draft.title,
        "published" => &mut draft.published,
        "url" => &mut draft.url,
        "author" => &mut draft.author,
        _ => &mut draft.place_hint,
    };
    match value {
        Given::Text(text) => *place = Some(text),
        Given::Other(Value::Null) => {}
        Given::Other(_) if matches!(key, "text" | "title") => {
            return Err(format!("`{key}` is not text"));
        }
        // Not matched, so nothing is lost by keeping it as it came.
        Given::Other(other) => {
            draft.extra.insert(key.to_owned(), other);
        }
    }
    Ok(())
}

fn id(value: Given<'_>) -> Result<Option<Cow<'_, str>>, String> {
    match value {
        Given::Text(id) => Ok(Some(id)),
        Given::Other(Value::Null) => Ok(None),
        Given::Other(Value::Number(id)) if !id.is_f64() => Ok(Some(id.to_string().into())),
        Given::Other(Value::Number(_)) => {
            Err("`id` is a number that loses digits; put it in quotes".to_owned())
        }
        Given::Other(_) => Err("`id` is neither text nor a number".to_owned()),
    }
}

/// A string, borrowed from the line unless an escape in it was undone.
struct Text<'l>(Cow<'l, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Visit)
    }
}

/// The value of a known key.
enum Given<'l> {
    Text(Cow<'l, str>),
    Other(Value),
}

impl<'de> Deserialize<'de> for Given<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(VisitGiven)
    }
}

struct VisitGiven;

impl<'de> Visitor<'de> for VisitGiven {
    type Value = Given<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Given<'de>, E> {
        Ok(Given::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Given<'de>, E> {
        Ok(Given::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Given<'de>, E> {
        Ok(Given::Other(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Given<'de>, E> {
        Ok(Given::Other(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Given<'de>, E> {
        Ok(Given::Other(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Given<'de>, E> {
        Ok(Given::Other(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Given<'de>, E> {
        Ok(Given::Other(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Given<'de>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(Given::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Given<'de>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Given::Other)
    }
}

/// Looks a value through and keeps nothing. Unlike serde's `IgnoredAny` it
/// refuses what reading the value would: numbers out of range, halves of
/// surrogate pairs, nesting without end.
struct Checked;

impl<'de> DeserializeSeed<'de> for Checked {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key_seed(CheckedKey)?.is_some() {
            map.next_value_seed(Self)?;
        }
        Ok(())
    }
}

struct CheckedKey;

impl<'de> DeserializeSeed<'de> for CheckedKey {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(Checked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: &[u8]) -> (crate::skip::SkipReason, String) {
        let fault = read(line, Unknown::Kept)
            .err()
            .expect("this line is refused");
        (fault.reason, fault.detail)
    }

    #[test]
    fn an_id_may_be_text_or_a_whole_number() {
        let id = |line: &str| {
            let draft = read(line.as_bytes(), Unknown::Kept).unwrap();
            draft.id.unwrap().into_owned()
        };
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
        let draft = read(
            br#"{"id":1,"text":"x","n":0.1,"deep":{"a":[1]},"author":7}"#,
            Unknown::Kept,
        )
        .unwrap();
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

    /// Reading for keeps and reading for judging differ in `extra` only.
    fn same_either_way(line: &[u8]) {
        match (read(line, Unknown::Kept), read(line, Unknown::Checked)) {
            (Ok(kept), Ok(checked)) => {
                assert_eq!(
                    [kept.id, kept.text, kept.title, kept.url],
                    [checked.id, checked.text, checked.title, checked.url]
                );
                assert_eq!(
                    [kept.published, kept.author, kept.place_hint],
                    [checked.published, checked.author, checked.place_hint]
                );
            }
            (Err(kept), Err(checked)) => {
                assert_eq!((kept.reason, kept.detail), (checked.reason, checked.detail));
            }
            (kept, checked) => panic!("{:?} and {:?}", kept.err(), checked.err()),
        }
    }

    #[test]
    fn what_is_not_kept_is_refused_all_the_same() {
        for unknown in [
            "1e999",
            "-1e999",
            "0123",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\\x\"",
            "\"\u{1}\"",
            "{\"a\":1,\"a\":2}",
            "{\"\\ud800\":1}",
            "{1:1}",
            "[1,]",
            "nul",
            "true",
            "[[[]]]",
            "\"a\\nb\"",
            "18446744073709551616",
            "-0",
            "{\"$serde_json::private::RawValue\":\"[1\"}",
        ] {
            same_either_way(format!("{{\"id\":1,\"n\":{unknown},\"text\":\"x\"}}").as_bytes());
            same_either_way(format!("{{\"id\":1,\"author\":{unknown}}}").as_bytes());
        }
        let deep = |n: usize| format!("{{\"id\":1,\"n\":{}{}}}", "[".repeat(n), "]".repeat(n));
        for n in [100, 126, 127, 128, 129, 1 << 20] {
            same_either_way(deep(n).as_bytes());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_read_one_way_only(
            place in 0..200_usize,
            byte in proptest::prelude::any::<u8>(),
        ) {
            let mut line = br#"{"id":7,"title":"a\u00e9\"b","n":[1.5e3,{"k":null,"\ud83d\ude00":true}],"url":[2],"text":"x\ny","published":"2026-11-03","z":"\\"}"#.to_vec();
            let at = place % line.len();
            line[at] = byte;
            same_either_way(&line);
        }
    }

    #[test]
    fn text_without_escapes_is_borrowed() {
        let line = br#"{"id":"1","text":"kos \u00e9","title":"kos"}"#;
        let draft = read(line, Unknown::Checked).unwrap();
        assert!(matches!(draft.title, Some(Cow::Borrowed("kos"))));
        assert_eq!(draft.text.as_deref(), Some("kos é"));
    }
}
