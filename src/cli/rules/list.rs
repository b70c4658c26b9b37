//! `lentera rules list`: every rule, and what an overlay did to it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::super::args::Global;
use super::super::exit::Exit;
use super::super::message::data;
use super::{elements, load, written};
use crate::indicator::Lang;
use crate::report::inert;
use crate::rule::{Change, Origin, RuleSet};

pub(super) fn run(global: &Global) -> anyhow::Result<Exit> {
    let rules = load(global)?;
    let lang = Lang::from(global.lang);
    let out = if global.json {
        rows(&rules, lang)
    } else {
        inert(&table(&rules, lang))
    };
    data(&out)?;
    Ok(Exit::Success)
}

fn rows(rules: &RuleSet, lang: Lang) -> String {
    let mut rows = Vec::new();
    for rule in &rules.indicators {
        let words = &rule.words;
        rows.push(json!({
            "kind": "indicator", "id": words.id, "alias": words.alias,
            "axis": words.axis.as_str(), "strength": words.strength.letter(),
            "status": words.status.as_str(), "title": words.title.get(lang),
            "sources": written(&words.sources), "palermo": elements(&words.palermo),
            "frameworks": words.frameworks, "from": origin(rules, &words.id),
        }));
    }
    for rule in &rules.gates {
        let words = &rule.words;
        rows.push(json!({
            "kind": "gate", "id": words.id, "alias": words.alias, "level": rule.level.as_str(),
            "route": words.route.as_str(), "reason": words.reason.get(lang),
            "sources": written(&words.sources), "from": origin(rules, &words.id),
        }));
    }
    for id in others(rules) {
        rows.push(json!({ "kind": "other", "id": id, "from": origin(rules, id) }));
    }
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// Contexts and switched-off gates an overlay touched: they have no row of
/// their own.
fn others(rules: &RuleSet) -> Vec<&str> {
    let origins = rules.origins.iter();
    let touched = origins
        .filter(|(_, origin)| !origin.changes.is_empty() || origin.file.starts_with("overlay/"));
    touched
        .map(|(id, _)| id.as_str())
        .filter(|id| rules.indicator_named(id).is_none() && rules.gate_named(id).is_none())
        .collect()
}

fn origin(rules: &RuleSet, id: &str) -> Value {
    let Some(origin) = rules.origins.get(id) else {
        return Value::Null;
    };
    let change = |change: &Change| match change {
        Change::Overridden { instead_of } => json!({ "change": "overridden", "file": instead_of }),
        Change::Extended { by, n_patterns } => {
            json!({ "change": "extended", "file": by, "n_patterns": n_patterns })
        }
        Change::Disabled { by, reason } => {
            json!({ "change": "disabled", "file": by, "reason": reason })
        }
    };
    let changes: Vec<_> = origin.changes.iter().map(change).collect();
    json!({ "file": origin.file, "changes": changes })
}

fn table(rules: &RuleSet, lang: Lang) -> String {
    let mut out = String::new();
    for rule in &rules.indicators {
        let words = &rule.words;
        let (letter, title) = (words.strength.letter(), words.title.get(lang));
        let _ = writeln!(out, "{:<4} {letter}  {:<38} {title}", words.alias, words.id);
        out.push_str(&told(rules.origins.get(&words.id)));
    }
    for rule in &rules.gates {
        let words = &rule.words;
        let (level, route) = (rule.level.as_str(), words.route.as_str());
        let (alias, id, reason) = (&words.alias, &words.id, words.reason.get(lang));
        let _ = writeln!(out, "{alias:<4} {level} → {route}  {id}\n       {reason}");
        out.push_str(&told(rules.origins.get(&words.id)));
    }
    for id in others(rules) {
        let _ = writeln!(out, "        {id}");
        out.push_str(&told(rules.origins.get(id)));
    }
    out
}

/// What an overlay did, a line each; nothing for what is as the pack has it.
fn told(origin: Option<&Origin>) -> String {
    let Some(origin) = origin else {
        return String::new();
    };
    let mut out = String::new();
    if origin.changes.is_empty() && origin.file.starts_with("overlay/") {
        let _ = writeln!(out, "       {}: added", origin.file);
    }
    for change in &origin.changes {
        let _ = match change {
            Change::Overridden { instead_of } => {
                writeln!(out, "       {}: instead of {instead_of}", origin.file)
            }
            Change::Extended { by, n_patterns } => {
                writeln!(out, "       {by}: extended, patterns {n_patterns}")
            }
            Change::Disabled { by, reason } => writeln!(out, "       {by}: disabled, {reason}"),
        };
    }
    out
}
