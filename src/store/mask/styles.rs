//! How each kind of contact is masked, character by character.
//!
//! Every function returns as many characters as it was given.

use super::MASK;
use crate::entity::Value;

/// Telephone numbers with fewer digits than this show none of them.
const FEWEST_DIGITS: usize = 8;

/// Digits shown at either end of a telephone number.
const SHOWN_DIGITS: usize = 2;

/// Characters shown of a handle.
const SHOWN_LETTERS: usize = 3;

/// `chars`, the published form of `value`, masked; `None` when it is no
/// contact.
pub(super) fn masked(value: &Value, chars: &[char]) -> Option<Vec<char>> {
    match value {
        Value::Phone { .. } => Some(phone(chars)),
        Value::Handle { .. } => Some(handle(chars)),
        Value::Email { .. } => Some(email(chars)),
        Value::Link { messenger, .. } => Some(link(chars, *messenger)),
        Value::Messenger { .. }
        | Value::Price { .. }
        | Value::Age { .. }
        | Value::Born { .. }
        | Value::School { .. }
        | Value::Place { .. }
        | Value::Disguise { .. } => None,
    }
}

/// Keeps the separators and the first and last two digits.
pub(super) fn phone(chars: &[char]) -> Vec<char> {
    let digits = chars.iter().filter(|c| c.is_numeric()).count();
    let shown = if digits < FEWEST_DIGITS {
        0
    } else {
        SHOWN_DIGITS
    };
    let mut seen = 0;
    let mask_one = |&c: &char| {
        if c.is_numeric() {
            seen += 1;
            let at_end = seen <= shown || seen > digits - shown;
            if at_end { c } else { MASK }
        } else if is_separator(c) {
            c
        } else {
            MASK
        }
    };
    chars.iter().map(mask_one).collect()
}

/// Signs and spaces people put between the parts of a contact.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '+' | '/' | '_' | '‐'..='―' | '·')
}

/// Keeps the first three characters, of short handles the first half.
pub(super) fn handle(chars: &[char]) -> Vec<char> {
    let shown = SHOWN_LETTERS.min(chars.len() / 2);
    let mask_one = |(n, &c): (usize, &char)| if n < shown { c } else { MASK };
    chars.iter().enumerate().map(mask_one).collect()
}

/// Keeps the at sign, the dots and the last label of the domain.
fn email(chars: &[char]) -> Vec<char> {
    let at = chars.iter().position(|&c| c == '@');
    let last_dot = chars.iter().rposition(|&c| c == '.');
    // Without an at sign the address was disguised: nothing of it is shown.
    let label = match (at, last_dot) {
        (Some(at), Some(dot)) if dot > at => dot,
        _ => chars.len(),
    };
    let mask_one = |(n, &c): (usize, &char)| {
        let kept = n >= label || matches!(c, '@' | '.') || c.is_whitespace();
        if kept { c } else { MASK }
    };
    chars.iter().enumerate().map(mask_one).collect()
}

/// Keeps the scheme and the host. The host of a messenger loses its dots and
/// what follows loses its shape, so that nothing on a screen makes it a link.
fn link(chars: &[char], messenger: bool) -> Vec<char> {
    let scheme = chars
        .windows(3)
        .position(|three| three == [':', '/', '/'])
        .map_or(0, |at| at + 3);
    let host_end = chars[scheme..]
        .iter()
        .position(|&c| matches!(c, '/' | '?' | '#' | '\\') || c.is_whitespace())
        .map_or(chars.len(), |at| scheme + at);
    let user_end = chars[scheme..host_end]
        .iter()
        .rposition(|&c| c == '@')
        .map_or(scheme, |at| scheme + at);
    let mask_one = |(n, &c): (usize, &char)| match n {
        n if n < scheme => c,
        n if n < user_end => MASK,
        n if n < host_end => {
            if messenger && c == '.' {
                MASK
            } else {
                c
            }
        }
        n if n == host_end => c,
        _ if !messenger && matches!(c, '/' | '?' | '#' | '&' | '=') => c,
        _ => MASK,
    };
    chars.iter().enumerate().map(mask_one).collect()
}

/// Web addresses, wherever they stand, lose the scheme that would make them a
/// link on a screen (`https` becomes `hxxps`), and the ways to open a
/// conversation lose one sign.
pub(super) fn defang(chars: &mut [char]) {
    // With the place of the character that is masked.
    const OPENERS: [(&str, usize); 2] = [("wa.me", 2), ("t.me/", 1)];
    for start in 0..chars.len() {
        // "contact.me/" is not "t.me/".
        if start > 0 && chars[start - 1].is_alphanumeric() {
            continue;
        }
        for (opener, at) in OPENERS {
            if begins(&chars[start..], opener) {
                chars[start + at] = MASK;
            }
        }
        defang_scheme(&mut chars[start..]);
    }
}

/// Takes the force out of a scheme at the beginning of `chars`.
fn defang_scheme(chars: &mut [char]) {
    let Some(colon) = chars
        .iter()
        .take("mailto".len() + 1)
        .position(|&c| c == ':')
    else {
        return;
    };
    let scheme: String = chars[..colon].iter().collect::<String>().to_lowercase();
    let next = chars.get(colon + 1);
    match scheme.as_str() {
        "http" | "https" => chars[1..3].fill('x'),
        "mailto" => chars[colon] = MASK,
        // People write it with a space before the number; without, it dials.
        "tel" if next.is_some_and(|&c| c.is_numeric() || matches!(c, '+' | MASK)) => {
            chars[colon] = MASK;
        }
        _ => {}
    }
}

fn begins(chars: &[char], with: &str) -> bool {
    let mut rest = chars.iter();
    with.chars().all(|c| {
        rest.next()
            .is_some_and(|have| have.eq_ignore_ascii_case(&c))
    })
}

/// The account that published a post: its first three characters.
pub fn account(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    handle(&chars).into_iter().collect()
}

/// An E.164 number for people: country code, two digits, two digits.
pub fn phone_display(e164: &str) -> String {
    let digits: Vec<char> = e164.chars().filter(char::is_ascii_digit).collect();
    let country = country_code_digits(&digits).min(digits.len());
    let (country, national) = digits.split_at(country);
    let masked = phone(national);
    let join = |chars: &[char]| chars.iter().collect::<String>();
    format!("+{} {}", join(country), join(&masked))
}

/// How many digits the country code takes (ITU-T E.164, list of 2016).
fn country_code_digits(digits: &[char]) -> usize {
    let two: String = digits.iter().take(2).collect();
    match two.as_str() {
        _ if two.starts_with('1') || two.starts_with('7') => 1,
        "20" | "27" | "30" | "31" | "32" | "33" | "34" | "36" | "39" | "40" | "41" | "43"
        | "44" | "45" | "46" | "47" | "48" | "49" | "51" | "52" | "53" | "54" | "55" | "56"
        | "57" | "58" | "60" | "61" | "62" | "63" | "64" | "65" | "66" | "81" | "82" | "84"
        | "86" | "90" | "91" | "92" | "93" | "94" | "95" | "98" => 2,
        _ => 3,
    }
}
