//! What a page says: its bytes to characters, its markup to a tree that is
//! never too deep, and the tree to the words a reader sees.
//!
//! Pure: bytes and text in, text out. Where a page came from, and which part
//! of it is a post, is for those who call.

pub mod charset;
pub mod depth;
pub mod text;
