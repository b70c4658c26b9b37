//! Telephone numbers, also ones written so as to hide.
//!
//! A cheap scanner proposes runs of digits; the metadata of libphonenumber
//! decides which of them are numbers. Hiding (letters for digits, digits as
//! words, a separator after every digit) is reported, because it is one of the
//! few signs that a study with known outcomes found to predict.
//!
//! Asking libphonenumber costs microseconds. Indonesian mobile numbers, which
//! are nearly all there is, are told by their form; the rest share a number of
//! questions that grows with the text, so that a text made of digits costs no
//! more for each byte than any other.

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};

use super::Found;
use super::cue::{Cue, Kind};
use super::words::{WORDS, Word};
use crate::entity::Value;
use crate::span::Span;
use crate::text::{Gap, NormalText};

/// E.164 allows 15 digits; `00` and a trunk zero may stand before.
const MAX_DIGITS: usize = 18;
/// Shorter runs are prices, years and postcodes.
const MIN_DIGITS: usize = 9;
/// Most digits of an Indonesian number with its trunk zero.
const MAX_NATIONAL: usize = 13;
/// Words of one digit that make a number a hidden one.
const MIN_SINGLE: usize = 5;
/// Vain questions to libphonenumber that every text may ask, and bytes of a
/// text for one more.
const QUESTIONS: usize = 64;
const BYTES_PER_QUESTION: usize = 256;

/// Adds the telephone numbers of a view.
pub(super) fn phones(view: &NormalText, cues: &[Cue], found: &mut Vec<Found>) {
    let mut questions = QUESTIONS + view.as_str().len() / BYTES_PER_QUESTION;
    // The first word that is not part of a number yet.
    let mut done = 0;
    for &cue in cues {
        let first = cue.token as usize;
        if first < done || !may_lead(view, cue) {
            continue;
        }
        let Some(run) = Run::at(view, first) else {
            continue;
        };
        let Some((n_words, value)) = run.number(&mut questions) else {
            continue;
        };
        done = first + n_words;
        let plus = u32::from(run.digits[0] == b'+');
        let span = Span {
            start: view.tokens()[first].start - plus,
            end: view.tokens()[done - 1].end,
        };
        found.push(Found { span, value });
    }
}

/// Whether the digits of a number may begin here: a trunk zero, the country
/// code of Indonesia, or a plus sign before them.
fn may_lead(view: &NormalText, cue: Cue) -> bool {
    let (before, rest) = view.as_str().as_bytes().split_at(cue.start as usize);
    let leads = match (cue.kind, rest) {
        (Kind::Number, [b'0', ..] | [b'6', b'2', ..]) | (Kind::Mixed, [b'o', ..]) => true,
        (Kind::Number | Kind::Mixed, _) => false,
        (Kind::Word(word), _) => match word.digit() {
            None => return false,
            Some(digit) => digit == 0,
        },
    };
    leads || before.last() == Some(&b'+')
}

/// Digits read from consecutive words, perhaps with a plus sign before them.
struct Run {
    digits: [u8; MAX_DIGITS],
    words: [Part; MAX_DIGITS],
    n_words: usize,
}

/// One word of a run.
#[derive(Clone, Copy, Default)]
struct Part {
    /// How many digits the run has up to its end.
    end: u8,
    /// It was a single digit.
    single: bool,
    /// Letters were read as digits.
    spelled: bool,
}

impl Run {
    /// The run that begins with word `first`, unless it is too short.
    fn at(view: &NormalText, first: usize) -> Option<Self> {
        let tokens = view.tokens();
        let mut run = Self {
            digits: [0; MAX_DIGITS],
            words: [Part::default(); MAX_DIGITS],
            n_words: 0,
        };
        let mut len = 0;
        let before = &view.as_str().as_bytes()[..tokens[first].start as usize];
        if before.last() == Some(&b'+') {
            run.digits[0] = b'+';
            len = 1;
        }
        for (index, token) in tokens.iter().enumerate().skip(first) {
            let is_far = || token.gap == Gap::Sentence || token.start - tokens[index - 1].end > 3;
            if index > first && is_far() {
                break;
            }
            let Some((n, spelled)) = digits_of(view, index, &mut run.digits[len..]) else {
                break;
            };
            len += n;
            run.words[run.n_words] = Part {
                end: len as u8,
                single: n == 1,
                spelled,
            };
            run.n_words += 1;
            if len == MAX_DIGITS {
                break;
            }
        }
        (len >= MIN_DIGITS).then_some(run)
    }

    /// How many words of it make the longest valid number, and that number.
    fn number(&self, questions: &mut usize) -> Option<(usize, Value)> {
        let asked = *questions;
        // A price or a second number may follow directly: drop the last word.
        for n_words in (1..=self.n_words).rev() {
            let words = &self.words[..n_words];
            let end = usize::from(words[n_words - 1].end);
            if end < MIN_DIGITS {
                return None;
            }
            let n_single = words.iter().filter(|word| word.single).count();
            let obscured = n_single >= MIN_SINGLE || words.iter().any(|word| word.spelled);
            if let Some(value) = value(&self.digits[..end], obscured, questions) {
                // What was asked for a number was not asked in vain.
                *questions = asked;
                return Some((n_words, value));
            }
        }
        None
    }
}

/// Writes the digits that a word stands for, if it does and they fit; says
/// how many, and whether letters had to be read as such.
fn digits_of(view: &NormalText, index: usize, into: &mut [u8]) -> Option<(usize, bool)> {
    let word = view.word(view.tokens()[index]).as_bytes();
    if !word[0].is_ascii_digit()
        && let Some(digit) = WORDS.meaning_in(view, index).and_then(Word::digit)
    {
        *into.first_mut()? = b'0' + digit;
        return Some((1, true));
    }
    let into = into.get_mut(..word.len())?;
    let mut n_digits = 0;
    for (digit, &byte) in into.iter_mut().zip(word) {
        // `o812` and `0oo1`: letters that look like digits.
        *digit = match byte {
            b'0'..=b'9' => byte,
            b'o' => b'0',
            b'i' | b'l' => b'1',
            _ => return None,
        };
        n_digits += usize::from(byte.is_ascii_digit());
    }
    // With some digit near.
    let all_o = word.len() >= 3 && word.iter().all(|byte| *byte == b'o');
    (n_digits > 0 || all_o).then_some((word.len(), n_digits < word.len()))
}

fn value(digits: &[u8], obscured: bool, questions: &mut usize) -> Option<Value> {
    match form(digits) {
        Form::Mobile(national) => Some(Value::Phone {
            e164: "+62"
                .chars()
                .chain(national.iter().map(|digit| char::from(*digit)))
                .collect(),
            country: Some("ID".to_owned()),
            mobile: true,
            obscured,
        }),
        Form::None => None,
        Form::Unknown => {
            *questions = questions.checked_sub(1)?;
            asked(digits, obscured)
        }
    }
}

/// What the form of some digits says by itself.
#[derive(Debug, PartialEq)]
enum Form<'d> {
    /// An Indonesian mobile number, without its `0` or `62`.
    Mobile(&'d [u8]),
    /// No number.
    None,
    /// Only libphonenumber can say.
    Unknown,
}

/// What libphonenumber says of Indonesian mobile numbers, and of ones that are
/// too long; a test compares the two.
fn form(digits: &[u8]) -> Form<'_> {
    let international = digits.strip_prefix(b"+").unwrap_or(digits);
    let international = international.strip_prefix(b"62");
    let national = match (international, digits.strip_prefix(b"0")) {
        (Some(rest), _) => rest.strip_prefix(b"0").unwrap_or(rest),
        (None, Some(rest)) => rest,
        (None, None) => return Form::Unknown,
    };
    match national {
        [b'8', b'1'..=b'3' | b'5'..=b'9', ..] => match national.len() {
            9..=12 => Form::Mobile(national),
            _ => Form::None,
        },
        [b'1'..=b'9', ..] if international.is_none() && digits.len() > MAX_NATIONAL => Form::None,
        _ => Form::Unknown,
    }
}

/// What libphonenumber says.
fn asked(digits: &[u8], obscured: bool) -> Option<Value> {
    let text = std::str::from_utf8(digits).unwrap_or_default();
    let international;
    let number = if text.starts_with("62") {
        international = format!("+{text}");
        &international
    } else {
        text
    };
    let number = PhoneNumber::parse(number, Some(Region::ID)).ok()?;
    if !number.is_valid() {
        return None;
    }
    Some(Value::Phone {
        e164: number.format_as(PhoneNumberFormat::E164).into_owned(),
        country: number.get_region_code().map(|region| region.to_string()),
        mobile: matches!(
            number.get_type(),
            PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile
        ),
        obscured,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every form of number, each with many digits behind it.
    #[test]
    fn the_form_of_a_number_says_what_libphonenumber_says() {
        let mut state = 7_u32;
        let mut digit = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'0' + (state >> 24) as u8 % 10)
        };
        for lead in ["0", "62", "+62", "620", "+620"] {
            for (prefix, len) in (0..100).flat_map(|prefix| (9..=18).map(move |len| (prefix, len)))
            {
                let mut text = format!("{lead}{prefix:02}");
                text.extend((text.len()..len).map(|_| digit()));
                let told = match form(text.as_bytes()) {
                    Form::Unknown => continue,
                    Form::None => None,
                    Form::Mobile(_) => value(text.as_bytes(), false, &mut 0),
                };
                assert_eq!(told, asked(text.as_bytes(), false), "{text}");
            }
        }
    }
}
