//! The header of a CSV file, and one row to a post.
//!
//! Commas, semicolons (what Excel writes where the comma is decimal) and tabs
//! are told apart by which of them shows columns `id` and `text`.

use serde_json::Value;

use super::Fault;
use super::cells;
use super::draft::{Draft, KNOWN, utf8};
use crate::skip::SkipReason::{MalformedCsv, NoCsvHeader};

/// What the columns of a CSV file mean.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) delimiter: u8,
    /// Column names: one of [`KNOWN`], or a name kept as extra.
    columns: Vec<String>,
}

impl Header {
    /// Finds the delimiter and columns in the first line of `text`.
    pub(super) fn detect(text: &[u8]) -> Result<Self, Fault> {
        let line = first_line(text);
        if let Some(&[delimiter]) = line.strip_prefix(b"sep=") {
            let rest = text.get(line.len()..).unwrap_or(b"").trim_ascii_start();
            return Self::read(first_line(rest), delimiter);
        }
        let mut tries = [b',', b';', b'\t'].map(|delimiter| Self::read(line, delimiter));
        match tries.iter().position(Result::is_ok) {
            Some(found) => std::mem::replace(&mut tries[found], Err(no_header(&[]))),
            None => Err(no_header(line)),
        }
    }

    /// Whether a row is Excel's own `sep=;` and not the header.
    pub(super) fn is_hint(row: &[u8]) -> bool {
        row.len() == 5 && row.starts_with(b"sep=")
    }

    /// Reads the header row.
    pub(super) fn read(row: &[u8], delimiter: u8) -> Result<Self, Fault> {
        let names = cells::split(utf8(row)?, delimiter)?;
        let mut columns: Vec<String> = Vec::with_capacity(names.len());
        for name in &names {
            let name = name.trim();
            let known = KNOWN.iter().find(|known| name.eq_ignore_ascii_case(known));
            let mut column = known.map_or_else(|| name.to_owned(), |known| (*known).to_owned());
            if columns.contains(&column) && !column.is_empty() {
                if known.is_some() {
                    let detail = format!("two columns are named {column}; rename one");
                    return Err(Fault::new(NoCsvHeader, detail));
                }
                column = format!("{column} ({})", columns.len() + 1);
            }
            columns.push(column);
        }
        if ["id", "text"]
            .iter()
            .all(|need| columns.iter().any(|column| column == need))
        {
            Ok(Self { delimiter, columns })
        } else {
            Err(no_header(row))
        }
    }

    /// Reads one row.
    pub(super) fn draft<'l>(&self, row: &'l [u8]) -> Result<Draft<'l>, Fault> {
        let mut cells = cells::split(utf8(row)?, self.delimiter)?;
        // Excel leaves out empty cells at the end of a row, or adds some.
        while cells.len() > self.columns.len() && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.len() > self.columns.len() {
            let (found, named) = (cells.len(), self.columns.len());
            let detail = format!("{found} fields where the header names {named}");
            return Err(Fault::new(MalformedCsv, detail));
        }
        let mut draft = Draft::default();
        for (column, cell) in self.columns.iter().zip(cells) {
            let place = match column.as_str() {
                "id" => &mut draft.id,
                "text" => &mut draft.text,
                "title" => &mut draft.title,
                "url" => &mut draft.url,
                "author" => &mut draft.author,
                "place_hint" => &mut draft.place_hint,
                _ if cell.is_empty() => continue,
                "published" => &mut draft.published,
                extra => {
                    draft.extra.insert(extra.to_owned(), Value::String(cell));
                    continue;
                }
            };
            // A cell cannot be absent, so an empty one means it.
            let means_it = !cell.is_empty() || column == "text";
            *place = Some(cell.into()).filter(|_| means_it);
        }
        Ok(draft)
    }
}

fn first_line(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|&byte| byte == b'\n');
    text[..end.unwrap_or(text.len())].trim_ascii_end()
}

/// Says what the first line holds. It may be a post, so digits are not shown.
fn no_header(line: &[u8]) -> Fault {
    const SHOWN: usize = 80;
    let text = String::from_utf8_lossy(line);
    let mut found: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_ascii_digit() { '#' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        found.push('…');
    }
    let detail = format!("the first line must name columns id and text; it reads: {found}");
    Fault::new(NoCsvHeader, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_shows_the_columns() {
        let delimiter = |text: &str| Header::detect(text.as_bytes()).unwrap().delimiter;
        assert_eq!(delimiter("id,text\n"), b',');
        assert_eq!(delimiter("\"ID\"; Text ;harga, nego\r\n"), b';');
        assert_eq!(delimiter("text\tid\n"), b'\t');
        assert_eq!(delimiter("sep=;\r\nid;text\r\n"), b';');
    }

    #[test]
    fn a_first_line_that_is_a_post_is_not_shown_with_its_number() {
        let fault = Header::detect(b"7,Jual motor 0812-0000-0123,Bandung\n").unwrap_err();
        assert_eq!(fault.reason, NoCsvHeader);
        assert!(
            fault
                .detail
                .ends_with("#,Jual motor ####-####-####,Bandung")
        );
        assert!(
            Header::detect(b"id,text,TEXT\n")
                .unwrap_err()
                .detail
                .contains("id and text")
        );
        assert!(
            Header::read(b"id,text,TEXT", b',')
                .unwrap_err()
                .detail
                .contains("two columns")
        );
    }

    #[test]
    fn a_row_follows_its_header() {
        let header = Header::detect(b"id,Harga,text,Harga,published\n").unwrap();
        let draft = header.draft(b"1,5,\"a, \"\"b\"\"\",6").unwrap();
        assert_eq!(draft.text.as_deref(), Some("a, \"b\""));
        assert_eq!(draft.extra["Harga"], "5");
        assert_eq!(draft.extra["Harga (4)"], "6");
        assert_eq!(draft.published, None);
        assert!(header.draft(b"1,2,3,4,5,,").is_ok());
        assert_eq!(
            header.draft(b"1,2,3,4,5,6").err().unwrap().reason,
            MalformedCsv
        );
        assert!(header.draft(b"1,2").unwrap().text.is_none());
    }
}
