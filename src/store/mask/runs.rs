//! Long runs of digits: numbers nobody recognised.

use std::ops::Range;

use super::styles::is_separator;

/// This many digits make a telephone number rather than a year or a sum.
pub(super) const LONG: usize = 9;

/// Most separators between two digits of one number, as in `0812 - 0000`.
const WIDEST_GAP: usize = 3;

/// Runs of at least [`LONG`] digits. Digits in `counted` places belong to
/// something else and end a run; so does a line end.
pub(super) fn long_runs(chars: &[char], counted: &[bool]) -> Vec<Range<usize>> {
    runs(chars, counted)
        .into_iter()
        .filter(|run| digits_of(&chars[run.clone()]).chars().count() >= LONG)
        .collect()
}

/// Every run of digits with separators between them, from first to last digit.
pub(super) fn runs(chars: &[char], counted: &[bool]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for (n, &c) in chars.iter().enumerate() {
        let ends_run = counted.get(n).copied().unwrap_or(false)
            || !(c.is_numeric() || joins(c))
            || open
                .as_ref()
                .is_some_and(|run| !c.is_numeric() && n - run.end >= WIDEST_GAP);
        if ends_run {
            found.extend(open.take());
        } else if c.is_numeric() {
            open = Some(open.map_or(n, |run| run.start)..n + 1);
        }
    }
    found.extend(open);
    found
}

/// What may stand between the digits of one number: separators, and the
/// invisible parts of keycap emoji and zero-width disguises.
fn joins(c: char) -> bool {
    let breaks_line = matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let invisible = matches!(
        c,
        '\u{20E3}' | '\u{FE0E}' | '\u{FE0F}' | '\u{200B}'
            ..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}'
    );
    (is_separator(c) && !breaks_line) || invisible
}

/// The digits among `chars`, as ASCII where they have a decimal value.
pub(super) fn digits_of(chars: &[char]) -> String {
    chars
        .iter()
        .filter(|c| c.is_numeric())
        .map(|&c| decimal(c))
        .collect()
}

/// The ASCII digit of the decimal digits people really type: ASCII, fullwidth,
/// mathematical and Arabic-Indic. Others keep their own form.
fn decimal(c: char) -> char {
    const ZEROS: [(char, u32); 5] = [
        ('\u{FF10}', 1),
        ('\u{1D7CE}', 5),
        ('\u{660}', 1),
        ('\u{6F0}', 1),
        ('\u{966}', 1),
    ];
    for (zero, sets) in ZEROS {
        let offset = u32::from(c).wrapping_sub(u32::from(zero));
        if offset < sets * 10 {
            return char::from_digit(offset % 10, 10).unwrap_or(c);
        }
    }
    c
}
