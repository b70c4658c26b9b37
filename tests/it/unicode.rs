//! Folding against Unicode's own data: every code point, one by one.
//!
//! What folding must agree with is computed by other means than it uses
//! itself: `unicode-normalization` for compatibility forms and `icu_casemap`
//! for full case folding. Where it departs on purpose stands here with why.

use std::collections::BTreeMap;

use icu_casemap::CaseMapper;
use lentera::text::Views;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

fn every_char() -> impl Iterator<Item = char> {
    (0..=0x10_ffff).filter_map(char::from_u32)
}

fn fold(text: &str) -> String {
    Views::new(text).plain.as_str().to_owned()
}

/// Compatibility form without marks and full case folding, until neither
/// changes anything: UAX #15 and the Unicode standard, §3.13. The iota under
/// Greek vowels is a mark like any other.
fn reference(ch: char) -> String {
    let cases = CaseMapper::new();
    let mut text = ch.to_string();
    loop {
        let bare: String = text.nfkd().filter(|&ch| !is_combining_mark(ch)).collect();
        let next = cases.fold_string(&bare).into_owned();
        if next == text {
            return text;
        }
        text = next;
    }
}

/// Why a character folds to something else than the reference, if it may.
fn exception(ch: char, folded: &str) -> Option<&'static str> {
    let block = ch as u32;
    Some(match ch {
        'ı' => "a letter of its own",
        _ if ch.is_whitespace() || ch.is_control() => "one kind of space, one of line end",
        _ if folded.is_empty() => "shows nothing",
        '\u{1f1e6}'..='\u{1f1ff}' => "a letter unless in a flag",
        _ if matches!(block, 0x249c..=0x24b5 | 0x1f110..=0x1f12a) => "a letter, not in brackets",
        _ if folded.chars().all(|one| one.is_ascii_alphanumeric()) => "drawn as letters or digits",
        'Ꭰ'..='Ᏽ' | 'ᏸ'..='ᏽ' | 'ꭰ'..='ꮿ' => "the other case stands for both",
        _ if !ch.is_alphabetic() && folded.chars().eq([ch]) => "newer than the standard library",
        _ => return None,
    })
}

#[test]
fn every_code_point_folds_as_unicode_says() {
    let mut faults = BTreeMap::new();
    for ch in every_char() {
        let folded = fold(&ch.to_string());
        if folded != reference(ch) && exception(ch, &folded).is_none() {
            faults.insert(ch, (folded, reference(ch)));
        }
    }
    let some: Vec<_> = faults.iter().take(60).collect();
    assert!(faults.is_empty(), "{} faults: {some:?}", faults.len());
}

#[test]
fn folding_every_code_point_twice_changes_nothing() {
    for ch in every_char() {
        let once = fold(&format!("a{ch}b"));
        assert_eq!(fold(&once), once, "{ch:?} U+{:04X}", ch as u32);
    }
}

/// Letters that look Latin and yet are never read so.
fn stays(ch: char) -> Option<&'static str> {
    Some(match ch {
        'ı' | 'þ' | 'ɩ' | 'ʋ' | 'ɣ' | 'ƒ' => {
            "of the alphabet of some language in Latin letters"
        }
        _ if !ch.is_alphabetic() => "no letter: reading it would change what a number says",
        _ => return None,
    })
}

#[test]
fn every_letter_that_looks_latin_is_undone_in_a_latin_word() {
    let mut faults = Vec::new();
    let mut n_undone = 0;
    for ch in every_char().filter(|ch| !ch.is_ascii()) {
        let look: Vec<char> = skeleton(&ch.to_string()).collect();
        let [look] = look[..] else { continue };
        if !look.is_ascii_alphabetic() || stays(ch).is_some() {
            continue;
        }
        let word = format!("kerja{ch}kerja");
        let views = Views::new(&word);
        let view = views.undisguised.as_ref().unwrap_or(&views.plain);
        let first = view.word(view.tokens()[0]).to_owned();
        n_undone += 1;
        // The shape of its capital or of the sign may say another letter.
        if !first.bytes().all(|byte| byte.is_ascii_lowercase()) {
            faults.push((ch, look, first));
        }
    }
    assert!(n_undone > 1000, "{n_undone} letters");
    assert!(faults.is_empty(), "{faults:?}");
}
