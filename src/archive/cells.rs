//! One CSV row to its cells.
//!
//! The `csv` crate builds its automaton anew for every reader, which costs more
//! than a whole row; rows are cut one by one here, so that they can be read on
//! any thread. A test holds this to the crate's reading of the same bytes.

use super::Fault;
use crate::skip::SkipReason::MalformedCsv;

/// Splits a row that has no line end outside of quotes.
pub(super) fn split(row: &str, delimiter: u8) -> Result<Vec<String>, Fault> {
    let delimiter = char::from(delimiter);
    let mut cells = Vec::new();
    let mut rest = Some(row);
    while let Some(text) = rest {
        let (cell, after) = cell(text, delimiter);
        cells.push(cell?);
        rest = after;
    }
    Ok(cells)
}

/// The first cell of `text`, and what follows its delimiter.
fn cell(text: &str, delimiter: char) -> (Result<String, Fault>, Option<&str>) {
    let mut cell = String::new();
    let mut bare = text;
    if let Some(mut quoted) = text.strip_prefix('"') {
        loop {
            let Some((part, after)) = quoted.split_once('"') else {
                // Never closed: the rest of the row is this cell.
                cell.push_str(quoted);
                return (Ok(cell), None);
            };
            cell.push_str(part);
            let Some(more) = after.strip_prefix('"') else {
                bare = after;
                break;
            };
            cell.push('"');
            quoted = more;
        }
    }
    // What follows a closing quotation mark is read as it stands.
    let (part, after) = match bare.split_once(delimiter) {
        Some((part, after)) => (part, Some(after)),
        None => (bare, None),
    };
    if part.contains('\r') {
        let detail = "a carriage return outside of quotation marks";
        return (Err(Fault::new(MalformedCsv, detail)), None);
    }
    cell.push_str(part);
    (Ok(cell), after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_the_crate(row: &str, delimiter: u8) -> Vec<String> {
        let mut record = csv::StringRecord::new();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(row.as_bytes());
        reader.read_record(&mut record).unwrap();
        record.iter().map(str::to_owned).collect()
    }

    proptest! {
        #[test]
        fn cells_are_those_the_csv_crate_reads(row in "[aé,;\" ]{1,24}", semicolon: bool) {
            let delimiter = if semicolon { b';' } else { b',' };
            let cells = split(&row, delimiter).map_err(|fault| fault.detail);
            prop_assert_eq!(cells, Ok(by_the_crate(&row, delimiter)));
        }
    }

    #[test]
    fn line_ends_belong_to_quoted_cells_only() {
        let row = "1,\"a\r\nb \"\"c\"\"\",d";
        assert_eq!(split(row, b',').unwrap(), by_the_crate(row, b','));
        assert_eq!(split("1,a\rb", b',').unwrap_err().reason, MalformedCsv);
    }
}
