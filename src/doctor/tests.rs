//! Checks on what is easily told apart.

use super::*;
use crate::store::state::SourceRun;

#[test]
fn little_room_is_told_and_too_little_is_a_problem() {
    assert_eq!(machine::judge(10 << 20).standing, Standing::Problem);
    assert_eq!(machine::judge(1 << 30).standing, Standing::Note);
    assert_eq!(machine::judge(9 << 30).standing, Standing::Ok);
    let here = tempfile::tempdir().unwrap();
    let check = machine::disk(here.path());
    assert!(
        !cfg!(unix) || check.what.contains("MiB are free"),
        "{check:?}"
    );
}

#[test]
fn a_clock_far_from_a_servers_is_told() {
    let here = "2026-11-03T12:00:00Z".parse().unwrap();
    assert_eq!(reach::differs(here, "Tue, 03 Nov 2026 12:01:00 GMT"), None);
    let hour = reach::differs(here, "Tue, 03 Nov 2026 11:00:00 GMT");
    assert_eq!(hour, Some(3600));
    assert_eq!(reach::differs(here, "yesterday"), None);
}

#[test]
fn a_source_in_drift_and_one_that_reads_nothing_are_problems_and_a_quiet_one_is_not() {
    let run = |posts, unread, alarms: &[&str]| SourceRun {
        posts,
        unread,
        filled: Vec::new(),
        alarms: alarms.iter().map(|one| (*one).to_owned()).collect(),
    };
    let drift = [run(0, 0, &["it gave no posts"]), run(9, 0, &[])];
    let found = crawls::of_source("papan", &drift).unwrap();
    assert_eq!(found.standing, Standing::Problem);
    assert!(found.what.contains("papan is in drift: it gave no posts"));
    assert!(found.todo.unwrap().contains("sources test papan"));
    assert_eq!(
        crawls::of_source("papan", &[run(3, 0, &[]), run(0, 0, &["x"])]),
        None
    );
    let silent = [run(0, 2, &[]), run(0, 2, &[]), run(0, 1, &[])];
    assert!(crawls::of_source("papan", &silent).is_some());
    assert_eq!(crawls::of_source("papan", &silent[..2]), None);
    let quiet = [run(0, 0, &[]), run(0, 0, &[]), run(0, 0, &[])];
    assert_eq!(crawls::of_source("papan", &quiet), None);
}
