//! The words the project may not use, and where. A flag is a lead about a post,
//! never a verdict on a person; and a text about children stays a text about
//! children (Luxembourg Guidelines, 2016).
//!
//! Words that quote the press, so that news is recognised as news, stand in
//! `phrases`, `regex`, guards and samples: those are data, and exempt here by
//! place. What a reviewer reads is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lentera::id::Digest;
use lentera::indicator::{Axis, Bilingual};
use lentera::rule::{RuleSet, SampleKind, SampleOf, load, shipped};
use serde_json::{Value, json};

use crate::cli::{Desk, NOW};

/// Phrases the Luxembourg Guidelines replace, and what the Indonesian press
/// makes of them, folded. They call a child by what was done to it.
const REPLACED: [&str; 26] = [
    "child prostitut",
    "prostituted child",
    "underage prostitut",
    "teen prostitut",
    "child sex worker",
    "underage sex worker",
    "child porn",
    "kiddie porn",
    "child sex tour",
    "child lover",
    "child offender",
    "underage woman",
    "underage women",
    "psk anak",
    "anak psk",
    "psk di bawah umur",
    "pelacur",
    "prostitusi anak",
    "prostitusi di bawah umur",
    "pekerja seks anak",
    "pekerja seks di bawah umur",
    "pelaku anak",
    "anak pelaku",
    "pornografi anak",
    "wisata seks",
    "wanita di bawah umur",
];
/// Judging a child's looks, or selling its youth.
const LOOKS: [&str; 24] = [
    "seksi",
    "sexy",
    "hot",
    "montok",
    "mulus",
    "bohay",
    "semok",
    "cantik",
    "ganteng",
    "imut",
    "perawan",
    "virgin",
    "beautiful",
    "pretty",
    "gorgeous",
    "cute",
    "petite",
    "belia",
    "polos",
    "innocent",
    "fresh",
    "manis",
    "menggoda",
    "seductive",
];
/// Words that say a sentence is about a child.
const CHILD: [&str; 22] = [
    "anak", "anaknya", "bayi", "balita", "remaja", "pelajar", "siswa", "siswi", "murid", "abg",
    "bocah", "child", "children", "minor", "minors", "underage", "baby", "babies", "infant",
    "pupil", "pupils", "teenager",
];
/// Names of sexual acts and coded terms for abuse material, by the first 16
/// hexadecimal digits of the SHA-256 of one or two folded words: a list in the
/// clear would be what it forbids. `printf '%s' 'the words' | sha256sum` gives
/// one. The probe of the last test is among them.
const UNSPOKEN: [&str; 68] = [
    "7902e27065cfa96f",
    "d725971181f9a6df",
    "f8e4fb97fe88b82f",
    "9604e934774e44c7",
    "afcbef970fb79e5c",
    "67989a38337e42dd",
    "665cb762e3bc03d0",
    "dab94e08909ab542",
    "0e226449d9a148ba",
    "75d180b21f27a9ee",
    "8c38324d48f90d51",
    "fa68fd163387f49c",
    "7ae99d237c5d20f2",
    "594810adcbee20bd",
    "82d243e857f79b15",
    "6eee4ddc7dd29c7b",
    "d11f3961726f0347",
    "f030f9a160154d2a",
    "b7d65e6e2f150f7a",
    "6ac3c336e4094835",
    "31506a8448a761a4",
    "2835ed5b6a8f099d",
    "dcb50ee3659fb742",
    "0f9fd752277df714",
    "7c7a551e36fb559e",
    "7de85710479e71d6",
    "8327311a565d6a38",
    "44239fb9c44ad8c7",
    "a467a313e8c33fdd",
    "dfb4120cf4ceef41",
    "99ec68fed53dd6fc",
    "6ad747eac3b09227",
    "bb65f3379aec5db0",
    "869cc28dd25de482",
    "4833d0c1c1c53767",
    "74305616b2bc16c0",
    "448b6ebec015e892",
    "aab4af09a14d54bb",
    "12a667c9be6ff8f6",
    "fee2df80a86f0283",
    "a8370b4956f87ccf",
    "ab8746893f6a3bf9",
    "6577be77529947bf",
    "f905589bb81f6b64",
    "5f1779fe8f7335be",
    "f8d3792fa4c6f776",
    "eff26b18165ece9c",
    "36c3bfd9d0f1978f",
    "82e695c9e75f5bc6",
    "846bb38437b708fe",
    "6c7dd80b5bd41f62",
    "f6952d6eef555ddd",
    "4e91b15862f502b4",
    "8c5c04391361cbf4",
    "0033728f0fbc83a0",
    "3272065f6d7a331f",
    "29ffb6a37c6e8e6b",
    "0f6c3d7025106333",
    "9f10cfc6ff424adf",
    "f538d6e4661c18f7",
    "e7b9ec3bf9a95f95",
    "c55fd8a7f68dd354",
    "c164a49dc160b0fb",
    "6adc452d6b74df40",
    "5953a824eb25859e",
    "6843bbec56f3d5bf",
    "7fcbaa12e2aca275",
    "0508a634445d4016",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Lower case, one space between words, nothing else.
fn folded(text: &str) -> Vec<String> {
    let words = text.split(|ch: char| !ch.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn replaced(text: &str) -> Option<&'static str> {
    let text = format!(" {} ", folded(text).join(" "));
    REPLACED
        .into_iter()
        .find(|phrase| text.contains(&format!(" {phrase}")))
}

fn looks(words: &[String]) -> Option<&'static str> {
    LOOKS
        .into_iter()
        .find(|look| words.iter().any(|word| word == look))
}

/// A word about looks in a sentence about a child.
fn sexualised(text: &str) -> Option<&'static str> {
    let words = folded(text);
    let about_child = words.iter().any(|word| CHILD.contains(&word.as_str()));
    looks(&words).filter(|_| about_child)
}

/// One and two words beside each other, each once.
fn terms(text: &str, into: &mut BTreeSet<String>) {
    let words = folded(text);
    for pair in words.windows(2) {
        into.insert(pair.join(" "));
    }
    into.extend(words);
}

fn is_unspoken(term: &str) -> bool {
    let digest = Digest::of(term.as_bytes()).to_string();
    UNSPOKEN.contains(&&digest[..16])
}

/// Every text file below, but what is opened only to report.
fn texts(dir: &str, found: &mut BTreeMap<String, String>) {
    let mut dirs = vec![root().join(dir)];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "held") {
                    dirs.push(path);
                }
                continue;
            }
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            let bytes = fs::read(&path).unwrap();
            found.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

fn pack() -> RuleSet {
    load(&shipped()).0.unwrap()
}

/// Sentences of the rules that a reviewer reads, with where they stand.
fn sentences_of_rules(rules: &RuleSet) -> Vec<(String, Bilingual)> {
    let mut said = Vec::new();
    for rule in &rules.indicators {
        let words = &rule.words;
        said.push((words.id.clone(), words.title.clone()));
        said.push((words.id.clone(), words.why.clone()));
        let guards = rule.guards.iter();
        said.extend(
            guards.map(|guard| (format!("{}: {}", words.id, guard.id), guard.reason.clone())),
        );
    }
    for rule in &rules.contexts {
        let words = &rule.words;
        said.push((words.id.clone(), words.title.clone()));
        said.extend(words.against.clone().map(|text| (words.id.clone(), text)));
    }
    for rule in &rules.gates {
        said.push((rule.words.id.clone(), rule.words.reason.clone()));
    }
    said
}

/// String literals of the program, with their line; tests are left out.
fn literals() -> Vec<(String, String)> {
    let mut sources = BTreeMap::new();
    texts("src", &mut sources);
    let mut said = Vec::new();
    for (path, text) in sources {
        let is_code = Path::new(&path).extension().is_some_and(|one| one == "rs");
        if !is_code || path.ends_with("tests.rs") || path.ends_with("sample.rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for (number, line) in code.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            let quoted = line.split('"').skip(1).step_by(2);
            let place = format!("{path}:{}", number + 1);
            said.extend(quoted.map(|words| (place.clone(), words.to_owned())));
        }
    }
    said
}

/// `{"id": …, "en": …}` anywhere in a record.
fn sentences_of_record(value: &Value, said: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let sentence = (object.get("id"), object.get("en"));
            if let (Some(Value::String(id)), Some(Value::String(en))) = sentence {
                said.extend([id.clone(), en.clone()]);
            }
            object
                .values()
                .for_each(|inner| sentences_of_record(inner, said));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|inner| sentences_of_record(inner, said)),
        _ => {}
    }
}

/// What the program says about every sample of the pack.
fn generated(rules: &RuleSet) -> BTreeSet<String> {
    let desk = Desk::new();
    let mut posts = String::new();
    for (number, sample) in rules.samples.iter().enumerate() {
        posts += &format!(
            "{}\n",
            json!({ "id": number.to_string(), "text": sample.text })
        );
    }
    desk.write("posts.jsonl", posts);
    let run = desk
        .run(&["scan", "posts.jsonl", "--all", "--now", NOW])
        .exits(0);
    let mut said = BTreeSet::new();
    let mut records = 0;
    for line in run.stdout.lines() {
        sentences_of_record(&serde_json::from_str(line).unwrap(), &mut said);
        records += 1;
    }
    assert_eq!(records, rules.samples.len(), "{}", run.stderr);
    said
}

#[test]
fn nobody_reads_a_word_that_judges_a_child() {
    let rules = pack();
    let mut said = literals();
    for (place, both) in sentences_of_rules(&rules) {
        said.extend([(place.clone(), both.id), (place, both.en)]);
    }
    let sources = rules.sources.iter();
    said.extend(sources.map(|source| (source.key.clone(), source.title.clone())));
    let written = generated(&rules);
    assert!(written.len() > 100, "{} sentences", written.len());
    said.extend(
        written
            .into_iter()
            .map(|text| ("a record".to_owned(), text)),
    );
    let mut faults = Vec::new();
    for (place, text) in said {
        if let Some(word) = replaced(&text).or_else(|| sexualised(&text)) {
            faults.push(format!("{place}: `{word}` in: {text}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn samples_about_minors_hold_bare_tokens_only() {
    let rules = pack();
    let mut faults = Vec::new();
    let mut held = 0;
    for sample in &rules.samples {
        let about_minors = match sample.of {
            // Its samples are words that sell youth in adults' ads.
            SampleOf::Indicator(index) => {
                let words = &rules.indicators[index].words;
                matches!(words.axis, Axis::Minor | Axis::Infant) && words.alias != "Y6"
            }
            SampleOf::Gate(index) => {
                ["G1", "G8"].contains(&rules.gates[index].words.alias.as_str())
            }
            SampleOf::Context(_) => false,
        };
        if !about_minors || sample.kind == SampleKind::Miss {
            continue;
        }
        held += 1;
        let words = folded(&sample.text);
        if let Some(word) = looks(&words) {
            faults.push(format!("{}: `{word}`", sample.place));
        }
    }
    assert!(held > 20, "{held} samples");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_file_names_an_act_or_a_coded_term() {
    let mut files = BTreeMap::new();
    for dir in ["src", "rules", "fixtures", "tests/data"] {
        texts(dir, &mut files);
    }
    files.insert(
        "README.md".to_owned(),
        fs::read_to_string(root().join("README.md")).unwrap(),
    );
    let mut all = BTreeSet::new();
    for text in files.values() {
        terms(text, &mut all);
    }
    let found: Vec<&String> = all.iter().filter(|term| is_unspoken(term)).collect();
    // The term itself is not printed: look for its file by its digest.
    let mut faults = Vec::new();
    for (path, text) in files.iter().filter(|_| !found.is_empty()) {
        let mut own = BTreeSet::new();
        terms(text, &mut own);
        let bad = found.iter().filter(|term| own.contains(term.as_str()));
        faults.extend(bad.map(|term| format!("{path}: {}", Digest::of(term.as_bytes()))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_checks_find_what_they_look_for() {
    assert_eq!(
        replaced("Victims of child-pornography rings"),
        Some("child porn")
    );
    assert_eq!(replaced("Kasus PSK anak di kota"), Some("psk anak"));
    assert_eq!(replaced("A child exploited in prostitution"), None);
    assert_eq!(sexualised("Anak yang cantik"), Some("cantik"));
    assert_eq!(sexualised("Orang yang cantik"), None);
    let mut found = BTreeSet::new();
    terms("one LenteraProbe, two", &mut found);
    assert_eq!(found.iter().filter(|term| is_unspoken(term)).count(), 1);
    assert!(UNSPOKEN.iter().all(|digest| digest.len() == 16));
}
