//! Every diagnostic code, as a rule author sees it: `tests/data/diagnostics`
//! holds one faulty pack a code beside what is printed for it.

use std::fs;
use std::path::{Path, PathBuf};

use lentera::rule::{Code, RuleFiles, RuleText, load, render};

use crate::golden::golden;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/diagnostics")
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    cases.sort();
    cases
}

fn files(case: &Path) -> RuleFiles {
    let mut files = vec![RuleText {
        path: case.file_name().unwrap().to_string_lossy().into_owned(),
        name: "pack.toml".to_owned(),
        text: fs::read_to_string(case).unwrap(),
    }];
    if let Ok(text) = fs::read_to_string(case.with_extension("csv")) {
        let name = "lists/words.csv".to_owned();
        files.push(RuleText {
            path: name.clone(),
            name,
            text,
        });
    }
    if let Ok(text) = fs::read_to_string(case.with_extension("spellings.csv")) {
        let name = "spellings.csv".to_owned();
        files.push(RuleText {
            path: name.clone(),
            name,
            text,
        });
    }
    let pack = RuleFiles::new(files);
    match fs::read_to_string(case.with_extension("overlay")) {
        Ok(text) => pack.with_overlay(RuleFiles::new(vec![RuleText {
            path: "overlay/mine.toml".to_owned(),
            name: "mine.toml".to_owned(),
            text,
        }])),
        Err(_) => pack,
    }
}

#[test]
fn every_code_is_reported_as_its_author_reads_it() {
    for case in cases() {
        let name = case.file_stem().unwrap().to_string_lossy().into_owned();
        let code = &name[..4];
        let files = files(&case);
        let (set, diagnostics) = load(&files);
        let codes: Vec<_> = diagnostics.iter().map(|one| one.code.as_str()).collect();
        assert!(codes.contains(&code), "{name} reported {codes:?}");
        let has_error = diagnostics.iter().any(|one| one.code.is_error());
        assert_eq!(
            set.is_none(),
            has_error,
            "{name}: a broken set must never be used"
        );
        golden(
            &case.with_extension("out"),
            &render(&diagnostics, &files, false),
        );
    }
}

#[test]
fn no_code_is_without_a_case() {
    let cases: Vec<String> = cases()
        .iter()
        .map(|case| case.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    for code in Code::ALL {
        let found = cases.iter().any(|case| case.starts_with(code.as_str()));
        assert!(
            found,
            "{} has no case in tests/data/diagnostics",
            code.as_str()
        );
    }
}

#[test]
fn a_sound_pack_gives_no_diagnostics_at_all() {
    let text = fs::read_to_string(folder().join("E017-bad-row.toml")).unwrap();
    let name = "pack.toml".to_owned();
    let (set, diagnostics) = load(&RuleFiles::new(vec![RuleText {
        path: name.clone(),
        name,
        text,
    }]));
    assert!(set.is_some() && diagnostics.is_empty(), "{diagnostics:?}");
}
