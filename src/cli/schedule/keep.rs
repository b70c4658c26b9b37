//! `lentera schedule run`: the loop, in the world as it is.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::sync::watch;

use super::plan;
use crate::cli::args::Global;
use crate::cli::crawl;
use crate::cli::exit::Exit;
use crate::cli::message::{Stop, talk};
use crate::cli::{digest, interrupt, settings};
use crate::crawl::Source;
use crate::pipeline::{CONFIG, CrawlFailure, CrawlReport, Lock, LockError, Work, Workspace};
use crate::schedule::{Attempt, Ended, Event, Memory, Outcome, Planned, World, keep};

pub(super) fn run(global: &Global, once: bool) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let plan = plan(&workspace)?;
    let lock = match Lock::take(&workspace.root, Work::Schedule) {
        Ok(lock) => lock,
        // Whoever holds it does what is due.
        Err(error @ LockError::Held { .. }) if once => {
            if !global.quiet {
                talk(&format!("nothing to do here: {error}"));
            }
            return Ok(Exit::Success);
        }
        Err(error) => {
            return Err(Stop::new(Exit::Store, error)
                .hint("two schedulers in one workspace would read everything twice")
                .into());
        }
    };
    let mut memory = Memory::load(&workspace.root).unwrap_or_else(|error| {
        talk(&format!("warning: {error}"));
        talk("sources begin anew: each is read at its next time, and none for times that passed");
        Memory::default()
    });
    let mut here = Here::new(global, workspace, plan, once)?;
    let ended = keep(&mut here, &mut memory, once);
    drop(lock);
    Ok(match ended {
        Ended::Stopped => {
            if !global.quiet {
                talk("stopped; nothing was cut short");
            }
            Exit::Success
        }
        Ended::Interrupted => Exit::Interrupted,
        Ended::Done(None) => {
            if !global.quiet {
                talk("nothing is due");
            }
            Exit::Success
        }
        Ended::Done(Some(_)) => here.exit,
    })
}

/// The world around the loop.
struct Here<'g> {
    global: &'g Global,
    workspace: Workspace,
    plan: Vec<Planned>,
    /// The state of `lentera.toml` that was read.
    read: Option<(SystemTime, u64)>,
    clock: settings::Clock,
    stop: watch::Receiver<bool>,
    runtime: tokio::runtime::Runtime,
    /// How the last run ended.
    exit: Exit,
}

impl<'g> Here<'g> {
    fn new(
        global: &'g Global,
        workspace: Workspace,
        plan: Vec<Planned>,
        once: bool,
    ) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(|error| Stop::new(Exit::Usage, format!("cannot start: {error}")))?;
        Ok(Self {
            global,
            read: stamp(&workspace),
            workspace,
            plan,
            clock: if once {
                settings::Clock::for_once(global)
            } else {
                settings::Clock::going(global)
            },
            stop: interrupt::watched(),
            runtime,
            exit: Exit::Success,
        })
    }

    /// Runs a crawl at this time, in the words of whoever typed it.
    fn crawl(&self, sources: Vec<Source>) -> anyhow::Result<Result<CrawlReport, CrawlFailure>> {
        let global = Global {
            now: Some(self.now()),
            ..self.global.clone()
        };
        let by = global.json;
        let settings = self.workspace.config.crawl.clone();
        crawl::attempt(&global, &self.workspace, sources, settings, by)
    }

    /// A run that could not be begun or finished: told now, kept for later.
    fn failed(&mut self, error: &anyhow::Error) -> Attempt {
        self.exit = crate::cli::message::failure(error);
        digest::tell_failure(self.global, &self.workspace, self.exit, self.now());
        Attempt::Ended {
            run_id: None,
            outcome: Outcome::Failed,
            detail: Some(format!("{error:#}")),
        }
    }
}

impl World for Here<'_> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn wait(&mut self, time: Duration) -> bool {
        let stop = &mut self.stop;
        self.runtime.block_on(async {
            // The time is over, or somebody asked; one that nobody can ask
            // any more waits all the same.
            let _ = tokio::time::timeout(time, stop.wait_for(|stop| *stop)).await;
        });
        *self.stop.borrow()
    }

    fn plan(&mut self) -> (Vec<Planned>, bool) {
        let stands = stamp(&self.workspace);
        if stands != self.read {
            self.read = stands;
            // A half-written file is read again at the next look.
            let again = settings::workspace(self.global).and_then(|workspace| {
                let plan = plan(&workspace)?;
                Ok((workspace, plan))
            });
            match again {
                Ok((workspace, plan)) => {
                    (self.workspace, self.plan) = (workspace, plan);
                    if !self.global.quiet {
                        talk("lentera.toml has changed and was read again");
                    }
                }
                Err(error) => talk(&format!(
                    "warning: lentera.toml has changed and cannot be used, so the one before is: {error:#}"
                )),
            }
        }
        (self.plan.clone(), self.workspace.config.schedule.catch_up)
    }

    fn run(&mut self, sources: Vec<Source>) -> Attempt {
        // Asked before rules are loaded, which costs more than asking.
        if let Err(error @ LockError::Held { .. }) = Lock::check(&self.workspace.root, Work::Crawl)
        {
            return Attempt::Busy(error.to_string());
        }
        let report = match self.crawl(sources) {
            Ok(Ok(report)) => report,
            Ok(Err(CrawlFailure::Lock(error @ LockError::Held { .. }))) => {
                return Attempt::Busy(error.to_string());
            }
            Ok(Err(error)) => return self.failed(&crawl::failed(error).into()),
            Err(error) => return self.failed(&error),
        };
        crawl::talk_of(self.global, &report, self.global.json);
        digest::tell(self.global, &self.workspace, &report, self.now());
        self.exit = crawl::exit(&report);
        Attempt::Ended {
            run_id: Some(report.run_id.clone()),
            outcome: match self.exit {
                Exit::Success => Outcome::Well,
                Exit::Interrupted => Outcome::Interrupted,
                _ => Outcome::InPart,
            },
            detail: detail(&report),
        }
    }

    fn remember(&mut self, memory: &Memory) {
        if let Err(error) = memory.save(&self.workspace.root) {
            talk(&format!(
                "warning: {error}; should this program end now, the last run may be done again"
            ));
        }
    }

    fn told(&mut self, event: &Event<'_>) {
        if self.global.quiet && !matches!(event, Event::PassedOver { .. }) {
            return;
        }
        talk(&match event {
            Event::Waiting(None) => "nothing is ever due again".to_owned(),
            Event::Waiting(Some(next)) => {
                format!(
                    "waiting; next: {}",
                    super::status::moment(*next, &self.plan)
                )
            }
            Event::Due { sources, missed: 0 } => format!("due: {}", sources.join(", ")),
            Event::Due { sources, missed } => format!(
                "due: {}; {missed} earlier times passed, this run makes them good",
                sources.join(", ")
            ),
            Event::Busy(who) => format!("waiting: {who}"),
            Event::PassedOver { source, missed } => {
                format!("{source}: {missed} times passed and are not made good (catch_up = false)")
            }
        });
    }
}

/// Why a run did not go well, in a line.
fn detail(report: &CrawlReport) -> Option<String> {
    let mut parts: Vec<String> = report
        .failures
        .iter()
        .map(|(source, why)| format!("{source} ended early: {why}"))
        .collect();
    let drifts = report.drifts.iter();
    parts.extend(drifts.map(|drift| format!("{} no longer gives what it used to", drift.source)));
    if report.tally.has_faults() {
        let faults = report.tally.n_skips.iter();
        let n: u64 = faults
            .filter(|(reason, _)| !reason.is_by_design())
            .map(|(_, n)| n)
            .sum();
        parts.push(format!("{n} pages or posts could not be read"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What changes when `lentera.toml` does.
fn stamp(workspace: &Workspace) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(workspace.root.join(CONFIG)).ok()?;
    Some((about.modified().ok()?, about.len()))
}
