//! When something is due: cron lines read in a time zone.
//!
//! A line is read over wall time, in which every day is whole. What a zone
//! does to its clocks is settled here, as Debian's cron does it, and in one
//! way only:
//!
//! - A line whose minute and hour are written out (`30 2 * * *`) means times of
//!   the day. One that the clocks jump over is due at the first moment behind
//!   the jump; one that the clocks show twice is due the first time.
//! - A line whose minute or hour begins with `*` (`*/15 * * * *`) means the face
//!   of the clock: it is due whenever the clock shows such a time, so an hour
//!   that comes twice counts twice, and one that is left out not at all.
//!
//! No clock is read here: time is what the caller says it is. Zones come from
//! the system, or from a copy inside the program where it has none.

mod error;
pub mod jitter;
mod settings;

use chrono::{DateTime as Wall, Datelike as _, NaiveDate, Timelike as _, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

pub use error::TimetableError;
pub use settings::{Fault, FaultKind, OFF, Settings, check};

/// A year without surprises, from which it is asked whether a line ever comes.
const ANY_DAY: (i32, u32, u32) = (2024, 1, 1);
/// How many years a line may let pass: 29 February on a Monday comes within.
const YEARS: i32 = 50;

/// A cron line in a time zone.
#[derive(Clone, Debug)]
pub struct Timetable {
    line: String,
    cron: Cron,
    zone: TimeZone,
    /// Whether it means times of the day, not the face of the clock.
    is_of_the_day: bool,
}

impl Timetable {
    /// Reads a line of five fields, or `@daily` and its like, in the zone of
    /// this IANA name.
    ///
    /// # Errors
    ///
    /// When it is no such line, when it never comes, or when nobody knows the
    /// zone.
    pub fn new(line: &str, zone: &str) -> Result<Self, TimetableError> {
        let (cron, is_of_the_day) = read(line)?;
        Ok(Self {
            line: line.to_owned(),
            cron,
            zone: self::zone(zone)?,
            is_of_the_day,
        })
    }

    /// The line as written.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The zone it is read in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The first time it is due after a moment; `None` beyond the end of
    /// calendars.
    pub fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        if self.is_of_the_day {
            self.next_of_the_day(moment)
        } else {
            self.next_on_the_face(moment)
        }
    }

    /// The next time of the day, each once.
    fn next_of_the_day(&self, moment: Timestamp) -> Option<Timestamp> {
        let mut wall = self.zone.to_datetime(moment);
        loop {
            wall = self.next_on_wall(wall, false)?;
            let at = match self.zone.to_ambiguous_timestamp(wall).offset() {
                AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(wall).ok()?,
                AmbiguousOffset::Fold { before, .. } => before.to_timestamp(wall).ok()?,
                AmbiguousOffset::Gap { before, .. } => {
                    let unmoved = before.to_timestamp(wall).ok()?;
                    let behind = unmoved.checked_add(SignedDuration::from_secs(1)).ok()?;
                    self.zone.preceding(behind).next()?.timestamp()
                }
            };
            // One in the second of two equal hours lies behind already.
            if at > moment {
                return Some(at);
            }
        }
    }

    /// The next moment at which the clock shows such a time: between two
    /// changes of the clocks, wall time is plain time.
    fn next_on_the_face(&self, moment: Timestamp) -> Option<Timestamp> {
        let (mut from, mut is_included) = (moment, false);
        loop {
            let offset = self.zone.to_offset(from);
            let wall = self.next_on_wall(offset.to_datetime(from), is_included)?;
            let at = offset.to_timestamp(wall).ok()?;
            match self.zone.following(from).next() {
                Some(change) if change.timestamp() <= at => {
                    (from, is_included) = (change.timestamp(), true);
                }
                _ => return Some(at),
            }
        }
    }

    fn next_on_wall(&self, wall: DateTime, is_included: bool) -> Option<DateTime> {
        let found = self
            .cron
            .find_next_occurrence(&to_wall(wall)?, is_included)
            .ok()?;
        from_wall(&found)
    }
}

/// What a line says, and whether it means times of the day.
fn read(line: &str) -> Result<(Cron, bool), TimetableError> {
    let fields = error::fields(line)?;
    let begins = |field: usize| fields[field].starts_with('*');
    // As in Debian's cron: a day has to fit both where one of them is open.
    let both = begins(2) || begins(4);
    let cron = parser(both)
        .parse(&fields.join(" "))
        .map_err(|_| error::which(line, &fields, |field| parser(false).parse(field).is_ok()))?;
    if !comes(&cron) {
        return Err(TimetableError::Never {
            line: line.to_owned(),
        });
    }
    Ok((cron, !begins(0) && !begins(1)))
}

fn parser(both: bool) -> CronParser {
    CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .dom_and_dow(both)
        .build()
}

fn comes(cron: &Cron) -> bool {
    let (year, month, day) = ANY_DAY;
    let start = NaiveDate::from_ymd_opt(year, month, day).and_then(|day| day.and_hms_opt(0, 0, 0));
    start.is_some_and(|start| {
        cron.find_next_occurrence(&start.and_utc(), true)
            .is_ok_and(|found| found.year() <= year + YEARS)
    })
}

/// The zone of a name, such as `Asia/Makassar`.
///
/// # Errors
///
/// [`TimetableError::Zone`] when there is none.
pub fn zone(name: &str) -> Result<TimeZone, TimetableError> {
    // A name with a path in it is looked for in the system's folder of zones.
    let is_name = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '/' | '_' | '-' | '+');
    let found = if !name.is_empty() && name.chars().all(is_name) && !name.starts_with('/') {
        TimeZone::get(name).ok()
    } else {
        None
    };
    found.ok_or_else(|| error::unknown_zone(name))
}

/// Wall time as `croner` takes it: its zone is none, so nothing is missing or
/// there twice.
fn to_wall(wall: DateTime) -> Option<Wall<Utc>> {
    let [month, day, hour, minute, second] = [
        wall.month(),
        wall.day(),
        wall.hour(),
        wall.minute(),
        wall.second(),
    ]
    .map(|part| u32::from(part.unsigned_abs()));
    NaiveDate::from_ymd_opt(i32::from(wall.year()), month, day)?
        .and_hms_opt(hour, minute, second)
        .map(|wall| wall.and_utc())
}

fn from_wall(wall: &Wall<Utc>) -> Option<DateTime> {
    let small = |part: u32| i8::try_from(part).ok();
    let year = i16::try_from(wall.year()).ok()?;
    DateTime::new(
        year,
        small(wall.month())?,
        small(wall.day())?,
        small(wall.hour())?,
        small(wall.minute())?,
        small(wall.second())?,
        0,
    )
    .ok()
}

#[cfg(test)]
mod tests;
