//! A message in a file.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Message;

/// The file of a message: `path` itself, or one named after the run where that
/// is a folder or ends like one.
pub(super) fn path(path: &Path, message: &Message) -> PathBuf {
    let ends = path.as_os_str().to_string_lossy();
    if path.is_dir() || ends.ends_with(['/', std::path::MAIN_SEPARATOR]) {
        path.join(format!("digest-{}.txt", message.run_id))
    } else {
        path.to_owned()
    }
}

/// Puts `content` in the place of the file at `path`, which is in `dir`, in one
/// step.
pub(super) fn replace(dir: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}

/// Writes in one step: a reader sees the whole of it or what stood there
/// before.
pub(super) fn write(path: &Path, message: &Message) -> Result<(), String> {
    let content = match path.extension().and_then(|one| one.to_str()) {
        Some("html" | "htm") => &message.html,
        Some("json") => &message.json,
        _ => &message.text,
    };
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    let dir = dir.unwrap_or(Path::new("."));
    let written =
        std::fs::create_dir_all(dir).and_then(|()| replace(dir, path, content.as_bytes()));
    written.map_err(|error| format!("cannot be written: {error}"))
}
