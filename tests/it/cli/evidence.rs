//! The evidence checked, read and time-stamped.

use std::path::Path;

use serde_json::Value;

use super::{Demo, Desk, copy, records};

/// A copy of the demonstration, to be written to.
fn own() -> Desk {
    let desk = Desk::new();
    copy(&Demo::get().desk.path("d"), &desk.path("d"));
    desk
}

fn verified(desk: &Desk, code: i32) -> Value {
    let ran = desk
        .run(&["-C", "d", "evidence", "verify", "--json"])
        .exits(code);
    records(&ran.stdout).remove(0)
}

/// A finding with a telephone number in what was captured.
fn with_phone() -> Value {
    records(&Demo::get().findings())
        .into_iter()
        .find(|one| {
            let has_phone = !one["entities"]["phones"].as_array().unwrap().is_empty();
            has_phone && one["assessment"]["possible_minor"] != "indicator"
        })
        .unwrap()
}

#[test]
fn the_demonstrations_evidence_is_whole_and_a_changed_byte_is_named() {
    let desk = own();
    let whole = verified(&desk, 0);
    assert_eq!(whole["ok"], true);
    assert!(whole["records"].as_u64().unwrap() > 100, "{whole}");
    let told = desk.run(&["-C", "d", "evidence", "verify"]).exits(0).stdout;
    let head = whole["head"].as_str().unwrap();
    assert!(told.contains(&format!("whole; head {head}")), "{told}");
    let with_head = ["-C", "d", "evidence", "verify", "--head"];
    desk.run(&[&with_head[..], &[head]].concat()).exits(0);
    desk.run(&[&with_head[..], &["ab"]].concat()).exits(1);
    // A copy without its workspace can be checked too.
    desk.run(&["evidence", "verify", "--dir", "d/evidence"])
        .exits(0);

    let name = desk.names("d/evidence");
    let name = name.iter().find(|name| name.ends_with(".warc.gz")).unwrap();
    let path = desk.path(&format!("d/evidence/{name}"));
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let broken = verified(&desk, 1);
    assert_eq!(broken["ok"], false);
    let fault = &broken["fault"];
    assert_eq!(fault["file"], name.as_str());
    assert!(fault["offset"].as_u64().unwrap() <= at as u64);
    assert!(fault["record"].as_str().unwrap().starts_with("<urn:uuid:"));
    let told = desk.run(&["-C", "d", "evidence", "verify"]).exits(1).stdout;
    assert!(told.contains("NOT WHOLE: "), "{told}");
    assert!(told.contains("expected sha256 "), "{told}");
}

#[test]
fn a_folder_without_evidence_is_told_apart_from_a_broken_one() {
    let desk = Desk::new();
    desk.run(&["evidence", "verify", "--dir", "kosong"])
        .exits(5)
        .says(&["kosong", "hint: "]);
    desk.run(&["evidence", "verify"]).exits(2);
}

#[test]
fn what_a_finding_was_seen_in_is_shown_with_its_contacts_masked() {
    let finding = with_phone();
    let id = finding["id"].as_str().unwrap();
    let demo = Demo::get();
    let shown = demo
        .desk
        .run(&["-C", "d", "evidence", "show", &id[..8]])
        .exits(0);
    let url = finding["source"]["url"].as_str().unwrap();
    let host = url.split('/').nth(2).unwrap();
    for part in [
        finding["provenance"]["capture"]["record_id"]
            .as_str()
            .unwrap(),
        "WARC-Payload-Digest: sha256:",
        &format!("host: {}", host.replace("[.]", ".")),
        "HTTP/1.1 200 OK",
        "\n-- text\n",
    ] {
        assert!(shown.stdout.contains(part), "{part} in\n{}", shown.stdout);
    }
    assert!(shown.stdout.contains('•'), "{}", shown.stdout);
    assert!(!shown.stdout.contains('\u{1b}'));
    let args = ["-C", "d", "evidence", "show", id, "--json"];
    let json = records(&demo.desk.run(&args).exits(0).stdout).remove(0);
    assert_eq!(json["masked"], true);
    assert_eq!(json["finding"], id);
    assert!(shown.stdout.contains(json["record"].as_str().unwrap()));
}

#[test]
fn contacts_are_shown_for_a_reason_that_is_kept() {
    let desk = own();
    let finding = with_phone();
    let id = finding["id"].as_str().unwrap();
    let show = ["-C", "d", "evidence", "show", id, "--json"];
    desk.run(&[&show[..], &["--unmask"]].concat())
        .exits(2)
        .says(&["--reason"]);
    desk.run(&[&show[..], &["--unmask", "--reason", " ", "--by", "Sari"]].concat())
        .exits(2)
        .says(&["for a reason only"]);
    let masked = records(&desk.run(&show).exits(0).stdout).remove(0);
    let why = ["--unmask", "--reason", "laporan polisi 12", "--by", "Sari"];
    let ran = desk.run(&[&show[..], &why[..]].concat()).exits(0);
    let open = records(&ran.says(&["chain.log"]).stdout).remove(0);
    assert_eq!(open["masked"], false);
    assert!(!open["text"].as_str().unwrap().contains('•'));
    assert_ne!(open["text"], masked["text"]);
    let chain = desk.read("d/evidence/chain.log");
    let last: Value = serde_json::from_str(chain.lines().last().unwrap()).unwrap();
    assert_eq!(last["event"], "unmasked");
    assert_eq!(last["who"], "Sari");
    assert_eq!(last["why"], "laporan polisi 12");
    assert_eq!(last["finding"], id);
    assert_eq!(verified(&desk, 0)["ok"], true);
    // Three attempts without a reason left nothing.
    assert_eq!(chain.matches("\"unmasked\"").count(), 1);
}

#[test]
fn a_text_that_may_concern_a_minor_is_shown_only_when_asked_for() {
    let demo = Demo::get();
    let findings = records(&demo.findings());
    let minor = findings
        .iter()
        .find(|one| one["assessment"]["possible_minor"] == "indicator")
        .unwrap();
    let id = minor["id"].as_str().unwrap();
    let show = ["-C", "d", "evidence", "show", id];
    let withheld = demo.desk.run(&show).exits(0).stdout;
    assert!(withheld.contains("text withheld"), "{withheld}");
    let shown = demo
        .desk
        .run(&[&show[..], &["--show-text"]].concat())
        .exits(0);
    assert!(!shown.stdout.contains("text withheld"));
    assert!(shown.stdout.len() > withheld.len());
}

#[test]
fn a_finding_from_elsewhere_has_no_evidence_here() {
    let desk = own();
    desk.run(&["-C", "d", "evidence", "show", "zzz"]).exits(2);
    let names = desk.names("d/evidence");
    for name in names.iter().filter(|name| name.ends_with(".warc.gz")) {
        std::fs::remove_file(desk.path(&format!("d/evidence/{name}"))).unwrap();
    }
    let finding = with_phone();
    desk.run(&[
        "-C",
        "d",
        "evidence",
        "show",
        finding["id"].as_str().unwrap(),
    ])
    .exits(5)
    .says(&[".warc.gz", "byte", "hint: "]);
}

#[test]
fn the_chain_can_be_time_stamped_without_asking_anybody() {
    let desk = own();
    let head = verified(&desk, 0)["head"].as_str().unwrap().to_owned();
    let ran = desk.run(&["-C", "d", "evidence", "timestamp"]).exits(0);
    let file = ran.stdout.trim_end().to_owned();
    ran.says(&["Nothing was sent", &head, "--response"]);
    assert!(
        Path::new(&file).extension().is_some_and(|end| end == "tsq"),
        "{file}"
    );
    assert_eq!(desk.path(&file).metadata().unwrap().len(), 69);
    assert_eq!(verified(&desk, 0)["ok"], true);
    desk.write("x.tsr", "<html>");
    desk.run(&["-C", "d", "evidence", "timestamp", "--response", "x.tsr"])
        .exits(4)
        .says(&["no time-stamp response", "hint: "]);
    desk.run(&[
        "-C",
        "d",
        "evidence",
        "timestamp",
        "--response",
        "tiada.tsr",
    ])
    .exits(4);
}
