//! The words of a page, in the lines that a reader sees.
//!
//! Takes words only: pictures and their descriptions, scripts, drawings and
//! addresses of links are left behind.

use std::sync::LazyLock;

use regex::Regex;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};

use super::depth;

/// Elements whose content is not words for a reader.
const UNREAD: [&str; 12] = [
    "script", "style", "noscript", "template", "iframe", "svg", "math", "object", "audio", "video",
    "canvas", "head",
];
/// What repeats on every page of a site, or is there to be filled in.
const FURNITURE: [&str; 3] = ["nav", "select", "textarea"];
/// Elements that stand on lines of their own. All others run on, as browsers
/// have it: a made-up element must not split a word.
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "textarea",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
    "xmp",
];

static TITLE: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("title").expect("the selector is fixed"));
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<[A-Za-z/!]|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]+\d*);").expect("fixed and tested")
});

/// A whole page: its title, and its text without menus and forms' inner values.
pub fn of_page(page: &Html) -> (Option<String>, String) {
    let title = page
        .select(&TITLE)
        .find(|title| {
            let mut around = title.ancestors().filter_map(ElementRef::wrap);
            !around.any(|outer| matches!(outer.value().name(), "svg" | "math" | "template"))
        })
        .map(|title| title.text().collect::<String>())
        .map(|title| title.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|title| !title.is_empty());
    let raw = gather(page.root_element(), |element| {
        let name = element.name();
        let left = UNREAD.contains(&name) || FURNITURE.contains(&name) || name == "title";
        left || element.attr("hidden").is_some()
    });
    (title, tidy(&raw))
}

/// One element, chosen by who knows the page: menus and forms in it are read.
pub fn of_element(element: ElementRef<'_>) -> String {
    tidy(&gather(element, |element| UNREAD.contains(&element.name())))
}

/// The words of a piece of HTML; text without any markup is returned with its
/// own line breaks.
///
/// # Errors
///
/// When it is nested too deeply to parse.
pub fn of_piece(html: &str) -> Result<String, String> {
    if !MARKUP.is_match(html) {
        return Ok(tidy(html));
    }
    Ok(of_element(depth::fragment(html)?.root_element()))
}

/// Collapses blanks within lines and drops empty lines, as a browser does:
/// no-break and other wide spaces are the author's and stay.
pub fn tidy(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<String> = lines
        .map(|line| line.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    lines.join("\n")
}

/// Gathers the words below an element, lines broken where a reader sees them
/// break. It walks by links: a recursive walk could overflow the stack.
fn gather(root: ElementRef<'_>, is_left: impl Fn(&Element) -> bool) -> String {
    let mut out = String::new();
    let mut kept_breaks = 0;
    let mut next = Some(*root);
    while let Some(node) = next {
        let mut inside = true;
        match node.value() {
            Node::Text(text) if kept_breaks > 0 => out.push_str(text),
            // A line break in the source is a space to a reader.
            Node::Text(text) => out.extend(text.chars().map(|c| match c {
                '\n' | '\r' | '\t' => ' ',
                c => c,
            })),
            Node::Element(element) => {
                inside = !is_left(element);
                kept_breaks += usize::from(keeps_breaks(element));
                if BLOCK.contains(&element.name()) {
                    out.push('\n');
                }
            }
            _ => {}
        }
        next = node.first_child().filter(|_| inside);
        let mut at = node;
        while next.is_none() {
            if let Node::Element(element) = at.value() {
                kept_breaks -= usize::from(keeps_breaks(element));
                match element.name() {
                    "td" | "th" => out.push(' '),
                    name if BLOCK.contains(&name) => out.push('\n'),
                    _ => {}
                }
            }
            if at.id() == root.id() {
                return out;
            }
            next = at.next_sibling();
            match at.parent() {
                Some(parent) if next.is_none() => at = parent,
                _ => break,
            }
        }
    }
    out
}

fn keeps_breaks(element: &Element) -> bool {
    matches!(element.name(), "pre" | "textarea")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> (Option<String>, String) {
        of_page(&depth::document(page).unwrap())
    }

    #[test]
    fn words_are_taken_and_the_rest_is_left() {
        let (title, text) = read(
            "<!doctype html><html><head><title> Jual\n motor </title><style>p{}</style></head>
             <body><nav><a href=/>Beranda</a></nav><h1>Motor <b>bekas</b></h1>
             <p>Mulus,<br>surat   lengkap</p><script>var x='tidak'</script>
             <table><tr><td>Harga</td><td>5 jt</td></tr></table>
             <p hidden>tersembunyi</p><img alt=foto src=x.jpg><ul><li>satu<li>dua</ul></body></html>",
        );
        assert_eq!(title.as_deref(), Some("Jual motor"));
        assert_eq!(
            text,
            "Motor bekas\nMulus,\nsurat lengkap\nHarga 5 jt\nsatu\ndua"
        );
    }

    #[test]
    fn a_word_is_not_split_by_inline_marks() {
        assert_eq!(read("<p>pa<b>sp</b>or</p>").1, "paspor");
        assert_eq!(read("<p>pa<x-y>sp</x-y>or</p>").1, "paspor");
        assert_eq!(read("teks saja"), (None, "teks saja".to_owned()));
        assert_eq!(read("<title></title>"), (None, String::new()));
    }

    #[test]
    fn blocks_of_all_kinds_break_the_line() {
        let page = "a<details><summary>b</summary>c</details><nav>d</nav>e\
                    <table><caption>f</caption><tbody><tr><th>g<td>h</table>i";
        assert_eq!(read(page).1, "a\nb\nc\ne\nf\ng h\ni");
        assert_eq!(read("<pre>a\n b</pre>c").1, "a\nb\nc");
    }

    #[test]
    fn a_drawing_does_not_name_the_page() {
        let page = "<svg><title>ikon</title></svg><p>a";
        assert_eq!(read(page), (None, "a".to_owned()));
    }

    #[test]
    fn text_without_markup_keeps_its_lines() {
        assert_eq!(of_piece("a  b\n\nc < d & e").unwrap(), "a b\nc < d & e");
        assert_eq!(of_piece("a\nb &amp; c<br/>d").unwrap(), "a b & c\nd");
        assert_eq!(of_piece("a&nbsp;b<p>&nbsp;</p>").unwrap(), "a\u{a0}b");
    }
}
