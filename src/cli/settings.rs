//! What was typed, resolved: the clock, the workspace, the key, the run.
//!
//! The only file that reads the clock and the environment.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use etcetera::BaseStrategy as _;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::args::Global;
use super::exit::Exit;
use super::message::{Stop, talk};
use crate::id::Digest;
use crate::pipeline::{CONFIG, Workspace, WorkspaceError};
use crate::rule::RuleSet;
use crate::store::key::Key;
use crate::store::mask::Masker;
use crate::store::record::RunFacts;
use crate::text::NORMALIZATION;

/// The current time, or the one given.
pub(super) fn now(global: &Global) -> Timestamp {
    global.now.unwrap_or_else(Timestamp::now)
}

/// A clock that goes on from `--now`, or stands there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clock {
    /// So far ahead of the system's.
    Going(SignedDuration),
    /// Repeatable.
    Standing(Timestamp),
}

impl Clock {
    /// For what runs for days.
    pub(super) fn going(global: &Global) -> Self {
        let ahead = |now: Timestamp| now.duration_since(Timestamp::now());
        Self::Going(global.now.map_or(SignedDuration::ZERO, ahead))
    }

    /// For what is done once: it stands where `--now` puts it.
    pub(super) fn for_once(global: &Global) -> Self {
        global
            .now
            .map_or_else(|| Self::going(global), Self::Standing)
    }

    pub(super) fn now(self) -> Timestamp {
        match self {
            Self::Standing(now) => now,
            Self::Going(ahead) => {
                let now = Timestamp::now();
                now.checked_add(ahead).unwrap_or(now)
            }
        }
    }
}

/// The clock by which files were written, whatever `--now` says.
pub(super) fn clock() -> SystemTime {
    SystemTime::now()
}

/// The name of who runs this, as the system has it.
pub(super) fn user() -> Option<String> {
    let name = |of| std::env::var(of).ok().filter(|name| !name.is_empty());
    name("USER")
        .or_else(|| name("LOGNAME"))
        .or_else(|| name("USERNAME"))
}

/// The workspace of `-C`, or the nearest one above the current folder.
pub(super) fn workspace(global: &Global) -> anyhow::Result<Workspace> {
    open_workspace(global)?.map_err(|error| unusable(&error).into())
}

/// The `lentera.toml` of `-C`, or the nearest one above the current folder,
/// whether it can be used or not.
pub(super) fn config_path(global: &Global) -> anyhow::Result<PathBuf> {
    let dir = match &global.workspace {
        Some(dir) => dir.clone(),
        None => {
            let here = current_dir()?;
            let mut dirs = here.ancestors();
            let found = dirs.find(|dir| dir.join(CONFIG).is_file());
            found.map_or_else(|| here.clone(), Path::to_owned)
        }
    };
    let path = dir.join(CONFIG);
    if path.is_file() {
        return Ok(path);
    }
    let searched = global.workspace.is_none();
    Err(unusable(&WorkspaceError::Missing { dir, searched }).into())
}

fn open_workspace(global: &Global) -> anyhow::Result<Result<Workspace, WorkspaceError>> {
    let mut workspace = match &global.workspace {
        Some(dir) => Workspace::open(dir),
        None => Workspace::find(&current_dir()?),
    };
    if let Ok(workspace) = &mut workspace {
        let store = &mut workspace.config.store;
        store.url = global.store.clone().or_else(|| store.url.take());
        // What PostgreSQL's own programs read; a command line is seen by all.
        store.password = std::env::var("PGPASSWORD").ok();
    }
    Ok(workspace)
}

fn unusable(error: &WorkspaceError) -> Stop {
    let hint = match error {
        WorkspaceError::Missing { .. } => "make one with `lentera init`, or name it with `-C DIR`",
        _ => "correct the file and run the command again",
    };
    Stop::new(Exit::Usage, error).hint(hint)
}

/// This program's own file.
pub(super) fn program() -> anyhow::Result<PathBuf> {
    std::env::current_exe().map_err(|error| {
        Stop::new(
            Exit::Usage,
            format!("this program cannot tell where it is: {error}"),
        )
        .into()
    })
}

/// The folder in which systemd looks for a user's own units.
pub(super) fn units() -> anyhow::Result<PathBuf> {
    let dirs = etcetera::choose_base_strategy().map_err(|error| {
        Stop::new(
            Exit::Usage,
            format!("no folder of your own for the units: {error}"),
        )
        .hint("see them with `lentera schedule install --print`")
    })?;
    Ok(dirs.config_dir().join("systemd").join("user"))
}

fn current_dir() -> anyhow::Result<PathBuf> {
    std::env::current_dir()
        .map_err(|error| Stop::new(Exit::Usage, format!("no current folder: {error}")).into())
}

/// The key for contacts: the one named, the workspace's, or the user's own.
///
/// The same contact gives the same mark only under one key, so a scan outside
/// a workspace uses one key per user and not a new one each time.
pub(super) fn masker(global: &Global, named: Option<&Path>) -> anyhow::Result<Masker> {
    let (path, is_new) = match named {
        Some(path) => (path.to_owned(), false),
        None => match workspace_dir(global)? {
            Some(workspace) => (workspace.key(), false),
            None => {
                let path = user_key()?;
                let is_new = !path.exists();
                (path, is_new)
            }
        },
    };
    let key = if named.is_some() {
        Key::load(&path)
    } else {
        Key::load_or_create(&path)
    };
    let key = key.map_err(|error| {
        Stop::new(Exit::Usage, error)
            .hint("name a key with `--key-file FILE`, or a workspace with `-C DIR`")
    })?;
    if is_new && !global.quiet {
        talk(&format!(
            "made a key for contacts: `{}` (keep it private)",
            path.display()
        ));
    }
    Ok(Masker::new(key))
}

/// The workspace, if there is one. One that cannot be used is an error: with
/// another key, equal contacts would no longer have equal marks.
pub(super) fn workspace_dir(global: &Global) -> anyhow::Result<Option<Workspace>> {
    let is_named = global.workspace.is_some();
    match open_workspace(global)? {
        Ok(workspace) => Ok(Some(workspace)),
        Err(WorkspaceError::Missing { .. }) if !is_named => Ok(None),
        Err(error) => Err(unusable(&error).into()),
    }
}

fn user_key() -> anyhow::Result<PathBuf> {
    let dirs = etcetera::choose_base_strategy().map_err(|error| {
        Stop::new(
            Exit::Usage,
            format!("no folder of your own for the key: {error}"),
        )
        .hint("name a key with `--key-file FILE`")
    })?;
    Ok(dirs.data_dir().join("lentera").join("hmac.key"))
}

/// What all records of a run share. The run's id follows from what makes its
/// output: rules, inputs and time.
pub(super) fn run_facts(rules: &RuleSet, inputs: &[String], at: Timestamp) -> RunFacts {
    let time = at.to_string();
    let parts = inputs
        .iter()
        .map(String::as_bytes)
        .chain([time.as_bytes(), &rules.digest.0]);
    let name = Digest::of_parts(parts);
    let facts = RunFacts {
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
        engine_build: option_env!("LENTERA_BUILD").unwrap_or("release").to_owned(),
        ruleset_name: String::new(),
        ruleset_version: String::new(),
        ruleset_digest: rules.digest,
        scan_id: Uuid::new_v5(&Uuid::NAMESPACE_URL, &name.0),
        scanned_at: at,
        normalization: NORMALIZATION.to_owned(),
    };
    judged_by(facts, rules)
}

/// The same run, judging with these rules.
pub(super) fn judged_by(facts: RunFacts, rules: &RuleSet) -> RunFacts {
    RunFacts {
        ruleset_name: rules.name.clone(),
        ruleset_version: rules.version.clone(),
        ruleset_digest: rules.digest,
        ..facts
    }
}
