//! JSON-LD: what stands in `<script type="application/ld+json">`.

use std::sync::LazyLock;

use scraper::{Html, Selector};
use serde_json::Value;

use super::raw_text;

static SCRIPT: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse("script[type^='application/ld+json' i]").expect("the selector is fixed")
});

/// Every thing that is said in JSON-LD, in page order. What cannot be read is
/// left: the page has its words all the same.
pub(super) fn read(html: &Html) -> Vec<Value> {
    html.select(&SCRIPT)
        .filter_map(|script| parse(&raw_text(script)))
        .collect()
}

fn parse(script: &str) -> Option<Value> {
    let bare = script
        .trim()
        .trim_start_matches('\u{FEFF}')
        .trim_start_matches("<!--")
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("-->")
        .trim_end_matches("]]>")
        .trim_end_matches("//")
        .trim()
        .trim_end_matches(';');
    serde_json::from_str(bare)
        .ok()
        .or_else(|| serde_json::from_str(&without_raw_breaks(bare)).ok())
}

/// Line breaks and tabs inside strings are no JSON, and common.
fn without_raw_breaks(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    let mut in_string = false;
    let mut is_escaped = false;
    for ch in script.chars() {
        match ch {
            '"' if !is_escaped => in_string = !in_string,
            '\n' if in_string => {
                out.push_str("\\n");
                is_escaped = false;
                continue;
            }
            ch if in_string && ch.is_control() => {
                out.push(' ');
                is_escaped = false;
                continue;
            }
            _ => {}
        }
        is_escaped = ch == '\\' && !is_escaped;
        out.push(ch);
    }
    out
}
