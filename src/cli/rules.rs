//! `lentera rules …`: check, test, show, explain.
//! The others have files of their own.

mod backtest;
mod corpora;
mod docs;
mod list;
mod stats;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Read as _;

use serde_json::json;

use super::args::{Global, RulesCommand};
use super::exit::Exit;
use super::message::{Stop, data, takes_color, talk};
use super::{settings, watch};
use crate::indicator::{Citation, Element, Reading};
use crate::pipeline::Workspace;
use crate::pipeline::rules::{FolderError, RulesFrom, read_folder};
use crate::report::inert;
use crate::rule::{self, Owner, RuleFiles, RuleSet, SampleKind, Source, WordFamily};
use crate::scan::{explain, sample_post, try_samples};

pub(super) fn run(global: &Global, command: RulesCommand) -> anyhow::Result<Exit> {
    match command {
        RulesCommand::Check => check(global),
        RulesCommand::Test { rule } => test(global, rule.as_deref()),
        RulesCommand::List => list::run(global),
        RulesCommand::Show { rule } => show(global, &rule),
        RulesCommand::Watch => watch::run(global),
        RulesCommand::Stats { corpora, markdown } => stats::run(global, &corpora, markdown),
        RulesCommand::Backtest { old, new, corpora } => {
            backtest::run(global, &backtest::Sides { old, new }, &corpora)
        }
        RulesCommand::Docs { out } => docs::run(global, out.as_deref()),
        RulesCommand::Explain { rule, text } => tell(global, &rule, text),
    }
}

/// Where the rules in use are read from: `--rules` and `--overlay`, or the
/// embedded pack with the overlay of the workspace. A pack that was named is
/// taken as it is.
pub(super) fn from(global: &Global) -> anyhow::Result<RulesFrom> {
    let workspace = match (&global.overlay, &global.rules) {
        (None, None) => settings::workspace_dir(global)?,
        _ => None,
    };
    Ok(from_in(global, workspace.as_ref()))
}

fn from_in(global: &Global, workspace: Option<&Workspace>) -> RulesFrom {
    let overlay = match (&global.overlay, &global.rules) {
        (Some(dir), _) => Some(dir.clone()),
        (None, Some(_)) => None,
        (None, None) => workspace.and_then(Workspace::overlay),
    };
    RulesFrom {
        pack: global.rules.clone(),
        overlay,
    }
}

/// The files of the rules in use.
pub(super) fn files(global: &Global) -> anyhow::Result<RuleFiles> {
    read(global, &from(global)?)
}

fn read(global: &Global, from: &RulesFrom) -> anyhow::Result<RuleFiles> {
    // One that was named must hold something: fewer rules than were meant
    // would be a silent miss.
    if let Some(dir) = &global.overlay {
        read_folder(dir).map_err(|error| unreadable(&error))?;
    }
    Ok(from.read().map_err(|error| unreadable(&error))?)
}

/// The compiled pack, or every reason why not on stderr.
pub(super) fn load(global: &Global) -> anyhow::Result<RuleSet> {
    compiled(&files(global)?)
}

/// The same in a workspace that is not the one typed.
pub(super) fn load_in(global: &Global, workspace: &Workspace) -> anyhow::Result<RuleSet> {
    compiled(&read(global, &from_in(global, Some(workspace)))?)
}

fn compiled(files: &RuleFiles) -> anyhow::Result<RuleSet> {
    let (set, diagnostics) = rule::load(files);
    set.ok_or_else(|| {
        let errors: Vec<_> = diagnostics
            .into_iter()
            .filter(|diagnostic| diagnostic.code.is_error())
            .collect();
        talk(rule::render(&errors, files, false).trim_end());
        let message = format!(
            "the rules have {} and were not used",
            count(errors.len(), "error")
        );
        let stop = Stop::new(Exit::Rules, message);
        stop.hint("run `lentera rules check` after each edit; nothing is scanned with fewer rules")
            .into()
    })
}

/// Why the rules of a folder could not be read, with a way on.
pub(super) fn unreadable(error: &FolderError) -> Stop {
    let stop = Stop::new(Exit::Rules, error);
    match error {
        FolderError::Folder { .. } => {
            stop.hint("give a folder of rule files with `--rules DIR` or `--overlay DIR`")
        }
        FolderError::NotUtf8 { .. } | FolderError::Utf16(_) => {
            stop.hint("save the file as UTF-8 in the text editor: Save as, Encoding, UTF-8")
        }
        FolderError::File { .. } | FolderError::NoRules(_) => stop,
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn check(global: &Global) -> anyhow::Result<Exit> {
    let files = files(global)?;
    let (set, diagnostics) = rule::load(&files);
    let n_errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code.is_error())
        .count();
    let n_warnings = diagnostics.len() - n_errors;
    if global.json {
        let rows: Vec<_> = diagnostics
            .iter()
            .map(|diagnostic| {
                let file = &files.files()[diagnostic.place.file];
                let (line, column) = diagnostic.place.line_and_column(&file.text);
                json!({
                    "code": diagnostic.code.as_str(), "file": file.path, "line": line,
                    "column": column, "message": diagnostic.message, "help": diagnostic.help,
                })
            })
            .collect();
        data(&format!("{}\n", json!({ "diagnostics": rows })))?;
    } else {
        data(&rule::render(&diagnostics, &files, takes_color()))?;
    }
    let (errors, warnings) = (count(n_errors, "error"), count(n_warnings, "warning"));
    let Some(set) = set else {
        talk(&format!("{errors}, {warnings}"));
        return Ok(Exit::Rules);
    };
    let (indicators, gates) = (set.indicators.len(), set.gates.len());
    let (contexts, patterns) = (set.contexts.len(), set.owners.len());
    talk(&format!(
        "{} {}: {indicators} indicators, {contexts} contexts, {gates} gates, {patterns} patterns; {errors}, {warnings}",
        set.name, set.version
    ));
    Ok(Exit::Success)
}

fn test(global: &Global, only: Option<&str>) -> anyhow::Result<Exit> {
    let rules = load(global)?;
    let report = try_samples(&rules, only);
    if report.n_passed + report.failures.len() + report.n_todo + report.done.len() == 0 {
        let what = only.map_or("the rule files hold no samples".to_owned(), |only| {
            format!("no rule `{only}` with samples")
        });
        return Err(Stop::new(Exit::CheckFailed, what)
            .hint("list the rules with `lentera rules list`")
            .into());
    }
    let mut out = String::new();
    for failure in &report.failures {
        let wanted = match failure.kind {
            SampleKind::Miss => "must not be found",
            SampleKind::Hit | SampleKind::Todo => "must be found",
        };
        writeln!(
            out,
            "{}: {} {wanted}\n  {}",
            failure.place, failure.rule, failure.text
        )?;
        for why in &failure.why {
            writeln!(out, "    {why}")?;
        }
        let next = match failure.kind {
            SampleKind::Miss => "lengthen the phrase that found it, or add a guard",
            SampleKind::Hit | SampleKind::Todo => {
                "mend the phrase, the guard or the sample; what cannot be found yet is a `todo`"
            }
        };
        writeln!(out, "    next: {next}\n")?;
    }
    for done in &report.done {
        writeln!(out, "{done}\n  is found by now: make it a `hit`\n")?;
    }
    data(&inert(&out))?;
    let (passed, failed) = (report.n_passed, report.failures.len());
    talk(&format!(
        "samples: {passed} passed, {failed} failed, {} still to do",
        report.n_todo
    ));
    Ok(if report.failures.is_empty() {
        Exit::Success
    } else {
        Exit::CheckFailed
    })
}

fn show(global: &Global, name: &str) -> anyhow::Result<Exit> {
    let rules = load(global)?;
    let mut out = String::new();
    let sources = if let Some(index) = rules.indicator_named(name) {
        let words = &rules.indicators[index].words;
        let (axis, strength) = (words.axis, words.strength);
        writeln!(
            out,
            "{} ({}) version {}",
            words.id, words.alias, words.version
        )?;
        writeln!(out, "id: {}\n    {}", words.title.id, words.why.id)?;
        writeln!(out, "en: {}\n    {}", words.title.en, words.why.en)?;
        let (points, grade) = (strength.points(), words.grade);
        writeln!(
            out,
            "axis {axis}, {points} points, evidence {grade}, {}",
            words.status
        )?;
        writeln!(out, "palermo: {}", shown(&elements(&words.palermo)))?;
        writeln!(out, "frameworks: {}", shown(&words.frameworks))?;
        out.push_str(&families(&rules, index));
        &words.sources
    } else if let Some(index) = rules.gate_named(name) {
        let rule = &rules.gates[index];
        let words = &rule.words;
        writeln!(
            out,
            "gate {} ({}), level {}",
            words.id,
            words.alias,
            rule.level.as_str()
        )?;
        writeln!(out, "id: {}\nen: {}", words.reason.id, words.reason.en)?;
        writeln!(out, "palermo: {}", shown(&elements(&words.palermo)))?;
        &words.sources
    } else {
        return Err(unknown_rule(name).into());
    };
    for citation in sources {
        if let Some(source) = rules.source_of(citation) {
            writeln!(out, "  [{citation}] {}", place(source))?;
        }
    }
    data(&out)?;
    Ok(Exit::Success)
}

/// What a source is and where it stands; whether it was opened at all.
fn place(source: &Source) -> String {
    let mut place = format!("{} ({}", source.title, source.locator);
    for (what, at) in [("", &source.section), ("p. ", &source.page)] {
        if let Some(at) = at {
            place = place + ", " + what + at;
        }
    }
    place.push(')');
    if source.reading == Reading::Memory {
        place.push_str(" · unverified: known from memory, check it before relying on it");
    }
    place
}

fn written(sources: &[Citation]) -> Vec<String> {
    sources.iter().map(ToString::to_string).collect()
}

fn elements(palermo: &[Element]) -> Vec<String> {
    palermo.iter().map(ToString::to_string).collect()
}

/// The words of a list, or a dash.
fn shown(words: &[String]) -> String {
    if words.is_empty() {
        "-".to_owned()
    } else {
        words.join(", ")
    }
}

/// The forms of every `~stem` that the phrases of an indicator hold.
fn families(rules: &RuleSet, indicator: usize) -> String {
    let owned = rules
        .written
        .iter()
        .zip(&rules.owners)
        .filter(|(_, owner)| **owner == Owner::Indicator(indicator));
    let stems: BTreeSet<&str> = owned
        .flat_map(|(written, _)| rule::stems(written))
        .collect();
    let mut out = String::new();
    for stem in stems {
        let Some(family) = WordFamily::of(&stem.to_lowercase()) else {
            continue;
        };
        let [first, second] = &family.doubled;
        let _ = writeln!(
            out,
            "~{stem} is any of: {}\n    or di and then: {}\n    or doubled, of: {}\n    and: {}",
            family.words.join(", "),
            family.apart.join(", "),
            first.join(", "),
            second.join(", "),
        );
    }
    out
}

fn unknown_rule(name: &str) -> Stop {
    Stop::new(Exit::Usage, format!("there is no rule `{name}`"))
        .hint("list the rules with `lentera rules list`")
}

fn tell(global: &Global, name: &str, text: String) -> anyhow::Result<Exit> {
    let rules = load(global)?;
    let known = rules.indicator_named(name).is_some()
        || rules.gate_named(name).is_some()
        || rules.context_named(name).is_some();
    if !known {
        return Err(unknown_rule(name).into());
    }
    let text = if text == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| {
                Stop::new(Exit::Input, format!("cannot read standard input: {error}"))
            })?;
        text
    } else {
        text
    };
    data(&inert(&explain(&rules, name, &sample_post(&text))))?;
    Ok(Exit::Success)
}
