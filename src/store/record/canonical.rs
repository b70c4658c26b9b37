//! The canonical form of RFC 8785: one spelling for one JSON value.
//!
//! Written here because a record is sealed for every flagged post, and the
//! crate that does it for any serializer keeps a sorted copy of every key and
//! value on the way. That crate is the tests' oracle.

use serde_json::{Map, Number, Value};

/// Whole numbers up to here look in a double as they look in decimal.
const EXACT: u64 = 1 << 53;

/// Appends the canonical form of an object without one of its keys.
pub(super) fn write_object(out: &mut Vec<u8>, object: &Map<String, Value>, without: &str) {
    let kept = object.iter().filter(|(key, _)| *key != without);
    write_entries(out, kept.collect());
}

fn write_entries(out: &mut Vec<u8>, mut entries: Vec<(&String, &Value)>) {
    // By UTF-16 code units. Keys come sorted by bytes, which is the same as
    // long as they are ASCII.
    if !entries.iter().all(|(key, _)| key.is_ascii()) {
        entries.sort_by(|one, other| one.0.encode_utf16().cmp(other.0.encode_utf16()));
    }
    out.push(b'{');
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_text(out, key);
        out.push(b':');
        write(out, value);
    }
    out.push(b'}');
}

fn write(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_text(out, text),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(out, item);
            }
            out.push(b']');
        }
        Value::Object(object) => write_entries(out, object.iter().collect()),
    }
}

fn write_number(out: &mut Vec<u8>, number: &Number) {
    let is_exact = number
        .as_i64()
        .is_some_and(|whole| whole.unsigned_abs() < EXACT);
    if is_exact {
        out.extend_from_slice(number.to_string().as_bytes());
    } else {
        // Every number of a JSON value has a finite double.
        let double = number.as_f64().unwrap_or_default();
        let mut buffer = ryu_js::Buffer::new();
        out.extend_from_slice(buffer.format(double).as_bytes());
    }
}

/// Serde escapes exactly what the canonical form escapes, and as it does.
fn write_text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("a string can be written to memory");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn canonical(value: &Value) -> String {
        let mut out = Vec::new();
        write(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let text = "[a-c\u{0}-\u{1f}\"\\\\/é\u{7f}\u{2028}\u{ffee}😀]{0,6}";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-9_i64..9).prop_map(Value::from),
            any::<f64>().prop_map(|number| json!(number)),
            text.prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(text, inner, 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_form_is_the_one_the_crate_writes(value in any_value()) {
            let expected = serde_json_canonicalizer::to_string(&value).unwrap();
            prop_assert_eq!(canonical(&value), expected);
        }
    }

    #[test]
    fn keys_are_sorted_as_utf_16_and_numbers_written_as_doubles() {
        let value = json!({"\u{ffee}": 1, "😀": 2, "b": [1e21, 0.1, 9_007_199_254_740_993_u64]});
        assert_eq!(
            canonical(&value),
            "{\"b\":[1e+21,0.1,9007199254740992],\"😀\":2,\"\u{ffee}\":1}"
        );
    }
}
