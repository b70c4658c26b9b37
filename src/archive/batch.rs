//! Records by the batch: what is cut in one place and understood in another.

use super::lines::Chunk;
use super::record::{Body, Context, Record, RecordRef};
use crate::skip::Skip;
use std::sync::Arc;

/// Records of one input, in order, as they were cut.
///
/// Lines of JSONL are not even cut apart yet: whoever reads the batch does
/// that, so that cutting costs the thread that reads the input next to
/// nothing.
pub struct Batch(Kind);

enum Kind {
    Lines(Arc<Context>, Chunk),
    Records(Vec<Result<Record, Skip>>),
}

impl Batch {
    pub(super) fn of_lines(context: Arc<Context>, chunk: Chunk) -> Self {
        Self(Kind::Lines(context, chunk))
    }

    pub(super) fn of_records(records: Vec<Result<Record, Skip>>) -> Self {
        Self(Kind::Records(records))
    }

    /// A batch that holds only what could not be read.
    pub fn of_skip(skip: Skip) -> Self {
        Self(Kind::Records(vec![Err(skip)]))
    }

    /// Its records, and skips for what could not be cut.
    pub fn items(&self) -> Box<dyn Iterator<Item = Result<RecordRef<'_>, Skip>> + '_> {
        match &self.0 {
            Kind::Lines(context, chunk) => Box::new(chunk.items().map(|(line, bytes)| {
                let fault = |fault: super::Fault| fault.at(&context.file, line);
                bytes
                    .map(|bytes| RecordRef::of_line(context, line, bytes))
                    .map_err(fault)
            })),
            Kind::Records(records) => Box::new(records.iter().map(|item| match item {
                Ok(record) => Ok(record.as_record_ref()),
                Err(skip) => Err(skip.clone()),
            })),
        }
    }

    /// Drops the first `n` items, and says how many there were to drop.
    pub fn pass(&mut self, n: u64) -> u64 {
        match &mut self.0 {
            Kind::Lines(_, chunk) => chunk.pass(n),
            Kind::Records(records) => {
                let n = usize::try_from(n).map_or(records.len(), |n| n.min(records.len()));
                records.drain(..n);
                n as u64
            }
        }
    }

    /// Whether nothing is in it, or nothing is left.
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Kind::Lines(_, chunk) => chunk.is_blank(),
            Kind::Records(records) => records.is_empty(),
        }
    }

    /// Its buffer, if it has one worth using again.
    pub fn into_spare(self) -> Option<Vec<u8>> {
        match self.0 {
            Kind::Lines(_, chunk) => chunk.into_spare(),
            Kind::Records(_) => None,
        }
    }

    /// Takes the first item out.
    pub(super) fn pop(&mut self) -> Option<Result<Record, Skip>> {
        match &mut self.0 {
            Kind::Lines(context, chunk) => chunk.pop(|line, bytes| match bytes {
                Ok(bytes) => Ok(Record {
                    context: Arc::clone(context),
                    line,
                    body: Body::Line(bytes.to_vec()),
                }),
                Err(fault) => Err(fault.at(&context.file, line)),
            }),
            Kind::Records(records) => (!records.is_empty()).then(|| records.remove(0)),
        }
    }
}
