//! Times against another program, the days on which clocks change, and what
//! is said of lines that cannot be kept.

use std::fmt::Write as _;

use jiff::civil::date;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The next times after a moment, in the zone.
fn next(line: &str, zone: &str, moment: &str, n: usize) -> Vec<String> {
    let table = Timetable::new(line, zone).unwrap();
    let mut moment = at(moment);
    let mut found = Vec::new();
    for _ in 0..n {
        moment = table.next_after(moment).unwrap();
        found.push(
            moment
                .to_zoned_datetime(table.zone().clone())
                .strftime("%d %H:%M %z")
                .to_string(),
        );
    }
    found
}

/// The minutes between times from `first` until `end`, as the file has them.
fn runs(table: &Timetable, first: Timestamp, end: Timestamp) -> (usize, String) {
    let mut out = String::new();
    let (mut n, mut moment) = (0, first);
    let (mut gap, mut in_a_row) = (0, 0);
    while let Some(next) = table.next_after(moment).filter(|next| *next <= end) {
        let minutes = (next.as_second() - moment.as_second()) / 60;
        if minutes != gap && in_a_row > 0 {
            let _ = write!(out, "{gap}x{in_a_row} ");
            in_a_row = 0;
        }
        (gap, in_a_row) = (minutes, in_a_row + 1);
        (n, moment) = (n + 1, next);
    }
    let _ = write!(out, "{gap}x{in_a_row}");
    (n, out)
}

#[test]
fn times_of_400_days_in_ten_zones_are_those_of_another_program() {
    let expected = include_str!("../../tests/data/cron/expected.csv");
    let (first, end) = (at("2024-12-15T00:00:00Z"), at("2026-01-19T00:00:00Z"));
    let mut rows = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(expected.as_bytes());
    let (mut zones, mut lines, mut times) = (Vec::new(), Vec::new(), 0);
    for row in rows.records() {
        let row = row.unwrap();
        let (zone, line) = (row[0].to_owned(), row[1].to_owned());
        let table = Timetable::new(&line, &zone).unwrap();
        let (n, minutes) = runs(&table, first, end);
        // A line that is never due in these days has no minutes.
        let minutes = if n == 0 { "" } else { &minutes };
        assert_eq!(
            (n.to_string().as_str(), minutes),
            (&row[2], &row[3]),
            "{zone} {line}"
        );
        times += n;
        zones.push(zone);
        lines.push(line);
    }
    zones.dedup();
    lines.sort();
    lines.dedup();
    assert_eq!((zones.len(), lines.len()), (10, 31));
    assert!(times > 500_000, "{times}");
}

#[test]
fn a_time_the_clocks_jump_over_is_due_behind_the_jump_and_one_shown_twice_once() {
    let zone = "Europe/Amsterdam";
    assert_eq!(
        next("30 2 * * *", zone, "2025-03-29T00:00:00Z", 3),
        ["29 02:30 +0100", "30 03:00 +0200", "31 02:30 +0200"]
    );
    assert_eq!(
        next("30 2 * * *", zone, "2025-10-25T12:00:00Z", 2),
        ["26 02:30 +0200", "27 02:30 +0100"]
    );
    // Asked in the second of the two hours.
    assert_eq!(
        next("30 2 * * *", zone, "2025-10-26T01:10:00Z", 1),
        ["27 02:30 +0100"]
    );
    // The face of the clock: twice, and not at all.
    assert_eq!(
        next("*/30 2 * * *", zone, "2025-10-26T00:10:00Z", 4),
        [
            "26 02:30 +0200",
            "26 02:00 +0100",
            "26 02:30 +0100",
            "27 02:00 +0100"
        ]
    );
    assert_eq!(
        next("*/30 2 * * *", zone, "2025-03-29T23:00:00Z", 1),
        ["31 02:00 +0200"]
    );
}

#[test]
fn a_moment_between_two_seconds_is_neither_before_nor_at_the_time() {
    let table = Timetable::new("0 2 * * *", "UTC").unwrap();
    let due = at("2026-11-03T02:00:00Z");
    assert_eq!(table.next_after(at("2026-11-03T01:59:59.999Z")), Some(due));
    assert_eq!(table.next_after(due), Some(at("2026-11-04T02:00:00Z")));
    assert_eq!(
        table.next_after(at("2026-11-03T02:00:00.001Z")),
        Some(at("2026-11-04T02:00:00Z"))
    );
    assert_eq!(
        Timetable::new("@daily", "UTC").unwrap().next_after(due),
        Some(at("2026-11-04T00:00:00Z"))
    );
}

#[test]
fn lines_that_cannot_be_read_or_never_come_say_which_part_and_what_to_write() {
    let said = |line: &str| Timetable::new(line, "UTC").unwrap_err().to_string();
    for (line, part) in [
        ("0 2 * *", "has 4 fields, not five"),
        ("", "has 0 fields"),
        ("0 0 2 * * *", "has 6 fields"),
        ("@reboot", "has 1 fields"),
        (
            "61 2 * * *",
            "the minute `61` cannot be read; it takes 0 to 59",
        ),
        ("0 24 * * *", "the hour `24`"),
        ("0 2 0 * *", "the day of the month `0`"),
        ("0 2 * 13 *", "the month `13`"),
        ("0 2 * * 8", "the weekday `8`"),
        ("0 2 * * minggu", "the weekday `minggu`"),
        ("0 2 5-1 * *", "the day of the month `5-1`"),
        ("*/0 * * * *", "the minute `*/0`"),
        ("0 1,,2 * * *", "the hour `1,,2`"),
        ("0 2 1 * +1", "the weekday `+1`"),
        ("0 2 30 2 *", "never comes"),
        ("0 2 31 4,6,9,11 *", "never comes"),
    ] {
        assert!(said(line).contains(part), "{}", said(line));
    }
    // Rare, but they come.
    for line in ["0 0 29 2 *", "0 0 * 2 MON#5", "0 0 L 2 *"] {
        Timetable::new(line, "UTC").unwrap();
    }
}

#[test]
fn an_unknown_zone_names_the_one_that_was_meant() {
    let help = |zone: &str| Timetable::new("0 2 * * *", zone).unwrap_err().help();
    assert_eq!(help("WITA"), "did you mean \"Asia/Makassar\"?");
    assert_eq!(help("Asia/Jakrta"), "did you mean \"Asia/Jakarta\"?");
    for zone in [
        "",
        "+07:00",
        "../../etc/passwd",
        "/etc/localtime",
        "Bulan/Purnama",
    ] {
        assert!(help(zone).contains("WITA"), "{zone}: {}", help(zone));
    }
}

#[test]
fn a_delay_is_the_same_each_time_and_spread() {
    let day = date(2026, 11, 3);
    assert_eq!(jitter::delay("pasar", day, 0), SignedDuration::ZERO);
    let delays: Vec<i64> = (0..200)
        .map(|n| jitter::delay(&format!("s-{n}"), day, 30).as_secs())
        .collect();
    let again = (0..200).map(|n| jitter::delay(&format!("s-{n}"), day, 30).as_secs());
    assert!(again.eq(delays.iter().copied()));
    assert!(delays.iter().all(|delay| (0..1800).contains(delay)));
    // Each third of the half hour has its share.
    for third in 0..3 {
        let range = third * 600..(third + 1) * 600;
        let n = delays.iter().filter(|delay| range.contains(*delay)).count();
        assert!(n > 40, "{n} of 200 in {range:?}");
    }
    assert_ne!(
        jitter::delay("pasar", day, 720),
        jitter::delay("pasar", date(2026, 11, 4), 720)
    );
}

#[test]
fn faults_of_a_file_have_their_place() {
    let text = "[schedule]\ncron = \"0 2 30 2 *\"\nzone = \"WIB\"\njitter_minutes = 9_000\n\n\
                [[source]]\nid = \"a\"\nschedule = \"0 25 * * *\"\nzone = \"Asia/Makasar\"\n\n\
                [[source]]\nid = \"b\"\nschedule = \"off\"\n";
    let faults = check(text);
    let told: Vec<(&str, FaultKind)> = faults
        .iter()
        .map(|fault| (&text[fault.place.clone()], fault.kind))
        .collect();
    assert_eq!(
        told,
        [
            ("\"0 2 30 2 *\"", FaultKind::Line),
            ("\"WIB\"", FaultKind::Zone),
            ("9_000", FaultKind::Jitter),
            ("\"0 25 * * *\"", FaultKind::Line),
            ("\"Asia/Makasar\"", FaultKind::Zone),
        ]
    );
    assert_eq!(check("not toml ["), []);
    assert_eq!(check("schedule = 3\nsource = 4\n"), []);
}
