//! A small fixed vocabulary, and which words of a text are in it.

use std::borrow::Cow;

use super::{NormalText, fingerprint};

/// Bits of the filter for each word of the vocabulary.
const BITS_PER_WORD: usize = 32;

/// Folded words, each with what it means.
///
/// Asking costs one look into a bit filter for nearly every word of a text, so
/// that many recognisers can share one pass.
#[derive(Debug)]
pub struct Lexicon<T> {
    /// Sorted by fingerprint.
    words: Vec<(u32, Cow<'static, str>, T)>,
    /// Where the words of each drawer begin: a drawer is the top bits of a
    /// fingerprint, and holds one word or two.
    drawers: Vec<u32>,
    drawer_shift: u32,
    /// One bit for each fingerprint that may be there.
    filter: Vec<u64>,
    shift: u32,
}

impl<T: Copy> Lexicon<T> {
    /// A lexicon of `words`, folded, each given once.
    pub fn new<W: Into<Cow<'static, str>>>(words: impl IntoIterator<Item = (W, T)>) -> Self {
        let mut words: Vec<_> = words
            .into_iter()
            .map(|(word, meaning)| (word.into(), meaning))
            .map(|(word, meaning)| (fingerprint(&word), word, meaning))
            .collect();
        words.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        let n_bits = (words.len().max(2) * BITS_PER_WORD).next_power_of_two();
        let n_drawers = words.len().max(2).next_power_of_two();
        let drawer_shift = 32 - n_drawers.trailing_zeros();
        let drawers = (0..=n_drawers as u64).map(|drawer| {
            let least = drawer << drawer_shift;
            words.partition_point(|word: &(u32, _, _)| u64::from(word.0) < least) as u32
        });
        let mut lexicon = Self {
            drawers: drawers.collect(),
            drawer_shift,
            words,
            filter: vec![0; n_bits.div_ceil(64)],
            shift: 32 - n_bits.trailing_zeros(),
        };
        for index in 0..lexicon.words.len() {
            let bit = (lexicon.words[index].0 >> lexicon.shift) as usize;
            lexicon.filter[bit / 64] |= 1 << (bit % 64);
        }
        lexicon
    }

    /// Whether it holds no words.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// What `word` means, if it is in the lexicon.
    pub fn meaning(&self, word: &str) -> Option<T> {
        self.of(fingerprint(word), || word)
    }

    /// What the word `index` of a text means, if it is in the lexicon.
    pub fn meaning_in(&self, view: &NormalText, index: usize) -> Option<T> {
        let token = view.tokens()[index];
        self.of(token.fingerprint, || view.word(token))
    }

    /// Calls `each` with the index and the meaning of every word of a text
    /// that is in the lexicon, in text order.
    pub fn each(&self, view: &NormalText, mut each: impl FnMut(usize, T)) {
        for (index, token) in view.tokens().iter().enumerate() {
            if let Some(meaning) = self.of(token.fingerprint, || view.word(*token)) {
                each(index, meaning);
            }
        }
    }

    fn of<'w>(&self, fingerprint: u32, word: impl FnOnce() -> &'w str) -> Option<T> {
        let bit = (fingerprint >> self.shift) as usize;
        if self.filter[bit / 64] >> (bit % 64) & 1 == 0 {
            return None;
        }
        self.find(fingerprint, word())
    }

    fn find(&self, fingerprint: u32, word: &str) -> Option<T> {
        let drawer = (fingerprint >> self.drawer_shift) as usize;
        let (first, end) = (self.drawers[drawer], self.drawers[drawer + 1]);
        self.words[first as usize..end as usize]
            .iter()
            .find(|entry| entry.0 == fingerprint && entry.1 == word)
            .map(|entry| entry.2)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Views;
    use super::*;

    #[test]
    fn words_have_their_meaning_and_others_none() {
        let lexicon = Lexicon::new([("nol", 0), ("satu", 1), ("dua", 2)]);
        assert_eq!(lexicon.meaning("dua"), Some(2));
        assert_eq!(lexicon.meaning("du"), None);
        let views = Views::new("Nol-satu, tiga DUA");
        let mut found = Vec::new();
        lexicon.each(&views.plain, |index, meaning| found.push((index, meaning)));
        assert_eq!(found, [(0, 0), (1, 1), (3, 2)]);
        assert_eq!(lexicon.meaning_in(&views.plain, 2), None);
    }
}
