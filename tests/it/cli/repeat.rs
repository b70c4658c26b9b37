//! Equal bytes from equal input, however many threads, however often stopped.

use std::fmt::Write as _;

use super::{ALERT, Desk, NOW, POSTS, post};

/// Many posts, some flagged, and a faulty line here and there.
fn many(n: usize) -> String {
    let mut lines = String::new();
    for number in 0..n {
        let line = match number % 50 {
            7 => "{\"id\": \"torn\", \"text\": \"tanpa akhir".to_owned(),
            19 => "{\"id\": \"no-text\"}".to_owned(),
            11 | 33 => post(&format!("p-{number}"), ALERT),
            _ => post(
                &format!("p-{number}"),
                &format!("Dijual kulkas nomor {number}, kondisi baik, COD"),
            ),
        };
        writeln!(lines, "{line}").unwrap();
    }
    lines
}

#[test]
fn the_same_input_rules_time_and_key_give_the_same_bytes() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    let args = ["scan", "--all", "posts.jsonl", "--now", NOW];
    let first = desk.run(&args).exits(0);
    let second = desk.run(&args).exits(0);
    assert_eq!(first.stdout, second.stdout);
    assert!(!first.stdout.is_empty());
}

#[test]
fn the_number_of_threads_does_not_show() {
    let desk = Desk::new();
    desk.write("many.jsonl", many(3_000));
    let run = |threads: &str| {
        let args = ["scan", "many.jsonl", "--now", NOW, "--threads", threads];
        desk.run(&args).exits(4)
    };
    let one = run("1");
    assert_eq!(one.records().len(), 120);
    for threads in ["2", "8"] {
        let ran = run(threads);
        assert!(
            ran.stdout == one.stdout,
            "{threads} threads differ from one"
        );
    }
    one.says(&[
        "malformed_json 60",
        "missing_field 60",
        "2880 posts scanned",
    ]);
}

#[test]
fn what_was_written_and_the_rest_are_the_whole() {
    let desk = Desk::new();
    let text = many(300);
    desk.write("a.jsonl", &text);
    desk.write("b.jsonl", POSTS);
    // What cannot be opened counts as one record, as in an interrupted scan.
    let inputs = ["gone.jsonl", "a.jsonl", "b.jsonl"];
    let scan = |skip: &str| {
        let mut args = vec!["scan", "--all", "--now", NOW, "--skip-records", skip];
        args.extend(inputs);
        desk.run(&args)
    };
    let whole = scan("0").exits(4).stdout;
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    assert_eq!(lines.len(), 300 - 12 + 5);
    // Records 0 to 6 of a.jsonl are posts, 7 is torn.
    for (skip, posts) in [("1", 0), ("8", 7), ("9", 7), ("301", 288), ("304", 291)] {
        let rest = scan(skip);
        assert!(rest.stdout == lines[posts..].concat(), "from {skip}");
    }
    assert_eq!(scan("306").exits(0).stdout, "");
}
