//! Everything that is tested from outside, in one binary.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod crawl;
mod demo;
mod site;
