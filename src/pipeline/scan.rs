//! Archives to findings: streaming, all cores, output in input order.
//!
//! One thread cuts inputs into batches, workers read and judge them, and the
//! caller's thread takes results in order. Neither end does anything that
//! grows with the work of judging, so two workers are twice one. Tokens bound
//! how many batches are under way, so memory stays flat however large the
//! input and however slow one batch.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{
    Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel,
};
use std::sync::{Arc, Mutex};

use super::piped::{Piped, TICK};
use super::{Assessor, Tally};
use crate::archive::{Batch, Input, Options, Reader, RecordRef};
use crate::scan::Scratch;
use crate::skip::{Skip, SkipReason};
use crate::store::record::Finding;

/// Batches under way for each worker: one being judged, one waiting, one on
/// its way out.
const BATCHES_PER_WORKER: usize = 3;

/// A scan of archives.
pub struct ScanJob<'j> {
    /// What to read, in order.
    pub inputs: &'j [Input],
    /// How to read it.
    pub options: &'j Options,
    /// Who judges the next batch. It is asked once a batch, by the thread that
    /// cuts them, so that a change of rules falls between two batches.
    pub assessor: &'j (dyn Fn() -> Arc<Assessor<'j>> + Sync),
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

/// What a scan tells while it runs.
#[derive(Debug)]
pub enum Event<'t> {
    /// A post that deserves a look, or any post with `all`, in input order.
    Finding(Box<Finding>),
    /// What was done so far.
    Progress {
        /// Posts, findings, skips.
        tally: &'t Tally,
        /// Whether the next result is not there yet: time to flush.
        is_idle: bool,
    },
}

/// What became of one batch.
struct Judged {
    number: u64,
    tally: Tally,
    findings: Vec<Finding>,
}

/// A batch on its way to a worker.
struct Work<'j> {
    number: u64,
    batch: Batch,
    assessor: Arc<Assessor<'j>>,
}

impl<'j> ScanJob<'j> {
    /// Runs the scan; `each` gets every finding in input order and may end the
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
    pub fn run<E: Send>(
        &self,
        mut each: impl FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Tally, E> {
        let workers = self.threads.max(1);
        let under_way = workers * BATCHES_PER_WORKER;
        let (to_workers, batches) = sync_channel::<Work<'_>>(under_way);
        let (to_caller, results) = sync_channel(under_way);
        let (give, take) = sync_channel::<()>(under_way);
        let (give_back, spares) = channel();
        for _ in 0..under_way {
            give.send(()).expect("the channel holds as many tokens");
        }
        let batches = Mutex::new(batches);
        let ended = Arc::new(AtomicBool::new(false));
        let abandoned = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let out = Batches {
                to_workers,
                tokens: take,
                spares,
                number: 0,
            };
            scope.spawn(|| self.frame(out, &ended));
            for _ in 0..workers {
                let (to_caller, give_back) = (to_caller.clone(), give_back.clone());
                let (batches, abandoned) = (&batches, &abandoned);
                scope.spawn(move || self.work(batches, &to_caller, &give_back, abandoned));
            }
            drop(to_caller);
            let result = self.collect(&results, &give, &ended, &mut each);
            if result.is_err() {
                self.stop.store(true, Ordering::Relaxed);
                ended.store(true, Ordering::Relaxed);
                abandoned.store(true, Ordering::Relaxed);
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
        results: &Receiver<Judged>,
        give: &SyncSender<()>,
        ended: &AtomicBool,
        each: &mut impl FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Tally, E> {
        let mut tally = Tally::default();
        let mut early = BTreeMap::new();
        let mut next = 0;
        loop {
            let judged = match results.try_recv() {
                Err(TryRecvError::Empty) => {
                    each(Event::Progress {
                        tally: &tally,
                        is_idle: true,
                    })?;
                    results.recv_timeout(TICK)
                }
                other => other.map_err(|_| RecvTimeoutError::Disconnected),
            };
            let judged = match judged {
                Ok(judged) => judged,
                Err(RecvTimeoutError::Timeout) => {
                    ended.store(self.stop.load(Ordering::Relaxed), Ordering::Relaxed);
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            early.insert(judged.number, judged);
            while let Some(judged) = early.remove(&next) {
                next += 1;
                tally.join(judged.tally);
                for finding in judged.findings {
                    each(Event::Finding(Box::new(finding)))?;
                }
                each(Event::Progress {
                    tally: &tally,
                    is_idle: false,
                })?;
                // The framing thread may be through already.
                let _ = give.send(());
            }
        }
        tally.interrupted = self.stop.load(Ordering::Relaxed);
        Ok(tally)
    }

    /// Cuts inputs into batches and hands them over.
    fn frame(&self, mut out: Batches<'j>, ended: &Arc<AtomicBool>) {
        let mut to_pass = self.skip_records;
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
                Err(_) if to_pass > 0 => {
                    to_pass -= 1;
                    continue;
                }
                Err(skip) => {
                    if !out.send(Batch::of_skip(skip), (self.assessor)()) {
                        return;
                    }
                    continue;
                }
            };
            while let Some(mut batch) = reader.next_batch(out.spare()) {
                if self.stop.load(Ordering::Relaxed) {
                    return;
                }
                let read = earlier + reader.bytes_read();
                self.bytes_read.store(read, Ordering::Relaxed);
                if to_pass > 0 {
                    to_pass -= batch.pass(to_pass);
                    if batch.is_empty() {
                        continue;
                    }
                }
                if !out.send(batch, (self.assessor)()) {
                    return;
                }
            }
            earlier += reader.bytes_read();
        }
    }

    fn work(
        &self,
        batches: &Mutex<Receiver<Work<'j>>>,
        to_caller: &SyncSender<Judged>,
        give_back: &Sender<Vec<u8>>,
        abandoned: &AtomicBool,
    ) {
        let mut scratch = Scratch::new();
        loop {
            let next = batches
                .lock()
                .expect("no worker panics while it waits")
                .recv();
            let Ok(work) = next else { return };
            let mut judged = Judged {
                number: work.number,
                tally: Tally::default(),
                findings: Vec::new(),
            };
            for item in work.batch.items() {
                // Nobody takes what comes of the rest.
                if abandoned.load(Ordering::Relaxed) {
                    return;
                }
                match item {
                    Ok(record) => {
                        self.judge(&work.assessor, record, &mut scratch, &mut judged);
                    }
                    Err(skip) => judged.tally.skip(skip),
                }
            }
            if let Some(spare) = work.batch.into_spare() {
                // The framing thread may be through already.
                let _ = give_back.send(spare);
            }
            if to_caller.send(judged).is_err() {
                return;
            }
        }
    }

    /// Reads and judges one record. A post that breaks the program is a skip:
    /// one bad item never stops a run.
    fn judge(
        &self,
        assessor: &Assessor<'_>,
        record: RecordRef<'_>,
        scratch: &mut Scratch,
        judged: &mut Judged,
    ) {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let gist = record.gist()?;
            let (assessment, noted) = if self.all {
                let (assessment, noted) = assessor.judge(gist.post(), scratch);
                (Some(assessment), noted)
            } else {
                assessor.judge_flagged(gist.post(), scratch)
            };
            let Some(assessment) = assessment else {
                return Ok((None, noted));
            };
            let post = record.complete(gist)?;
            Ok((Some(assessor.record(&post, &assessment, 1)), noted))
        }));
        match outcome {
            Ok(Ok((finding, noted))) => {
                judged.tally.note(&noted);
                judged.findings.extend(finding);
            }
            Ok(Err(skip)) => judged.tally.skip(skip),
            Err(_) => {
                // Nobody knows what the fault left in it.
                *scratch = Scratch::new();
                let detail = "a fault of the program; please report it without the post's text";
                let (file, line) = (record.subject(), record.line());
                judged
                    .tally
                    .skip(Skip::at(file, line, SkipReason::Internal, detail));
            }
        }
    }
}

/// The framing thread's side of the hand-over.
struct Batches<'j> {
    to_workers: SyncSender<Work<'j>>,
    /// One is taken per batch and comes back when the batch was written.
    tokens: Receiver<()>,
    /// Buffers that were used before.
    spares: Receiver<Vec<u8>>,
    number: u64,
}

impl<'j> Batches<'j> {
    fn spare(&self) -> Vec<u8> {
        self.spares.try_recv().unwrap_or_default()
    }

    /// Whether anybody still listens.
    fn send(&mut self, batch: Batch, assessor: Arc<Assessor<'j>>) -> bool {
        let number = self.number;
        self.number += 1;
        let work = Work {
            number,
            batch,
            assessor,
        };
        self.tokens.recv().is_ok() && self.to_workers.send(work).is_ok()
    }
}
