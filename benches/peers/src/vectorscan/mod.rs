//! Vectorscan as a peer: the literal interface for phrases; for regexes either
//! which patterns match, with `regex` to find the spans, or starts of its own.

mod ffi;

use ffi::{CASELESS, Database, SINGLEMATCH, SOM_LEFTMOST, Scanner};
use regex::bytes::Regex;

use crate::engine::{Engine, Found, Kind, Worker, is_bounded};
use crate::regexes::{confirm, confirming};

/// Phrases through the literal interface.
pub(crate) const PHRASES: Kind = Kind::new("vectorscan", literals);
/// Regexes with confirmed spans.
pub(crate) const CONFIRMED: Kind = Kind::new("vectorscan + confirm", confirmed);
/// Regexes with starts of Vectorscan's own: it reports every end, so there are
/// more hits than matches.
pub(crate) const STARTS: Kind = Kind {
    exact: false,
    ..Kind::new("vectorscan SOM", starts)
};

struct Literals {
    database: Database,
    lengths: Vec<u32>,
}

struct LiteralsWorker<'e> {
    scanner: Scanner<'e>,
    lengths: &'e [u32],
}

impl Engine for Literals {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(LiteralsWorker {
            scanner: self.database.scanner(),
            lengths: &self.lengths,
        })
    }
}

impl Worker for LiteralsWorker<'_> {
    fn scan(&mut self, text: &str, found: &mut Vec<Found>) {
        let text = text.as_bytes();
        self.scanner.scan(text, |pattern, _, end| {
            let start = end as u32 - self.lengths[pattern as usize];
            if is_bounded(text, start as usize, end as usize) {
                found.push(Found {
                    pattern,
                    start,
                    end: end as u32,
                });
            }
        });
    }
}

fn literals(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    Ok(Box::new(Literals {
        database: Database::new(patterns, CASELESS, true)?,
        lengths: patterns.iter().map(|one| one.len() as u32).collect(),
    }))
}

struct Confirmed {
    database: Database,
    regexes: Vec<Regex>,
}

struct ConfirmedWorker<'e> {
    scanner: Scanner<'e>,
    regexes: &'e [Regex],
    which: Vec<u32>,
}

impl Engine for Confirmed {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(ConfirmedWorker {
            scanner: self.database.scanner(),
            regexes: &self.regexes,
            which: Vec::new(),
        })
    }
}

impl Worker for ConfirmedWorker<'_> {
    fn scan(&mut self, text: &str, found: &mut Vec<Found>) {
        let text = text.as_bytes();
        self.which.clear();
        let which = &mut self.which;
        self.scanner.scan(text, |pattern, _, _| which.push(pattern));
        for &pattern in &self.which {
            confirm(pattern, &self.regexes[pattern as usize], text, found);
        }
    }
}

fn confirmed(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    Ok(Box::new(Confirmed {
        database: Database::new(patterns, CASELESS | SINGLEMATCH, false)?,
        regexes: confirming(patterns)?,
    }))
}

struct Starts(Database);

struct StartsWorker<'e>(Scanner<'e>);

impl Engine for Starts {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(StartsWorker(self.0.scanner()))
    }
}

impl Worker for StartsWorker<'_> {
    fn scan(&mut self, text: &str, found: &mut Vec<Found>) {
        self.0.scan(text.as_bytes(), |pattern, start, end| {
            found.push(Found {
                pattern,
                start: start as u32,
                end: end as u32,
            });
        });
    }
}

fn starts(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    let database = Database::new(patterns, CASELESS | SOM_LEFTMOST, false)?;
    Ok(Box::new(Starts(database)))
}
