//! Phrases as they are compared with a text: flat, in one piece.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::template::{Step, Template};
use super::text::Text;
use super::value::ValueTest;
use super::words::{WordId, Words, WordsBuilder};
use crate::assessment::EvidenceKind;
use crate::span::Span;
use crate::text::{Gap, NormalText};

/// One place of a phrase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    /// This whole word.
    Word(WordId),
    /// One of a set of words and prefixes, by number.
    Set(u32),
    /// Up to so many other words.
    Gap(u8),
    /// A typed value, by number of its test.
    Value(u32),
}

/// Where the parts of a phrase lie, and the pattern they belong to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrase {
    pub(super) pattern: u32,
    start: u32,
    len: u8,
    /// Length of its words with a space between each two, for a phrase of
    /// whole words.
    letters_len: u16,
    letters: u32,
    /// Whether every part is a single whole word.
    is_plain: bool,
    /// Whether it is a typed value and nothing else.
    is_value: bool,
    /// Whether it is one word of a choice and nothing else.
    is_choice: bool,
}

/// Words and prefixes of which one must stand at a place.
#[derive(Debug)]
pub(super) struct Set {
    /// Sorted by fingerprint.
    pub(super) whole: Vec<(u32, WordId)>,
    pub(super) prefixes: Vec<WordId>,
    /// One of 512 bits for each whole word: most other words miss them all.
    filter: [u64; 8],
}

/// Every phrase of a matcher.
#[derive(Debug)]
pub(super) struct Phrases {
    pub(super) words: Words,
    pub(super) phrases: Vec<Phrase>,
    pub(super) parts: Vec<Part>,
    pub(super) sets: Vec<Set>,
    pub(super) tests: Vec<ValueTest>,
    /// The words of phrases of whole words, one phrase behind the other.
    letters: String,
}

/// Collects phrases.
#[derive(Debug, Default)]
pub(super) struct PhrasesBuilder {
    words: WordsBuilder,
    phrases: Vec<Phrase>,
    parts: Vec<Part>,
    sets: Vec<Set>,
    /// The set of each choice that was met, by the choice and by its content.
    known: FxHashMap<usize, (Choice, u32)>,
    same: FxHashMap<Choice, u32>,
    tests: Vec<ValueTest>,
    letters: String,
}

/// Words and prefixes (`true`) as a template holds them.
type Choice = Arc<[(String, bool)]>;

impl PhrasesBuilder {
    pub(super) fn add(&mut self, pattern: u32, template: &Template) {
        let start = self.parts.len();
        for step in &template.steps {
            let part = self.part(step);
            self.parts.push(part);
        }
        let parts = &self.parts[start..];
        let letters = self.letters.len();
        let is_plain = parts.iter().all(|part| matches!(part, Part::Word(_)));
        for part in parts.iter().filter(|_| is_plain) {
            if let Part::Word(id) = part {
                self.letters.push_str(self.words.words().text(*id));
                self.letters.push(' ');
            }
        }
        let letters_len = self.letters.len() - letters;
        self.phrases.push(Phrase {
            pattern,
            start: start as u32,
            len: u8::try_from(parts.len()).expect("a phrase has far fewer parts"),
            letters_len: u16::try_from(letters_len.saturating_sub(1))
                .expect("a phrase is a few words"),
            letters: letters as u32,
            is_plain,
            is_value: matches!(parts, [Part::Value(_)]),
            is_choice: matches!(parts, [Part::Set(_)]),
        });
    }

    fn part(&mut self, step: &Step) -> Part {
        match step {
            Step::Gap(most) => Part::Gap(*most),
            Step::Value(test) => {
                let known = self.tests.iter().position(|known| known == test);
                let number = known.unwrap_or_else(|| {
                    self.tests.push(test.clone());
                    self.tests.len() - 1
                });
                Part::Value(number as u32)
            }
            Step::Words(words) => match &**words {
                [(word, false)] => Part::Word(self.words.id(word)),
                _ => Part::Set(self.known_set(words)),
            },
        }
    }

    /// The set of a choice, made once for equal ones.
    fn known_set(&mut self, words: &Choice) -> u32 {
        // The map keeps the choice, so that its address is nobody else's.
        let address = Arc::as_ptr(words).cast::<()>() as usize;
        if let Some((_, set)) = self.known.get(&address) {
            return *set;
        }
        let set = match self.same.get(words) {
            Some(set) => *set,
            None => {
                let set = self.set(words);
                self.same.insert(Arc::clone(words), set);
                set
            }
        };
        self.known.insert(address, (Arc::clone(words), set));
        set
    }

    fn set(&mut self, words: &[(String, bool)]) -> u32 {
        let mut set = Set {
            whole: Vec::new(),
            prefixes: Vec::new(),
            filter: [0; 8],
        };
        for (word, is_prefix) in words {
            let id = self.words.id(word);
            if *is_prefix {
                set.prefixes.push(id);
            } else {
                let fingerprint = self.words.words().fingerprint(id);
                set.whole.push((fingerprint, id));
                let (at, bit) = bit(fingerprint);
                set.filter[at] |= bit;
            }
        }
        set.whole.sort_unstable();
        set.whole.dedup();
        set.prefixes.sort_unstable();
        set.prefixes.dedup();
        self.sets.push(set);
        self.sets.len() as u32 - 1
    }

    pub(super) fn finish(self) -> Phrases {
        Phrases {
            words: self.words.finish(),
            phrases: self.phrases,
            parts: self.parts,
            sets: self.sets,
            tests: self.tests,
            letters: self.letters,
        }
    }
}

impl Set {
    /// Whether a word with this fingerprint may be one of the whole words.
    pub(super) fn may_hold(&self, fingerprint: u32) -> bool {
        let (at, bit) = bit(fingerprint);
        self.filter[at] & bit != 0
    }
}

fn bit(fingerprint: u32) -> (usize, u64) {
    ((fingerprint >> 6 & 7) as usize, 1 << (fingerprint & 63))
}

/// Sets of word positions, kept between calls so that a scan allocates once.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Where the part before can end (or begin, walking left).
    now: Vec<usize>,
    /// Where this part can.
    next: Vec<usize>,
}

impl Phrases {
    pub(super) fn parts(&self, phrase: usize) -> &[Part] {
        let phrase = &self.phrases[phrase];
        &self.parts[phrase.start as usize..][..usize::from(phrase.len)]
    }

    pub(super) fn is_plain(&self, phrase: usize) -> bool {
        self.phrases[phrase].is_plain
    }

    /// Of a phrase that is one word of a choice: whether `word` is one.
    /// `None` for other phrases.
    pub(super) fn is_choice(&self, phrase: usize, text: &Text<'_>, word: usize) -> Option<bool> {
        let phrase = &self.phrases[phrase];
        match self.parts[phrase.start as usize] {
            Part::Set(set) if phrase.is_choice => {
                Some(self.is_in(&self.sets[set as usize], text, word))
            }
            _ => None,
        }
    }

    pub(super) fn kind(&self, phrase: usize) -> EvidenceKind {
        if self.phrases[phrase].is_value {
            EvidenceKind::Entity
        } else {
            EvidenceKind::Phrase
        }
    }

    /// The words `first..=last` that a phrase with gaps, choices or values
    /// covers when its part `part`
    /// stands at `word`: the shortest such match.
    ///
    /// Each direction keeps the set of words a part can end at, so the cost is
    /// bounded by the phrase's own reach, whatever the text.
    pub(super) fn match_around(
        &self,
        phrase: usize,
        text: &Text<'_>,
        (part, word): (usize, usize),
        walk: &mut Walk,
    ) -> Option<(usize, usize)> {
        let parts = self.parts(phrase);
        walk.now.clear();
        self.each_end(parts[part], text, word, |end| walk.now.push(end));
        let last = self.walk_right(&parts[part + 1..], text, walk)?;
        walk.now.clear();
        walk.now.push(word);
        let first = self.walk_left(&parts[..part], text, walk)?;
        Some((first, last))
    }

    /// Whether a phrase of whole words stands at words `first..first + n`.
    pub(super) fn is_at(&self, phrase: usize, view: &NormalText, first: usize, n: usize) -> bool {
        let Some(tokens) = view.tokens().get(first..first + n) else {
            return false;
        };
        let phrase = &self.phrases[phrase];
        let letters = &self.letters[phrase.letters as usize..][..usize::from(phrase.letters_len)];
        if tokens[1..].iter().any(|token| token.gap == Gap::Sentence) {
            return false;
        }
        // One space between words is the rule, and one comparison then.
        let (start, end) = (tokens[0].start as usize, tokens[n - 1].end as usize);
        if view.as_str()[start..end] == *letters {
            return true;
        }
        let words = tokens.iter().map(|token| view.word(*token));
        n > 1 && words.eq(letters.split(' '))
    }

    /// The published place of words `first..=last`. Signs of a value at either
    /// edge, such as the `@` of a handle, belong to it.
    pub(super) fn published(
        &self,
        phrase: usize,
        text: &Text<'_>,
        (first, last): (usize, usize),
    ) -> Span {
        let mut span = text.view.words_to_published(first, last);
        let parts = self.parts(phrase);
        let test = |part: Option<&Part>| match part {
            Some(Part::Value(test)) => Some(*test),
            _ => None,
        };
        let (at_start, at_end) = (test(parts.first()), test(parts.last()));
        if at_start.or(at_end).is_none() {
            return span;
        }
        for value in text.values() {
            let passes =
                |test: Option<u32>| test.is_some_and(|test| text.holds(test, value.entity));
            let begins = value.first == first && passes(at_start);
            let ends = value.last == last && passes(at_end);
            if (begins || ends) && value.first >= first && value.last <= last {
                span = span.union(text.entities[value.entity].span);
            }
        }
        span
    }

    fn walk_right(&self, parts: &[Part], text: &Text<'_>, walk: &mut Walk) -> Option<usize> {
        let mut gap = 0;
        for part in parts {
            if let Part::Gap(most) = part {
                gap = usize::from(*most);
                continue;
            }
            walk.next.clear();
            for &end in &walk.now {
                for word in end + 1..(end + 2 + gap).min(text.n_words()) {
                    if !text.continues(word) {
                        break;
                    }
                    self.each_end(*part, text, word, |end| walk.next.push(end));
                }
            }
            walk.step()?;
            gap = 0;
        }
        walk.now.first().copied()
    }

    fn walk_left(&self, parts: &[Part], text: &Text<'_>, walk: &mut Walk) -> Option<usize> {
        let mut gap = 0;
        for part in parts.iter().rev() {
            if let Part::Gap(most) = part {
                gap = usize::from(*most);
                continue;
            }
            walk.next.clear();
            for &start in &walk.now {
                let mut word = start;
                while word > 0 && start - word <= gap && text.continues(word) {
                    word -= 1;
                    self.each_start(*part, text, word, |start| walk.next.push(start));
                }
            }
            walk.step()?;
            gap = 0;
        }
        walk.now.last().copied()
    }

    /// Calls `each` with the words a part can end at when it begins at `word`.
    fn each_end(&self, part: Part, text: &Text<'_>, word: usize, mut each: impl FnMut(usize)) {
        match part {
            Part::Gap(_) => {}
            Part::Word(id) => {
                if self.is_word(id, text, word) {
                    each(word);
                }
            }
            Part::Set(set) => {
                if self.is_in(&self.sets[set as usize], text, word) {
                    each(word);
                }
            }
            Part::Value(test) => text
                .values_from(word)
                .filter(|value| text.holds(test, value.entity))
                .for_each(|value| each(value.last)),
        }
    }

    /// Calls `each` with the words a part can begin at when it ends at `word`.
    fn each_start(&self, part: Part, text: &Text<'_>, word: usize, mut each: impl FnMut(usize)) {
        match part {
            Part::Value(test) => text
                .values_to(word)
                .filter(|value| text.holds(test, value.entity))
                .for_each(|value| each(value.first)),
            _ => self.each_end(part, text, word, each),
        }
    }

    fn is_word(&self, id: WordId, text: &Text<'_>, word: usize) -> bool {
        let token = text.view.tokens()[word];
        token.fingerprint == self.words.fingerprint(id)
            && text.view.word(token) == self.words.text(id)
    }

    fn is_in(&self, set: &Set, text: &Text<'_>, word: usize) -> bool {
        let token = text.view.tokens()[word];
        let letters = text.view.word(token);
        if set.may_hold(token.fingerprint) {
            let first = set
                .whole
                .partition_point(|entry| entry.0 < token.fingerprint);
            let mut same = set.whole[first..]
                .iter()
                .take_while(|entry| entry.0 == token.fingerprint);
            if same.any(|entry| self.words.text(entry.1) == letters) {
                return true;
            }
        }
        !set.prefixes.is_empty()
            && set
                .prefixes
                .iter()
                .any(|&prefix| letters.starts_with(self.words.text(prefix)))
    }
}

impl Walk {
    /// Makes the next set the present one; `None` when it is empty.
    fn step(&mut self) -> Option<()> {
        if self.next.len() > 1 {
            self.next.sort_unstable();
            self.next.dedup();
        }
        std::mem::swap(&mut self.now, &mut self.next);
        (!self.now.is_empty()).then_some(())
    }
}
