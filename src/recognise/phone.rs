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
use super::currency::sign_before;
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
        if first < done {
            continue;
        }
        let Some(lead) = Lead::at(view, cue) else {
            continue;
        };
        let Some(run) = Run::at(view, first, &lead) else {
            continue;
        };
        let Some((n_words, mut value)) = run.number(&mut questions) else {
            continue;
        };
        done = first + n_words;
        if let Value::Phone { obscured, .. } = &mut value {
            *obscured |= is_drawn(view, first..done);
        }
        let span = Span::new(lead.start, view.tokens()[done - 1].end as usize);
        found.push(Found { span, value });
    }
}

/// Whether some digit was not published as one: ringed, a keycap, fullwidth.
fn is_drawn(view: &NormalText, mut words: std::ops::Range<usize>) -> bool {
    words.any(|index| {
        let token = view.tokens()[index];
        let span = Span {
            start: token.start,
            end: token.end,
        };
        view.to_published(span).len() != span.len()
    })
}

/// Where a number begins.
struct Lead {
    /// With its plus sign.
    start: usize,
    /// Its first digit.
    digits: usize,
    /// Whether it begins with a country code.
    international: bool,
}

impl Lead {
    /// Whether the digits of a number may begin here: a trunk zero, the country
    /// code of Indonesia, a plus sign before them, or the code of another
    /// country behind the name of a messenger.
    fn at(view: &NormalText, cue: Cue) -> Option<Self> {
        let text = view.as_str();
        let start = cue.start as usize;
        let lead = |start, digits, international| Self {
            start,
            digits,
            international,
        };
        let (before, rest) = text.as_bytes().split_at(start);
        let has_plus = before.last() == Some(&b'+');
        let is_local = match (cue.kind, rest) {
            (Kind::Number, [b'0', ..] | [b'6', b'2', ..]) => true,
            (Kind::Mixed, [b'o', ..]) => true,
            (Kind::Number, _) => false,
            (Kind::Mixed, _) => return fused(view, cue).map(|digits| lead(digits, digits, false)),
            (Kind::Word(word), _) => match word.digit()? {
                0 => true,
                // "enam dua": the country code.
                6 => digit_at(view, cue.token as usize + 1) == Some(2),
                _ => false,
            },
        };
        if has_plus {
            return Some(lead(start - 1, start, true));
        }
        let word_before = || {
            let before = cue.token.checked_sub(1)? as usize;
            Some((view.tokens()[before], view.word(view.tokens()[before])))
        };
        if is_local {
            return match word_before() {
                Some((plus, "plus")) => Some(lead(plus.start as usize, start, true)),
                _ if sign_before(text, start, 0).is_some() => None,
                _ => Some(lead(start, start, false)),
            };
        }
        let may_be_foreign = cue.kind == Kind::Number && !matches!(rest, [b'1', ..]);
        let is_called = || word_before().is_some_and(|(_, word)| CALLED.contains(&word));
        (may_be_foreign && is_called()).then(|| lead(start, start, true))
    }
}

/// Words with a number right behind them.
const CALLED: [&str; 11] = [
    "wa", "whatsapp", "wasap", "telegram", "tele", "tg", "hp", "telp", "tlp", "call", "hub",
];

/// Where the digits of `wa0812…` begin: a short word fused with its number.
fn fused(view: &NormalText, cue: Cue) -> Option<usize> {
    let token = view.tokens()[cue.token as usize];
    let word = view.word(token);
    let n_letters = word
        .bytes()
        .take(5)
        .take_while(u8::is_ascii_lowercase)
        .count();
    let digits = &word.as_bytes()[n_letters..];
    let is_number = matches!(digits, [b'0', ..] | [b'6', b'2', ..])
        && (MIN_DIGITS..MAX_DIGITS).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit);
    let starts_as_digit = || digit_words(word.as_bytes()).is_some();
    if n_letters > 0 && n_letters < 5 && is_number {
        return Some(token.start as usize + n_letters);
    }
    // "nol8satu2": the first digit as a word.
    starts_as_digit().then_some(cue.start as usize)
}

/// The digit that the word `index` is or stands for.
fn digit_at(view: &NormalText, index: usize) -> Option<u8> {
    let word = view.word(*view.tokens().get(index)?).as_bytes();
    match word {
        [digit @ b'0'..=b'9'] => Some(digit - b'0'),
        _ => WORDS.meaning_in(view, index).and_then(Word::digit),
    }
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
    fn at(view: &NormalText, first: usize, lead: &Lead) -> Option<Self> {
        let tokens = view.tokens();
        let mut run = Self {
            digits: [0; MAX_DIGITS],
            words: [Part::default(); MAX_DIGITS],
            n_words: 0,
        };
        let mut len = 0;
        if lead.international {
            run.digits[0] = b'+';
            len = 1;
        }
        for (index, token) in tokens.iter().enumerate().skip(first) {
            let mut drawn_one = false;
            let mut start = lead.digits;
            if index > first {
                start = token.start as usize;
                let between = &view.as_str()[tokens[index - 1].end as usize..start];
                drawn_one = between == "!" || between == "|";
                let is_apart = token.gap == Gap::Sentence || between.contains(", ");
                if between.len() > 3 || is_apart && !drawn_one {
                    break;
                }
            }
            let written = &view.as_str().as_bytes()[start..token.end as usize];
            // `08!2`: the sign is a digit.
            if drawn_one {
                let Some(one) = run.digits[len..].first_mut() else {
                    break;
                };
                *one = b'1';
            }
            let at = len + usize::from(drawn_one);
            let Some((n, spelled)) = digits_of(view, index, written, &mut run.digits[at..]) else {
                break;
            };
            len = at + n;
            run.words[run.n_words] = Part {
                end: len as u8,
                single: n == 1,
                spelled: spelled || drawn_one,
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

/// Writes the digits that a word, or the rest of one, stands for, if it does
/// and they fit; says how many, and whether letters had to be read as such.
fn digits_of(
    view: &NormalText,
    index: usize,
    written: &[u8],
    into: &mut [u8],
) -> Option<(usize, bool)> {
    if !written[0].is_ascii_digit()
        && let Some(digit) = WORDS.meaning_in(view, index).and_then(Word::digit)
    {
        *into.first_mut()? = b'0' + digit;
        return Some((1, true));
    }
    let n_digits = written.iter().filter(|byte| byte.is_ascii_digit()).count();
    if n_digits == written.len() {
        into.get_mut(..n_digits)?.copy_from_slice(written);
        return Some((n_digits, false));
    }
    // Fewer are the number and the letter of something else, such as a size.
    let may_be_drawn = written.len() >= MIN_DRAWN && n_digits >= 2;
    let (mut rest, mut len, mut n_words) = (written, 0, 0);
    while let Some(&first) = rest.first() {
        let (digit, n_bytes) = match first {
            b'0'..=b'9' => (first, 1),
            _ => match digit_words(rest) {
                Some((digit, n_bytes)) => {
                    n_words += 1;
                    (digit, n_bytes)
                }
                // `o812`, `0oo1`, `08l2`: letters that look like digits.
                None => match first {
                    b'o' => (b'0', 1),
                    b'i' | b'l' => (b'1', 1),
                    b'z' if may_be_drawn => (b'2', 1),
                    b's' if may_be_drawn => (b'5', 1),
                    b'b' if may_be_drawn => (b'8', 1),
                    _ => return None,
                },
            },
        };
        *into.get_mut(len)? = digit;
        len += 1;
        rest = &rest[n_bytes..];
    }
    // With some digit near.
    let all_o = written.len() >= 3 && written.iter().all(|byte| *byte == b'o');
    let is_number = n_digits > 0 || n_words == len || all_o;
    is_number.then_some((len, true))
}

/// Fewest characters of a word that letters less like digits are read in.
const MIN_DRAWN: usize = 4;

/// The digit that a run of letters begins with as a word, and how long that
/// is: `satu` of `satu2`.
fn digit_words(letters: &[u8]) -> Option<(u8, usize)> {
    const DIGITS: [(&str, u8); 13] = [
        ("nol", b'0'),
        ("kosong", b'0'),
        ("zero", b'0'),
        ("satu", b'1'),
        ("dua", b'2'),
        ("tiga", b'3'),
        ("empat", b'4'),
        ("lima", b'5'),
        ("enam", b'6'),
        ("tujuh", b'7'),
        ("delapan", b'8'),
        ("lapan", b'8'),
        ("sembilan", b'9'),
    ];
    let found = DIGITS
        .iter()
        .find(|(word, _)| letters.starts_with(word.as_bytes()))?;
    Some((found.1, found.0.len()))
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
    let abroad = digits.strip_prefix(b"+").or(digits.strip_prefix(b"00"));
    let international = abroad.unwrap_or(digits).strip_prefix(b"62");
    if abroad.is_some() && international.is_none() {
        return Form::Unknown;
    }
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
    // `00` dials abroad.
    let abroad = text
        .strip_prefix("00")
        .filter(|rest| !rest.starts_with('0'));
    let number = match abroad.or(Some(text).filter(|text| text.starts_with("62"))) {
        Some(rest) => {
            international = format!("+{rest}");
            &international
        }
        None => text,
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
        for lead in ["0", "62", "+62", "620", "+620", "0062", "+60", "00"] {
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
