//! Whether what a workspace holds is what was put there.

use std::collections::BTreeMap;

use super::{UpkeepError, entries, name};
use crate::evidence;
use crate::pipeline::Workspace;
use crate::store::jsonl::Findings;
use crate::store::record::Finding;
use crate::store::state::{FindingRow, Standing, StateError};

/// Most faults told one by one.
const MAX_FAULTS: usize = 20;

/// What a check of a workspace found.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Revisions of findings that were read.
    pub revisions: u64,
    /// Of these, those seen in a page of the evidence.
    pub captured: u64,
    /// Files of `findings/`.
    pub files: u64,
    /// Records in them.
    pub lines: u64,
    /// The evidence; `None` where there is none.
    pub evidence: Option<evidence::Report>,
    /// The first faults, in words.
    pub faults: Vec<String>,
    /// How many there are.
    pub n_faults: u64,
}

impl Verified {
    fn fault(&mut self, what: String) {
        self.n_faults += 1;
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(what);
        }
    }
}

/// Checks the store, the seal of every record, that each leads to its page, and
/// the evidence: every byte of it when `full`, else only what its chain says.
///
/// # Errors
///
/// When something cannot be read, or a crawl is at work. What does not hold is
/// told, not an error.
pub fn verify(workspace: &Workspace, full: bool) -> Result<Verified, UpkeepError> {
    let mut verified = Verified::default();
    let mut seen: Vec<(String, Place)> = Vec::new();
    let read = workspace.open_state().and_then(|state| {
        state.check()?;
        state.each_finding(|row, standing| {
            let of = format!("{}, revision {}", row.id, row.revision);
            verified.revisions += 1;
            match check_row(&row, standing) {
                Ok(Some(place)) => seen.push((of, place)),
                Ok(None) => {}
                Err(why) => verified.fault(format!("the finding {of}: {why}")),
            }
        })
    });
    match read {
        Err(StateError::Damaged { path, detail }) => {
            verified.fault(format!("{}: {detail}", path.display()));
        }
        other => other?,
    }
    verified.captured = seen.len() as u64;
    check_captures(workspace, seen, &mut verified)?;
    check_files(workspace, &mut verified)?;
    let dir = workspace.evidence();
    if full && entries(&dir)?.iter().any(|path| name(path) == "chain.log") {
        let report = evidence::verify(&dir, None).map_err(UpkeepError::evidence(&dir))?;
        if let Some(fault) = &report.fault {
            verified.fault(format!("evidence: {fault}"));
        }
        verified.evidence = Some(report);
    } else {
        let state = evidence::state(&dir).map_err(UpkeepError::evidence(&dir))?;
        if let Some(broken) = state.broken {
            verified.fault(format!("evidence: {broken}"));
        }
    }
    Ok(verified)
}

/// Where a finding says that its page is.
struct Place {
    file: String,
    offset: u64,
    record: String,
}

/// Whether a row is what its record says, and where that says its page is.
fn check_row(row: &FindingRow, standing: Standing) -> Result<Option<Place>, String> {
    let finding: Finding =
        serde_json::from_str(&row.json).map_err(|error| format!("is no record: {error}"))?;
    if !finding.is_intact() {
        return Err("the record is not as it was sealed".to_owned());
    }
    let assessment = &finding.assessment;
    let same = finding.id == row.id
        && finding.revision == row.revision
        && assessment.level == row.level
        && assessment.route == row.route
        && assessment.points == row.points;
    if !same {
        return Err(format!(
            "the store files it otherwise ({standing:?}, {}, {}) than the record says",
            row.level.as_str(),
            row.route.as_str()
        ));
    }
    Ok(finding.provenance.capture.map(|capture| Place {
        file: capture.path,
        offset: capture.offset,
        record: capture.record_id,
    }))
}

/// Whether every page that a finding was seen in is in the manifest, and was
/// not destroyed.
fn check_captures(
    workspace: &Workspace,
    seen: Vec<(String, Place)>,
    verified: &mut Verified,
) -> Result<(), UpkeepError> {
    let mut by_record: BTreeMap<String, Vec<(String, Place)>> = BTreeMap::new();
    for (of, place) in seen {
        let places = by_record.entry(place.record.clone()).or_default();
        places.push((of, place));
    }
    let dir = workspace.evidence();
    evidence::each_record(&dir, |_, listed, gone| {
        for (of, place) in by_record.remove(&listed.id).unwrap_or_default() {
            let shown = format!("evidence/{}", listed.file);
            let record = &listed.id;
            if gone {
                verified.fault(format!("the finding {of}: its page {record} was destroyed"));
            } else if place.file != shown || place.offset != listed.offset {
                verified.fault(format!(
                    "the finding {of}: expected its page {record} in {} at byte {}, the manifest \
                     has it in {shown} at {}",
                    place.file, place.offset, listed.offset
                ));
            }
        }
    })
    .map_err(UpkeepError::evidence(&dir))?;
    for (of, place) in by_record.into_values().flatten() {
        verified.fault(format!(
            "the finding {of}: its page {} is not in the manifest of the evidence",
            place.record
        ));
    }
    Ok(())
}

fn check_files(workspace: &Workspace, verified: &mut Verified) -> Result<(), UpkeepError> {
    for path in entries(&workspace.findings())? {
        let shown = name(&path);
        if !shown.ends_with(".jsonl") {
            continue;
        }
        verified.files += 1;
        let findings = match Findings::open(&path) {
            Ok(findings) => findings,
            Err(skip) => {
                verified.fault(format!("findings/{shown}: {skip}"));
                continue;
            }
        };
        for line in findings {
            match line {
                Ok(finding) if finding.is_intact() => verified.lines += 1,
                Ok(finding) => verified.fault(format!(
                    "findings/{shown}: the record {} is not as it was sealed",
                    finding.id
                )),
                Err(skip) => verified.fault(format!("findings/{shown}: {skip}")),
            }
        }
    }
    Ok(())
}
