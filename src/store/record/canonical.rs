//! The canonical form of RFC 8785: one spelling for one JSON value.
//!
//! Written here because a record is sealed for every flagged post, and the
//! crate that does it keeps a sorted copy of every key and value on the way.
//! This writes straight from the record and puts the entries of an object in
//! order once they are written. That crate is the tests' oracle.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write as _;
use std::ops::Range;

use serde::ser::{self, Error as _, Impossible, Serialize, Serializer};

/// Whole numbers below this look in a double as they look in decimal.
const EXACT: u64 = 1 << 53;

type Failure = serde_json::Error;

/// The canonical form of an object without one of its own keys.
///
/// # Errors
///
/// When `value` is of a kind that no record holds, such as an enum with
/// fields, or a map whose keys are not text.
pub(super) fn of_object(value: &impl Serialize, without: &'static str) -> Result<Vec<u8>, Failure> {
    let mut writer = Writer {
        out: Vec::with_capacity(16 << 10),
        moved: Vec::new(),
        without: Some(without),
    };
    value.serialize(&mut writer)?;
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
    /// Where the entries of an object are put in order.
    moved: Vec<u8>,
    /// A key left out of the next object.
    without: Option<&'static str>,
}

impl Writer {
    fn whole(&mut self, is_exact: bool, decimal: impl Display, double: f64) {
        if is_exact {
            write!(self.out, "{decimal}").expect("memory takes everything");
        } else {
            self.double(double);
        }
    }

    fn double(&mut self, double: f64) {
        // A number that is none is null in JSON.
        if double.is_finite() {
            let mut buffer = ryu_js::Buffer::new();
            self.out.extend_from_slice(buffer.format(double).as_bytes());
        } else {
            self.out.extend_from_slice(b"null");
        }
    }

    fn object(&mut self) -> Object<'_> {
        self.out.push(b'{');
        Object {
            first: self.out.len(),
            without: self.without.take(),
            writer: self,
            entries: Vec::new(),
            key: None,
        }
    }

    fn list(&mut self) -> List<'_> {
        self.out.push(b'[');
        List {
            writer: self,
            is_first: true,
        }
    }
}

/// Kinds of values that no record holds.
fn unknown<T>(what: &str) -> Result<T, Failure> {
    Err(Failure::custom(format!(
        "{what} has no canonical form here"
    )))
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Failure;
    type SerializeSeq = List<'w>;
    type SerializeTuple = List<'w>;
    type SerializeTupleStruct = List<'w>;
    type SerializeTupleVariant = Impossible<(), Failure>;
    type SerializeMap = Object<'w>;
    type SerializeStruct = Object<'w>;
    type SerializeStructVariant = Impossible<(), Failure>;

    fn serialize_bool(self, value: bool) -> Result<(), Failure> {
        let word: &[u8] = if value { b"true" } else { b"false" };
        self.out.extend_from_slice(word);
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Failure> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Failure> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Failure> {
        self.serialize_i64(value.into())
    }

    #[expect(clippy::cast_precision_loss, reason = "the form is that of a double")]
    fn serialize_i64(self, value: i64) -> Result<(), Failure> {
        self.whole(value.unsigned_abs() < EXACT, value, value as f64);
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Failure> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Failure> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Failure> {
        self.serialize_u64(value.into())
    }

    #[expect(clippy::cast_precision_loss, reason = "the form is that of a double")]
    fn serialize_u64(self, value: u64) -> Result<(), Failure> {
        self.whole(value < EXACT, value, value as f64);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Failure> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Failure> {
        self.double(value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Failure> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Failure> {
        // Serde escapes exactly what the canonical form escapes, and as it does.
        serde_json::to_writer(&mut self.out, text)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Failure> {
        unknown("a row of bytes")
    }

    fn serialize_none(self) -> Result<(), Failure> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Failure> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Failure> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Failure> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<(), Failure> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: &T,
    ) -> Result<(), Failure> {
        unknown(name)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'w>, Failure> {
        Ok(self.list())
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'w>, Failure> {
        Ok(self.list())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'w>, Failure> {
        Ok(self.list())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Failure> {
        unknown(name)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object<'w>, Failure> {
        Ok(self.object())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'w>, Failure> {
        Ok(self.object())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Failure> {
        unknown(name)
    }
}

struct List<'w> {
    writer: &'w mut Writer,
    is_first: bool,
}

impl List<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        if !std::mem::replace(&mut self.is_first, false) {
            self.writer.out.push(b',');
        }
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.out.push(b']');
    }
}

impl ser::SerializeSeq for List<'_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.item(value)
    }

    fn end(self) -> Result<(), Failure> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for List<'_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.item(value)
    }

    fn end(self) -> Result<(), Failure> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTupleStruct for List<'_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.item(value)
    }

    fn end(self) -> Result<(), Failure> {
        self.close();
        Ok(())
    }
}

/// An object whose entries are written as they come and put in order last.
struct Object<'w> {
    writer: &'w mut Writer,
    /// Where the first entry begins.
    first: usize,
    without: Option<&'static str>,
    entries: Vec<(Cow<'static, str>, Range<usize>)>,
    /// Of the entry whose value comes next.
    key: Option<String>,
}

impl Object<'_> {
    fn entry<T: Serialize + ?Sized>(
        &mut self,
        key: Cow<'static, str>,
        value: &T,
    ) -> Result<(), Failure> {
        if self.without.is_some_and(|without| without == key) {
            return Ok(());
        }
        if !self.entries.is_empty() {
            self.writer.out.push(b',');
        }
        let begins = self.writer.out.len();
        self.writer.serialize_str(&key)?;
        self.writer.out.push(b':');
        value.serialize(&mut *self.writer)?;
        self.entries.push((key, begins..self.writer.out.len()));
        Ok(())
    }

    fn close(mut self) {
        let Writer { out, moved, .. } = self.writer;
        if !self
            .entries
            .is_sorted_by(|one, other| is_before(&one.0, &other.0))
        {
            // By UTF-16 code units, which only for some characters is another
            // order than by bytes.
            self.entries
                .sort_by(|one, other| one.0.encode_utf16().cmp(other.0.encode_utf16()));
            moved.clear();
            for (_, place) in &self.entries {
                moved.extend_from_slice(&out[place.clone()]);
                moved.push(b',');
            }
            moved.pop();
            out.truncate(self.first);
            out.extend_from_slice(moved);
        }
        out.push(b'}');
    }
}

/// Whether two keys are surely in order.
fn is_before(one: &str, other: &str) -> bool {
    one.is_ascii() && other.is_ascii() && one <= other
}

impl ser::SerializeStruct for Object<'_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        self.entry(Cow::Borrowed(key), value)
    }

    fn end(self) -> Result<(), Failure> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failure> {
        let key = serde_json::to_value(key)?;
        let key = key.as_str().map(str::to_owned);
        let Some(key) = key else {
            return unknown("a key that is not text");
        };
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        let key = self.key.take().unwrap_or_default();
        self.entry(Cow::Owned(key), value)
    }

    fn end(self) -> Result<(), Failure> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn canonical(value: &Value) -> String {
        String::from_utf8(of_object(value, "none has this key").unwrap()).unwrap()
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

    #[test]
    fn a_record_is_written_as_the_crate_writes_it_without_its_seal() {
        let record = crate::store::sample::record();
        let mut value = serde_json::to_value(&record).unwrap();
        value.as_object_mut().unwrap().remove("integrity");
        let expected = serde_json_canonicalizer::to_vec(&value).unwrap();
        assert_eq!(of_object(&record, "integrity").unwrap(), expected);
    }
}
