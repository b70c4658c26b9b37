//! Finding typed values in a post: one recogniser a file.
//!
//! Recognisers read the plain view and report published spans. They know
//! nothing of rules; places come from the rule pack's gazetteer and are found
//! by `scan`. Values inside another value (the digits of a link) are dropped:
//! the longer one wins.

mod age;
mod birth;
mod contact;
mod cue;
mod currency;
mod guards;
mod messenger;
mod number;
mod period;
mod phone;
mod price;
mod read;
mod school;
mod sum;
mod words;
mod years;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::entity::{Entity, Value};
use crate::post::FieldName;
use crate::span::Span;
use crate::text::{NormalText, Views};

/// The typed values of one field, in text order.
///
/// `published_at` turns birth years into ages; without it they are years only.
pub fn recognise(field: FieldName, views: &Views, published_at: Option<Timestamp>) -> Vec<Entity> {
    let plain = &views.plain;
    let cues = cue::cues(plain);
    let mut found = Vec::with_capacity(cues.words.len().min(16));
    contact::addresses(plain, &cues.signs, &mut found);
    messenger::messengers(plain, &cues.words, &mut found);
    phone::phones(plain, &cues.words, &mut found);
    price::prices(plain, &cues.words, &mut found);
    age::ages(plain, &cues.words, &mut found);
    birth::births(plain, &cues.words, published_at, &mut found);
    school::schools(plain, &cues.words, &mut found);
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

impl Found {
    /// How little it says, among values as long as each other.
    fn rank(&self) -> u8 {
        match self.value {
            Value::Email { .. } | Value::Link { .. } | Value::Handle { .. } => 0,
            Value::Messenger { .. } => 1,
            Value::Phone { .. } => 2,
            Value::Price { .. } => 3,
            Value::Age { .. }
            | Value::Born { .. }
            | Value::School { .. }
            | Value::Place { .. }
            | Value::Disguise { .. } => 4,
        }
    }
}

/// Drops values that share bytes with a longer one, or with one as long that
/// says more; gives the rest in text order.
fn without_nested(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| found.span.start);
    let mut end = 0;
    let mut is_apart = |found: &Found| {
        let apart = end <= found.span.start;
        end = end.max(found.span.end);
        apart
    };
    if found.iter().all(&mut is_apart) {
        return found;
    }
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&index| (Reverse(found[index].span.len()), found[index].rank()));
    // Those kept share no bytes, so that only the last one to begin before
    // the end of a span can.
    let mut kept: BTreeMap<u32, u32> = BTreeMap::new();
    for index in order {
        let span = found[index].span;
        let before = kept.range(..span.end).next_back();
        if before.is_none_or(|(_, end)| *end <= span.start) {
            kept.insert(span.start, span.end);
        }
    }
    found.retain(|found| {
        let keep = kept.get(&found.span.start) == Some(&found.span.end);
        // Of several with one span only the first stays.
        keep && kept.remove(&found.span.start).is_some()
    });
    found
}

/// The index of the first word that begins at byte `at` or behind, looked for
/// from word `from` on.
fn first_after(view: &NormalText, from: u32, at: usize) -> usize {
    let rest = &view.tokens()[from as usize..];
    let before = rest.iter().take_while(|token| (token.start as usize) < at);
    from as usize + before.count()
}

#[cfg(test)]
mod tests;
