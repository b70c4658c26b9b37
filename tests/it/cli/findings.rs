//! The queue and single findings, from the store and from files.

use std::collections::BTreeSet;

use super::{ALERT, Demo, Desk, NOW, POSTS, ids, post, records};

fn list(more: &[&str]) -> Vec<serde_json::Value> {
    let mut args = vec!["-C", "d", "findings", "list", "--json", "--limit", "999"];
    args.extend(more);
    Demo::get().desk.run(&args).exits(0).records()
}

#[test]
fn the_store_and_the_runs_file_list_the_same_findings() {
    let demo = Demo::get();
    let file = demo.file("findings", ".jsonl");
    let stored = list(&[]);
    let filed = list(&["--file", file.to_str().unwrap()]);
    assert!(stored.len() > 20);
    assert_eq!(stored, filed);
    let lines: BTreeSet<String> = demo.findings().lines().map(str::to_owned).collect();
    let args = ["-C", "d", "findings", "list", "--json", "--limit", "999"];
    let listed = demo.desk.run(&args).stdout;
    assert_eq!(
        listed.lines().map(str::to_owned).collect::<BTreeSet<_>>(),
        lines
    );
}

#[test]
fn pleas_for_help_stand_first_then_the_highest_level() {
    let rank = |record: &serde_json::Value| {
        let assessment = &record["assessment"];
        let route = ["help_request", "missing_person", "alert"];
        let level = ["critical", "high", "medium", "low"];
        let place = |list: &[&str], value: &serde_json::Value| {
            list.iter().position(|name| *value == **name).unwrap()
        };
        (
            place(&route[..1], &serde_json::json!("help_request")),
            usize::from(assessment["route"] != route[0]),
            if assessment["route"] == route[0] {
                0
            } else {
                place(&level, &assessment["level"])
            },
        )
    };
    let ranks: Vec<_> = list(&["--route", "alert"]).iter().map(rank).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    let first = &list(&[])[0];
    assert_eq!(first["assessment"]["route"], "help_request");
}

#[test]
fn the_list_is_cut_by_level_route_and_rule() {
    let all = list(&[]);
    let high = list(&["--level", "high"]);
    assert!(high.len() < all.len());
    assert!(
        high.iter()
            .all(|one| one["assessment"]["level"] != "medium")
    );
    let missing = list(&["--route", "missing_person"]);
    assert!(!missing.is_empty());
    assert!(
        missing
            .iter()
            .all(|one| one["assessment"]["route"] == "missing_person")
    );
    let by_id = list(&["--rule", "control.document_retention"]);
    assert!(!by_id.is_empty() && by_id.len() < all.len());
    assert_eq!(by_id, list(&["--rule", "C1"]));
    assert!(!list(&["--rule", "G3"]).is_empty());
    assert_eq!(list(&["--rule", "no.such_rule"]).len(), 0);
    let few = Demo::get()
        .desk
        .run(&["-C", "d", "findings", "list", "--limit", "2"]);
    few.exits(0).says(&[&format!("2 of {}", all.len())]);
}

#[test]
fn people_read_their_own_language() {
    let demo = Demo::get();
    let id = list(&["--rule", "C1"])[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let show = |lang: &str| {
        let args = ["-C", "d", "findings", "show", &id, "--lang", lang];
        demo.desk.run(&args).exits(0).stdout
    };
    assert!(show("id").contains("Dokumen ditahan"), "{}", show("id"));
    assert!(show("en").contains("Documents withheld"), "{}", show("en"));
    let list = |lang: &str| {
        let args = ["-C", "d", "findings", "list", "--lang", lang];
        demo.desk.run(&args).exits(0).stdout
    };
    assert!(list("id").contains("KRITIS") && list("en").contains("CRITICAL"));
}

#[test]
fn one_finding_is_shown_by_the_first_digits_of_its_id_and_as_stored() {
    let demo = Demo::get();
    for line in demo.findings().lines().take(3) {
        let record = &records(line)[0];
        let id = record["id"].as_str().unwrap();
        let args = ["-C", "d", "findings", "show", &id[..8], "--json"];
        assert_eq!(demo.desk.run(&args).exits(0).stdout, format!("{line}\n"));
    }
}

#[test]
fn an_unknown_or_ambiguous_id_is_a_usage_error_with_a_hint() {
    let demo = Demo::get();
    let none = demo.desk.run(&["-C", "d", "findings", "show", "zzzz"]);
    none.exits(2)
        .says(&["no finding begins with `zzzz`", "hint:"]);
    let all = list(&[]);
    // Among so many, two begin with the same digit.
    let digit = &all[0]["id"].as_str().unwrap()[..0];
    let several = demo.desk.run(&["-C", "d", "findings", "show", digit]);
    let first = all[0]["id"].as_str().unwrap();
    several
        .exits(2)
        .says(&["findings begin with", "hint:", first]);
}

#[test]
fn hostile_text_of_a_post_is_inert_when_shown() {
    let desk = Desk::new();
    let hostile = format!("{ALERT} \u{1b}[31m\u{9b}2J\u{202e}terbalik\u{2066} \u{7}");
    let line = serde_json::json!({
        "id": "x\u{1b}[2J", "title": "Lowongan \u{1b}]0;judul\u{7}", "text": hostile,
        "author": "\u{202e}penjual\u{1b}[1m", "place_hint": "Medan\u{9b}1m",
        "url": "https://papan.example/\u{1b}[2J",
    });
    desk.write("hostile.jsonl", line.to_string());
    desk.run(&["scan", "hostile.jsonl", "-o", "f.jsonl"])
        .exits(0);
    let id = records(&desk.read("f.jsonl"))[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for args in [
        &["findings", "show", &id, "--file", "f.jsonl"][..],
        &["findings", "list", "--file", "f.jsonl"],
    ] {
        let shown = desk.run(args).exits(0).stdout;
        assert!(shown.contains("G3"), "{shown}");
        let hostile = ['\u{1b}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{7}'];
        assert!(!shown.contains(hostile), "{args:?}: {shown:?}");
    }
}

#[test]
fn lines_that_are_no_findings_are_named_and_the_rest_is_listed() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    desk.run(&["scan", "posts.jsonl", "-o", "f.jsonl"]).exits(0);
    let found = desk.read("f.jsonl");
    desk.write("mixed.jsonl", format!("{{\n{found}{}\n", post("1", "x")));
    let ran = desk.run(&["findings", "list", "--json", "--file", "mixed.jsonl"]);
    let ran = ran
        .exits(4)
        .says(&["skipped mixed.jsonl:1:", "skipped mixed.jsonl:5:"]);
    assert_eq!(ran.records().len(), 3);
    desk.run(&["findings", "list", "--file", "gone.jsonl"])
        .exits(4)
        .says(&["gone.jsonl"]);
}

#[test]
fn records_of_a_scan_are_told_apart_by_post() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    desk.run(&["scan", "posts.jsonl", "--now", NOW, "-o", "f.jsonl"])
        .exits(0);
    let listed = desk
        .run(&["findings", "list", "--json", "--file", "f.jsonl"])
        .records();
    assert_eq!(
        ids(&listed),
        ["a-3", "4", "a-2"],
        "help first, then missing, then alerts"
    );
    let unique: BTreeSet<&str> = listed
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(unique.len(), 3);
}

#[test]
fn a_store_that_is_none_is_refused() {
    let desk = Desk::new();
    desk.run(&["init", "w"]).exits(0);
    desk.write(
        "w/state.db",
        "not a database, just words that are long enough to be read",
    );
    let ran = desk.run(&["-C", "w", "findings", "list"]);
    ran.exits(5).says(&["state.db", "hint:"]);
}
