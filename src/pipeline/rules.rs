//! Rules that can be edited while posts are being judged.
//!
//! A new set is compiled and tried off to the side. It takes the place of the
//! old one at once and only when it is whole; otherwise the old one stays, and
//! whoever asks is told what is wrong and which set is still in use.

mod folder;
mod from;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;

use crate::id::Digest;
use crate::rule::{self, RuleFiles, RuleSet};
use crate::scan::{Failure, try_samples};

pub use folder::{FolderError, WatchedRules, read_folder};
pub use from::RulesFrom;

/// Which rule set it is, for people and records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetName {
    /// Name of the pack.
    pub name: String,
    /// Version of the pack.
    pub version: String,
    /// Digest of its files.
    pub digest: Digest,
}

impl SetName {
    /// The name of `rules`.
    pub fn of(rules: &RuleSet) -> Self {
        Self {
            name: rules.name.clone(),
            version: rules.version.clone(),
            digest: rules.digest,
        }
    }
}

impl fmt::Display for SetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} ({})",
            self.name,
            self.version,
            self.digest.short(12)
        )
    }
}

/// Why a rule set was not taken.
#[derive(Debug)]
pub enum Refusal {
    /// The folder could not be read.
    Folder(FolderError),
    /// The files have errors.
    Faulty {
        /// How many.
        n_errors: usize,
        /// Each with its place, drawn for a person.
        drawn: String,
    },
    /// Samples in the files did not do as they should.
    Samples(Vec<Failure>),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(error) => error.fmt(f),
            Self::Faulty { n_errors, drawn } => {
                let s = if *n_errors == 1 { "" } else { "s" };
                write!(f, "{n_errors} error{s}\n{}", drawn.trim_end())
            }
            Self::Samples(failures) => {
                let s = if failures.len() == 1 { "" } else { "s" };
                write!(f, "{} sample{s} failed", failures.len())?;
                failures.iter().try_for_each(|failure| {
                    write!(
                        f,
                        "\n{}: {} — {}",
                        failure.place, failure.rule, failure.text
                    )
                })
            }
        }
    }
}

/// Compiles a pack and tries its samples.
///
/// # Errors
///
/// When a diagnostic is an error, or a sample does not do as it should.
pub fn compile(files: &RuleFiles) -> Result<RuleSet, Refusal> {
    let (set, diagnostics) = rule::load(files);
    let Some(set) = set else {
        let errors: Vec<_> = diagnostics
            .into_iter()
            .filter(|diagnostic| diagnostic.code.is_error())
            .collect();
        return Err(Refusal::Faulty {
            n_errors: errors.len(),
            drawn: rule::render(&errors, files, false),
        });
    };
    let failures = try_samples(&set, None).failures;
    if failures.is_empty() {
        Ok(set)
    } else {
        Err(Refusal::Samples(failures))
    }
}

/// What became of a look at the folder.
#[derive(Debug)]
pub enum Reload {
    /// The files are those of the last look, or are still being written.
    Unchanged,
    /// Other rules are in use from now on.
    Swapped {
        /// The set that was in use.
        old: SetName,
        /// The set in use now.
        new: SetName,
    },
    /// The files are others but cannot be used; the old set stays.
    Kept {
        /// What is wrong.
        why: Refusal,
        /// The set still in use.
        in_use: SetName,
    },
}

impl fmt::Display for Reload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchanged => f.write_str("the rules are as they were"),
            Self::Swapped { old, new } => {
                write!(f, "rules changed: judging with {new} instead of {old}")
            }
            Self::Kept { why, in_use } => {
                write!(
                    f,
                    "the changed rules were not taken, still judging with {in_use}: {why}"
                )
            }
        }
    }
}

/// The rule set in use, which may become another at any time.
#[derive(Debug)]
pub struct LiveRules {
    current: ArcSwap<RuleSet>,
    /// Held while a new set is made, so that two never race.
    folder: Mutex<WatchedRules>,
}

impl LiveRules {
    /// Begins with `rules`, as they were read from `from`.
    pub fn new(from: RulesFrom, rules: Arc<RuleSet>) -> Self {
        Self {
            folder: Mutex::new(WatchedRules::new(from, Some(rules.digest))),
            current: ArcSwap::new(rules),
        }
    }

    /// The set in use. Takes no lock; whoever holds a set keeps it whole, also
    /// when another takes its place.
    pub fn current(&self) -> Arc<RuleSet> {
        self.current.load_full()
    }

    /// Looks at the folder and takes its rules if they are others, whole, and
    /// no longer being written at `now`.
    pub fn poll(&self, now: SystemTime) -> Reload {
        let mut folder = self.folder();
        let read = folder.poll(now);
        self.take(read)
    }

    /// The same without waiting for the folder to settle.
    pub fn reload(&self) -> Reload {
        let mut folder = self.folder();
        let read = folder.read();
        self.take(read)
    }

    fn take(&self, read: Option<Result<RuleFiles, FolderError>>) -> Reload {
        let made = match read {
            None => return Reload::Unchanged,
            Some(Ok(files)) => compile(&files),
            Some(Err(error)) => Err(Refusal::Folder(error)),
        };
        let in_use = SetName::of(&self.current.load());
        match made {
            // Back to what is in use, after something that was refused.
            Ok(rules) if rules.digest == in_use.digest => Reload::Unchanged,
            Ok(rules) => {
                let new = SetName::of(&rules);
                self.current.store(Arc::new(rules));
                Reload::Swapped { old: in_use, new }
            }
            Err(why) => Reload::Kept { why, in_use },
        }
    }

    /// A look that panicked has changed nothing that matters.
    fn folder(&self) -> MutexGuard<'_, WatchedRules> {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
