//! Bytes of a page to text, in the order browsers use: byte-order mark, HTTP
//! header, `<meta>` in the first 1024 bytes, then a guess.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// Decodes `bytes`; what no charset explains becomes U+FFFD.
pub(super) fn decode(bytes: &[u8], http: Option<&str>, markup: bool, uri: &str) -> String {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return encoding
            .decode_without_bom_handling(&bytes[bom..])
            .0
            .into_owned();
    }
    let meta = || markup.then(|| meta_charset(bytes)).flatten();
    let named = http
        .and_then(|name| Encoding::for_label(name.as_bytes()))
        .or_else(meta);
    if let Some(encoding) = named {
        let (text, wrong) = encoding.decode_without_bom_handling(bytes);
        // Pages often claim UTF-8 and are not: a guess then reads better.
        if !(wrong && encoding == UTF_8) {
            return text.into_owned();
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(tld(uri).as_deref().map(str::as_bytes), Utf8Detection::Allow);
    guess.decode_without_bom_handling(bytes).0.into_owned()
}

/// The charset a `<meta>` names near the start.
fn meta_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    start.split("<meta").skip(1).find_map(|after| {
        let tag = after.split('>').next()?;
        let value = tag
            .split_once("charset")?
            .1
            .trim_start()
            .strip_prefix('=')?;
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        let end = value
            .find(['"', '\'', ';', ' ', '/'])
            .unwrap_or(value.len());
        let encoding = Encoding::for_label(&value.as_bytes()[..end])?;
        // A page whose meta could be read byte by byte is not UTF-16.
        Some(encoding.output_encoding())
    })
}

/// The last label of a host, where it is one the detector accepts.
fn tld(uri: &str) -> Option<String> {
    let url = url::Url::parse(uri).ok()?;
    let label = url.domain()?.rsplit('.').next()?.to_ascii_lowercase();
    label
        .bytes()
        .all(|byte| byte.is_ascii_lowercase())
        .then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_charset_is_used_and_a_false_one_is_not() {
        let latin = b"caf\xe9";
        let decode = |bytes: &[u8], http| decode(bytes, http, true, "http://a.example/");
        assert_eq!(decode(latin, Some("iso-8859-1")), "café");
        assert_eq!(
            decode(b"<meta charset='windows-1252'>caf\xe9", None),
            "<meta charset='windows-1252'>café"
        );
        assert_eq!(
            decode(b"\xef\xbb\xbfcaf\xc3\xa9", Some("iso-8859-1")),
            "café"
        );
        assert_eq!(
            decode("Rp 5 juta – café".as_bytes(), None),
            "Rp 5 juta – café"
        );
        assert!(!decode(b"un caf\xe9 cr\xe8me", Some("utf-8")).contains('\u{fffd}'));
    }
}
