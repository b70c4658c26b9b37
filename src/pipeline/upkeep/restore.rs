//! A workspace from a backup.
//!
//! It is unpacked beside its place, checked against the manifest and as any
//! workspace is, and only then gets its name. What lies in the file is judged
//! as a stranger's: only plain files below the few folders a workspace has,
//! none twice, none longer than the manifest says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use thiserror::Error;

use super::backup::{BackedUp, BackupManifest, FORMAT, MANIFEST, PARTIAL, digest};
use super::{UpkeepError, Verified, entries, name, verify};
use crate::pipeline::{CONFIG, Workspace, WorkspaceError};
use crate::store::jsonl::sync_folder;

/// Longest manifest, in bytes.
const MAX_MANIFEST: u64 = 64 << 20;
/// Folders that may hold files.
const FOLDERS: [&str; 5] = ["evidence", "findings", "keys", "rules", "sources"];

/// What opens a backup.
pub enum Opener {
    /// Identities of its recipients.
    Identities(Vec<age::x25519::Identity>),
    /// Its passphrase.
    Passphrase(SecretString),
}

/// Why a backup was not restored. Nothing is left behind.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// The place is not empty.
    #[error("`{}` is not empty; name a new folder", .0.display())]
    NotEmpty(PathBuf),
    /// It cannot be opened with what was given.
    #[error("`{}` cannot be opened: {why}", .file.display())]
    Closed {
        /// The backup.
        file: PathBuf,
        /// What age says.
        why: String,
    },
    /// It is no backup, or not a whole one.
    #[error("`{}` is not restored: {why}", .file.display())]
    Refused {
        /// The backup.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// What was unpacked does not hold.
    #[error("what was unpacked does not hold: {0}")]
    Fault(String),
    /// What was unpacked is no workspace.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// What was unpacked cannot be checked.
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
    /// The disk does not do what is asked.
    #[error("cannot use `{}`: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl RestoreError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// Restores `file` as the workspace `dir`, which must be new or empty.
///
/// # Errors
///
/// When it cannot be opened, is not whole, or `dir` is not empty. `dir` is then
/// as it was.
pub fn restore(
    file: &Path,
    dir: &Path,
    opener: Opener,
) -> Result<(BackupManifest, Verified), RestoreError> {
    if !entries(dir)?.is_empty() {
        return Err(RestoreError::NotEmpty(dir.to_owned()));
    }
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(parent).map_err(RestoreError::io(parent))?;
    let start = format!(".{}-", name(dir));
    for path in entries(parent)? {
        // What a killed restore to the same place left.
        if name(&path).starts_with(&start) && name(&path).ends_with(PARTIAL) && path.is_dir() {
            std::fs::remove_dir_all(&path).map_err(RestoreError::io(&path))?;
        }
    }
    let beside = tempfile::Builder::new()
        .prefix(&start)
        .suffix(PARTIAL)
        .tempdir_in(parent)
        .map_err(RestoreError::io(parent))?;
    let plain = open(file, opener)?;
    let manifest = unpack(plain, beside.path()).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => {
            RestoreError::Refused {
                file: file.to_owned(),
                why: error.to_string(),
            }
        }
        _ => RestoreError::io(beside.path())(error),
    })?;
    let workspace = Workspace::open(beside.path())?;
    let verified = verify(&workspace, true)?;
    if let Some(fault) = verified.faults.first() {
        return Err(RestoreError::Fault(fault.clone()));
    }
    // Only an empty folder is replaced.
    if dir.exists() {
        std::fs::remove_dir(dir).map_err(RestoreError::io(dir))?;
    }
    let beside = beside.keep();
    std::fs::rename(&beside, dir).map_err(RestoreError::io(dir))?;
    sync_folder(parent).map_err(RestoreError::io(parent))?;
    Ok((manifest, verified))
}

fn open(file: &Path, opener: Opener) -> Result<impl Read, RestoreError> {
    let closed = |why: age::DecryptError| RestoreError::Closed {
        file: file.to_owned(),
        why: why.to_string(),
    };
    let bytes = BufReader::new(File::open(file).map_err(RestoreError::io(file))?);
    let decryptor = age::Decryptor::new_buffered(bytes).map_err(closed)?;
    match opener {
        Opener::Passphrase(passphrase) => {
            let identity = age::scrypt::Identity::new(passphrase);
            let identity: &dyn age::Identity = &identity;
            decryptor.decrypt(std::iter::once(identity)).map_err(closed)
        }
        Opener::Identities(identities) => {
            let identities = identities.iter().map(|one| one as &dyn age::Identity);
            decryptor.decrypt(identities).map_err(closed)
        }
    }
}

fn refused(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}

/// Unpacks a backup into `dir`, and checks every file against the manifest.
pub(super) fn unpack(plain: impl Read, dir: &Path) -> io::Result<BackupManifest> {
    let mut archive = tar::Archive::new(plain);
    let mut manifest: Option<BackupManifest> = None;
    let mut expected: BTreeMap<String, BackedUp> = BTreeMap::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = String::from_utf8(entry.path_bytes().into_owned())
            .map_err(|_| refused("a path that is no text"))?;
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(refused(format!("{path:?} is no plain file")));
        }
        if manifest.is_none() {
            let read = read_manifest(&path, &mut entry)?;
            for file in &read.files {
                if expected.insert(file.path.clone(), file.clone()).is_some() {
                    return Err(refused(format!("the manifest names {:?} twice", file.path)));
                }
            }
            manifest = Some(read);
            continue;
        }
        let Some(told) = expected.remove(&path) else {
            let why = "is not in the manifest, or is there twice";
            return Err(refused(format!("{path:?} {why}")));
        };
        if !is_ours(&path) {
            return Err(refused(format!("{path:?} is no file of a workspace")));
        }
        if entry.size() != told.bytes {
            let why = format!("has {} bytes, expected {}", entry.size(), told.bytes);
            return Err(refused(format!("{path:?} {why}")));
        }
        unpack_file(&mut entry, &told, &dir.join(&path))?;
    }
    let manifest = manifest.ok_or_else(|| refused("it is empty"))?;
    if let Some((missing, _)) = expected.first_key_value() {
        return Err(refused(format!("{missing:?} is missing")));
    }
    for folder in ["rules", "findings", "evidence", "keys"] {
        private_dir(&dir.join(folder))?;
    }
    Ok(manifest)
}

fn read_manifest(path: &str, entry: &mut impl Read) -> io::Result<BackupManifest> {
    if path != MANIFEST {
        return Err(refused(format!(
            "it begins with {path:?}, not with {MANIFEST}"
        )));
    }
    let mut json = Vec::new();
    entry.take(MAX_MANIFEST).read_to_end(&mut json)?;
    let read: BackupManifest =
        serde_json::from_slice(&json).map_err(|error| refused(format!("{MANIFEST}: {error}")))?;
    if read.format != FORMAT {
        let why = format!(
            "it is of the format {:?}, this program knows {FORMAT}",
            read.format
        );
        return Err(refused(why));
    }
    Ok(read)
}

/// Whether a path is one of a file that workspaces hold.
fn is_ours(path: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0'])
    };
    match path.split_once('/') {
        None => path == CONFIG || path == "state.db",
        Some((folder, rest)) => FOLDERS.contains(&folder) && rest.split('/').all(plain),
    }
}

fn unpack_file(entry: &mut impl Read, told: &BackedUp, path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        private_dir(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let (bytes, sha256) = digest(entry.take(told.bytes), &mut file)?;
    if (bytes, &sha256) != (told.bytes, &told.sha256) {
        let why = format!("expected {} bytes with sha256 {}", told.bytes, told.sha256);
        return Err(refused(format!(
            "{:?}: {why}, found {bytes} with {sha256}",
            told.path
        )));
    }
    file.sync_all()
}

fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(test)]
mod tests;
