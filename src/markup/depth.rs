//! Builds the tree of a page, and stops where it would never end.
//!
//! The tree builder works in time that grows with the square of the nesting,
//! and it repeats unclosed formatting elements in every paragraph that
//! follows. Which tags really nest is decided by rules too many to guess at
//! beforehand, so the page is fed to the builder in small pieces, and what it
//! has built is measured after each.

use html5ever::driver::{Parser, parse_document, parse_fragment};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{ParseOpts, QualName, local_name, ns};
use scraper::{Html, HtmlTreeSink};

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 512;
/// Most nodes beyond those that were written.
const MAX_UNFOLDED: usize = 200_000;
/// Nodes that one written tag explains: the text behind it, and the elements
/// that the grammar puts around it.
const NODES_A_TAG: usize = 4;
/// Bytes between two measurements; a piece holds a few hundred tags.
const PIECE: usize = 1024;

/// The tree of a page.
///
/// # Errors
///
/// What is too much, for a person.
pub fn document(page: &str) -> Result<Html, String> {
    let sink = HtmlTreeSink::new(Html::new_document());
    build(parse_document(sink, ParseOpts::default()), page)
}

/// The tree of a piece of a page.
///
/// # Errors
///
/// What is too much, for a person.
pub fn fragment(piece: &str) -> Result<Html, String> {
    let sink = HtmlTreeSink::new(Html::new_fragment());
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let parser = parse_fragment(sink, ParseOpts::default(), body, Vec::new(), false);
    build(parser, piece)
}

fn build(mut parser: Parser<HtmlTreeSink>, page: &str) -> Result<Html, String> {
    let mut rest = page;
    let mut measured = 0;
    let mut tags = 0;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        rest = after;
        tags += piece.bytes().filter(|&byte| byte == b'<').count();
        parser.process(StrTendril::from_slice(piece));
        let html = parser.tokenizer.sink.sink.0.borrow();
        let built = html.tree.nodes().len();
        if built > NODES_A_TAG * tags + MAX_UNFOLDED {
            return Err("unclosed formatting elements would unfold without end".to_owned());
        }
        let mut new = html.tree.nodes().rev().take(built - measured);
        if new.any(|node| node.ancestors().nth(MAX_DEPTH).is_some()) {
            return Err(format!("elements are nested more than {MAX_DEPTH} deep"));
        }
        measured = built;
    }
    Ok(parser.finish())
}

#[cfg(test)]
mod tests;
