//! Ages of persons, with everything that only looks like one taken out.
//!
//! The guards are the token lists of the research (indicators.md 2.1): clock
//! times, prices, ordinals, prison terms, guarantees, job experience. A range
//! (`usia 18-35`) is reported as a range, never as somebody's age, and "umr"
//! is the minimum wage.

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;

use super::{Found, words_after, words_before};
use crate::entity::Value;
use crate::span::Span;
use crate::text::NormalText;

static AGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)(?:",
        r"(?:umur(?:nya)?|(?:ber)?usia(?:nya)?|ages?|aged)\s*[:=]?\s*(?:antara\s+|between\s+|min(?:imal)?\.?\s*)?(?P<rlo>\d{1,2})\s*(?:th|thn|tahun)?\s*(?:-|–|s/?d|sd|sampai|hingga|to|and|dan)\s*(?P<rhi>\d{1,2})",
        r"|(?P<nlo>\d{1,2})\s*(?:-|–|s/?d|sampai|hingga|to)\s*(?P<nhi>\d{1,2})\s*(?:th|thn|tahun|years?|yo)",
        r"|(?:umur(?:nya)?|(?:ber)?usia(?:nya)?|aged?)\s*[:=\-]?\s*(?:baru\s+|masih\s+|sekitar\s+|saya\s+|just\s+|only\s+)?(?P<label>\d{1,2})",
        r"|(?P<num>\d{1,2})\s*(?:th|thn|taun|tahun|yo|y/o|y\.o\.?|yrs?|years?)(?:[ -]old)?",
        r"|(?P<word>sebelas|(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)\s?belas|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)[\s-]*(?:th|thn|tahun|years?)",
        r"|(?:kelahiran|lahiran|lahir|born(?:\s+in)?)\s*(?:tahun|thn|th)?\s*[:=]?\s*(?P<born>(?:19|20)\d{2})",
        r")(?-u:\b)",
    ))
    .expect("a fixed pattern")
});

/// Words that, among the three before, make a number something other than an
/// age.
const BEFORE: [&str; 64] = [
    "selama",
    "sejak",
    "dalam",
    "setelah",
    "kontrak",
    "garansi",
    "pengalaman",
    "experience",
    "hukuman",
    "penjara",
    "dipenjara",
    "pidana",
    "vonis",
    "divonis",
    "ancaman",
    "pasal",
    "ayat",
    "uu",
    "nomor",
    "no",
    "rt",
    "rw",
    "km",
    "iphone",
    "mobil",
    "motor",
    "perusahaan",
    "pt",
    "cv",
    "bangunan",
    "rumah",
    "pernikahan",
    "nikah",
    "kucing",
    "anjing",
    "hewan",
    "kandungan",
    "jam",
    "pukul",
    "tanggal",
    "tgl",
    "lantai",
    "ukuran",
    "size",
    "for",
    "since",
    "over",
    "past",
    "cicilan",
    "tenor",
    "berdiri",
    "tua",
    "pemakaian",
    "dipakai",
    "bayi",
    "baju",
    "mainan",
    "sepatu",
    "warranty",
    "sentenced",
    "jail",
    "prison",
    "last",
    "next",
];
/// Words that do so right after.
const AFTER: [&str; 34] = [
    "lalu",
    "ago",
    "silam",
    "penjara",
    "kurungan",
    "kontrak",
    "garansi",
    "pengalaman",
    "experience",
    "experiences",
    "terakhir",
    "berturut",
    "berjalan",
    "warranty",
    "contract",
    "anniversary",
    "birthday",
    "street",
    "century",
    "august",
    "agustus",
    "edition",
    "avenue",
    "floor",
    "keatas",
    "prison",
    "jail",
    "sentence",
    "imprisonment",
    "guarantee",
    "lamanya",
    "lagi",
    "kemudian",
    "later",
];
/// Limits, which are ranges with one end.
const LIMITS: [&str; 10] = [
    "min", "minimal", "minimum", "max", "maks", "maksimal", "maximal", "maximum", "batas", "least",
];
/// After a small number: an infant's age, which infant rules test by words.
const INFANT: [&str; 12] = [
    "bln", "bulan", "minggu", "mgg", "hari", "month", "months", "week", "weeks", "day", "days",
    "bl",
];

/// Adds the ages of a view.
pub(super) fn ages(view: &NormalText, published_at: Option<Timestamp>, found: &mut Vec<Found>) {
    for captures in AGE.captures_iter(view.as_str()) {
        let whole = captures.get(0).expect("group 0 always takes part");
        let span = Span::new(whole.start(), whole.end());
        let number = |name: &str| {
            captures
                .name(name)
                .and_then(|group| group.as_str().parse::<u16>().ok())
        };
        if preceded_by_a_sign(view.as_str(), whole.start()) {
            continue;
        }
        let range = number("rlo")
            .zip(number("rhi"))
            .or(number("nlo").zip(number("nhi")));
        if let Some((min, max)) = range {
            push(found, span, min, max, true);
            continue;
        }
        let born = number("born").zip(published_at).map(|(born, at)| {
            let year = jiff::tz::TimeZone::UTC.to_datetime(at).year();
            u16::try_from(year).unwrap_or(0).saturating_sub(born)
        });
        let worded = captures
            .name("word")
            .and_then(|word| age_word(word.as_str()));
        let Some(age) = number("label").or(number("num")).or(worded).or(born) else {
            continue;
        };
        if is_something_else(view, span, captures.name("label").is_some()) {
            continue;
        }
        let limit = words_before(view, whole.start(), 2).any(|word| LIMITS.contains(&word))
            || view.as_str()[whole.end()..].trim_start().starts_with('+');
        if limit {
            push(found, span, age, 99, true);
        } else {
            push(found, span, age, age, false);
        }
    }
}

fn push(found: &mut Vec<Found>, span: Span, min: u16, max: u16, range: bool) {
    if (5..=99).contains(&min) && max <= 99 && min <= max {
        let value = Value::Age {
            min: min as u8,
            max: max as u8,
            range,
        };
        found.push(Found { span, value });
    }
}

/// `1.17 th`, `rp17 th`, `-17`: the tail of another number.
fn preceded_by_a_sign(text: &str, start: usize) -> bool {
    let before = &text.as_bytes()[..start];
    matches!(before, [.., b'0'..=b'9', b'.' | b',' | b':' | b'/' | b'-'])
}

fn is_something_else(view: &NormalText, span: Span, labelled: bool) -> bool {
    let before = words_before(view, span.start as usize, 3).any(|word| BEFORE.contains(&word));
    let mut after = words_after(view, span.end as usize, 2);
    let next = after.next().unwrap_or("");
    let after = AFTER.contains(&next)
        || after.any(|word| AFTER.contains(&word))
        || (labelled && INFANT.contains(&next));
    before || after
}

fn age_word(words: &str) -> Option<u16> {
    let stem: String = words.chars().filter(|ch| !ch.is_whitespace()).collect();
    Some(match stem.as_str() {
        "sebelas" | "eleven" => 11,
        "duabelas" | "twelve" => 12,
        "tigabelas" | "thirteen" => 13,
        "empatbelas" | "fourteen" => 14,
        "limabelas" | "fifteen" => 15,
        "enambelas" | "sixteen" => 16,
        "tujuhbelas" | "seventeen" => 17,
        "delapanbelas" | "eighteen" => 18,
        "sembilanbelas" | "nineteen" => 19,
        _ => return None,
    })
}
