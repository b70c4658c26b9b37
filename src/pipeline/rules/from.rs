//! Where rules are read from: a pack, and perhaps an overlay on it.

use std::fmt;
use std::path::PathBuf;

use super::folder::{FolderError, read_folder};
use crate::rule::{RuleFiles, shipped};

/// Where rules are read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesFrom {
    /// The folder of the pack; `None` is the embedded one.
    pub pack: Option<PathBuf>,
    /// The folder of an overlay. One without rule files is as good as none.
    pub overlay: Option<PathBuf>,
}

impl RulesFrom {
    /// A folder without an overlay.
    pub fn folder(dir: impl Into<PathBuf>) -> Self {
        Self {
            pack: Some(dir.into()),
            overlay: None,
        }
    }

    /// Whether anything of it stands on disk and can become another.
    pub fn can_change(&self) -> bool {
        self.pack.is_some() || self.overlay.is_some()
    }

    /// Reads the files.
    ///
    /// # Errors
    ///
    /// As [`read_folder`], but an overlay may be empty.
    pub fn read(&self) -> Result<RuleFiles, FolderError> {
        let pack = match &self.pack {
            Some(dir) => read_folder(dir)?,
            None => shipped(),
        };
        let Some(dir) = &self.overlay else {
            return Ok(pack);
        };
        match read_folder(dir) {
            Ok(overlay) => Ok(pack.with_overlay(overlay)),
            Err(FolderError::NoRules(_)) => Ok(pack),
            Err(error) => Err(error),
        }
    }

    /// Its folders.
    pub(super) fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.pack.iter().chain(&self.overlay)
    }
}

impl fmt::Display for RulesFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.pack {
            Some(dir) => write!(f, "{}", dir.display())?,
            None => f.write_str("the embedded pack")?,
        }
        match &self.overlay {
            Some(dir) => write!(f, " with {}", dir.display()),
            None => Ok(()),
        }
    }
}
