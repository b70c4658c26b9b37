//! Known places: `lists/places.csv` of a pack.
//!
//! Flowers, dishes, streets and teams are named after places; the word right
//! before or behind tells them apart. Countries as a style ("bahasa Korea") are
//! places here; rules tell those, with a reason of their own.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::entity::{Entity, Value};
use crate::matcher::{Matcher, MatcherBuilder, Scratch, Step, Template};
use crate::post::FieldName;
use crate::span::Span;
use crate::text::{Gap, Lexicon, NormalText};

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

/// Right before the name of a place: what is named after it.
static NAMED_AFTER: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    let words = "bunga pohon tanaman bonsai bibit getah timnas klub jalan jl jln gang gg nasi makan \
        kopi asin bika soto sate pempek apel bakso pisang jeruk salak duku batik gudeg rendang \
        nasib sungguh amat begitu kacang minyak mie mi jam kerupuk keripik dodol";
    Lexicon::new(words.split_whitespace().map(|word| (word, ())))
});

/// Right behind it.
const BEHIND: [&str; 2] = ["town", "fc"];

/// Whether words `first..=last` are named after a place and none.
fn is_named_after(view: &NormalText, first: usize, last: usize) -> bool {
    let tokens = view.tokens();
    let is_close = |index: usize| {
        tokens
            .get(index)
            .is_some_and(|token| token.gap == Gap::Close)
    };
    let behind = || is_close(last + 1) && BEHIND.contains(&view.word(tokens[last + 1]));
    let before = || {
        let before = first.checked_sub(1)?;
        // "jl." ends no sentence.
        let is_short = matches!(view.word(tokens[before]), "jl" | "jln" | "gg");
        (is_short || is_close(first)).then_some(())?;
        NAMED_AFTER.meaning_in(view, before)?;
        // "jalan-jalan Bali" is a journey.
        let twice = before.checked_sub(1).map(|index| tokens[index].fingerprint);
        (twice != Some(tokens[before].fingerprint)).then_some(())
    };
    before().is_some() || behind()
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
            let matches = matches.into_iter().filter(|one| {
                let words = view.words_at(one.span);
                words.is_empty() || !is_named_after(view, words.start, words.end - 1)
            });
            found.extend(matches.map(|one| (one.span, one.pattern.0 as usize)));
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
