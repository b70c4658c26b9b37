//! `lentera report …`: what is told of a night.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

use super::args::Global;
use super::exit::Exit;
use super::findings::style;
use super::message::{Stop, data};
use super::settings;
use crate::pipeline::digest::{MOST_DAYS, Wanted, gather};
use crate::pipeline::whole;
use crate::report::digest;

#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// What is new, what went wrong, and whether the figures can be believed.
    ///
    /// It holds no word of any post, no contact and no address of one, so it
    /// may be printed and mailed.
    Digest(DigestArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct DigestArgs {
    /// How far back findings count as new, such as `1d`, `12h` or `7d`.
    #[arg(long, value_name = "TIME", default_value = "1d", value_parser = span)]
    pub(super) over: Span,
    /// Days of the charts.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_DAYS)))]
    pub(super) days: u16,
    /// Zone of days and times, such as `Asia/Makassar`.
    #[arg(long, value_name = "ZONE", default_value = "Asia/Jakarta", value_parser = zone)]
    pub(super) zone: TimeZone,
    /// A page for a browser or for paper instead of text.
    #[arg(long, conflicts_with = "json")]
    pub(super) html: bool,
    /// Write it here instead of to standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

fn span(text: &str) -> Result<Span, String> {
    let span: Span = text
        .parse()
        .map_err(|error| format!("{error}; write `1d`, `12h` or `7d`"))?;
    if span.is_positive() {
        return Ok(span);
    }
    Err("it must be longer than nothing, such as `1d`".to_owned())
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name)
        .map_err(|_| "no such zone; write one like `Asia/Jakarta` or `Asia/Jayapura`".to_owned())
}

pub(super) fn run(global: &Global, command: &ReportCommand) -> anyhow::Result<Exit> {
    match command {
        ReportCommand::Digest(args) => tell(global, args),
    }
}

fn tell(global: &Global, args: &DigestArgs) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let until = settings::now(global);
    let wanted = Wanted {
        until,
        since: back(until, args)?,
        days: args.days,
        zone: args.zone.clone(),
    };
    let told = workspace
        .open_state()
        .and_then(|state| gather(&state, &wanted))
        .map_err(|error| {
            Stop::new(Exit::Store, error)
                .hint("the run's JSONL files in `findings/` can be read with `lentera findings list --file`")
        })?;
    let written = if global.json {
        format!("{}\n", serde_json::to_string(&told)?)
    } else if args.html {
        digest::html(&told, global.lang.into())
    } else {
        let style = style(global);
        let to_file = args.output.is_some();
        digest::text(
            &told,
            &crate::report::Style {
                color: style.color && !to_file,
                width: if to_file { 80 } else { style.width },
                ..style
            },
        )
    };
    match &args.output {
        None => data(&written)?,
        Some(path) => write(path, &written)?,
    }
    Ok(Exit::Success)
}

fn back(until: Timestamp, args: &DigestArgs) -> anyhow::Result<Timestamp> {
    let there = until.to_zoned_datetime(args.zone.clone());
    let length = args.over.to_duration(SpanRelativeTo::from(&there));
    let since = length.and_then(|length: SignedDuration| until.checked_sub(length));
    since.map_err(|error| {
        Stop::new(Exit::Usage, format!("`--over`: {error}"))
            .hint("write `1d`, `12h` or `7d`")
            .into()
    })
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let written = whole::replace(path, |file| {
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()
    });
    written.map_err(|error| {
        Stop::new(
            Exit::Usage,
            format!("cannot write `{}`: {error}", path.display()),
        )
        .hint("choose a folder that exists and can be written")
        .into()
    })
}
