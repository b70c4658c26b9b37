//! `lentera store stats`.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::message::data;
use crate::cli::settings;
use crate::pipeline::upkeep::{Stats, stats};
use crate::report::inert_line;

pub(super) fn run(global: &Global) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let stats = stats(&workspace).map_err(|error| super::stop(&error))?;
    let now = settings::now(global);
    if global.json {
        data(&format!("{}\n", as_json(&stats, now)))?;
    } else {
        data(&as_text(&stats, now))?;
    }
    Ok(Exit::Success)
}

/// Whole days between two times.
pub(super) fn days(now: Timestamp, at: Timestamp) -> i64 {
    now.duration_since(at).as_hours() / 24
}

fn as_json(stats: &Stats, now: Timestamp) -> Value {
    let findings = stats.findings.iter().map(|((route, level), kept)| {
        json!({
            "route": route.as_str(), "level": level.as_str(), "current": kept.current,
            "superseded": kept.superseded, "cleared": kept.cleared, "bytes": kept.bytes,
            "oldest": kept.oldest.to_string(), "newest": kept.newest.to_string(),
            "oldest_days": days(now, kept.oldest), "newest_days": days(now, kept.newest),
        })
    });
    let posts = stats.posts.iter().map(|count| {
        json!({
            "platform": count.platform, "posts": count.posts,
            "oldest": count.oldest.to_string(), "newest": count.newest.to_string(),
        })
    });
    let files = stats
        .files
        .iter()
        .map(|(name, files, bytes)| json!({ "name": name, "files": files, "bytes": bytes }));
    let (evidence, last) = (&stats.evidence, stats.runs.first());
    json!({
        "findings": findings.collect::<Vec<_>>(), "posts": posts.collect::<Vec<_>>(),
        "addresses": stats.addresses, "runs": stats.runs.len(),
        "last_run": last.map(|run| json!({
            "id": run.id, "started_at": run.started_at.to_string(),
            "ended_at": run.ended.as_ref().map(|(at, _)| at.to_string()),
        })),
        "evidence": {
            "files": evidence.segments, "records": evidence.records,
            "destroyed": evidence.destroyed, "purges": evidence.purges,
            "entries": evidence.entries, "head": evidence.head,
        },
        "files": files.collect::<Vec<_>>(),
    })
}

fn as_text(stats: &Stats, now: Timestamp) -> String {
    let mut out = format!(
        "{:<16}{:<10}{:>9}{:>12}{:>9}{:>12}  days old\n",
        "route", "level", "current", "superseded", "cleared", "bytes"
    );
    for ((route, level), kept) in stats.findings.iter().rev() {
        let _ = writeln!(
            out,
            "{:<16}{:<10}{:>9}{:>12}{:>9}{:>12}  {} to {}",
            route.as_str(),
            level.as_str(),
            kept.current,
            kept.superseded,
            kept.cleared,
            kept.bytes,
            days(now, kept.newest),
            days(now, kept.oldest)
        );
    }
    if stats.findings.is_empty() {
        out.push_str("no findings\n");
    }
    out.push('\n');
    for count in &stats.posts {
        let _ = writeln!(
            out,
            "{:<26}{:>9} posts, last seen {} to {} days ago",
            inert_line(&count.platform),
            count.posts,
            days(now, count.newest),
            days(now, count.oldest)
        );
    }
    let evidence = &stats.evidence;
    let _ = writeln!(
        out,
        "{} addresses, {} runs\nevidence: {} WARC files, {} records; {} destroyed in {} purges\n",
        stats.addresses,
        stats.runs.len(),
        evidence.segments,
        evidence.records,
        evidence.destroyed,
        evidence.purges
    );
    for (name, files, bytes) in &stats.files {
        let _ = writeln!(out, "{name:<12}{files:>6} files {bytes:>14} bytes");
    }
    out
}
