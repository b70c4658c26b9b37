//! Text that stands in Markdown as it was written, whatever it holds.

use super::inert_line;

/// One line of text for Markdown: it starts no markup, no HTML and no link,
/// and reads as written once rendered. What is hostile to a terminal is
/// written out, see [`inert_line`].
pub fn inert_markdown(text: &str) -> String {
    let text = inert_line(text);
    let mut out = String::with_capacity(text.len());
    for (at, ch) in text.char_indices() {
        let before = text[..at].chars().next_back();
        let after = text[at + ch.len_utf8()..].chars().next();
        let is_word = |ch: Option<char>| ch.is_some_and(char::is_alphanumeric);
        // What reads as markup anywhere; what does at the beginning of a line
        // (a list, a heading, a number); and what a reader might turn into a
        // link by itself.
        let is_markup = match ch {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '#' | '$' | '!' | '{'
            | '}' => true,
            '_' => !(is_word(before) && is_word(after)),
            '+' | '-' | '=' => before.is_none(),
            '.' | ')' => text[..at].bytes().all(|byte| byte.is_ascii_digit()),
            ':' => after == Some('/'),
            '@' => is_word(after),
            _ => false,
        };
        if is_markup {
            out.push('\\');
        }
        out.push(ch);
    }
    // A dot between letters makes `www.` a link; the escape keeps it text.
    out.replace("www.", "www\\.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_is_markup() {
        let told = [
            ("G03-w1", "G03-w1"),
            ("scam_compound_offer", "scam_compound_offer"),
            ("_x_ *y*", "\\_x\\_ \\*y\\*"),
            ("[a](http://b.example)", "\\[a\\](http\\://b.example)"),
            ("<img src=x>", "\\<img src=x\\>"),
            ("- a\n# b", "\\- a‹U+000A›\\# b"),
            ("1. a", "1\\. a"),
            ("a|b", "a\\|b"),
            ("wa @contoh", "wa \\@contoh"),
            ("www.a.example", "www\\.a.example"),
        ];
        for (text, wanted) in told {
            assert_eq!(inert_markdown(text), wanted);
        }
    }
}
