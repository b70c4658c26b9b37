//! The loop that waits for times and runs what is due, one run at a time.

use std::time::Duration;

use jiff::Timestamp;

use super::{LastRun, Memory, Outcome, Planned};
use crate::crawl::Source;

/// Longest time without a look at the clock: a machine that slept, or a clock
/// that was set, is noticed within it.
const LOOK: Duration = Duration::from_secs(30);
/// How long to wait before it is asked again whether somebody else crawls.
const BUSY: Duration = Duration::from_secs(3);

/// What the loop needs of the world around it.
pub trait World {
    /// The time.
    fn now(&self) -> Timestamp;

    /// Waits for so long, or until somebody asks to stop; says whether that is
    /// so.
    fn wait(&mut self, time: Duration) -> bool;

    /// The plan and whether passed times are made good, as they stand now.
    fn plan(&mut self) -> (Vec<Planned>, bool);

    /// Reads sources, to the end.
    fn run(&mut self, sources: Vec<Source>) -> Attempt;

    /// Keeps what is remembered. A failure is the world's to tell: the times
    /// are known as long as the loop runs.
    fn remember(&mut self, memory: &Memory);

    /// Takes what happens.
    fn told(&mut self, event: &Event<'_>);
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Somebody else crawls here: nothing was done.
    Busy(String),
    /// It ended.
    Ended {
        /// Its id; `None` when nothing could be begun.
        run_id: Option<String>,
        /// How.
        outcome: Outcome,
        /// Why, where it did not go well.
        detail: Option<String>,
    },
}

/// What is told while the loop runs.
#[derive(Debug)]
pub enum Event<'e> {
    /// Nothing is due before this time.
    Waiting(Option<Timestamp>),
    /// A run begins for these sources, `missed` of whose times passed before.
    Due {
        /// Their ids.
        sources: &'e [&'e str],
        /// Times that get no run of their own.
        missed: u64,
    },
    /// Somebody else crawls; the run waits.
    Busy(&'e str),
    /// Times passed and are not made good.
    PassedOver {
        /// The source.
        source: &'e str,
        /// How many.
        missed: u64,
    },
}

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Asked to stop while nothing ran.
    Stopped,
    /// Asked to stop while something ran; what was finished is kept.
    Interrupted,
    /// With `once`: what was due has run, with this outcome; `None` when
    /// nothing was due.
    Done(Option<Outcome>),
}

/// Runs what is due, when it is due, until asked to stop; with `once`, only
/// what is due now.
pub fn keep(world: &mut impl World, memory: &mut Memory, once: bool) -> Ended {
    let (mut told_next, mut told_busy) = (None, false);
    loop {
        let (plan, catch_up) = world.plan();
        let now = world.now();
        let mut changed = memory.meet(&plan, now);
        let round = Round::of(&plan, memory, now);
        changed |= round.pass_over(memory, world, catch_up);
        if changed {
            world.remember(memory);
        }
        let due = round.to_run(catch_up);
        let mut pause = LOOK;
        if !due.is_empty() {
            match run(&due, memory, world, &mut told_busy) {
                None => pause = BUSY,
                Some(Outcome::Interrupted) => return Ended::Interrupted,
                Some(outcome) if once => return Ended::Done(Some(outcome)),
                Some(_) => {
                    told_next = None;
                    continue;
                }
            }
        } else if once {
            return Ended::Done(None);
        } else {
            if told_next != Some(round.next) {
                world.told(&Event::Waiting(round.next));
                told_next = Some(round.next);
            }
            if let Some(next) = round.next {
                let left = next.duration_since(now).unsigned_abs();
                pause = pause.min(left);
            }
        }
        if world.wait(pause) {
            return Ended::Stopped;
        }
    }
}

/// What all sources look like at a moment.
struct Round<'p> {
    due: Vec<(&'p Planned, super::Due)>,
    next: Option<Timestamp>,
}

impl<'p> Round<'p> {
    fn of(plan: &'p [Planned], memory: &Memory, now: Timestamp) -> Self {
        let (mut due, mut next) = (Vec::new(), None);
        for planned in plan {
            let Some(past) = memory.sources.get(&planned.source.id) else {
                continue;
            };
            let look = planned.look(past, now);
            due.extend(look.due.map(|due| (planned, due)));
            next = [next, look.next].into_iter().flatten().min();
        }
        Self { due, next }
    }

    fn to_run(&self, catch_up: bool) -> Vec<(&'p Planned, super::Due)> {
        let runs = |(_, due): &&(&Planned, super::Due)| catch_up || !due.is_late();
        self.due.iter().filter(runs).copied().collect()
    }

    /// Settles what passed long ago and is not made good.
    fn pass_over(&self, memory: &mut Memory, world: &mut impl World, catch_up: bool) -> bool {
        let late = |(_, due): &&(&Planned, super::Due)| !catch_up && due.is_late();
        let mut changed = false;
        for (planned, due) in self.due.iter().filter(late) {
            let source = planned.source.id.as_str();
            if let Some(past) = memory.sources.get_mut(source) {
                let missed = due.before + 1;
                (past.settled, past.missed) = (due.time, past.missed + missed);
                world.told(&Event::PassedOver { source, missed });
                changed = true;
            }
        }
        changed
    }
}

/// Runs what is due; `None` when somebody else crawls.
fn run(
    due: &[(&Planned, super::Due)],
    memory: &mut Memory,
    world: &mut impl World,
    told_busy: &mut bool,
) -> Option<Outcome> {
    let ids: Vec<&str> = due.iter().map(|(one, _)| one.source.id.as_str()).collect();
    if !*told_busy {
        let missed = due.iter().map(|(_, due)| due.before).sum();
        world.told(&Event::Due {
            sources: &ids,
            missed,
        });
    }
    let began = world.now();
    let sources = due.iter().map(|(one, _)| one.source.clone()).collect();
    let (run_id, outcome, detail) = match world.run(sources) {
        Attempt::Busy(who) => {
            if !std::mem::replace(told_busy, true) {
                world.told(&Event::Busy(&who));
            }
            return None;
        }
        Attempt::Ended {
            run_id,
            outcome,
            detail,
        } => (run_id, outcome, detail),
    };
    *told_busy = false;
    let ended = world.now();
    for (planned, due) in due {
        let Some(past) = memory.sources.get_mut(&planned.source.id) else {
            continue;
        };
        // What was interrupted stays due: the next start goes on with it.
        if outcome != Outcome::Interrupted {
            (past.settled, past.missed) = (due.time, past.missed + due.before);
        }
        past.last = Some(LastRun {
            run_id: run_id.clone(),
            due: due.time,
            began,
            ended,
            outcome,
            detail: detail.clone(),
        });
    }
    world.remember(memory);
    Some(outcome)
}
