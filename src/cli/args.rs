//! The command line as typed. Nothing is resolved here.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::indicator::Lang;

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
#[derive(Debug, clap::Args)]
pub(super) struct Global {
    /// Work in this workspace instead of the nearest one above the current folder.
    #[arg(short = 'C', long = "workspace", global = true, value_name = "DIR")]
    pub(super) workspace: Option<PathBuf>,
    /// Use the rules of this folder instead of the embedded pack.
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
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
    /// Check, test and explain rule files.
    #[command(subcommand)]
    Rules(RulesCommand),
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
    /// List indicators and gates.
    List,
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
