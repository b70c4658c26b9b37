//! Rounds: every engine reads the same fresh text in turn, A B C A B C, and is
//! charged the CPU time of the threads that scan.

use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

use crate::engine::{Found, Worker};
use crate::verify::Built;

/// What one engine did in each round.
#[derive(Debug, Default)]
pub(crate) struct Series {
    /// What tables call it.
    pub(crate) name: &'static str,
    /// MB of text per CPU second, all threads together.
    pub(crate) cpu: Vec<f64>,
    /// MB of text per second of the clock on the wall.
    pub(crate) wall: Vec<f64>,
    /// Hits per KB of text.
    pub(crate) density: Vec<f64>,
}

/// CPU seconds of this thread so far.
pub(crate) fn cpu_seconds() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Runs a short round that is not counted, then `rounds` that are. `texts`
/// makes the text of a round, other text for each.
pub(crate) fn rounds(
    engines: &Built,
    n_rounds: usize,
    n_threads: usize,
    texts: impl Fn(usize) -> Vec<String>,
) -> Vec<Series> {
    let mut series: Vec<Series> = engines
        .iter()
        .map(|(kind, _)| Series::named(kind.name))
        .collect();
    let crew = |engine: usize| -> Crew<'_> {
        (0..n_threads)
            .map(|_| (engines[engine].1.worker(), Vec::new()))
            .collect()
    };
    let mut crews: Vec<Crew<'_>> = (0..engines.len()).map(crew).collect();
    for round in 0..=n_rounds {
        let mut texts = texts(round);
        if round == 0 {
            texts.truncate(texts.len() / 4);
        }
        for (index, series) in series.iter_mut().enumerate() {
            if engines[index].0.cold {
                crews[index] = crew(index);
            }
            let texts = &texts[..texts.len() / engines[index].0.part];
            let bytes: usize = texts.iter().map(String::len).sum();
            let spent = timed(&mut crews[index], texts);
            if round > 0 {
                series.add(bytes, &spent);
            }
        }
    }
    series
}

/// One worker a thread, and where it puts the hits of a text.
type Crew<'e> = Vec<(Box<dyn Worker + 'e>, Vec<Found>)>;

struct Spent {
    cpu: f64,
    wall: f64,
    hits: usize,
}

/// Scans `texts`, dealt out to the crew.
fn timed(crew: &mut Crew<'_>, texts: &[String]) -> Spent {
    let n_threads = crew.len();
    let dealt: Vec<Vec<&str>> = (0..n_threads)
        .map(|thread| {
            texts
                .iter()
                .skip(thread)
                .step_by(n_threads)
                .map(String::as_str)
                .collect()
        })
        .collect();
    let began = Instant::now();
    let spent: Vec<(f64, usize)> = if let [(worker, found)] = crew.as_mut_slice() {
        vec![scan_all(worker.as_mut(), found, &dealt[0])]
    } else {
        std::thread::scope(|scope| {
            let started: Vec<_> = crew
                .iter_mut()
                .zip(&dealt)
                .map(|((worker, found), texts)| {
                    scope.spawn(move || scan_all(worker.as_mut(), found, texts))
                })
                .collect();
            let ended = started
                .into_iter()
                .map(|thread| thread.join().expect("engines do not panic"));
            ended.collect()
        })
    };
    Spent {
        cpu: spent.iter().map(|one| one.0).sum(),
        wall: began.elapsed().as_secs_f64(),
        hits: spent.iter().map(|one| one.1).sum(),
    }
}

fn scan_all(worker: &mut dyn Worker, found: &mut Vec<Found>, texts: &[&str]) -> (f64, usize) {
    let began = cpu_seconds();
    let mut hits = 0;
    for text in texts {
        found.clear();
        worker.scan(text, found);
        hits += found.len();
    }
    (cpu_seconds() - began, hits)
}

impl Series {
    pub(crate) fn named(name: &'static str) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    fn add(&mut self, bytes: usize, spent: &Spent) {
        let mb = bytes as f64 / 1e6;
        self.cpu.push(mb / spent.cpu);
        self.wall.push(mb / spent.wall);
        self.density.push(spent.hits as f64 / (mb * 1e3));
    }
}

/// Median, least and most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary {
    /// The middle one.
    pub(crate) median: f64,
    /// The least.
    pub(crate) least: f64,
    /// The most.
    pub(crate) most: f64,
}

impl Summary {
    /// Of figures, at least one.
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let n = figures.len();
        Self {
            median: f64::midpoint(figures[(n - 1) / 2], figures[n / 2]),
            least: figures[0],
            most: figures[n - 1],
        }
    }

    /// Of `ours / theirs`, round by round.
    pub(crate) fn of_ratios(ours: &[f64], theirs: &[f64]) -> Self {
        Self::of(ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs))
    }
}
