//! Pages of an archive as they were served, for whoever knows how a site's
//! pages are read.

use std::path::Path;

use jiff::Timestamp;

use super::reader::open_file;
use super::stream::{Raw, Stream, broken};
use super::warc::{Pages, serve};
use crate::skip::{Skip, SkipReason};

/// One page of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPage {
    /// Where it stood.
    pub url: String,
    /// The `Content-Type` it was served with.
    pub content_type: String,
    /// The body without chunking and packing.
    pub body: Vec<u8>,
    /// When it was fetched.
    pub at: Option<Timestamp>,
}

/// The pages of one WARC file, packed or not, in file order: HTML, plain text,
/// XML and JSON. Holds one page at a time.
pub struct SavedPages {
    pages: Pages,
    subject: String,
    limit: usize,
    done: bool,
}

impl SavedPages {
    /// Opens a WARC file. A page may have at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// A skip of the whole file when it cannot be opened.
    pub fn open(path: &Path, limit: usize) -> Result<Self, Skip> {
        let subject = path.display().to_string();
        let (file, _) =
            open_file(path).map_err(|fault| Skip::whole(&subject, fault.reason, fault.detail))?;
        let stream = Stream::new(Raw::new(Box::new(file))).map_err(|error| {
            let fault = broken(&error);
            Skip::whole(&subject, fault.reason, fault.detail)
        })?;
        Ok(Self {
            pages: Pages::new(stream, limit).with_data(),
            subject,
            limit,
            done: false,
        })
    }
}

impl Iterator for SavedPages {
    type Item = Result<SavedPage, Skip>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let next = self.pages.next();
        let number = self.pages.number();
        let at = |fault: super::Fault| fault.at(&self.subject, number);
        match next {
            Ok(None) => None,
            Ok(Some(Ok(page))) => Some(serve(&page, self.limit).map_err(at)),
            Ok(Some(Err(fault))) => Some(Err(at(fault))),
            Err(error) => {
                self.done = true;
                let why = error.to_string();
                Some(Err(Skip::at(
                    &self.subject,
                    number,
                    SkipReason::TruncatedStream,
                    why,
                )))
            }
        }
    }
}
