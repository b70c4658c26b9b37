//! Stretched letters: "gajiii".

use super::{Second, Sign};

/// Letters that Indonesian or English doubles: "saat", "book", "miss".
const DOUBLED: &str = "abcdefglmnoprstz";

/// Reads three or more of one letter in a row as one, or as two where words
/// have two; says whether there were any.
pub(super) fn undo(letters: &mut Vec<Sign>) -> bool {
    if !is_stretched(letters) {
        return false;
    }
    let mut shorter: Vec<Sign> = Vec::with_capacity(letters.len());
    for run in letters.chunk_by(|one, next| one.letter == next.letter) {
        let letter = run[0].letter;
        if run.len() < 3 || !letter.is_ascii_lowercase() {
            shorter.extend(run);
            continue;
        }
        let second = if DOUBLED.contains(letter) {
            Second::Twice
        } else {
            Second::None
        };
        shorter.push(Sign {
            letter,
            second,
            from: run[0].from.union(run[run.len() - 1].from),
        });
    }
    *letters = shorter;
    true
}

fn is_stretched(letters: &[Sign]) -> bool {
    let runs = letters.chunk_by(|one, next| one.letter == next.letter);
    let mut long = runs.filter(|run| run.len() >= 3 && run[0].letter.is_ascii_lowercase());
    let Some(run) = long.next() else {
        return false;
    };
    // "www" is no word with a stretched letter in it, nor is "www2".
    let others = || letters.iter().filter(|sign| sign.letter != run[0].letter);
    if others().all(|sign| !sign.letter.is_alphabetic()) {
        return false;
    }
    let is_web = run[0].letter == 'w' && letters[..3].iter().all(|sign| sign.letter == 'w');
    let is_numeral = run.len() == 3 && is_numeral(letters, run[0].letter);
    // "xxxl" is a size.
    let is_size = run[0].letter == 'x'
        && letters[0].letter == 'x'
        && letters.len() == run.len() + 1
        && others().all(|sign| "ls".contains(sign.letter));
    !(is_web || is_numeral || is_size)
}

/// Whether it is a Roman number with three of one figure, perhaps with a
/// letter behind: "xviii", "xxxix", "iiia".
fn is_numeral(letters: &[Sign], figure: char) -> bool {
    let rank = |letter: char| "mdclxvi".find(letter);
    let word: String = letters.iter().map(|sign| sign.letter).collect();
    let number = word.strip_suffix(['a', 'b']).unwrap_or(&word);
    let number = number.strip_suffix("ix").unwrap_or(number);
    let Some((before, after)) = number.split_once(&figure.to_string().repeat(3)) else {
        return false;
    };
    // Greater figures before, lesser ones behind.
    "ixcm".contains(figure)
        && before
            .chars()
            .all(|one| rank(one) < rank(figure) && rank(one).is_some())
        && after.chars().all(|one| rank(one) > rank(figure))
}
