//! What is new, what went wrong, and what can be believed.

use super::*;
use crate::id::Digest as Sha256;
use crate::store::sample::record;
use crate::store::state::kit::Kit;
use crate::store::state::{FindingRow, RunCounts, SourceSummary};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn row(n: u32, revision: u32, when: &str, level: Level, route: Route) -> FindingRow {
    let mut record = record();
    record.id = format!("id-{n}");
    FindingRow {
        id: record.id.clone(),
        revision,
        platform: if n.is_multiple_of(2) {
            "papan"
        } else {
            "pasar"
        }
        .to_owned(),
        native_id: n.to_string(),
        level,
        route,
        points: 5,
        gates: Vec::new(),
        scanned_at: at(when),
        run_id: "r".to_owned(),
        json: record.to_line(),
    }
}

fn wanted() -> Wanted {
    Wanted {
        until: at("2026-11-04T00:00:00Z"),
        since: at("2026-11-03T00:00:00Z"),
        days: 3,
        zone: TimeZone::get("Asia/Jakarta").unwrap(),
    }
}

fn store() -> (tempfile::TempDir, State) {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(&dir.path().join("state.db")).unwrap();
    (dir, state)
}

#[test]
fn a_finding_is_new_once_whatever_becomes_of_it() {
    Kit::each(|kit| counts_each_finding_once(&mut kit.open()));
}

fn counts_each_finding_once(state: &mut State) {
    let mut put = |n, revision, when: &str, level, route| {
        let row = row(n, revision, when, level, route);
        state.put_finding(&row).unwrap();
    };
    // Flagged long ago and changed last night: not new.
    put(1, 1, "2026-09-01T00:00:00Z", Level::Low, Route::Alert);
    put(1, 2, "2026-11-03T10:00:00Z", Level::High, Route::Alert);
    // Of the night before, of last night, and raised within it.
    put(2, 1, "2026-11-02T23:59:59.9Z", Level::High, Route::Alert);
    put(3, 1, "2026-11-03T00:00:00Z", Level::Medium, Route::Alert);
    put(4, 1, "2026-11-03T01:00:00Z", Level::Low, Route::Alert);
    put(4, 2, "2026-11-03T02:00:00Z", Level::Critical, Route::Alert);
    put(5, 1, "2026-11-03T23:00:00Z", Level::Low, Route::HelpRequest);
    // Flagged and cleared again; and of the night to come.
    put(6, 1, "2026-11-03T03:00:00Z", Level::High, Route::Alert);
    put(7, 1, "2026-11-04T00:00:00Z", Level::High, Route::Alert);
    assert!(state.clear_finding("papan", "6").unwrap());

    let told = gather(state, &wanted()).unwrap();
    let ids: Vec<&str> = told.new.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["id-5", "id-4", "id-3"]);
    assert_eq!(told.before, 1);
    // Days of Jakarta: 23:00 UTC is the morning of the next.
    let days: Vec<(String, u64)> = told
        .days
        .iter()
        .map(|day| (day.date.to_string(), day.found.total()))
        .collect();
    let expected = [("2026-11-02", 0), ("2026-11-03", 3), ("2026-11-04", 1)];
    assert_eq!(days, expected.map(|(day, n)| (day.to_owned(), n)));
    assert_eq!(told.standing.total(), 6);
    assert_eq!(told.standing.oldest, Some(at("2026-11-02T23:59:59.9Z")));
    let sources: Vec<(&str, u64, u64)> = told
        .sources
        .iter()
        .map(|row| (row.key.as_str(), row.n, row.new))
        .collect();
    assert_eq!(sources, [("papan", 2, 1), ("pasar", 2, 2)]);
}

/// A run with this summary, ended.
fn run(state: &mut State, id: &str, began: &str, summary: &RunSummary, posts: u64) {
    state.begin_run(id, "crawl", at(began)).unwrap();
    let counts = RunCounts {
        posts,
        ..RunCounts::default()
    };
    state.end_run(id, &counts, at(began)).unwrap();
    state.put_summary(id, summary).unwrap();
}

fn summary(source: SourceSummary) -> RunSummary {
    RunSummary {
        indicators: 82,
        bytes: 100,
        ruleset: Sha256::of(b"a").to_string(),
        sources: vec![source],
        ..RunSummary::default()
    }
}

fn source(pages: u64, posts: u64) -> SourceSummary {
    SourceSummary {
        id: "papan".to_owned(),
        pages,
        posts,
        ..SourceSummary::default()
    }
}

#[test]
fn a_night_without_findings_is_believed_only_when_something_was_read() {
    let told = |runs: &[(SourceSummary, u64)]| {
        let (_dir, mut state) = store();
        for (n, (source, posts)) in runs.iter().enumerate() {
            let began = format!("2026-11-03T0{n}:00:00Z");
            run(
                &mut state,
                &format!("r{n}"),
                &began,
                &summary(source.clone()),
                *posts,
            );
        }
        gather(&state, &wanted()).unwrap().belief
    };
    assert_eq!(told(&[]).doubts, [Doubt::NoRun]);
    assert_eq!(told(&[(source(0, 0), 0)]).doubts, [Doubt::NoPages]);
    let silent = Doubt::Silent {
        source: "papan".to_owned(),
    };
    let nothing = told(&[(source(4, 0), 0)]);
    assert_eq!(nothing.doubts, [Doubt::NoPosts, silent]);
    let fine = told(&[(source(4, 0), 0), (source(5, 9), 9)]);
    assert_eq!((fine.doubts.len(), fine.pages, fine.posts), (0, 9, 9));
    assert_eq!(fine.indicators, 82);
    // Everything as it was is an answer too.
    let unchanged = SourceSummary {
        unchanged: 4,
        ..source(4, 0)
    };
    assert_eq!(told(&[(unchanged, 0)]).doubts, []);
}

#[test]
fn what_went_wrong_is_told_once() {
    let (_dir, mut state) = store();
    let drifting = SourceSummary {
        drift: vec!["it gave no posts".to_owned()],
        ..source(4, 0)
    };
    let other = RunSummary {
        ruleset: Sha256::of(b"b").to_string(),
        skips: BTreeMap::from([("http_status".to_owned(), 2)]),
        ..summary(drifting.clone())
    };
    run(
        &mut state,
        "r1",
        "2026-11-03T01:00:00Z",
        &summary(drifting),
        3,
    );
    run(&mut state, "r2", "2026-11-03T02:00:00Z", &other, 3);
    state
        .begin_run("r3", "crawl", at("2026-11-03T03:00:00Z"))
        .unwrap();
    run(&mut state, "r4", "2026-11-03T04:00:00Z", &other, 3);
    let told = gather(&state, &wanted()).unwrap();
    let drift = Trouble::Drift {
        source: "papan".to_owned(),
        alarms: vec!["it gave no posts".to_owned()],
    };
    let cut_off = Trouble::CutOff {
        run: "r3".to_owned(),
    };
    let rules = Trouble::RulesChanged {
        run: "r2".to_owned(),
    };
    assert_eq!(told.troubles, [drift, cut_off, rules]);
    assert_eq!(told.skips["http_status"], 4);
    assert_eq!(told.bytes, 300);
    assert_eq!(told.days[1].runs, 4);
    assert_eq!(told.runs.len(), 4);
}
