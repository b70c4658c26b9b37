//! The words that may begin a value, in one table.

use std::sync::LazyLock;

use super::school::near::LEVELS as SCHOOLS;
use crate::entity::School;
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
    /// A level of school.
    School(School),
    /// A class of a school, in Indonesian and in English.
    Class,
    Grade,
    /// A school without its level, or who goes there.
    Attend,
    /// A number in words that ages do not have: "seratus".
    Amount,
    /// A sum in rupiah by a name of its own.
    Money(u64),
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
    /// One of these behind: "mi chat".
    Next(&'static [&'static str]),
    /// An "a" behind a stop: "w.a".
    Dotted,
    /// "id" before or behind, or a sign: "line" alone is a line.
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
            .chain(fused(BIRTH_ALONE, Word::Birth))
            .chain(fused(NUMBERS, Word::Number))
            .chain(SCHOOLS.map(|(word, level)| (word, Word::School(level))))
            .chain(fused(&["kelas", "kls", "klas"], Word::Class))
            .chain(fused(&["grade", "grader", "graders"], Word::Grade))
            .chain(fused(
                &[
                    "sekolah",
                    "skolah",
                    "sklh",
                    "bersekolah",
                    "pelajar",
                    "school",
                    "high",
                ],
                Word::Attend,
            ))
            .chain(fused(AMOUNTS, Word::Amount))
            .chain(MONEY.map(|(word, amount)| (word, Word::Money(amount)))),
    )
});

const SINGLE: [(&str, Word); 49] = [
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
    ("mi", Word::Messenger("michat", Beside::Next(&["chat"]))),
    // The press calls it so, after its sign.
    (
        "aplikasi",
        Word::Messenger("michat", Beside::Next(&["hijau", "ijo"])),
    ),
    ("whatsaap", Word::Messenger("whatsapp", Beside::Anything)),
    ("w", Word::Messenger("whatsapp", Beside::Dotted)),
    ("wechat", Word::Messenger("wechat", Beside::Anything)),
    ("beetalk", Word::Messenger("beetalk", Beside::Anything)),
    (
        "signal",
        Word::Messenger("signal", Beside::Next(&["app", "apk"])),
    ),
    ("ig", Word::Messenger("instagram", Beside::Sign)),
    ("instagram", Word::Messenger("instagram", Beside::Sign)),
    ("fb", Word::Messenger("facebook", Beside::Sign)),
    ("facebook", Word::Messenger("facebook", Beside::Sign)),
    ("tiktok", Word::Messenger("tiktok", Beside::Sign)),
    ("twitter", Word::Messenger("twitter", Beside::Sign)),
    ("line", Word::Messenger("line", Beside::Id)),
];

/// Each word alone and fused with every word that may follow it, as people
/// who save spaces write.
macro_rules! labels {
    ($($word:literal)*) => {
        &[$(
            $word,
            concat!($word, "ku"),
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

pub(super) const LABELS: &[&str] = labels![
    "umur" "umurnya" "usia" "usianya" "berusia" "berusianya" "age" "ages" "aged"
];

pub(super) const BIRTHS: &[&str] = births![
    "kelahiran" "lahiran" "lahir" "lhr" "klahiran" "kelahirn" "born"
];
/// Ones that nothing is fused with.
const BIRTH_ALONE: &[&str] = &["birth", "birthdate", "dob", "ttl"];

const NUMBERS: &[&str] = numbers![
    "sebelas" "duabelas" "tigabelas" "empatbelas" "limabelas" "enambelas"
    "tujuhbelas" "delapanbelas" "sembilanbelas"
    "eleven" "twelve" "thirteen" "fourteen" "fifteen" "sixteen" "seventeen"
    "eighteen" "nineteen"
    "sepuluh" "duapuluh" "tigapuluh" "empatpuluh" "limapuluh" "enampuluh"
    "tujuhpuluh" "delapanpuluh" "sembilanpuluh"
    "ten" "twenty" "thirty" "forty" "fifty" "sixty" "seventy" "eighty" "ninety"
];

/// Hokkien money words of Jakarta.
const MONEY: [(&str, u64); 11] = [
    ("cepek", 100_000),
    ("gopek", 500_000),
    ("gocap", 50_000),
    ("seceng", 1_000),
    ("noceng", 2_000),
    ("goceng", 5_000),
    ("ceban", 10_000),
    ("noban", 20_000),
    ("goban", 50_000),
    ("jigo", 25_000),
    ("setiao", 1_000_000),
];

const AMOUNTS: &[&str] = &["seratus", "seribu", "sejuta", "semilyar", "setengah"];
