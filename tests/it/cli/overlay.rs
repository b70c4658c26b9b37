//! Private rules laid over the pack.

use serde_json::Value;

use super::{ALERT, Desk, NOW, post, records};

/// Adds a phrase to C1, switches G5 off, and brings a rule of its own.
const OVERLAY: &str = r#"
[[disable]]
id     = "overseas_debt_and_passport"
reason = "handled by another desk"

[[extend]]
id = "control.document_retention"
[extend.phrases]
id = '''
buku biru {list:private_keeper}
'''
[extend.samples]
hit = ["buku biru dikunci komandan"]

[[indicator]]
id       = "act.private_sign"
alias    = "P1"
title    = { id = "Tanda sendiri", en = "A sign of one's own" }
why      = { id = "Dari daftar berlisensi.", en = "From a licensed list." }
axis     = "act"
strength = "weak"
evidence = "institutional"
sources  = ["ILO11"]
status   = "active"
[indicator.phrases]
id = '''
sandi rahasia
'''
[indicator.samples]
hit  = ["sandi rahasia", "ada sandi rahasia", "sandi rahasia kami"]
miss = ["sandi wifi", "rahasia umum", "resep rahasia"]
"#;
const LIST: &str = "phrase,lang,note,source\ndikunci komandan,id,,ILO11\n";

fn overlay(desk: &Desk, dir: &str) {
    desk.write(&format!("{dir}/mine.toml"), OVERLAY);
    desk.write(&format!("{dir}/lists/private_keeper.csv"), LIST);
}

fn row(rows: &[Value], id: &str) -> Value {
    rows.iter().find(|row| row["id"] == id).unwrap().clone()
}

#[test]
fn an_overlay_adds_extends_and_switches_off() {
    let desk = Desk::new();
    overlay(&desk, "mine");
    let with = |args: &[&str]| {
        let mut all = vec!["rules"];
        all.extend(args);
        all.extend(["--overlay", "mine"]);
        desk.run(&all)
    };
    with(&["check"]).exits(0).says(&["+overlay", "; 0 errors"]);
    with(&["test"]).exits(0).says(&[" 0 failed"]);
    let rows = records(&with(&["list", "--json"]).exits(0).stdout);
    assert_eq!(
        row(&rows, "act.private_sign")["from"]["file"],
        "overlay/mine.toml"
    );
    let papers = row(&rows, "control.document_retention");
    assert_eq!(papers["from"]["file"], "control.toml");
    assert_eq!(papers["from"]["changes"][0]["change"], "extended");
    assert_eq!(papers["from"]["changes"][0]["n_patterns"], 1);
    let gate = row(&rows, "overseas_debt_and_passport");
    assert_eq!(
        gate["from"]["changes"][0]["reason"],
        "handled by another desk"
    );
    assert!(rows.iter().all(|row| row["alias"] != "G5"));
    let shown = with(&["list"]).exits(0).stdout;
    assert!(
        shown.contains("overlay/mine.toml: disabled, handled by another desk"),
        "{shown}"
    );
    assert!(
        shown.contains("overlay/mine.toml: extended, patterns 1"),
        "{shown}"
    );
    // Nobody sees the private words in a list.
    assert!(
        !shown.contains("buku biru") && !shown.contains("komandan"),
        "{shown}"
    );
}

#[test]
fn records_tell_of_the_overlay_and_quote_the_post_only() {
    let desk = Desk::new();
    overlay(&desk, "mine");
    let text = ALERT.replace("paspor disimpan agen", "buku biru dikunci komandan");
    desk.write("posts.jsonl", post("a", &text));
    let scan = |more: &[&str]| {
        let mut args = vec!["scan", "posts.jsonl", "--now", NOW];
        args.extend(more);
        desk.run(&args).exits(0)
    };
    let with = scan(&["--overlay", "mine"]);
    let record = &with.records()[0];
    let held = record["indicators"].as_array().unwrap();
    let papers = held.iter().find(|one| one["alias"] == "C1").unwrap();
    assert_eq!(papers["matches"][0]["quote"], "buku biru dikunci komandan");
    assert!(!with.stdout.contains("private_keeper"), "{}", with.stdout);
    let without = scan(&[]).records();
    let set = |record: &Value| record["provenance"]["ruleset"].clone();
    assert_ne!(set(record)["sha256"], set(&without[0])["sha256"]);
    let version = set(&without[0])["version"].as_str().unwrap().to_owned();
    assert_eq!(set(record)["version"], format!("{version}+overlay"));
    let held = without[0]["indicators"].as_array().unwrap();
    assert!(held.iter().all(|one| one["alias"] != "C1"));
}

#[test]
fn the_workspace_brings_its_own_overlay_and_a_named_pack_does_not() {
    let desk = Desk::new();
    desk.run(&["init", "ws"]).exits(0);
    let plain = desk
        .run(&["rules", "list", "--json", "-C", "ws"])
        .exits(0)
        .stdout;
    assert_eq!(
        plain,
        desk.run(&["rules", "list", "--json"]).exits(0).stdout
    );
    overlay(&desk, "ws/rules");
    let listed = |args: &[&str]| {
        let mut all = vec!["rules", "list"];
        all.extend(args);
        desk.run(&all).exits(0).stdout
    };
    assert!(listed(&["-C", "ws"]).contains("act.private_sign"));
    assert!(!listed(&[]).contains("act.private_sign"));
    super::pack(&desk, "pack");
    assert!(!listed(&["-C", "ws", "--rules", "pack"]).contains("act.private_sign"));
    assert!(listed(&["--rules", "pack", "--overlay", "ws/rules"]).contains("act.private_sign"));
}

#[test]
fn an_overlay_that_is_faulty_empty_or_not_there_is_refused() {
    let desk = Desk::new();
    desk.run(&["rules", "list", "--overlay", "gone"])
        .exits(3)
        .says(&["gone", "hint:"]);
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.run(&["rules", "list", "--overlay", "empty"])
        .exits(3)
        .says(&["no rule files"]);
    // A whole pack is no overlay: every id is there already.
    super::pack(&desk, "pack");
    let ran = desk.run(&["rules", "check", "--overlay", "pack"]).exits(3);
    assert!(
        ran.stdout.contains("override = true"),
        "{:.800}",
        ran.stdout
    );
    desk.write("near/mine.toml", "[[disable]]\nid = \"overseas_debt\"\n");
    let ran = desk.run(&["rules", "check", "--overlay", "near"]).exits(3);
    assert!(ran.stdout.contains("needs `reason`"), "{}", ran.stdout);
}

#[test]
fn an_override_stands_in_the_place_of_the_rule() {
    let desk = Desk::new();
    let mine = OVERLAY
        .split("[[indicator]]")
        .nth(1)
        .unwrap()
        .replace(
            "\"act.private_sign\"",
            "\"control.document_retention\"\noverride = true",
        )
        .replace("\"P1\"", "\"C1\"");
    desk.write("mine/mine.toml", format!("[[indicator]]{mine}"));
    let explain = |text: &str| {
        let args = [
            "rules",
            "explain",
            "C1",
            "--text",
            text,
            "--overlay",
            "mine",
        ];
        desk.run(&args).exits(0).stdout
    };
    assert!(explain("sandi rahasia").starts_with("PASS"));
    assert!(explain("paspor disimpan agen").starts_with("FAIL"));
    let listed = desk
        .run(&["rules", "list", "--overlay", "mine"])
        .exits(0)
        .stdout;
    assert!(
        listed.contains("overlay/mine.toml: instead of control.toml"),
        "{listed}"
    );
}

#[test]
fn what_is_switched_off_never_holds_and_its_samples_are_not_missed() {
    let desk = Desk::new();
    let off = "[[disable]]\nid = \"labour.scam_hub_named\"\nreason = \"r\"\n\
               [[disable]]\nid = \"news\"\nreason = \"r\"\n";
    desk.write("mine/mine.toml", off);
    let checked = desk.run(&["rules", "check", "--overlay", "mine"]).exits(0);
    assert!(checked.stdout.contains("W111"), "{}", checked.stdout);
    desk.run(&["rules", "test", "--overlay", "mine"])
        .exits(0)
        .says(&[" 0 failed"]);
    let args = ["rules", "explain", "news", "--overlay", "mine", "--text"];
    let told = |text: &str| desk.run(&[&args[..], &[text]].concat()).exits(0).stdout;
    assert!(
        told("Polisi menangkap, kata Kapolres kepada wartawan, berinisial AB (31)")
            .starts_with("FAIL")
    );
}

#[test]
fn words_of_an_overlay_are_known_mangled_and_in_spellings_of_its_own() {
    let desk = Desk::new();
    overlay(&desk, "mine");
    let explain = |text: &str| {
        let args = [
            "rules",
            "explain",
            "C1",
            "--overlay",
            "mine",
            "--text",
            text,
        ];
        desk.run(&args).exits(0).stdout
    };
    let told = explain("buku biru dikunci kmndn");
    assert!(told.contains("(kmndn read as komandan)"), "{told}");
    let short = "buku biru dikunci kmd";
    assert!(explain(short).starts_with("FAIL"), "{}", explain(short));
    let table = "written,means,note\nkmd,komandan,\n";
    desk.write("mine/spellings.csv", table);
    let told = explain(short);
    assert!(told.contains("(kmd read as komandan)"), "{told}");
    // A word of the pack's table means one thing only.
    desk.write("mine/spellings.csv", format!("{table}dthn,datang,\n"));
    desk.run(&["rules", "check", "--overlay", "mine"])
        .exits(3)
        .says(&["1 error"]);
}
