//! Gzip, member by member.
//!
//! Reads past no damage unless asked to, and then says where it went on.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::raw::Raw;
use super::{BUFFER, read_buffered};

enum Place {
    Between(Raw),
    Inside(Box<GzDecoder<Raw>>),
}

impl Place {
    fn raw(&self) -> &Raw {
        match self {
            Self::Between(raw) => raw,
            Self::Inside(decoder) => decoder.get_ref(),
        }
    }

    fn into_raw(self) -> Raw {
        match self {
            Self::Between(raw) => raw,
            Self::Inside(decoder) => decoder.into_inner(),
        }
    }
}

/// The unpacked bytes of one or more gzip members. A buffer never holds bytes
/// of two members.
pub(in crate::archive) struct Members {
    /// `None` only while a step is being taken.
    place: Option<Place>,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    pub(super) member_start: u64,
    /// What went wrong after the bytes now in the buffer.
    error: Option<io::Error>,
}

impl Members {
    pub(super) fn new(raw: Raw) -> Self {
        Self {
            place: Some(Place::Between(raw)),
            buffer: vec![0; BUFFER].into_boxed_slice(),
            start: 0,
            end: 0,
            member_start: 0,
            error: None,
        }
    }

    /// The input underneath.
    pub(super) fn raw(&self) -> &Raw {
        self.place().raw()
    }

    fn place(&self) -> &Place {
        self.place
            .as_ref()
            .expect("a place is put back after every step")
    }

    fn take_place(&mut self) -> Place {
        self.place
            .take()
            .expect("a place is put back after every step")
    }

    /// Unpacks the next bytes; an empty buffer afterwards is the end.
    fn refill(&mut self) -> io::Result<()> {
        self.start = 0;
        self.end = 0;
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        loop {
            match self.take_place() {
                Place::Between(mut raw) => {
                    let open = begin_member(&mut raw);
                    if !matches!(open, Ok(true)) {
                        self.place = Some(Place::Between(raw));
                        return open.map(|_| ());
                    }
                    self.member_start = raw.consumed;
                    self.place = Some(Place::Inside(Box::new(GzDecoder::new(raw))));
                }
                Place::Inside(mut decoder) => {
                    let ended = self.unpack(&mut decoder);
                    self.place = Some(if matches!(ended, Ok(true)) {
                        Place::Between(decoder.into_inner())
                    } else {
                        Place::Inside(decoder)
                    });
                    match ended {
                        Err(error) if self.end == 0 => return Err(error),
                        Err(error) => {
                            self.error = Some(error);
                            return Ok(());
                        }
                        Ok(_) if self.end > 0 => return Ok(()),
                        Ok(_) => {}
                    }
                }
            }
        }
    }

    /// Fills the buffer from one member; `true` when that member has ended.
    fn unpack(&mut self, decoder: &mut GzDecoder<Raw>) -> io::Result<bool> {
        while self.end < self.buffer.len() {
            match decoder.read(&mut self.buffer[self.end..]) {
                Ok(0) => return Ok(true),
                Ok(n) => self.end += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Steps to the next member, over damage if need be. `false` at the end.
    pub(super) fn next_member(&mut self) -> io::Result<bool> {
        let left = self.member_start;
        loop {
            match self.refill() {
                Ok(()) if self.end == 0 => return Ok(false),
                Ok(()) if self.member_start != left => return Ok(true),
                Ok(()) => {}
                Err(_) => return self.find_member(),
            }
        }
    }

    /// Looks in the packed bytes for what begins a member.
    fn find_member(&mut self) -> io::Result<bool> {
        self.start = 0;
        self.end = 0;
        self.error = None;
        let mut raw = self.take_place().into_raw();
        let found = seek_member(&mut raw, self.member_start);
        self.place = Some(Place::Between(raw));
        found
    }
}

/// Whether a member begins here; passes over the zeros some tapes pad with.
fn begin_member(raw: &mut Raw) -> io::Result<bool> {
    loop {
        let ahead = raw.peek(4)?;
        if ahead.is_empty() {
            return Ok(false);
        }
        if begins_member(ahead) {
            return Ok(true);
        }
        let zeros = ahead.iter().take_while(|&&byte| byte == 0).count();
        if zeros == 0 {
            let message = "bytes after the gzip stream are not gzip";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        raw.consume(zeros);
    }
}

fn seek_member(raw: &mut Raw, failed: u64) -> io::Result<bool> {
    if raw.consumed <= failed && !raw.peek(1)?.is_empty() {
        raw.consume(1);
    }
    loop {
        let ahead = raw.peek(4)?;
        if ahead.len() < 4 {
            let rest = ahead.len();
            raw.consume(rest);
            return Ok(false);
        }
        if let Some(at) = ahead.windows(4).position(begins_member) {
            raw.consume(at);
            return Ok(true);
        }
        let passed = ahead.len() - 3;
        raw.consume(passed);
    }
}

/// Gzip magic, the only method there is, and no reserved flag.
fn begins_member(ahead: &[u8]) -> bool {
    ahead.starts_with(&[0x1f, 0x8b, 8]) && ahead.get(3).is_none_or(|flags| flags & 0xe0 == 0)
}

impl BufRead for Members {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.refill()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, n: usize) {
        self.start += n;
    }
}

impl Read for Members {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, into)
    }
}
