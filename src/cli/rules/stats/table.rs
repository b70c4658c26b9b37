//! The statistics for a person at a terminal.

use std::fmt::Write as _;

use super::{N_TOGETHER, is_too_often, percent};
use crate::pipeline::corpus::Side;
use crate::pipeline::stats::{Aim, Census, Count};

/// Near misses shown for a gate.
const N_NEAR: usize = 5;

pub(super) fn written(census: &Census<'_>) -> String {
    let mut out = String::new();
    let posts = census.posts;
    let _ = writeln!(
        out,
        "{} posts: {} benign, {} to flag",
        posts.total(),
        posts.benign,
        posts.flag
    );
    indicators(census, &mut out);
    gates(census, &mut out);
    remarks(census, &mut out);
    classes(census, &mut out);
    out
}

fn shares(census: &Census<'_>, count: Count) -> String {
    let benign = percent(count.benign, census.posts.benign);
    let flag = percent(count.flag, census.posts.flag);
    format!("{:>6} {benign:>8} {flag:>8}", count.total())
}

fn indicators(census: &Census<'_>, out: &mut String) {
    let rules = census.rules();
    let _ = writeln!(
        out,
        "\n{:<4} {:<38} {:>6} {:>8} {:>8}  most often with (Jaccard)",
        "", "indicator", "posts", "benign", "flag"
    );
    for (index, rule) in rules.indicators.iter().enumerate() {
        let count = census.indicators[index];
        if count.total() == 0 {
            continue;
        }
        let together: Vec<_> = census
            .together(index, N_TOGETHER)
            .into_iter()
            .map(|(other, _, jaccard)| {
                format!("{} {jaccard:.2}", rules.indicators[other].words.alias)
            })
            .collect();
        let (alias, id) = (&rule.words.alias, &rule.words.id);
        let (shares, together) = (shares(census, count), together.join(", "));
        let _ = writeln!(out, "{alias:<4} {id:<38} {shares}  {together}");
    }
}

fn gates(census: &Census<'_>, out: &mut String) {
    let _ = writeln!(
        out,
        "\n{:<4} {:<38} {:>6} {:>8} {:>8}",
        "", "gate", "posts", "benign", "flag"
    );
    for (index, rule) in census.rules().gates.iter().enumerate() {
        let (alias, id) = (&rule.words.alias, &rule.words.id);
        let shares = shares(census, census.gates[index]);
        let _ = writeln!(out, "{alias:<4} {id:<38} {shares}");
        let near = census.near.iter().filter(|((gate, _), _)| *gate == index);
        let mut near: Vec<_> = near.map(|((_, lacks), count)| (*count, lacks)).collect();
        near.sort_by_key(|(count, lacks)| (std::cmp::Reverse(count.total()), *lacks));
        let more = near.len().saturating_sub(N_NEAR);
        for (count, lacks) in near.into_iter().take(N_NEAR) {
            let (total, flag) = (count.total(), count.flag);
            let _ = writeln!(out, "       {total:>6} ({flag} to flag) lack only {lacks}");
        }
        if more > 0 {
            let _ = writeln!(out, "       … and {more} more");
        }
    }
}

fn remarks(census: &Census<'_>, out: &mut String) {
    let rules = census.rules();
    let indicators = rules.indicators.iter().zip(&census.indicators);
    let indicators = indicators
        .filter(|(rule, _)| rule.is_live())
        .map(|(rule, count)| (&rule.words.id, *count));
    let gates = rules.gates.iter().zip(&census.gates);
    let all: Vec<_> = indicators
        .chain(gates.map(|(rule, count)| (&rule.words.id, *count)))
        .collect();
    let told = |what: &str, test: &dyn Fn(Count) -> bool| {
        let ids: Vec<&str> = all
            .iter()
            .filter(|(_, count)| test(*count))
            .map(|(id, _)| id.as_str())
            .collect();
        match ids.len() {
            0 => String::new(),
            n => format!("\n{what} ({n}): {}\n", ids.join(", ")),
        }
    };
    out.push_str(&told("never held", &|count| count.total() == 0));
    out.push_str(&told("hold on more than a fifth of the posts", &|count| {
        is_too_often(census, count)
    }));
}

fn classes(census: &Census<'_>, out: &mut String) {
    let flagged = census
        .classes
        .iter()
        .filter(|((side, ..), count)| *side == Side::Benign && !count.levels.is_empty());
    out.push_str("\nflagged although benign\n");
    let mut any = false;
    for ((_, part, class), count) in flagged {
        any = true;
        let n: u64 = count.levels.values().sum();
        let gates: Vec<_> = count
            .gates
            .iter()
            .map(|(gate, n)| format!("{gate} {n}"))
            .collect();
        let (of, gates) = (count.all.posts, gates.join(", "));
        let _ = writeln!(out, "  {part}/{class:<28} {n} of {of}  {gates}");
    }
    if !any {
        out.push_str("  none\n");
    }
    let asked = census
        .classes
        .iter()
        .filter(|((side, ..), _)| *side == Side::Flag);
    out.push_str("\nfound as asked\n");
    for ((_, part, class), count) in asked {
        let (found, posts) = (count.all.found, count.all.posts);
        let recall = percent(found, posts);
        let note = match &count.aim {
            Aim::NoSuchGate(alias) => format!("  (no gate {alias}: any flag counts)"),
            _ => String::new(),
        };
        let _ = writeln!(
            out,
            "  {part}/{class:<12} {found:>4} of {posts:<4} {recall:>8}{note}"
        );
    }
}
