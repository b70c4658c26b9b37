//! Lines of a known width, with or without colour.
//!
//! Knows nothing of findings. Everything it is given must be inert already.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::UnicodeWidthChar as _;

use super::Style;
use crate::assessment::Level;

/// The narrowest page that is laid out; narrower terminals wrap by themselves.
const NARROWEST: usize = 32;

/// A space no line is broken at; drawn as an ordinary one.
pub(super) const GLUE: char = '\u{A0}';

/// How a character is drawn. Without colour all look the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Bold,
    Faint,
    Marked,
    Level(Level),
}

impl Tone {
    fn ansi(self) -> Ansi {
        let plain = Ansi::new();
        match self {
            Self::Plain => plain,
            Self::Bold => plain.bold(),
            Self::Faint => plain.dimmed(),
            Self::Marked => plain.bold().underline(),
            Self::Level(Level::Critical | Level::High) => {
                plain.bold().fg_color(Some(AnsiColor::Red.into()))
            }
            Self::Level(Level::Medium) => plain.fg_color(Some(AnsiColor::Yellow.into())),
            Self::Level(Level::Low | Level::None) => plain,
        }
    }
}

/// A drawn character.
pub(super) type Cell = (char, Tone);

/// `text` in one tone.
pub(super) fn toned(text: &str, tone: Tone) -> Vec<Cell> {
    text.chars().map(|c| (c, tone)).collect()
}

/// Columns a character takes.
fn columns(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// `text` in at most `most` columns; what does not fit becomes `…`.
pub(super) fn fit(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        if used + columns(c) + 1 > most {
            break;
        }
        used += columns(c);
        out.push(c);
    }
    if most > 0 {
        out.push('…');
    }
    out
}

/// `text` in exactly `columns`.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let mut text = fit(text, columns);
    let missing = columns - width(&text);
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

/// A page being written.
pub(super) struct Page {
    out: String,
    width: usize,
    color: bool,
}

impl Page {
    pub(super) fn new(style: &Style) -> Self {
        Self {
            out: String::new(),
            width: style.width.max(NARROWEST),
            color: style.color,
        }
    }

    /// Columns that are used.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A heading after an empty line.
    pub(super) fn heading(&mut self, text: &str) {
        self.gap();
        self.cells(0, &toned(text, Tone::Bold));
    }

    /// A plain paragraph, indented.
    pub(super) fn line(&mut self, indent: usize, text: &str) {
        self.cells(indent, &toned(text, Tone::Plain));
    }

    /// A paragraph, indented, wrapped.
    pub(super) fn cells(&mut self, indent: usize, cells: &[Cell]) {
        self.hanging(indent, indent, cells);
    }

    /// A paragraph, wrapped, whose first line begins at `first` and whose
    /// other lines begin at `indent`.
    pub(super) fn hanging(&mut self, first: usize, indent: usize, cells: &[Cell]) {
        let mut start = first;
        for line in cells.split(|cell| cell.0 == '\n') {
            let mut rest = line;
            loop {
                let room = self.width.saturating_sub(start).max(8);
                let (here, after) = split_at_width(rest, room);
                self.draw(start, here);
                start = indent;
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// One line, without its trailing spaces, ending every tone it begins.
    fn draw(&mut self, indent: usize, cells: &[Cell]) {
        let end = cells
            .iter()
            .rposition(|cell| cell.0 != ' ')
            .map_or(0, |at| at + 1);
        if end > 0 {
            self.out.extend(std::iter::repeat_n(' ', indent));
        }
        for same in cells[..end].chunk_by(|one, next| one.1 == next.1) {
            let ansi = same[0].1.ansi();
            let text: String = same.iter().map(|cell| cell.0).collect();
            let text = text.replace(GLUE, " ");
            let written = if self.color {
                write!(self.out, "{ansi}{text}{ansi:#}")
            } else {
                write!(self.out, "{text}")
            };
            written.expect("writing to a string does not fail");
        }
        self.out.push('\n');
    }
}

/// What fits in `room` columns, broken at a space where there is one, and the
/// rest without the spaces it began with.
fn split_at_width(cells: &[Cell], room: usize) -> (&[Cell], &[Cell]) {
    let mut used = 0;
    let mut last_space = None;
    for (at, cell) in cells.iter().enumerate() {
        if cell.0 == ' ' {
            last_space = Some(at);
        }
        used += columns(cell.0);
        if used > room {
            let end = last_space.filter(|&at| at > 0).unwrap_or(at.max(1));
            let rest = &cells[end..];
            let spaces = rest.iter().take_while(|cell| cell.0 == ' ').count();
            return (&cells[..end], &rest[spaces..]);
        }
    }
    (cells, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize, color: bool) -> Page {
        Page::new(&Style {
            color,
            width,
            ..Style::default()
        })
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(width("語a"), 3);
        assert_eq!(fit("語語語", 5), "語語…");
        assert_eq!(pad("語", 4), "語  ");
        assert_eq!(fit("abc", 3), "abc");
        assert_eq!(fit("abcd", 0), "");
    }

    #[test]
    fn no_line_is_wider_than_the_page() {
        let text = "kata ".repeat(30) + &"語".repeat(50) + "\n\n" + &"x".repeat(99);
        let mut page = page(40, false);
        page.line(4, &text);
        let out = page.finish();
        assert!(out.lines().count() > 8);
        for line in out.lines() {
            assert!(width(line) <= 40, "{line}");
            assert!(!line.ends_with(' '));
        }
    }

    #[test]
    fn every_line_ends_the_colours_it_began() {
        let mut page = page(40, true);
        page.cells(0, &toned(&"tebal ".repeat(20), Tone::Marked));
        for line in page.finish().lines() {
            assert!(
                line.starts_with("\u{1b}[") && line.ends_with("\u{1b}[0m"),
                "{line:?}"
            );
        }
    }
}
