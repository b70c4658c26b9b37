//! The bytes of an input: buffered, counted, unpacked where they are packed.
//!
//! Gzip is read member by member, so that a WARC record can say where its
//! member begins and a damaged member can be stepped over. Nothing here knows
//! what the bytes mean, and nothing holds more than two buffers.

mod frames;
mod members;
mod raw;

use std::io::{self, BufRead, Read};

use frames::Frames;
use members::Members;

pub(super) use raw::Raw;

/// Bytes of a buffer, and the farthest look ahead.
const BUFFER: usize = 64 << 10;

fn read_buffered(input: &mut impl BufRead, into: &mut [u8]) -> io::Result<usize> {
    let n = input.fill_buf()?.read(into)?;
    input.consume(n);
    Ok(n)
}

/// The bytes that a format is read from.
pub(super) enum Stream {
    Plain(Raw),
    Gzip(Box<Members>),
    Zstd(Box<Frames>),
}

impl Stream {
    /// Sees by the first bytes whether the input is packed, and how.
    pub(super) fn new(mut raw: Raw) -> io::Result<Self> {
        let ahead = raw.peek(4)?;
        if ahead.starts_with(&[0x1f, 0x8b]) {
            Ok(Self::Gzip(Box::new(Members::new(raw))))
        } else if frames::begins_frame(ahead) {
            Ok(Self::Zstd(Box::new(Frames::new(raw))))
        } else {
            Ok(Self::Plain(raw))
        }
    }

    /// The first bytes, unpacked, without taking them. Waits for a bufferful,
    /// unless what is there is `enough`.
    pub(super) fn head(&mut self, enough: impl Fn(&[u8]) -> bool) -> io::Result<&[u8]> {
        match self {
            Self::Plain(raw) => raw.peek_until(BUFFER, enough),
            Self::Gzip(members) => members.fill_buf(),
            Self::Zstd(frames) => frames.fill_buf(),
        }
    }

    /// Whether the bytes last read were all there was at the moment. Packed
    /// bytes do not show it.
    pub(super) fn shows_silence(&self) -> bool {
        matches!(self, Self::Plain(raw) if raw.was_short)
    }

    /// Bytes taken from the input as it stands on disk.
    pub(super) fn consumed(&self) -> u64 {
        match self {
            Self::Plain(raw) => raw.consumed,
            Self::Gzip(members) => members.raw().consumed,
            Self::Zstd(frames) => frames.raw().consumed,
        }
    }

    /// Where on disk the thing now being read begins: the member of a gzip
    /// stream, the frame of a zstd stream, else the next byte.
    pub(super) fn offset(&self) -> u64 {
        match self {
            Self::Plain(raw) => raw.consumed,
            Self::Gzip(members) => members.member_start,
            Self::Zstd(frames) => frames.frame_start,
        }
    }

    pub(super) fn is_gzip(&self) -> bool {
        matches!(self, Self::Gzip(_))
    }

    pub(super) fn is_packed(&self) -> bool {
        !matches!(self, Self::Plain(_))
    }

    /// Leaves the rest of this gzip member for the next one. `false` when
    /// there is none, as in every stream that is not gzip.
    pub(super) fn next_member(&mut self) -> io::Result<bool> {
        match self {
            Self::Plain(_) | Self::Zstd(_) => Ok(false),
            Self::Gzip(members) => members.next_member(),
        }
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(raw) => raw.fill_buf(),
            Self::Gzip(members) => members.fill_buf(),
            Self::Zstd(frames) => frames.fill_buf(),
        }
    }

    fn consume(&mut self, n: usize) {
        match self {
            Self::Plain(raw) => raw.consume(n),
            Self::Gzip(members) => members.consume(n),
            Self::Zstd(frames) => frames.consume(n),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(raw) => raw.read(into),
            _ => read_buffered(self, into),
        }
    }
}

/// Why reading broke off: a damaged stream, or a file that cannot be read.
pub(super) fn broken(error: &io::Error) -> super::Fault {
    use crate::skip::SkipReason::{TruncatedStream, Unreadable};
    match error.kind() {
        io::ErrorKind::UnexpectedEof => super::Fault::new(
            TruncatedStream,
            "the file ends early; what came before was read",
        ),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => super::Fault::new(
            TruncatedStream,
            format!("the file is damaged here ({error}); what came before was read"),
        ),
        _ => super::Fault::new(Unreadable, error.to_string()),
    }
}

/// Whether an error comes from the packed bytes and not from the disk.
pub(super) fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | InvalidData | InvalidInput)
}
