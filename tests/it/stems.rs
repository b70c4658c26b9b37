//! Word families: what `~stem` finds and what it leaves alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use lentera::rule::WordFamily;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    stem: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    stem: String,
    forms: Vec<String>,
    not: Vec<String>,
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/rule/stems.toml");
    let cases: Cases = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    cases.stem
}

#[test]
fn families_hold_what_is_written_and_nothing_that_means_otherwise() {
    let cases = cases();
    assert!(cases.len() >= 40, "{} stems", cases.len());
    let mut faults = Vec::new();
    for case in &cases {
        let family = WordFamily::of(&case.stem).unwrap();
        let missing = case.forms.iter().filter(|form| !family.holds(form));
        faults.extend(missing.map(|form| format!("~{} lacks {form}", case.stem)));
        let wrong = case.not.iter().filter(|form| family.holds(form));
        faults.extend(wrong.map(|form| format!("~{} holds {form}", case.stem)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_two_families_share_a_form() {
    let mut of: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    let stems: BTreeSet<String> = cases().into_iter().map(|case| case.stem).collect();
    for stem in stems {
        for form in WordFamily::of(&stem).unwrap().words {
            let other = of.insert(form.clone(), stem.clone());
            assert_eq!(other, None, "~{stem} also holds {form}");
        }
    }
}

#[test]
fn families_are_sorted_small_and_of_plain_letters() {
    for case in cases() {
        let family = WordFamily::of(&case.stem).unwrap();
        let [first, second] = &family.doubled;
        for list in [&family.words, &family.apart, first, second] {
            assert!(list.is_sorted_by(|one, other| one < other), "{list:?}");
            assert!(list.len() <= 80, "{} forms of {}", list.len(), case.stem);
        }
    }
}

#[test]
fn what_is_no_stem_has_no_family() {
    for stem in [
        "",
        "di",
        "tahan2",
        "Tahan",
        "ta-han",
        "tdk",
        "é",
        "aaaaaaaaaaaaaaaaaaaaa",
    ] {
        assert_eq!(WordFamily::of(stem), None, "{stem}");
    }
}
