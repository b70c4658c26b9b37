//! What a regular expression cannot match without: whole words, or letters.

use regex_syntax::hir::literal::{ExtractKind, Extractor};

use super::words::expected;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

/// Literals shorter than this stand in nearly every text.
const MIN_LITERAL: usize = 3;
/// Most alternatives of one requirement.
const MAX_ALTERNATIVES: usize = 64;

/// What every match of an expression holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    /// What the expression is filed under.
    pub(super) trigger: Trigger,
    /// Whether every match begins at its trigger.
    pub(super) leads: bool,
    /// Sets of whole words; every match also holds one of each.
    pub(super) also: Vec<Vec<String>>,
}

/// What stands somewhere in every match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    /// One of these whole words.
    Words(Vec<String>),
    /// A word that begins with one of these.
    Begun(Vec<String>),
    /// One of these strings, anywhere.
    Literals(Vec<String>),
    /// An ASCII digit: no rare thing, but better than nothing.
    Digit,
}

/// What an expression requires, the rarest first. `None` when it requires
/// nothing of use.
pub(super) fn required(hir: &Hir) -> Option<Requirement> {
    let mut all = words(hir);
    let is_bounded = hir.properties().maximum_len().is_some();
    let cost = |one: &WordSet| {
        let sum: f32 = one.words.iter().map(|word| expected(word)).sum();
        // A beginning stands for many words. Without an end to its matches,
        // an expression that does not begin at its trigger reads all the text.
        let begun = if one.is_whole { 1.0 } else { 3.0 };
        sum * begun * if one.leads || is_bounded { 1.0 } else { 8.0 }
    };
    let rarest =
        (0..all.len()).min_by(|&one, &other| cost(&all[one]).total_cmp(&cost(&all[other])));
    if let Some(rarest) = rarest {
        let WordSet {
            words,
            is_whole,
            leads,
        } = all.swap_remove(rarest);
        let whole = all.into_iter().filter(|one| one.is_whole);
        return Some(Requirement {
            trigger: if is_whole {
                Trigger::Words(words)
            } else {
                Trigger::Begun(words)
            },
            leads,
            also: whole.map(|one| one.words).collect(),
        });
    }
    let digit = || holds_digit(hir).then_some(Trigger::Digit);
    let trigger = literals(hir).map(Trigger::Literals).or_else(digit);
    trigger.map(|trigger| Requirement {
        trigger,
        leads: false,
        also: Vec::new(),
    })
}

/// Whether every match holds an ASCII digit.
fn holds_digit(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let is_digits = |range: &ClassUnicodeRange| range.start() >= '0' && range.end() <= '9';
            class.ranges().iter().all(is_digits)
        }
        HirKind::Literal(literal) => literal.0.iter().any(u8::is_ascii_digit),
        HirKind::Capture(capture) => holds_digit(&capture.sub),
        HirKind::Repetition(repetition) => repetition.min > 0 && holds_digit(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().any(holds_digit),
        HirKind::Alternation(choices) => choices.iter().all(holds_digit),
        _ => false,
    }
}

/// Words of which any match holds one.
struct WordSet {
    words: Vec<String>,
    /// Whether they are whole words, or may go on.
    is_whole: bool,
    /// Whether every match begins with one of them.
    leads: bool,
}

/// Every set of words of which any match holds one.
fn words(hir: &Hir) -> Vec<WordSet> {
    let parts = flat(hir);
    let mut found = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let before = is_bounded(parts[..index].iter().rev(), Side::End);
        let behind = is_bounded(parts[index + 1..].iter(), Side::Start);
        let is_first = parts[..index]
            .iter()
            .all(|part| matches!(part.kind(), HirKind::Look(_)));
        if let Some(words) = whole_words(part, (before, behind)) {
            found.push(WordSet {
                leads: is_first && before && begins_with(part, &words),
                words,
                is_whole: true,
            });
        } else if before && let Some(words) = beginnings(part) {
            found.push(WordSet {
                leads: is_first,
                words,
                is_whole: false,
            });
        }
    }
    found
}

/// The strings a part consists of, if it is a choice of a few.
fn choices(part: &Hir) -> Option<Vec<&str>> {
    match part.kind() {
        HirKind::Literal(literal) => Some(vec![std::str::from_utf8(&literal.0).ok()?]),
        HirKind::Capture(capture) => choices(&capture.sub),
        HirKind::Alternation(all) if all.len() <= MAX_ALTERNATIVES => {
            let all: Option<Vec<_>> = all.iter().map(choices).collect();
            all.map(|all| all.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// Whether each choice of a part begins with one of `words`.
fn begins_with(part: &Hir, words: &[String]) -> bool {
    let begins = |choice: &str| words.iter().any(|word| choice.starts_with(word.as_str()));
    choices(part).is_some_and(|all| all.into_iter().all(begins))
}

/// What the choices of a part begin with, where a word ends before it.
fn beginnings(part: &Hir) -> Option<Vec<String>> {
    let begun = choices(part)?.into_iter().map(|choice| {
        let end = choice.find(|ch: char| !is_ours(ch)).unwrap_or(choice.len());
        (end >= MIN_LITERAL).then(|| choice[..end].to_owned())
    });
    begun.collect()
}

fn is_ours(ch: char) -> bool {
    ch.is_ascii_lowercase() || ch.is_ascii_digit()
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
    texts.filter(|texts| !texts.is_empty() && texts.iter().all(|text| is_rare(text)))
}

/// Whether few texts hold a string: it is long enough, or holds a sign that is
/// rare in advertisements.
fn is_rare(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_punctuation() && !b".,-/:!'\"".contains(&byte);
    text.len() >= MIN_LITERAL || text.bytes().any(is_sign)
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

    fn of(pattern: &str) -> Option<Requirement> {
        required(&regex_syntax::parse(pattern).unwrap())
    }

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn whole_words_are_seen_where_nothing_can_continue_them() {
        for (pattern, words, leads) in [
            (r"\bumur\s+\d\d\b", &["umur"][..], true),
            (r"\b(?:gaji|upah)\b.{0,20}\d", &["gaji", "upah"], true),
            (r"\b[a-z]{2}\d+ per bulan\b", &["bulan"], false),
            (r"paspor\W+(?:\w+\W+){0,3}agen\b", &["agen"], false),
            (r"\bno pengalaman perlu\b", &["pengalaman"], false),
            (r"^tebusan\b", &["tebusan"], true),
            (r"\b([a-z]+) ditahan (?:oleh)\b", &["ditahan"], false),
            (r"\bthis\W+(?:\w+\W+){0,3}kerajinan\b", &["this"], true),
        ] {
            let found = of(pattern).expect(pattern);
            assert_eq!(found.trigger, Trigger::Words(owned(words)), "{pattern}");
            assert_eq!(found.leads, leads, "{pattern}");
        }
        let two = of(r"\bthis\W+(?:\w+\W+){0,3}kerajinan\b").unwrap();
        assert_eq!(two.also, [owned(&["kerajinan"])]);
    }

    #[test]
    fn what_may_go_on_is_a_beginning_or_letters_only() {
        for (pattern, words) in [
            (r"\btebusan[0-9]", &["tebusan"][..]),
            (r"\b(?:gaji|upah) ?[0-9]", &["gaji", "upah"]),
            (r"\bkerja_keras\b", &["kerja"]),
        ] {
            let found = of(pattern).expect(pattern);
            assert_eq!(found.trigger, Trigger::Begun(owned(words)), "{pattern}");
            assert!(found.leads, "{pattern}");
        }
        for pattern in [r"(?-u:\b)gajian(?-u:\b)", r"paspor\w*"] {
            let found = of(pattern).map(|one| one.trigger);
            assert!(matches!(found, Some(Trigger::Literals(_))), "{pattern}");
        }
    }

    #[test]
    fn some_require_nothing_of_use() {
        for pattern in [r"\w{5}", r"\bRp\s*\d", r"[a-z]{4}", r"\b(?:gaji|[0-9]+)\b"] {
            assert_eq!(of(pattern), None, "{pattern}");
        }
        let digit = of("[a-z]{4}[0-9]{2}").map(|one| one.trigger);
        assert_eq!(digit, Some(Trigger::Digit));
    }
}
