//! Choosing what each phrase is filed under.
//!
//! A rare anchor is tried seldom, and one that few phrases share costs few
//! trials. How rare a word is in posts is guessed from its length and a short
//! list; how many phrases share it is counted.

use std::collections::BTreeMap;
use std::ops::Range;

use super::grams::{Grams, Key, Posting, REGEX};
use super::phrase::{Part, Phrases, Set};
use super::probe::Probe;
use super::regexes::Regexes;
use super::text::Text;
use super::words::{WordId, expected};
use crate::text::fingerprint;

/// Most keys that two neighbouring sets of words may make.
const MAX_PAIRS: u8 = 64;

/// Phrases filed under a typed value: tried wherever such a value stands.
#[derive(Debug, Default)]
pub(super) struct ByValue {
    /// By number of the test.
    filed: BTreeMap<u32, Vec<AtValue>>,
}

/// A phrase to try where a value stands.
#[derive(Clone, Copy, Debug)]
struct AtValue {
    phrase: u32,
    part: u16,
    /// The number of its probe and one; 0 without.
    probe: u32,
}

impl ByValue {
    /// Calls `each(phrase, part, word)` for every phrase to try at a value of
    /// which `passes(probe, words)` says that it may stand there.
    pub(super) fn each_candidate(
        &self,
        text: &Text<'_>,
        passes: impl Fn(u32, Range<usize>) -> bool,
        mut each: impl FnMut(usize, usize, usize),
    ) {
        for value in text.values() {
            for (&test, filed) in &self.filed {
                if !text.holds(test, value.entity) {
                    continue;
                }
                for at in filed {
                    if passes(at.probe, value.first..value.last + 1) {
                        each(at.phrase as usize, usize::from(at.part), value.first);
                    }
                }
            }
        }
    }
}

/// What phrases are filed under.
#[derive(Debug)]
pub(super) struct Filed {
    pub(super) grams: Grams,
    pub(super) by_value: ByValue,
    /// By `check - 1` of postings of phrases that are more than whole words.
    pub(super) probes: Vec<Probe>,
}

/// Files every phrase, and every regex that requires a word.
pub(super) fn file(phrases: &Phrases, regexes: &Regexes) -> Filed {
    let mut filing = Filing {
        phrases,
        rarity: rarities(phrases),
        values: values(phrases),
        probes: Vec::new(),
        filed: Vec::with_capacity(phrases.phrases.len()),
        prefixes: Vec::new(),
        by_value: ByValue::default(),
        has_pairs: false,
    };
    for phrase in 0..phrases.phrases.len() {
        filing.phrase(phrase);
    }
    for (regex, word, is_begun) in regexes.words() {
        let posting = Posting {
            phrase: regex,
            part: 0,
            n_words: REGEX,
            check_at: 0,
            check: 0,
            is_last: false,
        };
        let key = if is_begun {
            filing.prefixes.push(word);
            Key::Prefix(word)
        } else {
            Key::One(fingerprint(word))
        };
        filing.filed.push((Grams::hash(key), posting));
    }
    let grams = Grams::new(filing.filed, &filing.prefixes, filing.has_pairs);
    Filed {
        grams,
        by_value: filing.by_value,
        probes: filing.probes,
    }
}

struct Filing<'p> {
    phrases: &'p Phrases,
    /// The expected cost of filing under each word.
    rarity: Vec<f32>,
    /// The same of each test on a typed value.
    values: Vec<f32>,
    probes: Vec<Probe>,
    filed: Vec<(u32, Posting)>,
    prefixes: Vec<&'p str>,
    by_value: ByValue,
    has_pairs: bool,
}

/// What a phrase can be filed under.
#[derive(Clone, Copy, Debug)]
enum Anchor {
    One(usize),
    /// The part and the one right behind it.
    Two(usize),
    /// A typed value: its test, and the part.
    Value(u32, usize),
}

/// How often each word is expected in a thousand words of posts, times the
/// phrases that hold it.
fn rarities(phrases: &Phrases) -> Vec<f32> {
    let mut shares = vec![1.0; phrases.words.len()];
    let mut share = |id: WordId| shares[id as usize] += 0.25;
    for part in &phrases.parts {
        match part {
            Part::Word(id) => share(*id),
            Part::Set(set) => {
                let set = &phrases.sets[*set as usize];
                set.whole.iter().for_each(|entry| share(entry.1));
                set.prefixes.iter().for_each(|id| share(*id));
            }
            Part::Gap(_) | Part::Value(_) => {}
        }
    }
    for (id, share) in shares.iter_mut().enumerate() {
        *share *= expected(phrases.words.text(id as WordId));
    }
    shares
}

/// How often a value that passes each test is expected, times the phrases
/// that ask for one.
fn values(phrases: &Phrases) -> Vec<f32> {
    let mut shares = vec![1.0; phrases.tests.len()];
    for part in &phrases.parts {
        if let Part::Value(test) = part {
            shares[*test as usize] += 0.25;
        }
    }
    let tests = phrases.tests.iter().zip(shares);
    tests.map(|(test, share)| test.expected() * share).collect()
}

impl Filing<'_> {
    fn phrase(&mut self, phrase: usize) {
        let parts = self.phrases.parts(phrase);
        let mut best: Option<(f32, Anchor)> = None;
        let mut offer = |cost: Option<f32>, anchor: Anchor| {
            if let Some(cost) = cost
                && best.is_none_or(|(least, _)| cost < least)
            {
                best = Some((cost, anchor));
            }
        };
        for (index, &part) in parts.iter().enumerate() {
            if let Part::Value(test) = part {
                offer(Some(self.values[test as usize]), Anchor::Value(test, index));
            }
            offer(self.cost(part), Anchor::One(index));
            if let Some(&next) = parts.get(index + 1) {
                offer(self.cost_of_two(part, next), Anchor::Two(index));
            }
        }
        match best {
            Some((_, Anchor::One(part))) => self.file_one(phrase, part, parts[part]),
            Some((_, Anchor::Two(part))) => {
                self.file_two(phrase, part, (parts[part], parts[part + 1]));
            }
            Some((_, Anchor::Value(test, part))) => {
                let probe = Probe::new(parts, part, 1, |part| self.chance(part));
                let probe = probe.map_or(0, |probe| self.probe(probe));
                let filed = self.by_value.filed.entry(test).or_default();
                filed.push(AtValue {
                    phrase: phrase as u32,
                    part: part as u16,
                    probe,
                });
            }
            None => unreachable!("a phrase has a word or a value"),
        }
    }

    /// The cost of filing under one part, if that can be.
    fn cost(&self, part: Part) -> Option<f32> {
        match part {
            Part::Word(id) => Some(self.rarity[id as usize]),
            Part::Set(set) => {
                let set = &self.phrases.sets[set as usize];
                let whole = set.whole.iter().map(|entry| self.rarity[entry.1 as usize]);
                // A prefix stands for many words, and is dearer to find.
                let begun = set
                    .prefixes
                    .iter()
                    .map(|&id| 4.0 * self.rarity[id as usize]);
                Some(whole.sum::<f32>() + begun.sum::<f32>())
            }
            Part::Gap(_) | Part::Value(_) => None,
        }
    }

    fn cost_of_two(&self, first: Part, second: Part) -> Option<f32> {
        let (one, other) = (self.whole(first)?, self.whole(second)?);
        let n_keys = u8::try_from(one.len() * other.len()).ok()?;
        if n_keys > MAX_PAIRS {
            return None;
        }
        let sum = |ids: &[WordId]| ids.iter().map(|&id| self.rarity[id as usize]).sum::<f32>();
        // Words are not independent: a pair is taken to be a tenth as frequent
        // as its rarer word, not a thousandth.
        let cost = sum(&one).min(sum(&other)) / 10.0;
        // Each key takes room in the filter.
        Some(cost + f32::from(n_keys) / 100.0)
    }

    /// The whole words of a part without prefixes.
    fn whole(&self, part: Part) -> Option<Vec<WordId>> {
        match part {
            Part::Word(id) => Some(vec![id]),
            Part::Set(set) => match &self.phrases.sets[set as usize] {
                Set {
                    whole, prefixes, ..
                } if prefixes.is_empty() => Some(whole.iter().map(|entry| entry.1).collect()),
                _ => None,
            },
            Part::Gap(_) | Part::Value(_) => None,
        }
    }

    /// A posting under the `n` parts from `part` on.
    fn posting(&mut self, phrase: usize, part: usize, n: u16) -> Posting {
        let parts = self.phrases.parts(phrase);
        if !self.phrases.is_plain(phrase) {
            let probe = Probe::new(parts, part, n, |part| self.chance(part));
            return Posting {
                phrase: phrase as u32,
                part: part as u8,
                n_words: 0,
                check_at: 0,
                check: probe.map_or(0, |probe| self.probe(probe)),
                is_last: false,
            };
        }
        let others = (0..parts.len()).filter(|at| !(part..part + usize::from(n)).contains(at));
        let rarity = |at: &usize| match parts[*at] {
            Part::Word(id) => self.rarity[id as usize],
            _ => f32::MAX,
        };
        let rarest = others.min_by(|one, other| rarity(one).total_cmp(&rarity(other)));
        let check = match rarest.map(|at| parts[at]) {
            Some(Part::Word(id)) => self.phrases.words.fingerprint(id),
            _ => 0,
        };
        Posting {
            phrase: phrase as u32,
            part: part as u8,
            n_words: parts.len() as u8,
            // Without another word, one of the anchor is compared again.
            check_at: rarest.unwrap_or(part) as u8,
            check,
            is_last: false,
        }
    }

    /// The number that a posting names `probe` by.
    fn probe(&mut self, probe: Probe) -> u32 {
        if self.probes.last() != Some(&probe) {
            self.probes.push(probe);
        }
        self.probes.len() as u32
    }

    /// How often a part passes a probe, if that can tell anything.
    fn chance(&self, part: Part) -> Option<f32> {
        match part {
            Part::Word(_) => self.cost(part),
            Part::Set(set) => {
                let has_prefixes = !self.phrases.sets[set as usize].prefixes.is_empty();
                self.cost(part).filter(|_| !has_prefixes)
            }
            Part::Value(test) => Some(self.phrases.tests[test as usize].expected()),
            Part::Gap(_) => None,
        }
    }

    fn file_one(&mut self, phrase: usize, part: usize, at: Part) {
        let posting = self.posting(phrase, part, 1);
        let words = &self.phrases.words;
        let one = |id: WordId| Grams::hash(Key::One(words.fingerprint(id)));
        match at {
            Part::Word(id) => self.filed.push((one(id), posting)),
            Part::Set(set) => {
                let set = &self.phrases.sets[set as usize];
                let whole = set.whole.iter().map(|entry| (one(entry.1), posting));
                self.filed.extend(whole);
                for &id in &set.prefixes {
                    let prefix = words.text(id);
                    self.prefixes.push(prefix);
                    self.filed.push((Grams::hash(Key::Prefix(prefix)), posting));
                }
            }
            Part::Gap(_) | Part::Value(_) => unreachable!("these have no cost"),
        }
    }

    fn file_two(&mut self, phrase: usize, part: usize, (first, second): (Part, Part)) {
        let posting = self.posting(phrase, part, 2);
        let words = &self.phrases.words;
        self.has_pairs = true;
        for &one in &self.whole(first).unwrap_or_default() {
            for &other in &self.whole(second).unwrap_or_default() {
                let key = Key::Two(words.fingerprint(one), words.fingerprint(other));
                self.filed.push((Grams::hash(key), posting));
            }
        }
    }
}
