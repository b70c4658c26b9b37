//! A post with what was seen in it marked and numbered, like
//! `⟦1 Paspor disimpan kantor⟧`.
//!
//! Marks are signs, not colours, so that they survive a pipe, a copy and an
//! eye that sees no colour. The post's own brackets are written out, so that
//! it cannot put marks of its own.

use super::inert::inert;
use super::layout::{Cell, GLUE, Tone, toned};
use crate::store::record::{Finding, IndicatorHeld, Match};

const OPEN: char = '⟦';
const CLOSE: char = '⟧';

/// The places in a finding that indicators show in, in reading order.
///
/// Places that overlap are one mark: a reader wants to see where to look, and
/// the record holds every place exactly.
#[derive(Debug)]
pub(super) struct Marks<'f> {
    places: Vec<Place<'f>>,
}

/// A field and a range of code points.
type Place<'f> = (&'f str, u32, u32);

impl<'f> Marks<'f> {
    /// Collects them.
    pub(super) fn new(finding: &'f Finding) -> Self {
        let matches = finding.indicators.iter().flat_map(|one| &one.matches);
        let mut all: Vec<Place<'f>> = matches
            .map(place)
            .filter(|&(_, start, end)| start < end)
            .collect();
        // The title is read before the text, and comes after it in the
        // alphabet.
        all.sort_by_key(|&(field, start, end)| (field != "title", field, start, end));
        let mut places: Vec<Place<'f>> = Vec::new();
        for (field, start, end) in all {
            match places.last_mut() {
                Some(last) if last.0 == field && start < last.2 => last.2 = last.2.max(end),
                _ => places.push((field, start, end)),
            }
        }
        Self { places }
    }

    /// The numbers of an indicator's places, in order.
    pub(super) fn of(&self, indicator: &IndicatorHeld) -> Vec<usize> {
        let numbers = indicator.matches.iter().filter_map(|found| {
            let (field, start, end) = place(found);
            let covers = |one: &Place<'_>| one.0 == field && one.1 <= start && end <= one.2;
            Some(self.places.iter().position(covers)? + 1)
        });
        let mut numbers: Vec<usize> = numbers.collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// A field's text, inert, with its places marked. Places outside the text,
    /// which a damaged record may name, are left out.
    pub(super) fn draw(&self, field: &str, text: &str) -> Vec<Cell> {
        let chars: Vec<char> = text.chars().collect();
        let mut cells = Vec::new();
        let mut at = 0;
        for (index, &(name, start, end)) in self.places.iter().enumerate() {
            let (start, end) = (start as usize, end as usize);
            if name != field || end > chars.len() {
                continue;
            }
            cells.extend(toned(&own_text(&chars[at..start]), Tone::Plain));
            cells.extend(toned(&format!("{OPEN}{}{GLUE}", index + 1), Tone::Faint));
            cells.extend(toned(&own_text(&chars[start..end]), Tone::Marked));
            cells.extend(toned(&CLOSE.to_string(), Tone::Faint));
            at = end;
        }
        cells.extend(toned(&own_text(&chars[at..]), Tone::Plain));
        cells
    }
}

fn place(found: &Match) -> Place<'_> {
    (&found.field, found.start, found.end)
}

/// A piece of the post itself.
fn own_text(chars: &[char]) -> String {
    let text: String = chars.iter().collect();
    inert(&text)
        .replace(OPEN, "‹U+27E6›")
        .replace(CLOSE, "‹U+27E7›")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sample;

    fn drawn(text: &str, places: &[(u32, u32)]) -> String {
        let mut finding = sample::record();
        finding.indicators.truncate(1);
        let one = finding.indicators[0].matches[0].clone();
        finding.indicators[0].matches = places
            .iter()
            .map(|&(start, end)| Match {
                start,
                end,
                ..one.clone()
            })
            .collect();
        let cells = Marks::new(&finding).draw("text", text);
        let text: String = cells.into_iter().map(|cell| cell.0).collect();
        text.replace(GLUE, " ")
    }

    #[test]
    fn marks_are_numbered_in_reading_order() {
        assert_eq!(drawn("abc def", &[(4, 7), (0, 3)]), "⟦1 abc⟧ ⟦2 def⟧");
        assert_eq!(drawn("🙏🙏a", &[(2, 3)]), "🙏🙏⟦1 a⟧");
        assert_eq!(drawn("ab", &[(0, 1), (1, 2)]), "⟦1 a⟧⟦2 b⟧");
    }

    #[test]
    fn overlapping_places_are_one_mark() {
        assert_eq!(drawn("abcdef", &[(0, 4), (2, 6)]), "⟦1 abcdef⟧");
        assert_eq!(drawn("abcdef", &[(0, 3), (1, 2), (4, 6)]), "⟦1 abc⟧d⟦2 ef⟧");
        assert_eq!(drawn("abc", &[(0, 3), (0, 3)]), "⟦1 abc⟧");
    }

    #[test]
    fn a_post_cannot_put_marks_of_its_own() {
        assert_eq!(drawn("⟦1 a⟧", &[]), "‹U+27E6›1 a‹U+27E7›");
    }

    #[test]
    fn places_outside_the_text_are_left_out() {
        assert_eq!(drawn("abc", &[(1, 9), (2, 1), (3, 3)]), "abc");
    }
}
