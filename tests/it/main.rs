//! Everything that is tested from outside, in one binary: relinking eight
//! costs four times as much.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod cli; // the program as run
mod conformance; // what phrases find and folding does, as data
mod crashes; // inputs that once broke something
mod addresses; // one address, one spelling
mod again; // a source read for the second time, and in bad times
mod crawl; // sources over real sockets
mod diagnostics; // what a rule author sees
mod evidence; // every kind of record, byte for byte
mod frame; // the legal frame, and codes of other vocabularies
mod golden; // expected output kept in files
mod demo; // the fixture sites, read whole
mod hostile; // sites that answer everything but a page
mod kept; // files written about the rules, never stale
mod oracle; // a naive reading of phrases
mod paths; // the same phrases by that reading and by regexes
mod props; // what holds for every text
mod robots; // robots.txt against the verdicts of another parser
mod proxy; // ways out through others
mod recognise; // typed values and their look-alikes, as data
mod site; // a small site for the others
mod spellings; // everyday spellings in a whole scan
mod stems; // word families, as data
mod telling; // scanning for flags alone
mod tls; // who a site shows to be
mod tidy; // the house rules: floors, sizes, words, docs
mod unicode; // every code point against Unicode's own data
mod wording; // what may not be said, and of whom
