//! Rule files at the command line.

use std::path::Path;

use serde_json::Value;

use super::{Desk, pack};

fn broken(desk: &Desk, file: &str, from: &str, to: &str) {
    let path = pack(desk, "mine").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from));
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn the_shipped_pack_is_whole_and_its_samples_pass() {
    let desk = Desk::new();
    desk.run(&["rules", "check"]).exits(0).says(&["; 0 errors"]);
    desk.run(&["rules", "test"]).exits(0).says(&[" 0 failed"]);
    let checked = desk.run(&["rules", "check", "--json"]).exits(0);
    let report: Value = serde_json::from_str(&checked.stdout).unwrap();
    let rows = report["diagnostics"].as_array().unwrap();
    let is_warning = |row: &Value| row["code"].as_str().unwrap().starts_with('W');
    assert!(rows.iter().all(is_warning), "{rows:?}");
}

#[test]
fn a_rule_shows_its_place_in_the_law_and_in_its_sources() {
    let desk = Desk::new();
    let shown = desk.run(&["rules", "show", "C1"]).exits(0).stdout;
    for told in ["palermo: means", "ilo11:7", "[ILO11#7] ILO 2012"] {
        assert!(shown.contains(told), "no `{told}` in {shown}");
    }
    let unverified: Vec<&str> = shown
        .lines()
        .filter(|line| line.contains("unverified"))
        .collect();
    assert_eq!(unverified.len(), 1, "{shown}");
    assert!(unverified[0].contains("[ILO-DELPHI]"), "{shown}");
    let shown = desk.run(&["rules", "show", "NIJ24"]).exits(2).stderr;
    assert!(shown.contains("there is no rule"), "{shown}");
    let shown = desk.run(&["rules", "show", "N7"]).exits(0).stdout;
    assert!(
        shown.contains("palermo: -") && shown.contains(", table 1)"),
        "{shown}"
    );
}

#[test]
fn a_folder_gives_the_same_pack_as_the_embedded_one() {
    let desk = Desk::new();
    pack(&desk, "mine");
    let embedded = desk.run(&["rules", "list", "--json"]).exits(0).stdout;
    let read = desk
        .run(&["rules", "list", "--json", "--rules", "mine"])
        .exits(0)
        .stdout;
    assert_eq!(embedded, read);
}

#[test]
fn every_fault_is_reported_at_once_with_its_place() {
    let desk = Desk::new();
    broken(&desk, "control.toml", "strength", "strenght");
    let gates = desk.path("mine/gates.toml");
    let text = std::fs::read_to_string(&gates).unwrap();
    std::fs::write(gates, text + "\n[[gate]]\nid = \"no_such\"\n").unwrap();
    let ran = desk.run(&["rules", "check", "--rules", "mine"]).exits(3);
    for told in [
        "control.toml:",
        "did you mean `strength`?",
        "gates.toml:",
        "^^^^",
    ] {
        assert!(ran.stdout.contains(told), "no `{told}` in {}", ran.stdout);
    }
    let ran = desk
        .run(&["rules", "check", "--rules", "mine", "--json"])
        .exits(3);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = report["diagnostics"].as_array().unwrap();
    let unknown = rows.iter().find(|row| row["code"] == "E002").unwrap();
    let text = std::fs::read_to_string(desk.path("mine/control.toml")).unwrap();
    let at = text.find("strenght").unwrap();
    assert_eq!(unknown["line"], text[..at].matches('\n').count() + 1);
    assert_eq!(unknown["column"], 1);
    assert!(unknown["file"].as_str().unwrap().ends_with("control.toml"));
    assert_eq!(unknown["help"], "did you mean `strength`?");
}

#[test]
fn rules_that_are_not_there_or_not_text_are_refused() {
    let desk = Desk::new();
    desk.run(&["rules", "check", "--rules", "gone"])
        .exits(3)
        .says(&["gone", "hint:"]);
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.run(&["rules", "check", "--rules", "empty"])
        .exits(3)
        .says(&["no rule files"]);
    desk.write("latin/pack.toml", b"name = \"caf\xe9\"\n");
    desk.run(&["rules", "check", "--rules", "latin"])
        .exits(3)
        .says(&["not UTF-8"]);
    desk.write("torn/pack.toml", "name = \n");
    let ran = desk.run(&["rules", "check", "--rules", "torn"]).exits(3);
    assert!(ran.stdout.contains("pack.toml:1:"), "{}", ran.stdout);
}

#[test]
fn a_sample_that_fails_is_named_with_its_place() {
    let desk = Desk::new();
    broken(
        &desk,
        "infant.toml",
        "miss = [",
        "miss = [\n  \"Bumil 8 bulan cari ortu angkat, adopter tanggung biaya lahiran. Yang serius japri.\",",
    );
    let ran = desk.run(&["rules", "test", "--rules", "mine"]).exits(1);
    assert!(ran.stdout.contains("infant.toml:"), "{}", ran.stdout);
    assert!(ran.stdout.contains("must not be found"), "{}", ran.stdout);
    ran.says(&[" 1 failed"]);
    desk.run(&["rules", "test", "C1"])
        .exits(0)
        .says(&[" 0 failed"]);
    desk.run(&["rules", "test", "no.such_rule"])
        .exits(1)
        .says(&["hint:"]);
}

#[test]
fn a_rule_is_listed_and_shown_with_what_it_rests_on() {
    let desk = Desk::new();
    let list = desk.run(&["rules", "list", "--lang", "en"]).exits(0).stdout;
    assert!(list.contains("control.document_retention") && list.contains("help_request"));
    for name in ["C1", "control.document_retention"] {
        let shown = desk.run(&["rules", "show", name]).exits(0).stdout;
        assert!(shown.contains("Dokumen ditahan") && shown.contains("Documents withheld"));
        assert!(shown.contains("[ILO11#7]"), "{shown}");
    }
    let gate = desk.run(&["rules", "show", "G3"]).exits(0).stdout;
    assert!(gate.contains("scam_compound_offer"), "{gate}");
    desk.run(&["rules", "show", "Z99"])
        .exits(2)
        .says(&["no rule `Z99`", "hint:"]);
}

#[test]
fn explain_tells_why_a_rule_fired_and_why_not() {
    let desk = Desk::new();
    let held = ["rules", "explain", "C1", "--text", "paspor disimpan agen"];
    let held = desk.run(&held).exits(0).stdout;
    assert!(held.contains("paspor disimpan"), "{held}");
    let not = ["rules", "explain", "C1", "--text", "jual sepeda bekas"];
    let not = desk.run(&not).exits(0).stdout;
    assert_ne!(held, not);
    let fed = desk.feed(
        &["rules", "explain", "C1", "--text", "-"],
        b"paspor disimpan agen",
    );
    assert_eq!(fed.exits(0).stdout, held);
    desk.run(&["rules", "explain", "Z99", "--text", "x"])
        .exits(2);
    let hostile = [
        "rules",
        "explain",
        "C1",
        "--text",
        "paspor \u{1b}[2J disimpan\u{202e} agen",
    ];
    let shown = desk.run(&hostile).exits(0).stdout;
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
}

#[test]
fn the_handbook_is_written_whole_and_without_the_overlay() {
    let desk = Desk::new();
    desk.write(
        "own/a.toml",
        "[[disable]]\nid = \"control.confinement\"\nreason = \"r\"\n",
    );
    let args = ["rules", "docs", "--out", "docs"];
    desk.run(&args).exits(0).says(&["docs/README.md"]);
    let first = desk.read("docs/id/indicators/control.confinement.md");
    desk.run(&[&args[..], &["--overlay", "own"]].concat())
        .exits(0);
    assert_eq!(
        desk.read("docs/id/indicators/control.confinement.md"),
        first
    );
    assert_eq!(desk.names("docs"), ["README.md", "en", "id"]);
    assert_eq!(
        desk.names("docs/id"),
        ["contexts.md", "gates.md", "indicators"]
    );
    desk.write("taken", "");
    desk.run(&["rules", "docs", "--out", "taken"])
        .exits(2)
        .says(&["cannot write", "hint:"]);
}

#[test]
fn the_forms_of_a_stem_are_shown_and_told_apart_from_what_lacks() {
    let desk = Desk::new();
    desk.write(
        "mine/pack.toml",
        include_str!("../../data/mistakes/sound.toml"),
    );
    let shown = desk
        .run(&["rules", "show", "P1", "--rules", "mine"])
        .exits(0);
    for line in [
        "~tahan is any of: ditahan, ",
        ", menahan, ",
        "or di and then: tahan, ",
    ] {
        assert!(shown.stdout.contains(line), "{}", shown.stdout);
    }
    let text = "visa ditahan kantor";
    let told = desk
        .run(&["rules", "explain", "P1", "--rules", "mine", "--text", text])
        .exits(0);
    let near = "near: `(paspor|ktp) ~tahan`; not in the text: paspor, ktp\n";
    assert!(told.stdout.contains(near), "{}", told.stdout);
}

#[test]
fn the_example_of_the_guide_is_sound() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/WRITING.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let blocks: Vec<&str> = guide
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert_eq!(blocks.len(), 2);
    let desk = Desk::new();
    let mine = pack(&desk, "mine");
    std::fs::write(mine.join("guide.toml"), blocks.concat()).unwrap();
    let checked = desk.run(&["rules", "check", "--rules", "mine"]).exits(0);
    assert!(!checked.stdout.contains("guide.toml"), "{}", checked.stdout);
    desk.run(&["rules", "test", "C90", "--rules", "mine"])
        .exits(0)
        .says(&["samples: 6 passed, 0 failed"]);
}
