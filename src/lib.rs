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
pub mod level;
pub mod indicator;
pub mod assessment;

// Floor 1: text. Knows nothing of rules.
pub mod text;
pub mod recognise;
pub mod language;
#[cfg(feature = "edges")]
pub mod markup;

// Floor 2: matcher. Knows nothing of indicators.
pub mod matcher;

// Floor 3: rule. Does not know where posts come from.
pub mod rule;

// Floor 4: judgement. Pure: no I/O, clock or async.
pub mod scan;

// Floor 5: edges. They know neither rules nor each other.
#[cfg(feature = "edges")]
pub mod archive;
#[cfg(feature = "edges")]
pub mod crawl;
#[cfg(feature = "edges")]
pub mod cron;
#[cfg(feature = "edges")]
pub mod evidence;
#[cfg(feature = "edges")]
pub mod notify;
#[cfg(feature = "edges")]
pub mod store;

// Floor 6: outward. What people read.
#[cfg(feature = "edges")]
pub mod report;

// Floor 7: flow, and the sites of the demonstration.
#[cfg(feature = "edges")]
pub mod pipeline;
#[cfg(feature = "edges")]
pub mod schedule;
#[cfg(feature = "edges")]
pub mod doctor;
#[cfg(feature = "edges")]
pub mod demo;

// Floor 8: doors.
#[cfg(feature = "cli")]
pub mod cli;
