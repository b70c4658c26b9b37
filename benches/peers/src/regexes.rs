//! Peers that match regexes, and the confirming of spans that some share.

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use regex_filtered::{Builder, Options, Regexes};

use crate::engine::{Engine, Found, Kind, Worker};

/// The peers of this file.
pub(crate) const KINDS: [Kind; 2] = [
    Kind::new("regex-filtered", filtered),
    Kind {
        cold: true,
        part: 8,
        ..Kind::new("RegexSet + confirm", set)
    },
];

/// Each pattern alone, over bytes and ignoring case, to find spans with.
/// ASCII classes: what Vectorscan means by `\w` too.
pub(crate) fn confirming(patterns: &[String]) -> Result<Vec<Regex>, String> {
    let compiled = patterns.iter().map(|pattern| {
        RegexBuilder::new(pattern)
            .case_insensitive(true)
            .unicode(false)
            .build()
    });
    let compiled: Result<Vec<Regex>, _> = compiled.collect();
    compiled.map_err(|error| error.to_string())
}

/// Appends every match of one pattern.
pub(crate) fn confirm(pattern: u32, regex: &Regex, text: &[u8], found: &mut Vec<Found>) {
    found.extend(regex.find_iter(text).map(|one| Found {
        pattern,
        start: one.start() as u32,
        end: one.end() as u32,
    }));
}

struct Set {
    set: RegexSet,
    regexes: Vec<Regex>,
}

/// Owns its copies, so that its caches are its own and begin empty.
struct SetWorker(Set);

impl Engine for Set {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(SetWorker(Set {
            set: self.set.clone(),
            regexes: self.regexes.clone(),
        }))
    }
}

impl Worker for SetWorker {
    fn scan(&mut self, text: &str, found: &mut Vec<Found>) {
        let text = text.as_bytes();
        for pattern in self.0.set.matches(text) {
            confirm(pattern as u32, &self.0.regexes[pattern], text, found);
        }
    }
}

fn set(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    let set = RegexSetBuilder::new(patterns)
        .case_insensitive(true)
        .unicode(false)
        .size_limit(1 << 28)
        // With the default of 2 MB its cache overflows all the time: 0.2 MB/s.
        .dfa_size_limit(1 << 28)
        .build()
        .map_err(|error| error.to_string())?;
    let regexes = confirming(patterns)?;
    Ok(Box::new(Set { set, regexes }))
}

struct Filtered(Regexes);

struct FilteredWorker<'e>(&'e Regexes);

impl Engine for Filtered {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(FilteredWorker(&self.0))
    }
}

impl Worker for FilteredWorker<'_> {
    fn scan(&mut self, text: &str, found: &mut Vec<Found>) {
        for (pattern, regex) in self.0.matching(text) {
            found.extend(regex.find_iter(text).map(|one| Found {
                pattern: pattern as u32,
                start: one.start() as u32,
                end: one.end() as u32,
            }));
        }
    }
}

fn filtered(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    let mut options = Options::new();
    options.case_insensitive(true);
    let mut builder = Builder::new();
    for pattern in patterns {
        builder = builder
            .push_opt(pattern, &options)
            .map_err(|error| error.to_string())?;
    }
    let built = builder.build().map_err(|error| error.to_string())?;
    Ok(Box::new(Filtered(built)))
}
