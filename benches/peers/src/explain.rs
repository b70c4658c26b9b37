//! Why hits of two engines may differ: every difference needs one of these
//! reasons.

use crate::engine::{Found, is_bounded};
use crate::ours;

/// How far from a regex's hit something that changes it may stand: gaps reach
/// over four words.
const NEAR: usize = 80;

/// Reasons for differences; `None` where there is none.
#[derive(Clone, Copy)]
pub(crate) struct Explain {
    /// Between peers.
    pub(crate) peers: fn(&str, Found) -> Option<&'static str>,
    /// A peer's hit that ours has not.
    pub(crate) missed: fn(&str, Found) -> Option<&'static str>,
    /// A hit of ours that peers have not.
    pub(crate) extra: fn(&str, &str, Found) -> Option<&'static str>,
}

/// Phrases are compared strictly.
pub(crate) const PHRASES: Explain = Explain {
    peers: |_, _| None,
    missed: |_, _| None,
    extra: extra_phrase,
};

/// Regexes may differ where folding or Unicode classes change the text: ours
/// reads folded text, `regex-filtered` has Unicode classes, the others bytes.
pub(crate) const REGEXES: Explain = Explain {
    peers: beyond_ascii,
    missed: beyond_ascii,
    extra: |text, _, hit| beyond_ascii(text, hit).or_else(|| disguise_near(text, hit, NEAR)),
};

fn extra_phrase(text: &str, pattern: &str, hit: Found) -> Option<&'static str> {
    let (start, end) = (hit.start as usize, hit.end as usize);
    let region = text.get(start..end)?;
    if region.eq_ignore_ascii_case(pattern) {
        let beside = !is_bounded(text.as_bytes(), start, end);
        return beside.then_some("beside a character beyond ASCII");
    }
    let folded = ours::folded(region);
    let words = folded
        .split(|ch: char| !ch.is_alphanumeric())
        .filter(|word| !word.is_empty());
    if words.eq(pattern.split(' ')) {
        return Some(if region.is_ascii() {
            "with more than one space between words"
        } else {
            "in folded characters"
        });
    }
    disguise_near(text, hit, 0)
}

fn beyond_ascii(text: &str, hit: Found) -> Option<&'static str> {
    let bytes = text.as_bytes();
    let start = (hit.start as usize).saturating_sub(NEAR);
    let end = (hit.end as usize + NEAR).min(bytes.len());
    (!bytes[start..end].is_ascii()).then_some("near a character beyond ASCII")
}

fn disguise_near(text: &str, hit: Found, reach: usize) -> Option<&'static str> {
    let (start, end) = (
        (hit.start as usize).saturating_sub(reach),
        hit.end as usize + reach,
    );
    let touches = |&(from, to): &(usize, usize)| from < end && to > start;
    ours::disguises(text)
        .iter()
        .any(touches)
        .then_some("with a disguise undone")
}
