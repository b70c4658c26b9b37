//! Known places: `lists/places.csv` of a pack.

use std::collections::BTreeSet;

use crate::entity::{Entity, Value};
use crate::matcher::{Matcher, MatcherBuilder, Scratch, Step, Template};
use crate::post::FieldName;
use crate::span::Span;
use crate::text::NormalText;

/// Finds known places in a text.
#[derive(Debug)]
pub struct Gazetteer {
    matcher: Matcher,
    /// The value of each pattern.
    places: Vec<Value>,
}

/// Collects places.
#[derive(Default)]
pub(super) struct GazetteerBuilder {
    matcher: MatcherBuilder,
    places: Vec<Value>,
    words: BTreeSet<String>,
}

impl GazetteerBuilder {
    pub(super) fn add(&mut self, templates: &[Template], place: Value) {
        self.matcher.phrase(templates);
        self.places.push(place);
        for step in templates.iter().flat_map(|template| &template.steps) {
            if let Step::Words(words) = step {
                self.words
                    .extend(words.iter().map(|(word, _)| word.clone()));
            }
        }
    }

    /// Every whole word of the names.
    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        self.words.iter().cloned()
    }

    pub(super) fn build(self) -> Gazetteer {
        Gazetteer {
            matcher: self.matcher.build(),
            places: self.places,
        }
    }
}

impl Gazetteer {
    /// The places of one field in text order; of overlapping ones the longest.
    pub fn places<'v>(
        &self,
        field: FieldName,
        views: impl Iterator<Item = &'v NormalText>,
        scratch: &mut Scratch,
    ) -> Vec<Entity> {
        let mut found: Vec<(Span, usize)> = Vec::new();
        for view in views {
            let matches = self.matcher.search(view, &[], scratch);
            found.extend(
                matches
                    .into_iter()
                    .map(|one| (one.span, one.pattern.0 as usize)),
            );
        }
        found.sort_by_key(|(span, place)| (span.start, std::cmp::Reverse(span.end), *place));
        let mut entities: Vec<Entity> = Vec::new();
        for (span, place) in found {
            if entities
                .last()
                .is_none_or(|last| last.span.end <= span.start)
            {
                entities.push(Entity {
                    field,
                    span,
                    value: self.places[place].clone(),
                });
            }
        }
        entities
    }
}
