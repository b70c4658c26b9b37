//! Lines of bounded length, cut from a stream many at a time.
//!
//! The serial part of reading: it finds where the last line of a chunk ends
//! and counts, and leaves cutting the chunk into lines to whoever has a core
//! to spare. A line above the limit is passed over without being held.

use std::io::{self, BufRead as _, Read as _};

use memchr::{memchr, memchr_iter, memrchr};

use super::Fault;
use super::stream::{Stream, broken};
use crate::skip::SkipReason::TooLong;

/// Bytes of a chunk: some hundred lines, well inside a core's own cache, and
/// scanned soon enough that an interrupt is quick.
pub(super) const CHUNK: usize = 128 << 10;

/// Cuts a stream into chunks of whole lines.
pub(super) struct Lines {
    pub(super) stream: Stream,
    limit: usize,
    /// Lines handed over so far.
    handed: u64,
    /// The beginning of a line whose end was not read yet.
    begun: Vec<u8>,
    ended: bool,
}

impl Lines {
    pub(super) fn new(stream: Stream, limit: usize) -> Self {
        Self {
            stream,
            limit,
            handed: 0,
            begun: Vec::new(),
            ended: false,
        }
    }

    /// The next lines; `None` at the end. `spare` is a buffer to be used
    /// again, of any length.
    ///
    /// A chunk is handed over before it is full when the stream has nothing
    /// more at the moment: what a pipe has said should not wait for the rest.
    pub(super) fn next(&mut self, spare: Vec<u8>) -> Option<Chunk> {
        if self.ended {
            return None;
        }
        let mut bytes = spare;
        let mut filled = self.begun.len();
        bytes.resize(CHUNK.max(filled), 0);
        bytes[..filled].copy_from_slice(&self.begun);
        // What was begun holds no line end, or it would have been handed over.
        let mut whole = 0;
        let mut then = None;
        loop {
            if filled == bytes.len() {
                if whole > 0 {
                    break;
                }
                let longest = self.limit.saturating_add(2);
                if filled >= longest {
                    filled = 0;
                    then = Some(self.pass_over_line());
                    break;
                }
                bytes.resize(filled.saturating_mul(2).min(longest), 0);
            }
            let wanted = bytes.len() - filled;
            match self.stream.read(&mut bytes[filled..]) {
                Ok(0) => {
                    self.ended = true;
                    whole = filled;
                    break;
                }
                Ok(n) => {
                    if let Some(last) = memrchr(b'\n', &bytes[filled..filled + n]) {
                        whole = filled + last + 1;
                    }
                    filled += n;
                    if whole > 0 && n < wanted && self.stream.shows_silence() {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    // A line that is not whole is not read.
                    filled = whole;
                    then = Some(broken(&error));
                    break;
                }
            }
        }
        self.begun.clear();
        self.begun.extend_from_slice(&bytes[whole..filled]);
        if whole == 0 && then.is_none() {
            return None;
        }
        Some(self.chunk(bytes, whole, then))
    }

    fn chunk(&mut self, bytes: Vec<u8>, end: usize, then: Option<Fault>) -> Chunk {
        let first = self.handed + 1;
        let lines = &bytes[..end];
        self.handed += memchr_iter(b'\n', lines).count() as u64;
        // The input's last line may lack its end.
        self.handed += u64::from(!lines.is_empty() && !lines.ends_with(b"\n"));
        let then = then.map(|fault| {
            self.handed += 1;
            (self.handed, fault)
        });
        Chunk {
            bytes,
            start: 0,
            end,
            first,
            limit: self.limit,
            then,
        }
    }

    /// Leaves the rest of a line that is too long.
    fn pass_over_line(&mut self) -> Fault {
        match self.stream.skip_until(b'\n') {
            Ok(_) => too_long(self.limit),
            Err(error) => {
                self.ended = true;
                broken(&error)
            }
        }
    }
}

fn too_long(limit: usize) -> Fault {
    Fault::new(TooLong, format!("a line of more than {limit} bytes"))
}

/// Whole lines as they stand in the input, and what came after them.
pub(super) struct Chunk {
    /// Longer than what is read: a buffer that is used again.
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// The one-based number of the line that begins at `start`.
    first: u64,
    limit: usize,
    /// What became of the line after these, when it could not be cut.
    then: Option<(u64, Fault)>,
}

impl Chunk {
    /// What is in it: lines that are not blank, and what could not be cut.
    pub(super) fn items(&self) -> Items<'_> {
        Items {
            rest: &self.bytes[self.start..self.end],
            number: self.first,
            limit: self.limit,
            then: self.then.as_ref(),
        }
    }

    /// Whether it holds nothing but blank lines.
    pub(super) fn is_blank(&self) -> bool {
        self.items().next().is_none()
    }

    /// Drops the first `n` items, and says how many there were to drop.
    pub(super) fn pass(&mut self, n: u64) -> u64 {
        let mut passed = 0;
        while passed < n {
            if self.pop(|_, _| ()).is_none() {
                break;
            }
            passed += 1;
        }
        passed
    }

    /// Takes the first item out.
    pub(super) fn pop<T>(
        &mut self,
        take: impl FnOnce(u64, Result<&[u8], Fault>) -> T,
    ) -> Option<T> {
        let mut items = self.items();
        let (number, item) = items.next()?;
        let (left, next) = (items.rest.len(), items.number);
        let was_last = items.then.is_none();
        let taken = take(number, item);
        self.start = self.end - left;
        self.first = next;
        if was_last {
            self.then = None;
        }
        Some(taken)
    }

    /// The buffer, to be used again unless one long line has made it large.
    pub(super) fn into_spare(self) -> Option<Vec<u8>> {
        (self.bytes.capacity() <= 2 * CHUNK).then_some(self.bytes)
    }
}

/// The items of a chunk, each with its line.
pub(super) struct Items<'c> {
    rest: &'c [u8],
    number: u64,
    limit: usize,
    then: Option<&'c (u64, Fault)>,
}

impl<'c> Iterator for Items<'c> {
    type Item = (u64, Result<&'c [u8], Fault>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let end = memchr(b'\n', self.rest).map_or(self.rest.len(), |end| end + 1);
            let (line, rest) = self.rest.split_at(end);
            let number = self.number;
            self.rest = rest;
            self.number += 1;
            let mut line = trimmed(line);
            if line.len() > self.limit {
                return Some((number, Err(too_long(self.limit))));
            }
            if number == 1 {
                line = line.strip_prefix(BOM).unwrap_or(line);
            }
            if !line.trim_ascii_start().is_empty() {
                return Some((number, Ok(line)));
            }
        }
        let (number, fault) = self.then.take()?;
        Some((*number, Err(fault.clone())))
    }
}

/// The byte-order mark that Windows programs put before UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// `line` without its end, `\n` or `\r\n`.
pub(super) fn trimmed(line: &[u8]) -> &[u8] {
    let Some(line) = line.strip_suffix(b"\n") else {
        return line;
    };
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Takes one line end, `\n` or `\r\n`, off.
pub(super) fn trim_end(line: &mut Vec<u8>) {
    line.truncate(trimmed(line).len());
}

#[cfg(test)]
mod tests {
    use super::super::stream::Raw;
    use super::*;

    /// Gives at most so many bytes a read.
    struct Drops(io::Cursor<Vec<u8>>, usize);

    impl io::Read for Drops {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let most = into.len().min(self.1);
            self.0.read(&mut into[..most])
        }
    }

    type Read = Vec<(u64, Result<String, ()>)>;

    fn lines(text: &str, limit: usize, drops: usize) -> (Read, usize) {
        let input = Drops(io::Cursor::new(text.into()), drops);
        let stream = Stream::new(Raw::new(Box::new(input))).unwrap();
        let mut lines = Lines::new(stream, limit);
        let mut spare = Vec::new();
        let (mut read, mut chunks) = (Vec::new(), 0);
        while let Some(chunk) = lines.next(spare) {
            chunks += 1;
            read.extend(chunk.items().map(|(number, line)| {
                let line = line.map(|line| String::from_utf8(line.to_vec()).unwrap());
                (number, line.map_err(drop))
            }));
            spare = chunk.into_spare().unwrap_or_default();
        }
        (read, chunks)
    }

    /// The same, line by line, as it would be done by hand.
    fn by_hand(text: &str, limit: usize) -> Read {
        let mut read = Vec::new();
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let mut line = line;
            if let Some(whole) = line.strip_suffix('\n') {
                line = whole.strip_suffix('\r').unwrap_or(whole);
            }
            let number = index as u64 + 1;
            if line.len() > limit {
                read.push((number, Err(())));
                continue;
            }
            let line = match number {
                1 => line.strip_prefix('\u{feff}').unwrap_or(line),
                _ => line,
            };
            if !line.trim_ascii().is_empty() {
                read.push((number, Ok(line.to_owned())));
            }
        }
        read
    }

    proptest::proptest! {
        #[test]
        fn lines_are_the_same_however_the_bytes_arrive(
            text in "(\u{feff}|)([a é]{0,9}(\n|\r\n|\r|)){0,12}",
            limit in 1..12_usize,
            drops in 1..20_usize,
        ) {
            proptest::prop_assert_eq!(lines(&text, limit, drops).0, by_hand(&text, limit));
        }
    }

    #[test]
    fn lines_around_the_size_of_a_chunk_and_of_the_limit_are_read() {
        let limit = CHUNK * 2;
        for around in [CHUNK, limit] {
            for length in around - 3..around + 4 {
                for end in ["\n", "\r\n", ""] {
                    let long = "x".repeat(length);
                    let text = format!("a\n{long}{end}");
                    assert!(lines(&text, limit, CHUNK * 3).0 == by_hand(&text, limit));
                    let text = format!("{long}{end}\nb\n");
                    assert!(lines(&text, limit, CHUNK * 3).0 == by_hand(&text, limit));
                }
            }
        }
    }

    #[test]
    fn what_a_silent_pipe_has_said_does_not_wait() {
        let text = "{\"a\"}\n".repeat(100);
        assert!(lines(&text, 100, 60).1 >= 10);
        assert_eq!(lines(&"x\n".repeat(CHUNK), 100, usize::MAX).1, 2);
    }

    #[test]
    fn items_can_be_passed_over_and_taken_one_by_one() {
        let stream = |text: &str| {
            let input = io::Cursor::new(text.to_owned().into_bytes());
            Stream::new(Raw::new(Box::new(input))).unwrap()
        };
        let text = format!("a\n\nbb\n{}\nc\n", "x".repeat(CHUNK * 3));
        let mut lines = Lines::new(stream(&text), CHUNK * 2);
        let mut chunk = lines.next(Vec::new()).unwrap();
        assert_eq!(chunk.pass(1), 1);
        let taken = chunk.pop(|number, line| (number, line.unwrap().to_vec()));
        assert_eq!(taken, Some((3, b"bb".to_vec())));
        assert_eq!(chunk.pass(9), 0);
        let mut chunk = lines.next(Vec::new()).unwrap();
        assert_eq!(
            chunk.pop(|number, line| (number, line.is_err())),
            Some((4, true))
        );
        assert!(chunk.is_blank());
        assert_eq!(lines.next(Vec::new()).unwrap().pass(9), 1);
    }
}
