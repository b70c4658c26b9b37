//! What is wrong with the sources of a `lentera.toml`: place, message, help.
//!
//! Reading a source stops at its first fault. A person who writes one wants to
//! see all of them at once, so this looks at every key on its own first, and
//! asks the reader itself last: what passes here can be used.

mod advice;
mod schema;
mod value;

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::written::Written;
use super::{Source, SourceError};

/// What kind of fault a [`Notice`] tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// Not TOML.
    Syntax,
    /// A key that is none.
    UnknownKey,
    /// A value of another type than the key takes.
    WrongType,
    /// A key that is missing.
    MissingKey,
    /// A word that is none of the known ones.
    UnknownWord,
    /// An id that cannot name a platform, or that another source has.
    BadId,
    /// An address or host that cannot be fetched.
    BadAddress,
    /// A selector that is not CSS.
    BadSelector,
    /// A pattern that is not a regular expression, or lacks a group.
    BadPattern,
    /// An address template without its place.
    BadTemplate,
    /// Keys that do not go together.
    Together,
    /// A cron line that is none, or never comes.
    BadSchedule,
    /// A time zone that nobody knows.
    BadZone,
    /// Advice: nothing leads to further pages.
    NoPaging,
    /// Advice: nothing bounds a run but the usual.
    NoBudget,
    /// Advice: a selector that finds too much, or the same as another.
    LooseSelector,
    /// Advice: a start page that the source itself forbids.
    StartOutside,
    /// Advice: a value that has no effect as written.
    NoEffect,
}

impl Code {
    /// The stable name: `S0..` are errors, `S1..` advice.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "S001",
            Self::UnknownKey => "S002",
            Self::WrongType => "S003",
            Self::MissingKey => "S004",
            Self::UnknownWord => "S005",
            Self::BadId => "S006",
            Self::BadAddress => "S007",
            Self::BadSelector => "S008",
            Self::BadPattern => "S009",
            Self::BadTemplate => "S010",
            Self::Together => "S011",
            Self::BadSchedule => "S012",
            Self::BadZone => "S013",
            Self::NoPaging => "S101",
            Self::NoBudget => "S102",
            Self::LooseSelector => "S103",
            Self::StartOutside => "S104",
            Self::NoEffect => "S105",
        }
    }

    /// Whether it keeps the source from being used.
    pub fn is_error(self) -> bool {
        self.as_str().starts_with("S0")
    }
}

/// One fault or piece of advice about a source definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// First byte of the place in the file.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What kind.
    pub code: Code,
    /// What is wrong, one sentence without a full stop. May quote the file.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Notice {
    fn new(place: Range<usize>, code: Code, message: impl Into<String>) -> Self {
        Self {
            start: place.start,
            end: place.end,
            code,
            message: message.into(),
            help: None,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Line and column of the place in `text`, both from 1, the column in
    /// characters.
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let before = &text[..text.floor_char_boundary(self.start)];
        let line = before.rsplit('\n').next().unwrap_or(before);
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

/// A table with the place of each key and value.
type Table<'i> = DeTable<'i>;
type Value<'i> = Spanned<DeValue<'i>>;

/// Everything that is wrong with the `[[source]]` of a `lentera.toml`, in file
/// order, and advice about those that are sound.
pub fn lint(text: &str) -> Vec<Notice> {
    let (file, faults) = DeTable::parse_recoverable(text);
    let mut notices: Vec<Notice> = faults
        .iter()
        .map(|fault| {
            let place = fault.span().unwrap_or(0..0);
            let message = format!("this is not TOML: {}", fault.message());
            let help = if fault.message().contains("duplicate") {
                "it stands twice; each source begins with `[[source]]`, two brackets on each side"
            } else {
                "patterns go in single quotes: '/iklan/(\\d+)'; a table head is `[source.post]`"
            };
            Notice::new(place, Code::Syntax, message).help(help)
        })
        .collect();
    // What was recovered after a slip of syntax would be told off for it twice.
    if notices.is_empty() {
        whole_file(file.get_ref(), &mut notices);
    }
    notices.sort();
    notices.dedup();
    notices
}

fn whole_file(file: &Table<'_>, notices: &mut Vec<Notice>) {
    for (key, value) in file {
        let name: &str = key.get_ref();
        let is_close = name != "source" && strsim::damerau_levenshtein(name, "source") <= 2;
        if is_close && (value.get_ref().is_array() || value.get_ref().is_table()) {
            let message = format!("`{name}` is not a table of this file");
            let notice = Notice::new(key.span(), Code::UnknownKey, message);
            notices.push(notice.help("did you mean `[[source]]`?"));
        }
    }
    let Some(sources) = file.get("source") else {
        return;
    };
    let Some(list) = sources.get_ref().as_array() else {
        let message = "sources are written as a list";
        let notice = Notice::new(sources.span(), Code::WrongType, message);
        notices.push(notice.help("write `[[source]]`, with two brackets on each side"));
        return;
    };
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for source in list {
        one_source(source, notices);
        let id = source.get_ref().get("id");
        let Some(name) = id.and_then(|id| id.get_ref().as_str()) else {
            continue;
        };
        if !ids.insert(name.to_owned()) {
            let place = id.map_or(source.span(), Spanned::span);
            let message = format!("the id `{name}` is used twice");
            let notice = Notice::new(place, Code::BadId, message);
            notices
                .push(notice.help("posts are known by the id of their source: give each its own"));
        }
    }
}

fn one_source(source: &Value<'_>, notices: &mut Vec<Notice>) {
    let Some(table) = source.get_ref().as_table() else {
        let message = "a source is a table";
        notices.push(Notice::new(source.span(), Code::WrongType, message));
        return;
    };
    let mut faults = Vec::new();
    schema::check(table, schema::SOURCE, "source", &mut faults);
    schema::required(table, &source.span(), &mut faults);
    if faults.is_empty() {
        match read(source) {
            Ok(read) => advice::about(table, &source.span(), &read, &mut faults),
            Err(notice) => faults.push(notice),
        }
    }
    notices.append(&mut faults);
}

/// Reads a source as a crawl does.
fn read(source: &Value<'_>) -> Result<Source, Notice> {
    let whole = source.span();
    let written = Written::deserialize(ValueDeserializer::from(source.clone()));
    let written = written.map_err(|error| {
        let place = error.span().unwrap_or_else(|| whole.clone());
        Notice::new(place, Code::Together, error.message())
    })?;
    Source::try_from(written).map_err(|error| {
        let (code, key) = cause(&error);
        let place = key.and_then(|key| place_of(source, key));
        let message = plain(&error);
        Notice::new(place.unwrap_or(whole), code, message)
    })
}

/// What kind of fault it is, and which key it is about.
fn cause(error: &SourceError) -> (Code, Option<&'static str>) {
    match error {
        SourceError::Id { .. } => (Code::BadId, Some("id")),
        SourceError::Word { key, .. } => (Code::UnknownWord, Some(key)),
        SourceError::Shape { .. } => (Code::Together, Some("kind")),
        SourceError::NoKind { .. } => (Code::MissingKey, Some("id")),
        SourceError::Preset { .. } => (Code::Together, Some("preset")),
        SourceError::Start { .. } => (Code::BadAddress, Some("start")),
        SourceError::Listing(_) => (Code::Together, Some("listing")),
        SourceError::Post(_) => (Code::Together, Some("post")),
        SourceError::Json(_) => (Code::Together, Some("json")),
        SourceError::Selector { .. } => (Code::BadSelector, None),
        SourceError::Template { .. } => (Code::BadTemplate, Some("listing")),
        SourceError::Pattern { .. } => (Code::BadPattern, None),
    }
}

/// The message without the id: the place says which source it is.
fn plain(error: &SourceError) -> String {
    match error {
        SourceError::Shape { kind, problem, .. } => format!("kind \"{kind}\" {problem}"),
        SourceError::NoKind { .. } => {
            "a source needs `kind`, or `preset` for a place that is known".to_owned()
        }
        SourceError::Preset { .. } => {
            "a `preset` stands for `kind` and all tables; leave those out".to_owned()
        }
        other => other.to_string(),
    }
}

/// Where a key of the source stands with its value.
fn place_of(source: &Value<'_>, key: &str) -> Option<Range<usize>> {
    source.get_ref().get(key).map(Spanned::span)
}

#[cfg(test)]
mod tests;
