//! Everyday spellings, read as the words they stand for: "dthn" is "ditahan".
//!
//! A view of its own, so that no such reading ever takes a word away from the
//! others: "sma" is a school to whoever looks for schools.

use super::offsets::Writer;
use super::{Lexicon, NormalText, Views};
use crate::span::Span;

/// Spellings and what they stand for.
#[derive(Debug)]
pub struct Spellings {
    lexicon: Lexicon<u32>,
    /// By meaning in the lexicon.
    means: Vec<String>,
}

impl Spellings {
    /// Pairs of a word as written and the word or words it stands for, all
    /// folded, each written word given once.
    pub fn new(rows: impl IntoIterator<Item = (String, String)>) -> Self {
        let (written, means): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Self {
            lexicon: Lexicon::new(written.into_iter().zip(0..)),
            means,
        }
    }

    /// What `word`, folded, stands for, if it is there.
    pub fn meaning(&self, word: &str) -> Option<&str> {
        let meaning = self.lexicon.meaning(word)?;
        Some(&self.means[meaning as usize])
    }

    /// The places of a text that are read otherwise, as published, and how; in
    /// text order.
    pub fn read(&self, views: &Views) -> Vec<(Span, &str)> {
        let base = views.most_read();
        let in_order = self.found(base);
        in_order
            .into_iter()
            .filter(|&(word, _)| word < base.n_in_order())
            .map(|(word, means)| (base.words_to_published(word, word), means))
            .collect()
    }

    /// The words of `view` that are there, by index.
    fn found(&self, view: &NormalText) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        self.lexicon.each(view, |word, meaning| {
            found.push((word, self.means[meaning as usize].as_str()));
        });
        found
    }
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
        for (word, means) in found {
            let token = base.tokens[word];
            let (start, end) = (token.start as usize, token.end as usize);
            writer.copy(&base.text, &base.offsets, at..start);
            // Every letter stands for all of the published word.
            let from = base.words_to_published(word, word);
            means.chars().for_each(|letter| writer.push(letter, from));
            at = end;
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
        assert_eq!(told, [("DTHN", "ditahan"), ("yg", "yang")]);
    }
}
