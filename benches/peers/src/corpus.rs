//! The measuring texts: posts in the manner of classified ads, all invented.
//!
//! Each named stream yields other posts, the same ones on every machine, so
//! that every measured round can read text that no engine has seen.

use crate::disguise::{decoration, disguised_word};
use crate::model::Model;
use crate::random::SplitMix;

/// An endless stream of posts.
pub(crate) struct Posts<'m> {
    model: &'m Model,
    random: SplitMix,
    sentence: Vec<u32>,
}

/// What one post is like throughout.
struct Style {
    /// Holds emoji, dashes, curly quotes or accents.
    decorated: bool,
    /// The way some words are disguised, if any are.
    disguise: Option<usize>,
    /// Written in capitals.
    shouting: bool,
}

impl<'m> Posts<'m> {
    /// The stream of this name and number.
    pub(crate) fn new(model: &'m Model, name: &str, number: u64) -> Self {
        Self {
            model,
            random: SplitMix::named(name, number),
            sentence: Vec::new(),
        }
    }

    /// Posts of at least so many bytes together.
    pub(crate) fn take_bytes(&mut self, bytes: usize) -> Vec<String> {
        let mut posts = Vec::new();
        let mut written = 0;
        while written < bytes {
            let post = self.post();
            written += post.len();
            posts.push(post);
        }
        posts
    }

    fn post(&mut self) -> String {
        // Log-normal: median 600 bytes, mean 850, one in twenty above 2.3 KB.
        let length = (600.0 * (0.835 * self.random.normal()).exp()).clamp(40.0, 12_000.0) as usize;
        let style = Style {
            decorated: self.random.percent(37),
            disguise: self.random.percent(3).then(|| self.random.below(6)),
            shouting: self.random.percent(2),
        };
        let mut text = String::with_capacity(length + 120);
        if style.decorated {
            // At least one, so that the share is true.
            text.push_str(decoration(&mut self.random));
            text.push(' ');
        }
        while text.len() < length {
            self.sentence(&style, &mut text);
            if self.random.percent(12) {
                self.figure(&mut text);
            }
        }
        while text.ends_with([' ', '\n', ',']) {
            text.pop();
        }
        text
    }

    fn sentence(&mut self, style: &Style, text: &mut String) {
        let mut sentence = std::mem::take(&mut self.sentence);
        self.model.sentence(&mut self.random, &mut sentence);
        for (index, &word) in sentence.iter().enumerate() {
            if index > 0 {
                text.push_str(self.separator());
            }
            self.word(self.model.word(word), index == 0, style, text);
        }
        self.sentence = sentence;
        if style.decorated && self.random.percent(22) {
            text.push(' ');
            text.push_str(decoration(&mut self.random));
        }
        text.push_str(match self.random.below(100) {
            0..48 => ". ",
            48..68 => "\n",
            68..76 => "! ",
            76..80 => "? ",
            80..88 => ", ",
            88..90 => " | ",
            _ => " ",
        });
    }

    fn separator(&mut self) -> &'static str {
        match self.random.below(1000) {
            0..50 => ", ",
            50..58 => " - ",
            58..66 => "/",
            66..76 => "  ",
            76..80 => ": ",
            80..84 => " (",
            84..87 => "-",
            _ => " ",
        }
    }

    fn word(&mut self, word: &str, first: bool, style: &Style, text: &mut String) {
        if let Some(how) = style.disguise
            && word.len() > 3
            && self.random.percent(14)
        {
            text.push_str(&disguised_word(word, how));
        } else if style.shouting || self.random.percent(2) {
            text.push_str(&word.to_ascii_uppercase());
        } else if (first && self.random.percent(60)) || self.random.percent(2) {
            text.push_str(&word[..1].to_ascii_uppercase());
            text.push_str(&word[1..]);
        } else if style.decorated && self.random.percent(1) {
            text.push_str(&word.replacen('e', "é", 1));
        } else {
            text.push_str(word);
        }
    }

    /// A price, an age, a telephone number that is plainly fake, a date.
    fn figure(&mut self, text: &mut String) {
        let random = &mut self.random;
        let (a, b) = (random.between(1, 99), random.below(1000));
        let figure = match random.below(10) {
            0 => format!("harga Rp {a}.{b:03}.000"),
            1 => format!("{a}0rb nego"),
            2 => format!("gaji {a},5 juta"),
            3 => format!("Rp{a}0.000 per hari"),
            4 => format!("usia {} tahun", 18 + a % 40),
            5 => format!("umur {} th", 18 + a % 40),
            6 => format!("wa 0812-0000-{:04}", b * 7 % 10_000),
            7 => format!("hub 0812 0000 {:04}", b * 3 % 10_000),
            8 => format!("{:02}/{:02}/2026", 1 + a % 28, 1 + b % 12),
            _ => format!("{a} x {} meter", 1 + b % 30),
        };
        text.push_str(&figure);
        text.push_str(random.pick(&[" ", ". ", "\n", ", "]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Digest;

    #[test]
    fn streams_repeat_themselves_and_differ_from_each_other() {
        let model = Model::new();
        let digest = |number| Digest::of_list(&Posts::new(&model, "t", number).take_bytes(50_000));
        assert_eq!(digest(1), digest(1));
        assert_ne!(digest(1), digest(2));
    }

    #[test]
    fn posts_are_as_long_and_as_mixed_as_described() {
        let model = Model::new();
        let posts = Posts::new(&model, "t", 1).take_bytes(3_000_000);
        let mut lengths: Vec<usize> = posts.iter().map(String::len).collect();
        lengths.sort_unstable();
        let median = lengths[lengths.len() / 2];
        assert!((550..700).contains(&median), "{median}");
        let beyond = posts.iter().filter(|post| !post.is_ascii()).count() * 100 / posts.len();
        assert!((33..42).contains(&beyond), "{beyond} %");
    }

    #[test]
    fn telephone_numbers_are_plainly_fake() {
        let model = Model::new();
        for post in Posts::new(&model, "t", 2).take_bytes(300_000) {
            for (at, _) in post.match_indices("0812") {
                let rest = &post.as_bytes()[at + 4..];
                assert!(
                    matches!(rest, [b'-' | b' ', b'0', b'0', b'0', b'0', ..]),
                    "{post}"
                );
            }
        }
    }
}
