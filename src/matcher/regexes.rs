//! Regular expressions behind the literals they require.

use aho_corasick::AhoCorasick;
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Hir, HirKind};
use thiserror::Error;

use super::{MAX_MATCHES_PER_PATTERN, PatternId};
use crate::span::Span;
use crate::text::NormalText;

/// Largest compiled program of one pattern, in bytes.
const MAX_PROGRAM: usize = 1 << 20;
/// Literals shorter than this stand in nearly every text.
const MIN_LITERAL: usize = 3;

/// Why a regular expression cannot be used.
#[derive(Debug, Error)]
pub enum RegexError {
    /// Not a regular expression.
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
        /// Byte offset in the pattern.
        at: usize,
        /// Length in bytes of the faulty part.
        len: usize,
    },
    /// It matches without any text.
    #[error("the pattern can match the empty string, so it would match everywhere")]
    MatchesEmpty,
    /// Its program would be too large.
    #[error("the pattern compiles to more than {MAX_PROGRAM} bytes")]
    TooLarge,
}

/// What a usable pattern costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegexNote {
    /// It requires no literal of three letters, so it runs on every text.
    NoLiteral,
}

/// Checks a pattern without keeping it.
pub(super) fn check(pattern: &str) -> Result<Option<RegexNote>, RegexError> {
    let hir = regex_syntax::parse(pattern).map_err(|error| syntax_error(&error))?;
    if hir.properties().minimum_len() == Some(0) {
        return Err(RegexError::MatchesEmpty);
    }
    compile(pattern)?;
    Ok(required(&hir).is_none().then_some(RegexNote::NoLiteral))
}

fn syntax_error(error: &regex_syntax::Error) -> RegexError {
    let (span, message) = match error {
        regex_syntax::Error::Parse(error) => (*error.span(), error.kind().to_string()),
        regex_syntax::Error::Translate(error) => (*error.span(), error.kind().to_string()),
        other => {
            return RegexError::Syntax {
                message: other.to_string(),
                at: 0,
                len: 0,
            };
        }
    };
    let at = span.start.offset;
    RegexError::Syntax {
        message,
        at,
        len: span.end.offset.saturating_sub(at),
    }
}

fn compile(pattern: &str) -> Result<Regex, RegexError> {
    RegexBuilder::new(pattern)
        .size_limit(MAX_PROGRAM)
        .build()
        .map_err(|_| RegexError::TooLarge)
}

/// Literals of which any matching text holds at least one; `None` when there
/// is no such set of long enough literals.
fn required(hir: &Hir) -> Option<Vec<String>> {
    let mut best = literals(hir);
    if let HirKind::Concat(parts) = hir.kind() {
        for part in parts {
            best = better(best, required(part));
        }
    } else if let HirKind::Capture(capture) = hir.kind() {
        best = better(best, required(&capture.sub));
    } else if let HirKind::Repetition(repetition) = hir.kind()
        && repetition.min > 0
    {
        best = better(best, required(&repetition.sub));
    }
    best
}

fn literals(hir: &Hir) -> Option<Vec<String>> {
    let mut seq = Extractor::new()
        .kind(ExtractKind::Prefix)
        .limit_total(64)
        .extract(hir);
    seq.optimize_for_prefix_by_preference();
    let literals = seq.literals()?;
    let texts: Option<Vec<String>> = literals
        .iter()
        .map(|literal| String::from_utf8(literal.as_bytes().to_vec()).ok())
        .collect();
    texts.filter(|texts| !texts.is_empty() && texts.iter().all(|text| text.len() >= MIN_LITERAL))
}

fn better(one: Option<Vec<String>>, other: Option<Vec<String>>) -> Option<Vec<String>> {
    let shortest = |texts: &Vec<String>| texts.iter().map(String::len).min();
    match (one, other) {
        (Some(one), Some(other)) => Some(if shortest(&other) > shortest(&one) {
            other
        } else {
            one
        }),
        (one, other) => one.or(other),
    }
}

/// The regexes of a matcher.
#[derive(Debug)]
pub(super) struct Regexes {
    regexes: Vec<(PatternId, Regex)>,
    /// Finds required literals; `None` when no regex has any.
    literals: Option<AhoCorasick>,
    /// The regex each literal belongs to.
    owners: Vec<usize>,
    /// Regexes without literals: run on every text.
    always: Vec<usize>,
}

impl Regexes {
    /// Builds from patterns that [`check`] accepted.
    pub(super) fn new(patterns: &[(PatternId, String)]) -> Self {
        let mut regexes = Vec::new();
        let mut literals = Vec::new();
        let mut owners = Vec::new();
        let mut always = Vec::new();
        for (index, (id, pattern)) in patterns.iter().enumerate() {
            regexes.push((
                *id,
                compile(pattern).expect("the pattern was checked when added"),
            ));
            let hir = regex_syntax::parse(pattern).expect("the pattern was checked when added");
            match required(&hir) {
                Some(texts) => {
                    owners.extend(texts.iter().map(|_| index));
                    literals.extend(texts);
                }
                None => always.push(index),
            }
        }
        let literals = (!literals.is_empty()).then(|| {
            AhoCorasick::new(&literals).expect("a few thousand short literals fit an automaton")
        });
        Self {
            regexes,
            literals,
            owners,
            always,
        }
    }

    /// Calls `each` for every match, in the folded text's own offsets.
    pub(super) fn each_match(&self, view: &NormalText, mut each: impl FnMut(PatternId, Span)) {
        let text = view.as_str();
        let mut wanted = self.always.clone();
        if let Some(literals) = &self.literals {
            let found = literals.find_overlapping_iter(text);
            wanted.extend(found.map(|found| self.owners[found.pattern().as_usize()]));
        }
        wanted.sort_unstable();
        wanted.dedup();
        for index in wanted {
            let (id, regex) = &self.regexes[index];
            for found in regex.find_iter(text).take(MAX_MATCHES_PER_PATTERN) {
                each(*id, Span::new(found.start(), found.end()));
            }
        }
    }
}
