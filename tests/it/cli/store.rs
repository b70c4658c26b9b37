//! What is kept, counted and checked; what is past its time, destroyed without
//! a rest and with a record.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lentera::pipeline::{Lock, Work};
use serde_json::Value;

use super::{Demo, Desk, copy, records};

/// Long after any demonstration.
const LATER: &str = "2036-01-01T00:00:00Z";
const YES: [&str; 4] = ["purge", "--yes", "--by", "Budi"];
const ALL: &str = "
[retention]
critical = 30
high = 30
medium = 30
low = 30
help_request = 30
missing_person = 30
unflagged_posts = 30
evidence_unreferenced = 30
";

/// A copy of the demonstration with more in its `lentera.toml`.
fn own(more: &str) -> Desk {
    let desk = Desk::new();
    copy(&Demo::get().desk.path("d"), &desk.path("d"));
    let config = desk.read("d/lentera.toml");
    // Tables stand before the sources, which are lists of tables.
    desk.write("d/lentera.toml", format!("{more}\n{config}"));
    desk
}

fn store(desk: &Desk, args: &[&str], code: i32) -> Value {
    let all = [&["-C", "d", "store"], args, &["--json", "--now", LATER]].concat();
    records(&desk.run(&all).exits(code).stdout).remove(0)
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in dir.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Which files hold one of these words, as they are or unpacked.
fn holding(dir: &Path, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(dir) {
        let mut bytes = std::fs::read(&path).unwrap();
        if path.extension().is_some_and(|end| end == "gz") {
            let packed = std::mem::take(&mut bytes);
            let mut plain = flate2::read::MultiGzDecoder::new(&packed[..]);
            plain.read_to_end(&mut bytes).unwrap();
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Some(word) = words.iter().find(|word| text.contains(word.as_str())) {
            found.push(format!("{}: {word}", path.display()));
        }
    }
    found
}

/// Some words in a row of what a post said, none of them masked.
fn words_of(finding: &Value) -> Option<String> {
    let text = finding["content"]["text"].as_str()?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = |word: &&str| word.chars().all(|ch| ch.is_ascii_alphanumeric());
    let four = words.windows(4).find(|four| four.iter().all(plain))?;
    Some(four.join(" "))
}

#[test]
fn what_is_kept_is_counted_and_holds_and_a_changed_record_is_named() {
    let desk = own("");
    let stats = store(&desk, &["stats"], 0);
    let findings = records(&Demo::get().findings()).len() as u64;
    let counted = stats["findings"].as_array().unwrap().iter();
    let counted: u64 = counted.map(|one| one["current"].as_u64().unwrap()).sum();
    assert_eq!(counted, findings);
    let posts = stats["posts"].as_array().unwrap().iter();
    let posts: u64 = posts.map(|one| one["posts"].as_u64().unwrap()).sum();
    assert_eq!(posts, 373);
    let told = desk.run(&["-C", "d", "store", "stats"]).exits(0).stdout;
    assert!(
        told.contains("help_request") && told.contains("evidence: 1 WARC files"),
        "{told}"
    );

    let whole = store(&desk, &["verify"], 0);
    assert_eq!(
        (&whole["ok"], whole["revisions"].as_u64()),
        (&true.into(), Some(findings))
    );
    assert_eq!(whole["captured"], whole["revisions"]);
    let db = rusqlite::Connection::open(desk.path("d/state.db")).unwrap();
    db.execute_batch(
        "UPDATE finding SET json = replace(json, '\"points\":', '\"points\": 1') WHERE level = 'high';
         UPDATE finding SET level = 'low' WHERE level = 'medium';",
    )
    .unwrap();
    drop(db);
    let broken = store(&desk, &["verify"], 1);
    assert_eq!(broken["ok"], false);
    let faults = broken["faults"].to_string();
    assert!(faults.contains("not as it was sealed"), "{faults}");
    assert!(faults.contains("files it otherwise"), "{faults}");
    let told = desk.run(&["-C", "d", "store", "verify"]).exits(1).stdout;
    assert!(
        told.contains("FAULT: the finding ") && told.contains("store restore"),
        "{told}"
    );
}

#[test]
fn a_finding_whose_page_is_gone_is_named() {
    let desk = own("");
    let db = rusqlite::Connection::open(desk.path("d/state.db")).unwrap();
    let (id, json): (String, String) = db
        .query_row("SELECT id, json FROM finding LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let mut finding: lentera::store::record::Finding = serde_json::from_str(&json).unwrap();
    if let Some(capture) = &mut finding.provenance.capture {
        capture.record_id = "<urn:uuid:tiada>".to_owned();
    }
    db.execute(
        "UPDATE finding SET json = ?1 WHERE id = ?2",
        (finding.sealed().to_line(), &id),
    )
    .unwrap();
    let faults = store(&desk, &["verify"], 1)["faults"].to_string();
    assert!(faults.contains("is not in the manifest"), "{faults}");
    assert!(faults.contains(&id), "{faults}");
}

#[test]
fn without_retention_nothing_goes_and_without_a_yes_neither() {
    let desk = own("");
    let args = ["-C", "d", "store", "purge", "--now", LATER];
    let ran = desk.run(&args).exits(0);
    ran.says(&["everything is kept for good"]);
    let desk = own(ALL);
    desk.run(&args).exits(2).says(&["nobody knows", "--by"]);
    desk.run(&[&args[..], &["--by", "Budi"]].concat())
        .exits(2)
        .says(&["no terminal", "--yes", "--dry-run"]);
    let before = store(&desk, &["stats"], 0);
    let plan = store(&desk, &["purge", "--dry-run"], 0);
    assert_eq!(plan["evidence"][0]["whole"], true);
    let shown = desk
        .run(&[&args[..], &["--dry-run"]].concat())
        .exits(0)
        .stdout;
    assert!(
        shown.contains("findings  alert") && shown.contains("days old"),
        "{shown}"
    );
    assert_eq!(store(&desk, &["stats"], 0), before);
    let early = ["-C", "d", "store", "purge", "--dry-run"];
    let shown = desk.run(&early).exits(0).stdout;
    assert_eq!(shown, "nothing is past its time\n");
    desk.write("d/lentera.toml", "[retention]\nlow = 0\n");
    desk.run(&args).exits(2).says(&["lentera.toml", "nonzero"]);
}

#[test]
fn of_what_was_purged_no_file_holds_a_word_and_the_chain_says_what_went() {
    let desk = own(ALL);
    let findings = records(&Demo::get().findings());
    let words: Vec<String> = findings.iter().filter_map(words_of).collect();
    assert!(words.len() > 10);
    let dir = desk.path("d");
    assert!(holding(&dir, &words).len() >= 3, "store, lines, evidence");
    let why = [
        "purge",
        "--yes",
        "--by",
        "Budi",
        "--reason",
        "masa simpan habis",
    ];
    let done = store(&desk, &why, 0);
    assert_eq!(done["findings"], findings.len());
    assert_eq!(done["posts"], 373);
    assert_eq!(done["files"], 1);
    assert_eq!(holding(&dir, &words), [""; 0]);
    assert_eq!(desk.names("d/findings"), [""; 0]);

    let whole = store(&desk, &["verify"], 0);
    assert_eq!(whole["evidence"]["destroyed"], done["records"]);
    let told = desk.run(&["-C", "d", "evidence", "verify"]).exits(0).stdout;
    assert!(told.contains("destroyed as recorded: "), "{told}");
    let chain = records(&desk.read("d/evidence/chain.log"));
    let events: Vec<&str> = chain
        .iter()
        .map(|entry| entry["event"].as_str().unwrap())
        .collect();
    let start = events
        .iter()
        .position(|event| *event == "purge-start")
        .unwrap();
    assert_eq!(chain[start]["who"], "Budi");
    assert_eq!(chain[start]["why"], "masa simpan habis");
    assert_eq!(chain[start]["retention"]["critical"], 30);
    let gone = chain[start..]
        .iter()
        .filter(|entry| entry["event"] == "findings-destroyed")
        .flat_map(|entry| entry["findings"].as_array().unwrap());
    let gone: BTreeSet<&str> = gone.map(|one| one["sha256"].as_str().unwrap()).collect();
    let sealed = findings
        .iter()
        .map(|one| one["integrity"]["sha256"].as_str().unwrap());
    assert_eq!(gone, sealed.collect());
    assert_eq!(events.last(), Some(&"purge-end"));
    // Again: nothing to do, and nothing said.
    assert_eq!(store(&desk, &YES, 0)["purge"], Value::Null);
    assert_eq!(
        records(&desk.read("d/evidence/chain.log")).len(),
        chain.len()
    );
}

#[test]
fn what_stays_keeps_its_page_and_what_went_is_not_found_new_again() {
    let findings = records(&Demo::get().findings());
    let is = |finding: &Value, level: &str| finding["assessment"]["level"] == level;
    let of_a_page = |finding: &&Value| finding["source"]["platform"] == "pasar-kita";
    let held = findings
        .iter()
        .filter(|one| is(one, "low") || is(one, "medium"));
    let held = held.map(|one| one["id"].as_str().unwrap()).next().unwrap();
    let more = ALL
        .replace("critical = 30\n", "")
        .replace("unflagged_posts = 30\n", "");
    let desk = own(&format!("{more}hold = [\"{held}\"]\n"));
    let done = store(&desk, &YES, 0);
    assert_eq!(done["files"], 0);
    assert!(done["records"].as_u64().unwrap() > 50, "{done}");
    store(&desk, &["verify"], 0);

    let kept = |one: &&Value| {
        let by_level = is(one, "critical") && one["assessment"]["route"] == "alert";
        by_level || one["id"] == held
    };
    let (stay, went): (Vec<&Value>, Vec<&Value>) = findings.iter().partition(kept);
    let lines = records(&std::fs::read_to_string(&files(&desk.path("d/findings"))[0]).unwrap());
    assert_eq!(lines.len(), stay.len());
    for finding in &stay {
        let id = finding["id"].as_str().unwrap();
        let show = ["-C", "d", "evidence", "show", id, "--show-text", "--json"];
        let shown = records(&desk.run(&show).exits(0).stdout).remove(0);
        assert!(shown["text"].as_str().unwrap().len() > 20);
    }
    let words: Vec<String> = went
        .into_iter()
        .filter(of_a_page)
        .filter_map(words_of)
        .collect();
    assert!(words.len() > 3);
    assert_eq!(holding(&desk.path("d"), &words), [""; 0]);

    // The next night.
    let args = ["demo", "d", "--now", "2036-01-02T00:00:00Z", "--lang", "en"];
    let again = desk.run(&args).exits(0);
    let told = again.stdout + &again.stderr;
    assert!(told.contains("posts: 0 new, 0 changed"), "{told}");
    store(&desk, &["verify"], 0);
}

/// Everything that a purge leaves, but for the chain.
fn left(desk: &Desk) -> (Vec<(String, Vec<u8>)>, Vec<String>) {
    let mut all = Vec::new();
    for path in files(&desk.path("d")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".gz") || name.ends_with(".jsonl") {
            all.push((name, std::fs::read(&path).unwrap()));
        }
    }
    let db = rusqlite::Connection::open(desk.path("d/state.db")).unwrap();
    let mut rows = Vec::new();
    for sql in [
        "SELECT platform || native_id || revision FROM post ORDER BY 1",
        "SELECT id || revision || json FROM finding ORDER BY 1",
        "SELECT url || coalesce(record_id, '') || coalesce(etag, '') FROM address ORDER BY 1",
    ] {
        let mut statement = db.prepare(sql).unwrap();
        let found = statement
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap();
        rows.extend(found.map(Result::unwrap));
    }
    (all, rows)
}

#[test]
fn a_purge_that_is_killed_at_any_moment_ends_the_same_when_it_is_repeated() {
    let more = ALL.replace("critical = 30\n", "");
    let args = [&["-C", "d", "store"], &YES[..], &["--now", LATER]].concat();
    let whole = own(&more);
    whole.run(&args).exits(0);
    let whole = left(&whole);
    let mut cut_off = 0;
    for n in 0..14 {
        let desk = own(&more);
        for m in 0..4 {
            let mut child = desk.command(&args).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(8 + 13 * n + 5 * m));
            // It may have ended.
            let _ = child.kill();
            cut_off += u32::from(!child.wait().unwrap().success());
        }
        desk.run(&args).exits(0);
        assert_eq!(left(&desk), whole, "killed after {n}");
        store(&desk, &["verify"], 0);
        let chain = records(&desk.read("d/evidence/chain.log"));
        let ends = chain.iter().filter(|entry| entry["event"] == "purge-end");
        let starts = chain.iter().filter(|entry| entry["event"] == "purge-start");
        assert_eq!((starts.count(), ends.count()), (1, 1));
    }
    assert!(cut_off > 0, "every purge ended before it was killed");
}

#[test]
fn no_purge_while_a_crawl_is_at_work() {
    let desk = own(ALL);
    let _lock = Lock::take(&desk.path("d"), Work::Crawl).unwrap();
    desk.run(&["-C", "d", "store", "purge", "--yes"])
        .exits(5)
        .says(&["another crawl is at work"]);
}
