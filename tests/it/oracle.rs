//! A naive reading of phrases: tries every way to lay a phrase over a text.
//!
//! Exponential and obvious, so that the matcher can be held against it. It
//! shares no code with the matcher and knows nothing of typed values.

use std::collections::BTreeSet;
use std::ops::Range;

/// One place of a phrase.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// One of these words, or words that begin so (`true`).
    OneOf(Vec<(String, bool)>),
    /// Up to so many other words.
    UpTo(u8),
}

/// A word of a text, and whether a new sentence begins with it.
pub(crate) type Word = (String, bool);

/// Every way to lay `phrase` over `text`: where each of its words stands.
pub(crate) fn layings(phrase: &[Piece], text: &[Word]) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    for first in 0..text.len() {
        lay(phrase, text, first..first + 1, Vec::new(), &mut all);
    }
    all
}

fn lay(
    phrase: &[Piece],
    text: &[Word],
    allowed: Range<usize>,
    laid: Vec<usize>,
    all: &mut Vec<Vec<usize>>,
) {
    let Some((piece, rest)) = phrase.split_first() else {
        return all.push(laid);
    };
    let Piece::OneOf(words) = piece else {
        let Piece::UpTo(most) = piece else { return };
        let wider = allowed.start..allowed.end + usize::from(*most);
        return lay(rest, text, wider, laid, all);
    };
    for at in allowed.start..allowed.end.min(text.len()) {
        // The first word may begin a sentence, no later one may.
        if !laid.is_empty() && text[at].1 {
            return;
        }
        let is_here = |(word, prefix): &(String, bool)| match prefix {
            true => text[at].0.starts_with(word.as_str()),
            false => text[at].0 == *word,
        };
        if words.iter().any(is_here) {
            let mut laid = laid.clone();
            laid.push(at);
            lay(rest, text, at + 1..at + 2, laid, all);
        }
    }
}

/// The places that contain no other: first word and one past the last.
pub(crate) fn shortest(layings: &[Vec<usize>]) -> BTreeSet<(usize, usize)> {
    let place = |laid: &Vec<usize>| (laid[0], laid[laid.len() - 1] + 1);
    let all: BTreeSet<(usize, usize)> = layings.iter().map(place).collect();
    let is_inside = |one: (usize, usize), outer: (usize, usize)| {
        one != outer && outer.0 <= one.0 && one.1 <= outer.1
    };
    let contains = |outer: &(usize, usize)| all.iter().any(|&one| is_inside(one, *outer));
    all.iter()
        .filter(|place| !contains(place))
        .copied()
        .collect()
}
