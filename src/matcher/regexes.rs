//! Regular expressions behind the words or letters they require.
//!
//! A regex runs only where something it requires stands: in a window around
//! it when its matches have a greatest length, else over the whole text. Each
//! thread has its own caches, so that threads share nothing that changes.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use regex_automata::meta::{Cache, Regex};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::Hir;
use thiserror::Error;

use super::required::{Requirement, Trigger, required};
use super::{MAX_MATCHES_PER_PATTERN, PatternId};
use crate::span::Span;
use crate::text::{NormalText, fingerprint};

/// Largest compiled program of one pattern, in bytes.
const MAX_PROGRAM: usize = 1 << 20;
/// Largest cache of one pattern and thread, in bytes.
const MAX_CACHE: usize = 1 << 20;
/// Longer matches than this are looked for in the whole text.
const MAX_WINDOW: usize = 1 << 10;

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
    /// It requires no word and no literal of three letters, so it runs on
    /// every text, or at every number.
    NoLiteral,
}

/// A pattern that was found usable.
#[derive(Debug)]
pub(super) struct Checked {
    regex: Regex,
    required: Option<Requirement>,
    /// Fingerprints of `required.also`.
    also: Vec<Vec<u32>>,
    /// The most bytes a match can have, if there is such a number.
    longest: Option<usize>,
}

impl Checked {
    pub(super) fn note(&self) -> Option<RegexNote> {
        let is_costly = matches!(self.trigger(), None | Some(Trigger::Digit));
        is_costly.then_some(RegexNote::NoLiteral)
    }
}

/// Compiles a pattern.
pub(super) fn check(pattern: &str) -> Result<Checked, RegexError> {
    let hir = regex_syntax::parse(pattern).map_err(|error| syntax_error(&error))?;
    if hir.properties().minimum_len() == Some(0) {
        return Err(RegexError::MatchesEmpty);
    }
    let required = required(&hir);
    let also = required.iter().flat_map(|one| &one.also);
    let fingerprints = |words: &Vec<String>| words.iter().map(|word| fingerprint(word)).collect();
    Ok(Checked {
        regex: compile(&hir)?,
        also: also.map(fingerprints).collect(),
        required,
        longest: hir
            .properties()
            .maximum_len()
            .filter(|len| *len <= MAX_WINDOW),
    })
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

fn compile(hir: &Hir) -> Result<Regex, RegexError> {
    let config = Regex::config()
        .nfa_size_limit(Some(MAX_PROGRAM))
        .hybrid_cache_capacity(MAX_CACHE);
    Regex::builder()
        .configure(config)
        .syntax(syntax::Config::new())
        .build_from_hir(hir)
        .map_err(|_| RegexError::TooLarge)
}

/// The regexes of a matcher.
#[derive(Debug, Default)]
pub(super) struct Regexes {
    regexes: Vec<(PatternId, Checked)>,
    /// Required literals of ASCII letters.
    plain: Literals,
    /// Required literals in other scripts: most texts hold no such letter.
    foreign: Literals,
    /// Required literals of one byte, with the regexes that go by them.
    signs: BTreeMap<u8, Vec<u32>>,
    /// Regexes without requirement: run on every text.
    always: Vec<u32>,
    /// Regexes that require a digit: run at every number.
    at_numbers: Vec<u32>,
}

/// Literals that regexes require.
#[derive(Debug, Default)]
struct Literals {
    /// The regex each belongs to.
    owners: Vec<u32>,
    /// Finds them; `None` when there are none.
    finder: Option<AhoCorasick>,
}

impl Literals {
    /// Those of `required`: literal, and the regex it belongs to.
    fn new(required: &[(&str, u32)]) -> Self {
        let texts = required.iter().map(|(text, _)| text);
        let finder = (!required.is_empty()).then(|| {
            AhoCorasick::new(texts).expect("a few thousand short literals fit an automaton")
        });
        Self {
            owners: required.iter().map(|(_, owner)| *owner).collect(),
            finder,
        }
    }

    fn collect(&self, text: &str, wanted: &mut Vec<(u32, Span)>) {
        // Most texts hold none, and asking that is far cheaper than where.
        let finder = self.finder.iter();
        for finder in finder.filter(|finder| finder.is_match(text)) {
            for found in finder.find_overlapping_iter(text) {
                let owner = self.owners[found.pattern().as_usize()];
                wanted.push((owner, Span::new(found.start(), found.end())));
            }
        }
    }
}

/// What one thread needs to run regexes.
#[derive(Debug, Default)]
pub(super) struct Caches {
    of: Vec<Option<Box<Cache>>>,
    /// Of the text at hand, once it was asked for.
    known: Known,
    /// (regex, place of something it requires).
    pub(super) wanted: Vec<(u32, Span)>,
}

impl Regexes {
    pub(super) fn new(regexes: Vec<(PatternId, Checked)>) -> Self {
        let mut literals: Vec<(&str, u32)> = Vec::new();
        let mut signs: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
        let mut always = Vec::new();
        let mut at_numbers = Vec::new();
        for (index, (_, checked)) in regexes.iter().enumerate() {
            match checked.trigger() {
                Some(Trigger::Literals(texts)) => {
                    for text in texts {
                        if let [sign] = text.as_bytes() {
                            signs.entry(*sign).or_default().push(index as u32);
                        } else {
                            literals.push((text, index as u32));
                        }
                    }
                }
                Some(Trigger::Words(_) | Trigger::Begun(_)) => {}
                Some(Trigger::Digit) => at_numbers.push(index as u32),
                None => always.push(index as u32),
            }
        }
        let (plain, foreign): (Vec<_>, Vec<_>) =
            literals.into_iter().partition(|(text, _)| text.is_ascii());
        let (plain, foreign) = (Literals::new(&plain), Literals::new(&foreign));
        Self {
            regexes,
            plain,
            foreign,
            signs,
            always,
            at_numbers,
        }
    }

    /// The words that regexes are filed under, and whether they are only the
    /// beginnings of words, with the regex by number.
    pub(super) fn words(&self) -> impl Iterator<Item = (u32, &str, bool)> {
        let regexes = self.regexes.iter().enumerate();
        regexes.flat_map(|(index, (_, checked))| {
            let (words, is_begun): (&[String], _) = match checked.trigger() {
                Some(Trigger::Words(words)) => (words, false),
                Some(Trigger::Begun(words)) => (words, true),
                _ => (&[], false),
            };
            let word = words.iter();
            word.map(move |word| (index as u32, word.as_str(), is_begun))
        })
    }

    /// Adds the places of everything required that is not a word.
    fn collect(&self, text: &str, wanted: &mut Vec<(u32, Span)>) {
        let whole = Span::new(0, text.len());
        wanted.extend(self.always.iter().map(|&regex| (regex, whole)));
        if !self.at_numbers.is_empty() {
            for place in numbers(text) {
                wanted.extend(self.at_numbers.iter().map(|&regex| (regex, place)));
            }
        }
        for (&sign, regexes) in &self.signs {
            for at in memchr::memchr_iter(sign, text.as_bytes()) {
                let place = Span::new(at, at + 1);
                wanted.extend(regexes.iter().map(|&regex| (regex, place)));
            }
        }
        self.plain.collect(text, wanted);
        if !text.is_ascii() {
            self.foreign.collect(text, wanted);
        }
    }

    /// Calls `each` for every match, in the folded text's own offsets.
    /// `caches.wanted` holds the places of required words.
    pub(super) fn each_match(
        &self,
        view: &NormalText,
        caches: &mut Caches,
        mut each: impl FnMut(PatternId, Span),
    ) {
        let text = view.as_str();
        let wanted = &mut caches.wanted;
        self.collect(text, wanted);
        if wanted.is_empty() {
            return;
        }
        if caches.of.is_empty() {
            caches.of.resize_with(self.regexes.len(), || None);
        }
        wanted.sort_unstable();
        wanted.dedup();
        caches.known.clear();
        for places in wanted.chunk_by(|one, other| one.0 == other.0) {
            let index = places[0].0 as usize;
            let (id, checked) = &self.regexes[index];
            if !checked.also.is_empty() && !caches.known.holds(view, &checked.also) {
                continue;
            }
            let cache =
                caches.of[index].get_or_insert_with(|| Box::new(checked.regex.create_cache()));
            checked.each_match(text, places, cache, |span| each(*id, span));
        }
        caches.wanted.clear();
    }
}

/// Runs of ASCII digits.
fn numbers(text: &str) -> impl Iterator<Item = Span> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(u8::is_ascii_digit)?;
        let is_end = |byte: &u8| !byte.is_ascii_digit();
        let rest = &bytes[start..];
        at = start + rest.iter().position(is_end).unwrap_or(rest.len());
        Some(Span::new(start, at))
    })
}

/// Which words a text may hold: one bit for each of 1,024 kinds.
#[derive(Debug, Default)]
struct Known {
    bits: Vec<u64>,
}

impl Known {
    fn clear(&mut self) {
        self.bits.clear();
    }

    /// Whether the text may hold one word of each set.
    fn holds(&mut self, view: &NormalText, sets: &[Vec<u32>]) -> bool {
        let place = |fingerprint: u32| (fingerprint as usize >> 6 & 15, fingerprint & 63);
        if self.bits.is_empty() {
            self.bits.resize(16, 0);
            for token in view.tokens() {
                let (word, bit) = place(token.fingerprint);
                self.bits[word] |= 1 << bit;
            }
        }
        let is_known = |fingerprint: &u32| {
            let (word, bit) = place(*fingerprint);
            self.bits[word] >> bit & 1 == 1
        };
        sets.iter().all(|set| set.iter().any(is_known))
    }
}

impl Checked {
    fn trigger(&self) -> Option<&Trigger> {
        self.required.as_ref().map(|one| &one.trigger)
    }

    /// Calls `each` for every match that goes with one of `places`, which are
    /// sorted.
    fn each_match(
        &self,
        text: &str,
        places: &[(u32, Span)],
        cache: &mut Cache,
        each: impl FnMut(Span),
    ) {
        let leads = self.required.as_ref().is_some_and(|one| one.leads);
        // A match without a greatest length may look far ahead from each of
        // its beginnings: many of those are cheaper to do in one go.
        if leads && (self.longest.is_some() || places.len() <= MAX_MATCHES_PER_PATTERN) {
            self.each_begun(text, places, cache, each);
        } else {
            self.each_near(text, places, cache, each);
        }
    }

    /// Tries each place as the beginning of a match.
    fn each_begun(
        &self,
        text: &str,
        places: &[(u32, Span)],
        cache: &mut Cache,
        mut each: impl FnMut(Span),
    ) {
        let mut left = MAX_MATCHES_PER_PATTERN;
        let mut at = 0;
        for (_, place) in places {
            let start = place.start as usize;
            if start < at {
                continue;
            }
            let end = self.longest.map_or(text.len(), |longest| start + longest);
            let end = text.ceil_char_boundary(end);
            let input = Input::new(text).range(start..end).anchored(Anchored::Yes);
            if let Some(found) = self.regex.search_with(cache, &input) {
                each(Span::new(found.start(), found.end()));
                at = found.end();
                left -= 1;
                if left == 0 {
                    return;
                }
            }
        }
    }

    /// Searches near each place.
    fn each_near(
        &self,
        text: &str,
        places: &[(u32, Span)],
        cache: &mut Cache,
        mut each: impl FnMut(Span),
    ) {
        let mut left = MAX_MATCHES_PER_PATTERN;
        let mut places = places.iter().map(|place| self.window(text, place.1));
        let mut next = places.next();
        while let Some(mut window) = next {
            next = None;
            // Windows that touch are one, so that no match is cut.
            for other in places.by_ref() {
                if other.start > window.end {
                    next = Some(other);
                    break;
                }
                window.end = window.end.max(other.end);
            }
            self.each_in(text, window, cache, &mut left, &mut each);
            if left == 0 {
                return;
            }
        }
    }

    /// Where a match that holds the bytes at `place` can stand: every match
    /// near it lies wholly inside.
    fn window(&self, text: &str, place: Span) -> Range<usize> {
        let Some(longest) = self.longest else {
            return 0..text.len();
        };
        let start = (place.start as usize).saturating_sub(longest);
        let end = (place.end as usize + longest).min(text.len());
        text.floor_char_boundary(start)..text.ceil_char_boundary(end)
    }

    fn each_in(
        &self,
        text: &str,
        window: Range<usize>,
        cache: &mut Cache,
        left: &mut usize,
        each: &mut impl FnMut(Span),
    ) {
        let mut at = window.start;
        // A bounded number of searches keeps the whole linear: each may look
        // far ahead for a short match.
        while *left > 0 && at < window.end {
            let input = Input::new(text).range(at..window.end);
            let Some(found) = self.regex.search_with(cache, &input) else {
                return;
            };
            each(Span::new(found.start(), found.end()));
            *left -= 1;
            at = found.end();
        }
    }
}
