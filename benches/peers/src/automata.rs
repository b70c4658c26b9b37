//! Peers that are Aho–Corasick automata: one dependent load a byte. They see
//! the text lower-cased (ASCII) and their hits are filtered by word bounds.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use daachorse::{DoubleArrayAhoCorasick, DoubleArrayAhoCorasickBuilder};

use crate::corpus::Posts;
use crate::engine::{Engine, Found, Kind, Worker, is_bounded};
use crate::model::Model;

/// The automata, slowest to build last.
pub(crate) const KINDS: [Kind; 4] = [
    Kind::new("aho-corasick NFA", nfa),
    Kind {
        most: 5_000,
        ..Kind::new("aho-corasick DFA", dfa)
    },
    Kind::new("daachorse", daachorse),
    Kind::new("daachorse trained", daachorse_trained),
];

struct Corasick(AhoCorasick);

struct Daachorse {
    automaton: DoubleArrayAhoCorasick<u32>,
}

struct Lowered<'e, E> {
    engine: &'e E,
    lower: Vec<u8>,
}

impl Engine for Corasick {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Lowered {
            engine: self,
            lower: Vec::new(),
        })
    }
}

impl Engine for Daachorse {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Lowered {
            engine: self,
            lower: Vec::new(),
        })
    }
}

impl<E> Lowered<'_, E> {
    fn lower(&mut self, text: &str) {
        self.lower.clear();
        self.lower.extend_from_slice(text.as_bytes());
        self.lower.make_ascii_lowercase();
    }
}

/// Keeps a hit that stands between word bounds.
#[inline]
fn keep(text: &[u8], pattern: u32, start: usize, end: usize, found: &mut Vec<Found>) {
    if is_bounded(text, start, end) {
        found.push(Found {
            pattern,
            start: start as u32,
            end: end as u32,
        });
    }
}

impl Worker for Lowered<'_, Corasick> {
    fn scan(&mut self, text: &str, found: &mut Vec<Found>) {
        self.lower(text);
        for hit in self.engine.0.find_overlapping_iter(&self.lower) {
            keep(
                &self.lower,
                hit.pattern().as_u32(),
                hit.start(),
                hit.end(),
                found,
            );
        }
    }
}

impl Worker for Lowered<'_, Daachorse> {
    fn scan(&mut self, text: &str, found: &mut Vec<Found>) {
        self.lower(text);
        for hit in self.engine.automaton.find_overlapping_iter(&self.lower) {
            keep(&self.lower, hit.value(), hit.start(), hit.end(), found);
        }
    }
}

fn nfa(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    corasick(patterns, AhoCorasickKind::ContiguousNFA)
}

fn dfa(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    corasick(patterns, AhoCorasickKind::DFA)
}

fn corasick(patterns: &[String], kind: AhoCorasickKind) -> Result<Box<dyn Engine>, String> {
    let built = AhoCorasick::builder().kind(Some(kind)).build(patterns);
    Ok(Box::new(Corasick(
        built.map_err(|error| error.to_string())?,
    )))
}

fn daachorse(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    let automaton = DoubleArrayAhoCorasick::new(patterns).map_err(|error| error.to_string())?;
    Ok(Box::new(Daachorse { automaton }))
}

/// States laid out by their use in texts like the measured ones.
fn daachorse_trained(patterns: &[String]) -> Result<Box<dyn Engine>, String> {
    let model = Model::new();
    let sample = Posts::new(&model, "training", 1).take_bytes(1_000_000);
    let sample = sample.iter().map(|text| text.to_ascii_lowercase());
    let automaton = DoubleArrayAhoCorasickBuilder::new()
        .corpus(sample)
        .build(patterns)
        .map_err(|error| error.to_string())?;
    Ok(Box::new(Daachorse { automaton }))
}
