//! One record as cut from an input, and its way to a post.

use std::sync::Arc;

use super::table::Header;
use super::warc::Page;
use super::{Fault, jsonl, plain, warc};
use crate::post::{PlatformKind, Post};
use crate::skip::Skip;

/// What all records of an input share.
#[derive(Debug)]
pub(super) struct Context {
    /// The input as given.
    pub(super) file: String,
    /// Its name without folder and extensions.
    pub(super) stem: String,
    pub(super) platform: String,
    pub(super) platform_kind: PlatformKind,
    pub(super) max_record_bytes: usize,
    /// Of CSV.
    pub(super) header: Option<Header>,
}

pub(super) enum Body {
    Line(Vec<u8>),
    Row(Vec<u8>),
    Whole(Vec<u8>),
    Page(Page),
}

/// One record as cut from an input, not yet understood.
pub struct Record {
    pub(super) context: Arc<Context>,
    pub(super) line: u64,
    pub(super) body: Body,
}

impl Record {
    /// One-based line (JSONL, CSV), record (WARC) or 1 (plain text).
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The input it was cut from, as given.
    pub fn subject(&self) -> &str {
        &self.context.file
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        match &self.body {
            Body::Line(bytes) | Body::Row(bytes) | Body::Whole(bytes) => bytes.len(),
            Body::Page(page) => page.block.len(),
        }
    }

    /// Reads the post. Pure computing: may run on any thread.
    ///
    /// # Errors
    ///
    /// A skip that names file, line and reason when it is not a post. Details
    /// never quote values, which may be contacts.
    pub fn parse(self) -> Result<Post, Skip> {
        let context = &*self.context;
        self.read(context)
            .map_err(|fault| fault.at(&context.file, self.line))
    }

    fn read(&self, context: &Context) -> Result<Post, Fault> {
        match &self.body {
            Body::Line(line) => jsonl::read(line)?.finish(context, self.line, line),
            Body::Row(row) => {
                let header = context
                    .header
                    .as_ref()
                    .expect("rows are cut after a header");
                header.draft(row)?.finish(context, self.line, row)
            }
            Body::Whole(text) => plain::read(text, &context.stem)?.finish(context, self.line, text),
            Body::Page(page) => warc::read(page, context, self.line),
        }
    }
}
