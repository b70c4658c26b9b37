//! `lentera crawl`: the sources of a workspace to findings.

mod metrics;
mod watch;

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::Timestamp;

use super::args::{CrawlArgs, Global};
use super::exit::Exit;
use super::message::{Stop, data, talk};
use super::{digest, findings, interrupt, rules, settings, summary};
use crate::crawl::{Settings, Source};
use crate::pipeline::{Assessor, CrawlFailure, CrawlJob, CrawlReport, Drift, Workspace};
use crate::store::key::Key;
use crate::store::mask::Masker;
use metrics::Metrics;
use watch::Watch;

pub(super) fn run(global: &Global, args: &CrawlArgs) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let sources = chosen(&workspace, &args.sources)?;
    let mut settings = workspace.config.crawl.clone();
    settings.low_bandwidth |= args.low_bandwidth;
    if args.metrics.is_some() {
        settings.metrics_file.clone_from(&args.metrics);
    }
    let report = crawl(global, &workspace, sources, settings, global.json)?;
    // Whoever reads along may have left; the digest goes out all the same.
    let told = tell(global, &report, global.json);
    digest::tell(global, &workspace, &report, settings::now(global));
    told?;
    Ok(exit(&report))
}

/// How a crawl ended, for scripts.
pub(super) fn exit(report: &CrawlReport) -> Exit {
    if report.tally.interrupted {
        Exit::Interrupted
    } else if report.tally.has_faults() || !report.failures.is_empty() || !report.drifts.is_empty()
    {
        Exit::Input
    } else {
        Exit::Success
    }
}

fn chosen(workspace: &Workspace, wanted: &[String]) -> anyhow::Result<Vec<Source>> {
    let all = &workspace.config.sources;
    if all.is_empty() {
        return Err(Stop::new(Exit::Usage, "lentera.toml names no `[[source]]`")
            .hint("add one; the file shows an example of each kind")
            .into());
    }
    let known: Vec<&str> = all.iter().map(|source| source.id.as_str()).collect();
    if let Some(unknown) = wanted.iter().find(|id| !known.contains(&id.as_str())) {
        return Err(
            Stop::new(Exit::Usage, format!("there is no source `{unknown}`"))
                .hint(format!("sources: {}", known.join(", ")))
                .into(),
        );
    }
    let is_wanted = |source: &&Source| wanted.is_empty() || wanted.contains(&source.id);
    Ok(all.iter().filter(is_wanted).cloned().collect())
}

/// Runs a crawl with progress on stderr, in words or by events.
pub(super) fn crawl(
    global: &Global,
    workspace: &Workspace,
    sources: Vec<Source>,
    crawl: Settings,
    by_events: bool,
) -> anyhow::Result<CrawlReport> {
    attempt(global, workspace, sources, crawl, by_events)?.map_err(|error| failed(error).into())
}

/// As [`crawl`], with what kept it from being done or finished as it is.
pub(super) fn attempt(
    global: &Global,
    workspace: &Workspace,
    sources: Vec<Source>,
    crawl: Settings,
    by_events: bool,
) -> anyhow::Result<Result<CrawlReport, CrawlFailure>> {
    if let Some(host) = crawl.without_contact(&sources) {
        let what = format!("`{host}` would not know who reads it: [crawl] names no `contact`");
        return Err(Stop::new(Exit::Usage, what)
            .hint("write the address of a page about this crawl, such as `contact = \"https://example.org/our-crawler\"`, into lentera.toml")
            .into());
    }
    let ruleset = Arc::new(rules::load_in(global, workspace)?);
    let key = Key::load_or_create(&workspace.key()).map_err(|error| {
        Stop::new(Exit::Usage, error).hint("the key ties equal contacts together; keep it private")
    })?;
    let masker = Masker::new(key);
    let now = settings::now(global);
    let ids: Vec<String> = sources.iter().map(|source| source.id.clone()).collect();
    let facts = settings::run_facts(&ruleset, &ids, now);
    let assessor = Assessor {
        rules: ruleset,
        masker: &masker,
        run: facts,
    };
    let metrics = crawl.metrics_file.clone().map(Metrics::new);
    let job = CrawlJob {
        workspace,
        sources,
        settings: crawl,
        assessor: &assessor,
        run_id: run_id(now),
        now,
        stop: interrupt::watched(),
    };
    let mut watch = Watch::new(global, by_events, metrics);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::new(Exit::Usage, format!("cannot start: {error}")))?;
    let result = runtime.block_on(job.run(|told| watch.told(told)));
    watch.end(result.as_ref().ok());
    Ok(result)
}

/// Why a crawl could not be done or finished, for whoever typed it.
pub(super) fn failed(error: CrawlFailure) -> Stop {
    if let CrawlFailure::Lock(error) = error {
        return Stop::new(Exit::Store, error)
            .hint("two crawls in one workspace would fetch everything twice");
    }
    let exit = match error {
        CrawlFailure::State(_) | CrawlFailure::Record(_) => Exit::Store,
        _ => Exit::Input,
    };
    Stop::new(exit, error).hint("what was committed is kept; run the same command again to go on")
}

/// `crawl-20261103T021200Z`: sorts by time, safe as a file name.
fn run_id(now: Timestamp) -> String {
    let time: String = now
        .to_string()
        .chars()
        .filter(|ch| !matches!(ch, '-' | ':'))
        .collect();
    format!("crawl-{}", time.replace('.', "_"))
}

/// Prints the findings of a crawl and what happened.
pub(super) fn tell(global: &Global, report: &CrawlReport, by_events: bool) -> anyhow::Result<()> {
    if global.json {
        for finding in &report.findings {
            data(&format!("{}\n", finding.to_line()))?;
        }
        for drift in &report.drifts {
            data(&format!("{}\n", drift_event(drift)))?;
        }
    } else if !report.findings.is_empty() {
        data(&findings::queue(global, &report.findings))?;
    }
    talk_of(global, report, by_events);
    Ok(())
}

/// Tells what happened in a crawl, and nothing of what was found.
pub(super) fn talk_of(global: &Global, report: &CrawlReport, by_events: bool) {
    if !global.quiet && !by_events {
        talk(summary_of(report).trim_end());
    }
    // Said last and also when quiet: a source that fell silent looks like a
    // quiet week.
    for drift in &report.drifts {
        talk(alarm(drift).trim_end());
    }
}

/// A source that no longer gives what it used to, for a script.
fn drift_event(drift: &Drift) -> serde_json::Value {
    let alarms = drift
        .alarms
        .iter()
        .map(|alarm| serde_json::json!({ "kind": alarm.as_str(), "message": alarm.to_string() }));
    serde_json::json!({
        "event": "drift",
        "source": drift.source,
        "alarms": alarms.collect::<Vec<_>>(),
        "pages": drift.pages,
    })
}

/// The same for a person, with what to do.
fn alarm(drift: &Drift) -> String {
    let source = &drift.source;
    let mut out = String::new();
    for alarm in &drift.alarms {
        let _ = writeln!(out, "ALARM: source {source}: {alarm}");
    }
    let _ = writeln!(
        out,
        "  the site was likely rebuilt; its posts are not read until the selectors fit"
    );
    let _ = match &drift.pages {
        Some(folder) => writeln!(
            out,
            "  pages for repair: {folder}; see with `lentera sources test {source} --from {folder}`",
            folder = folder.display()
        ),
        None => writeln!(out, "  its pages are in the evidence of this run"),
    };
    out
}

/// What was left of runs that were cut off.
fn recovered(report: &CrawlReport) -> String {
    let mut out = String::new();
    if let Some(holder) = &report.taken_from {
        let (pid, host, since) = (holder.pid, &holder.host, &holder.since);
        let _ = writeln!(
            out,
            "the crawl before, process {pid} on {host} since {since}, did not end by itself"
        );
    }
    for run in &report.recovered {
        let (id, n) = (&run.run_id, run.n_findings);
        let _ = match &run.findings_file {
            None => writeln!(out, "{id} was cut off; this run goes on where it was"),
            Some(file) => writeln!(
                out,
                "{id} was cut off; this run goes on where it was; its {n} findings: {}",
                file.display()
            ),
        };
    }
    for cut in &report.evidence.cuts {
        let (file, bytes) = (&cut.file, cut.from - cut.to);
        let _ = writeln!(
            out,
            "evidence/{file}: took back {bytes} bytes that were not finished"
        );
    }
    if report.evidence.lost > 0 {
        let lost = report.evidence.lost;
        let _ = writeln!(
            out,
            "warning: {lost} bytes of evidence that were finished are gone from the disk"
        );
    }
    out
}

/// What went over the line, and what limited it.
fn line(report: &CrawlReport) -> String {
    let mut out = String::new();
    let limited = report.hosts.iter().filter(|limit| !limit.pause.is_zero());
    for limit in limited {
        let _ = writeln!(out, "{limit}");
    }
    let used = report.used;
    if used.spared > 0 {
        let (received, spared) = (used.bytes.div_ceil(1024), used.spared.div_ceil(1024));
        let _ = writeln!(
            out,
            "{} requests, {received} KiB received, {spared} KiB spared by packing",
            used.requests
        );
    }
    out
}

/// Whether a run that found nothing can be believed.
fn why_nothing(report: &CrawlReport) -> String {
    let summary = &report.summary;
    let (pages, known, indicators) = (summary.pages(), summary.known(), summary.indicators);
    let posts = report.tally.n_posts + report.n_unchanged;
    if pages == 0 || indicators == 0 || posts + known == 0 {
        return format!(
            "warning: {pages} pages, {posts} posts, {indicators} indicators: that nothing was \
             found says nothing about the sources; `lentera sources check` and `lentera sources \
             test ID` tell more\n"
        );
    }
    format!(
        "that can be believed: {pages} pages fetched, {posts} posts read, {known} known already, \
         {indicators} indicators loaded\n"
    )
}

fn summary_of(report: &CrawlReport) -> String {
    let mut out = recovered(report);
    for (id, tally) in &report.sources {
        let kib = tally.bytes.div_ceil(1024);
        let again = if tally.resumed {
            ", gone on with from an earlier run"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "{id}: {} pages, {kib} KiB, {} posts{again}",
            tally.pages, tally.posts
        );
        if tally.known > 0 {
            let known = tally.known;
            let _ = writeln!(out, "  {known} known advertisements were not fetched again");
        }
        if tally.unchanged > 0 {
            let unchanged = tally.unchanged;
            let _ = writeln!(out, "  {unchanged} pages are as they were");
        }
        if tally.not_due > 0 {
            let listings = tally.not_due;
            let _ = writeln!(
                out,
                "  {listings} listings are not due: they seldom change, a later run reads them"
            );
        }
        // A jump here is how a redesigned site shows itself.
        if tally.posts > 0 && tally.without_text * 5 > tally.posts {
            let _ = writeln!(
                out,
                "  warning: {} posts without a body; check the selectors",
                tally.without_text
            );
        }
    }
    if report.cuts > 0 {
        let _ = writeln!(
            out,
            "the line to the store was cut {} times; each time this went on where it was",
            report.cuts
        );
    }
    for (source, why) in &report.failures {
        let _ = writeln!(out, "ended early: {source}: {why}");
    }
    out.push_str(&line(report));
    let (new, changed, same) = (report.n_new, report.n_changed, report.n_unchanged);
    let _ = writeln!(
        out,
        "posts: {new} new, {changed} changed, {same} unchanged (not scanned again)"
    );
    if report.n_rules_changed > 0 {
        let _ = writeln!(
            out,
            "looked at again because the rules changed: {}",
            report.n_rules_changed
        );
    }
    let _ = writeln!(out, "{} deserve a look", report.tally.n_flagged());
    if report.tally.n_flagged() == 0 {
        out.push_str(&why_nothing(report));
    }
    out.push_str(&summary::skips(&report.tally));
    if let Some(path) = &report.findings_file {
        let _ = writeln!(out, "findings: {}", path.display());
    }
    let _ = writeln!(out, "evidence: {}", report.evidence_file.display());
    if report.tally.interrupted {
        let _ = writeln!(
            out,
            "interrupted; the same command goes on where this one stopped"
        );
    }
    out
}
