//! CSV rows as raw bytes, of bounded length, with quotation marks respected.
//!
//! A mark that is never closed would make the rest of the file one row. So a
//! row that outgrows its limit, or whose marks stop making sense on a later
//! line, costs only its first line: reading starts again on the line after.
//! Work stays linear: bytes are read again only on credit of fresh ones.

use std::io::{self, BufRead, Read};

use super::Fault;
use super::lines::{BOM, trim_end};
use super::stream::Stream;
use crate::skip::SkipReason::{MalformedCsv, TooLong};

/// Fields of one row as the marks stand after some of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    FieldStart,
    Bare,
    Quoted,
    /// Just after a mark inside a quoted field: its end, or half of a pair.
    Closing,
}

impl Marks {
    /// How the marks stand after `text`, and whether a closing mark in it was
    /// followed by something other than an end.
    fn after(self, text: &[u8], delimiter: u8) -> (Self, bool) {
        if self == Self::FieldStart && !text.contains(&b'"') {
            return (Self::Bare, false);
        }
        let mut stray = false;
        let marks = text.iter().fold(self, |marks, &byte| match (marks, byte) {
            (Self::Quoted, b'"') => Self::Closing,
            (Self::Quoted, _) => Self::Quoted,
            (Self::FieldStart | Self::Closing, b'"') => Self::Quoted,
            (_, byte) if byte == delimiter => Self::FieldStart,
            (Self::Closing, _) => {
                stray = true;
                Self::Bare
            }
            _ => Self::Bare,
        });
        (marks, stray)
    }
}

/// Cuts a stream into rows.
pub(super) struct Rows {
    pub(super) stream: Stream,
    delimiter: u8,
    limit: usize,
    /// Lines read so far.
    line: u64,
    /// Bytes to be read again, from `at`.
    again: Vec<u8>,
    at: usize,
    /// Fresh bytes read.
    fresh: u64,
    /// Bytes given back to be read again.
    given_back: u64,
}

/// The line a row begins on, and its bytes or what is wrong with it.
type Row = (u64, Result<Vec<u8>, Fault>);

enum Took {
    End,
    Line,
    TooLong,
}

impl Rows {
    pub(super) fn new(stream: Stream, delimiter: u8, limit: usize) -> Self {
        Self {
            stream,
            delimiter,
            limit,
            line: 0,
            again: Vec::new(),
            at: 0,
            fresh: 0,
            given_back: 0,
        }
    }

    /// The one-based line being read, for when reading fails.
    pub(super) fn number(&self) -> u64 {
        self.line + 1
    }

    /// The next row that is not blank, with the line it begins on.
    pub(super) fn next(&mut self) -> io::Result<Option<Row>> {
        loop {
            let begins = self.line + 1;
            match self.row(begins)? {
                Some(Ok(row)) if row.trim_ascii().is_empty() => {}
                Some(row) => return Ok(Some((begins, row))),
                None => return Ok(None),
            }
        }
    }

    fn row(&mut self, begins: u64) -> io::Result<Option<Result<Vec<u8>, Fault>>> {
        let mut row = Vec::new();
        let mut marks = Marks::FieldStart;
        let mut first_line = 0;
        loop {
            let from = row.len();
            match self.read_line(&mut row)? {
                Took::Line => {}
                Took::End if from == 0 => return Ok(None),
                Took::TooLong if from == 0 => {
                    self.stream.skip_until(b'\n')?;
                    self.line += 1;
                    let detail = format!("a line of more than {} bytes", self.limit);
                    return Ok(Some(Err(Fault::new(TooLong, detail))));
                }
                Took::End | Took::TooLong => {
                    return Ok(Some(Err(self.give_up(begins, row, first_line))));
                }
            }
            self.line += 1;
            if from == 0 {
                first_line = row.len();
                if begins == 1 && row.starts_with(BOM) {
                    row.drain(..BOM.len());
                    first_line = row.len();
                }
            }
            let line = trimmed(&row[from.min(row.len())..]);
            let (after, stray) = marks.after(line, self.delimiter);
            marks = after;
            // On the first line a stray mark is the writer's; later it shows
            // that what looked like one field was several rows.
            let torn = stray && from > 0;
            if torn || (marks == Marks::Quoted && self.given_back > self.fresh) {
                return Ok(Some(Err(self.give_up(begins, row, first_line))));
            }
            if marks != Marks::Quoted {
                trim_end(&mut row);
                return Ok(Some(Ok(row)));
            }
        }
    }

    /// Keeps all but the first line of `row` to be read again.
    fn give_up(&mut self, begins: u64, mut row: Vec<u8>, first_line: usize) -> Fault {
        let rest = row.len() - first_line;
        self.given_back += rest as u64;
        if self.again.is_empty() {
            row.drain(..first_line);
            self.again = row;
        } else {
            // Nothing fresh was read yet, so these bytes still stand there.
            self.at -= rest;
        }
        self.line = begins;
        Fault::new(
            MalformedCsv,
            "a quotation mark on this line is not closed; the line was passed over",
        )
    }

    /// Appends one physical line with its end.
    fn read_line(&mut self, row: &mut Vec<u8>) -> io::Result<Took> {
        let from = row.len();
        let rest = &self.again[self.at..];
        if !rest.is_empty() {
            let end = rest.iter().position(|&byte| byte == b'\n');
            let taken = end.map_or(rest.len(), |end| end + 1);
            row.extend_from_slice(&rest[..taken]);
            self.at += taken;
            if end.is_some() {
                return Ok(Took::Line);
            }
        }
        if !self.again.is_empty() {
            self.again = Vec::new();
            self.at = 0;
        }
        let room = (self.limit + 2).saturating_sub(row.len()) as u64;
        let fresh = (&mut self.stream).take(room).read_until(b'\n', row)?;
        self.fresh += fresh as u64;
        Ok(if row.len() > from && row.ends_with(b"\n") {
            Took::Line
        } else if row.len() >= self.limit + 2 {
            Took::TooLong
        } else if row.len() == from {
            Took::End
        } else {
            Took::Line
        })
    }
}

/// `line` without its end.
fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::super::stream::Raw;
    use super::*;

    fn rows(text: &str, limit: usize) -> Vec<(u64, Result<String, ()>)> {
        let raw = Raw::new(Box::new(io::Cursor::new(text.to_owned())));
        let mut rows = Rows::new(Stream::new(raw).unwrap(), b',', limit);
        std::iter::from_fn(|| rows.next().unwrap())
            .map(|(line, row)| {
                (
                    line,
                    row.map(|row| String::from_utf8(row).unwrap()).map_err(drop),
                )
            })
            .collect()
    }

    fn ok(line: u64, row: &str) -> (u64, Result<String, ()>) {
        (line, Ok(row.to_owned()))
    }

    #[test]
    fn a_quoted_field_may_hold_lines_and_marks() {
        let text = "1,\"a\r\nb \"\"c\"\", d\"\r\n\r\n2,5\" pipa\n3,\"x\" y";
        let expected = [
            ok(1, "1,\"a\r\nb \"\"c\"\", d\""),
            ok(4, "2,5\" pipa"),
            ok(5, "3,\"x\" y"),
        ];
        assert_eq!(rows(text, 100), expected);
    }

    #[test]
    fn an_unclosed_mark_costs_one_line() {
        let torn = "1,\"a\n2,\"b\"\n3,\"c\nd\"\n4,e\n";
        assert_eq!(
            rows(torn, 100),
            [
                (1, Err(())),
                ok(2, "2,\"b\""),
                ok(3, "3,\"c\nd\""),
                ok(5, "4,e")
            ]
        );
        let to_the_end = "1,\"a\n2,b\n3,c";
        assert_eq!(
            rows(to_the_end, 100),
            [(1, Err(())), ok(2, "2,b"), ok(3, "3,c")]
        );
        let past_the_limit = format!("1,\"a\n{}", "2,bbbb\n".repeat(9));
        let read = rows(&past_the_limit, 20);
        assert_eq!(read[0], (1, Err(())));
        assert_eq!(read[1..].len(), 9);
        assert_eq!(read[9], ok(10, "2,bbbb"));
    }

    #[test]
    fn a_line_above_the_limit_is_passed_over() {
        let text = format!("1,{}\n2,b\n", "a".repeat(50));
        assert_eq!(rows(&text, 20), [(1, Err(())), ok(2, "2,b")]);
    }

    #[test]
    fn marks_that_reopen_on_every_line_do_not_cost_the_square() {
        // Each line is open when read alone and open when read inside a field.
        let lines = 20_000;
        let text = "x\"\"\",\"\n".repeat(lines);
        let raw = Raw::new(Box::new(io::Cursor::new(text)));
        let mut rows = Rows::new(Stream::new(raw).unwrap(), b',', 64 << 10);
        let mut count = 0;
        while rows.next().unwrap().is_some() {
            count += 1;
        }
        assert_eq!(count, lines);
        let (fresh, again) = (rows.fresh, rows.given_back);
        assert!(again > 0 && again < 2 * fresh, "{again} bytes read again");
    }
}
