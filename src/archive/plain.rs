//! Plain text: one post a file.

use super::Fault;
use super::draft::{Draft, utf8};
use super::lines::BOM;

/// Makes the whole file one post, named after the file.
pub(super) fn read(bytes: &[u8], stem: &str) -> Result<Draft, Fault> {
    let text = utf8(bytes.strip_prefix(BOM).unwrap_or(bytes))?;
    Ok(Draft {
        id: Some(stem.to_owned()),
        text: Some(text.to_owned()),
        ..Draft::default()
    })
}
