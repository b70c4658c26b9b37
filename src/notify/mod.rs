//! What is told when a run has ended: in a file, by a local mail program, to a
//! web hook of one's own.
//!
//! Nothing here decides what is told. Each way is tried once, for a bounded
//! time, and whatever becomes of it changes nothing of the run: it is told and
//! kept, so that somebody looks.

mod file;
mod mail;
mod record;
mod settings;
mod webhook;

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use record::Record;
pub use settings::{Address, Settings, Webhook};

/// What is told of one run. It holds no contact and no text that was masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The run it is about; safe as a file name.
    pub run_id: String,
    /// One line.
    pub subject: String,
    /// For people.
    pub text: String,
    /// The same as a page.
    pub html: String,
    /// The same for programs.
    pub json: String,
    /// When the run ended.
    pub at: Timestamp,
}

/// A way that a message takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A file in or beside the workspace.
    File,
    /// The mail program of this machine.
    Mail,
    /// A web hook.
    Webhook,
}

impl Way {
    /// For messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }
}

/// What became of a message on one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which way.
    pub way: Way,
    /// Where to: a path, a program or a host, never a whole address.
    pub to: String,
    /// What went wrong; `None` when it arrived.
    pub error: Option<String>,
}

/// Sends a message on every way of `[digest]`; paths are read from `root`.
/// Takes at most `timeout_s` for each way.
pub fn deliver(settings: &Settings, root: &Path, message: &Message) -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    let mut tell = |way, to: String, sent: Result<(), String>| {
        deliveries.push(Delivery {
            way,
            to,
            error: sent.err(),
        });
    };
    if let Some(path) = &settings.file {
        let path = file::path(&root.join(path), message);
        let sent = file::write(&path, message);
        tell(Way::File, path.display().to_string(), sent);
    }
    if let Some(mail) = &settings.mail {
        let letter = mail::compose(mail, message);
        let sent = mail::hand_over(&mail.program, &letter, settings.timeout());
        tell(Way::Mail, mail.program[0].clone(), sent);
    }
    if let Some(hook) = &settings.webhook {
        let sent = webhook::post(hook, message, settings.timeout());
        tell(Way::Webhook, hook.host().to_owned(), sent);
    }
    deliveries
}

#[cfg(test)]
mod tests;
