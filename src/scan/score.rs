//! Points: integers, once per post, capped per axis.
//!
//! They order the queue within a level and decide nothing.

use std::collections::BTreeMap;

use crate::assessment::Hit;
use crate::indicator::Axis;

/// Sorts hits by points, cuts each axis at its cap, and returns the sum.
///
/// The shares of the hits always add up to the sum.
pub(super) fn cap(hits: &mut [Hit], caps: &BTreeMap<Axis, u32>) -> u32 {
    let by_weight = |one: &Hit, other: &Hit| {
        other
            .points
            .cmp(&one.points)
            .then_with(|| one.indicator.id.cmp(&other.indicator.id))
    };
    hits.sort_by(by_weight);
    let mut spent: BTreeMap<Axis, u32> = BTreeMap::new();
    for hit in hits.iter_mut() {
        let spent = spent.entry(hit.indicator.axis).or_default();
        let cap = caps.get(&hit.indicator.axis).copied().unwrap_or(u32::MAX);
        hit.points = hit.points.min(cap - *spent);
        *spent += hit.points;
    }
    hits.iter().map(|hit| hit.points).sum()
}
