//! `lentera evidence …`: is it whole, what does it say, when did it exist.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::{EvidenceCommand, Global};
use super::exit::Exit;
use super::message::{Stop, data, talk};
use super::{findings, settings};
use crate::assessment::PossibleMinor;
use crate::evidence::{self, Report, Unmasked, stamp};
use crate::pipeline::{Captured, CapturedError, captured};
use crate::report::{inert, inert_line};
use crate::store::record::Finding;

pub(super) fn run(global: &Global, command: EvidenceCommand) -> anyhow::Result<Exit> {
    match command {
        EvidenceCommand::Verify { dir, head } => verify(global, dir, head.as_deref()),
        EvidenceCommand::Show {
            id,
            show_text,
            unmask,
            reason,
            by,
        } => {
            let asked = Asked {
                show_text,
                unmask: unmask.then(|| reason.unwrap_or_default()),
                by,
            };
            show(global, &id, &asked)
        }
        EvidenceCommand::Timestamp { response } => timestamp(global, response.as_deref()),
    }
}

fn verify(global: &Global, dir: Option<PathBuf>, head: Option<&str>) -> anyhow::Result<Exit> {
    let dir = match dir {
        Some(dir) => dir,
        None => settings::workspace(global)?.evidence(),
    };
    let report = evidence::verify(&dir, head).map_err(|error| unusable(&dir, &error))?;
    if global.json {
        data(&format!("{}\n", as_json(&report)))?;
    } else {
        data(&as_text(&dir, &report))?;
    }
    Ok(match report.fault {
        None => Exit::Success,
        Some(_) => Exit::CheckFailed,
    })
}

fn unusable(dir: &Path, error: &io::Error) -> Stop {
    let hint = match error.kind() {
        io::ErrorKind::WouldBlock => "wait until the crawl has ended, then ask again",
        io::ErrorKind::NotFound => {
            "a crawl makes the folder; name a workspace with `-C DIR`, or a copy with `--dir DIR`"
        }
        io::ErrorKind::InvalidData => "`lentera evidence verify` names the first fault",
        _ => "see that the folder can be read and written, then ask again",
    };
    Stop::new(Exit::Store, format!("`{}`: {error}", dir.display())).hint(hint)
}

fn as_json(report: &Report) -> serde_json::Value {
    let fault = report.fault.as_ref().map(|fault| {
        json!({
            "file": fault.file, "offset": fault.offset, "record": fault.record,
            "what": fault.what,
        })
    });
    json!({
        "ok": fault.is_none(), "files": report.segments, "records": report.records,
        "bytes": report.bytes, "destroyed": report.destroyed,
        "destroyed_files": report.destroyed_files, "entries": report.entries,
        "head": report.head, "fault": fault,
    })
}

fn as_text(dir: &Path, report: &Report) -> String {
    let mut out = String::new();
    let dir = dir.display().to_string();
    let _ = writeln!(
        out,
        "{}: {} WARC files, {} records, {} bytes, {} entries of the chain hold",
        inert_line(&dir),
        report.segments,
        report.records,
        report.bytes,
        report.entries
    );
    if report.destroyed > 0 {
        let _ = writeln!(
            out,
            "destroyed as recorded: {} records, {} whole files; chain.log says which, when and why",
            report.destroyed, report.destroyed_files
        );
    }
    match &report.fault {
        None => {
            let head = report.head.as_deref().unwrap_or("none");
            let _ = writeln!(out, "whole; head {head}");
        }
        Some(fault) => {
            let _ = writeln!(out, "NOT WHOLE: {}", inert_line(&fault.to_string()));
            out.push_str("nothing behind this was checked\n");
        }
    }
    out
}

/// How a capture is to be shown.
struct Asked {
    show_text: bool,
    /// The reason for showing contacts, when they are to be shown.
    unmask: Option<String>,
    by: Option<String>,
}

fn show(global: &Global, id: &str, asked: &Asked) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let (finding, exit) = findings::found(global, id, None)?;
    let capture = captured(&workspace, &finding).map_err(|error| {
        let (exit, hint) = match error {
            CapturedError::Io { .. } => {
                (Exit::Store, "`lentera evidence verify` checks every record")
            }
            _ => (
                Exit::Usage,
                "only what this workspace crawled has evidence here",
            ),
        };
        Stop::new(exit, error).hint(hint)
    })?;
    let capture = if let Some(reason) = &asked.unmask {
        let now = settings::now(global);
        let unmasked = Unmasked {
            who: who(asked.by.as_deref())?,
            why: reason_of(reason)?,
            finding: finding.id.clone(),
            record: capture.record.clone(),
        };
        let dir = workspace.evidence();
        evidence::note_unmasked(&dir, unmasked, now).map_err(|error| unusable(&dir, &error))?;
        if !global.quiet {
            talk("contacts are shown; who asked, when and why stands in chain.log");
        }
        capture
    } else {
        capture.masked()
    };
    let hides = finding.assessment.possible_minor == PossibleMinor::Indicator && !asked.show_text;
    if global.json {
        data(&format!(
            "{}\n",
            shown_json(&finding, &capture, asked, hides)
        ))?;
    } else {
        data(&shown(&finding, &capture, hides))?;
    }
    Ok(exit)
}

pub(super) fn who(by: Option<&str>) -> anyhow::Result<String> {
    let who = by.map(str::to_owned).or_else(settings::user);
    who.filter(|who| !who.trim().is_empty()).ok_or_else(|| {
        Stop::new(Exit::Usage, "nobody knows who is asking")
            .hint("say so with `--by NAME`")
            .into()
    })
}

fn reason_of(reason: &str) -> anyhow::Result<String> {
    if reason.trim().is_empty() {
        return Err(
            Stop::new(Exit::Usage, "contacts are shown for a reason only")
                .hint("give it with `--reason TEXT`; it is kept in chain.log")
                .into(),
        );
    }
    Ok(reason.trim().to_owned())
}

const WITHHELD: &str = "text withheld: a minor may be concerned; `--show-text` shows it";
const NO_BODY: &str = "no body: it is that of the record that WARC-Refers-To names";

fn shown(finding: &Finding, capture: &Captured, hides: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "finding {}\n{} at byte {}\n",
        inert_line(&finding.id),
        inert_line(&capture.file),
        capture.offset
    );
    for (name, value) in &capture.warc {
        let _ = writeln!(out, "{}: {}", inert_line(name), inert_line(value));
    }
    for (heading, lines) in [("asked", &capture.request), ("answered", &capture.answer)] {
        let _ = writeln!(out, "\n-- {heading}");
        for line in lines {
            let _ = writeln!(out, "{}", inert_line(line));
        }
    }
    let text = capture.text.as_deref().unwrap_or(NO_BODY);
    let text = if hides { WITHHELD } else { text };
    let _ = writeln!(out, "\n-- text\n{}", inert(text).trim_end());
    out
}

fn shown_json(
    finding: &Finding,
    capture: &Captured,
    asked: &Asked,
    hides: bool,
) -> serde_json::Value {
    let warc: serde_json::Map<String, serde_json::Value> = capture
        .warc
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({
        "finding": finding.id, "file": capture.file, "offset": capture.offset,
        "record": capture.record, "type": capture.kind, "warc": warc,
        "request": capture.request, "answer": capture.answer,
        "text": capture.text.as_ref().filter(|_| !hides),
        "text_withheld": hides, "masked": asked.unmask.is_none(),
    })
}

fn timestamp(global: &Global, answer: Option<&Path>) -> anyhow::Result<Exit> {
    let dir = settings::workspace(global)?.evidence();
    let now = settings::now(global);
    let Some(path) = answer else {
        let request = stamp::request(&dir, now).map_err(|error| unusable(&dir, &error))?;
        let (file, head) = (request.path.display(), &request.head);
        data(&format!("{file}\n"))?;
        if !global.quiet {
            talk(&format!(
                "a time-stamp request (RFC 3161) over entry {} of the chain, {head}.\n\
                 Nothing was sent. Send it to an authority you trust, for example:\n  \
                 curl -H 'Content-Type: application/timestamp-query' --data-binary @{file} \
                 -o answer.tsr https://AUTHORITY/\n\
                 then keep its answer: lentera evidence timestamp --response answer.tsr",
                request.of
            ));
        }
        return Ok(Exit::Success);
    };
    let unreadable = |error: io::Error| {
        Stop::new(Exit::Input, format!("`{}`: {error}", path.display()))
            .hint("give the .tsr file as the authority sent it")
    };
    let bytes = stamp::read_response(path).map_err(unreadable)?;
    let kept = stamp::response(&dir, &bytes, now).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => unreadable(error),
        _ => unusable(&dir, &error),
    })?;
    let file = kept.path.display();
    data(&format!("{file}\n"))?;
    if !global.quiet {
        talk(&format!(
            "kept, and its digest noted in the chain. Whether its signature is good says:\n  \
             openssl ts -verify -digest {} -in {file} -CAfile AUTHORITY.pem",
            kept.request.head
        ));
    }
    Ok(Exit::Success)
}
