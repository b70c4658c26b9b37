//! What commands that read a corpus have in common.

use std::path::PathBuf;

use super::super::args::Global;
use super::super::exit::Exit;
use super::super::message::{Stop, talk};
use super::super::summary;
use crate::pipeline::Tally;
use crate::pipeline::corpus::{CorpusFile, corpus};

/// The files of the corpora named.
pub(super) fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<CorpusFile>> {
    corpus(paths).map_err(|error| {
        Stop::new(Exit::Input, error)
            .hint("name files of posts (JSONL), or folders that hold some")
            .into()
    })
}

/// Tells what could not be read, and how the command ends because of it.
pub(super) fn ended(global: &Global, tally: &Tally) -> Exit {
    let skips = summary::skips(tally);
    if !(global.quiet || skips.is_empty()) {
        talk(skips.trim_end());
    }
    if tally.has_faults() {
        Exit::Input
    } else {
        Exit::Success
    }
}
