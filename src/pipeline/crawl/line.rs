//! The line to the store during a crawl.
//!
//! A line to a server may be cut, and the server may be started anew. That is
//! taken as if the program had been killed: what was not committed is read
//! again. Only the pauses of hosts live on, so nobody is asked too soon.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::{CrawlFailure, CrawlReport, Recovered};
use crate::crawl::Fetcher;
use crate::pipeline::Workspace;
use crate::pipeline::crawl::fleet::Fleet;
use crate::store::record::Finding;
use crate::store::state::{Place, ServerAddress, State, StateError, Terms};

/// First wait before a server is tried again; doubled up to the longest.
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(10);

/// Where this run keeps its state, and what it knows of it from before its
/// line was cut.
pub(super) struct Line {
    to: Place,
    /// Which of several machines this is; empty when there is one.
    worker: String,
    lease: Duration,
    patience: Duration,
    /// Names the key for contacts.
    key_mark: String,
    /// When the run began, by the server's clock.
    since: Option<u64>,
    /// Leases that are still this run's.
    pub(super) own: Vec<i64>,
    /// How often it was cut.
    cuts: u64,
    recovered: Vec<Recovered>,
    findings: Vec<Finding>,
}

impl Line {
    pub(super) fn new(workspace: &Workspace, key_mark: String) -> Result<Self, CrawlFailure> {
        let to = workspace.place()?;
        let store = &workspace.config.store;
        let worker = match to {
            Place::File(_) => String::new(),
            Place::Server(_) => workspace.worker()?,
        };
        Ok(Self {
            to,
            worker,
            lease: Duration::from_secs(store.lease_s.max(2)),
            patience: Duration::from_secs(store.patience_s),
            key_mark,
            since: None,
            own: Vec::new(),
            cuts: 0,
            recovered: Vec::new(),
            findings: Vec::new(),
        })
    }

    /// The wanted id of a run; with the worker's name where there are several.
    pub(super) fn run_id(&self, wanted: &str) -> String {
        match self.worker.as_str() {
            "" => wanted.to_owned(),
            worker => format!("{wanted}-{worker}"),
        }
    }

    /// Opens the state.
    pub(super) fn open(&mut self) -> Result<State, StateError> {
        match &self.to {
            Place::File(path) => State::open(path),
            Place::Server(address) => {
                let state = self.open_server(&address.clone())?;
                Ok(state)
            }
        }
    }

    fn open_server(&mut self, address: &ServerAddress) -> Result<State, StateError> {
        let mut state = State::connect_as(address, &self.worker)?;
        // A group of a machine that fell silent must not outlive its leases.
        state.limit_silence(self.lease)?;
        state.agree_on_key(&self.key_mark)?;
        if self.since.is_none() {
            self.since = Some(state.server_ms()?);
        }
        Ok(state)
    }

    /// The leases of a new beginning; `None` where nobody else crawls.
    pub(super) fn fleet(&self, fetcher: &Arc<Fetcher>) -> Option<Fleet> {
        let terms = Terms {
            lease: self.lease,
            since: self.since?,
            own: self.own.clone(),
        };
        Some(Fleet::new(terms, Arc::clone(fetcher)))
    }

    /// Keeps what was told of runs that were cut off.
    pub(super) fn put_by(&mut self, report: &mut CrawlReport) {
        self.recovered.append(&mut report.recovered);
        self.findings.append(&mut report.findings);
    }

    /// Adds to a report what happened before its beginning.
    pub(super) fn complete(self, report: &mut CrawlReport) {
        report.recovered = self.recovered;
        report.findings = self
            .findings
            .into_iter()
            .chain(report.findings.drain(..))
            .collect();
        report.cuts = self.cuts;
    }

    /// After a failure: opens the state anew when that was only the line.
    ///
    /// # Errors
    ///
    /// The failure itself when it was something else, when the crawl is to
    /// stop, or when the server stays away for too long.
    pub(super) async fn again(
        &mut self,
        failure: CrawlFailure,
        mut stop: watch::Receiver<bool>,
    ) -> Result<State, CrawlFailure> {
        let CrawlFailure::State(StateError::Lost { .. }) = &failure else {
            return Err(failure);
        };
        self.cuts += 1;
        let until = Instant::now() + self.patience;
        let mut wait = FIRST;
        loop {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                Ok(_) = stop.wait_for(|stop| *stop) => return Err(failure),
            }
            match self.open() {
                Ok(state) => return Ok(state),
                Err(StateError::Unreachable { .. } | StateError::Lost { .. })
                    if Instant::now() < until => {}
                Err(error) => return Err(error.into()),
            }
            wait = (wait * 2).min(LONGEST);
        }
    }
}
