//! What is kept: the finding record, the contacts in it masked, and the files
//! it is written to.
//!
//! Only [`record`] knows the wire format. Nothing here reads rules, fetches
//! pages or keeps a contact in the clear.

pub mod jsonl;
pub mod key;
pub mod mask;
pub mod record;
pub mod schema;
pub mod state;

#[cfg(test)]
pub(crate) mod sample;
