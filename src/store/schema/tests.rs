//! The committed schemas against the types, and records against the schemas,
//! with a checker not written here.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::*;
use crate::store::sample;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a committed file with what it should hold; with `UPDATE=1` in the
/// environment, writes it.
fn agrees_with_file(path: &str, expected: &str) {
    let path = root().join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == expected,
        "{} has drifted from the types; run the tests with UPDATE=1 and look at the difference",
        path.display()
    );
}

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(schema)
        .unwrap()
}

fn errors(schema: &Value, record: &Value) -> Vec<String> {
    let validator = validator(schema);
    let errors = validator.iter_errors(record);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn golden() -> Value {
    let text = std::fs::read_to_string(root().join("tests/data/record/good.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// One change to the golden record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    name: String,
    /// JSON pointers and what to put there.
    #[serde(default)]
    set: Map<String, Value>,
    /// JSON pointers of what to take away.
    #[serde(default)]
    remove: Vec<String>,
}

impl Variant {
    fn all(file: &str) -> Vec<Self> {
        let path = root().join("tests/data/record").join(file);
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    fn of(&self, record: &Value) -> Value {
        let mut record = record.clone();
        for (pointer, value) in &self.set {
            *slot(&mut record, pointer) = value.clone();
        }
        for pointer in &self.remove {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let parent = record.pointer_mut(parent).unwrap().as_object_mut().unwrap();
            parent.remove(key).unwrap();
        }
        record
    }
}

fn slot<'r>(record: &'r mut Value, pointer: &str) -> &'r mut Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(parent).unwrap() {
        Value::Array(items) => &mut items[key.parse::<usize>().unwrap()],
        parent => &mut parent[key],
    }
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    agrees_with_file(
        "src/store/schema/finding-1.1.0.strict.json",
        &to_file(&strict()),
    );
    agrees_with_file(
        "src/store/schema/finding-1.1.0.lenient.json",
        &to_file(&lenient()),
    );
}

#[test]
fn the_golden_record_is_what_is_written_today() {
    let record = serde_json::to_value(sample::record()).unwrap();
    agrees_with_file("tests/data/record/good.json", &to_file(&record));
}

#[test]
fn the_schemas_are_json_schema_2020_12() {
    for schema in [strict(), lenient()] {
        assert!(jsonschema::draft202012::meta::is_valid(&schema));
    }
}

#[test]
fn records_pass_both_schemas() {
    let nothing = crate::store::record::finding(
        &sample::post(),
        &sample::nothing_seen(),
        &crate::store::record::Particulars::default(),
        &sample::run(),
        &sample::masker(),
    );
    for record in [golden(), serde_json::to_value(nothing).unwrap()] {
        assert_eq!(errors(&strict(), &record), Vec::<String>::new());
        assert_eq!(errors(&lenient(), &record), Vec::<String>::new());
    }
}

#[test]
fn records_of_an_earlier_version_pass_its_schema_and_todays_lenient_one() {
    let read = |path: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(root().join(path)).unwrap()).unwrap()
    };
    let old = read("tests/data/record/good-1.0.0.json");
    let its_own = read("src/store/schema/finding-1.0.0.strict.json");
    assert_eq!(errors(&its_own, &old), Vec::<String>::new());
    assert_eq!(errors(&lenient(), &old), Vec::<String>::new());
    assert!(SCHEMA.ends_with(VERSION));
    // And a reader of the earlier version accepts what is written today.
    let its_lenient = read("src/store/schema/finding-1.0.0.lenient.json");
    assert_eq!(errors(&its_lenient, &golden()), Vec::<String>::new());
}

#[test]
fn good_variants_pass_the_strict_schema() {
    for variant in Variant::all("good_variants.json") {
        let record = variant.of(&golden());
        assert_eq!(
            errors(&strict(), &record),
            Vec::<String>::new(),
            "{}",
            variant.name
        );
    }
}

#[test]
fn bad_variants_are_rejected() {
    let variants = Variant::all("bad_variants.json");
    assert!(variants.len() >= 9);
    for variant in variants {
        let record = variant.of(&golden());
        assert_eq!(
            errors(&strict(), &record).len(),
            1,
            "{}: {:?}",
            variant.name,
            errors(&strict(), &record)
        );
    }
}

#[test]
fn readers_accept_what_a_newer_minor_version_may_add() {
    for variant in Variant::all("newer_variants.json") {
        let record = variant.of(&golden());
        assert_ne!(
            errors(&strict(), &record),
            Vec::<String>::new(),
            "{}",
            variant.name
        );
        assert_eq!(
            errors(&lenient(), &record),
            Vec::<String>::new(),
            "{}",
            variant.name
        );
        let read: Finding = serde_json::from_value(record).unwrap();
        assert_eq!(read.id, sample::record().id, "{}", variant.name);
    }
}
