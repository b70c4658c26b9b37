//! Zstandard, frame by frame.
//!
//! Bounded on purpose: a frame that wants a larger window than most tools ever
//! write is refused, so that no input decides how much memory is taken.

use std::error::Error as _;
use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, FrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::raw::Raw;
use super::{BUFFER, read_buffered};

/// The widest look back that is granted, in bytes. `zstd -19` needs 8 MiB; only
/// `--long` and the highest `--ultra` levels ask for more than this.
const MAX_WINDOW: u64 = 32 << 20;
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The unpacked bytes of one or more frames.
pub(in crate::archive) struct Frames {
    raw: Raw,
    decoder: FrameDecoder,
    /// Whether a frame was begun and is not all handed over.
    inside: bool,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    pub(super) frame_start: u64,
    /// What went wrong after the bytes now in the buffer.
    error: Option<io::Error>,
}

impl Frames {
    pub(super) fn new(raw: Raw) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Self {
            raw,
            decoder,
            inside: false,
            buffer: vec![0; BUFFER].into_boxed_slice(),
            start: 0,
            end: 0,
            frame_start: 0,
            error: None,
        }
    }

    /// The input underneath.
    pub(super) fn raw(&self) -> &Raw {
        &self.raw
    }

    /// Unpacks the next bytes; an empty buffer afterwards is the end.
    fn refill(&mut self) -> io::Result<()> {
        self.start = 0;
        self.end = 0;
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        while self.end < self.buffer.len() {
            let more = self.unpack();
            match more {
                Ok(true) => {}
                Ok(false) => break,
                // What was unpacked before the damage is handed over first.
                Err(error) if self.end > 0 => {
                    self.error = Some(error);
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// One step: a frame begun, a block unpacked, or bytes taken over.
    /// `false` at the end of the input.
    fn unpack(&mut self) -> io::Result<bool> {
        if !self.inside {
            self.frame_start = self.raw.consumed;
            self.inside = self.begin()?;
            return Ok(self.inside);
        }
        if self.decoder.can_collect() > 0 {
            self.end += self.decoder.read(&mut self.buffer[self.end..])?;
        } else if self.decoder.is_finished() {
            self.inside = false;
            self.check_sum()?;
        } else {
            let step = BlockDecodingStrategy::UptoBlocks(1);
            let decoded = self.decoder.decode_blocks(&mut self.raw, step);
            decoded.map_err(|error| why(&error))?;
        }
        Ok(true)
    }

    /// Begins the next frame; `false` when there is none.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            let ahead = self.raw.peek(4)?;
            if ahead.is_empty() {
                return Ok(false);
            }
            if ahead.starts_with(&MAGIC) {
                let begun = self.decoder.reset(&mut self.raw);
                return begun.map(|()| true).map_err(|error| why(&error));
            }
            if !is_skippable(ahead) {
                return Err(damaged("bytes after the zstd stream are not zstd"));
            }
            let mut head = [0; 8];
            self.raw.read_exact(&mut head)?;
            let [_, _, _, _, a, b, c, d] = head;
            let mut left = u64::from(u32::from_le_bytes([a, b, c, d]));
            while left > 0 {
                let here = self.raw.fill_buf()?.len() as u64;
                if here == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                let passed = here.min(left);
                self.raw.consume(passed as usize);
                left -= passed;
            }
        }
    }

    fn check_sum(&self) -> io::Result<()> {
        let told = self.decoder.get_checksum_from_data();
        if told.is_some() && told != self.decoder.get_calculated_checksum() {
            return Err(damaged("the checksum of a zstd frame does not fit"));
        }
        Ok(())
    }
}

/// Tells an input that ends early from a damaged one.
fn why(error: &FrameDecoderError) -> io::Error {
    if matches!(
        error,
        FrameDecoderError::WindowSizeTooBig { .. }
            | FrameDecoderError::FrameHeaderError(FrameHeaderError::WindowTooBig { .. })
    ) {
        let message = format!(
            "packed by zstd with a window of more than {} MiB; pack it without --long or --ultra",
            MAX_WINDOW >> 20
        );
        return io::Error::new(io::ErrorKind::Unsupported, message);
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(read) = inner.downcast_ref::<io::Error>() {
            return io::Error::new(read.kind(), read.to_string());
        }
        cause = inner.source();
    }
    damaged(&error.to_string())
}

fn damaged(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// Whether a zstd stream begins here.
pub(super) fn begins_frame(ahead: &[u8]) -> bool {
    ahead.starts_with(&MAGIC) || is_skippable(ahead)
}

/// Frames that hold something other than data, such as an index.
fn is_skippable(ahead: &[u8]) -> bool {
    matches!(ahead, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

impl BufRead for Frames {
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

impl Read for Frames {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, into)
    }
}
