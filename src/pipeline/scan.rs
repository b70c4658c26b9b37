//! Archives to findings: streaming, all cores, output in input order.
//!
//! One thread frames records, workers parse and scan them, and the caller's
//! thread takes results in order. Tokens bound how many batches are under way,
//! so memory stays flat however large the input and however slow one batch.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use super::piped::{Piped, TICK};
use super::{Assessor, Noted, Tally};
use crate::archive::{Input, Options, Reader, Record};
use crate::skip::{Skip, SkipReason};
use crate::store::record::Finding;

/// Records handed to a worker at once: enough to hide the hand-over, few
/// enough that an interrupt is quick.
const BATCH_RECORDS: usize = 64;
/// Bytes after which a batch is handed over early.
const BATCH_BYTES: usize = 1 << 20;

/// A scan of archives.
#[derive(Debug)]
pub struct ScanJob<'j> {
    /// What to read, in order.
    pub inputs: &'j [Input],
    /// How to read it.
    pub options: &'j Options,
    /// What to make of each post.
    pub assessor: &'j Assessor<'j>,
    /// Write a record for every post, not only for flagged ones.
    pub all: bool,
    /// Worker threads, at least 1.
    pub threads: usize,
    /// Records to pass over first, counted over all inputs: where an
    /// interrupted scan goes on.
    pub skip_records: u64,
    /// Set from outside to end the scan after the records under way.
    pub stop: &'j AtomicBool,
    /// Bytes read so far, for a progress bar.
    pub bytes_read: &'j AtomicU64,
}

/// One record's outcome, in input order.
#[derive(Debug)]
pub enum Outcome {
    /// A post that deserves a look, or any post with `all`.
    Finding(Box<Finding>),
    /// A post below the flag line.
    Quiet,
    /// A record that could not be read.
    Skip(Skip),
}

type Framed = Vec<Result<Record, Skip>>;

impl ScanJob<'_> {
    /// Runs the scan; `each` gets every outcome in input order and may end the
    /// scan with an error of its own.
    ///
    /// # Errors
    ///
    /// Only those of `each`: what cannot be read becomes a skip.
    ///
    /// # Panics
    ///
    /// When a thread of the scan panicked outside a post, which would be a
    /// fault of the program.
    pub fn run<E: Send>(&self, mut each: impl FnMut(Outcome) -> Result<(), E>) -> Result<Tally, E> {
        let under_way = self.threads * 4;
        let (to_workers, batches) = sync_channel::<(u64, Framed)>(under_way);
        let (to_caller, results) = sync_channel(under_way);
        let (give, take) = sync_channel::<()>(under_way);
        for _ in 0..under_way {
            give.send(()).expect("the channel holds as many tokens");
        }
        let batches = Mutex::new(batches);
        let ended = Arc::new(AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| self.frame(to_workers, take, &ended));
            for _ in 0..self.threads.max(1) {
                let to_caller = to_caller.clone();
                let batches = &batches;
                scope.spawn(move || self.work(batches, &to_caller));
            }
            drop(to_caller);
            let result = self.collect(&results, &give, &ended, &mut each);
            if result.is_err() {
                self.stop.store(true, Ordering::Relaxed);
                ended.store(true, Ordering::Relaxed);
            }
            // Lets the framing thread out of its wait, and with it the rest.
            drop(give);
            drop(results);
            result
        })
    }

    /// Takes results in order.
    fn collect<E>(
        &self,
        results: &Receiver<(u64, Vec<(Outcome, Noted)>)>,
        give: &SyncSender<()>,
        ended: &AtomicBool,
        each: &mut impl FnMut(Outcome) -> Result<(), E>,
    ) -> Result<Tally, E> {
        let mut tally = Tally::default();
        let mut early = BTreeMap::new();
        let mut next = 0;
        loop {
            let (number, outcomes) = match results.recv_timeout(TICK) {
                Ok(result) => result,
                Err(RecvTimeoutError::Timeout) => {
                    ended.store(self.stop.load(Ordering::Relaxed), Ordering::Relaxed);
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            early.insert(number, outcomes);
            while let Some(outcomes) = early.remove(&next) {
                next += 1;
                for (outcome, noted) in outcomes {
                    tally.add(&outcome, &noted);
                    each(outcome)?;
                }
                // The framing thread may be through already.
                let _ = give.send(());
            }
        }
        tally.interrupted = self.stop.load(Ordering::Relaxed);
        Ok(tally)
    }

    /// Cuts inputs into records and hands them over in batches.
    fn frame(
        &self,
        to_workers: SyncSender<(u64, Framed)>,
        tokens: Receiver<()>,
        ended: &Arc<AtomicBool>,
    ) {
        let mut sender = Batches {
            to_workers,
            tokens,
            number: 0,
            batch: Vec::new(),
            bytes: 0,
        };
        let mut passed = 0;
        let mut earlier = 0;
        for input in self.inputs {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let opened = match input {
                Input::File(_) => Reader::open(input, self.options),
                Input::Stdin => {
                    let bytes = Piped::new(std::io::stdin(), Arc::clone(ended));
                    Reader::from_read(&input.subject(), Box::new(bytes), None, self.options)
                }
            };
            let mut reader = match opened {
                Ok(reader) => reader,
                // A whole input counts as one record, as it does in the tally.
                Err(skip) if passed >= self.skip_records => {
                    sender.push(Err(skip), 0);
                    continue;
                }
                Err(_) => {
                    passed += 1;
                    continue;
                }
            };
            while let Some(framed) = reader.next() {
                if self.stop.load(Ordering::Relaxed) {
                    return sender.flush();
                }
                self.bytes_read
                    .store(earlier + reader.bytes_read(), Ordering::Relaxed);
                if passed < self.skip_records {
                    passed += 1;
                    continue;
                }
                let len = framed.as_ref().map_or(0, Record::size);
                if !sender.push(framed, len) {
                    return;
                }
            }
            earlier += reader.bytes_read();
        }
        sender.flush();
    }

    fn work(
        &self,
        batches: &Mutex<Receiver<(u64, Framed)>>,
        to_caller: &SyncSender<(u64, Vec<(Outcome, Noted)>)>,
    ) {
        loop {
            let next = batches
                .lock()
                .expect("no worker panics while it waits")
                .recv();
            let Ok((number, batch)) = next else { return };
            let outcomes = batch
                .into_iter()
                .map(|framed| self.outcome(framed))
                .collect();
            if to_caller.send((number, outcomes)).is_err() {
                return;
            }
        }
    }

    /// Parses and scans one record. A post that breaks the program is a skip:
    /// one bad item never stops a run.
    fn outcome(&self, framed: Result<Record, Skip>) -> (Outcome, Noted) {
        let record = match framed {
            Ok(record) => record,
            Err(skip) => return (Outcome::Skip(skip), Noted::default()),
        };
        let (file, line) = (record.subject().to_owned(), record.line());
        let scanned = catch_unwind(AssertUnwindSafe(|| {
            let post = record.parse()?;
            Ok(self.assessor.finding(&post, self.all))
        }));
        match scanned {
            Ok(Ok((Some(finding), noted))) => (Outcome::Finding(Box::new(finding)), noted),
            Ok(Ok((None, noted))) => (Outcome::Quiet, noted),
            Ok(Err(skip)) => (Outcome::Skip(skip), Noted::default()),
            Err(_) => {
                let detail = "a fault of the program; please report it without the post's text";
                let skip = Skip::at(file, line, SkipReason::Internal, detail);
                (Outcome::Skip(skip), Noted::default())
            }
        }
    }
}

/// Collects records into numbered batches.
struct Batches {
    to_workers: SyncSender<(u64, Framed)>,
    /// One is taken per batch and comes back when the batch was written.
    tokens: Receiver<()>,
    number: u64,
    batch: Framed,
    bytes: usize,
}

impl Batches {
    /// Whether anybody still listens.
    fn push(&mut self, framed: Result<Record, Skip>, bytes: usize) -> bool {
        self.batch.push(framed);
        self.bytes += bytes;
        if self.batch.len() < BATCH_RECORDS && self.bytes < BATCH_BYTES {
            return true;
        }
        self.send()
    }

    fn send(&mut self) -> bool {
        let batch = std::mem::take(&mut self.batch);
        self.bytes = 0;
        let sent = self.tokens.recv().is_ok() && self.to_workers.send((self.number, batch)).is_ok();
        self.number += 1;
        sent
    }

    fn flush(mut self) {
        if !self.batch.is_empty() {
            self.send();
        }
    }
}
