//! `lentera rules stats`: how each rule fares on a corpus.

mod lines;
mod markdown;
mod table;

use std::path::PathBuf;

use super::super::args::Global;
use super::super::exit::Exit;
use super::super::message::data;
use super::{corpora, load};
use crate::pipeline::Tally;
use crate::pipeline::corpus::each_post;
use crate::pipeline::stats::{Census, Count, share};
use crate::report::inert;
use crate::scan::Scratch;

/// Indicators named beside one that most often hold with it.
const N_TOGETHER: usize = 3;
/// A rule that holds on more posts than this share tells nothing apart.
const TOO_OFTEN: f64 = 0.2;

pub(super) fn run(global: &Global, paths: &[PathBuf], markdown: bool) -> anyhow::Result<Exit> {
    let rules = load(global)?;
    let files = corpora::files(paths)?;
    let mut census = Census::new(&rules);
    let mut tally = Tally::default();
    let mut scratch = Scratch::new();
    for file in &files {
        each_post(file, &mut tally, |post| {
            census.count(file, post, &mut scratch);
            anyhow::Ok(())
        })?;
    }
    let out = if markdown {
        markdown::written(&census)
    } else if global.json {
        lines::written(&census)
    } else {
        inert(&table::written(&census))
    };
    data(&out)?;
    Ok(corpora::ended(global, &tally))
}

/// Whether a rule holds on more than a fifth of the posts.
fn is_too_often(census: &Census<'_>, count: Count) -> bool {
    share(count.total(), census.posts.total()) > TOO_OFTEN
}

/// `12.3 %`
fn percent(n: u64, of: u64) -> String {
    format!("{:.1} %", 100.0 * share(n, of))
}
