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
/// Bytes handed over at once.
const CHUNK: usize = 64 << 10;
/// Chunks read ahead at most.
const AHEAD: usize = 2;

/// Bytes of a pipe; they end when the pipe does or when `ended` is set.
pub(super) struct Piped {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: io::Cursor<Vec<u8>>,
    ended: Arc<AtomicBool>,
}

impl Piped {
    /// Begins to read `input` on a thread of its own.
    pub(super) fn new(mut input: impl Read + Send + 'static, ended: Arc<AtomicBool>) -> Self {
        let (sender, chunks) = sync_channel(AHEAD);
        std::thread::spawn(move || {
            loop {
                let mut chunk = vec![0; CHUNK];
                let read = input.read(&mut chunk).map(|n| {
                    chunk.truncate(n);
                    chunk
                });
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
        }
    }
}

impl Read for Piped {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.chunk.read(into)?;
            if n > 0 || into.is_empty() {
                return Ok(n);
            }
            match self.chunks.recv_timeout(TICK) {
                Ok(chunk) => {
                    let chunk = chunk?;
                    if chunk.is_empty() {
                        return Ok(0);
                    }
                    self.chunk = io::Cursor::new(chunk);
                }
                Err(RecvTimeoutError::Timeout) if !self.ended.load(Ordering::Relaxed) => {}
                Err(_) => return Ok(0),
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
