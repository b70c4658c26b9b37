//! Everyday spellings, read as the words they stand for: "dthn" is "ditahan".
//!
//! Some are listed; others are read by the words that rules look for.
//!
//! A view of its own, so that no such reading ever takes a word away from the
//! others: "sma" is a school to whoever looks for schools.

use std::borrow::Cow;

use super::offsets::Writer;
use super::vocabulary::Vocabulary;
use super::{Gap, Lexicon, NormalText, Views};
use crate::span::Span;

/// Most pieces of a word that was cut up.
const MAX_PIECES: usize = 10;
/// Most bytes between two pieces: a sign, or one of few emoji.
const MAX_CUT: usize = 8;

/// Words taken along on either side of one that is read otherwise; hardly any
/// phrase or guard reaches farther.
const N_AROUND: usize = 24;

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
            vocabulary: Vocabulary::new([]),
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
        if self.vocabulary.known.is_empty() {
            return None;
        }
        if let Some(one) = self.joined(view, word) {
            return Some(one);
        }
        if self.vocabulary.known.meaning_in(view, word).is_some() {
            return None;
        }
        let means = self.vocabulary.reading(view.word(view.tokens[word]))?;
        Some(Found {
            words: (word, word),
            means: Cow::Owned(means),
        })
    }

    /// A known word cut up by signs, of which not every piece is known.
    fn joined(&self, view: &NormalText, first: usize) -> Option<Found<'static>> {
        if first + 1 >= view.tokens.len() || !is_cut(view, first + 1) {
            return None;
        }
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
            are_known &= self.vocabulary.known.meaning_in(view, first + n).is_some();
            if n == 0 || are_known {
                continue;
            }
            let known = if self.vocabulary.knows(&letters) {
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
    // One space is the rule.
    if view.text.as_bytes()[before.end as usize] == b' ' {
        return false;
    }
    let between = &view.text[before.end as usize..token.start as usize];
    token.gap != Gap::Sentence
        && (1..=MAX_CUT).contains(&between.len())
        && !between.contains(char::is_whitespace)
}

impl NormalText {
    fn start_of(&self, word: usize) -> usize {
        self.tokens[word].start as usize
    }

    /// Tells `writer` that what follows, from `word` on, is another reading of
    /// words that stand elsewhere: the mark before it was left out.
    fn begin_reading(&self, word: usize, writer: &mut Writer) {
        let place = self.words_to_published(word, word);
        writer.part(place.start as usize);
    }
}

impl Views {
    /// The view with disguises undone where there is one.
    fn most_read(&self) -> &NormalText {
        self.undisguised.as_ref().unwrap_or(&self.plain)
    }

    /// The text, disguises undone, with every word of `spellings` replaced by
    /// what it stands for, and only what stands near one; `None` when it holds
    /// none.
    pub fn respelled(&self, spellings: &Spellings) -> Option<NormalText> {
        let base = self.most_read();
        let found = spellings.found(base);
        if found.is_empty() {
            return None;
        }
        let mut writer = Writer::with_capacity(base.text.len() + 8 * found.len());
        let last_word = base.tokens.len() - 1;
        let mut begin = found[0].words.0.saturating_sub(N_AROUND);
        if begin >= base.n_in_order() {
            base.begin_reading(begin, &mut writer);
        }
        let mut at = base.start_of(begin);
        for (index, one) in found.iter().enumerate() {
            let (first, last) = one.words;
            writer.copy(&base.text, &base.offsets, at..base.start_of(first));
            // Every letter stands for all of the published word.
            let from = base.words_to_published(first, last);
            one.means
                .chars()
                .for_each(|letter| writer.push(letter, from));
            at = base.tokens[last].end as usize;
            // What stands far from all of them is read in the other views.
            let next = found.get(index + 1).map(|next| next.words.0);
            if next.is_none_or(|next| next - last > 2 * N_AROUND) {
                let end = base.tokens[(last + N_AROUND).min(last_word)].end as usize;
                writer.copy(&base.text, &base.offsets, at..end);
            }
            if let Some(next) = next.filter(|next| next - last > 2 * N_AROUND) {
                begin = next - N_AROUND;
                at = base.start_of(begin);
                if begin >= base.n_in_order() {
                    base.begin_reading(begin, &mut writer);
                } else {
                    writer.push('\n', base.words_to_published(begin, begin));
                }
            }
        }
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
    fn only_what_stands_near_is_read_again() {
        let far = "satu ".repeat(100);
        let published = format!("{far}dthn {far}yg {far}");
        let view = Views::new(&published).respelled(&spellings()).unwrap();
        let words: Vec<_> = view
            .tokens()
            .iter()
            .map(|token| view.word(*token))
            .collect();
        assert_eq!(words.len(), 2 * (2 * N_AROUND + 1));
        assert_eq!(
            (words[N_AROUND], words[3 * N_AROUND + 1]),
            ("ditahan", "yang")
        );
        assert!(view.tokens()[2 * N_AROUND + 1].gap == Gap::Sentence);
    }

    #[test]
    fn a_reading_that_stands_alone_is_still_none_in_order() {
        // "malam" follows behind the text, with "yg" once more beside it.
        let published = format!("{} kerja ma1am yg", "satu ".repeat(60));
        let views = Views::new(&published);
        let base = views.undisguised.as_ref().unwrap();
        assert!(base.tokens().len() > base.n_in_order());
        let view = views.respelled(&spellings()).unwrap();
        let yang = view
            .tokens()
            .iter()
            .filter(|token| view.word(**token) == "yang");
        assert_eq!(yang.count(), 2);
        let before = &view.tokens()[..view.n_in_order()];
        assert!(before.windows(2).all(|pair| pair[0].start < pair[1].start));
        let places: Vec<_> = (0..view.n_in_order())
            .map(|at| view.words_to_published(at, at).start)
            .collect();
        assert!(places.is_sorted(), "{places:?}");
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
