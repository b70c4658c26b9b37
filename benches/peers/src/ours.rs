//! Lentera as one of the engines: the one place that names its interface.

use lentera::matcher::{Matcher, MatcherBuilder, Scratch, Step, Template};
use lentera::text::{Views, fold_pattern};

use crate::engine::{Engine, Found, Kind, Worker};

/// What tables call us.
pub(crate) const NAME: &str = "lentera";
/// Phrases with full folding.
pub(crate) const PHRASES: Kind = Kind::new(NAME, phrases);
/// Regexes over folded text.
pub(crate) const REGEXES: Kind = Kind::new(NAME, regexes);
/// Most hits of one pattern that we report per view of a text.
pub(crate) const CAP: usize = lentera::matcher::MAX_MATCHES_PER_PATTERN;

struct Ours(Matcher);

struct OursWorker<'e>(&'e Matcher, Scratch);

impl Engine for Ours {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(OursWorker(&self.0, Scratch::new()))
    }
}

impl Worker for OursWorker<'_> {
    fn scan(&mut self, text: &str, found: &mut Vec<Found>) {
        let views = Views::new(text);
        for view in views.iter() {
            let matches = self.0.search(view, &[], &mut self.1);
            found.extend(matches.iter().map(|one| Found {
                pattern: one.pattern.0,
                start: one.span.start,
                end: one.span.end,
            }));
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "other engines can fail to build")]
fn phrases(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    let mut builder = MatcherBuilder::new();
    for pattern in patterns {
        let step = |word: &str| Step::Words([(word.to_owned(), false)].into());
        let steps = pattern.split(' ').map(step).collect();
        builder.phrase(&[Template { steps }]);
    }
    Ok(Box::new(Ours(builder.build())))
}

fn regexes(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    let mut builder = MatcherBuilder::new();
    for pattern in patterns {
        let added = builder.regex(pattern);
        added.map_err(|error| format!("{pattern}: {error}"))?;
    }
    Ok(Box::new(Ours(builder.build())))
}

/// Folds `text` with its map and the undisguised view; something to hold on to.
pub(crate) fn fold(text: &str) -> usize {
    let views = Views::new(text);
    let lengths = views.iter().map(|view| view.as_str().len());
    lengths.sum::<usize>() + views.disguises.len()
}

/// `text` as we fold it, for comparing.
pub(crate) fn folded(text: &str) -> String {
    fold_pattern(text)
}

/// Where disguises were undone in `text`.
pub(crate) fn disguises(text: &str) -> Vec<(usize, usize)> {
    let views = Views::new(text);
    let places = views.disguises.iter();
    places
        .map(|(span, _)| (span.start as usize, span.end as usize))
        .collect()
}
