//! Pages built to be slow, and pages that only look so.

use super::*;

fn check(page: &str) -> Result<(), String> {
    document(page).map(drop)
}

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

/// End tags that a reader of tags believes and the tree builder ignores.
#[test]
fn end_tags_that_end_nothing_hide_no_depth() {
    assert!(deep(|_| "<b>".into()));
    assert!(deep(|_| "<span><div></span>".into()));
    assert!(deep(|_| "<div><table></div></table>".into()));
    assert!(deep(|_| "<div><textarea></div></textarea>".into()));
    assert!(deep(|_| "<form><div></form>".into()));
    assert!(deep(|_| "<svg><span></svg>".into()));
    assert!(deep(|_| "<div></body><!-- -->".into()));
    // Outside a table, rows and cells end nothing.
    assert!(deep(|_| "<tr><td><font color=red>x".into()));
}

#[test]
fn long_ordinary_pages_are_not_refused() {
    assert!(!deep(|_| "<div><p>a<p>b<br><b>c</b></div>".into()));
    let rows = "<tr><td><font color=red>x".repeat(2000);
    assert_eq!(check(&format!("<table>{rows}")), Ok(()));
    assert!(!deep(|_| "<li><a href='x'>y".into()));
    assert!(!deep(
        |_| "<script>for(i=0;i<n;i++){x='<div>'}</script>".into()
    ));
    assert!(!deep(|_| "<!-- <div> -->".into()));
    let drawing = format!("<svg><g>{}</g></svg>", "<path d=''/>".repeat(2000));
    assert_eq!(check(&drawing), Ok(()));
    assert!(!deep(|_| "5 < 6 and <3".into()));
}

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
        // At most three alike are opened again.
        "<p><font color=red>".repeat(600),
    ] {
        assert_eq!(check(&page), Ok(()), "{}", &page[..60]);
    }
}

#[test]
fn pages_built_to_be_slow_are_refused() {
    let fonts = (0..400)
        .map(|n| format!("<font size={n}>"))
        .collect::<Vec<_>>()
        .concat();
    for page in [
        "<div>".repeat(4000),
        "<ul><li>".repeat(16000),
        "<span>".repeat(600),
        "<DIV class='a>b'>".repeat(600),
        "<table><tr><td>".repeat(600),
        format!("<p>{fonts}{}", "<p>x".repeat(1000)),
        "<div>".repeat(800_000),
    ] {
        assert!(check(&page).is_err(), "{}", &page[..20]);
        assert!(fragment(&page).is_err(), "{}", &page[..20]);
    }
}
