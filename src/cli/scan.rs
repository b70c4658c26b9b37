//! `lentera scan`: archives to findings.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{FormatArg, Global, ScanArgs};
use super::exit::Exit;
use super::message::talk;
use super::output::Output;
use super::reload::Judges;
use super::{interrupt, resume, rules, settings, summary};
use crate::archive::{Format, Input, Options};
use crate::level::Level;
use crate::pipeline::{Assessor, Event, ScanJob};

pub(super) fn run(global: &Global, args: &ScanArgs) -> anyhow::Result<Exit> {
    let ruleset = Arc::new(rules::load(global)?);
    let masker = settings::masker(global, args.key_file.as_deref())?;
    let names: Vec<String> = args
        .inputs
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let facts = settings::run_facts(&ruleset, &names, settings::now(global));
    let bar = bar(global, args);
    let assessor = Assessor {
        rules: ruleset,
        masker: &masker,
        run: facts,
    };
    let judges = Judges::new(global, args.reload, assessor, bar.clone())?;
    let inputs: Vec<Input> = args.inputs.iter().map(|path| input(path)).collect();
    let options = options(args);
    let bytes_read = AtomicU64::new(0);
    let job = ScanJob {
        inputs: &inputs,
        options: &options,
        assessor: &|| judges.next(),
        all: args.all,
        threads: threads(args),
        skip_records: args.skip_records,
        stop: interrupt::flag(),
        bytes_read: &bytes_read,
    };
    let mut output = Output::new(global, args)?;
    let mut highest = Level::None;
    let result = job.run(|event| {
        match event {
            Event::Finding(finding) => {
                highest = highest.max(finding.assessment.level);
                output.write(finding)?;
            }
            Event::Progress { tally, is_idle } => {
                bar.set_position(bytes_read.load(Ordering::Relaxed));
                bar.set_message(summary::so_far(tally));
                if is_idle {
                    output.pause()?;
                }
            }
        }
        anyhow::Ok(())
    });
    bar.finish_and_clear();
    let tally = match result {
        Ok(tally) => tally,
        Err(error) => {
            output.abandon();
            return Err(error);
        }
    };
    let written = output.finish(global, tally.interrupted)?;
    if !global.quiet {
        talk(summary::scan(&tally, written.as_deref()).trim_end());
    }
    if tally.interrupted {
        talk(&resume::how(global, args, &tally));
        return Ok(Exit::Interrupted);
    }
    let failed = args
        .fail_on
        .is_some_and(|level| highest >= Level::from(level));
    Ok(match (failed, tally.has_faults()) {
        (true, _) => Exit::CheckFailed,
        (false, true) => Exit::Input,
        (false, false) => Exit::Success,
    })
}

fn input(path: &Path) -> Input {
    if path == Path::new("-") {
        Input::Stdin
    } else {
        Input::File(path.to_owned())
    }
}

fn options(args: &ScanArgs) -> Options {
    let format = args.format.map(|format| match format {
        FormatArg::Jsonl => Format::Jsonl,
        FormatArg::Csv => Format::Csv,
        FormatArg::Text => Format::Text,
        FormatArg::Warc => Format::Warc,
    });
    Options {
        format,
        platform: args.platform.clone(),
        ..Options::default()
    }
}

fn threads(args: &ScanArgs) -> usize {
    let all = std::thread::available_parallelism();
    args.threads
        .or(all.ok())
        .map_or(1, std::num::NonZeroUsize::get)
}

/// A bar on a terminal, nothing elsewhere: neither without one nor between
/// records that are printed there.
fn bar(global: &Global, args: &ScanArgs) -> ProgressBar {
    let sizes: Option<u64> = args
        .inputs
        .iter()
        .map(|path| Some(std::fs::metadata(path).ok()?.len()))
        .sum();
    if global.quiet || Output::prints_records(global, args) {
        return ProgressBar::hidden();
    }
    let (bar, template) = match sizes {
        Some(size) => (
            ProgressBar::new(size),
            "{bar:20} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left; {msg}",
        ),
        None => (
            ProgressBar::new_spinner(),
            "{spinner} {bytes} {bytes_per_sec}; {msg}",
        ),
    };
    bar.with_style(ProgressStyle::with_template(template).expect("a fixed template"))
}
