//! What is wrong with a file that is not TOML, as its author would say it.
//!
//! A parser that goes on behind a fault tells of consequences. Told here are
//! the first fault, and later ones whose cause can be named.

use std::ops::Range;

/// A fault, with its place in the file.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

/// Quotes of print and telephones, which TOML does not know.
const TYPOGRAPHIC: [char; 8] = ['“', '”', '„', '‟', '‘', '’', '‚', '′'];
/// What opens and closes a block of lines.
const BLOCK: &str = "'''";

/// The faults behind what the parser says, each a place and a message.
pub(super) fn faults(text: &str, mut said: Vec<(Range<usize>, String)>) -> Vec<Fault> {
    said.sort_by_key(|one| one.0.start);
    let mut faults: Vec<Fault> = Vec::new();
    let mut told_to = 0;
    for (index, (at, message)) in said.into_iter().enumerate() {
        let at = text.floor_char_boundary(at.start)..text.ceil_char_boundary(at.end);
        let line = line_at(text, at.start);
        if index > 0 && line.start < told_to {
            continue;
        }
        let fault = match named(text, &line, &at, &message) {
            Some(fault) => fault,
            None if index > 0 => continue,
            None => open_block(text).unwrap_or(Fault {
                at,
                message: message.replace('\n', "; "),
                help: "a line is `key = value`, `[heading]`, `# note`, or inside `'''` … `'''`; look at the line above too".to_owned(),
            }),
        };
        told_to = line.end;
        faults.push(fault);
    }
    faults
}

fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |feed| feed + 1);
    let end = text[at..].find('\n').map_or(text.len(), |len| at + len);
    start..end
}

/// The fault at `at`, if what stands on its line tells the cause.
fn named(text: &str, line: &Range<usize>, at: &Range<usize>, said: &str) -> Option<Fault> {
    let written = &text[line.clone()];
    let is_odd = n_quotes(written) % 2 == 1 && !written.contains("\"\"\"");
    if let Some(fault) = quote_of_print(written, line.start, is_odd) {
        return Some(fault);
    }
    let hidden = text[at.start..].chars().next();
    if let Some(hidden) = hidden.filter(|ch| is_hidden(*ch)) {
        let message = format!(
            "a character that cannot be seen (U+{:04X})",
            u32::from(hidden)
        );
        let help = "delete it and type a space; it comes along with text copied from a page";
        return Some(fault(
            at.start..at.start + hidden.len_utf8(),
            &message,
            help,
        ));
    }
    if said.contains("escape") {
        let help = "put a pattern in single quotes, `'gaji \\d+'`, or write `\\\\` for a backslash";
        return Some(fault(
            at.clone(),
            "`\\` means something else between double quotes",
            help,
        ));
    }
    if is_odd {
        let help = "a text stands between two: `key = \"text\"`; in a list a comma follows each";
        return Some(fault(at.clone(), "a quote is missing on this line", help));
    }
    let key = written.trim_start();
    let behind = key.trim_start_matches(|ch: char| ch.is_ascii_alphanumeric() || ch == '_');
    if behind.len() < key.len() && behind.trim_start().starts_with(':') {
        let colon = line.end - behind.trim_start().len();
        let message = "`:` stands where `=` must";
        return Some(fault(colon..colon + 1, message, "write `key = \"text\"`"));
    }
    if key.starts_with('[') && !key.trim_end().ends_with(']') && said.contains("table") {
        let help = "a heading is `[name]`, or `[[name]]` for one of several";
        return Some(fault(at.clone(), "the heading is never closed", help));
    }
    None
}

fn fault(at: Range<usize>, message: &str, help: &str) -> Fault {
    Fault {
        at,
        message: message.to_owned(),
        help: help.to_owned(),
    }
}

/// How many double quotes open or close a text.
fn n_quotes(part: &str) -> usize {
    part.replace("\\\"", "").matches('"').count()
}

/// A typographic quote outside of texts, or on a line with a quote too few.
fn quote_of_print(written: &str, start: usize, is_odd: bool) -> Option<Fault> {
    let (found, quote) = written
        .char_indices()
        .filter(|one| TYPOGRAPHIC.contains(&one.1))
        .find(|one| is_odd || n_quotes(&written[..one.0]).is_multiple_of(2))?;
    let at = start + found..start + found + quote.len_utf8();
    let message = format!("`{quote}` is not a quote in a rule file");
    let help = "type plain quotes, `\"` around a text and `'''` around a block; word processors and telephones put others in their place";
    Some(fault(at, &message, help))
}

/// Neither seen nor a space of TOML.
fn is_hidden(ch: char) -> bool {
    let is_space = ch.is_whitespace() && !matches!(ch, ' ' | '\t' | '\r' | '\n');
    is_space
        || matches!(
            ch,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

/// The block that is never closed: the one that holds a heading or a key.
fn open_block(text: &str) -> Option<Fault> {
    let marks: Vec<usize> = text.match_indices(BLOCK).map(|found| found.0).collect();
    let swallows = |pair: &&[usize]| match **pair {
        [open, close] => text[open..close].lines().skip(1).any(is_rule_line),
        _ => true,
    };
    let open = *marks.chunks(2).find(swallows)?.first()?;
    Some(Fault {
        at: open..open + BLOCK.len(),
        message: "this block is never closed".to_owned(),
        help: "end it with a line that holds only `'''`".to_owned(),
    })
}

/// `[heading]` or `key = "…"`, which no phrase looks like.
fn is_rule_line(line: &str) -> bool {
    let is_name = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '.' | '[');
    let line = line.trim();
    let value = line.trim_start_matches(is_name).trim_start();
    line.starts_with('[') && line.ends_with(']')
        || value
            .strip_prefix('=')
            .is_some_and(|value| value.trim_start().starts_with(['"', '\'', '[', '{']))
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    fn told(text: &str) -> Vec<String> {
        let errors = DeTable::parse_recoverable(text).1;
        let said = errors
            .iter()
            .map(|error| (error.span().unwrap_or(0..0), error.message().to_owned()));
        faults(text, said.collect())
            .into_iter()
            .map(|fault| format!("{}: {}", fault.at.start, fault.message))
            .collect()
    }

    #[test]
    fn causes_are_told_and_consequences_are_not() {
        for (text, wanted) in [
            (
                "a = \"x\nb = \"y\"\n",
                vec!["6: a quote is missing on this line"],
            ),
            (
                "a = \"x\nb = y\"\n",
                vec![
                    "6: a quote is missing on this line",
                    "11: a quote is missing on this line",
                ],
            ),
            (
                "a = { b = \"x }\nc = \"y\"\nd = \"z\"\n",
                vec!["14: a quote is missing on this line"],
            ),
            (
                "a = [\"x, \"y\"]\n",
                vec!["10: a quote is missing on this line"],
            ),
            ("a = “x”\n", vec!["4: `“` is not a quote in a rule file"]),
            ("a = \"x”\n", vec!["6: `”` is not a quote in a rule file"]),
            (
                "a = ‘’’\nx y\n",
                vec!["4: `‘` is not a quote in a rule file"],
            ),
            (
                "a\u{a0}= 1\n",
                vec!["1: a character that cannot be seen (U+00A0)"],
            ),
            ("a: \"x\"\n", vec!["1: `:` stands where `=` must"]),
            ("[a\n", vec!["2: the heading is never closed"]),
            (
                "a = \"\\d\"\n",
                vec!["6: `\\` means something else between double quotes"],
            ),
            (
                "a = '''\nx y\n\n[b]\nc = '''\nz z\n'''\n",
                vec!["4: this block is never closed"],
            ),
            ("a = '''\nx y\n", vec!["4: this block is never closed"]),
            ("a = \"“x”\"\n", vec![]),
        ] {
            assert_eq!(told(text), wanted, "{text}");
        }
    }
}
