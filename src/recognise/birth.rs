//! Years of birth: `kelahiran 2004`, `lahir 12 Mei 2004`, `08 line`.
//!
//! A date's year is read, its day and month are not kept: the year is all that
//! an age needs. `08 line` and `07l`, the tags of birth cohorts, collide with
//! product lines and litres and need a word for a person beside.

use std::sync::LazyLock;

use jiff::Timestamp;

use super::Found;
use super::cue::{Cue, Kind};
use super::guards::all;
use super::read::longest;
use super::words::{BIRTHS, Word};
use crate::entity::Value;
use crate::span::Span;
use crate::text::{Gap, Lexicon, NormalText};

/// Years that a living person can be born in.
const YEARS: std::ops::RangeInclusive<u16> = 1925..=2035;
/// Two digits up to here are of this century.
const CENTURY: u16 = 30;
/// Ages that are told; younger ones are infants', which words tell.
const AGES: std::ops::RangeInclusive<u16> = 5..=99;
/// Most words between "lahir" and the year.
const REACH: usize = 8;

/// What a word near a birth is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Near {
    /// May stand between "lahir" and its year.
    Filler,
    /// The word for the year itself.
    Year,
    /// A month, in words.
    Month,
    /// A place follows, of one or two words.
    Place,
}

static NEAR: LazyLock<Lexicon<Near>> = LazyLock::new(|| {
    let words = |words: &'static str, near| words.split_whitespace().map(move |word| (word, near));
    Lexicon::new(
        words("pada on the tanggal tgl date", Near::Filler)
            .chain(words("tahun thn th taun year", Near::Year))
            .chain(words("di in at", Near::Place))
            .chain(words(
                "januari februari maret april mei juni juli agustus september oktober november \
                 desember january february march may june july august october december jan feb \
                 mar apr jun jul agu agt aug sep okt oct nov des dec",
                Near::Month,
            )),
    )
});

/// What is founded, made or bred, not born as a person is.
static FOUNDED: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    all(
        "brand merek perusahaan company toko produk product komunitas community lagu song album \
         gerakan organisasi partai kucing anjing sapi kambing kuda ayam burung hewan cat dog \
         pancasila undang uu usaha bisnis business motor mobil film movie buku book pt cv \
         startup grup band yayasan",
        (),
    )
});

/// Beside the tag of a cohort: somebody.
static SOMEBODY: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    all(
        "cewek cewe cw ciwi cowok cowo gadis perempuan aku saya sy gue gw i im m she he girl \
         girls boy boys anak kita mutualan moots mutual umum salken",
        (),
    )
});

/// Adds the years of birth of a view.
pub(super) fn births(
    view: &NormalText,
    cues: &[Cue],
    published_at: Option<Timestamp>,
    found: &mut Vec<Found>,
) {
    let published = published_at.map(|at| jiff::tz::TimeZone::UTC.to_datetime(at).year());
    // What was read is not read again as part of something else.
    let mut done = 0;
    for &cue in cues {
        let read = match cue.kind {
            _ if (cue.token as usize) < done => None,
            Kind::Word(Word::Birth) => born(view, cue.token as usize),
            Kind::Mixed => fused(view, cue),
            Kind::Number => cohort(view, cue.token as usize),
            Kind::Word(_) => None,
        };
        let Some(Read { first, last, year }) = read.filter(|read| YEARS.contains(&read.year))
        else {
            continue;
        };
        done = last + 1;
        let age = published.and_then(|now| u16::try_from(now).ok()?.checked_sub(year));
        let age = age.filter(|age| AGES.contains(age)).map(|age| age as u8);
        let (first, last) = (view.tokens()[first], view.tokens()[last]);
        let span = Span {
            start: first.start,
            end: last.end,
        };
        let value = Value::Born { year, age };
        found.push(Found { span, value });
    }
}

/// A year and the words that tell it.
struct Read {
    first: usize,
    last: usize,
    year: u16,
}

fn word(view: &NormalText, index: usize) -> &str {
    let token = view.tokens().get(index);
    token.map_or("", |token| view.word(*token))
}

/// What the word `index` is, unless another sentence begins with it.
fn word_on(view: &NormalText, index: usize) -> &str {
    let token = view.tokens().get(index);
    let token = token.filter(|token| token.gap != Gap::Sentence);
    token.map_or("", |token| view.word(*token))
}

/// Digits as a number, if a word is `n` of them.
fn number(word: &str, n: std::ops::RangeInclusive<usize>) -> Option<u16> {
    let is_number = n.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| word.parse().ok()).flatten()
}

fn century(short: u16) -> u16 {
    short + if short <= CENTURY { 2000 } else { 1900 }
}

/// `lahir ... 2004`, told by the word `at`.
fn born(view: &NormalText, at: usize) -> Option<Read> {
    let before = |n: usize| at.checked_sub(n).map_or("", |index| word(view, index));
    let name = word(view, at);
    // "date of birth", "birth year"; alone it is what happens.
    let of = if before(1) == "of" { 2 } else { 0 };
    if name == "birth" && of == 0 && !matches!(word_on(view, at + 1), "year" | "date") {
        return None;
    }
    let is_founded =
        (at.saturating_sub(3)..at).any(|index| FOUNDED.meaning_in(view, index).is_some());
    if is_founded {
        return None;
    }
    let first = match before(1) {
        "of" => at - 2,
        "tahun" | "thn" | "th" | "tgl" | "tanggal" => at - 1,
        _ => at,
    };
    let year_told = first < at && matches!(word(view, first), "tahun" | "thn" | "th" | "year");
    let (last, year) = full_year(view, at).or_else(|| short_year(view, at, year_told))?;
    let is_weight = matches!(word_on(view, last + 1), "gram" | "gr" | "kg");
    (!is_weight).then_some(Read { first, last, year })
}

/// The four digits of a year behind the word `at`, perhaps at the end of a
/// date and behind a place, or at the beginning of a date.
fn full_year(view: &NormalText, at: usize) -> Option<(usize, u16)> {
    let mut place_left = if word(view, at) == "ttl" { 2 } else { 0 };
    for index in at + 1..=at + REACH {
        let word = word_on(view, index);
        if let Some(year) = number(word, 4..=4) {
            return Some((index, year));
        }
        match NEAR.meaning(word) {
            Some(Near::Place) => place_left = 2,
            Some(_) => {}
            None if number(word, 1..=2).is_some() => place_left = 0,
            None if place_left > 0 && !word.is_empty() => place_left -= 1,
            None => return None,
        }
    }
    None
}

/// `kelahiran 08`, `lahir thn 95`, `lahir '98`.
fn short_year(view: &NormalText, at: usize, year_told: bool) -> Option<(usize, u16)> {
    let index = match NEAR.meaning(word_on(view, at + 1)) {
        Some(Near::Year) => at + 2,
        _ => at + 1,
    };
    let short = number(word_on(view, index), 2..=2)?;
    let start = view.tokens()[index].start as usize;
    let is_told = year_told
        || index > at + 1
        || view.as_str()[..start].ends_with(['\'', '’'])
        || matches!(
            word(view, at),
            "kelahiran" | "lahiran" | "klahiran" | "kelahirn"
        );
    let next = word_on(view, index + 1);
    let goes_on = NEAR.meaning(next) == Some(Near::Month) || number(next, 1..=4).is_some();
    (is_told && !goes_on).then(|| (index, century(short)))
}

/// `lahir2003`: one word of letters and digits.
fn fused(view: &NormalText, cue: Cue) -> Option<Read> {
    let index = cue.token as usize;
    if let Some(read) = cohort(view, index) {
        return Some(read);
    }
    let (text, token) = (view.as_str(), view.tokens()[index]);
    if cue.start != token.start {
        return None;
    }
    let digits = longest(text, cue.start as usize, BIRTHS)?;
    let year = number(text.get(digits..token.end as usize)?, 4..=4)?;
    Some(Read {
        first: index,
        last: index,
        year,
    })
}

/// `08 line`, `07l`, `2004 liners`, with somebody beside.
fn cohort(view: &NormalText, index: usize) -> Option<Read> {
    let name = word(view, index);
    let n_digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, tag) = name.split_at(n_digits);
    let year = match (number(digits, 2..=2), number(digits, 4..=4)) {
        (Some(short @ (0..=CENTURY | 70..=99)), _) => century(short),
        (_, Some(year)) => year,
        _ => return None,
    };
    let is_line = |word: &str| matches!(word, "line" | "liner" | "lines" | "liners");
    let last = if tag.is_empty() && is_line(word_on(view, index + 1)) {
        index + 1
    } else if tag == "l" || is_line(tag) {
        index
    } else {
        return None;
    };
    // Litres are bought by somebody too, but not right behind.
    let n_before = if tag == "l" { 1 } else { 3 };
    let is_somebody = |index: usize| SOMEBODY.meaning_in(view, index).is_some();
    let tokens = view.tokens();
    let mut before = (0..index)
        .rev()
        .take(n_before)
        .take_while(|before| tokens[before + 1].gap != Gap::Sentence);
    let mut behind = (last + 1..tokens.len())
        .take(if tag == "l" { 0 } else { 2 })
        .take_while(|behind| tokens[*behind].gap != Gap::Sentence);
    let is_tag = before.any(is_somebody) || behind.any(is_somebody);
    is_tag.then_some(Read {
        first: index,
        last,
        year,
    })
}
