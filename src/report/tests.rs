//! What a person sees, held still, and what hostile text cannot do to it.

use proptest::prelude::*;
use serde_json::Value;

use super::layout::width;
use super::*;
use crate::assessment::{Level, PossibleMinor, Route};
use crate::store::record::{Cluster, Finding, Review};
use crate::store::sample;

const INDONESIAN: Style = Style {
    lang: Lang::Id,
    color: false,
    width: 80,
    show_text: false,
};

const ENGLISH: Style = Style {
    lang: Lang::En,
    ..INDONESIAN
};

fn minor() -> Finding {
    let mut finding = sample::record();
    finding.assessment.possible_minor = PossibleMinor::Indicator;
    finding.privacy.handling.push("minor_restricted".to_owned());
    finding.id = "b81c".to_owned() + &finding.id[4..];
    finding.sealed()
}

fn several() -> Vec<Finding> {
    let mut low = sample::record();
    low.assessment.level = Level::Low;
    low.id = "c92d".to_owned() + &low.id[4..];
    low.source.place = None;
    let mut plea = sample::record();
    plea.assessment.route = Route::HelpRequest;
    plea.assessment.level = Level::Medium;
    plea.id = "d03e".to_owned() + &plea.id[4..];
    vec![low, sample::record(), plea, minor()]
}

#[test]
fn one_finding_in_indonesian() {
    insta::assert_snapshot!(one(&sample::record(), &INDONESIAN));
}

#[test]
fn one_finding_in_english() {
    insta::assert_snapshot!(one(&sample::record(), &ENGLISH));
}

#[test]
fn the_queue_in_indonesian() {
    insta::assert_snapshot!(queue(&several(), &INDONESIAN));
}

#[test]
fn the_queue_in_english() {
    insta::assert_snapshot!(queue(&several(), &ENGLISH));
}

#[test]
fn an_empty_queue_says_so() {
    assert_eq!(queue(&[], &INDONESIAN), "Tidak ada temuan.\n");
}

#[test]
fn what_may_concern_a_minor_is_read_only_when_asked_for() {
    let words = [
        "Paspor disimpan",
        "DIBUTUHKAN",
        "Lowongan admin",
        "minggu ini",
    ];
    let hidden = [one(&minor(), &INDONESIAN), queue(&[minor()], &INDONESIAN)];
    for shown in &hidden {
        assert!(words.iter().all(|word| !shown.contains(word)), "{shown}");
    }
    assert!(hidden[0].contains("--show-text"));
    let asked = Style {
        show_text: true,
        ..INDONESIAN
    };
    let shown = one(&minor(), &asked);
    assert!(words.iter().all(|word| shown.contains(word)), "{shown}");
    assert!(queue(&[minor()], &asked).contains("Paspor disimpan"));
}

#[test]
fn a_record_that_was_changed_is_shown_with_a_warning() {
    let mut finding = sample::record();
    finding.source.platform = "lain".to_owned();
    let warned = one(&finding, &ENGLISH);
    assert!(warned.contains("The seal of this record does not fit"));
    assert!(!one(&sample::record(), &ENGLISH).contains("seal"));
}

#[test]
fn a_decision_and_the_copies_are_shown() {
    let mut finding = sample::record();
    finding.cluster = Some(Cluster {
        id: "c-1".to_owned(),
        method: "minhash-5gram/1".to_owned(),
        size: 14,
        exact_duplicates: 3,
        sites: 2,
        accounts: 4,
        first_seen: "2026-09-28".to_owned(),
        last_seen: "2026-11-03".to_owned(),
        representative: true,
    });
    let finding = finding.with_review(Review {
        state: "decided".to_owned(),
        decision: Some("not_relevant".to_owned()),
        reasons: vec!["licensed".to_owned()],
        reviewer: Some("rv-07".to_owned()),
        decided_at: Some("2026-11-04T02:11:40Z".to_owned()),
        ..Review::new()
    });
    let shown = one(&finding, &INDONESIAN);
    assert!(shown.contains("14 salinan · 2 situs"));
    let decided = "sudah diputuskan · tidak relevan · rv-07 · 2026-11-04 09:11 WIB · licensed";
    assert!(shown.replace("\n    ", " ").contains(decided), "{shown}");
}

#[test]
fn colour_adds_nothing_but_colour() {
    let colored = Style {
        color: true,
        ..INDONESIAN
    };
    let shown = one(&sample::record(), &colored);
    assert!(shown.contains("\u{1b}[1m"));
    assert_eq!(without_colour(&shown), one(&sample::record(), &INDONESIAN));
}

#[test]
fn nothing_on_the_screen_opens_or_dials() {
    for style in [INDONESIAN, ENGLISH] {
        let shown = one(&sample::record(), &style) + &queue(&several(), &style);
        let schemes = ["http", "https", "tel", "mailto"].map(|scheme| format!("{scheme}:"));
        let others = ["wa.me", "\u{1b}", "0812"].map(str::to_owned);
        for opener in schemes.iter().chain(&others) {
            assert!(!shown.contains(opener), "{opener}");
        }
    }
}

/// Takes away the escape sequences that set colours and nothing else.
fn without_colour(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out += before;
        let end = after
            .find(|c: char| !c.is_ascii_digit() && c != ';')
            .unwrap();
        assert_eq!(&after[end..=end], "m", "only colours are set");
        rest = &after[end + 1..];
    }
    out + rest
}

/// Puts `text` into every string of a record that is not a closed word.
fn poisoned(text: &str) -> Finding {
    fn poison(value: &mut Value, text: &str) {
        match value {
            Value::String(own) => *own = text.to_owned(),
            Value::Array(items) => items.iter_mut().for_each(|item| poison(item, text)),
            Value::Object(object) => {
                for (key, value) in object {
                    if !["level", "route", "possible_minor"].contains(&key.as_str()) {
                        poison(value, text);
                    }
                }
            }
            _ => {}
        }
    }
    let mut value = serde_json::to_value(sample::record()).unwrap();
    poison(&mut value, text);
    serde_json::from_value(value).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn hostile_records_are_shown_inert(
        text in "(\\PC|\\p{Cc}|\\p{Cf}|\u{1b}\\]8;;x\u{7}|\u{202e}|⟦1 ){0,40}",
        columns in 0..140_usize,
        color in any::<bool>(),
    ) {
        let finding = poisoned(&text);
        let style = Style { width: columns, color, ..INDONESIAN };
        let shown = one(&finding, &style) + &queue(&[finding], &style);
        let shown = if color { without_colour(&shown) } else { shown };
        prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()));
        let turned = shown.contains('\u{202e}');
        prop_assert!(!turned);
        let widest = shown.lines().map(width).max().unwrap_or(0);
        prop_assert!(widest <= columns.max(32), "{} > {}", widest, columns);
    }
}
