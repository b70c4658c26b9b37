//! What a run did, in a few lines on stderr.

use std::fmt::Write as _;
use std::path::Path;

use crate::pipeline::Tally;

/// Skips listed one by one before the rest is only counted.
const SHOWN: usize = 20;

/// The summary of a scan.
pub(super) fn scan(tally: &Tally, written: Option<&Path>) -> String {
    let mut out = String::new();
    let (posts, flagged) = (tally.n_posts, tally.n_flagged());
    let _ = writeln!(out, "{posts} posts scanned, {flagged} deserve a look");
    for ((level, route), n) in tally.flagged.iter().rev() {
        let _ = writeln!(out, "  {n:>6}  {} · {}", level.as_str(), route.as_str());
    }
    for (id, n) in &tally.shadow {
        let _ = writeln!(out, "  shadow {id}: {n} posts (not in any record)");
    }
    out.push_str(&skips(tally));
    if let Some(path) = written {
        let _ = writeln!(out, "written: {}", path.display());
    }
    out
}

/// What was done so far, for a progress bar.
pub(super) fn so_far(tally: &Tally) -> String {
    format!("{} posts, {} to look at", tally.n_posts, tally.n_flagged())
}

/// What was not processed and why: counted by reason, the first ones named.
pub(super) fn skips(tally: &Tally) -> String {
    let mut out = String::new();
    let total: u64 = tally.n_skips.values().sum();
    if total == 0 {
        return out;
    }
    let counts: Vec<String> = tally
        .n_skips
        .iter()
        .map(|(reason, n)| format!("{} {n}", reason.as_str()))
        .collect();
    let _ = writeln!(out, "{total} not processed: {}", counts.join(", "));
    for skip in tally.skips.iter().take(SHOWN) {
        let _ = writeln!(out, "  {skip}");
    }
    if total > SHOWN as u64 {
        let _ = writeln!(out, "  … and {} more", total - SHOWN as u64);
    }
    out
}
