//! The words that may begin a value, in one table.

use std::sync::LazyLock;

use crate::text::Lexicon;

/// What a word may begin, besides what its bytes show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A digit in words.
    Digit(u8),
    /// A digit in words that "belas" may follow, as in "tujuh belas".
    Stem(u8),
    /// Announces an age: "umur".
    Label,
    /// Announces a year of birth.
    Birth,
    /// An age in words, perhaps with its unit fused: "tujuhbelasthn".
    Number,
    /// A messenger, when its neighbours allow.
    Messenger(&'static str, Beside),
}

/// What must stand beside the name of a messenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nothing: the name says it.
    Anything,
    /// "chat" behind: "mi chat".
    Chat,
    /// "id" before or behind: "line" alone is a line.
    Id,
    /// A colon, an at sign or an equals sign behind: "tele" alone is anything.
    Sign,
}

impl Word {
    /// The digit a word stands for.
    pub(super) fn digit(self) -> Option<u8> {
        match self {
            Self::Digit(digit) | Self::Stem(digit) => Some(digit),
            _ => None,
        }
    }
}

/// Every word that may begin a value.
pub(super) static WORDS: LazyLock<Lexicon<Word>> = LazyLock::new(|| {
    let fused = |words: &'static [&str], meaning| words.iter().map(move |word| (*word, meaning));
    Lexicon::new(
        (SINGLE.into_iter())
            .chain(fused(LABELS, Word::Label))
            .chain(fused(BIRTHS, Word::Birth))
            .chain(fused(NUMBERS, Word::Number)),
    )
});

const SINGLE: [(&str, Word); 37] = [
    ("nol", Word::Digit(0)),
    ("kosong", Word::Digit(0)),
    ("zero", Word::Digit(0)),
    ("oh", Word::Digit(0)),
    ("satu", Word::Digit(1)),
    ("one", Word::Digit(1)),
    ("dua", Word::Stem(2)),
    ("two", Word::Digit(2)),
    ("tiga", Word::Stem(3)),
    ("three", Word::Digit(3)),
    ("empat", Word::Stem(4)),
    ("four", Word::Digit(4)),
    ("lima", Word::Stem(5)),
    ("five", Word::Digit(5)),
    ("enam", Word::Stem(6)),
    ("six", Word::Digit(6)),
    ("tujuh", Word::Stem(7)),
    ("seven", Word::Digit(7)),
    ("delapan", Word::Stem(8)),
    ("lapan", Word::Digit(8)),
    ("eight", Word::Digit(8)),
    ("sembilan", Word::Stem(9)),
    ("nine", Word::Digit(9)),
    ("wa", Word::Messenger("whatsapp", Beside::Anything)),
    ("whatsapp", Word::Messenger("whatsapp", Beside::Anything)),
    ("whatsap", Word::Messenger("whatsapp", Beside::Anything)),
    ("wasap", Word::Messenger("whatsapp", Beside::Anything)),
    ("wassap", Word::Messenger("whatsapp", Beside::Anything)),
    ("watsap", Word::Messenger("whatsapp", Beside::Anything)),
    ("watsapp", Word::Messenger("whatsapp", Beside::Anything)),
    ("whats", Word::Messenger("whatsapp", Beside::Anything)),
    ("telegram", Word::Messenger("telegram", Beside::Anything)),
    ("tele", Word::Messenger("telegram", Beside::Sign)),
    ("tg", Word::Messenger("telegram", Beside::Sign)),
    ("michat", Word::Messenger("michat", Beside::Anything)),
    ("mi", Word::Messenger("michat", Beside::Chat)),
    ("line", Word::Messenger("line", Beside::Id)),
];

/// Each word alone and fused with every word that may follow it, as people
/// who save spaces write.
macro_rules! labels {
    ($($word:literal)*) => {
        &[$(
            $word,
            concat!($word, "baru"),
            concat!($word, "masih"),
            concat!($word, "sekitar"),
            concat!($word, "saya"),
            concat!($word, "just"),
            concat!($word, "only"),
            concat!($word, "antara"),
            concat!($word, "between"),
            concat!($word, "min"),
            concat!($word, "minimal"),
        )*]
    };
}

macro_rules! births {
    ($($word:literal)*) => {
        &[$($word, concat!($word, "th"), concat!($word, "thn"), concat!($word, "tahun"),)*]
    };
}

macro_rules! numbers {
    ($($word:literal)*) => {
        &[$(
            $word,
            concat!($word, "th"),
            concat!($word, "thn"),
            concat!($word, "tahun"),
            concat!($word, "year"),
            concat!($word, "years"),
        )*]
    };
}

const LABELS: &[&str] = labels![
    "umur" "umurnya" "usia" "usianya" "berusia" "berusianya" "age" "ages" "aged"
];

const BIRTHS: &[&str] = births!["kelahiran" "lahiran" "lahir" "born"];

const NUMBERS: &[&str] = numbers![
    "sebelas" "duabelas" "tigabelas" "empatbelas" "limabelas" "enambelas"
    "tujuhbelas" "delapanbelas" "sembilanbelas"
    "eleven" "twelve" "thirteen" "fourteen" "fifteen" "sixteen" "seventeen"
    "eighteen" "nineteen"
];
