//! What stands in a post: its views, typed values and matches.

use crate::entity::Entity;
use crate::matcher::Match;
use crate::post::{FieldName, Post};
use crate::recognise::recognise;
use crate::rule::RuleSet;
use crate::text::{NormalText, Views};

use super::Scratch;

/// A post as it was read, before anything is concluded from it.
pub(super) struct Reading {
    fields: Vec<Field>,
    /// By view, those of the first field first; each sorted by pattern.
    matches: Vec<Vec<Match>>,
}

struct Field {
    name: FieldName,
    views: Views,
    /// With everyday spellings read as meant, if there are any.
    respelled: Option<NormalText>,
    entities: Vec<Entity>,
}

/// One searched view of one field.
#[derive(Clone, Copy)]
pub(super) struct Searched<'v> {
    pub(super) field: FieldName,
    pub(super) view: &'v NormalText,
    /// Whether everyday spellings are read otherwise in it.
    pub(super) is_respelled: bool,
    /// The typed values of the field.
    pub(super) entities: &'v [Entity],
    /// Sorted by pattern.
    pub(super) matches: &'v [Match],
}

impl Reading {
    pub(super) fn new(rules: &RuleSet, post: &Post, scratch: &mut Scratch) -> Self {
        let published_at = post.published.map(|published| published.at);
        let mut reading = Self {
            fields: Vec::with_capacity(2),
            matches: Vec::with_capacity(2),
        };
        for (name, text) in post.fields() {
            let views = Views::new(text);
            let respelled = views.respelled(&rules.spellings);
            let mut entities = recognise(name, &views, published_at);
            let all = || views.iter().chain(&respelled);
            let places = rules.gazetteer.places(name, all(), &mut scratch.places);
            entities.extend(places);
            entities.sort_by_key(|entity| entity.span);
            for view in all() {
                let found = rules.matcher.search(view, &entities, &mut scratch.patterns);
                reading.matches.push(found);
            }
            reading.fields.push(Field {
                name,
                views,
                respelled,
                entities,
            });
        }
        reading
    }

    /// Every view, those of the first field first.
    pub(super) fn searched(&self) -> Vec<Searched<'_>> {
        let views = self.fields.iter().flat_map(|field| {
            let own = field.views.iter().map(|view| (view, false));
            let respelled = field.respelled.iter().map(|view| (view, true));
            own.chain(respelled).map(move |view| (field, view))
        });
        let searched = views.zip(&self.matches);
        searched
            .map(|((field, (view, is_respelled)), matches)| Searched {
                field: field.name,
                view,
                is_respelled,
                entities: &field.entities,
                matches,
            })
            .collect()
    }

    /// Every match, of all views.
    pub(super) fn matches(&self) -> impl Iterator<Item = &Match> {
        self.matches.iter().flatten()
    }

    /// Typed values, in text order, title first.
    pub(super) fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.fields.iter().flat_map(|field| &field.entities)
    }

    /// The same, taken out.
    pub(super) fn into_entities(self) -> Vec<Entity> {
        let mut fields = self.fields.into_iter().map(|field| field.entities);
        let mut entities = fields.next().unwrap_or_default();
        entities.extend(fields.flatten());
        entities
    }
}
