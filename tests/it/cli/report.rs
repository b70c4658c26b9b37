//! The digest as its readers get it.

use serde_json::Value;

use super::{Demo, Desk, NOW};

fn digest(more: &[&str]) -> super::Ran {
    let mut args = vec!["-C", "d", "report", "digest", "--now", NOW];
    args.extend(more);
    Demo::get().desk.run(&args)
}

#[test]
fn a_digest_counts_what_the_store_holds_and_quotes_nothing() {
    let demo = Demo::get();
    let held = demo.findings().lines().count();
    // The demonstration ran a moment ago.
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let later = &later.to_string();
    let told = demo
        .desk
        .run(&["-C", "d", "report", "digest", "--json", "--now", later])
        .exits(0);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    let new = told["new"].as_array().unwrap();
    assert_eq!(new.len(), held);
    assert_eq!(told["belief"]["doubts"], serde_json::json!([]));
    assert!(told["belief"]["posts"].as_u64().unwrap() > 300);
    let of_gates = told["gates"].as_array().unwrap();
    let sum: u64 = of_gates.iter().map(|row| row["n"].as_u64().unwrap()).sum();
    assert_eq!(sum, held as u64);

    for form in [&["--lang", "en"][..], &["--html"], &["--json"]] {
        let mut args = vec!["-C", "d", "report", "digest", "--now", later];
        args.extend(form);
        let told = demo.desk.run(&args).exits(0).stdout;
        for line in demo.findings().lines() {
            let record: Value = serde_json::from_str(line).unwrap();
            let indicators = record["indicators"].as_array().unwrap();
            let matches = indicators
                .iter()
                .flat_map(|one| one["matches"].as_array().unwrap());
            for quote in matches.map(|found| found["quote"].as_str().unwrap()) {
                let is_long = quote.chars().count() > 12;
                assert!(!is_long || !told.contains(quote), "{quote}\n{told}");
            }
            if let Some(url) = record["source"]["url"].as_str() {
                assert!(!told.contains(url), "{url}");
            }
        }
        assert!(!told.contains("0812"), "{told}");
    }
}

#[test]
fn a_page_is_written_whole_and_the_same_twice() {
    let page = |name: &str| {
        digest(&["--html", "-o", name, "--lang", "en"]).exits(0);
        std::fs::read_to_string(Demo::get().desk.path(name)).unwrap()
    };
    let (one, other) = (page("one.html"), page("other.html"));
    assert_eq!(one, other);
    assert!(one.starts_with("<!doctype html>") && one.ends_with("</html>\n"));
}

#[test]
fn a_store_in_which_nothing_ran_is_not_a_quiet_night() {
    let desk = Desk::new();
    desk.run(&["init", "ws"]).exits(0);
    let args = ["-C", "ws", "report", "digest", "--lang", "en"];
    desk.run(&args).exits(0);
    let told = desk.run(&args).stdout;
    assert!(told.contains("No new findings"), "{told}");
    assert!(told.contains("No scan ran to its end"), "{told}");
    assert!(told.contains("lentera doctor"), "{told}");
}

#[test]
fn what_cannot_be_told_says_why() {
    digest(&["--zone", "Asia/Atlantis"])
        .exits(2)
        .says(&["no such zone", "Asia/Jakarta"]);
    digest(&["--over=-1d"])
        .exits(2)
        .says(&["longer than nothing"]);
    digest(&["--over", "soon"]).exits(2).says(&["`1d`"]);
    digest(&["--days", "0"]).exits(2).says(&["--days"]);
    digest(&["-o", "no/such/folder.txt"])
        .exits(2)
        .says(&["no/such/folder.txt", "choose a folder"]);
}
