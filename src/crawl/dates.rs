//! Times as sites write them: in numbers, in English, in Indonesian.
//!
//! Nothing is guessed: "2 jam lalu" has no date, and a date that can be read
//! in two ways is read in none but that of Indonesia, day before month.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use crate::post::{Precision, Published};

/// Names of months, Indonesian and English, by their first letters.
const MONTHS: [(&str, i8); 20] = [
    ("jan", 1),
    ("feb", 2),
    ("peb", 2),
    ("mar", 3),
    ("apr", 4),
    ("mei", 5),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("agu", 8),
    ("agt", 8),
    ("ags", 8),
    ("aug", 8),
    ("sep", 9),
    ("okt", 10),
    ("oct", 10),
    ("nov", 11),
    ("nop", 11),
    ("des", 12),
    ("dec", 12),
];
/// Zones by name, in hours east of Greenwich.
const ZONES: [(&str, i8); 5] = [("wib", 7), ("wita", 8), ("wit", 9), ("utc", 0), ("gmt", 0)];
/// Longest text that can be a time, in bytes.
const MAX_LEN: usize = 80;

/// Reads a time: RFC 3339, RFC 2822, `YYYY-MM-DD`, seconds since 1970, or a
/// day, month and year with Indonesian or English names, such as `Sen, 23 Nov
/// 2026 14.05 WIB`. Without a zone, a time is that of Jakarta.
///
/// `None` when it is none of these: a site's "2 hari lalu" is not guessed at.
pub fn read(text: &str) -> Option<Published> {
    let text = text.trim();
    if text.len() > MAX_LEN {
        return None;
    }
    // A date with a time behind it must not be read as the date alone.
    let exact = Published::parse(text).filter(|read| read.precision == Precision::Second);
    exact
        .or_else(|| since_1970(text))
        .or_else(|| in_words(text))
}

/// Ten digits are seconds, thirteen are milliseconds.
fn since_1970(text: &str) -> Option<Published> {
    let number: i64 = text.parse().ok()?;
    let at = match text.len() {
        10 => jiff::Timestamp::from_second(number).ok()?,
        13 => jiff::Timestamp::from_millisecond(number).ok()?,
        _ => return None,
    };
    let precision = Precision::Second;
    Some(Published { at, precision })
}

fn in_words(text: &str) -> Option<Published> {
    let mut lower = text.to_lowercase();
    if let Some((date, time)) = lower.split_once('t')
        && numeric_date(date).is_some()
    {
        lower = format!("{date} {time}");
    }
    let mut day: Option<i8> = None;
    let mut month: Option<i8> = None;
    let mut year: Option<i16> = None;
    let mut time: Option<Time> = None;
    let mut zone: Option<Offset> = None;
    let parts = lower.split([' ', ',', '\u{a0}', '|', '(', ')']);
    for part in parts.filter(|part| !part.is_empty()) {
        if let Some(read) = numeric_date(part).filter(|_| day.is_none()) {
            (day, month, year) = (Some(read.day()), Some(read.month()), Some(read.year()));
        } else if let Some(read) = clock(part).filter(|_| time.is_none() && year.is_some()) {
            time = Some(read);
        } else if let Some(read) = offset(part).filter(|_| time.is_some()) {
            zone = Some(read);
        } else if let Ok(number) = part.trim_end_matches('.').parse::<i16>() {
            match number {
                1..=31 if day.is_none() => day = i8::try_from(number).ok(),
                1970..=2100 if year.is_none() => year = Some(number),
                _ => return None,
            }
        } else if let Some(read) = month_named(part).filter(|_| month.is_none()) {
            month = Some(read);
        }
        // Names of days and words such as "pukul" say nothing more.
    }
    let date = Date::new(year?, month?, day?).ok()?;
    let (time, precision, zone) = match time {
        Some(time) => (time, Precision::Second, zone.unwrap_or(jakarta()?)),
        None => (Time::midnight(), Precision::Day, Offset::UTC),
    };
    let at = TimeZone::fixed(zone)
        .to_timestamp(date.to_datetime(time))
        .ok()?;
    Some(Published { at, precision })
}

fn jakarta() -> Option<Offset> {
    Offset::from_hours(7).ok()
}

/// `23/11/2026`, `23-11-2026`, `23.11.2026` or `2026/11/23`, and the day of
/// `2026-11-23`.
fn numeric_date(part: &str) -> Option<Date> {
    let mut numbers = part.split(['/', '-', '.']);
    let mut next = || numbers.next()?.parse::<i16>().ok();
    let (first, second, third) = (next()?, next()?, next()?);
    if numbers.next().is_some() {
        return None;
    }
    let (year, day) = if first > 31 {
        (first, third)
    } else {
        (third, first)
    };
    if !(1970..=2100).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(second).ok()?, i8::try_from(day).ok()?).ok()
}

/// `14:05`, `14.05` or `14:05:30`.
fn clock(part: &str) -> Option<Time> {
    let mut numbers = part.split([':', '.']);
    let mut next = || numbers.next().map(str::parse::<i8>);
    let (hour, minute) = (next()?.ok()?, next()?.ok()?);
    let second = next().unwrap_or(Ok(0)).ok()?;
    Time::new(hour, minute, second, 0).ok()
}

/// `WIB`, `GMT`, `Z` or `+0700`.
fn offset(part: &str) -> Option<Offset> {
    if part == "z" {
        return Some(Offset::UTC);
    }
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == part) {
        return Offset::from_hours(*hours).ok();
    }
    let digits: String = part.strip_prefix(['+', '-'])?.replace(':', "");
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = (
        digits[..2].parse::<i32>().ok()?,
        digits[2..].parse::<i32>().ok()?,
    );
    let sign = if part.starts_with('-') { -1 } else { 1 };
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn month_named(part: &str) -> Option<i8> {
    let word = part.trim_end_matches('.');
    let start = word.get(..3)?;
    let full = [
        "januari",
        "january",
        "februari",
        "february",
        "pebruari",
        "maret",
        "march",
        "april",
        "mei",
        "may",
        "juni",
        "june",
        "juli",
        "july",
        "agustus",
        "august",
        "september",
        "sept",
        "oktober",
        "october",
        "november",
        "nopember",
        "desember",
        "december",
    ];
    (word.len() == 3 || full.contains(&word))
        .then(|| MONTHS.iter().find(|(name, _)| *name == start))
        .flatten()
        .map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_sites_are_read_in_both_languages() {
        for (text, at) in [
            ("2026-11-23T14:05:00+07:00", "2026-11-23T07:05:00Z"),
            ("Mon, 23 Nov 2026 14:05:00 +0700", "2026-11-23T07:05:00Z"),
            ("Sen, 23 Nov 2026 14:05:00 +0700", "2026-11-23T07:05:00Z"),
            ("Senin, 23 November 2026 14.05 WIB", "2026-11-23T07:05:00Z"),
            ("Jumat, 07 Agustus 2026 | 09:00 WIT", "2026-08-07T00:00:00Z"),
            ("23 Des 2026 pukul 00:30", "2026-12-22T17:30:00Z"),
            ("Rab, 4 Nop 2026 10:00 -0130", "2026-11-04T11:30:00Z"),
            ("1795503900", "2026-11-24T07:05:00Z"),
            ("1795503900000", "2026-11-24T07:05:00Z"),
            ("2026-11-23 14:05:00", "2026-11-23T07:05:00Z"),
            ("2026-11-23T14:05", "2026-11-23T07:05:00Z"),
        ] {
            let read = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (read.at.to_string().as_str(), read.precision),
                (at, Precision::Second),
                "{text}"
            );
        }
        for (text, at) in [
            ("23 Mei 2026", "2026-05-23T00:00:00Z"),
            ("Mei 3, 2026", "2026-05-03T00:00:00Z"),
            ("03/11/2026", "2026-11-03T00:00:00Z"),
            ("2026/11/03", "2026-11-03T00:00:00Z"),
            ("Sel, 3 Maret 2026", "2026-03-03T00:00:00Z"),
        ] {
            let read = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (read.at.to_string().as_str(), read.precision),
                (at, Precision::Day),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_date_is_not_made_one() {
        for text in [
            "2 hari lalu",
            "kemarin 14:05",
            "23 Nov",
            "Senin",
            "31 Feb 2026",
            "99/99/2026",
            "12345",
            "",
            "5 orang melamar sejak Mei",
            "\u{663}\u{664} Nov 2026",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"1 ".repeat(10_000)), None);
    }
}
