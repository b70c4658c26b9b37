//! The way back: from a place in normal text to the place in the text as
//! published.
//!
//! The map is a list of runs. Inside an even run the two texts advance
//! together; any other run is one folded character, which maps to all of what
//! it was folded from.

use std::ops::Range;

use crate::span::Span;

/// Maps spans of one normal text to spans of the published text.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    /// Sorted by `normal`; empty means the identity.
    runs: Vec<Run>,
    /// Where other readings of words begin, each behind a line feed of its
    /// own. Within each part places keep their order.
    parts: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    normal: u32,
    normal_len: u32,
    published: u32,
    published_len: u32,
    /// Whether the two sides advance together: every character in it is as
    /// long as what it was folded from.
    even: bool,
}

impl OffsetMap {
    /// The published span of a normal span. Characters that were dropped
    /// inside the span are covered; ones dropped at its edges are not.
    pub fn to_published(&self, normal: Span) -> Span {
        if self.runs.is_empty() {
            return normal;
        }
        let normal = self.within_part(normal);
        if normal.is_empty() {
            let at = self.start_of(normal.start);
            return Span { start: at, end: at };
        }
        let last = self.run_at(normal.end - 1);
        let end = if last.even {
            last.published + (normal.end - last.normal)
        } else {
            last.published + last.published_len
        };
        Span {
            start: self.start_of(normal.start),
            end,
        }
    }

    /// Where the part that stands in published order ends, if others follow.
    pub(super) fn in_order(&self) -> Option<u32> {
        self.parts.first().copied()
    }

    /// A span that reaches across parts is of the first of them.
    fn within_part(&self, normal: Span) -> Span {
        let next = self.parts.partition_point(|part| *part <= normal.start);
        let Some(&part) = self.parts.get(next) else {
            return normal;
        };
        // The line feed between them belongs to neither.
        let feed = part - 1;
        if normal.start == feed && normal.end > part {
            let start = part;
            return self.within_part(Span { start, ..normal });
        }
        let end = normal.end.min(feed.max(normal.start));
        Span { end, ..normal }
    }

    fn start_of(&self, normal: u32) -> u32 {
        let run = self.run_at(normal);
        let into = normal - run.normal;
        match run.even {
            true => run.published + into,
            // One past the end of the text lies past the last character.
            false if into >= run.normal_len => run.published + run.published_len,
            false => run.published,
        }
    }

    fn run_at(&self, normal: u32) -> Run {
        let after = self.runs.partition_point(|run| run.normal <= normal);
        self.runs[after.saturating_sub(1)]
    }
}

/// Writes a normal text and its map together, so that they cannot disagree.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: Vec<u8>,
    runs: Vec<Run>,
    parts: Vec<u32>,
}

impl Writer {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            text: Vec::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// How much is written.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Begins another reading of something written before. `end` is that of
    /// the published text.
    pub(super) fn part(&mut self, end: usize) {
        self.push('\n', Span::new(end, end));
        self.parts.push(self.text.len() as u32);
    }

    /// Appends ASCII text published at `at`, folded.
    pub(super) fn ascii(&mut self, published: &[u8], at: usize) {
        let start = self.text.len();
        self.text.extend(published.iter().map(|&byte| folded(byte)));
        self.even(start as u32, published.len() as u32, at as u32);
    }

    /// Appends `folded`, which stands for the published bytes `from`.
    pub(super) fn push(&mut self, folded: char, from: Span) {
        let normal = self.text.len() as u32;
        let mut buffer = [0; 4];
        self.text
            .extend_from_slice(folded.encode_utf8(&mut buffer).as_bytes());
        let normal_len = self.text.len() as u32 - normal;
        let published_len = from.len() as u32;
        if normal_len == published_len {
            return self.even(normal, normal_len, from.start);
        }
        // A character that folds to several shares one published span.
        if let Some(run) = self.runs.last_mut()
            && !run.even
            && run.published == from.start
            && run.published_len == published_len
        {
            run.normal_len += normal_len;
            return;
        }
        self.runs.push(Run {
            normal,
            normal_len,
            published: from.start,
            published_len,
            even: false,
        });
    }

    /// Appends a part of another normal text with the way back it has there.
    pub(super) fn copy(&mut self, text: &str, map: &OffsetMap, part: Range<usize>) {
        let base = self.text.len();
        self.text.extend_from_slice(&text.as_bytes()[part.clone()]);
        let (start, end) = (part.start as u32, part.end as u32);
        let moved = |normal: u32| base as u32 + (normal - start);
        let parts = map.parts.iter().copied();
        self.parts
            .extend(parts.filter(|at| *at > start && *at <= end).map(moved));
        if map.runs.is_empty() {
            return self.even(moved(start), end - start, start);
        }
        let first = map.runs.partition_point(|run| run.normal <= start);
        for run in &map.runs[first.saturating_sub(1)..] {
            if run.normal >= end {
                break;
            }
            let from = run.normal.max(start);
            let to = (run.normal + run.normal_len).min(end);
            if run.even {
                self.even(moved(from), to - from, run.published + (from - run.normal));
            } else if from < to {
                self.runs.push(Run {
                    normal: moved(from),
                    normal_len: to - from,
                    ..*run
                });
            }
        }
    }

    /// Notes that `len` bytes at `normal` advance together with those
    /// published at `published`.
    fn even(&mut self, normal: u32, len: u32, published: u32) {
        if len == 0 {
            return;
        }
        if let Some(run) = self.runs.last_mut()
            && run.even
            && run.published + run.published_len == published
        {
            run.normal_len += len;
            run.published_len += len;
            return;
        }
        self.runs.push(Run {
            normal,
            normal_len: len,
            published,
            published_len: len,
            even: true,
        });
    }

    pub(super) fn finish(mut self) -> (String, OffsetMap) {
        // One even run from the beginning is the identity.
        let identity = |run: &Run| run.even && run.normal == 0 && run.published == 0;
        if self.runs.len() == 1 && identity(&self.runs[0]) {
            self.runs.clear();
        }
        let text = String::from_utf8(self.text).expect("whole characters were written");
        let map = OffsetMap {
            runs: self.runs,
            parts: self.parts,
        };
        (text, map)
    }
}

/// Lower case, and a space for every control character but the line feed.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "loops over it become vector code"
)]
fn folded(byte: u8) -> u8 {
    let is_upper = byte.wrapping_sub(b'A') < 26;
    let is_control = (byte < b' ') & (byte != b'\n') | (byte == 0x7f);
    let lower = byte | (u8::from(is_upper) << 5);
    if is_control { b' ' } else { lower }
}
