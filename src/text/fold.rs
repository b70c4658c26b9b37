//! Unicode folding: case, compatibility forms, accents, invisible characters.
//!
//! Data come from ICU4X; nothing here is a table of ours. One pass, and pure
//! ASCII takes a path without a map.

use icu_normalizer::{DecomposingNormalizer, DecomposingNormalizerBorrowed};
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};

use super::offsets::Writer;
use super::{NormalText, OffsetMap};
use crate::entity::Disguise;
use crate::span::Span;

/// Folds a published text; disguises seen on the way are added to `seen`.
pub(super) fn fold(published: &str, seen: &mut Vec<(Span, Disguise)>) -> NormalText {
    if published.is_ascii() {
        return NormalText::new(fold_ascii(published), OffsetMap::default());
    }
    let nfkd = const { DecomposingNormalizer::new_nfkd() };
    let mut folder = Folder {
        writer: Writer::with_capacity(published.len()),
        nfkd,
        seen,
    };
    let mut before = ' ';
    let mut rest = published.char_indices().peekable();
    while let Some((at, ch)) = rest.next() {
        let from = Span::new(at, at + ch.len_utf8());
        let after = rest.peek().map_or(' ', |&(_, next)| next);
        folder.push(ch, from, (before, after));
        before = ch;
    }
    let (text, offsets) = folder.writer.finish();
    NormalText::new(text, offsets)
}

fn fold_ascii(text: &str) -> String {
    let mut bytes = text.as_bytes().to_ascii_lowercase();
    for byte in &mut bytes {
        if byte.is_ascii_control() && *byte != b'\n' {
            *byte = b' ';
        }
    }
    String::from_utf8(bytes).expect("lower-casing ASCII leaves it ASCII")
}

struct Folder<'s> {
    writer: Writer,
    nfkd: DecomposingNormalizerBorrowed<'static>,
    seen: &'s mut Vec<(Span, Disguise)>,
}

impl Folder<'_> {
    fn push(&mut self, ch: char, from: Span, (before, after): (char, char)) {
        if ch.is_ascii() {
            let folded = if ch.is_ascii_control() && ch != '\n' {
                ' '
            } else {
                ch
            };
            self.writer.push(folded.to_ascii_lowercase(), from);
        } else if is_invisible(ch) {
            if before.is_alphanumeric() && after.is_alphanumeric() {
                self.seen.push((from, Disguise::Invisible));
            }
        } else if is_line_break(ch) {
            self.writer.push('\n', from);
        } else if ch.is_whitespace() || ch.is_control() {
            self.writer.push(' ', from);
        } else {
            self.push_decomposed(ch, from);
        }
    }

    fn push_decomposed(&mut self, ch: char, from: Span) {
        let mut letters = 0;
        let mut ascii = true;
        for part in self.nfkd.normalize_iter(std::iter::once(ch)) {
            // An accent sits on its letter; alone it shows nothing a rule
            // could be about.
            if is_mark(part) {
                ascii = false;
                continue;
            }
            for lower in part.to_lowercase() {
                letters += 1;
                ascii &= lower.is_ascii_alphabetic();
                self.writer.push(lower, from);
            }
        }
        if letters == 1 && ascii && !matches!(ch, '\u{aa}' | '\u{ba}') {
            self.seen.push((from, Disguise::StyledLetters));
        }
    }
}

/// Characters that show nothing: zero-width, bidi controls, soft hyphens,
/// variation selectors, tags.
fn is_invisible(ch: char) -> bool {
    const { CodePointSetData::new::<DefaultIgnorableCodePoint>() }.contains(ch)
        || const { CodePointMapData::<GeneralCategory>::new() }.get(ch) == GeneralCategory::Format
}

fn is_mark(ch: char) -> bool {
    !ch.is_ascii()
        && GeneralCategoryGroup::Mark
            .contains(const { CodePointMapData::<GeneralCategory>::new() }.get(ch))
}

fn is_line_break(ch: char) -> bool {
    matches!(ch, '\u{85}' | '\u{2028}' | '\u{2029}')
}
