//! `lentera store backup`, `restore` and `key`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use age::secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::args::{BackupArgs, RestoreArgs};
use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::message::{Stop, data, talk};
use crate::cli::settings;
use crate::pipeline::upkeep::{self, BackupManifest, Opener, Readers, RestoreError};

pub(super) fn run(global: &Global, args: &BackupArgs) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let readers = match &args.passphrase_file {
        Some(path) => Readers::Passphrase(passphrase(path)?),
        None => Readers::Recipients(recipients(&args.recipient)?),
    };
    let now = settings::now(global);
    let made = upkeep::backup(&workspace, &args.file, readers, args.with_keys, now);
    let manifest = made.map_err(|error| super::stop(&error))?;
    if global.json {
        data(&format!("{}\n", as_json(&manifest)))?;
    } else {
        data(&format!("{}\n", args.file.display()))?;
    }
    if !global.quiet {
        let (n, bytes) = size(&manifest);
        talk(&format!("{n} files, {bytes} bytes, encrypted"));
        talk(if args.with_keys {
            "WITH the key of keys/: whoever opens this backup can undo the masking of every contact"
        } else {
            "without keys/hmac.key: keep that elsewhere; without it new contacts tie to no old ones"
        });
    }
    Ok(Exit::Success)
}

pub(super) fn restore(global: &Global, args: &RestoreArgs) -> anyhow::Result<Exit> {
    let opener = match (&args.identity, &args.passphrase_file) {
        (Some(path), _) => Opener::Identities(identities(path)?),
        (None, Some(path)) => Opener::Passphrase(passphrase(path)?),
        (None, None) => return Err(Stop::new(Exit::Usage, "nothing opens the backup").into()),
    };
    let restored = upkeep::restore(&args.file, &args.dir, opener);
    let (manifest, verified) = restored.map_err(|error| {
        let (exit, hint) = match &error {
            RestoreError::NotEmpty(_) => (Exit::Usage, "nothing is ever restored over a workspace"),
            RestoreError::Closed { .. } => (
                Exit::Input,
                "give the identity of one of its recipients, or its passphrase",
            ),
            RestoreError::Refused { .. } | RestoreError::Fault(_) => (
                Exit::Input,
                "take another copy of it, or an older backup; nothing was put in place",
            ),
            _ => (
                Exit::Store,
                "see that there is room and that the folder can be written",
            ),
        };
        Stop::new(exit, error).hint(hint)
    })?;
    if global.json {
        data(&format!("{}\n", as_json(&manifest)))?;
    } else {
        data(&format!("{}\n", args.dir.display()))?;
    }
    if !global.quiet {
        let (n, bytes) = size(&manifest);
        talk(&format!(
            "{n} files, {bytes} bytes as of {}; {} revisions of findings and the evidence hold",
            manifest.made_at, verified.revisions
        ));
        if !manifest.with_keys {
            talk("keys/hmac.key was not in it: put your copy there before the next crawl");
        }
    }
    Ok(Exit::Success)
}

pub(super) fn key(global: &Global, file: &Path) -> anyhow::Result<Exit> {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let secret = identity.to_string();
    let text = format!("# public key: {recipient}\n{}\n", secret.expose_secret());
    let made = options.open(file).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    made.map_err(|error| {
        Stop::new(Exit::Usage, format!("`{}`: {error}", file.display()))
            .hint("name a new file; a key is never written over another")
    })?;
    data(&format!("{recipient}\n"))?;
    if !global.quiet {
        talk(&format!(
            "`{}` opens every backup made for this recipient; keep it, and a copy of it, away \
             from them",
            file.display()
        ));
    }
    Ok(Exit::Success)
}

fn recipients(typed: &[String]) -> anyhow::Result<Vec<age::x25519::Recipient>> {
    let parse = |text: &String| {
        text.trim().parse().map_err(|why| {
            Stop::new(Exit::Usage, format!("`{text}` is no age recipient: {why}"))
                .hint("it begins with `age1`; `lentera store key FILE` makes one")
                .into()
        })
    };
    typed.iter().map(parse).collect()
}

fn identities(path: &Path) -> anyhow::Result<Vec<age::x25519::Identity>> {
    let wrong = |why: String| {
        Stop::new(Exit::Usage, format!("`{}`: {why}", path.display()))
            .hint("give the file that `lentera store key` or `age-keygen` wrote")
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if !line.is_empty() && !line.starts_with('#') {
            let identity = line.parse().map_err(|why: &str| wrong(why.to_owned()))?;
            found.push(identity);
        }
    }
    if found.is_empty() {
        return Err(wrong("it holds no identity".to_owned()).into());
    }
    Ok(found)
}

/// The first line of a file.
fn passphrase(path: &Path) -> anyhow::Result<SecretString> {
    let wrong = |why: String| {
        Stop::new(Exit::Usage, format!("`{}`: {why}", path.display()))
            .hint("its first line is the passphrase: some words that nobody guesses")
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let line = text.lines().next().unwrap_or("").trim_end();
    if line.chars().count() < 12 {
        return Err(wrong("the passphrase has fewer than 12 letters".to_owned()).into());
    }
    Ok(SecretString::from(line.to_owned()))
}

fn size(manifest: &BackupManifest) -> (usize, u64) {
    let bytes = manifest.files.iter().map(|file| file.bytes).sum();
    (manifest.files.len(), bytes)
}

fn as_json(manifest: &BackupManifest) -> serde_json::Value {
    let (files, bytes) = size(manifest);
    json!({
        "format": manifest.format, "made_at": manifest.made_at,
        "with_keys": manifest.with_keys, "files": files, "bytes": bytes,
    })
}
