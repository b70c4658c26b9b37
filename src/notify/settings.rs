//! `[digest]` of `lentera.toml`: where it is told what a run found.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use url::{Host, Url};

use crate::indicator::Lang;

/// Longest time for one way, in seconds, where the file does not say.
const TIMEOUT_S: u64 = 30;

/// `[digest]`. Without any way, nothing is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Written")]
pub struct Settings {
    /// A file that is written anew each time, or a folder that gets one a run;
    /// relative to the workspace. `.html` and `.json` are taken at their word.
    pub file: Option<PathBuf>,
    /// The mail program.
    pub mail: Option<Mail>,
    /// The web hook.
    pub webhook: Option<Webhook>,
    /// Language of what is told; `None` takes that of the command.
    pub lang: Option<Lang>,
    /// Longest time for each way, in seconds.
    pub timeout_s: u64,
}

/// How mail is sent: by a program of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The program and its arguments; never empty. It reads the letter on
    /// standard input and its receivers from the head of it.
    pub program: Vec<String>,
    /// Whom the letter is from.
    pub from: Address,
    /// Whom it goes to; never empty.
    pub to: Vec<Address>,
}

impl Settings {
    /// Whether anything is told at all.
    pub fn is_silent(&self) -> bool {
        self.file.is_none() && self.mail.is_none() && self.webhook.is_none()
    }

    /// Longest time for each way.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_s)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            file: None,
            mail: None,
            webhook: None,
            lang: None,
            timeout_s: TIMEOUT_S,
        }
    }
}

/// The table as it stands in the file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    file: Option<PathBuf>,
    sendmail: Option<Vec<String>>,
    from: Option<Address>,
    to: Vec<Address>,
    webhook: Option<Webhook>,
    lang: Option<Language>,
    timeout_s: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Language {
    Id,
    En,
}

impl TryFrom<Written> for Settings {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let timeout_s = written.timeout_s.unwrap_or(TIMEOUT_S);
        if timeout_s == 0 {
            return Err(
                "[digest] `timeout_s = 0` leaves no time to tell anything; write such as 30",
            );
        }
        if written
            .file
            .as_ref()
            .is_some_and(|path| path.as_os_str().is_empty())
        {
            return Err("[digest] `file` is empty; write such as \"digest.txt\", or \"digests/\"");
        }
        Ok(Self {
            file: written.file,
            mail: mail(written.sendmail, written.from, written.to)?,
            webhook: written.webhook,
            lang: written.lang.map(|lang| match lang {
                Language::Id => Lang::Id,
                Language::En => Lang::En,
            }),
            timeout_s,
        })
    }
}

fn mail(
    program: Option<Vec<String>>,
    from: Option<Address>,
    to: Vec<Address>,
) -> Result<Option<Mail>, &'static str> {
    let Some(program) = program else {
        return if to.is_empty() && from.is_none() {
            Ok(None)
        } else {
            Err("[digest] has `to` or `from` and no mail program; \
                 add such as sendmail = [\"/usr/sbin/sendmail\", \"-t\"]")
        };
    };
    if program.first().is_none_or(String::is_empty) {
        return Err("[digest] `sendmail` names no program; \
                    write such as [\"/usr/sbin/sendmail\", \"-t\"]");
    }
    if to.is_empty() {
        return Err("[digest] has a mail program and nobody to write to; \
                    add such as to = [\"rani@organisation.example\"]");
    }
    let Some(from) = from else {
        return Err("[digest] has a mail program and no sender; \
                    add such as from = \"lentera@organisation.example\"");
    };
    Ok(Some(Mail { program, from, to }))
}

/// A bare mail address: nothing in it can end a line or begin another header.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Address(String);

impl Address {
    /// As it stands in a header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let local = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b);
        let domain = |b: u8| b.is_ascii_alphanumeric() || b".-".contains(&b);
        let is_address = text.len() <= 254
            && text.split_once('@').is_some_and(|(name, host)| {
                let whole = !name.is_empty() && !host.is_empty();
                // A program that takes it as an argument must not see an option.
                whole
                    && !name.starts_with('-')
                    && name.bytes().all(local)
                    && host.bytes().all(domain)
            });
        if is_address {
            Ok(Self(text))
        } else {
            Err(format!(
                "{text:?} is not a bare mail address; write such as \"rani@organisation.example\", without a name"
            ))
        }
    }
}

/// Where a web hook listens: over https, or on this machine.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Webhook(Url);

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The rest often is a secret.
        write!(f, "Webhook({})", self.host())
    }
}

impl Webhook {
    /// The whole address. It often is a secret: never print it.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// What of it may be printed.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or("")
    }
}

impl TryFrom<String> for Webhook {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let url = Url::parse(&text).map_err(|error| {
            format!("the webhook is not an address ({error}); write it whole, with https://")
        })?;
        let is_here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_here => Ok(Self(url)),
            "http" => Err(format!(
                "the webhook at `{}` is asked for over http, which everybody on the way can read; write https://",
                url.host_str().unwrap_or("")
            )),
            scheme => Err(format!("the webhook is `{scheme}:`; only https:// is used")),
        }
    }
}
