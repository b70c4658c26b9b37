//! Archives to records.

use std::io::Read as _;
use std::process::Stdio;

use super::{ALERT, Demo, Desk, NOW, POSTS, Ran, gzip, ids, pack, post, records, zstd};

#[test]
fn posts_are_read_from_a_file_and_from_standard_input() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    let from_file = desk.run(&["scan", "posts.jsonl"]).exits(0);
    assert_eq!(ids(&from_file.records()), ["a-2", "a-3", "4"]);
    let fed = desk.feed(&["scan", "-"], POSTS.as_bytes()).exits(0);
    assert_eq!(ids(&fed.records()), ["a-2", "a-3", "4"]);
    fed.says(&["5 posts scanned, 3 deserve a look", "critical · alert"]);
}

#[test]
fn all_writes_a_record_for_every_post_in_input_order() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    let ran = desk.run(&["scan", "--all", "posts.jsonl"]).exits(0);
    let told: Vec<(String, String, String)> = ran
        .records()
        .iter()
        .map(|record| {
            let text = |pointer: &str| {
                record
                    .pointer(pointer)
                    .unwrap()
                    .as_str()
                    .unwrap()
                    .to_owned()
            };
            (
                text("/source/native_id"),
                text("/assessment/level"),
                text("/assessment/route"),
            )
        })
        .collect();
    let expected = [
        ("a-1", "none", "context_only"),
        ("a-2", "critical", "alert"),
        ("a-3", "high", "help_request"),
        ("4", "medium", "missing_person"),
        ("a-5", "none", "context_only"),
    ];
    let expected = expected.map(|(id, level, route)| (id.into(), level.into(), route.into()));
    assert_eq!(told, expected);
}

#[test]
fn unknown_keys_and_where_a_post_stood_are_kept() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    let args = ["scan", "--platform", "papan", "posts.jsonl"];
    let records = desk.run(&args).exits(0).records();
    let record = &records[0];
    assert_eq!(record["source"]["extra"]["harga"], 15_000_000);
    assert_eq!(record["source"]["extra"]["label"]["baru"], true);
    assert_eq!(record["source"]["platform"], "papan");
    assert_eq!(
        record["source"]["url"],
        "hxxps://papan[.]example/lowongan/2"
    );
    assert_eq!(record["provenance"]["input"]["file"], "posts.jsonl");
    assert_eq!(record["provenance"]["input"]["line"], 2);
}

#[test]
fn an_output_file_appears_only_when_it_is_whole() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    desk.write("out/before.jsonl", "earlier\n");
    let args = ["scan", "posts.jsonl", "-o", "out/found.jsonl"];
    let ran = desk.run(&args).exits(0).says(&["written: out/found.jsonl"]);
    assert_eq!(ran.stdout, "");
    assert_eq!(desk.names("out"), ["before.jsonl", "found.jsonl"]);
    assert_eq!(records(&desk.read("out/found.jsonl")).len(), 3);
}

#[test]
fn an_output_file_in_a_missing_folder_is_refused_before_anything_is_read() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    let ran = desk.run(&["scan", "posts.jsonl", "-o", "nowhere/found.jsonl"]);
    let ran = ran.exits(2).says(&["nowhere/found.jsonl", "hint:"]);
    assert!(!ran.stderr.contains("posts scanned"), "{}", ran.stderr);
}

#[test]
fn a_folder_as_output_is_refused_before_anything_is_read() {
    let desk = Desk::new();
    desk.write("out/before.jsonl", "earlier\n");
    let args = ["scan", "-", "-o", "out"];
    let mut child = desk.command(&args).stdin(Stdio::piped()).spawn().unwrap();
    // Kept open: it must not wait for the end of its input.
    let _stdin = child.stdin.take();
    let ran = Ran::of(&args, child.wait_with_output().unwrap());
    ran.exits(2).says(&["`out`", "hint:"]);
    assert_eq!(desk.names("out"), ["before.jsonl"]);
}

#[test]
fn csv_text_and_packed_inputs_give_the_same_finding() {
    let desk = Desk::new();
    let csv = format!("id,text,kota\n1,\"{ALERT}\",Medan\n2,Jual sepeda bekas,Solo\n");
    desk.write("table.csv", &csv);
    desk.write("table.csv.gz", gzip(csv.as_bytes()));
    desk.write("note.txt", ALERT);
    desk.write("lines.jsonl.gz", gzip(post("1", ALERT).as_bytes()));
    desk.write("lines.jsonl.zst", zstd(post("1", ALERT).as_bytes()));
    for (input, id) in [
        ("table.csv", "1"),
        ("table.csv.gz", "1"),
        ("note.txt", "note"),
        ("lines.jsonl.gz", "1"),
        ("lines.jsonl.zst", "1"),
    ] {
        let found = desk.run(&["scan", input]).exits(0).records();
        assert_eq!(ids(&found), [id], "{input}");
        assert_eq!(found[0]["assessment"]["level"], "critical", "{input}");
    }
}

#[test]
fn the_pages_a_crawl_kept_can_be_scanned_again() {
    let demo = Demo::get();
    let desk = Desk::new();
    let packed = demo.file("evidence", ".warc.gz");
    let mut plain = Vec::new();
    let file = std::fs::File::open(&packed).unwrap();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_end(&mut plain)
        .unwrap();
    desk.write("pages.warc", plain);
    let from_packed = desk.run(&["scan", packed.to_str().unwrap()]).records();
    let from_plain = desk.run(&["scan", "pages.warc"]).records();
    assert!(from_packed.len() > 20, "{}", from_packed.len());
    assert_eq!(ids(&from_packed), ids(&from_plain));
    let capture = &from_packed[0]["provenance"]["capture"];
    assert!(capture["offset"].as_u64().unwrap() > 0, "{capture}");
}

/// A rule file without its gates but one.
fn with_one_gate(text: &str, id: &str) -> String {
    let mut blocks = text.split("[[gate]]\n");
    let head = blocks.next().unwrap_or_default().to_owned();
    let id = format!("= \"{id}\"\n");
    blocks.fold(head, |kept, block| {
        let (gate, rest) = match block.find("\n[[context]]") {
            Some(end) => block.split_at(end + 1),
            None => (block, ""),
        };
        if gate
            .lines()
            .next()
            .is_some_and(|line| format!("{line}\n").ends_with(&id))
        {
            kept + "[[gate]]\n" + gate + rest
        } else {
            kept + rest
        }
    })
}

#[test]
fn rules_of_a_folder_replace_the_pack() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    let dir = pack(&desk, "mine");
    for file in std::fs::read_dir(&dir).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|end| end == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(path, with_one_gate(&text, "help_request")).unwrap();
        }
    }
    let ran = desk
        .run(&["scan", "posts.jsonl", "--rules", "mine"])
        .exits(0);
    assert_eq!(ids(&ran.records()), ["a-3"]);
}

#[test]
fn a_broken_pack_scans_nothing_and_names_the_place() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    let dir = pack(&desk, "mine");
    let path = dir.join("control.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let broken = text.replacen("strength", "strenght", 1);
    let before = &broken[..broken.find("strenght").unwrap()];
    let line = before.matches('\n').count() + 1;
    std::fs::write(&path, &broken).unwrap();
    let args = ["scan", "posts.jsonl", "--rules", "mine", "-o", "out.jsonl"];
    let place = format!("control.toml:{line}:1");
    let ran = desk
        .run(&args)
        .exits(3)
        .says(&[&place, "strenght", "hint:"]);
    assert_eq!(ran.stdout, "");
    assert!(!desk.path("out.jsonl").exists());
    desk.run(&["scan", "posts.jsonl", "--rules", "nowhere"])
        .exits(3);
}

#[test]
fn fail_on_asks_for_a_status_scripts_can_see() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    desk.write("missing.jsonl", POSTS.lines().nth(3).unwrap());
    desk.run(&["scan", "posts.jsonl", "--fail-on", "high"])
        .exits(1);
    desk.run(&["scan", "missing.jsonl", "--fail-on", "medium"])
        .exits(1);
    let below = desk.run(&["scan", "missing.jsonl", "--fail-on", "high"]);
    assert_eq!(below.exits(0).records().len(), 1);
}

/// Keys that others can read are refused.
#[cfg(unix)]
fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn private(_: &std::path::Path) {}

#[test]
fn a_contact_has_one_mark_per_key() {
    let desk = Desk::new();
    desk.write("posts.jsonl", POSTS);
    for (name, digit) in [("a.key", "a"), ("b.key", "b")] {
        private(&desk.write(name, digit.repeat(64)));
    }
    let mark = |key: &str| {
        let args = ["scan", "posts.jsonl", "--now", NOW, "--key-file", key];
        let record = desk.run(&args).exits(0).records().remove(0);
        record["entities"]["phones"][0]["hmac"].clone()
    };
    assert!(mark("a.key").is_string(), "{}", mark("a.key"));
    assert_eq!(mark("a.key"), mark("a.key"));
    assert_ne!(mark("a.key"), mark("b.key"));
}
