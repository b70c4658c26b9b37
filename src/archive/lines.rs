//! Lines of bounded length. A line above the limit is passed over without
//! being held, and said so.

use std::io::{self, BufRead, Read};

use super::stream::Stream;

/// One physical line.
pub(super) enum Line {
    /// Its bytes, without its end.
    Whole(Vec<u8>),
    /// Longer than the limit.
    TooLong,
}

/// Cuts a stream into lines.
pub(super) struct Lines {
    pub(super) stream: Stream,
    limit: usize,
    number: u64,
    /// Length of the last line: the next one is probably no longer.
    expected: usize,
}

impl Lines {
    pub(super) fn new(stream: Stream, limit: usize) -> Self {
        Self {
            stream,
            limit,
            number: 0,
            expected: 0,
        }
    }

    /// The one-based line last returned, or being read when reading failed.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not blank; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            self.number += 1;
            let mut line = Vec::with_capacity(self.expected);
            let room = self.limit as u64 + 2;
            if (&mut self.stream).take(room).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let ended = line.ends_with(b"\n");
            trim_end(&mut line);
            if line.len() > self.limit || (!ended && line.len() as u64 >= room) {
                drop(line);
                if !ended {
                    self.stream.skip_until(b'\n')?;
                }
                return Ok(Some(Line::TooLong));
            }
            if self.number == 1 && line.starts_with(BOM) {
                line.drain(..BOM.len());
            }
            if !line.trim_ascii().is_empty() {
                self.expected = line.len().min(4096) + 2;
                return Ok(Some(Line::Whole(line)));
            }
        }
    }
}

/// The byte-order mark that Windows programs put before UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// Takes one line end, `\n` or `\r\n`, off.
pub(super) fn trim_end(line: &mut Vec<u8>) {
    if line.ends_with(b"\n") {
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
    }
}
