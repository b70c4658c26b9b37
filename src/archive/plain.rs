//! Plain text: one post a file.

use super::Fault;
use super::draft::{Draft, utf8};
use super::lines::BOM;

/// Makes the whole file one post, named after the file.
pub(super) fn read<'l>(bytes: &'l [u8], stem: &'l str) -> Result<Draft<'l>, Fault> {
    let text = utf8(bytes.strip_prefix(BOM).unwrap_or(bytes))?;
    Ok(Draft {
        id: Some(stem.into()),
        text: Some(text.into()),
        ..Draft::default()
    })
}
