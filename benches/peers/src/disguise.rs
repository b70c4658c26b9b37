//! Characters beyond ASCII: decoration as people use it, and words disguised
//! against plain search.

use crate::random::SplitMix;

/// What people put between words and at the end of a line.
pub(crate) fn decoration(random: &mut SplitMix) -> &'static str {
    random.pick(&[
        "😊",
        "🔥🔥",
        "✅",
        "👍🏽",
        "– terbaik",
        "❤️",
        "📍",
        "café",
        "…",
        "“baru”",
        "• ready",
        "’",
        "— murah",
        "100 m²",
        "✨ promo ✨",
        "é",
    ])
}

/// `word` written so that a plain search misses it.
pub(crate) fn disguised_word(word: &str, how: usize) -> String {
    let letters = word.chars();
    match how {
        0 => letters.map(leet).collect(),
        1 => letters.map(cyrillic).collect(),
        2 => letters.map(fullwidth).collect(),
        3 => {
            let (one, other) = word.split_at(word.len() / 2);
            format!("{one}\u{200b}{other}")
        }
        4 => spread(word, " "),
        _ => spread(word, "."),
    }
}

fn spread(word: &str, between: &str) -> String {
    let letters: Vec<String> = word.chars().map(String::from).collect();
    letters.join(between)
}

fn leet(letter: char) -> char {
    match letter {
        'a' => '4',
        'i' => '1',
        'e' => '3',
        'o' => '0',
        other => other,
    }
}

fn cyrillic(letter: char) -> char {
    match letter {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'p' => 'р',
        other => other,
    }
}

fn fullwidth(letter: char) -> char {
    char::from_u32(u32::from(letter) + 0xfee0).unwrap_or(letter)
}
