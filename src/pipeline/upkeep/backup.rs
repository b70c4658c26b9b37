//! A copy of a workspace in one encrypted file.
//!
//! A tar file, encrypted with age as it is written: nothing of the workspace
//! is ever on another disk in the clear. Its first entry is the manifest, with
//! the length and SHA-256 of every other. It has its name only when it is
//! whole; a kill leaves a file whose name says so, and the next backup to the
//! same place takes that away.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{UpkeepError, entries, name};
use crate::id::Digest;
use crate::pipeline::{Lock, Work, Workspace};
use crate::store::jsonl::{folder_of, sync_folder};

/// Name of the manifest in a backup.
pub(super) const MANIFEST: &str = "BACKUP.json";
/// What a manifest says of itself.
pub(super) const FORMAT: &str = "lentera-backup/1";
/// End of the name of a backup that is being written.
pub(super) const PARTIAL: &str = ".partial";

/// Folders that are copied, with everything in them.
const FOLDERS: [&str; 4] = ["evidence", "findings", "rules", "sources"];

/// Who can read a backup.
pub enum Readers {
    /// Whoever holds one of the identities of these recipients.
    Recipients(Vec<age::x25519::Recipient>),
    /// Whoever knows this.
    Passphrase(SecretString),
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupManifest {
    /// Always `lentera-backup/1`.
    pub format: String,
    /// Program and version.
    pub collector: String,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// Whether the key that ties contacts together is in it.
    pub with_keys: bool,
    /// Every file, in the order they follow.
    pub files: Vec<BackedUp>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    /// Its path in the workspace, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
}

/// Copies a workspace into `file`. Nobody crawls meanwhile. The keys come along
/// only when asked: whoever holds them can undo the masking.
///
/// # Errors
///
/// When a crawl is at work, a backup of this name is there already, the state
/// is kept on a server, or the disk fails.
pub fn backup(
    workspace: &Workspace,
    file: &Path,
    readers: Readers,
    with_keys: bool,
    now: Timestamp,
) -> Result<BackupManifest, UpkeepError> {
    if workspace.config.store.url.is_some() {
        return Err(UpkeepError::OnServer);
    }
    let lock = Lock::take(&workspace.root, Work::Crawl)?;
    let folder = folder_of(file);
    if file.exists() {
        let there = io::Error::new(io::ErrorKind::AlreadyExists, "it is there already");
        return Err(UpkeepError::io(file)(there));
    }
    take_away_partials(folder, file)?;
    take_away_snapshots(workspace)?;
    let snapshot = tempfile::Builder::new()
        .prefix(".backup-")
        .tempdir_in(&workspace.root)
        .map_err(UpkeepError::io(&workspace.root))?;
    let copy = snapshot.path().join("state.db");
    workspace.open_state()?.copy_to(&copy)?;
    let files = listed(workspace, &copy, with_keys)?;
    let manifest = BackupManifest {
        format: FORMAT.to_owned(),
        collector: concat!("lentera/", env!("CARGO_PKG_VERSION")).to_owned(),
        made_at: now.to_string(),
        with_keys,
        files: hashed(&files)?,
    };
    let partial = partial_of(file);
    write(&partial, readers, &manifest, &files)
        .and_then(|()| {
            std::fs::rename(&partial, file)?;
            sync_folder(folder)
        })
        .map_err(UpkeepError::io(&partial))?;
    drop(lock);
    Ok(manifest)
}

/// The name of a backup while it is written: hidden, and of its process.
fn partial_of(file: &Path) -> PathBuf {
    let pid = std::process::id();
    file.with_file_name(format!(".{}-{pid}{PARTIAL}", name(file)))
}

/// Takes away what backups of this name left when they were killed, here and
/// in the workspace.
fn take_away_partials(folder: &Path, file: &Path) -> Result<(), UpkeepError> {
    let start = format!(".{}-", name(file));
    for path in entries(folder)? {
        if name(&path).starts_with(&start) && name(&path).ends_with(PARTIAL) {
            std::fs::remove_file(&path).map_err(UpkeepError::io(&path))?;
        }
    }
    Ok(())
}

/// Takes away copies of the store that killed backups left in the workspace.
/// Whoever asks holds the lock.
pub(super) fn take_away_snapshots(workspace: &Workspace) -> Result<(), UpkeepError> {
    for path in entries(&workspace.root)? {
        if name(&path).starts_with(".backup-") && path.is_dir() {
            std::fs::remove_dir_all(&path).map_err(UpkeepError::io(&path))?;
        }
    }
    Ok(())
}

/// Path in the backup, path on the disk.
type Listed = Vec<(String, PathBuf)>;

fn listed(workspace: &Workspace, state: &Path, with_keys: bool) -> Result<Listed, UpkeepError> {
    let config = crate::pipeline::CONFIG;
    let mut files = vec![
        (config.to_owned(), workspace.root.join(config)),
        ("state.db".to_owned(), state.to_owned()),
    ];
    let keys = with_keys.then_some("keys");
    for folder in FOLDERS.into_iter().chain(keys) {
        below(&workspace.root.join(folder), folder, &mut files)?;
    }
    Ok(files)
}

fn below(dir: &Path, shown: &str, files: &mut Listed) -> Result<(), UpkeepError> {
    for path in entries(dir)? {
        let about = path.symlink_metadata().map_err(UpkeepError::io(&path))?;
        // Half a file of a run that died; the store has what was in it.
        let is_torn = name(&path).starts_with(".findings-");
        let shown = format!("{shown}/{}", name(&path));
        if about.is_dir() {
            below(&path, &shown, files)?;
        } else if about.is_file() && !is_torn {
            files.push((shown, path));
        }
    }
    Ok(())
}

fn hashed(files: &Listed) -> Result<Vec<BackedUp>, UpkeepError> {
    let mut found = Vec::new();
    for (shown, path) in files {
        let file = File::open(path).map_err(UpkeepError::io(path))?;
        let (bytes, sha256) = digest(file, &mut io::sink()).map_err(UpkeepError::io(path))?;
        found.push(BackedUp {
            path: shown.clone(),
            bytes,
            sha256,
        });
    }
    Ok(found)
}

/// Copies everything; its length and digest.
pub(super) fn digest(mut from: impl Read, to: &mut impl Write) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let n = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&buffer[..n]);
        to.write_all(&buffer[..n])?;
        bytes += n as u64;
    }
    Ok((bytes, Digest(hash.finalize().into()).to_string()))
}

fn write(
    partial: &Path,
    readers: Readers,
    manifest: &BackupManifest,
    files: &Listed,
) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = BufWriter::new(options.open(partial)?);
    let encryptor = match readers {
        Readers::Passphrase(passphrase) => age::Encryptor::with_user_passphrase(passphrase),
        Readers::Recipients(recipients) => {
            let recipients = recipients.iter().map(|one| one as &dyn age::Recipient);
            age::Encryptor::with_recipients(recipients)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?
        }
    };
    let mut tar = tar::Builder::new(encryptor.wrap_output(file)?);
    let json = serde_json::to_vec(manifest)?;
    append(&mut tar, MANIFEST, json.len() as u64, &json[..])?;
    for ((shown, path), told) in files.iter().zip(&manifest.files) {
        let file = File::open(path)?.take(told.bytes);
        append(&mut tar, shown, told.bytes, file)?;
    }
    let file = tar.into_inner()?.finish()?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

fn append(
    tar: &mut tar::Builder<impl Write>,
    path: &str,
    bytes: u64,
    from: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    tar.append_data(&mut header, path, from)
}
