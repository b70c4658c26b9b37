//! The workspace on disk: what `lentera init` makes and every command uses.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use super::Sharing;
use super::upkeep::Retention;
use crate::crawl::{Settings, Source};
use crate::cron;
use crate::evidence::Run;
use crate::notify;

/// Name of the file that makes a folder a workspace.
pub const CONFIG: &str = "lentera.toml";

/// A folder with `lentera.toml` and what Lentera keeps beside it.
#[derive(Debug)]
pub struct Workspace {
    /// The folder.
    pub root: PathBuf,
    /// What `lentera.toml` says.
    pub config: Config,
}

/// `lentera.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How pages are read.
    pub crawl: Settings,
    /// How pages are kept.
    pub evidence: Keeping,
    /// Where the state is kept.
    pub store: Sharing,
    /// When sources are read.
    pub schedule: cron::Settings,
    /// Where it is told what a run found.
    pub digest: notify::Settings,
    /// How long what is kept.
    pub retention: Retention,
    /// Where posts come from.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// `[evidence]`: how pages are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keeping {
    /// Size after which a run begins another WARC file, in MiB.
    pub max_file_mib: u64,
}

impl Keeping {
    /// The same in bytes.
    pub fn max_file_bytes(&self) -> u64 {
        self.max_file_mib.saturating_mul(1 << 20)
    }
}

impl Default for Keeping {
    fn default() -> Self {
        Self {
            max_file_mib: Run::MAX_FILE_BYTES >> 20,
        }
    }
}

/// Why a workspace cannot be used.
#[derive(Debug, Error)]
pub enum WorkspaceError {
    /// There is none.
    #[error("no `{CONFIG}` in `{}`{}", .dir.display(), if *.searched { " or above it" } else { "" })]
    Missing {
        /// Where it was looked for.
        dir: PathBuf,
        /// Whether the folders above were tried as well.
        searched: bool,
    },
    /// One is there already.
    #[error("`{}` is already a workspace", .0.display())]
    Exists(PathBuf),
    /// `lentera.toml` is not what it should be.
    #[error("`{}`: {message}", .path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the place.
        message: String,
    },
    /// Two sources have one id.
    #[error("`{}`: the source id `{id}` is used twice", .path.display())]
    DoubleSource {
        /// The file.
        path: PathBuf,
        /// The id.
        id: String,
    },
    /// The disk does not do what is asked.
    #[error("cannot use `{}`: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Workspace {
    /// The workspace in `dir` itself.
    ///
    /// # Errors
    ///
    /// When there is none or its `lentera.toml` cannot be used.
    pub fn open(dir: &Path) -> Result<Self, WorkspaceError> {
        let path = dir.join(CONFIG);
        let text = std::fs::read_to_string(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => WorkspaceError::Missing {
                dir: dir.to_owned(),
                searched: false,
            },
            _ => WorkspaceError::Io {
                path: path.clone(),
                source,
            },
        })?;
        let config: Config = toml::from_str(&text).map_err(|error| WorkspaceError::Config {
            path: path.clone(),
            message: error.to_string(),
        })?;
        if let Some(fault) = cron::check(&text).into_iter().next() {
            return Err(WorkspaceError::Config {
                path,
                message: fault.told(&text),
            });
        }
        let mut ids = std::collections::BTreeSet::new();
        for source in &config.sources {
            if !ids.insert(source.id.as_str()) {
                return Err(WorkspaceError::DoubleSource {
                    path,
                    id: source.id.clone(),
                });
            }
        }
        Ok(Self {
            root: dir.to_owned(),
            config,
        })
    }

    /// The nearest workspace in `dir` or above it.
    ///
    /// # Errors
    ///
    /// When there is none or its `lentera.toml` cannot be used.
    pub fn find(dir: &Path) -> Result<Self, WorkspaceError> {
        let found = dir.ancestors().find(|dir| dir.join(CONFIG).is_file());
        let missing = || WorkspaceError::Missing {
            dir: dir.to_owned(),
            searched: true,
        };
        Self::open(found.ok_or_else(missing)?)
    }

    /// Makes a workspace in `dir` with this `lentera.toml`. Folders that hold
    /// records and keys are readable by their owner only.
    ///
    /// # Errors
    ///
    /// When one is there already, or the disk does not take it.
    pub fn create(dir: &Path, config: &str) -> Result<Self, WorkspaceError> {
        let path = dir.join(CONFIG);
        if path.exists() {
            return Err(WorkspaceError::Exists(dir.to_owned()));
        }
        for folder in ["", "rules", "findings", "evidence", "keys"] {
            let folder = dir.join(folder);
            private_dir(&folder).map_err(|source| WorkspaceError::Io {
                path: folder,
                source,
            })?;
        }
        std::fs::write(&path, config).map_err(|source| WorkspaceError::Io {
            path: path.clone(),
            source,
        })?;
        Self::open(dir)
    }

    /// The private overlay, if its folder is there.
    pub fn overlay(&self) -> Option<PathBuf> {
        Some(self.root.join("rules")).filter(|dir| dir.is_dir())
    }

    /// Posts seen, findings, runs; empty when they are kept on a server.
    pub fn state(&self) -> PathBuf {
        self.root.join("state.db")
    }

    /// One JSONL file a run.
    pub fn findings(&self) -> PathBuf {
        self.root.join("findings")
    }

    /// Pages as served.
    pub fn evidence(&self) -> PathBuf {
        self.root.join("evidence")
    }

    /// Saved pages of one source, and what is expected of them.
    pub fn source(&self, id: &str) -> PathBuf {
        self.root.join("sources").join(id)
    }

    /// The key that ties equal contacts together.
    pub fn key(&self) -> PathBuf {
        self.root.join("keys").join("hmac.key")
    }
}

#[cfg(unix)]
fn private_dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
}

#[cfg(not(unix))]
fn private_dir(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)
}
