//! Statements run by SQLite, on a file of this machine.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use super::{Fault, Row, Value};

/// Statements that are kept ready.
const READY: usize = 64;

/// An open file.
pub(in super::super) struct File {
    pub(in super::super) connection: Connection,
}

impl File {
    /// Opens it; who finds it in use waits for `wait`.
    pub(in super::super) fn open(path: &Path, wait: Duration) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(wait)?;
        connection.set_prepared_statement_cache_capacity(READY);
        Ok(Self { connection })
    }

    pub(super) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.execute(params_from_iter(values))? as u64)
    }

    pub(super) fn rows(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut answer = statement.query(params_from_iter(values))?;
        let mut rows = Vec::new();
        while let Some(row) = answer.next()? {
            let mut cells = Vec::with_capacity(columns);
            for column in 0..columns {
                cells.push(read(row.get_ref(column)?, column)?);
            }
            rows.push(Row(cells));
        }
        Ok(rows)
    }

    pub(super) fn batch(&self, sql: &str) -> Result<(), Fault> {
        Ok(self.connection.execute_batch(sql)?)
    }

    /// Whether a group is open; SQLite undoes one by itself on some errors.
    pub(super) fn in_group(&self) -> bool {
        !self.connection.is_autocommit()
    }
}

fn read(value: ValueRef<'_>, column: usize) -> Result<Value<'static>, Fault> {
    let strange = || Fault::Strange(format!("no text, number or bytes in column {column}"));
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|_| strange())?;
            Value::Text(text.to_owned().into())
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec().into()),
        ValueRef::Real(_) => return Err(strange()),
    })
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
