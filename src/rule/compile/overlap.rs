//! Phrases that a word guard of their own indicator always cancels.

use std::collections::BTreeSet;

use crate::matcher::{Step, Template};
use crate::rule::diagnostic::{Code, Diagnostic, Place};

/// The phrases of one indicator.
pub(super) type Lines = Vec<(Place, Vec<Template>)>;

/// The words that guard one match when they stand inside it.
#[derive(Default)]
pub(super) struct Inside {
    words: BTreeSet<String>,
}

impl Inside {
    /// Takes the phrases of one word; longer ones are seldom inside another.
    pub(super) fn add(&mut self, templates: &[Template]) {
        for template in templates {
            if let [Step::Words(words)] = template.steps.as_slice() {
                let whole = words.iter().filter(|word| !word.1);
                self.words.extend(whole.map(|word| word.0.clone()));
            }
        }
    }

    /// A warning for each phrase that holds such a word in every reading.
    pub(super) fn check(&self, guard: &str, lines: &Lines, diagnostics: &mut Vec<Diagnostic>) {
        for (place, templates) in lines {
            let found: Option<Vec<&str>> = templates.iter().map(|one| self.held(one)).collect();
            let Some(word) = found.and_then(|words| words.first().copied()) else {
                continue;
            };
            diagnostics.push(Diagnostic {
                place: place.clone(),
                code: Code::GuardInside,
                message: format!("the guard `{guard}` always cancels this phrase: `{word}` stands inside it"),
                help: Some(
                    "take the word out of the phrase or out of the guard; `before` and `near` look inside a match too"
                        .to_owned(),
                ),
            });
        }
    }

    /// A word of the guard that every match of `template` holds.
    fn held<'t>(&self, template: &'t Template) -> Option<&'t str> {
        template.steps.iter().find_map(|step| match step {
            Step::Words(words) => {
                let all = words
                    .iter()
                    .all(|word| !word.1 && self.words.contains(&word.0));
                words.first().filter(|_| all).map(|word| word.0.as_str())
            }
            Step::Gap(_) | Step::Value(_) => None,
        })
    }
}
