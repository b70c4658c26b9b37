//! What building an engine costs, each in a process of its own, so that no
//! engine builds in memory that another one has freed.

use std::io::{BufRead, Write};
use std::process::{Command, Stdio};

use crate::engine::Kind;
use crate::machine::resident;
use crate::measure::cpu_seconds;

/// The cost of one build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BuildCost {
    /// CPU seconds.
    pub(crate) seconds: f64,
    /// MB that it left resident.
    pub(crate) kept: f64,
    /// MB resident at most on the way.
    pub(crate) peak: f64,
}

/// The verb of the child: `build-cost WHAT ENGINE`, patterns on standard input.
pub(crate) fn child(kind: Kind) -> Result<(), String> {
    let lines: Result<Vec<String>, _> = std::io::stdin().lock().lines().collect();
    let patterns = lines.map_err(|error| error.to_string())?;
    let (before, _) = resident();
    let began = cpu_seconds();
    let engine = (kind.build)(&patterns)?;
    let worker = engine.worker();
    let seconds = cpu_seconds() - began;
    let (after, most) = resident();
    println!("{seconds} {} {}", after - before, most - before);
    drop(worker);
    Ok(())
}

/// Builds `kind` in a child and returns what that cost.
pub(crate) fn of(what: &str, kind: Kind, patterns: &[String]) -> Result<BuildCost, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", kind.name);
    let program = std::env::current_exe().map_err(failed)?;
    let mut child = Command::new(program)
        .args(["build-cost", what, kind.name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut input = child.stdin.take().expect("standard input is piped");
    input
        .write_all((patterns.join("\n") + "\n").as_bytes())
        .map_err(failed)?;
    drop(input);
    let output = child.wait_with_output().map_err(failed)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let figures: Vec<f64> = text
        .split_whitespace()
        .filter_map(|one| one.parse().ok())
        .collect();
    match figures.as_slice() {
        &[seconds, kept, peak] => Ok(BuildCost {
            seconds,
            kept,
            peak,
        }),
        _ => Err(format!("{}: the build told no cost", kind.name)),
    }
}
