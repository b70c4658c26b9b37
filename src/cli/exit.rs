//! How a run ended, for scripts: one table for all commands.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Finished. Findings are not a failure.
    Success,
    /// A check that was asked for failed: `rules test`, `--fail-on`.
    CheckFailed,
    /// The command line or `lentera.toml` is wrong.
    Usage,
    /// The rules could not be loaded.
    Rules,
    /// Some input could not be read; the rest was processed.
    Input,
    /// The store is locked, damaged or too new.
    Store,
    /// Interrupted; what was finished is on disk.
    Interrupted,
}

impl Exit {
    /// The number scripts see.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::CheckFailed => 1,
            Self::Usage => 2,
            Self::Rules => 3,
            Self::Input => 4,
            Self::Store => 5,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
