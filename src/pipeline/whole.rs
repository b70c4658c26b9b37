//! Files that appear whole.

use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::store::jsonl::folder_of;

/// Puts a file in the place of another in one step: a reader sees the whole of
/// it or what stood there before. `write` fills it, and syncs it where it must
/// outlive a power cut.
///
/// # Errors
///
/// When the disk does not take it; what stood there before stays.
pub fn replace(
    path: &Path,
    write: impl FnOnce(&mut NamedTempFile) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = NamedTempFile::new_in(folder_of(path))?;
    write(&mut file)?;
    file.persist(path)?;
    Ok(())
}
