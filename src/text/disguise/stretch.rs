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
        let second = match DOUBLED.contains(letter) {
            true => Second::Twice,
            false => Second::None,
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
    // "xiii", "viii" and "iiia" are numbers; "xxxl" is a size.
    let is_numeral = "ixcm".contains(run[0].letter)
        && run.len() == 3
        && letters.iter().enumerate().all(|(index, sign)| {
            let is_last = index + 1 == letters.len();
            "ivxlcdm".contains(sign.letter) || (is_last && "ab".contains(sign.letter))
        });
    let is_size = run[0].letter == 'x'
        && letters[0].letter == 'x'
        && letters.len() == run.len() + 1
        && others().all(|sign| "ls".contains(sign.letter));
    !(is_web || is_numeral || is_size)
}
