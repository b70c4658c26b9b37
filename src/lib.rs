//! Lentera ("lantern") reads public classified advertisements and posts,
//! weighs them against published indicators of human trafficking and of minors
//! at risk, and writes the few that deserve a human look as explained JSON.
#![doc = include_str!("ARCHITECTURE.md")]

// Floor 0: words. Plain values that know nothing of each other's use.
pub mod span;
pub mod id;
pub mod post;
pub mod skip;
pub mod entity;
pub mod indicator;
pub mod assessment;

// Floor 5: edges. Where posts come from and where what was found is kept.
#[cfg(feature = "edges")]
pub mod archive;
#[cfg(feature = "edges")]
pub mod store;
