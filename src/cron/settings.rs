//! `[schedule]` of `lentera.toml`, and the keys of sources that go with it.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::jitter::MOST_MINUTES;
use super::{TimetableError, read, zone};

/// The word of a source that is read by hand only.
pub const OFF: &str = "off";

/// `[schedule]`: when sources are read that do not say it themselves.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The cron line; `None` leaves sources without a line of their own to
    /// those who type `lentera crawl`.
    pub cron: Option<String>,
    /// IANA name of the zone in which lines are read.
    pub zone: String,
    /// Most minutes that a source is read later than its time.
    pub jitter_minutes: u64,
    /// Whether times that passed while nothing ran are made good, once.
    pub catch_up: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cron: None,
            zone: "Asia/Jakarta".to_owned(),
            jitter_minutes: 0,
            catch_up: true,
        }
    }
}

/// What kind of fault a [`Fault`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A line that is none, or that never comes.
    Line,
    /// A zone that nobody knows.
    Zone,
    /// A delay beyond all use.
    Jitter,
}

/// Something in `lentera.toml` that cannot be kept to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Bytes of the file.
    pub place: Range<usize>,
    /// What kind.
    pub kind: FaultKind,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: String,
}

impl Fault {
    fn new(place: Range<usize>, kind: FaultKind, error: &TimetableError) -> Self {
        Self {
            place,
            kind,
            message: error.to_string(),
            help: error.help(),
        }
    }

    /// The fault with its line and column in `text`, both from 1, and what to
    /// write.
    pub fn told(&self, text: &str) -> String {
        let before = &text[..text.floor_char_boundary(self.place.start)];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let (message, help) = (&self.message, &self.help);
        format!("line {line}, column {column}: {message}; {help}")
    }
}

/// Every cron line, zone and delay of a `lentera.toml` that cannot be kept to,
/// in file order. A file that is not TOML, or has values of other types, is
/// left to those who read the rest of it.
pub fn check(text: &str) -> Vec<Fault> {
    let Ok(file) = DeTable::parse(text) else {
        return Vec::new();
    };
    let file = file.get_ref();
    let mut faults = Vec::new();
    if let Some(table) = file.get("schedule") {
        let table = table.get_ref();
        line(table.get("cron"), &mut faults);
        zoned(table.get("zone"), &mut faults);
        delayed(table.get("jitter_minutes"), &mut faults);
    }
    let sources = file
        .get("source")
        .and_then(|list| list.get_ref().as_array());
    for source in sources.into_iter().flatten() {
        let written = source.get_ref().get("schedule");
        line(
            written.filter(|value| value.get_ref().as_str() != Some(OFF)),
            &mut faults,
        );
        zoned(source.get_ref().get("zone"), &mut faults);
    }
    faults.sort_by_key(|fault| fault.place.start);
    faults
}

type Value<'i> = Spanned<DeValue<'i>>;

fn line(value: Option<&Value<'_>>, faults: &mut Vec<Fault>) {
    let Some((value, text)) = value.and_then(|one| Some((one, one.get_ref().as_str()?))) else {
        return;
    };
    if let Err(error) = read(text) {
        faults.push(Fault::new(value.span(), FaultKind::Line, &error));
    }
}

fn zoned(value: Option<&Value<'_>>, faults: &mut Vec<Fault>) {
    let Some((value, text)) = value.and_then(|one| Some((one, one.get_ref().as_str()?))) else {
        return;
    };
    if let Err(error) = zone(text) {
        faults.push(Fault::new(value.span(), FaultKind::Zone, &error));
    }
}

fn delayed(value: Option<&Value<'_>>, faults: &mut Vec<Fault>) {
    let written = value.and_then(|one| Some((one, one.get_ref().as_integer()?)));
    let Some((value, number)) = written else {
        return;
    };
    let minutes = number.as_str().replace('_', "").parse::<u64>();
    if minutes.is_ok_and(|minutes| minutes > MOST_MINUTES) {
        faults.push(Fault {
            place: value.span(),
            kind: FaultKind::Jitter,
            message: format!("a delay of up to {} minutes", number.as_str()),
            help: format!("write at most {MOST_MINUTES}, half a day"),
        });
    }
}
