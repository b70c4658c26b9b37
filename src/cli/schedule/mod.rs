//! `lentera schedule …`: run, status, install.

mod install;
mod keep;
mod status;

use clap::{Subcommand, ValueEnum};

use super::args::Global;
use super::exit::Exit;
use super::message::Stop;
use crate::pipeline::Workspace;
use crate::schedule::{self, Planned};

/// What can be done with the schedule.
#[derive(Debug, Subcommand)]
pub(super) enum ScheduleCommand {
    /// Wait for the times of sources and read them, until Ctrl-C or SIGTERM.
    ///
    /// Times that passed while nothing ran, such as in a laptop's sleep, are
    /// made good once.
    Run {
        /// Read what is due now and end: for timers of the system.
        #[arg(long)]
        once: bool,
    },
    /// When each source was read last, how that went, and when it is next.
    Status,
    /// Write a systemd timer that looks whether something is due. Starts nothing.
    Install(InstallArgs),
}

/// `lentera schedule install`.
#[derive(Debug, clap::Args)]
pub(super) struct InstallArgs {
    /// Print it instead of writing it.
    #[arg(long)]
    pub(super) print: bool,
    /// For which timer; the others are only printed.
    #[arg(long, value_enum, default_value_t = FormatArg::Systemd)]
    pub(super) format: FormatArg,
    /// Minutes between two looks: 1, 5, 10, 12, 15, 20, 30 or 60.
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = every)]
    pub(super) every: u32,
    /// What the units are called behind `lentera-`; by default the workspace's folder.
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(super) name: Option<String>,
}

/// A timer of a system, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// A service and a timer of your own.
    Systemd,
    /// A line for `crontab -e`.
    Crontab,
    /// A task for Windows, as XML.
    TaskScheduler,
}

fn every(text: &str) -> Result<u32, String> {
    let n = text.parse().ok();
    n.filter(|n| schedule::install::EVERY.contains(n))
        .ok_or_else(|| {
            "an hour must have a whole number of them: 1, 5, 10, 12, 15, 20, 30 or 60".to_owned()
        })
}

fn name(text: &str) -> Result<String, String> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if !text.is_empty() && text.len() <= 64 && text.bytes().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err("use letters, digits and hyphens, such as `jaga-malam`".to_owned())
    }
}

pub(super) fn run(global: &Global, command: &ScheduleCommand) -> anyhow::Result<Exit> {
    match command {
        ScheduleCommand::Run { once } => keep::run(global, *once),
        ScheduleCommand::Status => status::run(global),
        ScheduleCommand::Install(args) => install::run(global, args),
    }
}

/// The sources that have times; without any there is nothing to keep.
fn plan(workspace: &Workspace) -> anyhow::Result<Vec<Planned>> {
    let plan = schedule::plan(workspace)
        .map_err(|error| Stop::new(Exit::Usage, &error).hint(error.help()))?;
    if plan.is_empty() {
        return Err(
            Stop::new(Exit::Usage, "lentera.toml names no time for any source")
                .hint("add such as `[schedule]` with `cron = \"0 2 * * *\"`: every night at two")
                .into(),
        );
    }
    Ok(plan)
}
