//! The key that turns contacts into digests.
//!
//! It is the one secret of a workspace: whoever holds it can try every
//! telephone number and learn which digest is whose. It is therefore never
//! written anywhere but its own file, never shown, and never read from a file
//! others can read.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::id::Digest;

/// Bytes in a key.
pub const KEY_BYTES: usize = 32;

/// Why a key could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file could not be read or written.
    #[error("cannot use the key file {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others on this machine can read or change the file.
    #[error(
        "the key file {path} can be read by others (mode {mode:o}): \
         whoever reads it can undo the masking; run `chmod 600` on it"
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file does not hold 64 hexadecimal digits.
    #[error(
        "the key file {path} does not hold 64 hexadecimal digits: restore it from a backup; \
         a new key would cut the ties to older findings"
    )]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes: {0}")]
    Random(String),
}

/// A key for contact digests. Its `Debug` form shows the id only.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    bytes: [u8; KEY_BYTES],
    id: String,
}

impl Key {
    /// A key from its bytes, for tests and demonstrations.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self {
            bytes,
            id: Digest::of(&bytes).short(8),
        }
    }

    /// A key nobody else has, for runs outside a workspace. Digests made with
    /// it tie posts of this run only.
    ///
    /// # Errors
    ///
    /// [`KeyError::Random`] when the system gives no random bytes.
    pub fn random() -> Result<Self, KeyError> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| KeyError::Random(error.to_string()))?;
        Ok(Self::from_bytes(bytes))
    }

    /// Reads a key file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, can be read by others (Unix), or does not
    /// hold a key.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let io_error = |source| KeyError::Io {
            path: path.to_owned(),
            source,
        };
        // The mode is asked of the open file, so that it cannot be exchanged
        // between the question and the reading.
        let file = File::open(path).map_err(io_error)?;
        refuse_exposed(path, &file.metadata().map_err(io_error)?)?;
        let mut text = String::new();
        file.take(4096)
            .read_to_string(&mut text)
            .map_err(io_error)?;
        let bytes = from_hex(text.trim()).ok_or_else(|| KeyError::Malformed {
            path: path.to_owned(),
        })?;
        Ok(Self::from_bytes(bytes))
    }

    /// Makes a new key file, readable by its owner only. Folders above it are
    /// made as needed.
    ///
    /// # Errors
    ///
    /// When the file already exists or cannot be written.
    pub fn create(path: &Path) -> Result<Self, KeyError> {
        let key = Self::random()?;
        write_new(path, &key.bytes).map_err(|source| KeyError::Io {
            path: path.to_owned(),
            source,
        })?;
        Ok(key)
    }

    /// Reads a key file, or makes it when there is none.
    ///
    /// # Errors
    ///
    /// Those of [`Key::load`] and [`Key::create`].
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match Self::create(path) {
            Err(KeyError::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {
                Self::load(path)
            }
            other => other,
        }
    }

    /// First eight hexadecimal digits of the key's SHA-256.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.bytes
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    let for_others = mode & 0o077;
    if for_others == 0 {
        return Ok(());
    }
    Err(KeyError::Exposed {
        path: path.to_owned(),
        mode,
    })
}

#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the same signature as where files have modes"
)]
fn refuse_exposed(_: &Path, _: &fs::Metadata) -> Result<(), KeyError> {
    Ok(())
}

/// Writes the key beside its place and links it there, so that no reader and
/// no crash ever sees half a key.
fn write_new(path: &Path, bytes: &[u8; KEY_BYTES]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    make_folder(folder)?;
    let mut file = OpenOptions::new();
    file.write(true).create_new(true);
    let mut file = tempfile::Builder::new()
        .prefix(".key-")
        .make_in(folder, |temporary| open_private(&mut file, temporary))?;
    for byte in bytes {
        write!(file, "{byte:02x}")?;
    }
    writeln!(file)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn open_private(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn from_hex(text: &str) -> Option<[u8; KEY_BYTES]> {
    let digits = text.as_bytes();
    if digits.len() != KEY_BYTES * 2 {
        return None;
    }
    let mut bytes = [0; KEY_BYTES];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = (high * 16 + low) as u8;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
