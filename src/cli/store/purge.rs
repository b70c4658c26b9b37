//! `lentera store purge`: shows what goes, asks, and lets it go.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::PurgeArgs;
use super::stats::days;
use crate::cli::args::Global;
use crate::cli::evidence::who;
use crate::cli::exit::Exit;
use crate::cli::message::{Stop, data, talk};
use crate::cli::settings;
use crate::evidence::PurgeEnd;
use crate::pipeline::upkeep::{Asked, Plan, Purge};

pub(super) fn run(global: &Global, args: &PurgeArgs) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let now = settings::now(global);
    if workspace.config.retention.days().is_empty() {
        talk("`[retention]` of lentera.toml sets no days: everything is kept for good");
    }
    let purge = Purge::look(&workspace, now).map_err(|error| super::stop(&error))?;
    if args.dry_run || !global.json {
        let plan = (&purge.plan, purge.unfinished.as_deref());
        if global.json {
            data(&format!("{}\n", as_json(plan)))?;
        } else {
            data(&as_text(plan, now))?;
        }
    }
    if args.dry_run {
        return Ok(Exit::Success);
    }
    let done = if purge.is_idle() {
        None
    } else {
        let asked = Asked {
            who: who(args.by.as_deref())?,
            why: args.reason.clone(),
        };
        if !args.yes {
            ask()?;
        }
        let done = purge.carry_out(&asked);
        done.map_err(|error| super::stop(&error))?
    };
    if global.json {
        data(&format!("{}\n", done_json(done.as_ref())))?;
    } else if let Some(done) = &done {
        data(&done_text(done))?;
    }
    if done.is_some() && !global.quiet {
        talk("backups made before still hold what was destroyed here");
    }
    Ok(Exit::Success)
}

/// Asks at the terminal.
fn ask() -> anyhow::Result<()> {
    let refused = |message: &str| Stop::new(Exit::Usage, message);
    if !std::io::stdin().is_terminal() {
        return Err(refused("there is no terminal to ask at")
            .hint("`--yes` destroys without asking; `--dry-run` only shows")
            .into());
    }
    talk("this cannot be undone; type `yes` to destroy it");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if answer.trim() == "yes" {
        return Ok(());
    }
    Err(refused("nothing was destroyed")
        .hint("type `yes`, or give `--yes`")
        .into())
}

fn as_text((plan, unfinished): (&Plan, Option<&str>), now: Timestamp) -> String {
    let mut out = String::new();
    if let Some(purge) = unfinished {
        let _ = writeln!(out, "{purge} was cut off; it is carried out to its end");
    }
    for ((route, level), (n, oldest, newest)) in plan.by_class().iter().rev() {
        let _ = writeln!(
            out,
            "{n:>7} findings  {:<15}{:<9} {} to {} days old",
            route.as_str(),
            level.as_str(),
            days(now, *newest),
            days(now, *oldest)
        );
    }
    if plan.posts > 0 {
        let _ = writeln!(out, "{:>7} posts without a finding", plan.posts);
    }
    for one in &plan.evidence {
        let what = if one.whole { "the whole of" } else { "part of" };
        let _ = writeln!(
            out,
            "{:>7} records   {what} {}, {} days old, {} bytes",
            one.lines.len(),
            one.file,
            days(now, one.at),
            one.bytes
        );
    }
    for folder in &plan.folders {
        let _ = writeln!(
            out,
            "        pages     {}",
            crate::report::inert_line(folder)
        );
    }
    if plan.held > 0 {
        let _ = writeln!(
            out,
            "{:>7} findings are past their time and held",
            plan.held
        );
    }
    if plan.pages_stay {
        out.push_str(
            "        their pages stay in the evidence: `evidence_unreferenced` is not set\n",
        );
    }
    if plan.is_empty() {
        out.push_str("nothing is past its time\n");
    }
    out
}

fn as_json((plan, unfinished): (&Plan, Option<&str>)) -> Value {
    let classes = plan.by_class();
    let findings = classes.iter().map(|((route, level), (n, oldest, newest))| {
        json!({
            "route": route.as_str(), "level": level.as_str(), "findings": n,
            "oldest": oldest.to_string(), "newest": newest.to_string(),
        })
    });
    let evidence = plan.evidence.iter().map(|one| {
        json!({
            "file": one.file, "records": one.lines.len(), "bytes": one.bytes, "whole": one.whole,
        })
    });
    json!({
        "dry_run": true, "unfinished": unfinished, "findings": findings.collect::<Vec<_>>(),
        "posts": plan.posts, "evidence": evidence.collect::<Vec<_>>(),
        "folders": plan.folders, "held": plan.held, "pages_stay": plan.pages_stay,
    })
}

fn done_text(done: &PurgeEnd) -> String {
    format!(
        "destroyed: {} findings, {} posts, {} records of evidence ({} whole files), {} folders of \
         pages\nrecorded in evidence/chain.log as {}\n",
        done.findings, done.posts, done.records, done.files, done.folders, done.purge
    )
}

fn done_json(done: Option<&PurgeEnd>) -> Value {
    match done {
        None => json!({ "purge": null }),
        Some(done) => json!({
            "purge": done.purge, "findings": done.findings, "posts": done.posts,
            "records": done.records, "files": done.files, "folders": done.folders,
        }),
    }
}
