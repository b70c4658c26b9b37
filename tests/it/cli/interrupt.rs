//! Ctrl-C: what is finished is kept, and the way on is told.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use super::{ALERT, Desk, NOW, Ran, ids, records};

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
}

/// Writes posts until the program stops reading or `enough` were written;
/// gives the pipe back.
fn pour(stdin: &mut impl std::io::Write, enough: usize) -> bool {
    let wide = "x".repeat(4_000);
    (0..enough).all(|n| {
        let post = serde_json::json!({ "id": format!("s-{n}"), "text": ALERT, "wide": wide });
        writeln!(stdin, "{post}").is_ok()
    })
}

#[test]
fn a_scan_of_an_endless_stream_keeps_what_is_finished_and_tells_the_way_on() {
    let desk = Desk::new();
    desk.write("out.jsonl", "earlier\n");
    let args = [
        "scan",
        "-",
        "--all",
        "--threads",
        "1",
        "--now",
        NOW,
        "-o",
        "out.jsonl",
    ];
    let mut child = desk.command(&args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // More than is read ahead: by the end some posts are surely finished.
    assert!(pour(&mut stdin, 500));
    interrupt(&child);
    let ran = std::thread::scope(|scope| {
        let endless = scope.spawn(move || while pour(&mut stdin, 100) {});
        let output = child.wait_with_output().unwrap();
        endless.join().unwrap();
        Ran::of(&args, output)
    });
    let ran = ran
        .exits(130)
        .says(&["out.partial.jsonl", "to go on: lentera scan - "]);
    assert_eq!(desk.read("out.jsonl"), "earlier\n");
    assert_eq!(desk.names(""), ["out.jsonl", "out.partial.jsonl"]);
    let kept = records(&desk.read("out.partial.jsonl"));
    assert!(!kept.is_empty());
    let in_order: Vec<String> = (0..kept.len().min(500)).map(|n| format!("s-{n}")).collect();
    assert_eq!(ids(&kept)[..in_order.len()], in_order);
    ran.says(&[
        &format!("--skip-records {} ", kept.len()),
        "--all",
        "-o out.rest.jsonl",
    ]);
}

#[test]
fn a_scan_of_a_silent_pipe_ends_when_told() {
    let desk = Desk::new();
    let args = ["scan", "-", "gone.jsonl", "--threads", "1"];
    let mut child = desk.command(&args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    // What was said is answered before the pipe ends: nothing waits for a
    // buffer to fill. Then nobody writes.
    let mut first = String::new();
    std::thread::scope(|scope| {
        scope.spawn(|| assert!(pour(&mut stdin, 150)));
        for _ in 0..150 {
            stdout.read_line(&mut first).unwrap();
        }
    });
    interrupt(&child);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    let ran = Ran::of(&args, child.wait_with_output().unwrap()).exits(130);
    drop(stdin);
    ran.says(&["lentera scan - gone.jsonl --skip-records 150"]);
    assert_eq!(records(&(first + &rest)).len(), 150);
}

#[test]
fn a_crawl_that_was_stopped_keeps_its_findings_and_the_next_one_goes_on() {
    let desk = Desk::new();
    // A pace that leaves time to stop it.
    let config =
        include_str!("../../../fixtures/demo.toml").replace("delay_ms = 0", "delay_ms = 15");
    desk.write("d/lentera.toml", config);
    for folder in ["rules", "findings", "evidence", "keys"] {
        std::fs::create_dir(desk.path("d").join(folder)).unwrap();
    }
    let args = ["demo", "d", "--json"];
    let mut child = desk.command(&args).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains(" pages, ") {
        line.clear();
        assert!(
            stderr.read_line(&mut line).unwrap() > 0,
            "no progress was told"
        );
    }
    interrupt(&child);
    let mut rest = String::new();
    let first = std::thread::scope(|scope| {
        // Both pipes must be emptied, or the program waits.
        let output = scope.spawn(|| child.wait_with_output().unwrap());
        stderr.read_to_string(&mut rest).unwrap();
        Ran::of(&args, output.join().unwrap()).exits(130)
    });
    assert!(
        rest.contains("interrupted; the same command goes on"),
        "{rest}"
    );
    let kept = first.records();
    assert!(!kept.is_empty(), "{rest}");

    let stored = desk.run(&["-C", "d", "findings", "list", "--json", "--limit", "999"]);
    assert_eq!(stored.exits(0).records().len(), kept.len());

    let second = desk.run(&args).exits(0);
    assert!(
        !second.stderr.contains("posts: 373 new"),
        "{}",
        second.stderr
    );
    let more = second.records();
    assert!(!more.is_empty());
    let all = desk.run(&["-C", "d", "findings", "list", "--json", "--limit", "999"]);
    assert_eq!(all.records().len(), kept.len() + more.len());
    desk.run(&args)
        .exits(0)
        .says(&["posts: 0 new, 0 changed, "]);
}
