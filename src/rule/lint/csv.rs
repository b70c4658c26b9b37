//! Word lists and the gazetteer: the CSV files of a pack.

use super::super::RuleFiles;
use super::super::diagnostic::{Code, Diagnostic, Place};
use super::super::gazetteer::GazetteerBuilder;
use super::super::phrase::{self, Lists};
use crate::entity::Value;

/// Reads `lists/*.csv`; `lists/places.csv` becomes the gazetteer.
pub(in super::super) fn read_lists(
    files: &RuleFiles,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Lists, GazetteerBuilder) {
    let mut lists = Lists::new();
    let mut gazetteer = GazetteerBuilder::default();
    for (file, text) in files.files().iter().enumerate() {
        // A list of an overlay goes on where that of the pack ends.
        let Some(name) = text
            .name_in_folder()
            .strip_prefix("lists/")
            .and_then(|name| name.strip_suffix(".csv"))
        else {
            continue;
        };
        let wanted: &[&str] = match name {
            "places" => &["phrase", "name", "country", "province", "lists", "source"],
            _ => &["phrase", "lang", "note", "source"],
        };
        let mut csv = Csv {
            file,
            text: &text.text,
            wanted,
            diagnostics,
        };
        let rows = csv.rows();
        let list = lists.entry(name.to_owned()).or_default();
        for (fields, place) in rows {
            match phrase::parse(&fields[0], &Lists::new()) {
                Ok(templates) if name == "places" => gazetteer.add(&templates, place_of(&fields)),
                Ok(templates) => list.extend(templates),
                Err(error) => diagnostics.push(Diagnostic {
                    place,
                    code: error.code,
                    message: error.message,
                    help: error.help,
                }),
            }
        }
    }
    lists.remove("places");
    (lists, gazetteer)
}

fn place_of(fields: &[String]) -> Value {
    Value::Place {
        name: fields[1].clone(),
        country: fields[2].clone(),
        province: Some(fields[3].clone()).filter(|province| !province.is_empty()),
        lists: fields[4]
            .split(';')
            .map(str::trim)
            .filter(|list| !list.is_empty())
            .map(str::to_owned)
            .collect(),
    }
}

/// A table under reading.
pub(super) struct Csv<'c> {
    pub(super) file: usize,
    pub(super) text: &'c str,
    /// The header.
    pub(super) wanted: &'c [&'c str],
    pub(super) diagnostics: &'c mut Vec<Diagnostic>,
}

impl Csv<'_> {
    /// Rows with as many fields as wanted, in file order.
    pub(super) fn rows(&mut self) -> Vec<(Vec<String>, Place)> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(self.text.as_bytes());
        let mut rows = Vec::new();
        let mut is_header = true;
        for record in reader.records() {
            let Ok(record) = record else { continue };
            let at = record
                .position()
                .map_or(0, |position| position.byte() as usize);
            // The reader counts the line ends before a record to it.
            let start = at + self.text[at..].len() - self.text[at..].trim_start().len();
            let end = self.text[start..]
                .find('\n')
                .map_or(self.text.len(), |len| start + len);
            let place = Place::new(self.file, start..end);
            let fields: Vec<String> = record.iter().map(str::to_owned).collect();
            if is_header {
                is_header = false;
                if fields != self.wanted {
                    let message = self.header_fault(&fields);
                    self.fault(place, message);
                    return Vec::new();
                }
            } else if fields.len() != self.wanted.len() {
                let message = format!(
                    "the row has {} fields, not {}",
                    fields.len(),
                    self.wanted.len()
                );
                self.fault(place, &message);
            } else if fields[0].is_empty() {
                self.fault(place, &format!("the row has no {}", self.wanted[0]));
            } else {
                rows.push((fields, place));
            }
        }
        rows
    }

    /// What is wrong with a first line that is not the header.
    fn header_fault(&self, fields: &[String]) -> &'static str {
        let is_parted_by = |sign: char| {
            let cells = fields[0].split(sign).map(str::trim);
            fields.len() == 1 && cells.eq(self.wanted.iter().copied())
        };
        if is_parted_by('\t') {
            "the fields are parted by tabs, not commas"
        } else if is_parted_by(';') {
            "the fields are parted by semicolons, not commas"
        } else {
            "the first line must be the header"
        }
    }

    pub(super) fn fault(&mut self, place: Place, message: &str) {
        self.diagnostics.push(Diagnostic {
            place,
            code: Code::BadRow,
            message: message.to_owned(),
            help: Some(format!("the fields are: {}", self.wanted.join(","))),
        });
    }
}
