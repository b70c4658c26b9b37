//! Keeps pictures, sound and film out: by declared type, by their first bytes,
//! and where they are written into a page as text.
//!
//! A page kept "as served" could hold a photograph of a child as base64. So
//! inline media are cut out before a page is kept or read; what was cut is told
//! by its digest, with the digest of the page before.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::id::Digest;
use crate::post::Removed;

/// Whether a `Content-Type` names text this program reads: HTML, XML, JSON or
/// plain text. A missing or empty one is decided by the bytes.
pub fn is_text_type(content_type: &str) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    match essence.split_once('/') {
        None => essence.is_empty(),
        // A picture, whatever it is written in.
        Some(("image" | "audio" | "video" | "font" | "model", _)) => false,
        Some(("text", kind)) => matches!(kind, "html" | "plain" | "xml" | "json"),
        Some((_, kind)) => {
            matches!(kind, "json" | "xml" | "feed+json")
                || kind.ends_with("+xml")
                || kind.ends_with("+json")
        }
    }
}

/// Whether an address names a packed text, such as `sitemap.xml.gz`. Servers
/// call it what they like; what it holds decides.
pub(super) fn is_packed_name(url: &url::Url) -> bool {
    let path = url.path();
    path.ends_with(".xml.gz") || path.ends_with(".txt.gz")
}

/// What the first bytes say a body is, when that is not text.
pub fn sniff(body: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"RIFF", "a RIFF file (WebP, AVI or WAV)"),
        (b"BM\x36", "a bitmap"),
        (b"II*\0", "a TIFF picture"),
        (b"MM\0*", "a TIFF picture"),
        (b"\0\0\x01\0", "an icon"),
        (b"\xFF\x0A", "a JPEG XL picture"),
        (b"\x1A\x45\xDF\xA3", "a Matroska or WebM film"),
        (b"\0\0\x01\xBA", "an MPEG film"),
        (b"FLV\x01", "a Flash film"),
        (b"OggS", "an Ogg stream"),
        (b"ID3", "an MP3 recording"),
        (b"fLaC", "a FLAC recording"),
        (b"%PDF", "a PDF file"),
        (b"PK\x03\x04", "a ZIP file"),
    ];
    if body.get(4..8) == Some(b"ftyp") {
        return Some("an MP4 or HEIC file");
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| body.starts_with(magic)) {
        return Some(kind);
    }
    // UTF-16 has zero bytes and says so with its first two.
    let is_utf16 = body.starts_with(b"\xFF\xFE") || body.starts_with(b"\xFE\xFF");
    let head = &body[..body.len().min(1024)];
    (!is_utf16 && head.contains(&0)).then_some("binary data")
}

/// `data:` addresses of media, as they stand in HTML, CSS and JSON, and bare
/// base64 that begins like a picture.
static INLINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?i-u:data:\s*(?:image|video|audio)(?:\\?/|%2F|&#x2f;|&#47;)[^"'<>\s]*)"#,
        r"|(?-u:(?:iVBORw0KGgo|/9j/|\\/9j\\/|R0lGOD[lh]|UklGR|AAAA[A-Za-z0-9+/]{4}ZnR5c)",
        r"[A-Za-z0-9+/=\\]{128,})",
    ))
    .expect("the pattern is fixed and tested")
});

/// What stands where an inline picture stood.
const REMOVED: &[u8] = b"data:,removed";

/// `body` without inline media, and what was cut out.
pub fn without_inline_media(body: &[u8]) -> (Cow<'_, [u8]>, Vec<Removed>) {
    let removed: Vec<Removed> = INLINE
        .find_iter(body)
        .map(|found| Removed {
            kind: declared(found.as_bytes()),
            offset: found.start() as u64,
            bytes: found.len() as u64,
            digest: Digest::of(found.as_bytes()),
        })
        .collect();
    (INLINE.replace_all(body, REMOVED), removed)
}

/// The type that a `data:` address declares.
fn declared(piece: &[u8]) -> String {
    const LONGEST: usize = 40;
    let kind = piece.get(5..).filter(|_| {
        piece
            .get(..5)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"data:"))
    });
    let Some(kind) = kind else {
        return "base64".to_owned();
    };
    let end = kind.iter().position(|b| matches!(b, b';' | b','));
    let kind = &kind[..end.unwrap_or(kind.len()).min(LONGEST)];
    String::from_utf8_lossy(kind).trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_written_words_are_read() {
        for good in [
            "text/html; charset=utf-8",
            "application/xhtml+xml",
            "application/rss+xml",
            "application/json",
            "application/vnd.api+json",
            "TEXT/PLAIN",
            "text/xml",
            "",
        ] {
            assert!(is_text_type(good), "{good}");
        }
        for bad in [
            "image/png",
            "image/svg+xml",
            "video/mp4",
            "audio/mpeg",
            "application/pdf",
            "application/octet-stream",
            "text/css",
            "text/javascript",
            "multipart/mixed",
        ] {
            assert!(!is_text_type(bad), "{bad}");
        }
    }

    #[test]
    fn first_bytes_betray_media_sent_as_text() {
        assert!(sniff(b"\x89PNG\r\n\x1a\n").is_some());
        assert!(sniff(b"\0\0\0\x18ftypmp42").is_some());
        assert!(sniff(b"<p>a\0b</p>").is_some());
        assert_eq!(sniff(b"<!doctype html>"), None);
        assert_eq!(sniff(b"\xFF\xFEh\0i\0"), None);
        assert_eq!(sniff(b"BMW bekas dijual"), None);
        assert_eq!(sniff(b""), None);
    }

    #[test]
    fn pictures_written_into_a_page_are_cut_out_wherever_they_stand() {
        let payload = "QUJD".repeat(40);
        for (before, count) in [
            (format!("<img src=\"data:image/png;base64,{payload}\">"), 1),
            (format!("<img src=DATA:image/jpeg;base64,{payload}>"), 1),
            (
                format!("p {{ background: url('data:image/gif;base64,{payload}') }}"),
                1,
            ),
            (
                format!(r#"{{"foto":"data:image\/png;base64,{payload}"}}"#),
                1,
            ),
            (format!(r#"{{"foto":"iVBORw0KGgo{payload}"}}"#), 1),
            (format!(r#"{{"foto":"\/9j\/4AAQ{payload}"}}"#), 1),
            (
                format!(
                    "<img srcset=\"data:image/png;base64,{payload} 1x, data:image/png;base64,{payload} 2x\">"
                ),
                2,
            ),
        ] {
            let (after, n) = without_inline_media(before.as_bytes());
            let after = String::from_utf8_lossy(&after).into_owned();
            assert_eq!(n.len(), count, "{before}");
            assert!(!after.contains("QUJD"), "{after}");
        }
        let plain = b"data: gambar rumah, data:text/plain,abc";
        assert!(without_inline_media(plain).1.is_empty());
    }
}
