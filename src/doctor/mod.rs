//! Whether a workspace and its machine are well: one value a check, and for
//! each that failed what to do about it.
//!
//! Nothing is put right here, and nobody is asked but the hosts of sources for
//! their robots.txt, by [`reach()`]. Being offline is a state, not a failure.

mod crawls;
mod kept;
mod machine;
mod reach;

use jiff::Timestamp;

pub use reach::reach;

use crate::evidence;
use crate::pipeline::Workspace;
use crate::store::state::State;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Well.
    Ok,
    /// Worth knowing; nothing has to be done.
    Note,
    /// Somebody has to do something.
    Problem,
}

impl Standing {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Problem => "problem",
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name, always the same.
    pub name: &'static str,
    /// How it came out.
    pub standing: Standing,
    /// What was found.
    pub what: String,
    /// What to do, when it is a problem.
    pub todo: Option<String>,
}

impl Check {
    /// All is well.
    pub fn ok(name: &'static str, what: impl Into<String>) -> Self {
        Self {
            name,
            standing: Standing::Ok,
            what: what.into(),
            todo: None,
        }
    }

    /// Worth knowing.
    pub fn note(name: &'static str, what: impl Into<String>) -> Self {
        Self {
            standing: Standing::Note,
            ..Self::ok(name, what)
        }
    }

    /// Something is wrong, and this is to be done.
    pub fn problem(name: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self {
            standing: Standing::Problem,
            todo: Some(todo.into()),
            ..Self::ok(name, what)
        }
    }
}

/// Every check that needs no line to anybody. With `full`, every byte of the
/// evidence is read.
pub fn local(workspace: &Workspace, now: Timestamp, full: bool) -> Vec<Check> {
    let chain = evidence::state(&workspace.evidence());
    let mut checks = vec![
        machine::disk(&workspace.root),
        machine::clock(workspace, chain.as_ref().ok(), now),
    ];
    checks.extend(kept::keys(workspace));
    let state = open(workspace, &mut checks);
    checks.extend(kept::evidence(workspace, chain, full));
    checks.push(crawls::lock(workspace));
    if let Some(state) = &state {
        checks.extend(crawls::last(workspace, state, now));
        checks.extend(crawls::sources(workspace, state));
    }
    checks.extend(crawls::schedule(workspace, now));
    checks.push(crawls::digest(workspace));
    checks
}

/// Opens the store and says how it is.
fn open(workspace: &Workspace, checks: &mut Vec<Check>) -> Option<State> {
    const NAME: &str = "store";
    let is_new = workspace.config.store.url.is_none() && !workspace.state().exists();
    if is_new {
        checks.push(Check::note(NAME, "there is none yet: nothing was crawled"));
        return None;
    }
    let opened = workspace.open_state().and_then(|state| {
        state.check()?;
        Ok(state)
    });
    match opened {
        Ok(state) => {
            checks.push(Check::ok(NAME, "it opens and is sound"));
            Some(state)
        }
        Err(error) => {
            let todo = "see what the message says; a backup is restored into another folder with \
                        `lentera store restore`";
            checks.push(Check::problem(NAME, error.to_string(), todo));
            None
        }
    }
}

#[cfg(test)]
mod tests;
