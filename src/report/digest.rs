//! The digest: what a morning's reader needs, and nothing that may not lie
//! open on a desk.
//!
//! It holds no word of a post, no contact and no address of one: counts, the
//! sentences of gates, ids to look up, and what went wrong. Text for a mail or
//! a terminal, HTML for a phone and for paper.

mod chart;
mod html;
mod labels;
mod province;
mod text;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::assessment::{Level, Route};
use crate::indicator::Lang;
use crate::store::record::Sentence;

pub use self::html::html;
pub use self::text::{subject, text};

/// What is told about a stretch of time.
#[derive(Clone, Debug, Serialize)]
pub struct Digest {
    /// The stretch that is new.
    pub period: Period,
    /// The stretch of the charts, which ends with the other.
    pub history: Period,
    /// Findings first flagged in the period that still hold, in the order of
    /// the queue.
    pub new: Vec<NewFinding>,
    /// How many were first flagged in the stretch of equal length before.
    pub before: u64,
    /// Findings that hold, whenever they were flagged.
    pub standing: Standing,
    /// Days of the history, oldest first, none left out.
    pub days: Vec<Day>,
    /// By gate, most in the history first.
    pub gates: Vec<Row>,
    /// By source, most first.
    pub sources: Vec<Row>,
    /// By province, most first; `None` for those that name none.
    pub provinces: Vec<Row>,
    /// Runs that began in the period, newest first.
    pub runs: Vec<RunLine>,
    /// What needs somebody to act: drift, sources that ended early, runs that
    /// were cut off.
    pub troubles: Vec<Trouble>,
    /// Inputs not processed in the period, by reason.
    pub skips: BTreeMap<String, u64>,
    /// Body bytes received in the period.
    pub bytes: u64,
    /// Bytes that did not have to be received.
    pub spared: u64,
    /// Whether the figures can be believed.
    pub belief: Belief,
    /// The zone days are counted in and times are shown in.
    #[serde(skip)]
    pub zone: TimeZone,
}

/// From an instant up to another, the second not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

impl Period {
    /// Whether `at` lies in it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// A finding by what may be told of it anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewFinding {
    /// Its id.
    pub id: String,
    /// How soon a person should look.
    #[serde(serialize_with = "level_word")]
    pub level: Level,
    /// Where it goes.
    #[serde(serialize_with = "route_word")]
    pub route: Route,
    /// Short code of the first gate; empty without one.
    pub gate: String,
    /// What that gate means, or how the record sums itself up.
    pub reason: Sentence,
    /// Id of the source.
    pub source: String,
    /// ISO 3166-2 of the province named first.
    pub province: Option<String>,
    /// When it was first flagged.
    pub at: Timestamp,
}

/// Findings that hold, by what is asked of a reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Pleas for help.
    pub help_requests: u64,
    /// Notices of missing persons.
    pub missing_persons: u64,
    /// The rest: critical, high, medium, low.
    pub alerts: [u64; 4],
    /// When the oldest of them all was flagged.
    pub oldest: Option<Timestamp>,
}

impl Standing {
    /// Counts `n` of a level and route.
    pub fn count(&mut self, level: Level, route: Route, n: u64) {
        match (route, level) {
            (Route::HelpRequest, _) => self.help_requests += n,
            (Route::MissingPerson, _) => self.missing_persons += n,
            (_, Level::None) => {}
            (_, level) => self.alerts[rank(level)] += n,
        }
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.help_requests + self.missing_persons + self.alerts.iter().sum::<u64>()
    }
}

/// Levels of a bar, the most urgent first.
const LEVELS: [Level; 4] = [Level::Critical, Level::High, Level::Medium, Level::Low];

fn rank(level: Level) -> usize {
    LEVELS.iter().position(|one| *one == level).unwrap_or(3)
}

/// One day of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    /// The day in the digest's zone.
    pub date: jiff::civil::Date,
    /// Findings first flagged on it.
    pub found: Standing,
    /// Runs that began on it: a day without one is not a quiet day.
    pub runs: u64,
}

/// One row of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Gate code, source id or ISO 3166-2; empty for what has none.
    pub key: String,
    /// What it is called, where the key does not say it.
    pub name: Option<Sentence>,
    /// In the whole history.
    pub n: u64,
    /// In the period.
    pub new: u64,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunLine {
    /// Its id.
    pub id: String,
    /// When it began.
    pub began: Timestamp,
    /// When it ended; `None` when it still runs or was cut off.
    pub ended: Option<Timestamp>,
    /// Answers received; `None` where the run kept no summary.
    pub pages: Option<u64>,
    /// Posts read.
    pub posts: u64,
    /// Findings written.
    pub findings: u64,
    /// Inputs not processed.
    pub skips: u64,
}

/// What needs somebody to act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trouble {
    /// A source no longer gives what it used to.
    Drift {
        /// Its id.
        source: String,
        /// What was told of it.
        alarms: Vec<String>,
    },
    /// A source ended early.
    Failure {
        /// Its id.
        source: String,
        /// Why.
        why: String,
    },
    /// A run neither ended nor goes on.
    CutOff {
        /// Its id.
        run: String,
    },
    /// The rules differ from those of the run before.
    RulesChanged {
        /// The first run that used them.
        run: String,
    },
}

/// Whether few findings mean that there was little to find.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Belief {
    /// Runs that ended in the period.
    pub runs: u64,
    /// Pages they fetched.
    pub pages: u64,
    /// Posts they read.
    pub posts: u64,
    /// Indicators they had loaded, the fewest of any.
    pub indicators: u64,
    /// Why the figures cannot be believed; empty when they can.
    pub doubts: Vec<Doubt>,
}

/// Why figures cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Doubt {
    /// Nothing ran to its end.
    NoRun,
    /// No page was fetched.
    NoPages,
    /// No post was read.
    NoPosts,
    /// No rule was loaded.
    NoRules,
    /// A source gave nothing at all.
    Silent {
        /// Its id.
        source: String,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn level_word<S: serde::Serializer>(level: &Level, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(level.as_str())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn route_word<S: serde::Serializer>(route: &Route, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(route.as_str())
}

/// An instant for a reader: `3 Nov 02.12 WIB`.
fn moment(at: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let there = at.to_zoned_datetime(zone.clone());
    let month = labels::month(there.month(), lang);
    let (hour, minute) = (there.hour(), there.minute());
    let day = there.day();
    // Zones without letters of their own are told by their offset.
    let name = there.strftime("%Z");
    match lang {
        Lang::Id => format!("{day} {month} {hour:02}.{minute:02} {name}"),
        Lang::En => format!("{day} {month} {hour:02}:{minute:02} {name}"),
    }
}

/// Bytes for a reader: `2,3 MiB` or `2.3 MiB`.
fn size(bytes: u64, lang: Lang) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut tenths = u128::from(bytes) * 10 / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    let (whole, part) = (tenths / 10, tenths % 10);
    let point = if lang == Lang::Id { ',' } else { '.' };
    format!("{whole}{point}{part} {}", UNITS[unit])
}

#[cfg(test)]
mod tests;
