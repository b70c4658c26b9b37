//! A cheap look beside an anchor before a phrase is tried there.
//!
//! Anchors are often frequent words. Most of the times that one stands in a
//! text, the rest of its phrase does not, and one other part of it, looked for
//! at the distances it can have, tells so for a few bit tests.

use std::ops::Range;

use super::phrase::{Part, Phrases};
use super::text::Text;

/// Farther parts, in words, are not looked for.
const FARTHEST: u16 = 64;

/// What must stand at a distance from an anchor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Probe {
    part: Part,
    is_behind: bool,
    /// Least and greatest distance in words: behind, from the last word it is
    /// given of the anchor; before, from the first.
    near: u16,
    far: u16,
}

impl Probe {
    /// The most telling part of a phrase that is not among the `n` parts from
    /// `at` on; `cost` says how often a part stands somewhere.
    pub(super) fn new(
        parts: &[Part],
        at: usize,
        n: u16,
        cost: impl Fn(Part) -> Option<f32>,
    ) -> Option<Self> {
        let behind = side(parts[at + usize::from(n)..].iter(), n - 1, true);
        let before = side(parts[..at].iter().rev(), 0, false);
        let width = |probe: &Self| f32::from(probe.far - probe.near + 1);
        let rated = behind.chain(before).filter_map(|probe| {
            let cost = cost(probe.part).filter(|_| probe.far <= FARTHEST)?;
            Some((cost * width(&probe), probe))
        });
        let best = rated.min_by(|one, other| one.0.total_cmp(&other.0));
        best.map(|(_, probe)| probe)
    }

    /// Whether the part may stand near these words: those of the value that is
    /// the anchor, or its first word. Never wrong when it says no.
    pub(super) fn passes(&self, phrases: &Phrases, text: &Text<'_>, anchor: Range<usize>) -> bool {
        let tokens = text.view.tokens();
        let near = self.words(anchor, tokens.len());
        match self.part {
            Part::Word(id) => {
                let wanted = phrases.words.fingerprint(id);
                tokens[near].iter().any(|token| token.fingerprint == wanted)
            }
            Part::Set(set) => {
                let set = &phrases.sets[set as usize];
                let mut near = tokens[near].iter();
                near.any(|token| set.may_hold(token.fingerprint))
            }
            Part::Value(test) => {
                let touches = |first: usize, last: usize| {
                    near.contains(if self.is_behind { &first } else { &last })
                };
                text.may_hold(test)
                    && text.values().iter().any(|value| {
                        touches(value.first, value.last) && text.holds(test, value.entity)
                    })
            }
            Part::Gap(_) => true,
        }
    }

    /// The words at these distances from an anchor, of so many.
    fn words(&self, anchor: Range<usize>, n_words: usize) -> Range<usize> {
        let (near, far) = (usize::from(self.near), usize::from(self.far));
        let (first, last) = (anchor.start, anchor.end - 1);
        let (start, end) = if self.is_behind {
            (last + near, last + far + 1)
        } else {
            (first.saturating_sub(far), (first + 1).saturating_sub(near))
        };
        let end = end.min(n_words);
        start.min(end)..end
    }
}

/// The parts on one side of an anchor, nearest first, with their distances;
/// `from` is the distance of the anchor's own last word there.
fn side<'p>(
    parts: impl Iterator<Item = &'p Part>,
    from: u16,
    is_behind: bool,
) -> impl Iterator<Item = Probe> {
    let (mut near, mut far) = (from, from);
    let mut is_known = true;
    parts.filter_map(move |&part| {
        if let Part::Gap(most) = part {
            far += u16::from(most);
            return None;
        }
        (near, far) = (near + 1, far + 1);
        let probe = Probe {
            part,
            is_behind,
            near,
            far,
        };
        let was_known = is_known;
        // Nobody knows how many words a value has.
        is_known &= !matches!(part, Part::Value(_));
        was_known.then_some(probe)
    })
}
