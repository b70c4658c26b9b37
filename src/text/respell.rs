//! Everyday spellings, read as the words they stand for: "dthn" is "ditahan".
//!
//! Some are listed; others are read by the words that rules look for.
//!
//! A view of its own, so that no such reading ever takes a word away from the
//! others: "sma" is a school to whoever looks for schools.

use std::borrow::Cow;

use super::offsets::Writer;
use super::vocabulary::Vocabulary;
use super::{Gap, Lexicon, NormalText, Views, fingerprint};
use crate::span::Span;

/// Most pieces of a word that was cut up.
const MAX_PIECES: usize = 10;
/// Most bytes between two pieces: a sign, or one of few emoji.
const MAX_CUT: usize = 8;

/// Spellings and what they stand for.
#[derive(Debug)]
pub struct Spellings {
    lexicon: Lexicon<u32>,
    /// By meaning in the lexicon.
    means: Vec<String>,
    /// Words to read others by.
    vocabulary: Vocabulary,
}

/// Words that are read as another.
struct Found<'s> {
    /// First and last word, by index.
    words: (usize, usize),
    means: Cow<'s, str>,
}

impl Spellings {
    /// Pairs of a word as written and the word or words it stands for, all
    /// folded, each written word given once.
    pub fn new(rows: impl IntoIterator<Item = (String, String)>) -> Self {
        let (written, means): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Self {
            lexicon: Lexicon::new(written.into_iter().zip(0..)),
            means,
            vocabulary: Vocabulary::default(),
        }
    }

    /// The same, reading mangled words by those of `vocabulary` as well.
    #[must_use]
    pub fn with_vocabulary(self, vocabulary: Vocabulary) -> Self {
        Self { vocabulary, ..self }
    }

    /// What `word`, folded, stands for, if it is there.
    pub fn meaning(&self, word: &str) -> Option<&str> {
        let meaning = self.lexicon.meaning(word)?;
        Some(&self.means[meaning as usize])
    }

    /// The places of a text that are read otherwise, as published, and how; in
    /// text order.
    pub fn read(&self, views: &Views) -> Vec<(Span, String)> {
        let base = views.most_read();
        let found = self.found(base).into_iter();
        let in_order = found.filter(|one| one.words.1 < base.n_in_order());
        in_order
            .map(|one| {
                (
                    base.words_to_published(one.words.0, one.words.1),
                    one.means.into_owned(),
                )
            })
            .collect()
    }

    /// The words of `view` that are read otherwise, in order.
    fn found(&self, view: &NormalText) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        let n_words = view.tokens.len();
        let mut word = 0;
        while word < n_words {
            if let Some(meaning) = self.lexicon.meaning_in(view, word) {
                found.push(Found {
                    words: (word, word),
                    means: Cow::Borrowed(self.means[meaning as usize].as_str()),
                });
                word += 1;
            } else if let Some(one) = self.guess(view, word) {
                word = one.words.1 + 1;
                found.push(one);
            } else {
                word += 1;
            }
        }
        found
    }

    /// What the word, or the pieces of one that begin there, may be.
    fn guess(&self, view: &NormalText, word: usize) -> Option<Found<'static>> {
        if self.vocabulary.is_empty() {
            return None;
        }
        if let Some(one) = self.joined(view, word) {
            return Some(one);
        }
        let token = view.tokens[word];
        if self.vocabulary.knows(token.fingerprint) {
            return None;
        }
        let means = self.vocabulary.reading(view.word(token))?;
        Some(Found {
            words: (word, word),
            means: Cow::Owned(means),
        })
    }

    /// A known word cut up by signs, of which not every piece is known.
    fn joined(&self, view: &NormalText, first: usize) -> Option<Found<'static>> {
        let mut letters = String::new();
        let mut are_known = true;
        let mut best = None;
        for (n, token) in view.tokens[first..].iter().take(MAX_PIECES).enumerate() {
            if n > 0 && !is_cut(view, first + n) {
                break;
            }
            let piece = view.word(*token);
            if !piece.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                break;
            }
            letters.push_str(piece);
            are_known &= self.vocabulary.knows(token.fingerprint);
            if n == 0 || are_known {
                continue;
            }
            let known = if self.vocabulary.knows(fingerprint(&letters)) {
                Some(letters.clone())
            } else {
                self.vocabulary
                    .reading(&letters)
                    .filter(|_| letters.len() > 4)
            };
            best = known.map(|means| (n, means)).or(best);
        }
        best.map(|(n, means)| Found {
            words: (first, first + n),
            means: Cow::Owned(means),
        })
    }
}

/// Whether only signs, and no space, stand before `word`.
fn is_cut(view: &NormalText, word: usize) -> bool {
    let (before, token) = (view.tokens[word - 1], view.tokens[word]);
    let between = &view.text[before.end as usize..token.start as usize];
    token.gap != Gap::Sentence
        && (1..=MAX_CUT).contains(&between.len())
        && !between.contains(char::is_whitespace)
}

impl Views {
    /// The view with disguises undone where there is one.
    fn most_read(&self) -> &NormalText {
        self.undisguised.as_ref().unwrap_or(&self.plain)
    }

    /// The text, disguises undone, with every word of `spellings` replaced by
    /// what it stands for; `None` when it holds none. Costs one look into a
    /// filter for each word of a text that holds none.
    pub fn respelled(&self, spellings: &Spellings) -> Option<NormalText> {
        let base = self.most_read();
        let found = spellings.found(base);
        if found.is_empty() {
            return None;
        }
        let mut writer = Writer::with_capacity(base.text.len() + 8 * found.len());
        let mut at = 0;
        for Found {
            words: (first, last),
            means,
        } in found
        {
            let start = base.tokens[first].start as usize;
            writer.copy(&base.text, &base.offsets, at..start);
            // Every letter stands for all of the published word.
            let from = base.words_to_published(first, last);
            means.chars().for_each(|letter| writer.push(letter, from));
            at = base.tokens[last].end as usize;
        }
        writer.copy(&base.text, &base.offsets, at..base.text.len());
        Some(NormalText::new(writer.finish()).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spellings() -> Spellings {
        let rows = [
            ("dthn", "ditahan"),
            ("yg", "yang"),
            ("gpp", "tidak apa apa"),
            ("x2", "kali"),
        ];
        Spellings::new(rows.map(|(written, means)| (written.to_owned(), means.to_owned())))
    }

    /// The words of the view, each with its place as published.
    fn read(published: &str) -> Option<Vec<(String, &str)>> {
        let view = Views::new(published).respelled(&spellings())?;
        let words = view.tokens().iter().enumerate();
        Some(
            words
                .map(|(at, token)| {
                    let place = view.words_to_published(at, at);
                    (view.word(*token).to_owned(), place.of(published))
                })
                .collect(),
        )
    }

    fn pairs<'p>(pairs: &[(&str, &'p str)]) -> Vec<(String, &'p str)> {
        pairs.iter().map(|one| (one.0.to_owned(), one.1)).collect()
    }

    #[test]
    fn words_are_read_as_what_they_stand_for_in_their_place() {
        assert_eq!(
            read("Paspor DTHN, é yg\u{200b} lama"),
            Some(pairs(&[
                ("paspor", "Paspor"),
                ("ditahan", "DTHN"),
                ("e", "é"),
                ("yang", "yg"),
                ("lama", "lama")
            ]))
        );
    }

    #[test]
    fn one_word_may_stand_for_several() {
        assert_eq!(
            read("kerja gpp x2"),
            Some(pairs(&[
                ("kerja", "kerja"),
                ("tidak", "gpp"),
                ("apa", "gpp"),
                ("apa", "gpp"),
                ("kali", "x2")
            ]))
        );
    }

    #[test]
    fn a_text_without_such_words_has_no_such_view() {
        assert_eq!(read("Paspor ditahan, dthnx y g"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn disguises_are_undone_first_and_their_other_readings_kept_apart() {
        let published = "paspor dthn, kerja ma1am";
        let views = Views::new(published);
        let base = views.undisguised.as_ref().unwrap();
        let view = views.respelled(&spellings()).unwrap();
        assert!(base.tokens().len() > base.n_in_order());
        assert_eq!(view.n_in_order(), base.n_in_order());
        let (last, wanted) = (view.tokens().len() - 1, published.len() - 5);
        assert_eq!(view.words_to_published(last, last).start as usize, wanted);
    }

    #[test]
    fn what_was_read_otherwise_can_be_told() {
        let published = "Paspor DTHN yg lama";
        let spellings = spellings();
        let told: Vec<_> = spellings
            .read(&Views::new(published))
            .into_iter()
            .map(|(place, means)| (place.of(published), means))
            .collect();
        assert_eq!(
            told,
            [("DTHN", "ditahan".to_owned()), ("yg", "yang".to_owned())]
        );
    }
}
