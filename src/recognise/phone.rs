//! Telephone numbers, also ones written so as to hide.
//!
//! A cheap scanner proposes runs of digits; the metadata of libphonenumber
//! decides which of them are numbers. Hiding (letters for digits, digits as
//! words, a separator after every digit) is reported, because it is one of the
//! few signs that a study with known outcomes found to predict.

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};

use super::Found;
use crate::entity::Value;
use crate::span::Span;
use crate::text::{Gap, NormalText};

/// E.164 allows 15 digits; `00` and a trunk zero may stand before.
const MAX_DIGITS: usize = 18;
/// Shorter runs are prices, years and postcodes.
const MIN_DIGITS: usize = 9;

/// Adds the telephone numbers of a view.
pub(super) fn phones(view: &NormalText, found: &mut Vec<Found>) {
    let mut word = 0;
    while word < view.tokens().len() {
        match candidate(view, word) {
            Some(run) => {
                let end = run.end;
                if let Some(phone) = number(view, word, &run) {
                    found.push(phone);
                    word = end;
                } else {
                    word += 1;
                }
            }
            None => word += 1,
        }
    }
}

/// Digits read from consecutive words.
struct Run {
    digits: String,
    /// One past its last word.
    end: usize,
    /// Words that were single digits or spelled out.
    n_single: usize,
    /// Letters were read as digits.
    spelled: bool,
}

fn candidate(view: &NormalText, first: usize) -> Option<Run> {
    let tokens = view.tokens();
    let start = digits_of(view.word(tokens[first]))?;
    let plus = view.as_str()[..tokens[first].start as usize].ends_with('+');
    let leads = start.0.starts_with('0') || start.0.starts_with("62") || plus;
    if !leads {
        return None;
    }
    let mut run = Run {
        digits: String::new(),
        end: first,
        n_single: 0,
        spelled: false,
    };
    if plus {
        run.digits.push('+');
    }
    while let Some(&token) = tokens.get(run.end) {
        let far = run.end > first && (token.gap == Gap::Sentence || gap_len(view, run.end) > 3);
        let Some((digits, spelled)) = digits_of(view.word(token)) else {
            break;
        };
        if far || run.digits.len() + digits.len() > MAX_DIGITS {
            break;
        }
        run.n_single += usize::from(digits.len() == 1);
        run.spelled |= spelled;
        run.digits.push_str(&digits);
        run.end += 1;
    }
    (run.digits.len() >= MIN_DIGITS).then_some(run)
}

/// Bytes between a word and the one before.
fn gap_len(view: &NormalText, word: usize) -> u32 {
    view.tokens()[word].start - view.tokens()[word - 1].end
}

/// The digits a word stands for, and whether letters had to be read as such.
fn digits_of(word: &str) -> Option<(String, bool)> {
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((word.to_owned(), false));
    }
    if let Some(digit) = digit_word(word) {
        return Some((digit.to_string(), true));
    }
    // `o812` and `0oo1`: letters that look like digits, with some digit near.
    let known = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'o' | b'i' | b'l');
    let fits = word.len() <= MAX_DIGITS && word.bytes().all(known);
    let all_o = word.len() >= 3 && word.bytes().all(|byte| byte == b'o');
    if fits && (all_o || word.bytes().any(|byte| byte.is_ascii_digit())) {
        let digits = word.bytes().map(|byte| match byte {
            b'o' => '0',
            b'i' | b'l' => '1',
            digit => digit as char,
        });
        return Some((digits.collect(), true));
    }
    None
}

fn digit_word(word: &str) -> Option<char> {
    Some(match word {
        "nol" | "kosong" | "zero" | "oh" => '0',
        "satu" | "one" => '1',
        "dua" | "two" => '2',
        "tiga" | "three" => '3',
        "empat" | "four" => '4',
        "lima" | "five" => '5',
        "enam" | "six" => '6',
        "tujuh" | "seven" => '7',
        "delapan" | "lapan" | "eight" => '8',
        "sembilan" | "nine" => '9',
        _ => return None,
    })
}

/// The longest prefix of a run that is a valid number.
fn number(view: &NormalText, first: usize, run: &Run) -> Option<Found> {
    let tokens = view.tokens();
    let mut digits = run.digits.clone();
    let mut end = run.end;
    loop {
        if digits.len() < MIN_DIGITS {
            return None;
        }
        if let Some(value) = parse(&digits, run) {
            let plus = u32::from(digits.starts_with('+'));
            let start = tokens[first].start - plus;
            let span = Span {
                start,
                end: tokens[end - 1].end,
            };
            return Some(Found { span, value });
        }
        // A price or a second number may follow directly: drop the last word.
        end -= 1;
        if end == first {
            return None;
        }
        let dropped = digits_of(view.word(tokens[end]))?.0.len();
        digits.truncate(digits.len() - dropped);
    }
}

fn parse(digits: &str, run: &Run) -> Option<Value> {
    let international = if digits.starts_with("62") {
        format!("+{digits}")
    } else {
        digits.to_owned()
    };
    let number = PhoneNumber::parse(&international, Some(Region::ID)).ok()?;
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
        obscured: run.spelled || run.n_single >= 5,
    })
}
