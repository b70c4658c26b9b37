//! Reading TOML tables with places, reporting every fault instead of the
//! first. Knows nothing of what the keys mean.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Code, Diagnostic, Place, nearest};
use crate::indicator::Bilingual;

/// Text and where it stands in a rule file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) place: Place,
}

/// Collects diagnostics of one file.
pub(super) struct Reader<'d> {
    pub(super) file: usize,
    pub(super) source: &'d str,
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn report(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.diagnostics.push(Diagnostic {
            place,
            code,
            message: message.into(),
            help,
        });
    }

    fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place::new(self.file, span)
    }
}

/// A table whose keys were checked against the allowed ones.
pub(super) struct Table<'t> {
    entries: &'t DeTable<'t>,
    pub(super) place: Place,
    /// What it is, for messages: "an indicator".
    what: &'static str,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Table<'t> {
    pub(super) fn new(
        reader: &mut Reader<'_>,
        entries: &'t DeTable<'t>,
        span: std::ops::Range<usize>,
        what: &'static str,
        allowed: &[&str],
    ) -> Self {
        for key in entries.keys() {
            let name = key.get_ref().as_ref();
            if allowed.contains(&name) {
                continue;
            }
            let help = match nearest(name, allowed.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{what} has: {}", allowed.join(", ")),
            };
            let place = reader.place(key.span());
            reader.report(
                Code::UnknownKey,
                place,
                format!("unknown key `{name}` in {what}"),
                Some(help),
            );
        }
        Self {
            entries,
            place: reader.place(span),
            what,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'t Value<'t>> {
        self.entries.get(key)
    }

    /// A string, if the key is there.
    pub(super) fn text(&self, reader: &mut Reader<'_>, key: &str) -> Option<Text> {
        as_text(reader, key, self.get(key)?)
    }

    /// A string that must be there and not be empty.
    pub(super) fn required(&self, reader: &mut Reader<'_>, key: &str) -> Option<Text> {
        if self.get(key).is_none() {
            self.missing(reader, key);
            return None;
        }
        let text = self.text(reader, key)?;
        if text.value.trim().is_empty() {
            let message = format!("`{key}` is empty");
            reader.report(Code::MissingKey, text.place, message, None);
            return None;
        }
        Some(text)
    }

    pub(super) fn missing(&self, reader: &mut Reader<'_>, key: &str) {
        let message = format!("{} needs `{key}`", self.what);
        let help = format!("write `{key} = …` below the heading");
        reader.report(Code::MissingKey, self.place.clone(), message, Some(help));
    }

    /// A word out of a closed list.
    pub(super) fn word<T>(
        &self,
        reader: &mut Reader<'_>,
        key: &str,
        allowed: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(reader, key)?;
        let parsed = parse(&text.value);
        if parsed.is_none() {
            let help = match nearest(&text.value, allowed.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("one of: {}", allowed.join(", ")),
            };
            let message = format!("`{}` is not a value of `{key}`", text.value);
            reader.report(Code::BadWord, text.place, message, Some(help));
        }
        parsed
    }

    /// A whole number, if the key is there.
    pub(super) fn number(&self, reader: &mut Reader<'_>, key: &str) -> Option<u32> {
        let value = self.get(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            wrong_type(reader, key, "a whole number from 0", value);
        }
        number
    }

    /// `true` or `false`; `false` when the key is absent.
    pub(super) fn flag(&self, reader: &mut Reader<'_>, key: &str) -> bool {
        let Some(value) = self.get(key) else {
            return false;
        };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            wrong_type(reader, key, "`true` or `false`", value);
        }
        flag.unwrap_or(false)
    }

    /// A list of strings; empty when the key is absent.
    pub(super) fn texts(&self, reader: &mut Reader<'_>, key: &str) -> Vec<Text> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            wrong_type(reader, key, "a list of strings, `[\"…\"]`", value);
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| as_text(reader, key, item))
            .collect()
    }

    /// A list of strings, or one string alone; empty when the key is absent.
    pub(super) fn one_or_more(&self, reader: &mut Reader<'_>, key: &str) -> Vec<Text> {
        match self.get(key) {
            Some(value) if value.get_ref().is_str() => {
                as_text(reader, key, value).into_iter().collect()
            }
            _ => self.texts(reader, key),
        }
    }

    /// A sentence in both languages that must be there.
    pub(super) fn bilingual(&self, reader: &mut Reader<'_>, key: &str) -> Option<Bilingual> {
        let Some(value) = self.get(key) else {
            self.missing(reader, key);
            return None;
        };
        let Some(entries) = value.get_ref().as_table() else {
            wrong_type(
                reader,
                key,
                "a sentence in both languages, `{ id = \"…\", en = \"…\" }`",
                value,
            );
            return None;
        };
        let table = Table::new(reader, entries, value.span(), "a sentence", &["id", "en"]);
        let id = table.required(reader, "id");
        let en = table.required(reader, "en");
        Some(Bilingual {
            id: id?.value,
            en: en?.value,
        })
    }

    /// A sub-table, if the key is there.
    pub(super) fn table(
        &self,
        reader: &mut Reader<'_>,
        key: &str,
        what: &'static str,
        allowed: &[&str],
    ) -> Option<Table<'t>> {
        let value = self.get(key)?;
        let Some(entries) = value.get_ref().as_table() else {
            wrong_type(reader, key, "a table", value);
            return None;
        };
        Some(Table::new(reader, entries, value.span(), what, allowed))
    }

    /// The tables of `[[key]]`; empty when absent.
    pub(super) fn tables(
        &self,
        reader: &mut Reader<'_>,
        key: &str,
        what: &'static str,
        allowed: &[&str],
    ) -> Vec<Table<'t>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            wrong_type(reader, key, &format!("written as `[[{key}]]`"), value);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            match item.get_ref().as_table() {
                Some(entries) => {
                    tables.push(Table::new(reader, entries, item.span(), what, allowed));
                }
                None => wrong_type(reader, key, "a table", item),
            }
        }
        tables
    }

    /// Keys and values of a table that may hold any key.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'t str, &'t Value<'t>)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), value))
    }
}

/// The lines of a block of phrases, comments and blanks left out.
pub(super) fn lines(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Vec<Text> {
    let Some(block) = as_text(reader, key, value) else {
        return Vec::new();
    };
    let raw = &reader.source[value.span()];
    // Only a literal block (''') stands in the file as it reads; in any other
    // string a line's place is the place of the whole.
    let opening = raw.strip_prefix("'''").map(|rest| {
        3 + if rest.starts_with("\r\n") {
            2
        } else {
            usize::from(rest.starts_with('\n'))
        }
    });
    let mut lines = Vec::new();
    let mut at = opening.unwrap_or(0);
    for line in block.value.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            let indent = line.len() - line.trim_start().len();
            let place = match opening {
                Some(_) => block.place.part(at + indent..at + indent + trimmed.len()),
                None => block.place.clone(),
            };
            lines.push(Text {
                value: trimmed.to_owned(),
                place,
            });
        }
        at += line.len();
    }
    lines
}

fn as_text(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Option<Text> {
    let text = value.get_ref().as_str();
    if text.is_none() {
        wrong_type(reader, key, "a string", value);
    }
    Some(Text {
        value: text?.to_owned(),
        place: reader.place(value.span()),
    })
}

fn wrong_type(reader: &mut Reader<'_>, key: &str, wanted: &str, value: &Value<'_>) {
    let message = format!(
        "`{key}` is {}, but must be {wanted}",
        value.get_ref().type_str()
    );
    let place = reader.place(value.span());
    reader.report(Code::WrongType, place, message, None);
}
