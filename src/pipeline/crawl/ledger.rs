//! The one place that writes the store while a crawl runs.
//!
//! Wishes of all readers are dealt with one after the other, in an open group.
//! A group is kept after a few pages or a moment: first the evidence is put on
//! the disk, then the group, in one transaction. So nothing in the store ever
//! refers to evidence that is not there, and a run that dies at any moment has
//! lost only what the next one fetches again.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::desk::{Reply, Wish};
use super::drift::{Fills, Samples};
use super::fleet::{Deadlines, Fleet};
use super::keeping::SiteBook;
use super::ways::Ways;
use super::{CrawlFailure, CrawlJob, CrawlReport, drift, projection};
use crate::crawl::Source;
use crate::crawl::frontier::{Claim, Done, FrontierError, Kept, Lease, Outcome, TaskKind};
use crate::evidence::Evidence;
use crate::post::Post;
use crate::scan::Scratch;
use crate::store::record::Finding;
use crate::store::state::{FindingRow, RunCounts, RunSummary, Seen, SourceSummary, State};

/// Pages after which a group is kept.
const GROUP: u32 = 64;
/// Time after which it is, however few they are.
const MOMENT: Duration = Duration::from_millis(200);

/// The store and what this run wrote to it.
pub(super) struct Ledger<'j> {
    job: &'j CrawlJob<'j>,
    pub(super) state: State,
    pub(super) report: CrawlReport,
    run_id: String,
    evidence: Arc<Evidence>,
    ways: Ways,
    /// What this machine leases, where there are several.
    fleet: Option<Fleet>,
    /// What each source gave in this run.
    pub(super) fills: Fills,
    scratch: Scratch,
    robots: Arc<SiteBook>,
    pages: u32,
    /// When the open group must be kept.
    pub(super) deadline: Option<Instant>,
}

impl<'j> Ledger<'j> {
    /// Begins the run `run_id` and keeps that.
    pub(super) fn begin(
        job: &'j CrawlJob<'j>,
        mut state: State,
        run_id: String,
        evidence: Arc<Evidence>,
        report: CrawlReport,
        fleet: Option<Fleet>,
    ) -> Result<Self, CrawlFailure> {
        state.begin()?;
        state.begin_run(&run_id, "crawl", job.now)?;
        let robots = Arc::new(SiteBook::load(&state, &job.sources)?);
        let mut ledger = Self {
            job,
            state,
            report,
            run_id,
            evidence,
            ways: Ways::new(job.now, job.assessor.rules.digest),
            fleet,
            robots,
            fills: Fills::default(),
            scratch: Scratch::new(),
            pages: 0,
            deadline: None,
        };
        ledger.commit()?;
        Ok(ledger)
    }

    /// What sites allow.
    pub(super) fn robots(&self) -> Arc<SiteBook> {
        Arc::clone(&self.robots)
    }

    /// Deals with one wish. What a reader did wrong goes back to it.
    ///
    /// # Errors
    ///
    /// When the store or the evidence fails: the run must end.
    pub(super) fn grant(&mut self, wish: Wish) -> Result<(), CrawlFailure> {
        match wish {
            Wish::Claim(ids, reply) => {
                let claim = self.claim(&ids)?;
                answer(reply, Ok(claim));
            }
            Wish::Renew(source, reply) => {
                self.renew()?;
                let deadlines = self.deadlines();
                let holds = deadlines.is_none_or(|deadlines| deadlines.are_ahead(&source));
                answer(reply, Ok(holds));
            }
            Wish::Enter(source, shape, start, reply) => {
                self.open_group()?;
                if !self.shows(&source)? {
                    answer(reply, Err(FrontierError::GivenAway));
                    return Ok(());
                }
                let entered = self.ways.enter(&mut self.state, &source, &shape, &start)?;
                answer(reply, Ok(entered));
            }
            Wish::Lease(source, reply) => {
                answer(reply, self.ways.lease(&self.state, &source)?);
            }
            Wish::Fresh(source, urls, posts, reply) => {
                let fresh = self.ways.fresh(&self.state, &source, &urls, &posts)?;
                answer(reply, fresh);
            }
            Wish::Finish(source, task, reply) => {
                self.open_group()?;
                if !self.shows(&source)? {
                    answer(reply, Err(FrontierError::GivenAway));
                    return Ok(());
                }
                let (lease, done) = *task;
                answer(reply, self.finish(&source, &lease, &done)?);
                self.pages += 1;
            }
            Wish::GiveBack(source, lease, reply) => {
                self.ways.give_back(&source, &lease);
                answer(reply, Ok(()));
            }
            Wish::Leave(source, ended, reply) => {
                self.open_group()?;
                if !self.shows(&source)? {
                    answer(reply, Err(FrontierError::GivenAway));
                    return Ok(());
                }
                self.ways.leave(&mut self.state, &source, ended)?;
                if let Some(fleet) = &mut self.fleet {
                    fleet.release(&mut self.state, &source, ended)?;
                }
                answer(reply, Ok(()));
            }
        }
        if self.pages >= GROUP {
            self.commit()?;
        }
        Ok(())
    }

    /// Leases one of these sources.
    fn claim(&mut self, ids: &[String]) -> Result<Claim, CrawlFailure> {
        if self.deadline.is_some() {
            self.commit()?;
        }
        let Some(fleet) = &mut self.fleet else {
            return Ok(Claim::Over);
        };
        let all = &self.job.sources;
        let sources: Vec<&Source> = ids
            .iter()
            .filter_map(|id| all.iter().find(|source| source.id == *id))
            .collect();
        Ok(fleet.claim(&mut self.state, &sources)?)
    }

    /// Renews the leases, each in time.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub(super) fn renew(&mut self) -> Result<(), CrawlFailure> {
        if self.deadline.is_some() {
            self.commit()?;
        }
        if let Some(fleet) = &mut self.fleet {
            for lost in fleet.renew(&mut self.state)? {
                self.ways.forget(&lost);
            }
        }
        Ok(())
    }

    /// When that is to be done next.
    pub(super) fn renewal(&self) -> Option<Instant> {
        self.fleet.as_ref().and_then(Fleet::renewal)
    }

    /// Until when sources may be read.
    pub(super) fn deadlines(&self) -> Option<Arc<Deadlines>> {
        let fleet = self.fleet.as_ref()?;
        Some(Arc::clone(&fleet.deadlines))
    }

    /// Numbers of the leases that are held.
    pub(super) fn fences(&self) -> Vec<i64> {
        self.fleet.as_ref().map_or_else(Vec::new, Fleet::fences)
    }

    /// Shows in the open group that a source is still this machine's. Whoever
    /// was away for too long writes nothing of it.
    fn shows(&mut self, source: &str) -> Result<bool, CrawlFailure> {
        let Some(fleet) = &mut self.fleet else {
            return Ok(true);
        };
        let shown = fleet.show(&mut self.state, source)?;
        if !shown {
            self.ways.forget(source);
        }
        Ok(shown)
    }

    fn open_group(&mut self) -> Result<(), CrawlFailure> {
        self.deadline.get_or_insert_with(|| Instant::now() + MOMENT);
        Ok(self.state.begin()?)
    }

    /// Puts the evidence on the disk, then the group that refers to it.
    ///
    /// # Errors
    ///
    /// When the disk does not take it; nothing of the group was kept.
    pub(super) fn commit(&mut self) -> Result<(), CrawlFailure> {
        self.deadline = None;
        self.pages = 0;
        let mark = self
            .evidence
            .sync()
            .map_err(|error| self.job.evidence_failed(error))?;
        self.robots.write(&mut self.state)?;
        self.state.put_evidence_mark(&mark.file, mark.end)?;
        self.state.keep_counts(&self.run_id, &self.counts())?;
        self.state.commit()?;
        if let Some(fleet) = &mut self.fleet {
            fleet.group_ended();
        }
        Ok(())
    }

    fn finish(
        &mut self,
        source: &str,
        lease: &Lease,
        done: &Done,
    ) -> Result<Result<Kept, FrontierError>, CrawlFailure> {
        if let Err(wrong) = self.ways.holds(source, lease) {
            return Ok(Err(wrong));
        }
        // Not sent again, so not read again.
        if done.outcome == Outcome::Unchanged && done.posts.is_empty() {
            self.report.n_unchanged += u64::from(lease.task.kind == TaskKind::Detail);
        }
        for post in &done.posts {
            self.fills.post(post);
            self.post(post)?;
        }
        Ok(self.ways.finish(&mut self.state, source, lease, done)?)
    }

    fn post(&mut self, post: &Post) -> Result<(), CrawlFailure> {
        let assessor = self.job.assessor;
        let digest = &assessor.rules.digest;
        let count = match self.state.see(post, digest, self.job.now)? {
            Seen::Unchanged => {
                self.report.n_unchanged += 1;
                return Ok(());
            }
            Seen::New => &mut self.report.n_new,
            Seen::Changed { .. } => &mut self.report.n_changed,
            Seen::RulesChanged => &mut self.report.n_rules_changed,
        };
        *count += 1;
        let (assessment, noted) = assessor.judge(post, &mut self.scratch);
        self.report.tally.note(&noted);
        if assessment.is_flagged() {
            let of_source = self.report.flagged.entry(post.platform.clone());
            *of_source.or_default() += 1;
            let revision = self.state.next_revision(&post.platform, &post.native_id)?;
            let finding = assessor.record(post, &assessment, revision);
            let row = row(post, &finding, self.job, &self.run_id);
            self.state.put_finding(&row)?;
        } else {
            self.state.clear_finding(&post.platform, &post.native_id)?;
        }
        Ok(())
    }

    fn counts(&self) -> RunCounts {
        let report = &self.report;
        RunCounts {
            posts: report.tally.n_posts + report.n_unchanged,
            new: report.n_new,
            changed: report.n_changed,
            rules_changed: report.n_rules_changed,
            unchanged: report.n_unchanged,
            findings: report.tally.n_flagged(),
            skips: report.tally.n_skips.values().sum(),
        }
    }

    /// Compares what each source gave with its runs before, and notes it.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    pub(super) fn look_for_drift(&mut self, samples: &Samples) -> Result<(), CrawlFailure> {
        self.open_group()?;
        let run = drift::Run {
            id: &self.run_id,
            at: self.job.now,
            workspace: self.job.workspace,
        };
        drift::look(
            &self.job.sources,
            &run,
            (&self.fills, samples),
            &mut self.state,
            &mut self.report,
        )
    }

    /// Keeps the last group, writes the run's findings from the store and ends
    /// the run.
    ///
    /// # Errors
    ///
    /// When the disk does not take it: the next run does it then.
    pub(super) fn end(mut self) -> Result<CrawlReport, CrawlFailure> {
        self.state.begin()?;
        if let Some(fleet) = &mut self.fleet {
            fleet.release_all(&mut self.state)?;
        }
        self.commit()?;
        self.evidence
            .finish()
            .map_err(|error| self.job.evidence_failed(error))?;
        let (file, findings) = projection::write(self.job, &self.state, &self.run_id)?;
        let counts = RunCounts {
            findings: findings.len() as u64,
            ..self.counts()
        };
        self.report.findings_file = file;
        self.report.findings.extend(findings);
        self.state.begin()?;
        self.state.end_run(&self.run_id, &counts, self.job.now)?;
        self.report.summary = summary(&self);
        self.state.put_summary(&self.run_id, &self.report.summary)?;
        self.state.clear_evidence_mark()?;
        self.state.commit()?;
        Ok(self.report)
    }
}

/// What the run tells about itself.
fn summary(ledger: &Ledger<'_>) -> RunSummary {
    let (report, rules) = (&ledger.report, &ledger.job.assessor.rules);
    let source = |source: &Source| {
        let id = &source.id;
        let tally = report.sources.iter().find(|(of, _)| of == id);
        let drift = report.drifts.iter().find(|drift| drift.source == *id);
        let failure = report.failures.iter().find(|(of, _)| of == id);
        let tally = tally.map(|(_, tally)| *tally).unwrap_or_default();
        SourceSummary {
            id: id.clone(),
            pages: tally.pages,
            bytes: tally.bytes,
            posts: tally.posts,
            flagged: report.flagged.get(id).copied().unwrap_or(0),
            known: tally.known,
            unchanged: tally.unchanged,
            drift: drift.map_or_else(Vec::new, |drift| {
                drift.alarms.iter().map(ToString::to_string).collect()
            }),
            failure: failure.map(|(_, why)| why.clone()),
        }
    };
    let skips = report.tally.n_skips.iter();
    RunSummary {
        requests: report.used.requests,
        bytes: report.used.bytes,
        spared: report.used.spared,
        ruleset: rules.digest.to_string(),
        indicators: rules.indicators.len() as u64,
        sources: ledger.job.sources.iter().map(source).collect(),
        skips: skips
            .map(|(why, n)| (why.as_str().to_owned(), *n))
            .collect(),
        interrupted: report.tally.interrupted,
    }
}

/// A reader that is gone needs no answer.
fn answer<T>(reply: Reply<T>, with: Result<T, FrontierError>) {
    let _ = reply.send(with);
}

fn row(post: &Post, finding: &Finding, job: &CrawlJob<'_>, run_id: &str) -> FindingRow {
    let assessment = &finding.assessment;
    let gates = assessment.gates.iter().map(|gate| gate.gate_id.clone());
    FindingRow {
        id: finding.id.clone(),
        revision: finding.revision,
        platform: post.platform.clone(),
        native_id: post.native_id.clone(),
        level: assessment.level,
        route: assessment.route,
        points: assessment.points,
        gates: gates.collect(),
        scanned_at: job.now,
        run_id: run_id.to_owned(),
        json: finding.to_line(),
    }
}
