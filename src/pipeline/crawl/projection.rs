//! The findings file of a run, written from the store.
//!
//! The store is the truth: the same run gives the same file, whether it ended
//! well or was cut off and is written by the next one.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{CrawlFailure, CrawlJob, Recovered};
use crate::store::jsonl::FindingsFile;
use crate::store::record::Finding;
use crate::store::state::{RunCounts, State};

/// Writes the findings of a run in the order of its sources and their posts;
/// without findings there is no file.
pub(super) fn write(
    job: &CrawlJob<'_>,
    state: &State,
    run_id: &str,
) -> Result<(Option<PathBuf>, Vec<Finding>), CrawlFailure> {
    let sources = job.workspace.config.sources.iter().enumerate();
    let order: BTreeMap<&str, usize> = sources.map(|(n, one)| (one.id.as_str(), n)).collect();
    let mut rows = state.findings_of_run(run_id)?;
    rows.sort_by_key(|row| {
        let place = order.get(row.platform.as_str()).copied();
        // Sources that were taken out of the configuration come last.
        let place = place.unwrap_or(usize::MAX);
        (
            place,
            row.platform.clone(),
            row.native_id.clone(),
            row.revision,
        )
    });
    let mut findings = Vec::new();
    if rows.is_empty() {
        return Ok((None, findings));
    }
    let path = job.workspace.findings().join(format!("{run_id}.jsonl"));
    let mut file = FindingsFile::create(path)?;
    for row in &rows {
        let finding: Finding = serde_json::from_str(&row.json)?;
        file.write(&finding)?;
        findings.push(finding);
    }
    Ok((Some(file.finish()?), findings))
}

/// Ends the runs that were cut off: what they found is written now, and is
/// theirs.
pub(super) fn recover(
    job: &CrawlJob<'_>,
    state: &mut State,
) -> Result<(Vec<Recovered>, Vec<Finding>), CrawlFailure> {
    let (mut recovered, mut all) = (Vec::new(), Vec::new());
    for (run_id, counts) in state.cut_off_runs("crawl")? {
        let (findings_file, findings) = write(job, state, &run_id)?;
        let n_findings = findings.len() as u64;
        let counts = RunCounts {
            findings: n_findings,
            ..counts
        };
        state.end_run(&run_id, &counts, job.now)?;
        all.extend(findings);
        recovered.push(Recovered {
            run_id,
            findings_file,
            n_findings,
        });
    }
    Ok((recovered, all))
}
