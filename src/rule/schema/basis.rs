//! What rules rest on: sources, citations with their place, codes of other
//! vocabularies, and the parts of the legal definition.

use crate::indicator::{Element, Reading, framework_codes, framework_names, is_framework_code};
use crate::rule::diagnostic::{Code, Place, nearest};
use crate::rule::read::{Reader, Table, Text};

/// What a rule rests on.
#[derive(Debug)]
pub(in crate::rule) struct SourceEntry {
    pub(in crate::rule) key: Text,
    pub(in crate::rule) title: String,
    pub(in crate::rule) locator: String,
    pub(in crate::rule) page: Option<String>,
    pub(in crate::rule) section: Option<String>,
    pub(in crate::rule) reading: Reading,
}

impl SourceEntry {
    /// Known from memory only: its page could not be opened.
    pub(in crate::rule) fn is_unchecked(&self) -> bool {
        self.reading == Reading::Memory
    }
}

/// `KEY` or `KEY#section` in a rule.
#[derive(Debug)]
pub(in crate::rule) struct Cited {
    pub(in crate::rule) key: String,
    pub(in crate::rule) section: Option<String>,
    pub(in crate::rule) place: Place,
}

pub(super) fn sources(reader: &mut Reader<'_>, root: &Table<'_>) -> Vec<SourceEntry> {
    let keys = ["key", "title", "where", "page", "section", "read"];
    let readings: Vec<&str> = Reading::ALL.iter().map(|one| one.as_str()).collect();
    let tables = root.tables(reader, "source", "a source", &keys);
    let mut sources = Vec::new();
    for table in tables {
        let reading = table.word(reader, "read", &readings, Reading::parse);
        let place_in = |reader: &mut Reader<'_>, name: &str| match table.get(name) {
            Some(_) => table.required(reader, name).map(|text| text.value),
            None => None,
        };
        let page = place_in(reader, "page");
        let section = place_in(reader, "section");
        let key = table.required(reader, "key");
        let title = table.required(reader, "title");
        let locator = table.required(reader, "where");
        if let (Some(key), Some(title), Some(locator)) = (key, title, locator) {
            sources.push(SourceEntry {
                key,
                title: title.value,
                locator: locator.value,
                page,
                section,
                reading: reading.unwrap_or(Reading::Excerpt),
            });
        }
    }
    sources
}

/// The sources of a rule that must name one.
pub(super) fn required_sources(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Cited> {
    let sources = cited(reader, table);
    if sources.is_empty() {
        table.missing(reader, "sources");
    }
    sources
}

/// The sources of a rule that need not name one.
pub(super) fn cited(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Cited> {
    let texts = table.texts(reader, "sources");
    let mut cited = Vec::with_capacity(texts.len());
    for text in texts {
        let (key, section) = match text.value.split_once('#') {
            Some((key, section)) => (key, Some(section.trim())),
            None => (text.value.as_str(), None),
        };
        if section == Some("") {
            let message = format!("`{}` names no place after `#`", text.value);
            let help = format!("write the number or name of the part, or `{key}` alone");
            reader.report(Code::BadWord, text.place.clone(), message, Some(help));
        }
        cited.push(Cited {
            key: key.trim().to_owned(),
            section: section.map(str::to_owned),
            place: text.place,
        });
    }
    cited
}

/// The parts of the legal definition a rule is a sign of, in order.
pub(super) fn palermo(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Element> {
    let words: Vec<&str> = Element::ALL.iter().map(|one| one.as_str()).collect();
    let mut elements = Vec::new();
    for text in table.one_or_more(reader, "palermo") {
        match Element::parse(&text.value) {
            Some(element) => elements.push(element),
            None => {
                let near = nearest(&text.value, words.iter().copied());
                let help = near.map_or_else(
                    || format!("one of: {}", words.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("`{}` is not a value of `palermo`", text.value);
                reader.report(Code::BadWord, text.place, message, Some(help));
            }
        }
    }
    elements.sort_unstable();
    elements.dedup();
    elements
}

/// Codes of other vocabularies; one that none has is reported.
pub(super) fn frameworks(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<String> {
    let texts = table.texts(reader, "frameworks");
    let mut codes = Vec::with_capacity(texts.len());
    for text in texts {
        if !is_framework_code(&text.value) {
            let known: Vec<String> = framework_codes().collect();
            let help = match nearest(&text.value, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => vocabulary_help(&text.value, &known),
            };
            let message = format!("`{}` is no code of a known vocabulary", text.value);
            reader.report(Code::UnknownFramework, text.place, message, Some(help));
        }
        codes.push(text.value);
    }
    codes
}

/// The codes of the vocabulary meant, or the vocabularies there are.
fn vocabulary_help(written: &str, known: &[String]) -> String {
    let meant = written.split(':').next().unwrap_or_default();
    let prefix = format!("{meant}:");
    let codes: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .filter(|code| code.starts_with(&prefix))
        .collect();
    if codes.is_empty() {
        let names: Vec<&str> = framework_names().collect();
        format!(
            "write `VOCABULARY:VALUE`; vocabularies: {}",
            names.join(", ")
        )
    } else {
        format!("one of: {}", codes.join(", "))
    }
}
