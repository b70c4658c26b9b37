//! `lentera store …` as typed.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum StoreCommand {
    /// Count what is kept: by route and level, with ages and bytes.
    Stats,
    /// Check the store, the seal of every record, that each leads to its page, and the evidence.
    Verify,
    /// Destroy what `[retention]` of lentera.toml says is past its time, and record that in the chain.
    Purge(PurgeArgs),
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PurgeArgs {
    /// Only show what would go.
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// Do not ask. Needed where there is no terminal to ask at.
    #[arg(long, conflicts_with = "dry_run")]
    pub(in crate::cli) yes: bool,
    /// Who asks; by default your name on this machine.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) by: Option<String>,
    /// Why; kept in chain.log.
    #[arg(long, value_name = "TEXT", default_value = "past its time")]
    pub(in crate::cli) reason: String,
}
