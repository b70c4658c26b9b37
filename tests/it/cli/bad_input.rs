//! Inputs that cannot be read are named, with file, line and reason; the
//! good posts around them are found all the same.

use std::fmt::Write as _;
use std::io::Write as _;

use super::{ALERT, Desk, gzip, ids, post};

/// Scans `bad` between two good files; what it held itself is returned.
fn between_good(desk: &Desk, bad: &str, told: &[&str]) -> Vec<String> {
    desk.write("before.jsonl", post("before", ALERT));
    desk.write("after.jsonl", post("after", ALERT));
    let ran = desk.run(&["scan", "before.jsonl", bad, "after.jsonl"]);
    let ran = ran.exits(4).says(told);
    let found: Vec<String> = ids(&ran.records())
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found.first().unwrap(), "before");
    assert_eq!(found.last().unwrap(), "after");
    found[1..found.len() - 1].to_vec()
}

#[test]
fn a_malformed_line_costs_that_line_only() {
    let desk = Desk::new();
    let good = [post("x", ALERT), post("y", ALERT)];
    desk.write(
        "bad.jsonl",
        format!("{}\n{{\"id\": 1,\n[1]\n{}\n", good[0], good[1]),
    );
    let told = [
        "bad.jsonl:2: malformed_json (",
        "bad.jsonl:3: malformed_json (",
    ];
    assert_eq!(between_good(&desk, "bad.jsonl", &told), ["x", "y"]);
}

#[test]
fn a_line_of_fifty_megabytes_costs_that_line_only() {
    let desk = Desk::new();
    let mut file = std::fs::File::create(desk.path("bad.jsonl")).unwrap();
    writeln!(file, "{}", post("x", ALERT)).unwrap();
    file.write_all(b"{\"id\": \"long\", \"text\": \"").unwrap();
    let chunk = vec![b'a'; 1 << 20];
    for _ in 0..50 {
        file.write_all(&chunk).unwrap();
    }
    writeln!(file, "\"}}\n{}", post("y", ALERT)).unwrap();
    let told = ["bad.jsonl:2: too_long (a line of more than"];
    assert_eq!(between_good(&desk, "bad.jsonl", &told), ["x", "y"]);
}

#[test]
fn bytes_that_are_not_utf8_cost_that_line_only() {
    let desk = Desk::new();
    let mut bytes = format!("{}\n", post("x", ALERT)).into_bytes();
    bytes.extend(b"{\"id\": \"z\", \"text\": \"caf\xe9\"}\n");
    bytes.extend(post("y", ALERT).into_bytes());
    desk.write("bad.jsonl", bytes);
    let told = ["bad.jsonl:2: invalid_utf8"];
    assert_eq!(between_good(&desk, "bad.jsonl", &told), ["x", "y"]);
}

#[test]
fn an_input_with_nothing_in_it_is_named() {
    let desk = Desk::new();
    let none: [String; 0] = [];
    for (name, bytes, reason) in [
        ("empty.jsonl", &b""[..], "empty.jsonl: empty"),
        ("blank.jsonl", b"\n\n", "blank.jsonl: empty"),
        ("empty.csv", b"", "empty.csv: empty"),
        ("empty.warc", b"", "empty.warc: empty"),
    ] {
        desk.write(name, bytes);
        assert_eq!(between_good(&desk, name, &[reason]), none);
    }
}

#[test]
fn a_folder_and_a_missing_file_are_named() {
    let desk = Desk::new();
    desk.write("folder/x.jsonl", post("x", ALERT));
    let none: [String; 0] = [];
    assert_eq!(
        between_good(&desk, "folder", &["folder: directory ("]),
        none
    );
    let told = ["gone.jsonl: unreadable ("];
    assert_eq!(between_good(&desk, "gone.jsonl", &told), none);
}

#[test]
fn a_table_without_header_is_named() {
    let desk = Desk::new();
    desk.write("bad.csv", format!("1,\"{ALERT}\"\n2,Jual sepeda\n"));
    let none: [String; 0] = [];
    assert_eq!(
        between_good(&desk, "bad.csv", &["bad.csv:1: no_csv_header"]),
        none
    );
}

#[test]
fn a_gzip_file_that_ends_early_gives_what_came_before() {
    let desk = Desk::new();
    let mut text = String::new();
    for number in 0..2_000 {
        let filler = format!("Dijual sepeda {}", number * 7_919 % 1_000);
        writeln!(text, "{}", post(&format!("f-{number}"), &filler)).unwrap();
    }
    let whole = format!("{}\n{text}", post("x", ALERT));
    let packed = gzip(whole.as_bytes());
    desk.write("bad.jsonl.gz", &packed[..packed.len() / 2]);
    let told = ["bad.jsonl.gz:", "truncated_stream (the file ends early"];
    assert_eq!(between_good(&desk, "bad.jsonl.gz", &told), ["x"]);
}

#[test]
fn binary_junk_is_named_and_not_printed() {
    let desk = Desk::new();
    let none: [String; 0] = [];
    let junk: Vec<u8> = (0..4_000_u32).map(|n| (n * 31 % 256) as u8).collect();
    desk.write("junk", &junk);
    assert_eq!(
        between_good(&desk, "junk", &["junk: unknown_format ("]),
        none
    );
    desk.write("junk.jsonl", &junk);
    between_good(&desk, "junk.jsonl", &["junk.jsonl:1: invalid_utf8"]);
    desk.write("picture.txt", b"\x89PNG\r\n\x1a\n");
    let told = ["picture.txt: unknown_format (a picture"];
    assert_eq!(between_good(&desk, "picture.txt", &told), none);
}

#[test]
fn hostile_names_and_details_are_inert_on_stderr() {
    let desk = Desk::new();
    let name = "a\u{1b}[2Jb\u{202e}.jsonl";
    desk.write(name, "{\"\u{1b}]0;x\u{7}\": \u{9b}}\n");
    let ran = desk.run(&["scan", name]).exits(4);
    for hostile in ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}'] {
        assert!(!ran.stderr.contains(hostile), "{:?}", ran.stderr);
    }
    let ran = desk
        .run(&["scan", "-o", "x\u{1b}[2J/out.jsonl", name])
        .exits(2);
    assert!(!ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
}

#[test]
fn many_faults_are_counted_and_the_first_named() {
    let desk = Desk::new();
    desk.write("bad.jsonl", "{\n".repeat(100));
    let ran = desk.run(&["scan", "bad.jsonl"]).exits(4);
    let ran = ran.says(&["malformed_json 100", "bad.jsonl:1: ", "… and 80 more"]);
    assert!(ran.stderr.lines().count() < 30, "{}", ran.stderr);
}
