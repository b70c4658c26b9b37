//! What a finding was seen in, read back from the evidence.

use std::io;

use jiff::Timestamp;
use thiserror::Error;
use url::Url;

use super::Workspace;
use crate::crawl::Page;
use crate::evidence::{self, Record};
use crate::markup::charset::{self, Told};
use crate::markup::{depth, text};
use crate::post::FieldName;
use crate::recognise::recognise;
use crate::store::mask::{FreeText, MaskedField};
use crate::store::record::Finding;
use crate::text::Views;

/// Largest page inflated to be read, in bytes.
const MAX_PAGE: u64 = 64 << 20;

/// A captured page as a person reads it. Hostile: print it inert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The file it stands in, relative to the workspace.
    pub file: String,
    /// Byte offset of its record.
    pub offset: u64,
    /// `WARC-Record-ID`.
    pub record: String,
    /// `WARC-Type`: `response`, `revisit` or `conversion`.
    pub kind: String,
    /// Headers of the record.
    pub warc: Vec<(String, String)>,
    /// What was asked, line by line.
    pub request: Vec<String>,
    /// What was answered before the body, line by line.
    pub answer: Vec<String>,
    /// What a reader of the page saw, its title first; `None` for a record
    /// without a body.
    pub text: Option<String>,
}

/// Why a capture cannot be read back.
#[derive(Debug, Error)]
pub enum CapturedError {
    /// The finding names none.
    #[error("the finding {0} names no captured page")]
    None(String),
    /// It lies somewhere else.
    #[error("the finding was read from `{0}`, which is not in this workspace's evidence")]
    Elsewhere(String),
    /// It cannot be read, or is not what it was.
    #[error("`{file}`, byte {offset}: {source}")]
    Io {
        /// The file.
        file: String,
        /// Where in it.
        offset: u64,
        /// What is wrong.
        source: io::Error,
    },
}

/// Reads back the page that `finding` was seen in, and checks it against its
/// digests on the way.
///
/// # Errors
///
/// When there is none in this workspace, or it is not what was kept.
pub fn captured(workspace: &Workspace, finding: &Finding) -> Result<Captured, CapturedError> {
    let Some(capture) = &finding.provenance.capture else {
        return Err(CapturedError::None(finding.id.clone()));
    };
    let plain = |name: &&str| !name.is_empty() && !name.contains(['/', '\\']) && *name != "..";
    let Some(name) = capture.path.strip_prefix("evidence/").filter(plain) else {
        return Err(CapturedError::Elsewhere(capture.path.clone()));
    };
    let path = workspace.evidence().join(name);
    let records = evidence::captured(&path, capture.offset, &capture.record_id);
    let records = records.map_err(|source| CapturedError::Io {
        file: capture.path.clone(),
        offset: capture.offset,
        source,
    })?;
    let mut captured = Captured {
        file: capture.path.clone(),
        offset: capture.offset,
        record: capture.record_id.clone(),
        kind: records[0].get("WARC-Type").unwrap_or("").to_owned(),
        warc: records[0].headers().map(owned).collect(),
        request: Vec::new(),
        answer: Vec::new(),
        text: None,
    };
    for record in &records {
        captured.take(record);
    }
    Ok(captured)
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

impl Captured {
    fn take(&mut self, record: &Record) {
        match record.get("WARC-Type") {
            Some("response") => {
                let (head, body) = halves(&record.block);
                self.answer = lines(head);
                self.text = read(record, &self.answer, body);
            }
            Some("revisit") => self.answer = lines(halves(&record.block).0),
            Some("request") => self.request = lines(halves(&record.block).0),
            Some("metadata") => self.answer.extend(lines(&record.block)),
            Some("conversion") => {
                let kind = record.get("Content-Type").unwrap_or("text/html");
                let header = format!("content-type: {kind}");
                self.text = read(record, &[header], &record.block);
            }
            _ => {}
        }
    }

    /// The same with contacts made unreadable.
    #[must_use]
    pub fn masked(mut self) -> Self {
        let text = self.text.take().unwrap_or_default();
        let entities = recognise(FieldName::Text, &Views::new(&text), None);
        let free = FreeText::new(&entities);
        let lines = self.request.iter_mut().chain(&mut self.answer);
        let values = self.warc.iter_mut().map(|(_, value)| value);
        for told in lines.chain(values) {
            *told = free.known_phones(told);
        }
        let masked = MaskedField::new(&text, FieldName::Text, &entities).text();
        self.text = (!masked.is_empty()).then_some(masked);
        self
    }
}

/// An HTTP message: header, body.
fn halves(block: &[u8]) -> (&[u8], &[u8]) {
    let end = block.windows(4).position(|four| four == b"\r\n\r\n");
    end.map_or((block, &[]), |end| (&block[..end], &block[end + 4..]))
}

fn lines(head: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(head);
    let lines = text.split("\r\n").filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// What a reader of the page saw. A page that cannot be read as one is shown
/// as the text it is.
fn read(record: &Record, answer: &[String], body: &[u8]) -> Option<String> {
    let headers: Vec<(String, Vec<u8>)> = answer
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.as_bytes().to_vec()))
        .collect();
    let url = Url::parse(record.get("WARC-Target-URI")?).ok()?;
    let at: Timestamp = record.get("WARC-Date")?.parse().ok()?;
    let page = Page::kept(url, headers, body.to_vec(), (at, MAX_PAGE)).ok()?;
    let kind = page.header("content-type").unwrap_or("text/html");
    let markup = kind.contains("html");
    let told = Told {
        content_type: Some(kind),
        domain: page.url.domain(),
        markup,
    };
    let plain = charset::decode(page.content(), told);
    if !markup {
        return Some(plain);
    }
    let Ok(tree) = depth::document(&plain) else {
        return Some(plain);
    };
    let (title, text) = text::of_page(&tree);
    Some(match title {
        Some(title) => format!("{title}\n\n{text}"),
        None => text,
    })
}
