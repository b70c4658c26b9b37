//! Templates, gaps, prefixes, values, regexes; and agreement with a plain
//! reading of the phrase.

use super::*;
use crate::post::FieldName;
use crate::recognise::recognise;
use crate::text::Views;

fn words(list: &str) -> Step {
    let word = |word: &str| match word.strip_suffix('*') {
        Some(prefix) => (prefix.to_owned(), true),
        None => (word.to_owned(), false),
    };
    Step::Words(list.split('|').map(word).collect())
}

fn value(test: &str) -> Step {
    Step::Value(ValueTest::parse(test).unwrap())
}

fn quotes(steps: Vec<Step>, text: &str) -> Vec<String> {
    let mut builder = MatcherBuilder::new();
    builder.phrase(&[Template { steps }]);
    let matcher = builder.build();
    let views = Views::new(text);
    let entities = recognise(FieldName::Text, &views, None);
    let found = matcher.matches(&views.plain, &entities);
    found
        .into_iter()
        .map(|found| found.span.of(text).to_owned())
        .collect()
}

#[test]
fn words_stand_next_to_each_other_whatever_the_punctuation() {
    let phrase = || vec![words("paspor|ktp"), words("ditahan|disita")];
    assert_eq!(
        quotes(phrase(), "PASPOR, ditahan; ktp-disita"),
        ["PASPOR, ditahan", "ktp-disita"]
    );
    assert!(quotes(phrase(), "paspor. Ditahan").is_empty());
    assert!(quotes(phrase(), "paspor lama ditahan, paspornya disita").is_empty());
}

#[test]
fn a_gap_reaches_so_far_and_takes_the_shortest_match() {
    let phrase = || vec![words("paspor"), Step::Gap(3), words("agen")];
    assert_eq!(quotes(phrase(), "paspor a b c agen"), ["paspor a b c agen"]);
    assert!(quotes(phrase(), "paspor a b c d agen").is_empty());
    assert_eq!(quotes(phrase(), "paspor paspor agen agen"), ["paspor agen"]);
}

#[test]
fn prefixes_and_values_take_part() {
    assert_eq!(
        quotes(
            vec![words("jual*"), words("bayi")],
            "dijual bayi, jualan bayi"
        ),
        ["jualan bayi"]
    );
    let pay = || vec![words("gaji"), value("price>=10jt")];
    assert_eq!(
        quotes(pay(), "gaji Rp 15.000.000 / gaji 3jt"),
        ["gaji Rp 15.000.000"]
    );
    assert_eq!(quotes(vec![value("age<18")], "cewek 17 th"), ["17 th"]);
    assert!(quotes(vec![value("age<18")], "usia 17-35").is_empty());
}

#[test]
fn regexes_run_behind_their_literals_and_say_what_is_wrong() {
    let mut builder = MatcherBuilder::new();
    assert_eq!(
        builder.regex("[0-9]{5}").unwrap().1,
        Some(RegexNote::NoLiteral)
    );
    assert_eq!(builder.regex("(?:tebusan|denda) [0-9]+").unwrap().1, None);
    assert!(matches!(builder.regex("a*"), Err(RegexError::MatchesEmpty)));
    assert!(matches!(
        builder.regex("(?:a{1000}){1000}"),
        Err(RegexError::TooLarge)
    ));
    let Err(RegexError::Syntax { at, .. }) = builder.regex("gaji (15") else {
        panic!("accepted")
    };
    assert_eq!(at, 5);
    let matcher = builder.build();
    let text = "Bayar TEBUSAN 15 atau RM 15000";
    let found = matcher.matches(&Views::new(text).plain, &[]);
    let quotes: Vec<_> = found.iter().map(|found| found.span.of(text)).collect();
    assert_eq!(quotes, ["15000", "TEBUSAN 15"]);
}

#[test]
fn value_tests_reject_what_they_cannot_mean() {
    for good in [
        "phone",
        "phone:obscured",
        "price<500rb",
        "price>=15jt/month",
        "place:scam_hub",
    ] {
        assert!(ValueTest::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "fone",
        "phone:old",
        "price>>5",
        "price>=15jt/fortnight",
        "age<old",
        "disguise:x",
    ] {
        assert!(ValueTest::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_repeated_word_cannot_make_matching_slow_or_the_report_long() {
    let text = "agen paspor ".repeat(5_000);
    let found = quotes(
        vec![
            words("paspor"),
            Step::Gap(12),
            words("agen"),
            words("paspor"),
        ],
        &text,
    );
    assert_eq!(found.len(), MAX_MATCHES_PER_PATTERN);
}
