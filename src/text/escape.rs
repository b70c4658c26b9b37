//! HTML character references (`&amp;`, `&#80;`) left in a text.
//!
//! They are damage done in transport, not a disguise: whoever copied the page
//! forgot to read them. Read once, so `&amp;#80;` says `&#80;`. Only ones that
//! end in a semicolon count, because `?a=1&copy=2` is an address.
//! Source: <https://html.spec.whatwg.org/multipage/named-characters.html>.

use html_escape::NAMED_ENTITIES;

/// Longest reference looked at, with its ends. The longest name has 31 letters.
const MAX_LEN: usize = 40;

/// What the numbers 128–159 mean in HTML: Windows-1252, because that is what
/// those who wrote them meant. Source: the standard's table of character
/// references, §13.2.5.80. Spaces stand for numbers it leaves alone.
const WINDOWS: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/// The characters that the reference at the beginning of `text` stands for,
/// and its length in bytes. `text` begins with `&`.
pub(super) fn read(text: &[u8]) -> Option<([Option<char>; 2], usize)> {
    let window = &text[..text.len().min(MAX_LEN)];
    let end = window
        .iter()
        .skip(1)
        .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#')?
        + 1;
    if window[end] != b';' {
        return None;
    }
    let name = &window[1..end];
    let chars = match name.strip_prefix(b"#") {
        Some(number) => [Some(numbered(number)?), None],
        None => named(name)?,
    };
    Some((chars, end + 1))
}

fn named(name: &[u8]) -> Option<[Option<char>; 2]> {
    let place = NAMED_ENTITIES.binary_search_by(|(one, _)| one.cmp(&name));
    let mut chars = NAMED_ENTITIES[place.ok()?].1.chars();
    Some([chars.next(), chars.next()])
}

fn numbered(number: &[u8]) -> Option<char> {
    let digits = std::str::from_utf8(number).ok()?;
    let value = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    let ch = match value {
        0x80..=0x9f => WINDOWS.chars().nth(value as usize - 0x80)?,
        _ => char::from_u32(value)?,
    };
    // A control that nobody could type is none that a post contains.
    let is_text = !ch.is_control() || matches!(ch, '\n' | '\r' | '\t');
    (is_text && (ch != ' ' || value == 0x20)).then_some(ch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        let (chars, len) = read(text.as_bytes())?;
        let chars: String = chars.into_iter().flatten().collect();
        Some(chars + &text[len..])
    }

    #[test]
    fn references_are_read() {
        for (published, expected) in [
            ("&amp;", "&"),
            ("&amp;#80;", "&#80;"),
            ("&#80;aspor", "Paspor"),
            ("&#x70;", "p"),
            ("&#X70;", "p"),
            ("&nbsp;", "\u{a0}"),
            ("&#150;", "–"),
            ("&NotEqualTilde;", "≂\u{338}"),
            ("&CounterClockwiseContourIntegral;", "∳"),
        ] {
            assert_eq!(said(published).as_deref(), Some(expected), "{published}");
        }
    }

    #[test]
    fn what_is_no_reference_is_not_read() {
        let long = format!("&{};", "a".repeat(60));
        for published in [
            "&",
            "&;",
            "&#;",
            "&#x;",
            "&amp",
            "&copy=2;",
            "&AT T;",
            "&#0;",
            "&#7;",
            "&#x1b;",
            "&#129;",
            "&#xd800;",
            "&#1114112;",
            "&#-80;",
            "&#+80;",
            "&#99999999999;",
            "&warung;",
            "&#x+50;",
            &long,
        ] {
            assert_eq!(said(published), None, "{published}");
        }
    }
}
