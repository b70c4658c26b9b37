//! Expected output kept in files. `UPDATE=1` rewrites them; look at every
//! changed one.

use std::fs;
use std::path::Path;

/// Compares with the file at `path`.
pub(crate) fn golden(path: &Path, actual: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, actual).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert!(
        expected == actual,
        "{} differs; run with UPDATE=1 and look at the change\n--- expected\n{expected}\n--- actual\n{actual}",
        path.display()
    );
}
