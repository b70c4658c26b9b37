//! robots.txt as read here against the verdicts of Google's parser, kept as
//! data. Allowing what that parser forbids is a fault; forbidding more is
//! named and counted.

use std::collections::BTreeMap;

use lentera::crawl::robots::Rules;
use serde::Deserialize;

/// A file with the verdicts on some paths.
#[derive(Deserialize)]
struct Case {
    name: String,
    agent: String,
    /// One character a byte.
    robots: String,
    targets: Vec<String>,
    /// `1` where the target may be read.
    allowed: String,
}

impl Case {
    fn bytes(&self) -> Vec<u8> {
        let byte = |ch| u8::try_from(u32::from(ch)).unwrap();
        self.robots.chars().map(byte).collect()
    }
}

fn cases() -> Vec<Case> {
    [
        include_str!("../data/robots/google.jsonl"),
        include_str!("../data/robots/crawler-commons.jsonl"),
        include_str!("../data/robots/invented.jsonl"),
    ]
    .into_iter()
    .flat_map(str::lines)
    .map(|line| serde_json::from_str(line).unwrap())
    .collect()
}

/// Why less is allowed here than by that parser.
fn reason(case: &Case, target: &str) -> Option<&'static str> {
    let text = case.bytes();
    if text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF") {
        return Some("UTF-16 is read");
    }
    let lower = String::from_utf8_lossy(&text).to_lowercase();
    if lower.contains("/index.htm") && target.ends_with('/') {
        return Some("index.html is not its folder");
    }
    let is_escaped = target.contains('%') || lower.contains('%');
    is_escaped.then_some("escapes are compared both ways")
}

#[test]
fn nothing_is_allowed_that_googles_parser_forbids() {
    let (mut open, mut unexplained) = (Vec::new(), Vec::new());
    let mut stricter = BTreeMap::<&str, usize>::new();
    let mut compared = 0;
    for case in cases() {
        let rules = Rules::read(&case.bytes(), &case.agent);
        assert_eq!(case.targets.len(), case.allowed.len(), "{}", case.name);
        for (target, verdict) in case.targets.iter().zip(case.allowed.bytes()) {
            compared += 1;
            let ours = rules.forbidding(target).is_none();
            match (ours, verdict == b'1') {
                (true, false) => open.push(format!("{}: {target}", case.name)),
                (false, true) => match reason(&case, target) {
                    Some(reason) => *stricter.entry(reason).or_default() += 1,
                    None => unexplained.push(format!("{}: {target}", case.name)),
                },
                _ => {}
            }
        }
    }
    println!("{compared} compared, stricter: {stricter:?}");
    assert!(open.is_empty(), "fails open:\n{}", open.join("\n"));
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    assert!(compared > 3500, "{compared}");
    // Differing often would mean that something else is wrong.
    assert!(stricter.values().sum::<usize>() < compared / 20);
}

/// `robots_test.cc` has these as lines of 16 KiB; here they are built.
#[test]
fn a_line_beyond_measure_forbids_what_is_left_of_it_and_allows_nothing() {
    let long = format!("/x/{}", "a".repeat(2083 * 8 - 1 - "disallow: /x/".len()));
    let text = format!("user-agent: a\ndisallow: {long}/qux\n");
    let rules = Rules::read(text.as_bytes(), "a");
    assert!(rules.forbidding("/fux").is_none());
    assert!(rules.forbidding(&format!("{long}/fux")).is_some());
    let text = format!("user-agent: a\ndisallow: /\nallow: {long}aaaa/qux\nallow: /y\n");
    let rules = Rules::read(text.as_bytes(), "a");
    assert!(rules.forbidding(&format!("{long}aaaa/qux")).is_some());
    assert!(rules.forbidding("/y").is_none());
}
