//! A page's title and visible text.
//!
//! Takes words only: pictures, scripts, links and forms' inner values are left
//! behind. Menus (`nav`) are too, since they repeat on every page of a site.

use scraper::{Html, Node};

/// Elements whose text nobody reads.
const DROPPED: [&str; 13] = [
    "script", "style", "noscript", "template", "nav", "svg", "math", "iframe", "object", "select",
    "textarea", "audio", "video",
];

/// Elements that run on in a line; every other one stands on its own.
const INLINE: [&str; 34] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "rb", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "u", "var",
];

/// Reads a page: its title, and its text with one line a block.
pub(super) fn read(page: &str) -> (Option<String>, String) {
    let tree = Html::parse_document(page);
    let mut title = None;
    let mut text = Text::default();
    let mut next = Some(tree.tree.root());
    // Walks by links: a recursive walk could overflow the stack.
    while let Some(node) = next {
        let mut inside = true;
        match node.value() {
            Node::Text(words) => text.push(words),
            Node::Element(element) if element.name() == "title" && title.is_none() => {
                let mut words = Text::default();
                for child in node.children() {
                    if let Node::Text(part) = child.value() {
                        words.push(part);
                    }
                }
                title = Some(words.finish()).filter(|title| !title.is_empty());
                inside = false;
            }
            Node::Element(element) => {
                let name = element.name();
                let dropped = name == "title" || DROPPED.contains(&name);
                inside = !dropped && element.attr("hidden").is_none();
                text.edge(name);
            }
            _ => {}
        }
        let mut at = node;
        next = node.first_child().filter(|_| inside);
        while next.is_none() {
            if let Node::Element(element) = at.value() {
                text.edge(element.name());
            }
            next = at.next_sibling();
            match at.parent() {
                Some(parent) if next.is_none() => at = parent,
                _ => break,
            }
        }
    }
    (title, text.finish())
}

/// Text with its white space put together as a browser shows it.
#[derive(Default)]
struct Text {
    text: String,
    gap: Option<char>,
}

impl Text {
    fn push(&mut self, words: &str) {
        for (n, word) in words.split(|c: char| c.is_ascii_whitespace()).enumerate() {
            if n > 0 {
                self.gap = self.gap.or(Some(' '));
            }
            if !word.is_empty() {
                if let Some(gap) = self.gap.take().filter(|_| !self.text.is_empty()) {
                    self.text.push(gap);
                }
                self.text.push_str(word);
            }
        }
    }

    /// Begins or ends an element.
    fn edge(&mut self, name: &str) {
        if matches!(name, "td" | "th") {
            self.gap = self.gap.or(Some(' '));
        } else if !INLINE.contains(&name) && !matches!(name, "img" | "wbr" | "input" | "button") {
            self.gap = Some('\n');
        }
    }

    fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(read("teks saja"), (None, "teks saja".to_owned()));
        assert_eq!(read("<title></title>"), (None, String::new()));
    }
}
