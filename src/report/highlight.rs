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
#[derive(Debug)]
pub(super) struct Marks<'f> {
    places: Vec<Place<'f>>,
}

/// A field and a range of code points.
type Place<'f> = (&'f str, u32, u32);

impl<'f> Marks<'f> {
    /// Collects them; equal places share a number.
    pub(super) fn new(finding: &'f Finding) -> Self {
        let matches = finding.indicators.iter().flat_map(|one| &one.matches);
        let mut places: Vec<Place<'f>> = matches.map(place).collect();
        // The title is read before the text, and comes after it in the
        // alphabet.
        places.sort_by_key(|&(field, start, end)| (field != "title", field, start, end));
        places.dedup();
        Self { places }
    }

    /// The numbers of an indicator's places, in order.
    pub(super) fn of(&self, indicator: &IndicatorHeld) -> Vec<usize> {
        let numbers = indicator.matches.iter().filter_map(|found| {
            let at = self.places.iter().position(|one| *one == place(found))?;
            Some(at + 1)
        });
        let mut numbers: Vec<usize> = numbers.collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// A field's text, inert, with its places marked.
    ///
    /// Where marks overlap, the closing bracket says which one it closes.
    /// Places outside the text, which a damaged record may name, are left out.
    pub(super) fn draw(&self, field: &str, text: &str) -> Vec<Cell> {
        let chars: Vec<char> = text.chars().collect();
        let here: Vec<(usize, usize, usize)> = self
            .places
            .iter()
            .enumerate()
            .map(|(n, &(name, start, end))| (n + 1, name, start as usize, end as usize))
            .filter(|&(_, name, start, end)| name == field && start < end && end <= chars.len())
            .map(|(number, _, start, end)| (number, start, end))
            .collect();
        let mut edges: Vec<usize> = here
            .iter()
            .flat_map(|&(_, start, end)| [start, end])
            .collect();
        edges.extend([0, chars.len()]);
        edges.sort_unstable();
        edges.dedup();
        let mut cells = Vec::new();
        for (n, &edge) in edges.iter().enumerate() {
            draw_edge(&mut cells, &here, edge);
            let next = edges.get(n + 1).copied().unwrap_or(edge);
            let inside = here
                .iter()
                .any(|&(_, start, end)| start <= edge && edge < end);
            let tone = if inside { Tone::Marked } else { Tone::Plain };
            cells.extend(toned(&own_text(&chars[edge..next]), tone));
        }
        cells
    }
}

fn place(found: &Match) -> Place<'_> {
    (&found.field, found.start, found.end)
}

/// The brackets that stand at one place: first those that close, the last
/// opened first, then those that open, the longest first.
fn draw_edge(cells: &mut Vec<Cell>, here: &[(usize, usize, usize)], edge: usize) {
    let mut closing: Vec<_> = here.iter().filter(|one| one.2 == edge).collect();
    closing.sort_by_key(|one| std::cmp::Reverse((one.1, one.0)));
    let mut open = here
        .iter()
        .filter(|one| one.1 < edge && edge <= one.2)
        .count();
    for (number, _, _) in closing {
        let sign = if open > 1 {
            format!("{CLOSE}{number}")
        } else {
            CLOSE.to_string()
        };
        cells.extend(toned(&sign, Tone::Faint));
        open -= 1;
    }
    let mut opening: Vec<_> = here.iter().filter(|one| one.1 == edge).collect();
    opening.sort_by_key(|one| (std::cmp::Reverse(one.2), one.0));
    for (number, _, _) in opening {
        cells.extend(toned(&format!("{OPEN}{number}{GLUE}"), Tone::Faint));
    }
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
    fn overlapping_marks_say_which_one_ends() {
        assert_eq!(drawn("abcdef", &[(0, 4), (2, 6)]), "⟦1 ab⟦2 cd⟧1ef⟧");
        assert_eq!(drawn("abcdef", &[(0, 6), (2, 4)]), "⟦1 ab⟦2 cd⟧2ef⟧");
        assert_eq!(drawn("abc", &[(0, 3), (0, 1)]), "⟦2 ⟦1 a⟧1bc⟧");
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
