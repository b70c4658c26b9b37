//! The command line as typed. Nothing is resolved here.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use super::store::args::StoreCommand;
use crate::indicator::Lang;
use crate::level::{Level, Route};

/// Reads public ads and posts, weighs them against published indicators of
/// human trafficking, and writes the few that deserve a human look.
///
/// A flag is a lead for a person to review, never proof.
#[derive(Debug, Parser)]
#[command(
    name = "lentera",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Global {
    /// Work in this workspace instead of the nearest one above the current folder.
    #[arg(short = 'C', long = "workspace", global = true, value_name = "DIR")]
    pub(super) workspace: Option<PathBuf>,
    /// Keep the state on this PostgreSQL server (postgres://USER@HOST/DATABASE), which several
    /// machines may share, instead of in the workspace; PGPASSWORD holds the password.
    #[arg(long, global = true, value_name = "URL")]
    pub(super) store: Option<String>,
    /// Use the rules of this folder instead of the embedded pack.
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
    /// Lay the private rules of this folder over the pack; by default the
    /// workspace's `rules/` over the embedded pack.
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) overlay: Option<PathBuf>,
    /// Language of reasons and labels.
    #[arg(long, global = true, value_enum, default_value_t = LangArg::Id)]
    pub(super) lang: LangArg,
    /// Machine-readable output, where a command has one.
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Say less on stderr.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Take this as the current time (RFC 3339); makes runs repeatable.
    #[arg(long, global = true, value_name = "TIME")]
    pub(super) now: Option<jiff::Timestamp>,
}

/// A language, as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LangArg {
    /// Indonesian.
    Id,
    /// English.
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Id => Self::Id,
            LangArg::En => Self::En,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// See it all on invented sites: crawl, scan, findings, in a few seconds.
    Demo {
        /// Where to make the demonstration's workspace.
        #[arg(default_value = "demo")]
        dir: PathBuf,
    },
    /// Make a workspace with a commented lentera.toml.
    Init {
        /// The folder; made if need be.
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Scan archives: JSONL, CSV, plain text or WARC, also packed with gzip or zstd.
    Scan(ScanArgs),
    /// Read the sources of lentera.toml and scan what is new or changed.
    Crawl(CrawlArgs),
    /// Read sources at the times that lentera.toml names.
    #[command(subcommand)]
    Schedule(super::schedule::ScheduleCommand),
    /// Draft, check and test the descriptions of sources.
    #[command(subcommand)]
    Sources(SourcesCommand),
    /// Read the findings.
    #[command(subcommand)]
    Findings(FindingsCommand),
    /// Check and read the pages kept as evidence.
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// Tell what a night brought: the digest.
    #[command(subcommand)]
    Report(super::report::ReportCommand),
    /// Check the workspace and the machine, and say what to do about each fault.
    Doctor(super::doctor::DoctorArgs),
    /// Look after what is kept: count, check, destroy what is past its time.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Check, test and explain rule files.
    #[command(subcommand)]
    Rules(RulesCommand),
}

#[derive(Debug, clap::Args)]
pub(super) struct CrawlArgs {
    /// Only these sources, by id.
    pub(super) sources: Vec<String>,
    /// For bad lines: smaller pages, one source at a time, no second looks.
    #[arg(long)]
    pub(super) low_bandwidth: bool,
    /// Keep the run's figures in this file, for Prometheus.
    #[arg(long, value_name = "FILE")]
    pub(super) metrics: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ScanArgs {
    /// Files to read; `-` is standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(super) inputs: Vec<PathBuf>,
    /// Write the findings here instead of to standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write a record for every post, level `none` below the flag line.
    #[arg(long)]
    pub(super) all: bool,
    /// What the inputs are, where their names do not say.
    #[arg(long, value_enum)]
    pub(super) format: Option<FormatArg>,
    /// Name of the platform the posts stood on; by default the file's name.
    #[arg(long, value_name = "NAME")]
    pub(super) platform: Option<String>,
    /// Worker threads; by default one per processor. The output does not depend on it.
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<std::num::NonZeroUsize>,
    /// Pass over so many records first: how an interrupted scan goes on.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) skip_records: u64,
    /// The key that ties equal contacts together; by default the workspace's, else one in your data folder.
    #[arg(long, value_name = "FILE")]
    pub(super) key_file: Option<PathBuf>,
    /// Take up changes of `--rules DIR` and of the overlay between two batches of posts; for a scan
    /// that runs for days.
    #[arg(long)]
    pub(super) reload: bool,
    /// End with status 1 when a finding has this level or a higher one.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(super) fail_on: Option<LevelArg>,
}

/// An input format, as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FormatArg {
    /// One JSON object a line.
    Jsonl,
    /// Rows with a header.
    Csv,
    /// One post per file.
    Text,
    /// Web archive.
    Warc,
}

/// A level, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LevelArg {
    /// For a list.
    Low,
    /// For triage.
    Medium,
    /// Soon.
    High,
    /// At once.
    Critical,
}

impl From<LevelArg> for Level {
    fn from(level: LevelArg) -> Self {
        match level {
            LevelArg::Low => Self::Low,
            LevelArg::Medium => Self::Medium,
            LevelArg::High => Self::High,
            LevelArg::Critical => Self::Critical,
        }
    }
}

/// A route, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum RouteArg {
    /// The alert queue.
    Alert,
    /// Pleas for help.
    HelpRequest,
    /// Missing-person notices.
    MissingPerson,
}

impl From<RouteArg> for Route {
    fn from(route: RouteArg) -> Self {
        match route {
            RouteArg::Alert => Self::Alert,
            RouteArg::HelpRequest => Self::HelpRequest,
            RouteArg::MissingPerson => Self::MissingPerson,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum SourcesCommand {
    /// List the sources of lentera.toml.
    List,
    /// Report every fault of the source definitions at once.
    Check,
    /// Run a source on its saved pages and compare with what is expected of them.
    Test(SourceTestArgs),
    /// Read saved pages with a source and print their posts, for `lentera scan -`.
    Read {
        /// The source's id.
        source: String,
        /// WARC files, pages, or folders of pages.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Draft a source from a page that lists posts.
    New(SourceNewArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct SourceTestArgs {
    /// The source's id.
    pub(super) source: String,
    /// First fetch pages of the source into its folder, politely.
    #[arg(long)]
    pub(super) save: bool,
    /// Most pages to fetch with `--save`.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(super) pages: u64,
    /// Take what is found as what is expected from now on.
    #[arg(long)]
    pub(super) accept: bool,
    /// Read these pages instead of those of the source's folder.
    #[arg(long, value_name = "PATH")]
    pub(super) from: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct SourceNewArgs {
    /// Address of a page that lists posts.
    pub(super) url: Option<String>,
    /// Read the listing from this saved page instead of fetching it.
    #[arg(long, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// Read a post from this saved page.
    #[arg(long, value_name = "FILE")]
    pub(super) post: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum FindingsCommand {
    /// The queue: pleas for help first, then by level and points.
    List {
        /// A JSONL file of findings instead of the workspace's store.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Only this level and higher ones.
        #[arg(long, value_enum)]
        level: Option<LevelArg>,
        /// Only this route.
        #[arg(long, value_enum)]
        route: Option<RouteArg>,
        /// Only findings in which this rule held, by id or code.
        #[arg(long)]
        rule: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// One finding, explained.
    Show {
        /// Its id, or the first digits of it.
        id: String,
        /// A JSONL file of findings instead of the workspace's store.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Show the text also when a minor may be concerned.
        #[arg(long)]
        show_text: bool,
    },
    /// The JSON Schema of the records.
    Schema {
        /// The one for readers, which allows fields it does not know.
        #[arg(long)]
        lenient: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum EvidenceCommand {
    /// Check every byte, and name the first thing that does not hold.
    Verify {
        /// A folder of evidence, such as a copy; by default the workspace's.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// A head noted earlier; the chain must still hold it.
        #[arg(long, value_name = "SHA256")]
        head: Option<String>,
    },
    /// Show the page a finding was seen in: headers and text, contacts masked.
    Show {
        /// The finding's id, or the first digits of it.
        id: String,
        /// Show the text also when a minor may be concerned.
        #[arg(long)]
        show_text: bool,
        /// Show contacts. Who asked, when and why is noted for good.
        #[arg(long, requires = "reason")]
        unmask: bool,
        /// Why contacts have to be seen.
        #[arg(long, value_name = "TEXT", requires = "unmask")]
        reason: Option<String>,
        /// Who asks; by default your name on this machine.
        #[arg(long, value_name = "NAME", requires = "unmask")]
        by: Option<String>,
    },
    /// Write a time-stamp request (RFC 3161) over the chain, or keep its answer. Sends nothing.
    Timestamp {
        /// The answer of an authority, to be kept beside its request.
        #[arg(long, value_name = "FILE.tsr")]
        response: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Report every fault of the rule files at once.
    Check,
    /// Run the samples that stand in the rule files.
    Test {
        /// Only this rule, by id or code.
        rule: Option<String>,
    },
    /// Check and test the rules of `--rules DIR` and the overlay again on each save, until Ctrl-C.
    Watch,
    /// List indicators and gates.
    List,
    /// Count how each rule fares on posts whose nature is known.
    ///
    /// A post counts as benign when a folder named `benign` is among the three
    /// above its file, and as one to flag otherwise. The file's name is its
    /// class: `G03.jsonl` is to be found at the level of gate G3, `HELP.jsonl`
    /// and `MISSING.jsonl` on those routes.
    Stats {
        /// Files of posts, or folders that hold some (`*.jsonl`, also packed).
        #[arg(required = true, value_name = "CORPUS")]
        corpora: Vec<PathBuf>,
        /// Write the file that is kept as `rules/STATISTICS.md`.
        #[arg(long, conflicts_with = "json")]
        markdown: bool,
    },
    /// Tell what changed rules would find, lose and change, and by which words.
    Backtest {
        /// The rules as they were; by default the embedded pack.
        #[arg(long, value_name = "DIR")]
        old: Option<PathBuf>,
        /// The rules as they are to be; by default those of `--rules` and `--overlay`.
        #[arg(long, value_name = "DIR")]
        new: Option<PathBuf>,
        /// Files of posts, or folders that hold some (`*.jsonl`, also packed).
        #[arg(required = true, value_name = "CORPUS")]
        corpora: Vec<PathBuf>,
    },
    /// Write the handbook: a page for each indicator, gates and contexts, in both languages.
    ///
    /// Only the pack is documented, never a private overlay.
    Docs {
        /// The folder to write to; without it, only the index goes to standard output.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Show one rule with its sources.
    Show {
        /// Id or code, such as `control.document_retention` or `C1`.
        rule: String,
    },
    /// Tell why a rule did or did not fire on a text.
    Explain {
        /// Id or code of an indicator, gate or context.
        rule: String,
        /// The text; `-` reads standard input.
        #[arg(long)]
        text: String,
    },
}
