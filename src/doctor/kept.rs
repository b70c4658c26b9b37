//! What is kept: keys, who can read them, and the evidence.

use std::io;
use std::path::Path;

use super::Check;
use crate::evidence;
use crate::pipeline::{Lock, Work, Workspace};
use crate::store::key::Key;

/// Whether the key is there and nobody else can read what should be private.
pub(super) fn keys(workspace: &Workspace) -> Vec<Check> {
    let path = workspace.key();
    let key = if !path.exists() {
        Check::note("key", "there is none yet: the first crawl makes it")
    } else {
        match Key::load(&path) {
            Ok(key) => Check::ok("key", format!("{} is readable by you only", key.id())),
            Err(error) => Check::problem(
                "key",
                error.to_string(),
                "see what the message says; a lost key is in your copy of `keys/`",
            ),
        }
    };
    let private = [
        workspace.root.join("keys"),
        workspace.evidence(),
        workspace.findings(),
        workspace.state(),
    ];
    let open: Vec<String> = private
        .iter()
        .filter_map(|path| {
            let mode = for_others(path)?;
            Some(format!("{} (mode {mode:o})", path.display()))
        })
        .collect();
    let permissions = if open.is_empty() {
        Check::ok("permissions", "personal data is readable by you only")
    } else {
        Check::problem(
            "permissions",
            format!("others on this machine can read {}", open.join(", ")),
            "run `chmod go= PATH` on each",
        )
    };
    vec![key, permissions]
}

/// The mode of a file or folder that others can read.
#[cfg(unix)]
fn for_others(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = path.metadata().ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn for_others(_: &Path) -> Option<u32> {
    None
}

/// Whether the chain of the evidence holds; with `full`, every byte.
pub(super) fn evidence(
    workspace: &Workspace,
    chain: io::Result<evidence::State>,
    full: bool,
) -> Vec<Check> {
    const NAME: &str = "evidence";
    let dir = workspace.evidence();
    let copy = "keep this folder as it is, and look at `lentera evidence verify` and your backups";
    let state = match chain {
        Ok(state) => state,
        Err(error) => return vec![Check::problem(NAME, error.to_string(), copy)],
    };
    if let Some(broken) = state.broken {
        return vec![Check::problem(NAME, broken, copy)];
    }
    let mut checks = Vec::new();
    if let Some(purge) = state.unfinished {
        checks.push(Check::problem(
            "purge",
            format!("{purge} was cut off"),
            "run `lentera store purge` again: it is carried out to its end",
        ));
    }
    let is_free = Lock::check(&workspace.root, Work::Crawl).is_ok();
    let open = state.open.filter(|_| is_free);
    if state.entries == 0 {
        checks.push(Check::note(NAME, "there is none yet"));
    } else if let Some(run) = open {
        let what = format!("the run {run} was cut off; the next crawl puts that right");
        checks.push(Check::note(NAME, what));
    } else if full && is_free {
        checks.push(match evidence::verify(&dir, None) {
            Ok(report) => match report.fault {
                None => Check::ok(NAME, format!("every byte of {} records", report.records)),
                Some(fault) => Check::problem(NAME, fault.to_string(), copy),
            },
            Err(error) => Check::problem(NAME, error.to_string(), copy),
        });
    } else {
        let what = format!(
            "the chain holds: {} entries, {} WARC files; `--full` reads every byte",
            state.entries, state.segments
        );
        checks.push(Check::ok(NAME, what));
    }
    checks
}
