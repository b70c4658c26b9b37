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
}

impl Raw {
    pub(in crate::archive) fn new(input: Box<dyn Read + Send>) -> Self {
        Self {
            input,
            buffer: vec![0; BUFFER].into_boxed_slice(),
            start: 0,
            end: 0,
            consumed: 0,
        }
    }

    /// What stands ahead: at least `n` bytes unless the input ends before.
    pub(in crate::archive) fn peek(&mut self, n: usize) -> io::Result<&[u8]> {
        debug_assert!(n <= BUFFER, "a look ahead fits the buffer");
        if self.end - self.start < n {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            while self.end < n && self.read_more()? > 0 {}
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn read_more(&mut self) -> io::Result<usize> {
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(n) => {
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
        read_buffered(self, into)
    }
}
