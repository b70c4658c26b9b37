//! Refuses pages nested so deep that building their tree would take the
//! square of their length.
//!
//! One pass over the bytes, before any tree is built. It follows the HTML
//! tokenizer where a shortcut could hide a tag (quoted attributes, comments,
//! scripts) and counts high where it is unsure.

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 512;

/// Elements that never hold others, or that end when a sibling begins.
const SHALLOW: [&[u8]; 34] = [
    b"area",
    b"base",
    b"br",
    b"col",
    b"embed",
    b"hr",
    b"img",
    b"input",
    b"link",
    b"meta",
    b"param",
    b"source",
    b"track",
    b"wbr",
    b"html",
    b"head",
    b"body",
    b"p",
    b"li",
    b"dt",
    b"dd",
    b"tr",
    b"td",
    b"th",
    b"thead",
    b"tbody",
    b"tfoot",
    b"option",
    b"optgroup",
    b"rp",
    b"rt",
    b"frame",
    b"image",
    b"colgroup",
];

/// Elements that the tree builder opens again wherever they were left open.
const FORMATTING: [&[u8]; 14] = [
    b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike",
    b"strong", b"tt", b"u",
];

/// Parts of drawings. Between `<svg>` and the first tag that is none of these,
/// `<path/>` closes itself as it never does in HTML.
const DRAWING: [&[u8]; 22] = [
    b"svg",
    b"g",
    b"path",
    b"rect",
    b"circle",
    b"ellipse",
    b"line",
    b"polyline",
    b"polygon",
    b"use",
    b"defs",
    b"symbol",
    b"stop",
    b"lineargradient",
    b"radialgradient",
    b"clippath",
    b"mask",
    b"pattern",
    b"marker",
    b"filter",
    b"animate",
    b"tspan",
];

/// Checks a page.
///
/// # Errors
///
/// What is wrong, when it is nested too deep.
pub(super) fn check(page: &str) -> Result<(), String> {
    let bytes = page.as_bytes();
    let mut open: Vec<&[u8]> = Vec::new();
    let mut formatting: Vec<(&[u8], &[u8])> = Vec::new();
    let mut drawing = false;
    let mut at = 0;
    while let Some(tag) = next_tag(bytes, &mut at) {
        let is = |name: &[u8]| tag.name.eq_ignore_ascii_case(name);
        drawing = (drawing || is(b"svg")) && DRAWING.iter().any(|name| is(name));
        if FORMATTING.iter().any(|name| is(name)) {
            formatted(&mut formatting, &tag);
        } else if tag.closes {
            if let Some(depth) = open.iter().rposition(|name| is(name)) {
                open.truncate(depth);
            }
            drawing &= !is(b"svg");
        } else if (is(b"script") || is(b"style")) && !open.iter().any(|name| is_foreign(name)) {
            at = end_of_raw(bytes, at, tag.name);
        } else {
            let shallow = SHALLOW.iter().any(|name| is(name));
            let closed = drawing && tag.whole.ends_with(b"/>");
            if !shallow && !closed {
                open.push(tag.name);
            }
        }
        if open.len() + formatting.len() > MAX_DEPTH {
            return Err(format!("elements are nested more than {MAX_DEPTH} deep"));
        }
    }
    Ok(())
}

/// Inside these, scripts and styles are ordinary elements.
fn is_foreign(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"svg") || name.eq_ignore_ascii_case(b"math")
}

/// Keeps the list of open formatting elements as the tree builder does: at
/// most three that are alike, one link at a time.
fn formatted<'p>(list: &mut Vec<(&'p [u8], &'p [u8])>, tag: &Tag<'p>) {
    let last = list
        .iter()
        .rposition(|(name, _)| name.eq_ignore_ascii_case(tag.name));
    let single = tag.name.eq_ignore_ascii_case(b"a") || tag.name.eq_ignore_ascii_case(b"nobr");
    if let Some(last) = last.filter(|_| tag.closes || single) {
        list.remove(last);
    }
    let alike = list.iter().filter(|(_, whole)| *whole == tag.whole).count();
    if !tag.closes && alike < 3 {
        list.push((tag.name, tag.whole));
    }
}

struct Tag<'p> {
    name: &'p [u8],
    whole: &'p [u8],
    closes: bool,
}

/// The next tag from `at`, which is moved past it.
fn next_tag<'p>(page: &'p [u8], at: &mut usize) -> Option<Tag<'p>> {
    loop {
        let start = *at + find(&page[*at..], b"<")?;
        let rest = &page[start + 1..];
        let closes = rest.first() == Some(&b'/');
        let name_at = start + 1 + usize::from(closes);
        let first = *page.get(name_at)?;
        if first.is_ascii_alphabetic() {
            let length = page[name_at..]
                .iter()
                .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))?;
            *at = end_of_tag(page, name_at + length);
            return Some(Tag {
                name: &page[name_at..name_at + length],
                whole: &page[start..*at],
                closes,
            });
        }
        *at = if rest.starts_with(b"!--") {
            end_of_comment(page, start + 4)
        } else {
            start + 1
        };
    }
}

/// Past the `>` of a tag whose name ended at `at`, as the tokenizer sees
/// quotes: only straight after an attribute's equals sign.
fn end_of_tag(page: &[u8], mut at: usize) -> usize {
    #[derive(PartialEq)]
    enum In {
        Between,
        Name,
        AfterName,
        BeforeValue,
        Bare,
    }
    let mut state = In::Between;
    while let Some(&byte) = page.get(at) {
        at += 1;
        let blank = byte.is_ascii_whitespace();
        state = match (state, byte) {
            (_, b'>') => return at,
            (In::BeforeValue, b'"' | b'\'') => {
                at += find(&page[at..], &[byte]).map_or(page.len() - at, |end| end + 1);
                In::Between
            }
            (In::BeforeValue, _) if blank => In::BeforeValue,
            (In::BeforeValue, _) => In::Bare,
            (In::Bare, _) if blank => In::Between,
            (In::Bare, _) => In::Bare,
            (In::Between, b'/') => In::Between,
            (In::Between, _) if blank => In::Between,
            (In::Name | In::AfterName, b'=') => In::BeforeValue,
            (In::Name | In::AfterName, b'/') => In::Between,
            (In::Name | In::AfterName, _) if blank => In::AfterName,
            (In::Between | In::Name | In::AfterName, _) => In::Name,
        };
    }
    page.len()
}

/// Past a comment whose text begins at `at`.
fn end_of_comment(page: &[u8], at: usize) -> usize {
    let text = &page[at..];
    if text.starts_with(b">") {
        return at + 1;
    }
    if text.starts_with(b"->") {
        return at + 2;
    }
    let mut from = 0;
    while let Some(dashes) = find(&text[from..], b"--") {
        let after = &text[from + dashes + 2..];
        if after.starts_with(b">") {
            return at + from + dashes + 3;
        }
        if after.starts_with(b"!>") {
            return at + from + dashes + 4;
        }
        from += dashes + 1;
    }
    page.len()
}

/// Where the closing tag of a script or style stands; `at` is past its start.
fn end_of_raw(page: &[u8], mut at: usize, name: &[u8]) -> usize {
    while let Some(start) = find(&page[at..], b"</") {
        let tail = &page[at + start + 2..];
        if tail
            .get(..name.len())
            .is_some_and(|tail| tail.eq_ignore_ascii_case(name))
        {
            return at + start;
        }
        at += start + 2;
    }
    page.len()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    match what {
        &[one] => bytes.iter().position(|&byte| byte == one),
        _ => bytes.windows(what.len()).position(|window| window == what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deep(unit: impl Fn(usize) -> String) -> bool {
        check(&(0..2000).map(unit).collect::<String>()).is_err()
    }

    #[test]
    fn deep_pages_are_refused_however_the_depth_is_written() {
        assert!(deep(|_| "<div>".into()));
        assert!(deep(|_| "<DIV title='</div>'>".into()));
        assert!(deep(|_| "<div title=\"</div>\"><p>".into()));
        assert!(deep(|_| "<div =\"><!-- </div> -->".into()));
        assert!(deep(|n| format!("<div><b id={n}></div>")));
        assert!(deep(|_| "<svg><style><g><script>".into()));
        assert!(deep(|_| "<!--><div><!--->".into()));
        assert!(deep(|n| if n == 0 {
            "<svg></p>".into()
        } else {
            "<path/>".into()
        }));
    }

    #[test]
    fn long_ordinary_pages_are_not() {
        assert!(!deep(|_| "<div><p>a<p>b<br><b>c</b></div>".into()));
        assert!(!deep(|_| "<tr><td><font color=red>x".into()));
        assert!(!deep(|_| "<li><a href='x'>y".into()));
        assert!(!deep(
            |_| "<script>for(i=0;i<n;i++){x='<div>'}</script>".into()
        ));
        assert!(!deep(|_| "<!-- <div> -->".into()));
        let drawing = format!("<svg><g>{}</g></svg>", "<path d=''/>".repeat(2000));
        assert_eq!(check(&drawing), Ok(()));
        assert!(!deep(|_| "5 < 6 and <3".into()));
    }
}
