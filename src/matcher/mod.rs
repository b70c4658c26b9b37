//! Finding every phrase and pattern of a rule set in one pass over the words.
//!
//! A phrase is a template over the word array, indexed under one of its own
//! words (the anchor); a post pays for the words it shares with anchors, not
//! for the number of phrases. Regexes run only on texts that hold one of their
//! required literals. All overlapping matches are reported, sorted.
//!
//! This floor knows patterns by number; what a pattern means is the rule
//! floor's business.

mod anchor;
mod regexes;
mod template;
mod value;

pub use regexes::{RegexError, RegexNote};
pub use template::{Step, Template};
pub(crate) use value::VALUE_KINDS;
pub use value::{ValueError, ValueTest};

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::assessment::EvidenceKind;
use crate::entity::Entity;
use crate::span::Span;
use crate::text::NormalText;

use anchor::Anchors;
use regexes::Regexes;

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
    words: Words,
    templates: Vec<(PatternId, Compiled)>,
    regexes: Vec<(PatternId, String)>,
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
            let compiled = Compiled::new(template, &mut self.words);
            self.templates.push((id, compiled));
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
        let note = regexes::check(pattern)?;
        let id = self.next_id();
        self.regexes.push((id, pattern.to_owned()));
        Ok((id, note))
    }

    /// Builds the matcher.
    pub fn build(self) -> Matcher {
        let anchors = Anchors::new(&self.templates, self.words.n_ids as usize);
        let regexes = Regexes::new(&self.regexes);
        Matcher {
            words: self.words,
            templates: self.templates,
            anchors,
            regexes,
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
    words: Words,
    templates: Vec<(PatternId, Compiled)>,
    anchors: Anchors,
    regexes: Regexes,
}

impl Matcher {
    /// Every match in `view`, sorted by pattern, then place, without
    /// duplicates. `entities` are the typed values of the same field.
    pub fn matches(&self, view: &NormalText, entities: &[Entity]) -> Vec<Match> {
        let text = Text::new(view, entities, &self.words, self.anchors.has_values());
        let mut matches = Vec::new();
        let mut scratch = Scratch::default();
        self.anchors.each_candidate(&text, |template, step, word| {
            let (pattern, compiled) = &self.templates[template];
            let Some((first, last)) = compiled.match_around(&text, step, word, &mut scratch) else {
                return;
            };
            matches.push(Match {
                pattern: *pattern,
                span: compiled.published(&text, first, last),
                words: first..last + 1,
                kind: compiled.kind(),
            });
        });
        self.regexes.each_match(view, |pattern, span| {
            let published = view.to_published(span);
            matches.push(Match {
                pattern,
                span: published,
                words: view.words_at(published),
                kind: EvidenceKind::Regex,
            });
        });
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
}

/// Number of a word or prefix of the patterns.
type WordId = u32;

/// The vocabulary of the patterns: each word and each prefix has a number.
#[derive(Debug, Default)]
struct Words {
    whole: FxHashMap<Box<str>, WordId>,
    /// Prefixes by length in bytes, shortest first.
    prefixes: Vec<(usize, FxHashMap<Box<str>, WordId>)>,
    n_ids: u32,
}

impl Words {
    fn whole(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.whole.get(word) {
            return id;
        }
        let id = self.n_ids;
        self.n_ids += 1;
        self.whole.insert(word.into(), id);
        id
    }

    fn prefix(&mut self, prefix: &str) -> WordId {
        let place = match self
            .prefixes
            .binary_search_by_key(&prefix.len(), |entry| entry.0)
        {
            Ok(place) => place,
            Err(place) => {
                self.prefixes
                    .insert(place, (prefix.len(), FxHashMap::default()));
                place
            }
        };
        let table = &mut self.prefixes[place].1;
        if let Some(&id) = table.get(prefix) {
            return id;
        }
        let id = self.n_ids;
        self.n_ids += 1;
        table.insert(prefix.into(), id);
        id
    }

    /// The numbers `word` has: its own and those of its prefixes.
    fn each_id(&self, word: &str, mut each: impl FnMut(WordId)) {
        if let Some(&id) = self.whole.get(word) {
            each(id);
        }
        for (len, table) in &self.prefixes {
            if let Some(prefix) = word.get(..*len) {
                if let Some(&id) = table.get(prefix) {
                    each(id);
                }
            } else if word.len() < *len {
                break;
            }
        }
    }
}

/// One view made ready for templates: the pattern words each word is, and the
/// typed values that begin and end at it.
struct Text<'t> {
    view: &'t NormalText,
    entities: &'t [Entity],
    /// (word index, pattern word), sorted by word index.
    ids: Vec<(u32, WordId)>,
    /// Where the ids of each word begin; one more than words.
    starts: Vec<u32>,
    /// (first word, last word, entity), sorted.
    values: Vec<(usize, usize, usize)>,
}

impl<'t> Text<'t> {
    fn new(
        view: &'t NormalText,
        entities: &'t [Entity],
        words: &Words,
        wants_values: bool,
    ) -> Self {
        let tokens = view.tokens();
        let mut ids = Vec::new();
        let mut starts = Vec::with_capacity(tokens.len() + 1);
        for (index, &token) in tokens.iter().enumerate() {
            starts.push(ids.len() as u32);
            words.each_id(view.word(token), |id| ids.push((index as u32, id)));
        }
        starts.push(ids.len() as u32);
        let mut values = Vec::new();
        for (index, entity) in entities.iter().enumerate().filter(|_| wants_values) {
            let words = view.words_at(entity.span);
            if !words.is_empty() {
                values.push((words.start, words.end - 1, index));
            }
        }
        values.sort_unstable();
        Self {
            view,
            entities,
            ids,
            starts,
            values,
        }
    }

    fn n_words(&self) -> usize {
        self.starts.len() - 1
    }

    fn ids_of(&self, word: usize) -> &[(u32, WordId)] {
        &self.ids[self.starts[word] as usize..self.starts[word + 1] as usize]
    }

    /// Whether `word` directly continues the sentence of the word before.
    fn continues(&self, word: usize) -> bool {
        self.view.tokens()[word].gap < crate::text::Gap::Sentence
    }
}

use template::{Compiled, Scratch};

#[cfg(test)]
mod tests;
