//! Which format an input has: by name, else by its first bytes.
//!
//! Refuses pictures, archives and office files by their first bytes, whatever
//! their name says, with a word on what to do instead.

use super::Format;
use super::lines::BOM;
use super::table::Header;

/// What a packed file's name ends in.
const PACKINGS: [&str; 3] = ["gz", "zst", "zstd"];

/// The format a file's name speaks of.
pub(super) fn of_name(name: &str) -> Option<Format> {
    let name = name.to_ascii_lowercase();
    let bare = PACKINGS.iter().find_map(|packing| {
        let bare = name.strip_suffix(packing)?;
        bare.strip_suffix('.')
    });
    let name = bare.unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "csv" | "tsv" => Some(Format::Csv),
        "txt" | "text" => Some(Format::Text),
        "warc" => Some(Format::Warc),
        _ => None,
    }
}

/// A file's name without folder, packing and format: `a/b-1.jsonl.gz` is `b-1`.
pub(super) fn stem(subject: &str) -> String {
    if subject == "-" {
        return "stdin".to_owned();
    }
    let name = subject.rsplit(['/', '\\']).next().unwrap_or(subject);
    let bare = match name.rsplit_once('.') {
        Some((bare, packing)) if PACKINGS.iter().any(|one| packing.eq_ignore_ascii_case(one)) => {
            bare
        }
        _ => name,
    };
    let stem = bare.rsplit_once('.').map_or(bare, |(stem, _)| stem);
    if stem.is_empty() { name } else { stem }.to_owned()
}

/// Says what `head` is when it can be none of our formats.
pub(super) fn refuse(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 13] = [
        (
            b"PK\x03\x04",
            "a zip or office file; save the sheet as CSV UTF-8",
        ),
        (
            b"\xd0\xcf\x11\xe0",
            "an old office file; save the sheet as CSV UTF-8",
        ),
        (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
        (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
        (b"%PDF", "a PDF; save its text as .txt"),
        (b"BZh", "packed with bzip2; unpack it first"),
        (b"\xfd7zXZ", "packed with xz; unpack it first"),
        (b"7z\xbc\xaf", "packed with 7-Zip; unpack it first"),
        (
            b"SQLite format 3\0",
            "an SQLite file; export its table as CSV",
        ),
        (b"\x89PNG", "a picture; Lentera reads text only"),
        (b"\xff\xd8\xff", "a picture; Lentera reads text only"),
        (b"GIF8", "a picture; Lentera reads text only"),
        (b"RIFF", "sound, picture or film; Lentera reads text only"),
    ];
    MAGIC
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, what)| *what)
}

/// Whether a head that is still growing shows already what it is: a first line
/// of JSONL. A pipe may say no more than that for hours.
pub(super) fn is_enough(head: &[u8]) -> bool {
    let text = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    text.starts_with(b"{") && text.contains(&b'\n')
}

/// The format of an input whose name does not say, or what it seems to be.
pub(super) fn sniff(head: &[u8]) -> Result<Format, &'static str> {
    let text = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    if text.starts_with(b"WARC/") {
        return Ok(Format::Warc);
    }
    // Of JSONL the first line tells: the others may not be here yet.
    let seen = if text.starts_with(b"{") {
        text.split(|&byte| byte == b'\n').next().unwrap_or(text)
    } else {
        head
    };
    if seen.contains(&0) {
        return Err("not text; Lentera reads JSONL, CSV, plain text and WARC");
    }
    match text.first() {
        Some(b'{') => Ok(Format::Jsonl),
        Some(b'[') => Err("a JSON list; write one object a line, such as with: jq -c '.[]'"),
        Some(b'<') => Err("a web page; keep pages as WARC, or save the text as .txt"),
        _ if Header::detect(text).is_ok() => Ok(Format::Csv),
        _ if is_utf8_so_far(head) => Ok(Format::Text),
        _ => Err("neither UTF-8 text nor WARC; say --format if it is"),
    }
}

/// Whether `head` is UTF-8, but for a character that its end may have cut.
fn is_utf8_so_far(head: &[u8]) -> bool {
    std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_speak_first() {
        assert_eq!(of_name("a/B.JSONL.gz"), Some(Format::Jsonl));
        assert_eq!(of_name("x.tsv"), Some(Format::Csv));
        assert_eq!(of_name("x.warc.gz"), Some(Format::Warc));
        assert_eq!(of_name("x.csv.zst"), Some(Format::Csv));
        assert_eq!(of_name("x.jsonl.zstd"), Some(Format::Jsonl));
        assert_eq!(of_name("x.json"), None);
        assert_eq!(of_name("-"), None);
    }

    #[test]
    fn a_platform_is_named_after_the_file() {
        let stems = [
            "d/export-1.jsonl.gz",
            "export-1.JSONL",
            "v1.2.csv",
            ".txt",
            "-",
            r"d\a.gz",
            "b.warc.zst",
        ];
        let expected = ["export-1", "export-1", "v1.2", ".txt", "stdin", "a", "b"];
        assert_eq!(stems.map(stem), expected);
    }

    #[test]
    fn bytes_speak_when_names_do_not() {
        assert_eq!(sniff(b"\xef\xbb\xbf {\"id\""), Ok(Format::Jsonl));
        assert_eq!(sniff(b"WARC/1.1\r\n"), Ok(Format::Warc));
        assert_eq!(sniff(b"Judul;ID;Text\r\n1;2;3"), Ok(Format::Csv));
        assert_eq!(
            sniff("Dijual motor, mulus\u{e9}".as_bytes()),
            Ok(Format::Text)
        );
        assert_eq!(
            sniff("dijual é".as_bytes().split_last().unwrap().1),
            Ok(Format::Text)
        );
        assert!(sniff(b"[{\"id\": 1}]").is_err());
        assert!(sniff(b"a\0b").is_err());
        assert!(sniff(b"caf\xe9 murah").is_err());
        assert!(refuse(b"PK\x03\x04 anything").unwrap().contains("CSV"));
    }
}
