//! Takes out what is past its time, and keeps the record of it.
//!
//! What goes is in the chain of the evidence before it goes, and that it went
//! is there after. A purge that is cut off has no end in the chain; the next
//! one carries out what it announced and goes on.

use jiff::Timestamp;

use super::findings_files::{self, Gone};
use super::plan::{Plan, plan};
use super::retention::{EVIDENCE, POSTS};
use super::{UpkeepError, entries};
use crate::evidence::{
    Destroyer, Event, FindingsDestroyed, GoneFinding, Mark, OthersDestroyed, PurgeEnd, PurgeStart,
    state as evidence_state,
};
use crate::pipeline::{Lock, Work, Workspace};
use crate::store::state::State;

/// Most findings in one entry: a line of the chain has its limit.
const MAX_FINDINGS: usize = 400;
/// Most folders in one entry.
const MAX_FOLDERS: usize = 100;

/// Who asks for a purge, and why.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
}

/// A purge that was looked at and not begun. Nobody crawls meanwhile.
pub struct Purge<'w> {
    workspace: &'w Workspace,
    now: Timestamp,
    state: State,
    /// What would go.
    pub plan: Plan,
    /// The earlier purge that was cut off; it is carried out with this one.
    pub unfinished: Option<String>,
    _lock: Lock,
}

impl<'w> Purge<'w> {
    /// Looks what is past its time at `now`. Changes nothing.
    ///
    /// # Errors
    ///
    /// When a crawl is at work, or something cannot be read.
    pub fn look(workspace: &'w Workspace, now: Timestamp) -> Result<Self, UpkeepError> {
        let lock = Lock::take(&workspace.root, Work::Crawl)?;
        let state = workspace.open_state()?;
        let dir = workspace.evidence();
        let evidence = evidence_state(&dir).map_err(UpkeepError::evidence(&dir))?;
        Ok(Self {
            workspace,
            now,
            plan: plan(workspace, &state, now)?,
            state,
            unfinished: evidence.unfinished,
            _lock: lock,
        })
    }

    /// Whether there is nothing to do.
    pub fn is_idle(&self) -> bool {
        self.plan.is_empty() && self.unfinished.is_none()
    }

    /// Takes it all out. `None` when there was nothing to do; the chain then
    /// says nothing of it.
    ///
    /// # Errors
    ///
    /// When something cannot be written. The next purge goes on.
    pub fn carry_out(mut self, asked: &Asked) -> Result<Option<PurgeEnd>, UpkeepError> {
        if self.is_idle() {
            return Ok(None);
        }
        let dir = self.workspace.evidence();
        let mark = self.state.evidence_mark()?;
        let mark = mark.map(|(file, end)| Mark { file, end });
        let failed = || UpkeepError::evidence(&dir);
        let mut record = Destroyer::open(&dir, mark.as_ref(), self.now).map_err(failed())?;
        let purge = match record.unfinished() {
            Some(open) => open.start.purge.clone(),
            None => self.begin(&mut record, asked).map_err(failed())?,
        };
        record.carry_out().map_err(failed())?;
        self.findings(&mut record, &purge)?;
        self.evidence(&mut record, &purge)?;
        self.files(&record)?;
        super::backup::take_away_snapshots(self.workspace)?;
        self.state.scrub()?;
        let mut end = PurgeEnd {
            purge,
            findings: 0,
            posts: 0,
            records: 0,
            files: 0,
            folders: 0,
        };
        if let Some(open) = record.unfinished() {
            end.clone_from(&open.told);
        }
        record
            .note(&Event::PurgeEnd(end.clone()))
            .map_err(failed())?;
        Ok(Some(end))
    }

    fn begin(&self, record: &mut Destroyer, asked: &Asked) -> std::io::Result<String> {
        let purge = format!("purge-{}", self.now.strftime("%Y%m%dT%H%M%SZ"));
        record.note(&Event::PurgeStart(PurgeStart {
            purge: purge.clone(),
            who: asked.who.clone(),
            why: asked.why.clone(),
            retention: self.workspace.config.retention.days(),
        }))?;
        Ok(purge)
    }

    /// Findings and posts go from the store, in one piece.
    fn findings(&mut self, record: &mut Destroyer, purge: &str) -> Result<(), UpkeepError> {
        let dir = self.workspace.evidence();
        let failed = || UpkeepError::evidence(&dir);
        let announced = told(record);
        let mut new: Vec<_> = self.plan.findings.iter().collect();
        new.retain(|due| !announced.contains(&due.id));
        new.sort_by_key(|due| (due.rule, due.id.clone()));
        for of_rule in new.chunk_by(|one, next| one.rule == next.rule) {
            for part in of_rule.chunks(MAX_FINDINGS) {
                let findings = part.iter().map(|due| GoneFinding {
                    id: due.id.clone(),
                    revision: due.revision,
                    sha256: due.sha256.clone(),
                });
                let event = Event::FindingsDestroyed(FindingsDestroyed {
                    purge: purge.to_owned(),
                    rule: part[0].rule.to_owned(),
                    days: part[0].days,
                    findings: findings.collect(),
                });
                record.note(&event).map_err(failed())?;
            }
        }
        self.state.begin()?;
        // Those that an earlier attempt announced may have come back since.
        let due: Vec<String> = self
            .plan
            .findings
            .iter()
            .map(|due| due.id.clone())
            .collect();
        self.state.remove_findings(&due)?;
        let limit = self.workspace.config.retention.limit(POSTS, self.now);
        if let Some((before, days)) = limit {
            let posts = self.state.count_old_posts(before)?;
            // As many as were announced: an attempt died before it was kept.
            let known = record.unfinished().map_or(0, |open| open.told.posts);
            if posts > 0 && posts != known {
                let event = others(purge, (POSTS, days), posts, &[]);
                record.note(&event).map_err(failed())?;
            }
            self.state.remove_old_posts(before)?;
        }
        Ok(self.state.commit()?)
    }

    /// Records of evidence go; the store forgets them first.
    fn evidence(&mut self, record: &mut Destroyer, purge: &str) -> Result<(), UpkeepError> {
        let limit = self.workspace.config.retention.limit(EVIDENCE, self.now);
        let Some((_, days)) = limit else {
            return Ok(());
        };
        let dir = self.workspace.evidence();
        let failed = || UpkeepError::evidence(&dir);
        for one in &self.plan.evidence {
            let shown = format!("evidence/{}", one.file);
            let gone = |offset| one.whole || one.offsets.contains(&offset);
            self.state.forget_captures(&shown, gone)?;
            record
                .destroy(purge, (EVIDENCE, days), one)
                .map_err(failed())?;
        }
        let known = record.unfinished().map(|open| open.folders.clone());
        let known = known.unwrap_or_default();
        let folders = self.plan.folders.iter();
        let new: Vec<String> = folders
            .filter(|one| !known.contains(one))
            .cloned()
            .collect();
        for folders in new.chunks(MAX_FOLDERS) {
            let event = others(purge, (EVIDENCE, days), 0, folders);
            record.note(&event).map_err(failed())?;
        }
        for folder in &self.plan.folders {
            let path = self.workspace.root.join(folder);
            std::fs::remove_dir_all(&path).map_err(UpkeepError::io(&path))?;
        }
        Ok(())
    }

    /// Lines go from the files of runs.
    fn files(&self, record: &Destroyer) -> Result<(), UpkeepError> {
        let due = self.plan.findings.iter().map(|due| due.id.clone());
        let mut ids = told(record);
        ids.retain(|id| !self.plan.stay.contains(id));
        let gone = Gone {
            ids: ids.into_iter().chain(due).collect(),
            stay: &self.plan.stay,
            retention: &self.workspace.config.retention,
            now: self.now,
        };
        let dir = self.workspace.findings();
        // Listed first: a folder that cannot be read is told by its name.
        entries(&dir)?;
        findings_files::clean(&dir, &gone).map(drop)
    }
}

/// Findings that this purge has announced.
fn told(record: &Destroyer) -> Vec<String> {
    let open = record.unfinished();
    open.map_or_else(Vec::new, |open| open.findings.clone())
}

fn others(purge: &str, (rule, days): (&str, u64), posts: u64, folders: &[String]) -> Event {
    Event::OthersDestroyed(OthersDestroyed {
        purge: purge.to_owned(),
        rule: rule.to_owned(),
        days,
        posts,
        folders: folders.to_vec(),
    })
}
