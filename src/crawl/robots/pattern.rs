//! Paths of robots.txt rules: how they are written and what they match.
//!
//! RFC 9309 says how percent-encoding is to be compared, and the most used
//! parser does it otherwise. A rule is therefore read both ways: a forbidding
//! one holds when either reading matches, an allowing one only when both do.
//!
//! A pattern is matched from left to right, each piece between wildcards at
//! its first place. That is enough for a match that needs no end, and costs
//! the length of the path whatever the number of wildcards.

use memchr::memmem;

/// The path of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// As written, with bytes outside ASCII escaped.
    raw: Vec<u8>,
    /// As RFC 9309 compares it, where that is different.
    decoded: Option<Vec<u8>>,
}

/// The path with query of an address, in both readings.
#[derive(Debug)]
pub(super) struct Target {
    raw: Vec<u8>,
    decoded: Vec<u8>,
}

impl Target {
    pub(super) fn new(path_and_query: &str) -> Self {
        Self {
            raw: path_and_query.as_bytes().to_vec(),
            decoded: decoded(path_and_query.as_bytes()),
        }
    }
}

impl Pattern {
    pub(super) fn new(written: &[u8]) -> Self {
        let raw = escaped(written);
        let decoded = decoded(&raw);
        Self {
            decoded: (decoded != raw).then_some(decoded),
            raw,
        }
    }

    /// What decides between two rules: the longer one counts.
    pub(super) fn priority(&self) -> usize {
        self.raw.len()
    }

    /// As it is shown to a person.
    pub(super) fn shown(&self) -> String {
        let text = String::from_utf8_lossy(&self.raw);
        text.chars().take(80).collect()
    }

    /// Whether the rule holds for `target`; `both` asks for both readings.
    pub(super) fn holds(&self, target: &Target, both: bool) -> bool {
        let raw = matches(&target.raw, &self.raw);
        if raw != both {
            return raw;
        }
        let pattern = self.decoded.as_ref().unwrap_or(&self.raw);
        matches(&target.decoded, pattern)
    }
}

/// Whether `path` begins with what `pattern` describes: `*` is anything, a
/// final `$` the end.
fn matches(path: &[u8], pattern: &[u8]) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix(b"$") {
        Some(before) => (before, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split(|&byte| byte == b'*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return !to_end || rest.is_empty();
    };
    for piece in pieces {
        match memmem::find(rest, piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    if to_end {
        rest.ends_with(last)
    } else {
        memmem::find(rest, last).is_some()
    }
}

/// A written path with its escapes in capitals and bytes outside ASCII
/// escaped: `/josé%2f` is `/jos%C3%A9%2F`.
fn escaped(written: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(written.len());
    let mut rest = written;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if let Some(value) = escape(byte, after) {
            push_escape(&mut out, value);
            rest = &after[2..];
        } else if byte.is_ascii() {
            out.push(byte);
        } else {
            push_escape(&mut out, byte);
        }
    }
    out
}

/// A path as RFC 9309 compares it: escapes of letters, digits and `-._~` are
/// undone, and what may not stand in an address is escaped.
fn decoded(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if let Some(value) = escape(byte, after) {
            rest = &after[2..];
            if value.is_ascii_alphanumeric() || b"-._~".contains(&value) {
                out.push(value);
            } else {
                push_escape(&mut out, value);
            }
        } else if !byte.is_ascii_graphic() || b"\"<>\\^`{|}".contains(&byte) {
            push_escape(&mut out, byte);
        } else {
            out.push(byte);
        }
    }
    out
}

/// The byte that `%` and two hexadecimal digits behind it stand for.
fn escape(byte: u8, after: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
    let value = (byte == b'%').then(|| Some(digit(0)? * 16 + digit(1)?))??;
    u8::try_from(value).ok()
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push(b'%');
    out.push(DIGITS[usize::from(byte >> 4)]);
    out.push(DIGITS[usize::from(byte & 15)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by trying everything, as the definition reads.
    fn naive(path: &[u8], pattern: &[u8]) -> bool {
        match pattern.split_first() {
            None => true,
            Some((b'$', [])) => path.is_empty(),
            Some((b'*', rest)) => (0..=path.len()).any(|at| naive(&path[at..], rest)),
            Some((byte, rest)) => path
                .split_first()
                .is_some_and(|(first, after)| first == byte && naive(after, rest)),
        }
    }

    #[test]
    fn matching_is_what_the_definition_says() {
        let words = |alphabet: &[u8], longest: u32| {
            let n = alphabet.len();
            let mut words = Vec::new();
            for length in 0..=longest {
                for mut number in 0..n.pow(length) {
                    let mut word = Vec::new();
                    for _ in 0..length {
                        word.push(alphabet[number % n]);
                        number /= n;
                    }
                    words.push(word);
                }
            }
            words
        };
        let paths = words(b"/ab", 5);
        for pattern in words(b"/a*$", 5) {
            for path in &paths {
                assert_eq!(
                    matches(path, &pattern),
                    naive(path, &pattern),
                    "{} {}",
                    String::from_utf8_lossy(path),
                    String::from_utf8_lossy(&pattern)
                );
            }
        }
    }

    #[test]
    fn both_readings_of_an_escape_are_weighed_against_the_crawler() {
        for (rule, path) in [
            ("/%62az", "/baz"),
            ("/baz", "/%62az"),
            ("/a%2fb", "/a%2Fb"),
            ("/harga murah", "/harga%20murah"),
        ] {
            let (rule, path) = (Pattern::new(rule.as_bytes()), Target::new(path));
            assert!(rule.holds(&path, false), "{}", rule.shown());
        }
        assert!(!Pattern::new(b"/%62az").holds(&Target::new("/baz"), true));
        assert!(Pattern::new("/é".as_bytes()).holds(&Target::new("/%C3%A9"), true));
        // An escaped slash, star or dollar sign is not the sign itself.
        assert!(!Pattern::new(b"/a%2Fb").holds(&Target::new("/a/b"), false));
        assert!(!Pattern::new(b"/a%2A").holds(&Target::new("/ab"), false));
    }
}
