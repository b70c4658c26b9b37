//! The digest as text and as a page.

use jiff::civil::date;

use super::*;
use crate::report::Style;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn sentence(id: &str, en: &str) -> Sentence {
    Sentence {
        id: id.to_owned(),
        en: en.to_owned(),
    }
}

fn new(level: Level, route: Route, gate: &str, source: &str) -> NewFinding {
    NewFinding {
        id: "be9e25f7-0000-5000-8000-000000000000".to_owned(),
        level,
        route,
        gate: gate.to_owned(),
        reason: sentence("Paspor ditahan.", "Passport kept."),
        source: source.to_owned(),
        province: Some("ID-JI".to_owned()),
        at: at("2026-11-03T19:12:00Z"),
    }
}

/// A night on which everything happened.
fn eventful() -> Digest {
    let mut found = Standing::default();
    found.count(Level::Critical, Route::Alert, 1);
    found.count(Level::High, Route::HelpRequest, 1);
    let day = |day: i8, found, runs| Day {
        date: date(2026, 11, day),
        found,
        runs,
    };
    let row = |key: &str, n, new| Row {
        key: key.to_owned(),
        name: None,
        n,
        new,
    };
    Digest {
        period: Period {
            from: at("2026-11-03T00:00:00Z"),
            until: at("2026-11-04T00:00:00Z"),
        },
        history: Period {
            from: at("2026-11-01T17:00:00Z"),
            until: at("2026-11-04T00:00:00Z"),
        },
        new: vec![
            new(Level::High, Route::HelpRequest, "V2", "papan"),
            new(Level::Critical, Route::Alert, "G5", "pasar<b>\u{202e}"),
        ],
        before: 7,
        standing: Standing {
            oldest: Some(at("2026-10-01T00:00:00Z")),
            ..found
        },
        days: vec![
            day(2, Standing::default(), 0),
            day(3, Standing::default(), 1),
            day(4, found, 1),
        ],
        gates: vec![row("G5", 3, 1), row("", 1, 0)],
        sources: vec![row("papan", 2, 1)],
        provinces: vec![row("ID-JI", 2, 2), row("", 1, 0), row("MY-01", 1, 0)],
        runs: vec![RunLine {
            id: "crawl-20261103T191200Z".to_owned(),
            began: at("2026-11-03T19:12:00Z"),
            ended: None,
            pages: Some(12),
            posts: 340,
            findings: 2,
            skips: 4,
        }],
        troubles: vec![
            Trouble::Drift {
                source: "papan".to_owned(),
                alarms: vec!["it gave no posts".to_owned()],
            },
            Trouble::Failure {
                source: "pasar".to_owned(),
                why: "\u{1b}[2Jgone".to_owned(),
            },
            Trouble::CutOff {
                run: "crawl-1".to_owned(),
            },
        ],
        skips: BTreeMap::from([("http_status".to_owned(), 4)]),
        bytes: 2_411_725,
        spared: 1_100_000,
        belief: Belief {
            runs: 1,
            pages: 12,
            posts: 340,
            indicators: 82,
            doubts: vec![Doubt::Silent {
                source: "sunyi".to_owned(),
            }],
        },
        zone: TimeZone::get("Asia/Makassar").unwrap(),
    }
}

#[test]
fn a_mail_tells_what_to_look_at_first_and_what_to_do() {
    let style = Style {
        lang: Lang::En,
        ..Style::default()
    };
    let told = text(&eventful(), &style);
    let first = told.find("ASKS FOR HELP").unwrap();
    assert!(first < told.find("CRITICAL").unwrap(), "{told}");
    for expected in [
        "3 Nov 08:00 WITA",
        "2 new findings (1 asking for help, 1 critical; before 7)",
        "V2 Passport kept. · papan · Jawa Timur",
        "All findings that hold: 2 (1 asking for help, 1 critical); the oldest since",
        "- ALARM: source papan: it gave no posts",
        "`lentera sources test`",
        "- crawl-1 was cut off",
        "No (runs 1, pages 12, posts 340, indicators 82)",
        "This source gave nothing at all: sunyi",
        "not ended, 12 pages, 340 posts, 2 findings, 4 not processed",
        "2.3 MiB received, 1.0 MiB spared",
        "4 not processed: http_status 4",
    ] {
        assert!(told.contains(expected), "{expected}\n{told}");
    }
    assert!(
        told.lines().all(|line| line.chars().count() <= 80),
        "{told}"
    );
    assert_eq!(
        subject(&eventful(), Lang::Id),
        "Lentera: 2 temuan baru (1 minta tolong, 1 kritis; sebelumnya 7) · Perlu tindakan: 4"
    );
}

#[test]
fn a_quiet_night_says_so() {
    let quiet = Digest {
        new: Vec::new(),
        troubles: Vec::new(),
        runs: Vec::new(),
        belief: Belief {
            doubts: vec![Doubt::NoRun],
            ..Belief::default()
        },
        ..eventful()
    };
    let told = text(&quiet, &Style::default());
    assert!(
        told.contains("Tidak ada temuan baru (sebelumnya 7)"),
        "{told}"
    );
    assert!(told.contains("Tidak ada pemindaian yang selesai"), "{told}");
    assert!(!told.contains("Perlu tindakan"), "{told}");
}

#[test]
fn a_page_loads_nothing_runs_nothing_and_lets_no_markup_in() {
    for lang in [Lang::Id, Lang::En] {
        let page = html(&eventful(), lang);
        assert!(page.contains("default-src 'none'"));
        for forbidden in [
            "<script", "http", "pasar<b>", "\u{202e}", "\u{1b}", "href", "src=", "url(h",
        ] {
            let rest = page.replace("http-equiv", "").replace("http_status", "");
            assert!(!rest.contains(forbidden), "{forbidden}\n{page}");
        }
        for expected in ["Jawa Timur", "MY-01", "papan", "be9e25f7", "× "] {
            assert!(page.contains(expected), "{expected}\n{page}");
        }
        // As many parts as findings are told by the bars of the last day.
        assert_eq!(
            page.matches("width=\"14\" height=\"45\"").count(),
            2,
            "{page}"
        );
    }
}

#[test]
fn sizes_and_zones_are_written_as_readers_write_them() {
    assert_eq!(size(0, Lang::Id), "0,0 KiB");
    assert_eq!(size(1536, Lang::En), "1.5 KiB");
    assert_eq!(size(5 << 30, Lang::Id), "5,0 GiB");
    let jayapura = TimeZone::get("Asia/Jayapura").unwrap();
    let noon = at("2026-05-03T03:00:00Z");
    assert_eq!(moment(noon, &jayapura, Lang::Id), "3 Mei 12.00 WIT");
}
