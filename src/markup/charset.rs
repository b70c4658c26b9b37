//! From bytes to text: which encoding a page is in.
//!
//! The order is that of browsers: byte order mark, HTTP header, `<meta>` in
//! the first 1024 bytes, and only then a guess. Bytes that fit no character
//! become U+FFFD; they are never dropped.

use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use regex::bytes::Regex;

static META: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i-u)<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9_:.\-]{2,40})"#)
        .expect("the pattern is fixed and tested")
});

/// What is known about a page besides its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told<'t> {
    /// The `Content-Type` it was served with.
    pub content_type: Option<&'t str>,
    /// The domain it was served from; its last label helps a guess.
    pub domain: Option<&'t str>,
    /// Whether it can hold a `<meta>`.
    pub markup: bool,
}

/// The text of a page.
pub fn decode(bytes: &[u8], told: Told<'_>) -> String {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[bom..]);
        return text.into_owned();
    }
    let declared = told.content_type.and_then(declared);
    let meta = || told.markup.then(|| from_meta(bytes)).flatten();
    if let Some(encoding) = declared.or_else(meta) {
        let (text, wrong) = encoding.decode_without_bom_handling(bytes);
        if !(wrong && encoding == UTF_8 && is_hardly_utf_8(&text)) {
            return text.into_owned();
        }
    }
    let (text, _) = guess(bytes, told.domain).decode_without_bom_handling(bytes);
    text.into_owned()
}

/// The encoding that a `Content-Type` names.
fn declared(content_type: &str) -> Option<&'static Encoding> {
    let label = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches(['"', '\'']))
    })?;
    Encoding::for_label(label.as_bytes())
}

/// The encoding that a `<meta>` near the start names.
fn from_meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1024)];
    let encoding = META
        .captures_iter(head)
        .find_map(|found| Encoding::for_label(found.get(1)?.as_bytes()))?;
    // The tag was read as ASCII, so it cannot be in UTF-16, whatever it says.
    Some(encoding.output_encoding())
}

/// Whether a page that claims UTF-8 is better guessed at. One stray byte, or a
/// few among many good characters, is damage and not another encoding.
fn is_hardly_utf_8(text: &str) -> bool {
    let foreign = || text.chars().filter(|c| !c.is_ascii());
    let stray = foreign().filter(|&c| c == char::REPLACEMENT_CHARACTER);
    let stray = stray.count();
    stray > 1 && stray > foreign().count() - stray
}

fn guess(bytes: &[u8], domain: Option<&str>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let tld = domain
        .and_then(|domain| domain.rsplit('.').next())
        .map(str::to_ascii_lowercase)
        .filter(|tld| !tld.is_empty() && tld.bytes().all(|b| b.is_ascii_lowercase()));
    detector.guess(tld.as_deref().map(str::as_bytes), Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, bytes: &[u8]) -> String {
        let told = Told {
            content_type: Some(content_type),
            domain: Some("a.example"),
            markup: true,
        };
        decode(bytes, told)
    }

    #[test]
    fn the_named_charset_is_used_and_a_false_one_is_not() {
        assert_eq!(read("text/html; charset=iso-8859-1", b"caf\xe9"), "café");
        assert_eq!(
            read("", b"<meta charset='windows-1252'>caf\xe9"),
            "<meta charset='windows-1252'>café"
        );
        assert_eq!(
            read("text/html; charset=iso-8859-1", b"\xef\xbb\xbfcaf\xc3\xa9"),
            "café"
        );
        assert_eq!(read("", "Rp 5 juta – café".as_bytes()), "Rp 5 juta – café");
        let claimed = read("text/html; charset=utf-8", b"un caf\xe9 cr\xe8me");
        assert!(!claimed.contains('\u{fffd}'));
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
        assert!(read("text/html; Charset = latin1", latin).contains("café"));
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

    #[test]
    fn damage_does_not_turn_good_characters_into_others() {
        let damaged = ["kafé – é".as_bytes(), b"\xFF\xC3 x"].concat();
        let read = read("text/html; charset=utf-8", &damaged);
        assert_eq!(read, "kafé – é\u{FFFD}\u{FFFD} x");
    }
}
