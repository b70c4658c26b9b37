//! Scanning for flags alone comes to the same as scanning for everything.

use lentera::rule::{load, shipped};
use lentera::scan::{Scanner, Scratch, sample_post};

/// Each sample of the pack alone, and each behind another one, so that gates
/// meet contexts and guards they were not written for.
#[test]
fn a_post_is_passed_over_only_when_nothing_is_told_of_it() {
    let rules = load(&shipped()).0.expect("the shipped pack is sound");
    let scanner = Scanner::new(&rules);
    let (mut whole, mut telling) = (Scratch::new(), Scratch::new());
    let texts: Vec<&str> = rules.samples.iter().map(|one| one.text.as_str()).collect();
    let step = texts.len() / 7;
    let mut n_told = 0;
    for (index, text) in texts.iter().enumerate() {
        let others = (1..4).map(|n| texts[(index + n * step) % texts.len()]);
        let joined = others.map(|other| format!("{text}. {other}"));
        for text in std::iter::once((*text).to_owned()).chain(joined) {
            let post = sample_post(&text);
            let assessment = scanner.scan_with(&post, &mut whole);
            let is_told = assessment.is_flagged() || !assessment.shadow.is_empty();
            n_told += u32::from(is_told);
            let expected = is_told.then_some(assessment);
            assert_eq!(
                scanner.scan_telling(&post, &mut telling),
                expected,
                "{text}"
            );
        }
    }
    assert!(
        n_told > 100,
        "too few posts with anything to tell: {n_told}"
    );
}
