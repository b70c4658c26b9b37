//! Sites to findings: crawl, keep, scan, store.
//!
//! `state.db` is the truth: a post's finding is committed there with the fact
//! that the post was seen. The run's JSONL file is written from it at the end,
//! so an interrupted run loses nothing and the next one goes on.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::{mpsc, watch};

use super::{Assessor, Tally, Workspace};
use crate::crawl::{self, Event, Fetcher, FetcherError, Keep, Page, Progress, Settings, Source};
use crate::evidence::{Evidence, Exchange, Run};
use crate::id::Digest;
use crate::post::{Capture, Post};
use crate::scan::Scratch;
use crate::store::jsonl::{FindingsFile, WriteError};
use crate::store::record::Finding;
use crate::store::state::{FindingRow, RunCounts, Seen, State, StateError};

/// Events waiting for the store at most; beyond, the crawl waits.
const QUEUE: usize = 256;
/// Posts after which the store commits.
const COMMIT_EVERY: u64 = 50;

/// A crawl of a workspace's sources.
#[derive(Debug)]
pub struct CrawlJob<'j> {
    /// Where everything is kept.
    pub workspace: &'j Workspace,
    /// Which sources to read.
    pub sources: Vec<Source>,
    /// How to read them.
    pub settings: Settings,
    /// What to make of each post.
    pub assessor: &'j Assessor<'j>,
    /// Names the run and its files.
    pub run_id: String,
    /// When it began.
    pub now: Timestamp,
    /// Becomes true to end the crawl between two fetches.
    pub stop: watch::Receiver<bool>,
}

/// What a crawl did.
#[derive(Debug, Default)]
pub struct CrawlReport {
    /// Posts, findings, skips.
    pub tally: Tally,
    /// Posts never seen before.
    pub n_new: u64,
    /// Posts whose content changed.
    pub n_changed: u64,
    /// Posts looked at again because the rules changed.
    pub n_rules_changed: u64,
    /// Posts that were as before: not scanned, not written.
    pub n_unchanged: u64,
    /// Pages and bytes by source, in the order of the sources.
    pub sources: Vec<(String, crawl::Tally)>,
    /// Findings of this run, in file order.
    pub findings: Vec<Finding>,
    /// The run's findings; `None` when there are none.
    pub findings_file: Option<PathBuf>,
    /// The run's pages as served.
    pub evidence_file: PathBuf,
    /// Sources that ended early, and why.
    pub failures: Vec<String>,
}

/// Why a crawl could not be done or finished.
#[derive(Debug, Error)]
pub enum CrawlFailure {
    /// The HTTP client.
    #[error(transparent)]
    Fetcher(#[from] FetcherError),
    /// `state.db`.
    #[error(transparent)]
    State(#[from] StateError),
    /// The findings file.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The evidence file.
    #[error("cannot keep evidence in `{}`: {source}", .dir.display())]
    Evidence {
        /// The evidence folder.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A record of the store that does not read back.
    #[error("the store holds a finding that cannot be read: {0}")]
    Record(#[from] serde_json::Error),
}

impl CrawlJob<'_> {
    /// Runs the crawl; `watch` sees every fetched page.
    ///
    /// # Errors
    ///
    /// When nothing could be begun, or the disk failed. Unreachable sites and
    /// pages are skips, not errors.
    ///
    /// # Panics
    ///
    /// When crawling itself panicked, which would be a fault of the program.
    pub async fn run(self, mut watch: impl FnMut(&Progress)) -> Result<CrawlReport, CrawlFailure> {
        let dir = self.workspace.evidence();
        let failed = |source| CrawlFailure::Evidence {
            dir: dir.clone(),
            source,
        };
        let agent = self.settings.user_agent();
        let digest = self.assessor.rules.digest.to_string();
        let about = [
            ("http-header-user-agent", agent.as_str()),
            ("lentera-rules", &digest),
        ];
        let run = Run {
            about: &about,
            rules: digest.clone(),
            sources: definitions(&self.sources),
            max_file_bytes: self.workspace.config.evidence.max_file_mib << 20,
            ..Run::new(&self.run_id, self.now)
        };
        let evidence = Evidence::create(&dir, &run).map_err(failed)?;
        let evidence = Arc::new(evidence);
        let fetcher = Arc::new(Fetcher::new(self.settings.clone())?);
        let mut store = Storing::new(&self)?;
        let (sender, mut events) = mpsc::channel(QUEUE);
        let keep: Arc<dyn Keep> = Arc::new(Keeping {
            evidence: Arc::clone(&evidence),
        });
        let crawling = tokio::spawn(crawl::crawl_all(
            self.sources.clone(),
            fetcher,
            keep,
            sender,
            self.stop.clone(),
        ));
        while let Some(event) = events.recv().await {
            match event {
                Event::Page(progress) => watch(&progress),
                Event::Skip(skip) => store.report.tally.skip(skip),
                Event::Post(post) => store.post(&post)?,
            }
        }
        drop(events);
        let outcomes = crawling.await.expect("crawling does not panic");
        for (id, outcome) in outcomes {
            match outcome {
                Ok(tally) => store.report.sources.push((id, tally)),
                Err(error) => store.report.failures.push(format!("{id}: {error}")),
            }
        }
        evidence.finish().map_err(failed)?;
        store.report.evidence_file = evidence.path();
        store.report.tally.interrupted = *self.stop.borrow();
        store.finish()
    }
}

/// Hands pages to the evidence file.
struct Keeping {
    evidence: Arc<Evidence>,
}

impl Keep for Keeping {
    fn keep(&self, page: &Page) -> io::Result<Capture> {
        self.evidence.keep(&Exchange {
            url: page.url.as_str(),
            at: page.fetched_at,
            remote: page.remote,
            request: &page.request,
            status: page.status,
            reason: page.reason,
            headers: &page.headers,
            body: &page.body,
            served: page.served,
            removed: &page.removed,
        })
    }
}

/// Names the source definitions of a run: equal when they are read equally.
fn definitions(sources: &[Source]) -> String {
    let told: Vec<String> = sources.iter().map(|one| format!("{one:?}")).collect();
    Digest::of_parts(told.iter().map(String::as_bytes)).to_string()
}

/// The receiving end: decides what is new, scans it, stores it.
struct Storing<'j> {
    job: &'j CrawlJob<'j>,
    state: State,
    /// The job's run id, with a number behind it when that is taken.
    run_id: String,
    report: CrawlReport,
    scratch: Scratch,
    uncommitted: u64,
}

impl<'j> Storing<'j> {
    fn new(job: &'j CrawlJob<'j>) -> Result<Self, CrawlFailure> {
        let mut state = State::open(&job.workspace.state())?;
        let taken: Vec<String> = state.runs()?.into_iter().map(|run| run.id).collect();
        // Two runs within one tick of the clock, or with the same `--now`.
        let mut run_id = job.run_id.clone();
        for n in 2.. {
            if !taken.contains(&run_id) {
                break;
            }
            run_id = format!("{}-{n}", job.run_id);
        }
        state.begin_run(&run_id, "crawl", job.now)?;
        state.begin()?;
        Ok(Self {
            job,
            state,
            run_id,
            report: CrawlReport::default(),
            scratch: Scratch::new(),
            uncommitted: 0,
        })
    }

    fn post(&mut self, post: &Post) -> Result<(), CrawlFailure> {
        let digest = &self.job.assessor.rules.digest;
        let seen = self.state.see(post, digest, self.job.now)?;
        let count = match seen {
            Seen::Unchanged => {
                self.report.n_unchanged += 1;
                return Ok(());
            }
            Seen::New => &mut self.report.n_new,
            Seen::Changed { .. } => &mut self.report.n_changed,
            Seen::RulesChanged => &mut self.report.n_rules_changed,
        };
        *count += 1;
        let assessor = self.job.assessor;
        let (assessment, noted) = assessor.judge(post, &mut self.scratch);
        self.report.tally.note(&noted);
        if assessment.is_flagged() {
            let revision = self.state.next_revision(&post.platform, &post.native_id)?;
            let finding = assessor.record(post, &assessment, revision);
            self.state
                .put_finding(&row(post, &finding, self.job, &self.run_id))?;
        } else {
            self.state.clear_finding(&post.platform, &post.native_id)?;
        }
        self.uncommitted += 1;
        if self.uncommitted >= COMMIT_EVERY {
            self.state.commit()?;
            self.state.begin()?;
            self.uncommitted = 0;
        }
        Ok(())
    }

    /// Commits, and writes the run's findings from the store.
    fn finish(mut self) -> Result<CrawlReport, CrawlFailure> {
        self.state.commit()?;
        let order: BTreeMap<&str, usize> = self
            .job
            .sources
            .iter()
            .enumerate()
            .map(|(n, one)| (one.id.as_str(), n))
            .collect();
        let mut rows = self.state.findings_of_run(&self.run_id)?;
        rows.sort_by_key(|row| {
            (
                order.get(row.platform.as_str()).copied(),
                row.native_id.clone(),
                row.revision,
            )
        });
        if !rows.is_empty() {
            let path = self
                .job
                .workspace
                .findings()
                .join(format!("{}.jsonl", self.run_id));
            let mut file = FindingsFile::create(path)?;
            for row in &rows {
                let finding: Finding = serde_json::from_str(&row.json)?;
                file.write(&finding)?;
                self.report.findings.push(finding);
            }
            self.report.findings_file = Some(file.finish()?);
        }
        let report = &self.report;
        let counts = RunCounts {
            posts: report.tally.n_posts + report.n_unchanged,
            new: report.n_new,
            changed: report.n_changed,
            rules_changed: report.n_rules_changed,
            unchanged: report.n_unchanged,
            findings: report.findings.len() as u64,
            skips: report.tally.n_skips.values().sum(),
        };
        self.state.end_run(&self.run_id, &counts, self.job.now)?;
        Ok(self.report)
    }
}

fn row(post: &Post, finding: &Finding, job: &CrawlJob<'_>, run_id: &str) -> FindingRow {
    let assessment = &finding.assessment;
    FindingRow {
        id: finding.id.clone(),
        revision: finding.revision,
        platform: post.platform.clone(),
        native_id: post.native_id.clone(),
        level: assessment.level,
        route: assessment.route,
        points: assessment.points,
        gates: assessment
            .gates
            .iter()
            .map(|gate| gate.gate_id.clone())
            .collect(),
        scanned_at: job.now,
        run_id: run_id.to_owned(),
        json: finding.to_line(),
    }
}
