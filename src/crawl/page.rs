//! One answer of a server, as it came.
//!
//! A page is bytes with their circumstances. It is never a picture, a sound or
//! a film: [`super::media`] sees to that before a page is made.

use jiff::Timestamp;
use std::net::IpAddr;
use url::Url;

use super::fields::Fault;
use super::inflate::inflate;
use super::media;
use crate::id::Digest;
use crate::post::Removed;
use crate::skip::SkipReason;

/// One answer of a server.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The address asked for, as published.
    pub url: Url,
    /// Status code.
    pub status: u16,
    /// The standard phrase of that code; the server's own is not handed on by
    /// the HTTP library.
    pub reason: &'static str,
    /// Headers sent with the request, in order.
    pub request: Vec<(String, String)>,
    /// Headers of the answer, in order, names in lower case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Body as received: chunks joined, compression untouched. Where inline
    /// media were cut out it is the inflated rest.
    pub body: Vec<u8>,
    /// Digest of the body as received.
    pub served: Digest,
    /// Inline media that were cut out of it.
    pub removed: Vec<Removed>,
    /// The body inflated; `None` when it was not compressed.
    inflated: Option<Vec<u8>>,
    /// When the request was sent.
    pub fetched_at: Timestamp,
    /// The address that answered.
    pub remote: Option<IpAddr>,
    /// Body bytes that came over the line.
    pub received: u64,
}

/// The circumstances of a page whose body is known.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) url: Url,
    pub(super) status: u16,
    pub(super) reason: &'static str,
    pub(super) request: Vec<(String, String)>,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) fetched_at: Timestamp,
    pub(super) remote: Option<IpAddr>,
}

impl Head {
    /// A header's value, where it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// Puts head and body together: inflates within `max` bytes, refuses what
    /// is not text, cuts out inline media.
    pub(super) fn with_body(self, body: Vec<u8>, max: u64) -> Result<Page, Fault> {
        let received = body.len() as u64;
        let encoding = self.header("content-encoding").unwrap_or("");
        let inflated = inflate(encoding, &body, max)?;
        let inflated = match unpacked_file(&self.url, inflated.as_deref().unwrap_or(&body))? {
            Some(file) => Some(file),
            None => inflated,
        };
        let plain = inflated.as_deref().unwrap_or(&body);
        if let Some(kind) = media::sniff(plain) {
            return Err((SkipReason::NotText, format!("begins like {kind}")));
        }
        let (clean, removed) = media::without_inline_media(plain);
        let served = Digest::of(&body);
        let Head {
            url,
            status,
            reason,
            request,
            headers,
            fetched_at,
            remote,
        } = self;
        let (body, inflated) = if removed.is_empty() {
            (body, inflated)
        } else {
            (clean.into_owned(), None)
        };
        Ok(Page {
            url,
            status,
            reason,
            request,
            headers,
            body,
            served,
            removed,
            inflated,
            fetched_at,
            remote,
            received,
        })
    }
}

/// A file that is packed itself, as sitemaps are: `sitemap.xml.gz`. What is in
/// it is looked at as any page, so a picture cannot hide there.
fn unpacked_file(url: &Url, body: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    if media::is_packed_name(url) && body.starts_with(&[0x1f, 0x8b]) {
        return inflate("gzip", body, super::sitemap::MAX_BYTES);
    }
    Ok(None)
}

impl Page {
    /// A page that was saved before, to try a source's selectors on.
    ///
    /// # Errors
    ///
    /// When it is not text.
    pub fn saved(
        url: Url,
        content_type: &str,
        body: Vec<u8>,
        at: Timestamp,
    ) -> Result<Self, Fault> {
        let max = body.len() as u64;
        let head = Head {
            url,
            status: 200,
            reason: "OK",
            request: Vec::new(),
            headers: vec![("content-type".to_owned(), content_type.as_bytes().to_vec())],
            fetched_at: at,
            remote: None,
        };
        head.with_body(body, max)
    }

    /// A page read back from where it was kept; `headers` are those of the
    /// answer, names in lower case. With it, when it was asked for and the most
    /// bytes it may inflate to.
    ///
    /// # Errors
    ///
    /// When it is not text, or packed in a way that does not unpack.
    pub fn kept(
        url: Url,
        headers: Vec<(String, Vec<u8>)>,
        body: Vec<u8>,
        (fetched_at, max): (Timestamp, u64),
    ) -> Result<Self, Fault> {
        let head = Head {
            url,
            status: 200,
            reason: "OK",
            request: Vec::new(),
            headers,
            fetched_at,
            remote: None,
        };
        head.with_body(body, max)
    }

    /// A header's value, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The body without compression.
    pub fn content(&self) -> &[u8] {
        self.inflated.as_deref().unwrap_or(&self.body)
    }

    /// Bytes that its packing spared the line.
    pub fn spared(&self) -> u64 {
        match &self.inflated {
            Some(plain) => (plain.len() as u64).saturating_sub(self.received),
            None => 0,
        }
    }

    /// Digest of the payload as it is kept.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.body)
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Where the page sends a reader on to.
    pub fn redirect(&self) -> Option<&str> {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
            .then(|| self.header("location"))
            .flatten()
    }
}

fn header<'a>(headers: &'a [(String, Vec<u8>)], name: &str) -> Option<&'a str> {
    let (_, value) = headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(value).ok()
}

#[cfg(test)]
impl Page {
    /// An answer for tests of what reads pages.
    pub(super) fn for_test(url: &str, content_type: &str, body: &[u8]) -> Self {
        let url = Url::parse(url).expect("a test names a good address");
        Self::saved(url, content_type, body.to_vec(), Timestamp::UNIX_EPOCH)
            .expect("a test gives a good page")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::best());
        out.write_all(plain).unwrap();
        out.finish().unwrap()
    }

    fn page(encoding: &str, body: &[u8]) -> Result<Page, Fault> {
        let mut page = Page::for_test("http://a.example/", "text/html", b"");
        page.headers
            .push(("content-encoding".to_owned(), encoding.as_bytes().to_vec()));
        let Page { url, headers, .. } = page;
        Head {
            url,
            status: 200,
            reason: "OK",
            request: vec![],
            headers,
            fetched_at: Timestamp::UNIX_EPOCH,
            remote: None,
        }
        .with_body(body.to_vec(), 1000)
    }

    #[test]
    fn compressed_bytes_are_kept_and_read_inflated() {
        let packed = gzip(b"<p>dijual</p>");
        let page = page("gzip", &packed).unwrap();
        assert_eq!(page.body, packed);
        assert_eq!(page.content(), b"<p>dijual</p>");
    }

    #[test]
    fn a_picture_packed_as_text_is_refused() {
        assert_eq!(
            page("gzip", &gzip(b"\x89PNG\r\n")).unwrap_err().0,
            SkipReason::NotText
        );
    }

    #[test]
    fn a_page_with_an_inline_picture_is_kept_without_it_and_says_so() {
        let served = gzip(b"<img src='data:image/png;base64,AAAA'>hai");
        let page = page("gzip", &served).unwrap();
        assert_eq!(page.body, b"<img src='data:,removed'>hai");
        assert_eq!(page.content(), page.body);
        assert_eq!(page.served, Digest::of(&served));
        let cut = &page.removed[0];
        assert_eq!(
            (cut.kind.as_str(), cut.offset, cut.bytes),
            ("image/png", 10, 26)
        );
        assert_eq!(cut.digest, Digest::of(b"data:image/png;base64,AAAA"));
    }
}
