//! Hostile text made harmless to a terminal and to the reader's eye.
//!
//! Whatever moves a cursor, changes colours, turns the direction of writing or
//! shows nothing at all is written out as its code point. Nothing is removed
//! but carriage returns before line ends and presentation selectors of emoji.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

/// Marks stacked on one letter before the rest of them is written out.
const MOST_STACKED: usize = 3;

/// Text with several lines, harmless. Line feeds stay.
pub fn inert(text: &str) -> String {
    harmless(text, true)
}

/// Text on one line, harmless. Line feeds are written out too.
pub fn inert_line(text: &str) -> String {
    harmless(text, false)
}

fn harmless(text: &str, keep_lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut stacked = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        stacked = if c.width() == Some(0) { stacked + 1 } else { 0 };
        match c {
            '\n' if keep_lines => out.push('\n'),
            '\r' if keep_lines && rest.peek() == Some(&'\n') => {}
            '\t' => out.push(' '),
            // They only choose between two drawings of the same sign, and
            // terminals disagree on how wide those are.
            '\u{FE0E}' | '\u{FE0F}' => {}
            _ if is_hostile(c) || stacked > MOST_STACKED => write_out(&mut out, c),
            _ => out.push(c),
        }
    }
    out
}

fn write_out(out: &mut String, c: char) {
    write!(out, "‹U+{:04X}›", u32::from(c)).expect("writing to a string does not fail");
}

/// Controls, format characters, separators of lines, what shows nothing, what
/// is private, and what Unicode will never assign (Unicode 17, general
/// categories Cc, Cf, Zl, Zp, Co and `Default_Ignorable_Code_Point`).
fn is_hostile(c: char) -> bool {
    c.is_control()
        || u32::from(c) & 0xFFFE == 0xFFFE
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}'
            | '\u{890}' | '\u{891}' | '\u{8E2}' | '\u{115F}' | '\u{1160}' | '\u{17B4}'
            | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FE00}'..='\u{FE0D}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}'
            | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_and_turned_writing_become_visible() {
        assert_eq!(inert("a\u{1b}[31mb\u{7f}"), "a‹U+001B›[31mb‹U+007F›");
        assert_eq!(inert("\u{9b}2J"), "‹U+009B›2J");
        assert_eq!(inert("\u{202e}abc\u{2066}"), "‹U+202E›abc‹U+2066›");
        assert_eq!(inert("a\u{200b}b\u{e0041}"), "a‹U+200B›b‹U+E0041›");
        assert_eq!(inert("a\u{2028}b\rc"), "a‹U+2028›b‹U+000D›c");
    }

    #[test]
    fn ordinary_writing_stays_as_it_is() {
        for text in [
            "Paspor disimpan 🙏",
            "baris\nbaris",
            "ñ e\u{301} 語 ไทย",
            "",
        ] {
            assert_eq!(inert(text), text);
        }
        assert_eq!(inert("a\r\nb"), "a\nb");
        assert_eq!(inert("a\tb"), "a b");
        assert_eq!(inert_line("a\r\nb"), "a‹U+000D›‹U+000A›b");
    }

    #[test]
    fn towers_of_marks_are_taken_down() {
        let tower = format!("a{}", "\u{301}".repeat(9));
        let shown = inert(&tower);
        assert_eq!(shown.matches('\u{301}').count(), MOST_STACKED);
        assert_eq!(shown.matches("‹U+0301›").count(), 9 - MOST_STACKED);
    }

    proptest! {
        #[test]
        fn no_control_but_the_line_feed_gets_through(text in any::<String>()) {
            prop_assert!(inert(&text).chars().all(|c| c == '\n' || !c.is_control()));
            prop_assert!(inert_line(&text).chars().all(|c| !c.is_control()));
        }

        #[test]
        fn nothing_hostile_gets_through(
            text in "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}a]{0,40}"
        ) {
            prop_assert!(inert(&text).chars().all(|c| c == '\n' || !is_hostile(c)));
            let visible = |c: char| "\n ‹›".contains(c) || c.is_ascii_graphic();
            prop_assert!(inert(&text).chars().all(visible));
        }
    }
}
