//! The way back: from a place in normal text to the place in the text as
//! published.
//!
//! The map is a list of runs. Inside a run of unchanged single bytes the two
//! texts advance together; any other run is one folded character, which maps
//! to all of what it was folded from.

use crate::span::Span;

/// Maps spans of one normal text to spans of the published text.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    /// Sorted by `normal`; empty means the identity.
    runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    normal: u32,
    normal_len: u32,
    published: u32,
    published_len: u32,
    /// Whether the two sides advance byte by byte.
    even: bool,
}

impl OffsetMap {
    /// The published span of a normal span. Characters that were dropped
    /// inside the span are covered; ones dropped at its edges are not.
    pub fn to_published(&self, normal: Span) -> Span {
        if self.runs.is_empty() {
            return normal;
        }
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
    text: String,
    runs: Vec<Run>,
}

impl Writer {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            runs: Vec::with_capacity(16),
        }
    }

    /// Appends `folded`, which stands for the published bytes `from`.
    pub(super) fn push(&mut self, folded: char, from: Span) {
        let normal = self.text.len() as u32;
        self.text.push(folded);
        let normal_len = self.text.len() as u32 - normal;
        let even = normal_len == 1 && from.len() == 1;
        if let Some(run) = self.runs.last_mut() {
            let end = run.published + run.published_len;
            if even && run.even && end == from.start {
                run.normal_len += 1;
                run.published_len += 1;
                return;
            }
            // A character that folds to several shares one published span.
            if !run.even && run.published == from.start && end == from.end {
                run.normal_len += normal_len;
                return;
            }
        }
        let published_len = from.len() as u32;
        self.runs.push(Run {
            normal,
            normal_len,
            published: from.start,
            published_len,
            even,
        });
    }

    pub(super) fn finish(self) -> (String, OffsetMap) {
        (self.text, OffsetMap { runs: self.runs })
    }
}
