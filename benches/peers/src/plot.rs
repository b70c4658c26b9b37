//! Stub.
pub(crate) fn plot() -> Result<(), String> {
    Ok(())
}
