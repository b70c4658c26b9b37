//! Unicode folding: case, compatibility forms, accents, invisible characters.
//!
//! One pass. Runs of ASCII are copied and lower-cased as a whole, so that a
//! post pays for the other characters only; pure ASCII needs no map at all.

use super::OffsetMap;
use super::offsets::Writer;
use super::table::{self, Folded};
use crate::entity::Disguise;
use crate::span::Span;

/// Folds a published text; disguises seen on the way are added to `seen`.
pub(super) fn fold(published: &str, seen: &mut Vec<(Span, Disguise)>) -> (String, OffsetMap) {
    let bytes = published.as_bytes();
    let mut writer = Writer::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let run = ascii_run(&bytes[at..]);
        if run > 0 {
            writer.ascii(&bytes[at..at + run], at);
            at += run;
        }
        let before = published[..at].chars().next_back().unwrap_or(' ');
        at = fold_others(published, at, before, &mut writer, seen);
    }
    writer.finish()
}

/// Folds the characters from `at` to the next ASCII one, and returns where
/// that stands.
fn fold_others(
    published: &str,
    mut at: usize,
    mut before: char,
    writer: &mut Writer,
    seen: &mut Vec<(Span, Disguise)>,
) -> usize {
    let mut rest = published[at..].chars().peekable();
    while let Some(ch) = rest.next_if(|ch| !ch.is_ascii()) {
        let from = Span::new(at, at + ch.len_utf8());
        let letter = table::letter(ch);
        match letter.folded(ch) {
            Folded::One(one) => {
                writer.push(one, from);
                if letter.is_styled() {
                    seen.push((from, Disguise::StyledLetters));
                }
            }
            Folded::Several(text) => text.chars().for_each(|one| writer.push(one, from)),
            Folded::Mark => {}
            Folded::Invisible => {
                let after = rest.peek().copied().unwrap_or(' ');
                if before.is_alphanumeric() && after.is_alphanumeric() {
                    seen.push((from, Disguise::Invisible));
                }
            }
        }
        before = ch;
        at += ch.len_utf8();
    }
    at
}

/// Length of the ASCII text that `bytes` begin with.
fn ascii_run(bytes: &[u8]) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = 0;
    for chunk in bytes.chunks_exact(8) {
        let high = u64::from_le_bytes(chunk.try_into().expect("eight bytes")) & HIGH;
        if high != 0 {
            return at + high.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..]
        .iter()
        .take_while(|byte| byte.is_ascii())
        .count()
}
