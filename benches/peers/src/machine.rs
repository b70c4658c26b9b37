//! What a record says about where it was made, and the memory of this process.

use std::fs;
use std::process::Command;
use std::time::UNIX_EPOCH;

/// Today, UTC.
pub(crate) fn date() -> String {
    told("date", &["-u", "+%F"])
}

/// The commit of the sources, with a `+` when they were changed since or this
/// program is older than they are: then it measures something else.
pub(crate) fn commit() -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let sources = ["--", "src", "Cargo.toml", "benches/peers/src"];
    let git = |arguments: &[&str]| told("git", &[&["-C", root], arguments, &sources].concat());
    let commit = told("git", &["-C", root, "rev-parse", "--short", "HEAD"]);
    let is_changed = git(&["diff", "--name-only", "HEAD"]) != "unknown";
    let committed = git(&["log", "-1", "--format=%ct"]).parse::<u64>().ok();
    let built = std::env::current_exe()
        .and_then(|path| path.metadata()?.modified())
        .ok();
    let built = built.and_then(|time| Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs()));
    if is_changed || built < committed {
        commit + "+"
    } else {
        commit
    }
}

/// The processor and how many of it.
pub(crate) fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} x {cores}", model.map_or("unknown", |(_, model)| model))
}

/// Load of the last minute, to judge noise by.
pub(crate) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("?").to_owned()
}

/// Resident memory of this process in MB: now and at most.
pub(crate) fn resident() -> (f64, f64) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<f64>().ok()
    };
    let mb = |name| field(name).unwrap_or(0.0) * 1024.0 / 1e6;
    (mb("VmRSS:"), mb("VmHWM:"))
}

fn told(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.ok()
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
