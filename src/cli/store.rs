//! `lentera store …`: what is kept, whether it holds, what goes.

pub(super) mod args;
mod backup;
mod purge;
mod stats;

use std::fmt::Write as _;

use serde_json::json;

use self::args::StoreCommand;
use super::args::Global;
use super::exit::Exit;
use super::message::{Stop, data};
use super::settings;
use crate::pipeline::upkeep::{self, UpkeepError, Verified};
use crate::report::inert_line;
use crate::store::state::StateError;

pub(super) fn run(global: &Global, command: StoreCommand) -> anyhow::Result<Exit> {
    match command {
        StoreCommand::Stats => stats::run(global),
        StoreCommand::Verify => verify(global),
        StoreCommand::Purge(args) => purge::run(global, &args),
        StoreCommand::Backup(args) => backup::run(global, &args),
        StoreCommand::Restore(args) => backup::restore(global, &args),
        StoreCommand::Key { file } => backup::key(global, &file),
    }
}

/// Why a command about the store ends, and what to do.
fn stop(error: &UpkeepError) -> Stop {
    let hint = match error {
        UpkeepError::Lock(_) => "a crawl at work would change what is looked at",
        UpkeepError::OnServer => {
            "copy the server with `pg_dump`, and the folders `evidence`, `rules` and `keys` by hand"
        }
        UpkeepError::Record { .. } => "`lentera store verify` names every record that is damaged",
        UpkeepError::Evidence { .. } => {
            "`lentera evidence verify` names the first fault of the evidence"
        }
        UpkeepError::State(StateError::Unreachable { .. } | StateError::Lost { .. }) => {
            "see that the server runs and that `--store`, or `[store] url`, names it; \
             `?sslrootcert=FILE` names the certificate of your own authority"
        }
        _ => "see that the workspace can be read and written, then try again",
    };
    Stop::new(Exit::Store, error).hint(hint)
}

fn verify(global: &Global) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let verified = upkeep::verify(&workspace, true).map_err(|error| stop(&error))?;
    if global.json {
        data(&format!("{}\n", as_json(&verified)))?;
    } else {
        data(&as_text(&verified))?;
    }
    Ok(match verified.n_faults {
        0 => Exit::Success,
        _ => Exit::CheckFailed,
    })
}

fn as_json(verified: &Verified) -> serde_json::Value {
    let evidence = verified.evidence.as_ref().map(|report| {
        json!({
            "files": report.segments, "records": report.records, "bytes": report.bytes,
            "destroyed": report.destroyed, "destroyed_files": report.destroyed_files,
            "entries": report.entries, "head": report.head,
        })
    });
    json!({
        "ok": verified.n_faults == 0, "revisions": verified.revisions,
        "captured": verified.captured, "files": verified.files, "lines": verified.lines,
        "evidence": evidence, "faults": verified.faults, "n_faults": verified.n_faults,
    })
}

fn as_text(verified: &Verified) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "store: {} revisions of findings, {} of them seen in a captured page\n\
         findings/: {} files, {} records",
        verified.revisions, verified.captured, verified.files, verified.lines
    );
    match &verified.evidence {
        Some(report) => {
            let _ = writeln!(
                out,
                "evidence/: {} WARC files, {} records; {} destroyed as recorded",
                report.segments, report.records, report.destroyed
            );
        }
        None => out.push_str("evidence/: none\n"),
    }
    for fault in &verified.faults {
        let _ = writeln!(out, "FAULT: {}", inert_line(fault));
    }
    let more = verified.n_faults - verified.faults.len() as u64;
    if more > 0 {
        let _ = writeln!(out, "and {more} more");
    }
    out.push_str(if verified.n_faults == 0 {
        "everything holds\n"
    } else {
        "restore a backup into another folder (`lentera store restore`), and keep this one as it is\n"
    });
    out
}
