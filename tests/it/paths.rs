//! The same conformance cases by other ways: a naive reading of the phrase,
//! and a regular expression that means the same. What the matcher finds is
//! held against both.

use std::collections::BTreeSet;

use lentera::matcher::MatcherBuilder;
use lentera::span::Span;
use lentera::text::{Gap, NormalText, Views, fold_pattern};

use crate::conformance::{MatcherCase, cases, told};
use crate::oracle::{Piece, Word, layings, shortest};

/// What can stand between two words of a sentence.
const BETWEEN: &str =
    r"(?:[^\w\n;|\u{3002}\u{2022}.!?]|[.!?]+(?:[^\w \n;|\u{3002}\u{2022}.!?]|\b))+";

/// A phrase of single words, choices of single words and gaps; `None` for
/// anything else.
fn simple(phrase: &str) -> Option<Vec<Piece>> {
    let is_word = |word: &str| {
        let stem = word.strip_suffix('*').unwrap_or(word);
        !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let word = |word: &str| {
        let stem = word.strip_suffix('*').unwrap_or(word);
        (fold_pattern(stem), word.ends_with('*'))
    };
    let mut pieces = Vec::new();
    for part in phrase.split(' ') {
        let inner = part
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        let choices: Vec<&str> = inner.map_or(vec![part], |inner| inner.split('|').collect());
        if let Some(reach) = part.strip_prefix("..") {
            let reach = if reach.is_empty() {
                Some(3)
            } else {
                reach.parse().ok()
            };
            pieces.push(Piece::UpTo(reach?));
        } else if choices.iter().all(|choice| is_word(choice)) {
            pieces.push(Piece::OneOf(choices.into_iter().map(word).collect()));
        } else {
            return None;
        }
    }
    Some(pieces)
}

/// The regular expression of a phrase without gaps.
fn expression(pieces: &[Piece]) -> Option<String> {
    let mut words = Vec::new();
    for piece in pieces {
        let Piece::OneOf(choices) = piece else {
            return None;
        };
        let choice = |(word, begun): &(String, bool)| match begun {
            true => format!(r"{word}\w*"),
            false => word.clone(),
        };
        let choices: Vec<String> = choices.iter().map(choice).collect();
        words.push(format!(r"\b(?:{})\b", choices.join("|")));
    }
    Some(words.join(BETWEEN))
}

fn words(view: &NormalText) -> Vec<Word> {
    let word =
        |token: &lentera::text::Token| (view.word(*token).to_owned(), token.gap == Gap::Sentence);
    view.tokens().iter().map(word).collect()
}

/// Where the phrases of a case stand in each view, read naively.
fn naive(phrases: &[Vec<Piece>], views: &Views) -> BTreeSet<Span> {
    let mut spans = BTreeSet::new();
    for view in views.iter() {
        let words = words(view);
        for phrase in phrases {
            for (first, end) in shortest(&layings(phrase, &words)) {
                spans.insert(view.words_to_published(first, end - 1));
            }
        }
    }
    spans
}

fn by_regex(expressions: &[String], views: &Views) -> BTreeSet<Span> {
    let mut builder = MatcherBuilder::new();
    for expression in expressions {
        builder.regex(expression).unwrap();
    }
    let matcher = builder.build();
    let found = views.iter().flat_map(|view| matcher.matches(view, &[]));
    found.map(|found| found.span).collect()
}

#[test]
fn other_ways_find_the_same() {
    let mut faults = Vec::new();
    let (mut n_naive, mut n_regex) = (0, 0);
    for case in cases::<MatcherCase>("matcher", |_| true) {
        let written = case.phrases.iter().filter(|line| !line.starts_with('#'));
        let phrases: Option<Vec<_>> = written.map(|phrase| simple(phrase)).collect();
        let Some(phrases) = phrases.filter(|phrases| !phrases.is_empty()) else {
            continue;
        };
        let views = Views::new(&case.text);
        let quote = |spans: &BTreeSet<Span>| -> Vec<String> {
            spans
                .iter()
                .map(|span| span.of(&case.text).to_owned())
                .collect()
        };
        n_naive += 1;
        let expected = naive(&phrases, &views);
        if quote(&expected) != case.quotes {
            faults.push(format!("{}: naively {:?}", case.name, quote(&expected)));
        }
        let expressions: Option<Vec<_>> = phrases.iter().map(|one| expression(one)).collect();
        let Some(expressions) = expressions else {
            continue;
        };
        n_regex += 1;
        // A regular expression reports no matches that overlap.
        let found = by_regex(&expressions, &views);
        let overlaps = |span: &Span| found.iter().any(|other| other.overlaps(*span));
        if !found.is_subset(&expected) || !expected.iter().all(overlaps) {
            faults.push(format!("{}: by regex {:?}", case.name, quote(&found)));
        }
    }
    told(&faults);
    assert!(
        n_naive >= 30 && n_regex >= 15,
        "{n_naive} and {n_regex} cases"
    );
}
