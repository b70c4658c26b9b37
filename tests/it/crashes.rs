//! Inputs that once broke something, and some made to: each is asked the
//! question of its fuzz target again.

use std::fs;
use std::path::Path;

use lentera::rule::{RuleFiles, RuleText, load};

#[path = "../fuzz/checks.rs"]
pub(crate) mod checks;

/// What `tests/data/crashes/<target>` holds, by name.
fn kept(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/crashes")
        .join(target);
    let mut kept: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    kept.sort();
    assert!(kept.len() >= 3, "{target} keeps {}", kept.len());
    kept
}

#[test]
fn no_rule_file_breaks_the_loader() {
    for (name, bytes) in kept("rule_parser") {
        println!("{name}");
        checks::rule_parser(&String::from_utf8_lossy(&bytes));
    }
    let many = "(".repeat(10_000);
    checks::rule_parser(&indicator(&many, "a.b"));
    checks::rule_parser(&indicator(&format!("{many}a{}", ")".repeat(10_000)), "a.b"));
    checks::rule_parser(&indicator(
        "paspor",
        &format!("{many}a.b{}", ")".repeat(10_000)),
    ));
    checks::rule_parser(&indicator(
        "paspor",
        &format!("{}a.b", "not ".repeat(10_000)),
    ));
    checks::rule_parser(&indicator(
        &"paspor ditahan ".repeat(10_000),
        &"a.b or ".repeat(10_000),
    ));
    checks::rule_parser(&format!("a = {}", "[".repeat(100_000)));
    checks::rule_parser(&format!(
        "[[indicator.regex]]\npattern = '{}a{}'",
        many,
        ")".repeat(10_000)
    ));
}

/// One indicator and one gate, with room for something hostile.
fn indicator(phrase: &str, when: &str) -> String {
    format!(
        "[[indicator]]\nid = 'a.b'\nalias = 'A'\nversion = 1\n\
         title = {{ id = 't', en = 't' }}\nwhy = {{ id = 'w', en = 'w' }}\n\
         axis = 'act'\nstrength = 'weak'\nevidence = 'unverified'\nsources = []\n\
         status = 'active'\n[indicator.phrases]\nid = '''\n{phrase}\n'''\n\
         [[gate]]\nid = 'c'\nalias = 'G'\nlevel = 'high'\n\
         reason = {{ id = 'r', en = 'r' }}\nsources = []\nwhen = '''{when}'''\n"
    )
}

#[test]
fn brackets_beyond_measure_are_told_and_not_followed() {
    for (phrase, when, told) in [
        (
            "(".repeat(10_000),
            "a.b".to_owned(),
            "brackets nest deeper than 16",
        ),
        ("a".to_owned(), "(".repeat(10_000), "nest deeper than 32"),
        ("a".to_owned(), "not ".repeat(10_000), "nest deeper than 32"),
        ("a ".repeat(10_000), "a.b".to_owned(), "more than 64 words"),
    ] {
        let text = indicator(&phrase, &when);
        let name = "a.toml".to_owned();
        let files = RuleFiles::new(vec![RuleText {
            path: name.clone(),
            name,
            text,
        }]);
        let (set, diagnostics) = load(&files);
        assert!(set.is_none());
        let is_told = diagnostics.iter().any(|one| one.message.contains(told));
        assert!(is_told, "{told}: {diagnostics:?}");
    }
}

#[test]
fn no_text_breaks_the_normaliser() {
    for (name, bytes) in kept("normaliser") {
        println!("{name}");
        checks::normaliser(&String::from_utf8_lossy(&bytes));
    }
    checks::normaliser(&"\u{301}".repeat(50_000));
    checks::normaliser(&"a ".repeat(50_000));
    checks::normaliser(&"0812-".repeat(10_000));
    checks::normaliser(&"\u{fdfa}".repeat(5_000));
}

#[test]
fn no_phrase_and_text_lead_the_matcher_astray() {
    for (name, bytes) in kept("matcher") {
        println!("{name}");
        checks::matcher(&String::from_utf8_lossy(&bytes));
    }
    checks::matcher(&format!("a\n\n{}", "a ".repeat(40)));
}

#[test]
fn no_page_breaks_the_extractor() {
    for (name, bytes) in kept("extractor") {
        println!("{name}");
        checks::extractor(&bytes);
    }
    checks::extractor("<div>".repeat(20_000).as_bytes());
    checks::extractor("[".repeat(100_000).as_bytes());
    checks::extractor("<a b='&amp;".repeat(2_000).as_bytes());
}

#[test]
fn no_archive_breaks_its_readers() {
    for (name, bytes) in kept("warc") {
        println!("{name}");
        checks::warc(&bytes);
        checks::warc(&packed(&bytes));
    }
    checks::warc(&b"WARC/1.1\r\n".repeat(20_000));
    checks::warc(&packed(&vec![b'a'; 1 << 20]));
}

/// As one gzip member.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut out, bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn no_robots_txt_breaks_its_reader() {
    for (name, bytes) in kept("robots") {
        println!("{name}");
        checks::robots(&bytes);
    }
    checks::robots(&b"User-agent:*\nAllow:".repeat(5_000));
    checks::robots(&b"*".repeat(100_000));
}
