//! Guards: their words are kept apart from all other patterns, in a matcher of
//! the indicator they belong to. They are looked for only in posts in which
//! that indicator was seen, and they are most of what posts are full of.

use super::Compiler;
use super::overlap::{Inside, Lines};
use crate::matcher::MatcherBuilder;
use crate::rule::schema::GuardEntry;
use crate::rule::set::{GuardRule, GuardTest, GuardText, GuardWords, Side};

impl Compiler<'_> {
    /// The guards of one indicator, and the words that stand beside, if any.
    pub(super) fn guards(
        &mut self,
        entries: &[GuardEntry],
        lines: &Lines,
    ) -> (Vec<GuardRule>, Option<GuardWords>) {
        let mut matcher = MatcherBuilder::new();
        let mut sides = Vec::new();
        let mut guards = Vec::new();
        for entry in entries {
            guards.push(self.guard(entry, lines, (&mut matcher, &mut sides)));
        }
        let words = (!sides.is_empty()).then(|| GuardWords {
            matcher: matcher.build(),
            sides,
        });
        (guards, words)
    }

    fn guard(
        &mut self,
        entry: &GuardEntry,
        phrases: &Lines,
        (matcher, sides): (&mut MatcherBuilder, &mut Vec<Side>),
    ) -> GuardRule {
        let mut inside = Inside::default();
        let mut tests = Vec::new();
        let first = sides.len() as u32;
        if let Some(condition) = self.condition(entry.unless.as_ref()) {
            tests.push(GuardTest::Unless(condition));
        }
        let lists = [
            (Side::Before, &entry.before),
            (Side::After, &entry.after),
            (Side::Either, &entry.near),
        ];
        if lists.iter().any(|(_, lines)| !lines.is_empty()) {
            tests.push(GuardTest::Beside {
                within: entry.within,
            });
        }
        let mut words = Vec::new();
        for (side, lines) in lists {
            for line in lines {
                words.push((side, line.value.clone()));
                if let Some(templates) = self.templates(line) {
                    matcher.phrase(&templates);
                    sides.push(side);
                    if side != Side::After || entry.within == 0 {
                        inside.add(&templates);
                    }
                }
            }
        }
        inside.check(&entry.id, phrases, self.diagnostics);
        GuardRule {
            id: entry.id.clone(),
            reason: entry.reason.clone(),
            tests,
            patterns: first..sides.len() as u32,
            written: GuardText {
                unless: entry.unless.as_ref().map(|text| text.value.clone()),
                words,
            },
        }
    }
}
