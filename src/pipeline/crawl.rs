//! Sites to findings: crawl, keep, scan, store.
//!
//! `state.db` is the truth: what a page gave is committed there in one piece,
//! behind the evidence of it. The run's JSONL file is written from it at the
//! end, so a run that was cut off loses nothing and the next one goes on.

mod desk;
mod drift;
mod fleet;
mod keeping;
mod ledger;
mod line;
mod projection;
mod ways;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

pub use self::drift::Drift;
pub use self::keeping::exchange;

use self::desk::{Desk, Wish};
use self::drift::Samples;
use self::keeping::Keeping;
use self::ledger::Ledger;
use self::line::Line;
use super::{Assessor, Holder, Lock, LockError, Tally, Work, Workspace, WorkspaceError};
use crate::crawl::fetch::Used;
use crate::crawl::pace::HostLimit;
use crate::crawl::{self, Event, Fetcher, FetcherError, Progress, Settings, Source};
use crate::evidence::{self, Evidence, Mark, Run};
use crate::id::Digest;
use crate::skip::Skip;
use crate::store::jsonl::WriteError;
use crate::store::record::Finding;
use crate::store::state::{RunSummary, State, StateError};

/// Events and wishes waiting at most; beyond, the crawl waits.
const QUEUE: usize = 256;

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
    /// Names the run and its files.
    pub run_id: String,
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
    /// Runs before this one that were cut off, and are ended now.
    pub recovered: Vec<Recovered>,
    /// Whoever crawled here last, when it did not end by itself.
    pub taken_from: Option<Holder>,
    /// What of their evidence was put right.
    pub evidence: evidence::Recovered,
    /// Findings of recovered runs and of this one, in file order.
    pub findings: Vec<Finding>,
    /// The run's findings; `None` when there are none.
    pub findings_file: Option<PathBuf>,
    /// The run's pages as served.
    pub evidence_file: PathBuf,
    /// How often the line to the store was cut; what was under way then was
    /// read again, and counts here as an earlier run.
    pub cuts: u64,
    /// Sources that ended early, and why.
    pub failures: Vec<(String, String)>,
    /// Sources that no longer give what they used to.
    pub drifts: Vec<Drift>,
    /// Posts flagged, by source.
    pub flagged: BTreeMap<String, u64>,
    /// What limited each host in the end.
    pub hosts: Vec<HostLimit>,
    /// Requests, bytes and time of the whole run.
    pub used: Used,
    /// What the run tells about itself, as kept.
    pub summary: RunSummary,
}

/// What is told while a crawl runs.
#[derive(Debug)]
pub enum Told<'t> {
    /// A page was fetched and kept; with it, the posts of its source that were
    /// flagged so far.
    Page(&'t Progress, u64),
    /// Something was left out.
    Skip(&'t Skip),
}

/// A run that was cut off, ended by the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// Its id.
    pub run_id: String,
    /// Its findings; `None` when there are none.
    pub findings_file: Option<PathBuf>,
    /// How many they are.
    pub n_findings: u64,
}

/// Why a crawl could not be done or finished.
#[derive(Debug, Error)]
pub enum CrawlFailure {
    /// Another crawl is at work here.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The workspace's own files.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
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
    /// Runs the crawl; `watch` sees every fetched page and everything left out.
    ///
    /// # Errors
    ///
    /// When nothing could be begun, or the disk failed. Unreachable sites and
    /// pages are skips, not errors.
    ///
    /// # Panics
    ///
    /// When crawling itself panicked, which would be a fault of the program.
    pub async fn run(self, mut watch: impl FnMut(&Told<'_>)) -> Result<CrawlReport, CrawlFailure> {
        let fetcher = Arc::new(Fetcher::new(self.settings.clone())?);
        let lock = Lock::take(&self.workspace.root, Work::Crawl)?;
        let key_mark = self.assessor.masker.text_digest("lentera").to_string();
        let mut line = Line::new(self.workspace, key_mark)?;
        let mut state = line.open()?;
        loop {
            match self.read(&fetcher, state, &mut line, &mut watch).await {
                Ok(mut report) => {
                    line.complete(&mut report);
                    report.taken_from.clone_from(&lock.left_by);
                    return Ok(report);
                }
                Err(failure) => state = line.again(failure, self.stop.clone()).await?,
            }
        }
    }

    /// Reads the sources until all are read, or something fails.
    async fn read(
        &self,
        fetcher: &Arc<Fetcher>,
        mut state: State,
        line: &mut Line,
        watch: &mut impl FnMut(&Told<'_>),
    ) -> Result<CrawlReport, CrawlFailure> {
        let mut report = self.recover(&mut state)?;
        line.put_by(&mut report);
        let run_id = free_run_id(&state, &line.run_id(&self.run_id))?;
        report.run_id.clone_from(&run_id);
        let evidence = Arc::new(self.evidence(&run_id)?);
        let kept = Arc::clone(&evidence);
        let fleet = line.fleet(fetcher);
        let mut ledger = Ledger::begin(self, state, run_id, kept, report, fleet)?;
        let read = self.read_with(fetcher, &evidence, &mut ledger, watch).await;
        let Err(failure) = read else {
            return ledger.end();
        };
        line.own.extend(ledger.fences());
        drop(ledger);
        // The evidence is put right by whoever comes next, when nobody writes
        // it any more.
        for _ in 0..500 {
            if Arc::strong_count(&evidence) == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(failure)
    }

    async fn read_with(
        &self,
        fetcher: &Arc<Fetcher>,
        evidence: &Arc<Evidence>,
        ledger: &mut Ledger<'_>,
        watch: &mut impl FnMut(&Told<'_>),
    ) -> Result<(), CrawlFailure> {
        let samples = Arc::new(Samples::default());
        let (sender, mut events) = mpsc::channel(QUEUE);
        let (wishes, mut wished) = mpsc::channel(QUEUE);
        let crawling = tokio::spawn(crawl::crawl_all_on(
            self.sources.clone(),
            Arc::clone(fetcher),
            Arc::new(Keeping {
                evidence: Arc::clone(evidence),
                samples: Arc::clone(&samples),
                robots: ledger.robots(),
            }),
            Arc::new(Desk {
                wishes,
                deadlines: ledger.deadlines(),
            }),
            sender,
            self.stop.clone(),
        ));
        let served = serve(ledger, &mut events, &mut wished, watch).await;
        if let Err(error) = served {
            crawling.abort();
            let _ = crawling.await;
            return Err(error);
        }
        let outcomes = crawling.await.expect("crawling does not panic");
        for (id, outcome) in outcomes {
            match outcome {
                Ok(tally) => ledger.report.sources.push((id, tally)),
                Err(error) => ledger.report.failures.push((id, error.to_string())),
            }
        }
        ledger.report.hosts = fetcher.limits();
        ledger.report.used = fetcher.used();
        ledger.report.evidence_file = evidence.path();
        ledger.report.tally.interrupted = *self.stop.borrow();
        ledger.look_for_drift(&samples)
    }

    /// Ends runs that were cut off, and takes back what they left unfinished.
    fn recover(&self, state: &mut State) -> Result<CrawlReport, CrawlFailure> {
        let mut report = CrawlReport::default();
        let mark = state.evidence_mark()?;
        let mark = mark.map(|(file, end)| Mark { file, end });
        report.evidence = evidence::recover(&self.workspace.evidence(), mark.as_ref(), self.now)
            .map_err(|error| self.evidence_failed(error))?;
        (report.recovered, report.findings) = projection::recover(self, state)?;
        state.clear_evidence_mark()?;
        Ok(report)
    }

    fn evidence(&self, run_id: &str) -> Result<Evidence, CrawlFailure> {
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
            max_file_bytes: self.workspace.config.evidence.max_file_bytes(),
            ..Run::new(run_id, self.now)
        };
        Evidence::create(&self.workspace.evidence(), &run)
            .map_err(|error| self.evidence_failed(error))
    }

    fn evidence_failed(&self, source: io::Error) -> CrawlFailure {
        let dir = self.workspace.evidence();
        CrawlFailure::Evidence { dir, source }
    }
}

/// Serves the readers of sources until the last one is done.
async fn serve(
    ledger: &mut Ledger<'_>,
    events: &mut mpsc::Receiver<Event>,
    wished: &mut mpsc::Receiver<Wish>,
    watch: &mut impl FnMut(&Told<'_>),
) -> Result<(), CrawlFailure> {
    loop {
        let (deadline, renewal) = (ledger.deadline, ledger.renewal());
        let told = events.is_closed() && events.is_empty();
        if told && wished.is_closed() && wished.is_empty() {
            return Ok(());
        }
        tokio::select! {
            Some(event) = events.recv() => match event {
                Event::Page(progress) => {
                    let flagged = ledger.report.flagged.get(&progress.source);
                    watch(&Told::Page(&progress, flagged.copied().unwrap_or(0)));
                }
                Event::Skip(skip) => {
                    watch(&Told::Skip(&skip));
                    ledger.fills.skip(&skip);
                    ledger.report.tally.skip(skip);
                }
                Event::Post(_) => {}
            },
            Some(wish) = wished.recv() => ledger.grant(wish)?,
            () = until(deadline), if deadline.is_some() => ledger.commit()?,
            () = until(renewal), if renewal.is_some() => ledger.renew()?,
            else => return Ok(()),
        }
    }
}

/// Waits until a time; without one, for ever.
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// The wanted id, with a number behind it where that is taken: two runs within
/// one tick of the clock, or with the same `--now`.
fn free_run_id(state: &State, wanted: &str) -> Result<String, StateError> {
    let mut run_id = wanted.to_owned();
    for n in 2.. {
        if state.run(&run_id)?.is_none() {
            break;
        }
        run_id = format!("{wanted}-{n}");
    }
    Ok(run_id)
}

/// Names the source definitions of a run: equal when they are read equally,
/// whenever that is.
fn definitions(sources: &[Source]) -> String {
    let untimed = |source: &Source| Source {
        schedule: None,
        zone: None,
        ..source.clone()
    };
    let told: Vec<String> = sources
        .iter()
        .map(|one| format!("{:?}", untimed(one)))
        .collect();
    Digest::of_parts(told.iter().map(String::as_bytes)).to_string()
}
