//! Finding every phrase and pattern of a rule set in one pass over the words.
//!
//! A phrase is a sequence of words, filed under a rare one of its own; a post
//! pays for the words that something is filed under, not for the number of
//! phrases. Regexes run only on texts that hold one of their required
//! literals. What a pattern matches are its shortest places: no match of a
//! phrase contains another, whichever word it was filed under. All of them are
//! reported, overlapping ones too, sorted.
//!
//! This floor knows patterns by number; what a pattern means is the rule
//! floor's business.

mod anchor;
mod grams;
mod phrase;
mod plain;
mod probe;
mod regexes;
mod required;
mod template;
mod text;
mod value;
mod words;

pub use regexes::{RegexError, RegexNote};
pub use template::{Step, Template};
pub(crate) use value::VALUE_KINDS;
pub use value::{ValueError, ValueTest};

use std::ops::Range;
use std::sync::Arc;

use crate::assessment::EvidenceKind;
use crate::entity::Entity;
use crate::span::Span;
use crate::text::{NormalText, Token};

use anchor::Filed;
use grams::{Candidates, Posting};
use phrase::{Phrases, PhrasesBuilder, Walk};
use regexes::{Caches, Checked, Regexes};
use text::{Text, Values};

/// Most matches of one pattern reported per text; more show nothing new and
/// hostile text could make millions.
pub const MAX_MATCHES_PER_PATTERN: usize = 16;

/// Number of a pattern, in the order patterns were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatternId(pub u32);

/// That a pattern occurs at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Which pattern.
    pub pattern: PatternId,
    /// Where, in the text as published.
    pub span: Span,
    /// Which words of the searched view, for guards that look beside a match.
    pub words: Range<usize>,
    /// What kind of pattern.
    pub kind: EvidenceKind,
}

/// Collects patterns. See [`Matcher`].
#[derive(Debug, Default)]
pub struct MatcherBuilder {
    phrases: PhrasesBuilder,
    regexes: Vec<(PatternId, Checked)>,
    n_patterns: u32,
}

impl MatcherBuilder {
    /// A builder without patterns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a pattern that occurs wherever one of `templates` does.
    pub fn phrase(&mut self, templates: &[Template]) -> PatternId {
        let id = self.next_id();
        for template in templates {
            self.phrases.add(id.0, template);
        }
        id
    }

    /// Adds a regular expression over folded text.
    ///
    /// # Errors
    ///
    /// When it is not one, can match nothing, or would compile to too large a
    /// program.
    pub fn regex(&mut self, pattern: &str) -> Result<(PatternId, Option<RegexNote>), RegexError> {
        let checked = regexes::check(pattern)?;
        let note = checked.note();
        let id = self.next_id();
        self.regexes.push((id, checked));
        Ok((id, note))
    }

    /// Builds the matcher.
    pub fn build(self) -> Matcher {
        let phrases = self.phrases.finish();
        let regexes = Regexes::new(self.regexes);
        let filed = anchor::file(&phrases, &regexes);
        Matcher {
            phrases,
            filed,
            regexes,
            identity: Arc::new(()),
        }
    }

    fn next_id(&mut self) -> PatternId {
        self.n_patterns += 1;
        PatternId(self.n_patterns - 1)
    }
}

/// A compiled, immutable set of patterns; shared by threads without locks.
#[derive(Debug)]
pub struct Matcher {
    phrases: Phrases,
    filed: Filed,
    regexes: Regexes,
    /// Tells whose a [`Scratch`] is.
    identity: Arc<()>,
}

/// What one thread needs to search with a matcher, kept between texts so that
/// a search allocates next to nothing. Fits any matcher; changing from one to
/// another drops what belongs to the one before and keeps the buffers.
#[derive(Debug, Default)]
pub struct Scratch {
    of: Option<Arc<()>>,
    values: Values,
    candidates: Candidates,
    walk: Walk,
    caches: Caches,
    /// Matches of phrases of whole words: pattern, first word, number of words
    /// in one number, so that they sort fast.
    plain: Vec<u64>,
    /// By phrase; of those that are more than whole words.
    recent: Vec<Recent>,
    /// Number of the present search; what `recent` says of others is void.
    search: u32,
}

/// The matches of one phrase in one text.
#[derive(Clone, Copy, Debug, Default)]
struct Recent {
    search: u32,
    n: u32,
    /// Index of the last one among the matches found.
    last: u32,
}

impl Recent {
    /// What it says of search number `search`.
    fn of(&mut self, search: u32) -> &mut Self {
        if self.search != search {
            *self = Self {
                search,
                ..Self::default()
            };
        }
        self
    }
}

impl Scratch {
    /// One without content.
    pub fn new() -> Self {
        Self::default()
    }

    fn prepare(&mut self, matcher: &Matcher) {
        let is_ours = |of: &Arc<()>| Arc::ptr_eq(of, &matcher.identity);
        if !self.of.as_ref().is_some_and(is_ours) || self.search == u32::MAX {
            self.of = Some(Arc::clone(&matcher.identity));
            self.caches = Caches::default();
            self.recent.clear();
            self.search = 0;
        }
        self.search += 1;
        self.plain.clear();
        self.caches.wanted.clear();
    }
}

impl Matcher {
    /// Every match in `view`, sorted by pattern, then place, without
    /// duplicates. `entities` are the typed values of the same field.
    pub fn matches(&self, view: &NormalText, entities: &[Entity]) -> Vec<Match> {
        self.search(view, entities, &mut Scratch::new())
    }

    /// As [`Matcher::matches`], with what is kept between texts.
    pub fn search(
        &self,
        view: &NormalText,
        entities: &[Entity],
        scratch: &mut Scratch,
    ) -> Vec<Match> {
        scratch.prepare(self);
        let mut others = Vec::new();
        self.each_phrase(view, entities, scratch, &mut others);
        let caches = &mut scratch.caches;
        self.regexes.each_match(view, caches, |pattern, span| {
            let published = view.to_published(span);
            others.push(Match {
                pattern,
                span: published,
                words: view.words_at(published),
                kind: EvidenceKind::Regex,
            });
        });
        plain::cap(&mut scratch.plain);
        let plain = scratch
            .plain
            .iter()
            .map(|&packed| plain::unpacked(packed, view));
        if others.is_empty() {
            return plain.collect();
        }
        others.extend(plain);
        capped(others)
    }

    fn each_phrase(
        &self,
        view: &NormalText,
        entities: &[Entity],
        scratch: &mut Scratch,
        matches: &mut Vec<Match>,
    ) {
        let Scratch {
            values,
            candidates,
            walk,
            caches,
            plain,
            recent,
            search,
            ..
        } = scratch;
        let phrases = &self.phrases;
        values.fill(view, entities, &phrases.tests);
        let text = Text::new(view, entities, &phrases.tests, values);
        let mut attempt = |phrase: usize, part: usize, word: usize| {
            let around = phrases.match_around(phrase, &text, (part, word), walk);
            if let Some(words) = around {
                if recent.is_empty() {
                    recent.resize(phrases.phrases.len(), Recent::default());
                }
                let recent = recent[phrase].of(*search);
                self.note(phrase, &text, words, recent, matches);
            }
        };
        let tokens = view.tokens();
        let Filed {
            grams,
            by_value,
            probes,
        } = &self.filed;
        let passes = |probe: u32, anchor: Range<usize>| {
            let probe = probes.get((probe as usize).wrapping_sub(1));
            probe.is_none_or(|probe| probe.passes(phrases, &text, anchor))
        };
        grams.each_candidate(view, candidates, |posting, word| {
            let (phrase, part) = (posting.phrase as usize, usize::from(posting.part));
            match posting.n_words {
                0 => {
                    if !passes(posting.check, word..word + 1) {
                        return;
                    }
                    match phrases.is_choice(phrase, &text, word) {
                        None => attempt(phrase, part, word),
                        Some(true) => plain::push(plain, phrases.phrases[phrase].pattern, word, 1),
                        Some(false) => {}
                    }
                }
                grams::REGEX => {
                    let Token { start, end, .. } = tokens[word];
                    caches.wanted.push((posting.phrase, Span { start, end }));
                }
                _ => self.try_plain(posting, word, view, plain),
            }
        });
        by_value.each_candidate(&text, passes, attempt);
    }

    /// Adds a match of a phrase of whole words, if it stands where one of its
    /// words does.
    fn try_plain(&self, posting: &Posting, word: usize, view: &NormalText, plain: &mut Vec<u64>) {
        let Some(first) = word.checked_sub(usize::from(posting.part)) else {
            return;
        };
        let phrase = posting.phrase as usize;
        let check = view.tokens().get(first + usize::from(posting.check_at));
        let fits =
            posting.check == 0 || check.is_some_and(|token| token.fingerprint == posting.check);
        let n = usize::from(posting.n_words);
        if fits && self.phrases.is_at(phrase, view, first, n) {
            plain::push(plain, self.phrases.phrases[phrase].pattern, first, n);
        }
    }

    /// Adds a match of a phrase, unless it contains another. Matches of one
    /// phrase come in the order of its anchor, so that neither end ever goes
    /// back and only the last one need be compared.
    fn note(
        &self,
        phrase: usize,
        text: &Text<'_>,
        (first, last): (usize, usize),
        recent: &mut Recent,
        matches: &mut Vec<Match>,
    ) {
        let mut replaces = false;
        if recent.n > 0 {
            let before = &matches[recent.last as usize].words;
            if before.start == first {
                return;
            }
            replaces = before.end == last + 1;
        }
        if !replaces && recent.n as usize == MAX_MATCHES_PER_PATTERN {
            return;
        }
        let found = Match {
            pattern: PatternId(self.phrases.phrases[phrase].pattern),
            span: self.phrases.published(phrase, text, (first, last)),
            words: first..last + 1,
            kind: self.phrases.kind(phrase),
        };
        if replaces {
            matches[recent.last as usize] = found;
        } else {
            recent.n += 1;
            recent.last = matches.len() as u32;
            matches.push(found);
        }
    }
}

/// Sorts matches, and drops duplicates and those past the most of a pattern.
fn capped(mut matches: Vec<Match>) -> Vec<Match> {
    matches.sort_unstable_by_key(|found| (found.pattern, found.span, found.words.start));
    matches.dedup();
    let mut n_same = 0;
    let mut last = None;
    matches.retain(|found| {
        n_same = if last == Some(found.pattern) {
            n_same + 1
        } else {
            0
        };
        last = Some(found.pattern);
        n_same < MAX_MATCHES_PER_PATTERN
    });
    matches
}

#[cfg(test)]
mod tests;
