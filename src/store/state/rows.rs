//! Between columns and values.
//!
//! A word or time this program did not write is an error, never a default.

use jiff::Timestamp;

use super::db::{Fault, Row};
use super::findings::FindingRow;
use crate::assessment::{Level, Route};

/// The columns [`finding`] reads, in its order.
pub(super) const FINDING: &str = "id, revision, platform, native_id, level, route, points, gates, \
                                  scanned_at, run_id, json";

/// Reads one finding.
pub(super) fn finding(row: &Row) -> Result<FindingRow, Fault> {
    let gates: String = row.get(7)?;
    Ok(FindingRow {
        id: row.get(0)?,
        revision: row.get(1)?,
        platform: row.get(2)?,
        native_id: row.get(3)?,
        level: word(row, 4, Level::parse)?,
        route: word(row, 5, Route::parse)?,
        points: row.get(6)?,
        gates: gates
            .split(',')
            .filter(|gate| !gate.is_empty())
            .map(str::to_owned)
            .collect(),
        scanned_at: time(row, 8)?,
        run_id: row.get(9)?,
        json: row.get(10)?,
    })
}

/// Reads a word that stands for a value.
pub(super) fn word<T>(
    row: &Row,
    column: usize,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, Fault> {
    let word = row.text(column)?;
    parse(word).ok_or_else(|| strange(column, word))
}

/// Reads a time.
pub(super) fn time(row: &Row, column: usize) -> Result<Timestamp, Fault> {
    word(row, column, |text| text.parse().ok())
}

fn strange(column: usize, word: &str) -> Fault {
    let word: String = word.chars().take(40).collect();
    Fault::Strange(format!("unknown value {word:?} in column {column}"))
}
