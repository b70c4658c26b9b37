//! The doors: what a person types, what a person reads.
//!
//! Data on stdout; talk, progress and errors on stderr. This is the only floor
//! that prints, reads the environment, or knows of exit codes.

mod args;
mod crawl;
mod demo;
mod doctor;
mod digest;
mod evidence;
mod exit;
mod findings;
mod interrupt;
mod message;
mod output;
mod reload;
mod report;
mod resume;
mod rules;
mod scan;
mod schedule;
mod settings;
mod sources;
mod store;
mod summary;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use exit::Exit;

/// Runs the program with the arguments given, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, not failures.
            let failed = error.use_stderr();
            // Who was to read it may have left (`| head`); the answer stands.
            let _ = error.print();
            return if failed { Exit::Usage } else { Exit::Success }.into();
        }
    };
    let result = match args.command {
        Command::Demo { dir } => demo::run(&args.global, &dir),
        Command::Init { dir } => demo::init(&dir),
        Command::Scan(scan) => scan::run(&args.global, &scan),
        Command::Crawl(crawl) => crawl::run(&args.global, &crawl),
        Command::Schedule(command) => schedule::run(&args.global, &command),
        Command::Sources(command) => sources::run(&args.global, command),
        Command::Findings(command) => findings::run(&args.global, command),
        Command::Evidence(command) => evidence::run(&args.global, command),
        Command::Report(command) => report::run(&args.global, &command),
        Command::Doctor(asked) => doctor::run(&args.global, &asked),
        Command::Store(command) => store::run(&args.global, command),
        Command::Rules(command) => rules::run(&args.global, command),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => message::failure(&error).into(),
    }
}
