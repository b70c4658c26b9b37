//! Refuses HTML that would keep the parser busy for minutes.
//!
//! The tree builder works in time that grows with the square of the nesting,
//! and it repeats unclosed formatting elements in every paragraph that
//! follows. One linear pass over the tags estimates both before it is let
//! loose. It is an estimate: it never changes what is parsed.

/// Deepest nesting that is parsed.
pub const MAX_DEPTH: usize = 512;
/// Most repeated formatting elements that a page may unfold to.
const MAX_UNFOLDED: usize = 200_000;

/// Elements that are closed by the page's own grammar, not by a tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements whose content is not markup.
const RAW: &[&str] = &[
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript",
];
/// Elements the tree builder opens again in the next paragraph.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];
/// Elements that end when the like begins, and what they do not reach beyond.
const OPTIONAL_END: &[(&str, &[&str], &[&str])] = &[
    ("li", &["li"], &["ul", "ol", "menu"]),
    ("dt", &["dt", "dd"], &["dl"]),
    ("dd", &["dt", "dd"], &["dl"]),
    ("option", &["option"], &["select", "datalist"]),
    ("td", &["td", "th"], &["tr", "table"]),
    ("th", &["td", "th"], &["tr", "table"]),
    ("tr", &["tr"], &["table", "tbody", "thead", "tfoot"]),
    ("tbody", &["tbody", "thead", "tfoot"], &["table"]),
    ("tfoot", &["tbody", "thead", "tfoot"], &["table"]),
    (
        "p",
        &["p"],
        &[
            "div", "li", "td", "th", "dd", "section", "article", "body", "button",
        ],
    ),
];
/// Elements that end an open paragraph.
const ENDS_PARAGRAPH: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "div",
    "dl",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];

/// Checks the nesting of a page.
///
/// # Errors
///
/// What is too much, for a person.
pub fn check(html: &str) -> Result<(), String> {
    let mut open = Open::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let (closing, after) = match rest.strip_prefix('/') {
            Some(after) => (true, after),
            None => (false, rest),
        };
        if !after.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = after.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/');
        let end = end.unwrap_or(after.len());
        let name = after[..after.floor_char_boundary(end.min(16))].to_ascii_lowercase();
        rest = past_attributes(&after[end..]);
        if closing {
            open.close(&name);
            continue;
        }
        open.begin(&name)?;
        if RAW.contains(&name.as_str()) {
            rest = past_raw(rest, &name);
            open.close(&name);
        }
    }
    Ok(())
}

/// What follows the `>` of a tag; quoted attributes may hold one.
fn past_attributes(tag: &str) -> &str {
    let mut quote = None;
    let mut before = b' ';
    for (at, &byte) in tag.as_bytes().iter().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            // A quote opens a value only behind the equals sign.
            None if matches!(byte, b'"' | b'\'') && before == b'=' => quote = Some(byte),
            None if byte == b'>' => return &tag[at + 1..],
            None => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    ""
}

/// What follows the content of a raw element, from its end tag on.
fn past_raw<'h>(html: &'h str, name: &str) -> &'h str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        let after = &rest[at + 2..];
        let matches = after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if matches {
            return &rest[at..];
        }
        rest = after;
    }
    ""
}

/// The elements that would be open.
#[derive(Default)]
struct Open {
    stack: Vec<String>,
    /// Formatting elements whose paragraph has ended without them.
    carried: Vec<String>,
    unfolded: usize,
}

impl Open {
    fn begin(&mut self, name: &str) -> Result<(), String> {
        if ENDS_PARAGRAPH.contains(&name) {
            self.end_optional("p");
            self.unfolded += self.carried.len();
        } else if name != "p" {
            self.end_optional(name);
        }
        if name == "a" {
            // A link cannot hold a link.
            self.carried.retain(|carried| carried != "a");
        }
        if VOID.contains(&name) {
            return Ok(());
        }
        self.stack.push(name.to_owned());
        let depth = self.stack.len() + self.carried.len();
        if depth > MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH} elements"));
        }
        if self.unfolded > MAX_UNFOLDED {
            return Err("unclosed formatting elements would unfold without end".to_owned());
        }
        Ok(())
    }

    fn end_optional(&mut self, name: &str) {
        let Some((_, ended, barriers)) = OPTIONAL_END.iter().find(|row| row.0 == name) else {
            return;
        };
        let found = self
            .stack
            .iter()
            .rposition(|open| ended.contains(&open.as_str()) || barriers.contains(&open.as_str()));
        if let Some(at) = found.filter(|&at| ended.contains(&self.stack[at].as_str())) {
            self.cut(at);
        }
    }

    fn close(&mut self, name: &str) {
        match self.stack.iter().rposition(|open| open == name) {
            Some(at) if FORMATTING.contains(&name) => {
                self.stack.remove(at);
            }
            Some(at) => self.cut(at),
            None => {
                if let Some(at) = self.carried.iter().rposition(|open| open == name) {
                    self.carried.remove(at);
                }
            }
        }
    }

    /// Ends everything from `at` on; formatting elements live on.
    fn cut(&mut self, at: usize) {
        let ended = self.stack.drain(at..);
        let carried = ended.filter(|open| FORMATTING.contains(&open.as_str()));
        self.carried.extend(carried);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_pass_however_long_and_sloppy() {
        for page in [
            "<div><p>a</p></div>".repeat(5000),
            format!("<ul>{}</ul>", "<li>a".repeat(5000)),
            format!("<table>{}</table>", "<tr><td>a<td>b".repeat(5000)),
            format!("<body>{}", "<p>a".repeat(5000)),
            format!("<select>{}</select>", "<option>a".repeat(5000)),
            "<br><img src=x><input>".repeat(5000),
            format!("<dl>{}</dl>", "<dt>a<dd>b".repeat(5000)),
            "<p><b>a</b><p>".repeat(5000),
            format!("<script>{}</script>", "'<div>'".repeat(5000)),
            format!("<!-- {} -->", "<div>".repeat(5000)),
            "<a title='<div>' href=\"a>b\">x</a>".repeat(5000),
            format!("<div>{}</div>", "<h2>a</h2><p>a".repeat(5000)),
        ] {
            assert_eq!(check(&page), Ok(()), "{}", &page[..60]);
        }
    }

    #[test]
    fn pages_built_to_be_slow_are_refused_at_once() {
        let fonts = "<font size=1>".repeat(400);
        for page in [
            "<div>".repeat(4000),
            "<ul><li>".repeat(16000),
            "<span>".repeat(600),
            "<DIV class='a>b'>".repeat(600),
            "<table><tr><td>".repeat(600),
            "<p><font color=red>".repeat(600),
            format!("<p>{fonts}{}", "<p>x".repeat(1000)),
        ] {
            let began = std::time::Instant::now();
            assert!(check(&page).is_err(), "{}", &page[..20]);
            assert!(began.elapsed().as_millis() < 500, "{:?}", began.elapsed());
        }
    }
}
