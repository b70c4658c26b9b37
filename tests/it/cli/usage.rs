//! What is typed wrong, asked for, or broken off.

use std::process::Stdio;

use super::{Demo, Desk, POSTS, Ran};

#[test]
fn what_is_typed_wrong_is_a_usage_error() {
    let desk = Desk::new();
    for args in [
        &[][..],
        &["scann"],
        &["scan"],
        &["scan", "x.jsonl", "--format", "xml"],
        &["scan", "x.jsonl", "--threads", "0"],
        &["scan", "x.jsonl", "--now", "yesterday"],
        &["findings"],
        &["findings", "list", "--level", "none"],
        &["rules", "explain", "C1"],
    ] {
        let ran = desk.run(args).exits(2);
        assert_eq!(ran.stdout, "", "{args:?}");
        assert!(!ran.stderr.is_empty(), "{args:?}");
    }
    desk.run(&["scann"]).says(&["scan"]);
}

#[test]
fn every_command_says_what_it_does() {
    let desk = Desk::new();
    for (args, told) in [
        (&["--help"][..], "never proof"),
        (&["scan", "--help"], "JSONL, CSV, plain text or WARC"),
        (&["crawl", "--help"], "new or changed"),
        (&["demo", "--help"], "invented sites"),
        (&["init", "--help"], "lentera.toml"),
        (&["evidence", "--help"], "evidence"),
        (&["evidence", "verify", "--help"], "every byte"),
        (&["evidence", "show", "--help"], "contacts masked"),
        (&["evidence", "timestamp", "--help"], "Sends nothing"),
        (&["findings", "--help"], "findings"),
        (&["findings", "list", "--help"], "queue"),
        (&["findings", "show", "--help"], "explained"),
        (&["findings", "schema", "--help"], "JSON Schema"),
        (&["rules", "--help"], "rule files"),
        (&["rules", "check", "--help"], "every fault"),
        (&["rules", "test", "--help"], "samples"),
        (&["rules", "list", "--help"], "indicators and gates"),
        (&["rules", "show", "--help"], "sources"),
        (&["rules", "explain", "--help"], "did or did not fire"),
        (&["--version"], env!("CARGO_PKG_VERSION")),
    ] {
        let ran = desk.run(args).exits(0);
        assert!(ran.stdout.contains(told), "{args:?}: {}", ran.stdout);
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS.repeat(200));
    let workspace = Demo::get().desk.path("d").to_str().unwrap().to_owned();
    for args in [
        &["scan", "posts.jsonl", "--quiet"][..],
        &["scan", "--all", "posts.jsonl", "--quiet"],
        &["--help"],
        &["rules", "list"],
        &["findings", "schema"],
        &["-C", &workspace, "findings", "list"],
        &["-C", &workspace, "findings", "list", "--json"],
    ] {
        let mut child = desk.command(args).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ran = Ran::of(args, child.wait_with_output().unwrap()).exits(0);
        assert!(!ran.stderr.contains("error"), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn outside_a_workspace_the_way_to_make_one_is_told() {
    let desk = Desk::new();
    for args in [
        &["crawl"][..],
        &["findings", "list"],
        &["-C", "gone", "crawl"],
    ] {
        desk.run(args)
            .exits(2)
            .says(&["lentera.toml", "lentera init"]);
    }
    desk.write("posts.jsonl", POSTS);
    desk.run(&["-C", "gone", "scan", "posts.jsonl"])
        .exits(2)
        .says(&["lentera init"]);
}

#[test]
fn a_workspace_is_made_once() {
    let desk = Desk::new();
    desk.run(&["init", "w"]).exits(0).says(&["lentera crawl"]);
    desk.write("w/lentera.toml", "# mine\n");
    desk.run(&["init", "w"])
        .exits(2)
        .says(&["already a workspace", "hint:"]);
    assert_eq!(desk.read("w/lentera.toml"), "# mine\n");
}

#[test]
fn the_settings_that_init_writes_can_be_used_as_they_are() {
    let desk = Desk::new();
    desk.run(&["init", "w"]).exits(0);
    desk.run(&["-C", "w", "crawl"])
        .exits(2)
        .says(&["no `[[source]]`", "hint:"]);
    desk.run(&["-C", "w", "findings", "list"]).exits(0);
    // The examples, without their marks, must be right too.
    let text = desk.read("w/lentera.toml");
    let example = |line: &str| {
        let bare = line.strip_prefix("# ")?;
        let is_toml = bare.starts_with('[') || bare.contains(" = ");
        is_toml.then(|| bare.to_owned())
    };
    let lines: Vec<String> = text
        .lines()
        .map(|line| example(line).unwrap_or_else(|| line.to_owned()))
        .collect();
    desk.write("w/lentera.toml", lines.join("\n"));
    let ran = desk.run(&["-C", "w", "crawl", "nowhere"]);
    ran.exits(2)
        .says(&["no source `nowhere`", "classified-example", "board-example"]);
}

#[test]
fn a_fault_in_the_settings_is_named_by_every_command_that_reads_them() {
    let desk = Desk::new();
    desk.run(&["init", "w"]).exits(0);
    desk.write("w/posts.jsonl", POSTS);
    desk.write("w/lentera.toml", "[crawl]\nspeed = 3\n");
    for args in [
        &["-C", "w", "crawl"][..],
        &["-C", "w", "findings", "list"],
        &["-C", "w", "scan", "w/posts.jsonl"],
    ] {
        desk.run(args)
            .exits(2)
            .says(&["lentera.toml", "speed", "hint:"]);
    }
}
