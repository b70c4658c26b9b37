//! An input as it stands on disk: one buffer, a look ahead, a count.
//!
//! Knows nothing of packing or of what the bytes mean.

use std::io::{self, BufRead, Read};

use super::{BUFFER, read_buffered};

/// An input as it stands on disk, with a count of what was taken from it.
pub(in crate::archive) struct Raw {
    input: Box<dyn Read + Send>,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    pub(super) consumed: u64,
    /// Whether the last read gave less than was asked for: the end of a file,
    /// or a pipe that has said all it has to say for now.
    pub(super) was_short: bool,
}

impl Raw {
    pub(in crate::archive) fn new(input: Box<dyn Read + Send>) -> Self {
        Self {
            input,
            buffer: vec![0; BUFFER].into_boxed_slice(),
            start: 0,
            end: 0,
            consumed: 0,
            was_short: false,
        }
    }

    /// What stands ahead: at least `n` bytes unless the input ends before.
    pub(in crate::archive) fn peek(&mut self, n: usize) -> io::Result<&[u8]> {
        self.peek_until(n, |_| false)
    }

    /// The same, or less when it is `enough`.
    pub(super) fn peek_until(
        &mut self,
        n: usize,
        enough: impl Fn(&[u8]) -> bool,
    ) -> io::Result<&[u8]> {
        debug_assert!(n <= BUFFER, "a look ahead fits the buffer");
        if self.end - self.start < n {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            while self.end < n && !enough(&self.buffer[..self.end]) && self.read_more()? > 0 {}
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn read_more(&mut self) -> io::Result<usize> {
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(n) => {
                    self.was_short = n < self.buffer.len() - self.end;
                    self.end += n;
                    return Ok(n);
                }
            }
        }
    }
}

impl BufRead for Raw {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            self.read_more()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, n: usize) {
        self.start += n;
        self.consumed += n as u64;
    }
}

impl Read for Raw {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.start < self.end || into.len() < BUFFER {
            return read_buffered(self, into);
        }
        // Straight to where it is wanted.
        let n = self.input.read(into)?;
        self.was_short = n < into.len();
        self.consumed += n as u64;
        Ok(n)
    }
}
