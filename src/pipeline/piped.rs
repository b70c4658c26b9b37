//! Standard input that can be let go of.
//!
//! A read of a pipe waits as long as nobody writes; a scan that is told to end
//! must not. So another thread reads, and is left behind when the scan ends.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// How long an end may go unnoticed.
pub(super) const TICK: Duration = Duration::from_millis(50);
/// Bytes handed over at once: what a pipe holds.
const CHUNK: usize = 64 << 10;
/// Chunks read ahead at most. A writer of single lines makes chunks of single
/// lines, and they should not be judged one by one while more are waiting.
const AHEAD: usize = 16;

/// Bytes of a pipe; they end when the pipe does or when `ended` is set.
pub(super) struct Piped {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: io::Cursor<Vec<u8>>,
    ended: Arc<AtomicBool>,
    /// What went wrong after the bytes that were given.
    failed: Option<io::Error>,
}

impl Piped {
    /// Begins to read `input` on a thread of its own.
    pub(super) fn new(mut input: impl Read + Send + 'static, ended: Arc<AtomicBool>) -> Self {
        let (sender, chunks) = sync_channel(AHEAD);
        std::thread::spawn(move || {
            let mut chunk = vec![0; CHUNK];
            loop {
                let read = input.read(&mut chunk).map(|n| chunk[..n].to_vec());
                let interrupted = |error: &io::Error| error.kind() == io::ErrorKind::Interrupted;
                if read.as_ref().is_err_and(interrupted) {
                    continue;
                }
                let last = read.as_ref().map_or(true, Vec::is_empty);
                if sender.send(read).is_err() || last {
                    return;
                }
            }
        });
        Self {
            chunks,
            chunk: io::Cursor::default(),
            ended,
            failed: None,
        }
    }
}

impl Read for Piped {
    /// Waits for the first byte only; gives what there is beyond it.
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut filled = 0;
        loop {
            filled += self.chunk.read(&mut into[filled..])?;
            if filled == into.len() {
                return Ok(filled);
            }
            let next = if filled > 0 {
                match self.chunks.try_recv() {
                    Ok(chunk) => chunk,
                    Err(_) => return Ok(filled),
                }
            } else {
                match self.chunks.recv_timeout(TICK) {
                    Ok(chunk) => chunk,
                    Err(RecvTimeoutError::Timeout) if !self.ended.load(Ordering::Relaxed) => {
                        continue;
                    }
                    Err(_) => return Ok(0),
                }
            };
            match next {
                // An end, and after it the channel's, which is no other.
                Ok(chunk) if chunk.is_empty() => return Ok(filled),
                Ok(chunk) => self.chunk = io::Cursor::new(chunk),
                Err(error) if filled == 0 => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    return Ok(filled);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_written_is_read() {
        let bytes: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[1]).collect();
        let input = io::Cursor::new(bytes.clone());
        let mut read = Vec::new();
        let mut piped = Piped::new(input, Arc::default());
        piped.read_to_end(&mut read).unwrap();
        assert!(read == bytes);
        assert_eq!(piped.read(&mut [0; 4]).unwrap(), 0);
    }

    #[test]
    fn a_pipe_nobody_writes_to_ends_when_told() {
        let (reader, writer) = io::pipe().unwrap();
        let ended = Arc::new(AtomicBool::new(true));
        let mut read = Vec::new();
        Piped::new(reader, ended).read_to_end(&mut read).unwrap();
        assert_eq!(read, b"");
        drop(writer);
    }
}
