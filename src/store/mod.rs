//! What Lentera remembers between runs.
//!
//! Keeps results, never pages: those are evidence. Sends nothing anywhere.

pub mod state;
