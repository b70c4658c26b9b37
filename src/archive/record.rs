//! One record as cut from an input, and its way to a post.

use std::sync::Arc;

use super::draft::Draft;
use super::jsonl::Unknown;
use super::table::Header;
use super::warc::Page;
use super::{Fault, jsonl, plain, warc};
use crate::id::Digest;
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

    /// The same without owning it.
    pub fn as_record_ref(&self) -> RecordRef<'_> {
        RecordRef {
            context: &self.context,
            line: self.line,
            body: match &self.body {
                Body::Line(bytes) => BodyRef::Line(bytes),
                Body::Row(bytes) => BodyRef::Row(bytes),
                Body::Whole(bytes) => BodyRef::Whole(bytes),
                Body::Page(page) => BodyRef::Page(page),
            },
        }
    }

    /// As [`RecordRef::parse`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn parse(self) -> Result<Post, Skip> {
        self.as_record_ref().parse()
    }
}

/// A record that stands in somebody else's buffer.
#[derive(Clone, Copy)]
pub struct RecordRef<'b> {
    context: &'b Context,
    line: u64,
    body: BodyRef<'b>,
}

#[derive(Clone, Copy)]
enum BodyRef<'b> {
    Line(&'b [u8]),
    Row(&'b [u8]),
    Whole(&'b [u8]),
    Page(&'b Page),
}

/// A post as far as judging it needs: keys that are kept but not matched, and
/// the digest of the record's bytes, may still be missing. Nine posts in ten
/// are judged and forgotten, and need neither.
#[derive(Debug)]
pub struct Gist {
    post: Post,
    is_whole: bool,
}

impl Gist {
    /// What is judged. Its `extra` and `origin.digest` are not to be used.
    pub fn post(&self) -> &Post {
        &self.post
    }
}

impl<'b> RecordRef<'b> {
    pub(super) fn of_line(context: &'b Context, line: u64, bytes: &'b [u8]) -> Self {
        Self {
            context,
            line,
            body: BodyRef::Line(bytes),
        }
    }

    /// One-based line (JSONL, CSV), record (WARC) or 1 (plain text).
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The input it was cut from, as given.
    pub fn subject(&self) -> &'b str {
        &self.context.file
    }

    /// Reads the post. Pure computing: may run on any thread.
    ///
    /// # Errors
    ///
    /// A skip that names file, line and reason when it is not a post. Details
    /// never quote values, which may be contacts.
    pub fn parse(self) -> Result<Post, Skip> {
        self.whole().map_err(|fault| self.skip(fault))
    }

    /// Reads what of the post is judged. Refuses exactly what
    /// [`RecordRef::parse`] refuses.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn gist(self) -> Result<Gist, Skip> {
        let part = match self.body {
            BodyRef::Line(line) => jsonl::read(line, Unknown::Checked),
            BodyRef::Row(row) => self.header().draft(row),
            BodyRef::Whole(_) | BodyRef::Page(_) => {
                let post = self.parse()?;
                return Ok(Gist {
                    post,
                    is_whole: true,
                });
            }
        };
        let post = part.and_then(|draft| self.finish(draft, Digest([0; 32])));
        post.map(|post| Gist {
            post,
            is_whole: false,
        })
        .map_err(|fault| self.skip(fault))
    }

    /// The whole post of a gist.
    ///
    /// # Errors
    ///
    /// As [`RecordRef::parse`]; none when `gist` came from this record.
    pub fn complete(self, gist: Gist) -> Result<Post, Skip> {
        if gist.is_whole {
            Ok(gist.post)
        } else {
            self.parse()
        }
    }

    fn whole(self) -> Result<Post, Fault> {
        match self.body {
            BodyRef::Line(line) => self.finish(jsonl::read(line, Unknown::Kept)?, Digest::of(line)),
            BodyRef::Row(row) => self.finish(self.header().draft(row)?, Digest::of(row)),
            BodyRef::Whole(text) => {
                self.finish(plain::read(text, &self.context.stem)?, Digest::of(text))
            }
            BodyRef::Page(page) => warc::read(page, self.context, self.line),
        }
    }

    fn finish(self, draft: Draft<'_>, digest: Digest) -> Result<Post, Fault> {
        draft.finish(self.context, self.line, digest)
    }

    fn header(self) -> &'b Header {
        let header = self.context.header.as_ref();
        header.expect("rows are cut after a header")
    }

    fn skip(self, fault: Fault) -> Skip {
        fault.at(&self.context.file, self.line)
    }
}
