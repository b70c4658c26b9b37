//! Finding typed values in a post: one recogniser a file.
//!
//! Recognisers read the plain view and report published spans. They know
//! nothing of rules; places come from the rule pack's gazetteer and are found
//! by `scan`. Values inside another value (the digits of a link) are dropped:
//! the longer one wins.

mod age;
mod contact;
mod phone;
mod price;

use jiff::Timestamp;

use crate::entity::{Entity, Value};
use crate::post::FieldName;
use crate::span::Span;
use crate::text::{NormalText, Views};

/// The typed values of one field, in text order.
///
/// `published_at` turns birth years into ages; without it they are not read.
pub fn recognise(field: FieldName, views: &Views, published_at: Option<Timestamp>) -> Vec<Entity> {
    let plain = &views.plain;
    let text = plain.as_str();
    let mut found = Vec::new();
    if text.contains(['@', '.', ':']) {
        contact::addresses(plain, &mut found);
    }
    contact::messengers(plain, &mut found);
    phone::phones(plain, &mut found);
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        price::prices(plain, &mut found);
    }
    age::ages(plain, published_at, &mut found);
    let mut entities: Vec<Entity> = without_nested(found)
        .into_iter()
        .map(|Found { span, value }| Entity {
            field,
            span: plain.to_published(span),
            value,
        })
        .collect();
    let disguises = views.disguises.iter();
    entities.extend(disguises.map(|&(span, kind)| Entity {
        field,
        span,
        value: Value::Disguise { kind },
    }));
    entities.sort_by_key(|entity| entity.span);
    entities
}

/// A value and its place in the plain view.
#[derive(Debug)]
struct Found {
    span: Span,
    value: Value,
}

/// Drops values that share bytes with a longer or earlier-found one.
fn without_nested(found: Vec<Found>) -> Vec<Found> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&index| (std::cmp::Reverse(found[index].span.len()), index));
    let mut kept: Vec<Span> = Vec::new();
    let mut keep = vec![false; found.len()];
    for index in order {
        let span = found[index].span;
        if !kept.iter().any(|other| other.overlaps(span)) {
            kept.push(span);
            keep[index] = true;
        }
    }
    found
        .into_iter()
        .zip(keep)
        .filter_map(|(found, keep)| keep.then_some(found))
        .collect()
}

/// The words standing up to `n` words before byte `at` of a view, nearest
/// first.
fn words_before(view: &NormalText, at: usize, n: usize) -> impl Iterator<Item = &str> {
    let end = view
        .tokens()
        .partition_point(|token| (token.end as usize) <= at);
    view.tokens()[..end]
        .iter()
        .rev()
        .take(n)
        .map(|&token| view.word(token))
}

/// The words standing up to `n` words after byte `at`, nearest first.
fn words_after(view: &NormalText, at: usize, n: usize) -> impl Iterator<Item = &str> {
    let start = view
        .tokens()
        .partition_point(|token| (token.start as usize) < at);
    view.tokens()[start..]
        .iter()
        .take(n)
        .map(|&token| view.word(token))
}

#[cfg(test)]
mod tests;
