//! `lentera rules backtest`: what other rules would find, lose and change.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::args::Global;
use super::super::exit::Exit;
use super::super::message::{Stop, data};
use super::{compiled, corpora, load, unreadable};
use crate::pipeline::Tally;
use crate::pipeline::backtest::{Backtest, Change, Counts, Outcome, Words};
use crate::pipeline::corpus::each_post;
use crate::pipeline::rules::read_folder;
use crate::report::inert_line;
use crate::rule::{self, RuleSet};

/// The two sets to compare, as typed.
#[derive(Debug)]
pub(super) struct Sides {
    pub(super) old: Option<PathBuf>,
    pub(super) new: Option<PathBuf>,
}

pub(super) fn run(global: &Global, sides: &Sides, paths: &[PathBuf]) -> anyhow::Result<Exit> {
    let (old, new) = sets(global, sides)?;
    let files = corpora::files(paths)?;
    let mut backtest = Backtest::new(&old, &new);
    let mut tally = Tally::default();
    for file in &files {
        each_post(file, &mut tally, |post| {
            if let Some(change) = backtest.compare(post) {
                data(&if global.json {
                    format!("{}\n", row(&change))
                } else {
                    drawn(&change)
                })?;
            }
            anyhow::Ok(())
        })?;
    }
    let counts = backtest.counts;
    data(&if global.json {
        format!("{}\n", summary_row(&old, &new, counts))
    } else {
        summary(counts)
    })?;
    Ok(corpora::ended(global, &tally))
}

fn sets(global: &Global, sides: &Sides) -> anyhow::Result<(RuleSet, RuleSet)> {
    let folder = |dir: &PathBuf| -> anyhow::Result<RuleSet> {
        compiled(&read_folder(dir).map_err(|error| unreadable(&error))?)
    };
    let old = match &sides.old {
        Some(dir) => folder(dir)?,
        None => compiled(&rule::shipped())?,
    };
    let new = match &sides.new {
        Some(dir) => folder(dir)?,
        None => load(global)?,
    };
    if old.digest == new.digest {
        return Err(Stop::new(Exit::Usage, "the old and the new rules are the same")
            .hint("name the changed ones with `--new DIR`; `--old` is the embedded pack by default")
            .into());
    }
    Ok((old, new))
}

fn outcome(outcome: &Outcome) -> Value {
    json!({
        "level": outcome.level.as_str(), "route": outcome.route.as_str(), "gates": outcome.gates,
    })
}

fn words(words: &[Words]) -> Vec<Value> {
    words
        .iter()
        .map(|one| json!({ "rule": one.rule, "quotes": one.quotes, "guard": one.guard }))
        .collect()
}

fn row(change: &Change) -> Value {
    json!({
        "kind": change.kind.as_str(), "id": change.id, "file": change.file, "line": change.line,
        "old": outcome(&change.old), "new": outcome(&change.new),
        "appeared": words(&change.appeared), "disappeared": words(&change.disappeared),
        "may_concern_minor": change.may_concern_minor,
    })
}

fn summary_row(old: &RuleSet, new: &RuleSet, counts: Counts) -> Value {
    let set = |set: &RuleSet| json!({ "name": set.name, "version": set.version, "sha256": set.digest.to_string() });
    json!({
        "kind": "summary", "posts": counts.posts, "gained": counts.gained, "lost": counts.lost,
        "changed": counts.changed, "same": counts.same, "old": set(old), "new": set(new),
    })
}

fn summary(counts: Counts) -> String {
    let Counts {
        posts,
        gained,
        lost,
        changed,
        same,
    } = counts;
    format!("{posts} posts: {gained} gained, {lost} lost, {changed} changed, {same} as before\n")
}

/// One change for a person, on a few lines.
fn drawn(change: &Change) -> String {
    let told = |outcome: &Outcome| {
        let gates = match outcome.gates.len() {
            0 => String::new(),
            _ => format!(" ({})", outcome.gates.join(", ")),
        };
        format!(
            "{} · {}{gates}",
            outcome.level.as_str(),
            outcome.route.as_str()
        )
    };
    let mut out = String::new();
    let (kind, id) = (change.kind.as_str(), inert_line(&change.id));
    let place = inert_line(&format!("{}:{}", change.file, change.line));
    let _ = writeln!(out, "{kind} {id} ({place})");
    let (old, new) = (told(&change.old), told(&change.new));
    let _ = writeln!(out, "  {} → {}", inert_line(&old), inert_line(&new));
    for (sign, list) in [('+', &change.appeared), ('-', &change.disappeared)] {
        for one in list {
            let _ = writeln!(out, "  {sign} {}", inert_line(&line(one, change)));
        }
    }
    if change.appeared.is_empty() && change.disappeared.is_empty() {
        out.push_str("  the same signs; what the gates ask for is different\n");
    }
    out
}

fn line(words: &Words, change: &Change) -> String {
    let mut line = words.rule.clone();
    if change.may_concern_minor {
        line.push_str(" (words not shown: a minor may be concerned)");
    } else {
        for quote in &words.quotes {
            line.push_str(&format!(" «{quote}»"));
        }
    }
    if let Some(guard) = &words.guard {
        line.push_str(&format!("; switched off on the other side by `{guard}`"));
    }
    line
}
