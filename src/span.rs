//! Where something stands in a text.
//!
//! Inside the program a place is a half-open range of UTF-8 bytes; on the wire
//! it is a half-open range of Unicode code points, because that is what
//! Python, JSON readers and W3C text positions count. [`CodePoints`] is the
//! only bridge between the two.

/// A half-open range of UTF-8 bytes of a text as published.
///
/// `start <= end`, and both stand on character boundaries of the text the span
/// was made for. Posts are capped far below 4 GiB where they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets.
    ///
    /// # Panics
    ///
    /// When `start > end` or `end` does not fit 32 bits: both would be errors
    /// of the caller, since posts are capped where they are read.
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "span {start}..{end} is reversed");
        let end = u32::try_from(end).expect("post texts are capped below 4 GiB");
        Self {
            start: start as u32,
            end,
        }
    }

    /// The text this span covers.
    ///
    /// # Panics
    ///
    /// When the span was made for another text.
    pub fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    pub fn union(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A half-open range of Unicode code points: the wire form of a [`Span`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodePointSpan {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}

/// Counts code points of one text, so that byte spans can be written on the
/// wire.
///
/// Building is one pass; each look-up is a binary search over marks set every
/// 256 bytes and a short count from there.
#[derive(Clone, Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// Code points before byte `i * STRIDE`, counting a character that begins
    /// before that byte.
    marks: Vec<u32>,
}

impl<'t> CodePoints<'t> {
    const STRIDE: usize = 256;

    /// Counts `text` once.
    pub fn new(text: &'t str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / Self::STRIDE + 1);
        let mut count = 0;
        for chunk in text.as_bytes().chunks(Self::STRIDE) {
            marks.push(count);
            count += chunk.iter().filter(|&&byte| !is_continuation(byte)).count() as u32;
        }
        Self { text, marks }
    }

    /// The wire form of `span`.
    pub fn span(&self, span: Span) -> CodePointSpan {
        CodePointSpan {
            start: self.before(span.start),
            end: self.before(span.end),
        }
    }

    fn before(&self, byte: u32) -> u32 {
        let byte = byte as usize;
        let mark = (byte / Self::STRIDE).min(self.marks.len().saturating_sub(1));
        let Some(&counted) = self.marks.get(mark) else {
            return 0;
        };
        let rest = &self.text.as_bytes()[mark * Self::STRIDE..byte];
        counted + rest.iter().filter(|&&byte| !is_continuation(byte)).count() as u32
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_agree_with_a_plain_count() {
        let text = "a😀é\u{301}ß".repeat(200);
        let points = CodePoints::new(&text);
        for (n, (byte, _)) in text.char_indices().enumerate() {
            let got = points.span(Span::new(byte, text.len()));
            assert_eq!(got.start, n as u32);
            assert_eq!(got.end as usize, text.chars().count());
        }
    }

    #[test]
    fn an_empty_text_has_an_empty_span() {
        assert_eq!(
            CodePoints::new("").span(Span::new(0, 0)),
            CodePointSpan { start: 0, end: 0 }
        );
    }
}
