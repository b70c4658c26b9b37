//! How an interrupted scan goes on: the command that does the rest.
//!
//! It is shown, never run. Everything that decides what the rest looks like is
//! repeated, so that both parts together are the whole.

use std::path::{Path, PathBuf};

use super::args::{Global, ScanArgs};
use crate::pipeline::Tally;

/// What to type, in a sentence.
pub(super) fn how(global: &Global, args: &ScanArgs, tally: &Tally) -> String {
    let done = args.skip_records + tally.n_records();
    let mut words = vec!["lentera".to_owned(), "scan".to_owned()];
    words.extend(args.inputs.iter().map(|path| quoted(path)));
    let mut option = |name: &str, value: Option<String>| {
        words.extend(value.map(|value| format!("{name} {value}")));
    };
    let path = |path: &Option<PathBuf>| path.as_deref().map(quoted);
    option("--workspace", path(&global.workspace));
    option("--rules", path(&global.rules));
    option("--overlay", path(&global.overlay));
    option("--key-file", path(&args.key_file));
    option("--format", args.format.as_ref().map(value_name));
    option(
        "--platform",
        args.platform.as_deref().map(|name| quoted(Path::new(name))),
    );
    option("--now", global.now.map(|now| now.to_string()));
    option("--fail-on", args.fail_on.as_ref().map(value_name));
    if args.all {
        words.push("--all".to_owned());
    }
    if args.reload {
        words.push("--reload".to_owned());
    }
    words.push(format!("--skip-records {done}"));
    if let Some(output) = &args.output {
        words.push(format!("-o {}", quoted(&another(output))));
    }
    let from_pipe = args.inputs.iter().any(|path| path == Path::new("-"));
    let again = if from_pipe {
        " (with the same standard input from its beginning)"
    } else {
        ""
    };
    format!("to go on: {}{again}", words.join(" "))
}

fn value_name(value: &impl clap::ValueEnum) -> String {
    let value = value.to_possible_value().expect("no value is hidden");
    value.get_name().to_owned()
}

/// A file name that is not taken by what was finished.
fn another(output: &Path) -> PathBuf {
    let mut name = output.file_stem().unwrap_or_default().to_owned();
    name.push(".rest.jsonl");
    output.with_file_name(name)
}

/// As one word of a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |ch: char| ch.is_ascii_alphanumeric() || "-_./:@%+=,".contains(ch);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
