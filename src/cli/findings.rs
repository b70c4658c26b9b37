//! `lentera findings …`: the queue and single findings, read by people.

use std::path::Path;

use super::args::{FindingsCommand, Global};
use super::exit::Exit;
use super::message::{Stop, data, takes_color, talk};
use super::settings;
use crate::level::{Level, Route};
use crate::report::{Style, one, queue as render_queue};
use crate::store::jsonl::Findings;
use crate::store::record::Finding;
use crate::store::schema;
use crate::store::state::FindingFilter;

pub(super) fn run(global: &Global, command: FindingsCommand) -> anyhow::Result<Exit> {
    match command {
        FindingsCommand::List {
            file,
            level,
            route,
            rule,
            limit,
        } => {
            let filter = Filter {
                level: level.map(Level::from),
                route: route.map(Route::from),
                rule,
            };
            list(global, file.as_deref(), &filter, limit)
        }
        FindingsCommand::Show {
            id,
            file,
            show_text,
        } => show(global, &id, file.as_deref(), show_text),
        FindingsCommand::Schema { lenient } => {
            let schema = if lenient {
                schema::lenient()
            } else {
                schema::strict()
            };
            data(&format!("{schema:#}\n"))?;
            Ok(Exit::Success)
        }
    }
}

struct Filter {
    level: Option<Level>,
    route: Option<Route>,
    rule: Option<String>,
}

impl Filter {
    fn lets(&self, finding: &Finding) -> bool {
        let assessment = &finding.assessment;
        let names = |name: &String| {
            finding
                .indicators
                .iter()
                .any(|one| one.rule_id == *name || one.alias == *name)
                || assessment
                    .gates
                    .iter()
                    .any(|one| one.gate_id == *name || one.alias == *name)
        };
        self.level.is_none_or(|level| assessment.level >= level)
            && self.route.is_none_or(|route| assessment.route == route)
            && self.rule.as_ref().is_none_or(names)
    }
}

fn list(
    global: &Global,
    file: Option<&Path>,
    filter: &Filter,
    limit: usize,
) -> anyhow::Result<Exit> {
    let (mut findings, exit) = load(global, file)?;
    findings.retain(|finding| filter.lets(finding));
    let total = findings.len();
    findings.truncate(limit);
    if global.json {
        for finding in &findings {
            data(&format!("{}\n", finding.to_line()))?;
        }
    } else {
        data(&queue(global, &findings))?;
    }
    if total > findings.len() && !global.quiet {
        talk(&format!(
            "{} of {total}; `--limit {total}` shows all",
            findings.len()
        ));
    }
    Ok(exit)
}

fn show(global: &Global, id: &str, file: Option<&Path>, show_text: bool) -> anyhow::Result<Exit> {
    let (finding, exit) = found(global, id, file)?;
    if global.json {
        data(&format!("{}\n", finding.to_line()))?;
    } else {
        data(&one(
            &finding,
            &Style {
                show_text,
                ..style(global)
            },
        ))?;
    }
    Ok(exit)
}

/// The one finding whose id begins with `id`, and whether all could be read.
pub(super) fn found(
    global: &Global,
    id: &str,
    file: Option<&Path>,
) -> anyhow::Result<(Finding, Exit)> {
    let (findings, exit) = load(global, file)?;
    let mut found: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| finding.id.starts_with(id))
        .collect();
    match found.len() {
        0 => Err(
            Stop::new(Exit::Usage, format!("no finding begins with `{id}`"))
                .hint("the first column of `lentera findings list` is enough")
                .into(),
        ),
        1 => Ok((found.remove(0), exit)),
        n => {
            let ids: Vec<&str> = found.iter().map(|finding| finding.id.as_str()).collect();
            Err(
                Stop::new(Exit::Usage, format!("{n} findings begin with `{id}`"))
                    .hint(ids.join("\n      "))
                    .into(),
            )
        }
    }
}

/// The queue as a table.
pub(super) fn queue(global: &Global, findings: &[Finding]) -> String {
    let mut sorted: Vec<Finding> = findings.to_vec();
    sort(&mut sorted);
    render_queue(&sorted, &style(global))
}

pub(super) fn style(global: &Global) -> Style {
    let width = terminal_width().unwrap_or(100);
    Style {
        lang: global.lang.into(),
        color: takes_color(),
        width,
        show_text: false,
    }
}

/// Columns, when `COLUMNS` says so; a pipe has none.
fn terminal_width() -> Option<usize> {
    let columns: usize = std::env::var("COLUMNS").ok()?.parse().ok()?;
    (40..=400).contains(&columns).then_some(columns)
}

/// Every finding in the order of the queue, and whether all could be read.
fn load(global: &Global, file: Option<&Path>) -> anyhow::Result<(Vec<Finding>, Exit)> {
    let (mut findings, exit) = match file {
        Some(path) => from_file(path)?,
        None => from_store(global)?,
    };
    sort(&mut findings);
    Ok((findings, exit))
}

fn from_file(path: &Path) -> anyhow::Result<(Vec<Finding>, Exit)> {
    let reader = Findings::open(path).map_err(|skip| Stop::new(Exit::Input, skip))?;
    let mut findings = Vec::new();
    let mut exit = Exit::Success;
    for line in reader {
        match line {
            Ok(finding) => findings.push(finding),
            Err(skip) => {
                talk(&format!("skipped {skip}"));
                exit = Exit::Input;
            }
        }
    }
    Ok((findings, exit))
}

fn from_store(global: &Global) -> anyhow::Result<(Vec<Finding>, Exit)> {
    let workspace = settings::workspace(global)?;
    let stop = |error: &dyn std::fmt::Display| {
        Stop::new(Exit::Store, error)
            .hint("the run's JSONL files in `findings/` can be read with `--file`")
    };
    let state = workspace.open_state().map_err(|error| stop(&error))?;
    let rows = state
        .findings(&FindingFilter::default())
        .map_err(|error| stop(&error))?;
    let mut findings = Vec::new();
    let mut exit = Exit::Success;
    for row in rows {
        match serde_json::from_str(&row.json) {
            Ok(finding) => findings.push(finding),
            Err(error) => {
                talk(&format!("skipped {}: {error}", row.id));
                exit = Exit::Store;
            }
        }
    }
    Ok((findings, exit))
}

/// Pleas for help first, then missing persons, then by level and points.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|one, other| {
        let key = |finding: &Finding| {
            let assessment = &finding.assessment;
            (assessment.route, assessment.level, assessment.points)
        };
        key(other)
            .cmp(&key(one))
            .then_with(|| one.id.cmp(&other.id))
    });
}
