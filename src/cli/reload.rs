//! `lentera scan --reload`: who judges the next posts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::args::Global;
use super::exit::Exit;
use super::message::{Stop, talk};
use super::{rules, settings};
use crate::pipeline::Assessor;
use crate::pipeline::rules::{LiveRules, Reload};

/// How often the folder is looked at, at most: a fast scan asks a thousand
/// times a second.
const EVERY: Duration = Duration::from_millis(300);

/// The assessor in use, and where its rules may change.
pub(super) struct Judges<'m> {
    live: Option<LiveRules>,
    now: Mutex<(Arc<Assessor<'m>>, Option<Instant>)>,
    bar: ProgressBar,
}

impl<'m> Judges<'m> {
    /// Begins with `first`; follows the rules folder when `reload` is asked.
    pub(super) fn new(
        global: &Global,
        reload: bool,
        first: Assessor<'m>,
        bar: ProgressBar,
    ) -> anyhow::Result<Self> {
        let live = if reload {
            let from = rules::from(global)?;
            if !from.can_change() {
                return Err(Stop::new(Exit::Usage, "`--reload` needs a folder of rules")
                    .hint("name it with `--rules DIR` or `--overlay DIR`; the embedded pack never changes")
                    .into());
            }
            Some(LiveRules::new(from, Arc::clone(&first.rules)))
        } else {
            None
        };
        Ok(Self {
            live,
            now: Mutex::new((Arc::new(first), None)),
            bar,
        })
    }

    /// Who judges the next batch.
    pub(super) fn next(&self) -> Arc<Assessor<'m>> {
        // Nothing that is held here can be half done.
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let (assessor, looked) = &mut *now;
        if let Some(live) = &self.live
            && looked.is_none_or(|at| at.elapsed() >= EVERY)
        {
            *looked = Some(Instant::now());
            let outcome = live.poll(settings::clock());
            if let Reload::Swapped { .. } = outcome {
                let rules = live.current();
                *assessor = Arc::new(Assessor {
                    masker: assessor.masker,
                    run: settings::judged_by(assessor.run.clone(), &rules),
                    rules,
                });
            }
            if !matches!(outcome, Reload::Unchanged) {
                self.bar.suspend(|| talk(&outcome.to_string()));
            }
        }
        Arc::clone(assessor)
    }
}
