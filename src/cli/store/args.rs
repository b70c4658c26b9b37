//! `lentera store …` as typed.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum StoreCommand {
    /// Count what is kept: by route and level, with ages and bytes.
    Stats,
    /// Check the store, the seal of every record, that each leads to its page, and the evidence.
    Verify,
    /// Destroy what `[retention]` of lentera.toml says is past its time, and record that in the chain.
    Purge(PurgeArgs),
    /// Copy the workspace into one file, encrypted with age as it is written.
    Backup(BackupArgs),
    /// Make a workspace from a backup, and check all of it.
    Restore(RestoreArgs),
    /// Make a key for backups: an age identity in a file, and its recipient on standard output.
    Key {
        /// The file; keep it away from the backups, and a copy of it elsewhere.
        file: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct BackupArgs {
    /// The file to make, such as `backup.tar.age`.
    pub(in crate::cli) file: PathBuf,
    /// Whoever can open it: an age recipient (`age1…`); may be given several times.
    #[arg(
        long,
        value_name = "RECIPIENT",
        required_unless_present = "passphrase_file"
    )]
    pub(in crate::cli) recipient: Vec<String>,
    /// Whoever knows what stands in the first line of this file.
    #[arg(long, value_name = "FILE", conflicts_with = "recipient")]
    pub(in crate::cli) passphrase_file: Option<PathBuf>,
    /// With the key of `keys/`: whoever opens the backup can then undo the masking.
    #[arg(long)]
    pub(in crate::cli) with_keys: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RestoreArgs {
    /// The backup.
    pub(in crate::cli) file: PathBuf,
    /// The folder to make; new or empty.
    pub(in crate::cli) dir: PathBuf,
    /// A file of age identities (`AGE-SECRET-KEY-…`).
    #[arg(long, value_name = "FILE", required_unless_present = "passphrase_file")]
    pub(in crate::cli) identity: Option<PathBuf>,
    /// A file whose first line is the passphrase.
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    pub(in crate::cli) passphrase_file: Option<PathBuf>,
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
