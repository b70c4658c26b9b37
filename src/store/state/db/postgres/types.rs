//! Values in PostgreSQL's types.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::super::{Fault, Row, Value};

/// A value on its way to the server.
#[derive(Debug)]
pub(super) struct Sent(Value<'static>);

impl Sent {
    pub(super) fn all(values: &[Value<'_>]) -> Vec<Self> {
        values.iter().map(|value| Self(owned(value))).collect()
    }

    pub(super) fn refs(all: &[Self]) -> Vec<&(dyn ToSql + Sync)> {
        all.iter().map(|one| one as &(dyn ToSql + Sync)).collect()
    }
}

fn owned(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::Null => Value::Null,
        Value::Int(number) => Value::Int(*number),
        // PostgreSQL keeps no NUL in a text; a site may well send one.
        Value::Text(text) => Value::Text(text.replace('\0', "\u{2400}").into()),
        Value::Bytes(bytes) => Value::Bytes(bytes.to_vec().into()),
    }
}

impl ToSql for Sent {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match &self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => match *ty {
                Type::INT2 => i16::try_from(*number)?.to_sql(ty, out),
                Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
                Type::INT8 => number.to_sql(ty, out),
                _ => Err(format!("a number is not a {ty}").into()),
            },
            Value::Text(text) if <&str as ToSql>::accepts(ty) => text.as_ref().to_sql(ty, out),
            Value::Text(_) => Err(format!("a text is not a {ty}").into()),
            Value::Bytes(bytes) if *ty == Type::BYTEA => bytes.as_ref().to_sql(ty, out),
            Value::Bytes(_) => Err(format!("bytes are not a {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Reads a row.
pub(super) fn read(row: &postgres::Row) -> Result<Row, Fault> {
    let cell = |column: usize| -> Result<Value<'static>, Fault> {
        let ty = row.columns()[column].type_();
        let int = |number: Option<i64>| number.map_or(Value::Null, Value::Int);
        let value = match *ty {
            Type::BOOL => row
                .try_get(column)
                .map(|is: Option<bool>| int(is.map(i64::from))),
            Type::INT2 => row
                .try_get(column)
                .map(|n: Option<i16>| int(n.map(i64::from))),
            Type::INT4 => row
                .try_get(column)
                .map(|n: Option<i32>| int(n.map(i64::from))),
            Type::INT8 => row.try_get(column).map(int),
            Type::TEXT | Type::VARCHAR | Type::NAME => {
                row.try_get(column).map(|text: Option<String>| {
                    text.map_or(Value::Null, |text| Value::Text(text.into()))
                })
            }
            Type::BYTEA => row.try_get(column).map(|bytes: Option<Vec<u8>>| {
                bytes.map_or(Value::Null, |bytes| Value::Bytes(bytes.into()))
            }),
            _ => return Err(Fault::Strange(format!("a {ty} in column {column}"))),
        };
        value.map_err(Fault::Server)
    };
    Ok(Row((0..row.len()).map(cell).collect::<Result<_, _>>()?))
}
