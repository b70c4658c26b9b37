//! The statistics as the file that is kept beside the rules. Nothing in it
//! depends on when or where it was made.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::percent;
use crate::assessment::Level;
use crate::pipeline::corpus::Side;
use crate::pipeline::stats::{Aim, Census, ClassCount, Found, MAX_MISSED};
use crate::report::inert_markdown;

/// The half whose posts nobody may look up: which of them are missed is not
/// told, only how many.
const HELD: &str = "held";

const HEAD: &str = "\
# What the rules find and miss

Written by `lentera rules stats --markdown fixtures/benign fixtures/flag`; a test keeps it fresh. \
Every text counted here is invented: these figures tell how the rules fare on what their authors \
could think of, not how they fare on the web. `work` is the half that was read while the rules were \
written; `held` is opened only to count, so its figures are the ones to quote.

A benign text should not be flagged at all. A text to flag is found when it gets the level its gate \
sets, or a higher one, on the route of that gate; pleas for help and missing-person notices when \
they get their route. *Disguised* are further writings of the same texts (`…a`, `…b`).
";

pub(super) fn written(census: &Census<'_>) -> String {
    let mut out = HEAD.to_owned();
    let parts: BTreeSet<_> = census.classes.keys().map(|(_, part, _)| part).collect();
    out.push_str("\n| half | benign | flagged | to flag | found | plain | disguised |\n");
    out.push_str("|---|--:|--:|--:|--:|--:|--:|\n");
    // The half to work on first.
    for part in parts.iter().rev() {
        summary(census, part, &mut out);
    }
    for part in parts.into_iter().rev() {
        let _ = writeln!(out, "\n## {}", inert_markdown(part));
        benign(census, part, &mut out);
        flag(census, part, &mut out);
    }
    out
}

fn rows<'c>(
    census: &'c Census<'_>,
    wanted: Side,
    wanted_part: &str,
) -> Vec<(&'c str, &'c ClassCount)> {
    let rows = census.classes.iter();
    rows.filter(|((side, part, _), _)| *side == wanted && part == wanted_part)
        .map(|((_, _, class), count)| (class.as_str(), count))
        .collect()
}

fn summary(census: &Census<'_>, part: &str, out: &mut String) {
    let levels = |count: &ClassCount| count.levels.values().sum::<u64>();
    let benign = rows(census, Side::Benign, part);
    let n_benign = benign.iter().map(|row| row.1.all.posts).sum();
    let n_flagged = benign.iter().map(|row| levels(row.1)).sum();
    let [all, plain, disguised] = sums(&rows(census, Side::Flag, part));
    let _ = writeln!(
        out,
        "| {} | {n_benign} | {n_flagged} ({}) | {} | {} ({}) | {} | {} |",
        inert_markdown(part),
        percent(n_flagged, n_benign),
        all.posts,
        all.found,
        recall(all),
        recall(plain),
        recall(disguised)
    );
}

/// All texts to flag, the plain ones and the disguised ones.
fn sums(rows: &[(&str, &ClassCount)]) -> [Found; 3] {
    let mut sums = [Found::default(); 3];
    for (_, count) in rows {
        for (sum, found) in sums
            .iter_mut()
            .zip([count.all, count.plain, count.disguised])
        {
            sum.posts += found.posts;
            sum.found += found.found;
        }
    }
    sums
}

fn benign(census: &Census<'_>, part: &str, out: &mut String) {
    let rows = rows(census, Side::Benign, part);
    if rows.is_empty() {
        return;
    }
    out.push_str("\n### Benign texts, by class\n\n");
    out.push_str("| class | posts | low | medium | high | critical | gates |\n");
    out.push_str("|---|--:|--:|--:|--:|--:|---|\n");
    let levels = [Level::Low, Level::Medium, Level::High, Level::Critical];
    let (mut posts, mut by_level) = (0, [0; 4]);
    for (class, count) in rows {
        posts += count.all.posts;
        let _ = write!(out, "| {} | {} ", inert_markdown(class), count.all.posts);
        for (sum, level) in by_level.iter_mut().zip(levels) {
            *sum += count.at(level);
            let _ = write!(out, "| {} ", count.at(level));
        }
        let gates = count.gates.iter();
        let gates: Vec<_> = gates.map(|(gate, n)| format!("{gate} × {n}")).collect();
        let _ = writeln!(out, "| {} |", inert_markdown(&gates.join(", ")));
    }
    let _ = write!(out, "| **all** | **{posts}** ");
    for sum in by_level {
        let _ = write!(out, "| **{sum}** ");
    }
    let flagged = percent(by_level.iter().sum(), posts);
    let _ = writeln!(out, "| {flagged} flagged |");
}

fn flag(census: &Census<'_>, part: &str, out: &mut String) {
    let rows = rows(census, Side::Flag, part);
    if rows.is_empty() {
        return;
    }
    out.push_str("\n### Texts to flag, by gate\n\n");
    out.push_str(
        "| class | asked for | posts | found | recall | plain | disguised | by the gate itself |\n",
    );
    out.push_str("|---|---|--:|--:|--:|--:|--:|--:|\n");
    for (class, count) in &rows {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            inert_markdown(class),
            asked(&count.aim),
            count.all.posts,
            count.all.found,
            recall(count.all),
            recall(count.plain),
            recall(count.disguised),
            match count.aim {
                Aim::Gate { .. } => count.by_gate.to_string(),
                _ => String::new(),
            },
        );
    }
    let [all, plain, disguised] = sums(&rows);
    let _ = writeln!(
        out,
        "| **all** | | **{}** | **{}** | **{}** | {} | {} | |",
        all.posts,
        all.found,
        recall(all),
        recall(plain),
        recall(disguised)
    );
    if part != HELD {
        missed(&rows, out);
    }
}

fn asked(aim: &Aim) -> String {
    match aim {
        Aim::Gate { alias, level, .. } => format!("{}, {}", inert_markdown(alias), level.as_str()),
        Aim::Route(route) => format!("route `{}`", route.as_str()),
        Aim::NoSuchGate(alias) => format!("no gate {} yet: any flag", inert_markdown(alias)),
        Aim::Any => "any flag".to_owned(),
    }
}

fn recall(found: Found) -> String {
    if found.posts == 0 {
        return "–".to_owned();
    }
    percent(found.found, found.posts)
}

fn missed(rows: &[(&str, &ClassCount)], out: &mut String) {
    out.push_str("\nMissed:\n\n");
    let mut any = false;
    for (class, count) in rows.iter().filter(|(_, count)| !count.missed.is_empty()) {
        any = true;
        let ids: Vec<_> = count.missed.iter().map(|id| inert_markdown(id)).collect();
        let _ = write!(out, "* {}: {}", inert_markdown(class), ids.join(", "));
        let n_missed = count.all.posts - count.all.found;
        if n_missed > MAX_MISSED as u64 {
            let _ = write!(out, " and {} more", n_missed - MAX_MISSED as u64);
        }
        out.push('\n');
    }
    if !any {
        out.push_str("none.\n");
    }
}
