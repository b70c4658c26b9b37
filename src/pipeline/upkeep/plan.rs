//! What is past its time. Nothing is changed here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Deserialize;

use super::retention::{EVIDENCE, POSTS, Retention};
use super::{UpkeepError, entries, name};
use crate::evidence::{self, Unneeded};
use crate::level::{Level, Route};
use crate::pipeline::Workspace;
use crate::store::state::{FindingRow, State};

/// A finding past its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueFinding {
    /// Its id.
    pub id: String,
    /// Its newest revision.
    pub revision: u32,
    /// `integrity.sha256` of that.
    pub sha256: String,
    /// Where it goes.
    pub route: Route,
    /// How soon a person should have looked.
    pub level: Level,
    /// When its newest revision was written.
    pub at: Timestamp,
    /// Key of `[retention]`.
    pub rule: &'static str,
    /// What it says.
    pub days: u64,
}

/// What is past its time in a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Findings, by id.
    pub findings: Vec<DueFinding>,
    /// Findings past their time that are held.
    pub held: u64,
    /// Posts without a finding.
    pub posts: u64,
    /// Records of evidence, by file.
    pub evidence: Vec<Unneeded>,
    /// Folders of pages saved for repair, relative to the workspace.
    pub folders: Vec<String>,
    /// Whether findings go and nothing says how long their pages are kept.
    pub pages_stay: bool,
    /// Ids of findings that stay.
    pub(super) stay: BTreeSet<String>,
}

impl Plan {
    /// Whether nothing is past its time.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
            && self.posts == 0
            && self.evidence.is_empty()
            && self.folders.is_empty()
    }

    /// How many findings go by route and level, with the time of the oldest
    /// and of the newest.
    pub fn by_class(&self) -> BTreeMap<(Route, Level), (u64, Timestamp, Timestamp)> {
        let mut classes = BTreeMap::new();
        for due in &self.findings {
            let class = classes
                .entry((due.route, due.level))
                .or_insert((0, due.at, due.at));
            class.0 += 1;
            class.1 = due.at.min(class.1);
            class.2 = due.at.max(class.2);
        }
        classes
    }
}

/// The parts of a record that a purge asks for.
#[derive(Deserialize)]
struct Peek {
    provenance: Provenance,
    privacy: Privacy,
    integrity: Integrity,
}

#[derive(Deserialize)]
struct Provenance {
    capture: Option<Capture>,
}

#[derive(Deserialize)]
struct Capture {
    record_id: String,
}

#[derive(Deserialize)]
struct Privacy {
    handling: Vec<String>,
}

#[derive(Deserialize)]
struct Integrity {
    sha256: String,
}

/// A finding being looked at: its newest revision so far, and what all of them
/// were seen in.
struct Looked {
    row: FindingRow,
    peek: Peek,
    records: Vec<String>,
}

/// Tells what of a workspace is past its time at `now`.
pub(super) fn plan(
    workspace: &Workspace,
    state: &State,
    now: Timestamp,
) -> Result<Plan, UpkeepError> {
    let retention = &workspace.config.retention;
    let mut sorted = Sorting {
        retention,
        now,
        plan: Plan::default(),
        needed: BTreeSet::new(),
    };
    let mut looked: Option<Looked> = None;
    let mut unreadable = None;
    state.each_finding(|row, _| {
        let peek: Peek = match serde_json::from_str(&row.json) {
            Ok(peek) => peek,
            Err(error) => {
                unreadable.get_or_insert((row.id, row.revision, error.to_string()));
                return;
            }
        };
        let mut records = match looked.take() {
            Some(before) if before.row.id == row.id => before.records,
            Some(before) => {
                sorted.sort(before);
                Vec::new()
            }
            None => Vec::new(),
        };
        records.extend(
            peek.provenance
                .capture
                .iter()
                .map(|one| one.record_id.clone()),
        );
        looked = Some(Looked { row, peek, records });
    })?;
    if let Some((id, revision, why)) = unreadable {
        return Err(UpkeepError::Record { id, revision, why });
    }
    if let Some(last) = looked {
        sorted.sort(last);
    }
    let Sorting {
        mut plan, needed, ..
    } = sorted;
    if let Some((before, _)) = retention.limit(POSTS, now) {
        plan.posts = state.count_old_posts(before)?;
    }
    plan.pages_stay = !plan.findings.is_empty() && retention.evidence_unreferenced.is_none();
    if let Some((before, _)) = retention.limit(EVIDENCE, now) {
        let dir = workspace.evidence();
        plan.evidence =
            evidence::unneeded(&dir, before, needed).map_err(UpkeepError::evidence(&dir))?;
        plan.folders = old_folders(workspace, state, before)?;
    }
    Ok(plan)
}

struct Sorting<'r> {
    retention: &'r Retention,
    now: Timestamp,
    plan: Plan,
    /// Records that what stays was seen in.
    needed: BTreeSet<String>,
}

impl Sorting<'_> {
    fn sort(&mut self, looked: Looked) {
        let Looked { row, peek, records } = looked;
        let rule = Retention::rule(row.route, row.level);
        let limit = self.retention.limit(rule, self.now);
        let due = limit.filter(|(before, _)| row.scanned_at <= *before);
        let is_held = self.retention.hold.contains(&row.id)
            || peek.privacy.handling.iter().any(|one| one == "legal_hold");
        match due {
            Some((_, days)) if !is_held => self.plan.findings.push(DueFinding {
                id: row.id,
                revision: row.revision,
                sha256: peek.integrity.sha256,
                route: row.route,
                level: row.level,
                at: row.scanned_at,
                rule,
                days,
            }),
            _ => {
                self.plan.held += u64::from(due.is_some());
                self.needed.extend(records);
                self.plan.stay.insert(row.id);
            }
        }
    }
}

/// Folders of pages that runs at `before` or earlier saved for repair.
fn old_folders(
    workspace: &Workspace,
    state: &State,
    before: Timestamp,
) -> Result<Vec<String>, UpkeepError> {
    let runs: BTreeMap<String, Timestamp> = state
        .runs()?
        .into_iter()
        .map(|run| (run.id, run.started_at))
        .collect();
    let mut old = Vec::new();
    for source in entries(&workspace.root.join("sources"))? {
        let folders = if source.is_dir() {
            entries(&source)?
        } else {
            Vec::new()
        };
        for folder in folders {
            let Some(run) = name(&folder).strip_prefix("drift-").map(str::to_owned) else {
                continue;
            };
            let at = runs.get(&run).copied().or_else(|| changed(&folder));
            if at.is_some_and(|at| at <= before) {
                let path = PathBuf::from("sources")
                    .join(name(&source))
                    .join(name(&folder));
                old.push(path.to_string_lossy().into_owned());
            }
        }
    }
    Ok(old)
}

fn changed(path: &std::path::Path) -> Option<Timestamp> {
    let at = path.metadata().ok()?.modified().ok()?;
    Timestamp::try_from(at).ok()
}
