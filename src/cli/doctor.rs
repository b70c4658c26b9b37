//! `lentera doctor`: a line a check, and what to do where one failed.

use std::fmt::Write as _;

use serde_json::json;

use super::args::Global;
use super::exit::Exit;
use super::message::{Stop, data};
use super::{rules, settings};
use crate::doctor::{self, Check, Standing};
use crate::pipeline::rules::{SetName, compile};
use crate::report::inert_line;

#[derive(Debug, clap::Args)]
pub(super) struct DoctorArgs {
    /// Ask no host; everything else is checked.
    #[arg(long)]
    pub(super) offline: bool,
    /// Read every byte of the evidence.
    #[arg(long)]
    pub(super) full: bool,
}

pub(super) fn run(global: &Global, args: &DoctorArgs) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let mut checks = doctor::local(&workspace, settings::now(global), args.full);
    checks.push(rules_check(global));
    if args.offline {
        checks.push(Check::note("reach", "not asked: --offline"));
    } else {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Stop::new(Exit::Usage, format!("cannot start: {error}")))?;
        let crawl = workspace.config.crawl.clone();
        checks.extend(runtime.block_on(doctor::reach(&workspace, crawl)));
    }
    let problems = checks
        .iter()
        .filter(|check| check.standing == Standing::Problem)
        .count();
    if global.json {
        data(&format!("{}\n", as_json(&checks, problems)))?;
    } else {
        data(&as_text(&checks, problems))?;
    }
    Ok(if problems == 0 {
        Exit::Success
    } else {
        Exit::CheckFailed
    })
}

/// Whether the rules load and do on their samples as they should.
fn rules_check(global: &Global) -> Check {
    const NAME: &str = "rules";
    let todo = "`lentera rules check` and `lentera rules test` name every fault";
    let files = match rules::files(global) {
        Ok(files) => files,
        Err(error) => return Check::problem(NAME, format!("{error:#}"), todo),
    };
    match compile(&files) {
        Ok(set) => {
            let (name, n) = (SetName::of(&set), set.samples.len());
            Check::ok(NAME, format!("{name}; {n} samples do as they should"))
        }
        Err(why) => Check::problem(NAME, why.to_string(), todo),
    }
}

fn as_text(checks: &[Check], problems: usize) -> String {
    let mut out = String::new();
    for check in checks {
        let (standing, what) = (check.standing.as_str(), inert_line(&check.what));
        let _ = writeln!(out, "{standing:<8} {:<12} {what}", check.name);
        if let Some(todo) = &check.todo {
            let _ = writeln!(out, "{:<21} do: {}", "", inert_line(todo));
        }
    }
    let _ = match problems {
        0 => writeln!(out, "all is well"),
        1 => writeln!(out, "1 problem"),
        n => writeln!(out, "{n} problems"),
    };
    out
}

fn as_json(checks: &[Check], problems: usize) -> serde_json::Value {
    let checks: Vec<serde_json::Value> = checks
        .iter()
        .map(|check| {
            json!({
                "name": check.name, "standing": check.standing.as_str(), "what": check.what,
                "todo": check.todo,
            })
        })
        .collect();
    json!({ "ok": problems == 0, "problems": problems, "checks": checks })
}
