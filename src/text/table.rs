//! What each character folds to, from ICU4X data.
//!
//! A page of 256 characters is computed when one of them is first met, so that
//! starting costs nothing and a post pays one look-up a character. The table
//! is the same whoever fills it first.

use std::sync::OnceLock;

use icu_normalizer::{DecomposingNormalizer, DecomposingNormalizerBorrowed};
use icu_properties::props::{
    DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_security::confusable_detection::skeleton;

use super::styled;

const PAGE: usize = 256;
const N_PAGES: usize = 0x11_0000 / PAGE;

static PAGES: [OnceLock<Box<Page>>; N_PAGES] = [const { OnceLock::new() }; N_PAGES];

struct Page {
    letters: [Letter; PAGE],
    /// What characters of this page fold to that fold to several.
    several: Vec<Box<str>>,
}

/// What is known of one character.
#[derive(Clone, Copy)]
pub(super) struct Letter(u32);

/// What a character folds to.
pub(super) enum Folded {
    /// One character.
    One(char),
    /// Several.
    Several(&'static str),
    /// An accent, which sits on its letter: nothing.
    Mark,
    /// A character that shows nothing: nothing.
    Invisible,
}

// A `Letter` is a code point (21 bits), or an index, with these above it, and
// the Latin letter it looks like, 1 for `a`, in the five highest bits.
const SEVERAL: u32 = 1 << 21;
const MARK: u32 = 1 << 22;
const INVISIBLE: u32 = 1 << 23;
const STYLED: u32 = 1 << 24;
const WORD: u32 = 1 << 25;
const ALIKE: u32 = 1 << 26;
const LOOK: u32 = 27;
const VALUE: u32 = SEVERAL - 1;

/// Looks a character up.
pub(super) fn letter(ch: char) -> Letter {
    let page = PAGES[ch as usize / PAGE].get_or_init(|| Box::new(Page::new(ch as u32 >> 8)));
    page.letters[ch as usize % PAGE]
}

impl Letter {
    /// What `ch`, whose letter this is, folds to.
    pub(super) fn folded(self, ch: char) -> Folded {
        if self.0 & (SEVERAL | MARK | INVISIBLE) == 0 {
            return Folded::One(char::from_u32(self.0 & VALUE).unwrap_or(ch));
        }
        if self.0 & INVISIBLE != 0 {
            return Folded::Invisible;
        }
        if self.0 & MARK != 0 {
            return Folded::Mark;
        }
        let page = PAGES[ch as usize / PAGE].get();
        let several = page.map_or("", |page| &page.several[(self.0 & VALUE) as usize]);
        Folded::Several(several)
    }

    /// Whether it is a styled form of one ASCII letter: fullwidth,
    /// mathematical, enclosed.
    pub(super) fn is_styled(self) -> bool {
        self.0 & STYLED != 0
    }

    /// Whether it is itself part of words.
    pub(super) fn is_word(self) -> bool {
        self.0 & WORD != 0
    }

    /// Whether it, or its capital, looks like a Latin letter.
    pub(super) fn may_look_latin(self) -> bool {
        self.0 & ALIKE != 0
    }

    /// The Latin letter that it looks like as it is written, if any.
    pub(super) fn latin_look(self) -> Option<char> {
        let nth = (self.0 >> LOOK) as u8;
        (nth > 0).then(|| (b'a' + nth - 1) as char)
    }
}

/// Whether it is a letter of the Latin script.
pub(super) fn is_latin(ch: char) -> bool {
    const { CodePointMapData::<Script>::new() }.get(ch) == Script::Latin
}

impl Page {
    fn new(number: u32) -> Self {
        let nfkd = &const { DecomposingNormalizer::new_nfkd() };
        let mut page = Self {
            letters: [Letter(0); PAGE],
            several: Vec::new(),
        };
        for index in 0..PAGE {
            // Surrogates are no characters and are never asked for.
            if let Some(ch) = char::from_u32(number << 8 | index as u32) {
                page.letters[index] = page.letter(ch, nfkd);
            }
        }
        page
    }

    fn letter(&mut self, ch: char, nfkd: &DecomposingNormalizerBorrowed<'static>) -> Letter {
        let look = latin_look(ch);
        let may_look = look.is_some() || ch.to_uppercase().any(|one| latin_look(one).is_some());
        let about = if is_word(ch) { WORD } else { 0 }
            | if may_look { ALIKE } else { 0 }
            | look.map_or(0, |look| (look as u32 - 'a' as u32 + 1) << LOOK);
        if is_invisible(ch) {
            return Letter(INVISIBLE | about);
        }
        let folded = fold(ch, nfkd);
        let mut chars = folded.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Letter(MARK | about),
            (Some(one), None) => {
                let is_styled = one.is_ascii_alphabetic() && is_style(ch, nfkd);
                Letter(one as u32 | about | if is_styled { STYLED } else { 0 })
            }
            _ => {
                self.several.push(folded.into_boxed_str());
                Letter((self.several.len() - 1) as u32 | SEVERAL | about)
            }
        }
    }
}

/// Compatibility form, without accents, lower case, until nothing changes.
fn fold(ch: char, nfkd: &DecomposingNormalizerBorrowed<'static>) -> String {
    let once = fold_once(ch, nfkd);
    let stays = once.is_ascii() || once.chars().eq([ch]);
    if stays {
        return once;
    }
    once.chars().map(|part| fold(part, nfkd)).collect()
}

fn fold_once(ch: char, nfkd: &DecomposingNormalizerBorrowed<'static>) -> String {
    if matches!(ch, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}') {
        return "\n".to_owned();
    }
    if ch.is_whitespace() || ch.is_control() {
        return " ".to_owned();
    }
    if let Some(letter) = styled::letter(ch) {
        return letter.to_string();
    }
    // A letter of its own, though its capital is the plain I.
    if ch == 'ı' {
        return ch.to_string();
    }
    // By way of upper case, which is full case folding: it joins what differs
    // in lower case only, such as the two forms of sigma, or sharp s and ss.
    nfkd.normalize_iter(std::iter::once(ch))
        .filter(|&part| !is_mark(part))
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .filter(|&part| !is_mark(part))
        .collect()
}

/// Whether `ch`, which folds to an ASCII letter, is that letter in another
/// style, rather than with an accent or in upper case.
fn is_style(ch: char, nfkd: &DecomposingNormalizerBorrowed<'static>) -> bool {
    let mut parts = nfkd.normalize_iter(std::iter::once(ch));
    let first = parts.next().unwrap_or(ch);
    // The ordinals of Romance languages are letters by form only, and the sign
    // for information is a picture.
    let is_ordinal = matches!(ch, '\u{aa}' | '\u{ba}' | '\u{2139}');
    let is_letter = first.is_ascii() || styled::letter(first).is_some();
    let decomposed = first != ch && is_letter && parts.next().is_none();
    !is_ordinal && (decomposed || styled::letter(ch).is_some())
}

/// Characters that show nothing: zero-width, bidi controls, soft hyphens,
/// variation selectors, tags.
fn is_invisible(ch: char) -> bool {
    const { CodePointSetData::new::<DefaultIgnorableCodePoint>() }.contains(ch)
        || const { CodePointMapData::<GeneralCategory>::new() }.get(ch) == GeneralCategory::Format
}

/// Letters and digits: what `\w` of regular expressions stands for, without
/// marks and the underscore. Other numbers, such as fractions, are signs.
fn is_word(ch: char) -> bool {
    let category = const { CodePointMapData::<GeneralCategory>::new() }.get(ch);
    let is_digit = matches!(
        category,
        GeneralCategory::DecimalNumber | GeneralCategory::LetterNumber
    );
    ch.is_alphabetic() || is_digit
}

fn is_mark(ch: char) -> bool {
    !ch.is_ascii()
        && GeneralCategoryGroup::Mark
            .contains(const { CodePointMapData::<GeneralCategory>::new() }.get(ch))
}

/// Letters that ordinary words of languages in Latin letters have beside the
/// ASCII ones they look like: Turkish, Icelandic and the alphabets of Africa.
const OF_THEIR_OWN: [char; 6] = ['ı', 'þ', 'ɩ', 'ʋ', 'ɣ', 'ƒ'];

/// The Latin letter that `ch` looks like as it is written: its prototype in
/// UTS #39 where that is one ASCII letter or a small capital. Digits and signs
/// look like no letter here, since that would change what a number says.
fn latin_look(ch: char) -> Option<char> {
    if ch.is_ascii() || !ch.is_alphabetic() || OF_THEIR_OWN.contains(&ch) {
        return None;
    }
    if let Some(letter) = styled::turned(ch) {
        return Some(letter);
    }
    let prototype = |ch: char| {
        let mut buffer = [0; 4];
        let mut chars = skeleton(ch.encode_utf8(&mut buffer));
        let first = chars.next();
        first.filter(|_| chars.next().is_none())
    };
    let look = match (ch, prototype(ch)?) {
        // The table has them look like turned w and kra, which look like m, k.
        ('м', _) => 'm',
        (_, 'ĸ') => 'k',
        (_, one) if one.is_ascii_alphabetic() => one.to_ascii_lowercase(),
        (_, one) => styled::letter(one).filter(char::is_ascii_lowercase)?,
    };
    // In the table capital I is an l; who writes Cyrillic І means i.
    let lower = ch.to_lowercase().next().filter(|&lower| lower != ch);
    if look == 'l' && lower.and_then(prototype) == Some('i') {
        return Some('i');
    }
    Some(look)
}
