//! A crawl while it runs: moving lines on a terminal, plain lines elsewhere,
//! JSON for programs.
//!
//! With `--json`, stderr holds one JSON object a line: `page` after each
//! answer, `skip` for each thing left out, `end` at the end. Addresses stand
//! in them, words of posts never do.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::metrics::Metrics;
use crate::cli::args::Global;
use crate::cli::message::talk;
use crate::crawl::Progress;
use crate::pipeline::{CrawlReport, Told};
use crate::report::inert;

/// Pages between two plain lines.
const EVERY: u64 = 100;

/// What is shown of a crawl, and how.
pub(super) struct Watch {
    shown: Shown,
    began: Instant,
    n_pages: u64,
    metrics: Option<Metrics>,
}

enum Shown {
    /// A line for each source, moving.
    Live(MultiProgress, BTreeMap<String, ProgressBar>),
    /// A line now and then.
    Plain,
    /// Events.
    Json,
    Nothing,
}

impl Watch {
    pub(super) fn new(global: &Global, by_events: bool, metrics: Option<Metrics>) -> Self {
        let shown = if by_events {
            Shown::Json
        } else if global.quiet {
            Shown::Nothing
        } else if std::io::stderr().is_terminal() {
            Shown::Live(MultiProgress::new(), BTreeMap::new())
        } else {
            Shown::Plain
        };
        Self {
            shown,
            began: Instant::now(),
            n_pages: 0,
            metrics,
        }
    }

    /// Takes what the crawl tells.
    pub(super) fn told(&mut self, told: &Told<'_>) {
        match told {
            Told::Page(progress, flagged) => self.page(progress, *flagged),
            Told::Skip(skip) => {
                if matches!(self.shown, Shown::Json) {
                    event(&json!({
                        "event": "skip",
                        "subject": skip.subject,
                        "reason": skip.reason.as_str(),
                        "detail": skip.detail,
                    }));
                }
            }
        }
    }

    fn page(&mut self, progress: &Progress, flagged: u64) {
        self.n_pages += 1;
        if let Some(metrics) = &mut self.metrics {
            metrics.page(progress, flagged);
        }
        let left = left(progress, self.began.elapsed());
        match &mut self.shown {
            Shown::Live(all, bars) => {
                let bar = bars.entry(progress.source.clone()).or_insert_with(|| {
                    let style = ProgressStyle::with_template("{spinner} {msg}");
                    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
                    all.add(ProgressBar::new_spinner().with_style(style))
                });
                bar.set_message(inert(&line(progress, flagged, left)));
                bar.tick();
            }
            Shown::Plain if self.n_pages.is_multiple_of(EVERY) => {
                talk(&line(progress, flagged, left));
            }
            Shown::Json => event(&page_event(progress, flagged, left)),
            Shown::Plain | Shown::Nothing => {}
        }
    }

    /// Takes the lines away, and writes the figures a last time.
    pub(super) fn end(&mut self, report: Option<&CrawlReport>) {
        if let Shown::Live(all, _) = &self.shown {
            // Nothing is lost when the terminal is gone.
            let _ = all.clear();
        }
        if let Some(metrics) = &mut self.metrics {
            metrics.end(report);
        }
        if let (Shown::Json, Some(report)) = (&self.shown, report) {
            event(&end_event(report));
        }
    }
}

/// One source in one line.
fn line(progress: &Progress, flagged: u64, left: Option<Duration>) -> String {
    let Progress { tally, waiting, .. } = progress;
    let mut line = format!(
        "{}: {} pages, {} posts, {flagged} flagged, {waiting} waiting, {} KiB",
        progress.source,
        tally.pages,
        tally.posts,
        tally.bytes.div_ceil(1024)
    );
    if !progress.pause.is_zero() {
        line.push_str(&format!(
            ", a page every {:.1} s",
            progress.pause.as_secs_f64()
        ));
    }
    if let Some(left) = left {
        line.push_str(&format!(", about {} min left", left.as_secs().div_ceil(60)));
    }
    line
}

/// How long a source will take, if it goes on as so far and leads to nothing
/// new; not told before there is something to go by.
fn left(progress: &Progress, since: Duration) -> Option<Duration> {
    let pages = progress.tally.pages;
    let granted = progress.max_pages.saturating_sub(pages);
    let to_come = u32::try_from(progress.waiting.min(granted)).ok()?;
    let done = u32::try_from(pages).ok().filter(|pages| *pages >= 5)?;
    Some(since / done * to_come)
}

fn page_event(progress: &Progress, flagged: u64, left: Option<Duration>) -> Value {
    let tally = progress.tally;
    json!({
        "event": "page",
        "source": progress.source,
        "url": progress.url,
        "status": progress.status,
        "pages": tally.pages,
        "posts": tally.posts,
        "flagged": flagged,
        "waiting": progress.waiting,
        "bytes": tally.bytes,
        "bytes_spared": tally.spared,
        "pause_ms": progress.pause.as_millis() as u64,
        "left_s": left.map(|left| left.as_secs()),
    })
}

fn end_event(report: &CrawlReport) -> Value {
    let sources: BTreeMap<&str, Value> = report
        .sources
        .iter()
        .map(|(id, tally)| {
            let figures = json!({
                "pages": tally.pages,
                "posts": tally.posts,
                "bytes": tally.bytes,
                "bytes_spared": tally.spared,
                "skips": tally.skips,
                "flagged": report.flagged.get(id).copied().unwrap_or(0),
                "through": !tally.stopped,
            });
            (id.as_str(), figures)
        })
        .collect();
    let hosts: BTreeMap<&str, u64> = report
        .hosts
        .iter()
        .map(|limit| (limit.host.as_str(), limit.pause.as_millis() as u64))
        .collect();
    json!({
        "event": "end",
        "requests": report.used.requests,
        "bytes": report.used.bytes,
        "bytes_spared": report.used.spared,
        "flagged": report.tally.n_flagged(),
        "interrupted": report.tally.interrupted,
        "sources": sources,
        "pause_ms": hosts,
    })
}

/// One event on stderr. A reader that went away is not waited for.
fn event(event: &Value) {
    let _ = writeln!(std::io::stderr().lock(), "{event}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crawl::Tally;

    fn progress(pages: u64, waiting: u64) -> Progress {
        Progress {
            source: "pasar".to_owned(),
            url: "http://pasar.example/1".to_owned(),
            status: 200,
            tally: Tally {
                pages,
                posts: 7,
                bytes: 2000,
                ..Tally::default()
            },
            waiting,
            pause: Duration::from_millis(2500),
            max_pages: 100,
        }
    }

    #[test]
    fn a_line_says_what_was_done_and_what_is_left() {
        let progress = progress(10, 50);
        let left = left(&progress, Duration::from_secs(100));
        assert_eq!(
            line(&progress, 3, left),
            "pasar: 10 pages, 7 posts, 3 flagged, 50 waiting, 2 KiB, a page every 2.5 s, \
             about 9 min left"
        );
        assert_eq!(page_event(&progress, 3, left)["left_s"], 500);
    }

    #[test]
    fn the_time_left_knows_the_budget_and_is_not_guessed_from_nothing() {
        let hour = Duration::from_hours(1);
        assert_eq!(left(&progress(4, 50), hour), None);
        assert_eq!(left(&progress(90, 5000), hour), Some(hour / 90 * 10));
        assert_eq!(left(&progress(100, 5000), hour), Some(Duration::ZERO));
    }
}
