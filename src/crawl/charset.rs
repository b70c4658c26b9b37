//! From bytes to text: which encoding a page is in.
//!
//! The order is that of browsers: byte order mark, HTTP header, `<meta>`,
//! and only then a guess from the bytes. Bytes that fit no character become
//! U+FFFD; they are never dropped, and the evidence keeps them as they came.

use std::borrow::Cow;
use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use regex::bytes::Regex;

use super::page::Page;

static META: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i-u)<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9_:.\-]{2,40})"#)
        .expect("the pattern is fixed and tested")
});

/// The text of a page.
pub fn text(page: &Page) -> Cow<'_, str> {
    let bytes = page.content();
    // `decode` looks for a byte order mark first, which beats every label.
    encoding(page, bytes).decode(bytes).0
}

fn encoding(page: &Page, bytes: &[u8]) -> &'static Encoding {
    let declared = page.header("content-type").and_then(|value| {
        let (_, label) = value.split_once("charset=")?;
        let label = label.split(';').next().unwrap_or("");
        Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
    });
    declared
        .or_else(|| from_meta(bytes))
        .unwrap_or_else(|| guess(page, bytes))
}

fn from_meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1024)];
    let label = META.captures(head)?.get(1)?.as_bytes();
    let encoding = Encoding::for_label(label)?;
    // The tag was read as ASCII, so it cannot be in UTF-16, whatever it says.
    let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
    Some(if is_wide { UTF_8 } else { encoding })
}

fn guess(page: &Page, bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let tld = page
        .url
        .domain()
        .and_then(|domain| domain.rsplit('.').next())
        .filter(|tld| tld.bytes().all(|b| b.is_ascii_lowercase()));
    detector.guess(tld.map(str::as_bytes), Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, body: &[u8]) -> String {
        text(&Page::for_test("http://a.example/", content_type, body)).into_owned()
    }

    #[test]
    fn each_way_of_saying_the_encoding_is_heard_in_its_turn() {
        let latin = b"<p>caf\xE9 di Jos\xE9, d\xE9p\xF4t r\xE9serv\xE9</p>";
        let meta = [b"<meta charset='ISO-8859-1'>".as_slice(), latin].concat();
        let old = [
            b"<meta http-equiv=content-type content='text/html; charset=latin1'>".as_slice(),
            latin,
        ]
        .concat();
        assert!(read("text/html; charset=\"iso-8859-1\"", latin).contains("café"));
        assert!(read("text/html", &meta).contains("café"));
        assert!(read("text/html", &old).contains("café"));
        assert!(read("text/html", latin).contains("café"));
        assert!(read("text/html", "café".as_bytes()).contains("café"));
        assert_eq!(
            read("text/html; charset=latin1", b"\xEF\xBB\xBFcaf\xC3\xA9"),
            "café"
        );
        assert_eq!(read("text/html", b"\xFF\xFEh\0a\0i\0"), "hai");
    }

    #[test]
    fn bytes_that_fit_nothing_are_shown_as_such() {
        assert_eq!(read("text/html; charset=utf-8", b"a\xFFb"), "a\u{FFFD}b");
    }
}
