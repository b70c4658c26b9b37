//! What a regular expression cannot match without: whole words, or letters.

use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

/// Literals shorter than this stand in nearly every text.
const MIN_LITERAL: usize = 3;
/// Most alternatives of one requirement.
const MAX_ALTERNATIVES: usize = 64;

/// What every match holds one of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Required {
    /// One of these whole words.
    Words(Vec<String>),
    /// One of these strings, anywhere.
    Literals(Vec<String>),
}

/// The best requirement of an expression: whole words before letters, longer
/// before shorter. `None` when it has none that is of use.
pub(super) fn required(hir: &Hir) -> Option<Required> {
    let words = words(hir).map(Required::Words);
    words.or_else(|| literals(hir).map(Required::Literals))
}

/// Whole words of which any match holds one.
fn words(hir: &Hir) -> Option<Vec<String>> {
    let parts: Vec<&Hir> = match hir.kind() {
        HirKind::Capture(capture) => return words(&capture.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(flat).collect(),
        _ => vec![hir],
    };
    let mut best: Option<Vec<String>> = None;
    for (index, part) in parts.iter().enumerate() {
        let is_bounded = (
            is_bounded(parts[..index].iter().rev(), Side::End),
            is_bounded(parts[index + 1..].iter(), Side::Start),
        );
        let found = whole_words(part, is_bounded);
        if shortest(found.as_ref()) > shortest(best.as_ref()) {
            best = found;
        }
    }
    best
}

/// Whether a word is sure to end at the given side of the nearest of `parts`;
/// what may be absent is looked through.
fn is_bounded<'h>(parts: impl Iterator<Item = &'h &'h Hir>, side: Side) -> bool {
    for part in parts {
        match part.kind() {
            HirKind::Repetition(repetition) if repetition.min == 0 => {
                if !ends_word(&repetition.sub, side) {
                    return false;
                }
            }
            _ => return ends_word(part, side),
        }
    }
    false
}

/// The parts of a concatenation inside groups, one level.
fn flat(part: &Hir) -> Vec<&Hir> {
    match part.kind() {
        HirKind::Capture(capture) => flat(&capture.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(flat).collect(),
        _ => vec![part],
    }
}

fn shortest(texts: Option<&Vec<String>>) -> usize {
    let lens = texts.into_iter().flatten().map(String::len);
    lens.min().unwrap_or(0)
}

/// The whole words that a part is sure to hold, given whether a word ends
/// before it and behind it.
fn whole_words(part: &Hir, (before, behind): (bool, bool)) -> Option<Vec<String>> {
    match part.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(vec![longest_word(text, (before, behind))?.to_owned()])
        }
        HirKind::Alternation(choices) if choices.len() <= MAX_ALTERNATIVES => {
            let words = choices.iter().map(|choice| match choice.kind() {
                HirKind::Literal(_) => whole_words(choice, (before, behind)),
                HirKind::Capture(capture) => whole_words(&capture.sub, (before, behind)),
                _ => None,
            });
            let words: Option<Vec<_>> = words.collect();
            words.map(|words| words.into_iter().flatten().collect())
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            // Inside, one repetition stands next to another.
            let is_once = repetition.max == Some(1);
            whole_words(&repetition.sub, (before && is_once, behind && is_once))
        }
        HirKind::Capture(capture) => whole_words(&capture.sub, (before, behind)),
        _ => None,
    }
}

/// The longest ASCII word of a literal that nothing can continue.
fn longest_word(text: &str, (before, behind): (bool, bool)) -> Option<&str> {
    let is_ours = |ch: char| ch.is_ascii_lowercase() || ch.is_ascii_digit();
    let words = text.split(|ch: char| ch.is_ascii() && !is_ours(ch));
    let words = words.filter(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let begins = start > 0 || before;
        let ends = start + word.len() < text.len() || behind;
        !word.is_empty() && begins && ends && word.chars().all(is_ours)
    });
    // The underscore is no letter of our words, but one to `\b`.
    words
        .filter(|_| !text.contains('_'))
        .max_by_key(|word| word.len())
}

#[derive(Clone, Copy)]
enum Side {
    Start,
    End,
}

/// Whether a word that touches the given side of `part` is sure to end there.
fn ends_word(part: &Hir, side: Side) -> bool {
    match part.kind() {
        // The ASCII kinds see an end of a word before a letter beyond ASCII,
        // where our words go on.
        HirKind::Look(look) => matches!(
            look,
            Look::WordUnicode
                | Look::WordStartUnicode
                | Look::WordEndUnicode
                | Look::Start
                | Look::End
        ),
        HirKind::Class(Class::Unicode(class)) => is_without_words(class),
        HirKind::Class(Class::Bytes(_)) | HirKind::Empty => false,
        HirKind::Literal(literal) => {
            let at = match side {
                Side::Start => literal.0.first(),
                Side::End => literal.0.last(),
            };
            at.is_some_and(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
        }
        HirKind::Repetition(repetition) => repetition.min > 0 && ends_word(&repetition.sub, side),
        HirKind::Capture(capture) => ends_word(&capture.sub, side),
        HirKind::Concat(parts) => match side {
            Side::Start => parts.first().is_some_and(|part| ends_word(part, side)),
            Side::End => parts.last().is_some_and(|part| ends_word(part, side)),
        },
        HirKind::Alternation(choices) => choices.iter().all(|choice| ends_word(choice, side)),
    }
}

/// Whether a class holds no letter or digit.
fn is_without_words(class: &ClassUnicode) -> bool {
    let words = regex_syntax::parse(r"\w");
    let Ok(HirKind::Class(Class::Unicode(words))) = words.map(Hir::into_kind) else {
        return false;
    };
    let mut both = class.clone();
    both.intersect(&words);
    let underscore = ClassUnicode::new([ClassUnicodeRange::new('_', '_')]);
    both.difference(&underscore);
    both.ranges().is_empty()
}

/// Strings of which any match holds at least one; `None` when there is no such
/// set of long enough strings.
fn literals(hir: &Hir) -> Option<Vec<String>> {
    let mut best = prefixes(hir);
    match hir.kind() {
        HirKind::Concat(parts) => {
            for part in parts {
                best = better(best, literals(part));
            }
        }
        HirKind::Capture(capture) => best = better(best, literals(&capture.sub)),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            best = better(best, literals(&repetition.sub));
        }
        _ => {}
    }
    best
}

fn prefixes(hir: &Hir) -> Option<Vec<String>> {
    let mut seq = Extractor::new()
        .kind(ExtractKind::Prefix)
        .limit_total(MAX_ALTERNATIVES)
        .extract(hir);
    seq.optimize_for_prefix_by_preference();
    let literals = seq.literals()?;
    let texts: Option<Vec<String>> = literals
        .iter()
        .map(|literal| String::from_utf8(literal.as_bytes().to_vec()).ok())
        .collect();
    texts.filter(|texts| !texts.is_empty() && texts.iter().all(|text| text.len() >= MIN_LITERAL))
}

fn better(one: Option<Vec<String>>, other: Option<Vec<String>>) -> Option<Vec<String>> {
    if shortest(other.as_ref()) > shortest(one.as_ref()) {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Option<Required> {
        required(&regex_syntax::parse(pattern).unwrap())
    }

    #[test]
    fn whole_words_are_seen_where_nothing_can_continue_them() {
        let words = |list: &[&str]| {
            let list = list.iter().map(|word| (*word).to_owned());
            Some(Required::Words(list.collect()))
        };
        for (pattern, expected) in [
            (r"\bumur\s+\d\d\b", &["umur"][..]),
            (r"\b(?:gaji|upah)\b.{0,20}\d", &["gaji", "upah"]),
            (r"\bgaji\s*\d+\s+per\s+bulan\b", &["bulan"]),
            (r"paspor\W+(?:\w+\W+){0,3}agen\b", &["agen"]),
            (r"\bno pengalaman perlu\b", &["pengalaman"]),
            (r"^tebusan\b", &["tebusan"]),
            (r"\b([a-z]+) ditahan (?:oleh)\b", &["ditahan"]),
        ] {
            assert_eq!(of(pattern), words(expected), "{pattern}");
        }
    }

    #[test]
    fn what_may_go_on_is_letters_only_and_some_have_neither() {
        for pattern in [
            r"(?-u:\b)gajian(?-u:\b)",
            r"paspor\w*",
            r"tebusan[0-9]",
            r"\bkerja_keras\b",
        ] {
            assert!(
                matches!(of(pattern), Some(Required::Literals(_))),
                "{pattern}"
            );
        }
        for pattern in [r"\d{5}", r"\bRp\s*\d", r"[a-z]{4}\d", r"\b(?:gaji|\d+)\b"] {
            let found = of(pattern);
            assert!(
                !matches!(found, Some(Required::Words(_))),
                "{pattern} {found:?}"
            );
        }
    }
}
