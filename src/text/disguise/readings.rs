//! Other readings of words: "ma1am" is "maiam" or "malam".
//!
//! The view has the first reading in its place. The others follow behind it,
//! each with the words around it, so that phrases are found; a line feed keeps
//! them apart. Bounded, so that no text grows much.

use super::super::NormalText;
use super::super::offsets::Writer;
use super::super::token::Gap;
use super::{Second, Sign};
use crate::span::Span;

/// Most other readings of one word.
const MAX_OF_WORD: usize = 3;
/// Most other readings in one text.
const MAX_OF_TEXT: usize = 64;
/// Words taken along on either side; guards of rules look five words far.
const N_AROUND: usize = 8;
/// Most bytes taken along on either side.
const MAX_AROUND: usize = 256;

/// The other readings of a text under way.
#[derive(Debug, Default)]
pub(super) struct Readings {
    readings: Vec<Reading>,
}

#[derive(Debug)]
struct Reading {
    /// Where the first reading stands in the view.
    start: usize,
    end: usize,
    letters: Vec<(char, Span)>,
}

impl Readings {
    /// Keeps the other readings of `letters`, which stand at `start..end`.
    pub(super) fn add(&mut self, start: usize, end: usize, letters: &[Sign]) {
        let unsure: Vec<usize> = (0..letters.len())
            .filter(|&at| letters[at].second != Second::None)
            .collect();
        let one = unsure.iter().map(|&at| [at, at]);
        let pairs = (1..unsure.len()).flat_map(|to| unsure[..to].iter().zip(unsure[to..].iter()));
        let two = pairs.map(|(&one, &other)| [one, other]);
        for taken in one.chain(two).take(MAX_OF_WORD) {
            if self.readings.len() == MAX_OF_TEXT {
                return;
            }
            self.readings.push(Reading {
                start,
                end,
                letters: read(letters, taken),
            });
        }
    }

    /// Appends the other readings to `view`, made for a text of `len` bytes.
    pub(super) fn append(&self, view: NormalText, len: usize) -> NormalText {
        if self.readings.is_empty() {
            return view;
        }
        let mut writer = Writer::with_capacity(view.text.len() * 2);
        writer.copy(&view.text, &view.offsets, 0..view.text.len());
        for reading in &self.readings {
            let (from, to) = around(&view, reading.start, reading.end);
            writer.part(len);
            writer.copy(&view.text, &view.offsets, from..reading.start);
            for &(letter, from) in &reading.letters {
                writer.push(letter, from);
            }
            writer.copy(&view.text, &view.offsets, reading.end..to);
        }
        NormalText::new(writer.finish()).0
    }
}

/// `letters` with the second reading of those at `taken`.
fn read(letters: &[Sign], taken: [usize; 2]) -> Vec<(char, Span)> {
    let mut read = Vec::with_capacity(letters.len() + 2);
    for (at, sign) in letters.iter().enumerate() {
        match sign.second {
            Second::Letter(other) if taken.contains(&at) => read.push((other, sign.from)),
            Second::Twice if taken.contains(&at) => {
                read.extend([(sign.letter, sign.from), (sign.letter, sign.from)]);
            }
            _ => read.push((sign.letter, sign.from)),
        }
    }
    read
}

/// The words around `start..end` in its sentence, as a place in the view.
fn around(view: &NormalText, start: usize, end: usize) -> (usize, usize) {
    let tokens = &view.tokens;
    let first = tokens.partition_point(|token| (token.end as usize) <= start);
    let last = tokens.partition_point(|token| (token.start as usize) < end);
    let mut from = first;
    while from > 0
        && first - from < N_AROUND
        && tokens[from].gap < Gap::Sentence
        && start - tokens[from - 1].start as usize <= MAX_AROUND
    {
        from -= 1;
    }
    let mut to = last;
    while to < tokens.len()
        && to - last < N_AROUND
        && tokens[to].gap < Gap::Sentence
        && tokens[to].end as usize - end <= MAX_AROUND
    {
        to += 1;
    }
    let from = tokens.get(from).map_or(start, |token| token.start as usize);
    let to = tokens[..to].last().map_or(end, |token| token.end as usize);
    (from.min(start), to.max(end))
}
