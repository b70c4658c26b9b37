//! The figures of a crawl as a text file for Prometheus (its node exporter
//! reads such files from a folder).
//!
//! The file is whole at any moment. Labels are ids of sources, names of hosts
//! and reasons of skips: never an address, a word of a post or a contact.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::cli::message::talk;
use crate::crawl::{Progress, Tally};
use crate::pipeline::{CrawlReport, whole};

/// Time between two writings.
const EVERY: Duration = Duration::from_secs(5);

/// What is known of one source.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    tally: Tally,
    waiting: u64,
    flagged: u64,
}

/// Keeps the file up to date.
pub(super) struct Metrics {
    path: PathBuf,
    sources: BTreeMap<String, Figures>,
    written: Option<Instant>,
    began: Instant,
    /// A file that cannot be written is told of once.
    failed: bool,
}

impl Metrics {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            sources: BTreeMap::new(),
            written: None,
            began: Instant::now(),
            failed: false,
        }
    }

    pub(super) fn page(&mut self, progress: &Progress, flagged: u64) {
        let figures = Figures {
            tally: progress.tally,
            waiting: progress.waiting,
            flagged,
        };
        self.sources.insert(progress.source.clone(), figures);
        if self.written.is_none_or(|at| at.elapsed() >= EVERY) {
            self.write(None);
        }
    }

    pub(super) fn end(&mut self, report: Option<&CrawlReport>) {
        for (id, tally) in report.iter().flat_map(|report| &report.sources) {
            self.sources.entry(id.clone()).or_default().tally = *tally;
        }
        self.write(report);
    }

    fn write(&mut self, report: Option<&CrawlReport>) {
        self.written = Some(Instant::now());
        let text = text(&self.sources, self.began.elapsed(), report);
        let Err(error) = whole::replace(&self.path, |file| file.write_all(text.as_bytes())) else {
            return;
        };
        if !self.failed {
            self.failed = true;
            talk(&format!(
                "warning: cannot write the figures to `{}`: {error}",
                self.path.display()
            ));
        }
    }
}

fn text(
    sources: &BTreeMap<String, Figures>,
    time: Duration,
    report: Option<&CrawlReport>,
) -> String {
    type Read = fn(&Figures) -> u64;
    let families: [(&str, &str, &str, Read); 8] = [
        ("pages_total", "counter", "Answers received.", |one| {
            one.tally.pages
        }),
        ("posts_total", "counter", "Posts read.", |one| {
            one.tally.posts
        }),
        (
            "flagged_total",
            "counter",
            "Posts that deserve a look.",
            |one| one.flagged,
        ),
        ("bytes_total", "counter", "Body bytes received.", |one| {
            one.tally.bytes
        }),
        (
            "bytes_spared_total",
            "counter",
            "Bytes that packing spared.",
            |one| one.tally.spared,
        ),
        ("skips_total", "counter", "Things left out.", |one| {
            one.tally.skips
        }),
        (
            "wordless_total",
            "counter",
            "Posts without a body.",
            |one| one.tally.without_text,
        ),
        ("waiting", "gauge", "Addresses still waiting.", |one| {
            one.waiting
        }),
    ];
    let mut out = String::new();
    for (name, kind, help, read) in families {
        let _ = writeln!(out, "# HELP lentera_crawl_{name} {help}");
        let _ = writeln!(out, "# TYPE lentera_crawl_{name} {kind}");
        for (id, figures) in sources {
            let _ = writeln!(
                out,
                "lentera_crawl_{name}{{source=\"{id}\"}} {}",
                read(figures)
            );
        }
    }
    let mut one = |name: &str, help: &str, value: u64| {
        let _ = writeln!(out, "# HELP lentera_crawl_{name} {help}");
        let _ = writeln!(out, "# TYPE lentera_crawl_{name} gauge");
        let _ = writeln!(out, "lentera_crawl_{name} {value}");
    };
    one(
        "running",
        "Whether the crawl still runs.",
        u64::from(report.is_none()),
    );
    one("seconds", "How long it has run.", time.as_secs());
    let Some(report) = report else { return out };
    one("requests", "Requests sent.", report.used.requests);
    one(
        "interrupted",
        "Whether it was interrupted.",
        u64::from(report.tally.interrupted),
    );
    let _ = writeln!(
        out,
        "# HELP lentera_crawl_left_out Things left out, by reason."
    );
    let _ = writeln!(out, "# TYPE lentera_crawl_left_out gauge");
    for (reason, n) in &report.tally.n_skips {
        let reason = reason.as_str();
        let _ = writeln!(out, "lentera_crawl_left_out{{reason=\"{reason}\"}} {n}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole_and_holds_each_figure_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lentera.prom");
        std::fs::write(&path, "old").unwrap();
        let mut metrics = Metrics::new(path.clone());
        let figures = Figures {
            waiting: 3,
            ..Figures::default()
        };
        metrics.sources.insert("pasar".to_owned(), figures);
        metrics.write(None);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("\nlentera_crawl_waiting{source=\"pasar\"} 3\n"),
            "{text}"
        );
        assert!(text.contains("\nlentera_crawl_running 1\n"), "{text}");
        metrics.end(Some(&CrawlReport::default()));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("\nlentera_crawl_running 0\n"), "{text}");
        for line in text.lines().filter(|line| line.starts_with("# TYPE")) {
            assert_eq!(text.matches(line).count(), 1, "{line}");
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_told_of_once() {
        let mut metrics = Metrics::new(PathBuf::from("/nowhere/at/all.prom"));
        metrics.write(None);
        assert!(metrics.failed);
    }
}
