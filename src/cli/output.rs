//! Where a scan's findings go.

use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use super::args::{Global, ScanArgs};
use super::exit::Exit;
use super::findings;
use super::message::{Stop, data, talk};
use crate::store::jsonl::FindingsFile;
use crate::store::record::Finding;

/// A file that appears when it is whole, lines for a program, or the queue for
/// a person at a terminal.
pub(super) enum Output {
    /// `-o FILE`.
    File(FindingsFile),
    /// JSONL, as findings come.
    Lines(BufWriter<std::io::Stdout>),
    /// Shown at the end, in the order of the queue.
    Queue(Vec<Finding>),
}

impl Output {
    /// What the command line and stdout ask for.
    pub(super) fn new(global: &Global, args: &ScanArgs) -> anyhow::Result<Self> {
        if let Some(path) = &args.output {
            return Self::file(path);
        }
        let for_a_person = !global.json && !args.all;
        Ok(if std::io::stdout().is_terminal() && for_a_person {
            Self::Queue(Vec::new())
        } else {
            Self::Lines(BufWriter::with_capacity(1 << 16, std::io::stdout()))
        })
    }

    /// Whether records scroll over the terminal.
    pub(super) fn prints_records(global: &Global, args: &ScanArgs) -> bool {
        let to_stdout = args.output.is_none() && (global.json || args.all);
        to_stdout && std::io::stdout().is_terminal()
    }

    fn file(path: &Path) -> anyhow::Result<Self> {
        if path.is_dir() {
            let message = format!("`{}` is a folder", path.display());
            return Err(Stop::new(Exit::Usage, message)
                .hint("name a file in it, such as `-o findings.jsonl`")
                .into());
        }
        let file = FindingsFile::create(path).map_err(|error| {
            Stop::new(Exit::Usage, error).hint("choose a folder that exists and can be written")
        })?;
        Ok(Self::File(file))
    }

    /// Takes the next finding, in input order.
    pub(super) fn write(&mut self, finding: Box<Finding>) -> anyhow::Result<()> {
        match self {
            Self::File(file) => file.write(&finding)?,
            Self::Lines(out) => writeln!(out, "{}", finding.to_line())?,
            Self::Queue(findings) => findings.push(*finding),
        }
        Ok(())
    }

    /// Nothing more is there at the moment: a reader of a live scan should not
    /// wait for what fills a buffer.
    pub(super) fn pause(&mut self) -> anyhow::Result<()> {
        if let Self::Lines(out) = self {
            out.flush()?;
        }
        Ok(())
    }

    /// Ends the output; the file's name, if it is one. A partial file gets a
    /// name of its own.
    pub(super) fn finish(self, global: &Global, partial: bool) -> anyhow::Result<Option<PathBuf>> {
        Ok(match self {
            Self::File(file) if partial => Some(file.finish_partial()?),
            Self::File(file) => Some(file.finish()?),
            Self::Lines(mut out) => {
                out.flush()?;
                None
            }
            Self::Queue(findings) => {
                data(&findings::queue(global, &findings))?;
                None
            }
        })
    }

    /// Keeps what is finished when the scan fails.
    pub(super) fn abandon(self) {
        if let Self::File(file) = self
            && let Ok(path) = file.finish_partial()
        {
            talk(&format!("kept what was finished: `{}`", path.display()));
        }
    }
}
