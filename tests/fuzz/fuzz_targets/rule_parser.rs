//! Rule files are written by people who are not programmers: whatever they
//! write, loading answers with diagnostics whose places lie in the file.
#![no_main]

use lentera::rule::{RuleFiles, RuleText, load, render};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let file = |name: &str, text: &str| RuleText {
        path: name.to_owned(),
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let files = RuleFiles::new(vec![file("a.toml", text), file("lists/a.csv", text)]);
    let (set, diagnostics) = load(&files);
    assert!(set.is_some() || diagnostics.iter().any(|one| one.code.is_error()));
    render(&diagnostics, &files, false);
});
