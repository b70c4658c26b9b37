//! Inputs that were not processed, and why.
//!
//! A skip is an ordinary outcome: it is counted, listed in the summary, and
//! turns the exit status, but never stops a run.

use std::fmt;

/// One input that was not processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// File or URL, as given.
    pub subject: String,
    /// One-based line or record, where the subject has several.
    pub line: Option<u64>,
    /// What happened.
    pub reason: SkipReason,
    /// More about it, such as the parser's message. May quote hostile input:
    /// make it inert before printing.
    pub detail: String,
}

impl Skip {
    /// A skip of a whole subject.
    pub fn whole(
        subject: impl Into<String>,
        reason: SkipReason,
        detail: impl fmt::Display,
    ) -> Self {
        Self {
            subject: subject.into(),
            line: None,
            reason,
            detail: detail.to_string(),
        }
    }

    /// A skip of one line or record of a subject.
    pub fn at(
        subject: impl Into<String>,
        line: u64,
        reason: SkipReason,
        detail: impl fmt::Display,
    ) -> Self {
        Self {
            line: Some(line),
            ..Self::whole(subject, reason, detail)
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.subject)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.reason.as_str())?;
        if self.detail.is_empty() {
            Ok(())
        } else {
            write!(f, " ({})", self.detail)
        }
    }
}

/// Why an input was not processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// The file or stream could not be opened or read.
    Unreadable,
    /// A directory was given where a file is read.
    Directory,
    /// Nothing in it.
    Empty,
    /// Not a format Lentera reads.
    UnknownFormat,
    /// A line that is not the JSON of a post.
    MalformedJson,
    /// A CSV file whose first line does not name `id` and `text`.
    NoCsvHeader,
    /// A CSV row that does not fit its header.
    MalformedCsv,
    /// A WARC record that cannot be read.
    MalformedWarc,
    /// A page that does not hold what its source describes.
    MalformedPage,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// A line, text or page above the limit.
    TooLong,
    /// A gzip or zstd stream that ends early or is damaged.
    TruncatedStream,
    /// A post without the fields it needs.
    MissingField,
    /// robots.txt forbids the page.
    RobotsDenied,
    /// robots.txt could not be decided, so nothing was fetched.
    RobotsUnavailable,
    /// A link that leaves the source's own hosts.
    OffSite,
    /// An address this program does not fetch, such as a private network.
    ForbiddenAddress,
    /// The server answered with an error.
    HttpStatus,
    /// It was read before and is no longer there; what was kept of it stays.
    Gone,
    /// Addresses that lead nowhere but on: the detail names the kind.
    Trap,
    /// No connection to the server.
    Unreachable,
    /// No host can be reached: this machine is off the network.
    Offline,
    /// The server broke off.
    Connection,
    /// The server took too long.
    Timeout,
    /// The server does not show by its certificate who it is.
    BadCertificate,
    /// The server wants to be left alone for longer than a run waits.
    HostBusy,
    /// Neither HTML, XML, JSON nor plain text; media is never read.
    NotText,
    /// More redirects than allowed.
    TooManyRedirects,
    /// A budget of the source or the run is used up.
    Budget,
    /// A fault of this program on this one item.
    Internal,
}

impl SkipReason {
    /// Stable name, for records and scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Directory => "directory",
            Self::Empty => "empty",
            Self::UnknownFormat => "unknown_format",
            Self::MalformedJson => "malformed_json",
            Self::NoCsvHeader => "no_csv_header",
            Self::MalformedCsv => "malformed_csv",
            Self::MalformedWarc => "malformed_warc",
            Self::MalformedPage => "malformed_page",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::TooLong => "too_long",
            Self::TruncatedStream => "truncated_stream",
            Self::MissingField => "missing_field",
            Self::RobotsDenied => "robots_denied",
            Self::RobotsUnavailable => "robots_unavailable",
            Self::OffSite => "off_site",
            Self::ForbiddenAddress => "forbidden_address",
            Self::HttpStatus => "http_status",
            Self::Gone => "gone",
            Self::Trap => "trap",
            Self::Unreachable => "unreachable",
            Self::Offline => "offline",
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::BadCertificate => "bad_certificate",
            Self::HostBusy => "host_busy",
            Self::NotText => "not_text",
            Self::TooManyRedirects => "too_many_redirects",
            Self::Budget => "budget",
            Self::Internal => "internal",
        }
    }

    /// Whether this is the crawler keeping its promises (robots, off-site
    /// links) and not something an operator has to look after.
    pub fn is_by_design(self) -> bool {
        matches!(
            self,
            Self::RobotsDenied
                | Self::OffSite
                | Self::NotText
                | Self::Budget
                | Self::Gone
                | Self::Trap
        )
    }
}
