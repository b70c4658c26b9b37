//! How one class of a corpus fared, and what was asked of it.

use std::collections::BTreeMap;

use crate::assessment::{Assessment, Level, Route};
use crate::post::Post;
use crate::rule::RuleSet;

/// Most ids of missed posts kept for a class.
pub const MAX_MISSED: usize = 1_000;

/// What the name of a class asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// `G03`: this gate's level or a higher one, on its route.
    Gate {
        /// Its code, such as `G3`.
        alias: String,
        /// Its id.
        id: String,
        /// The level it sets.
        level: Level,
        /// The route it sets.
        route: Route,
    },
    /// `HELP`, `MISSING`: this route.
    Route(Route),
    /// A gate code the rules do not have: any flag.
    NoSuchGate(String),
    /// Any other name: any flag.
    Any,
}

impl Aim {
    fn of(rules: &RuleSet, class: &str) -> Self {
        match class {
            "HELP" => return Self::Route(Route::HelpRequest),
            "MISSING" => return Self::Route(Route::MissingPerson),
            _ => {}
        }
        // `G03` is the gate G3.
        let letters = class.trim_end_matches(|ch: char| ch.is_ascii_digit());
        let number = class[letters.len()..].trim_start_matches('0');
        if letters.len() != 1 || number.is_empty() {
            return Self::Any;
        }
        let alias = format!("{letters}{number}");
        match rules.gate_named(&alias) {
            None => Self::NoSuchGate(alias),
            Some(gate) => {
                let rule = &rules.gates[gate];
                Self::Gate {
                    alias,
                    id: rule.words.id.clone(),
                    level: rule.level,
                    route: rule.words.route,
                }
            }
        }
    }

    fn is_met(&self, assessment: &Assessment) -> bool {
        match self {
            Self::Gate { level, route, .. } => {
                assessment.level >= *level && assessment.route == *route
            }
            Self::Route(route) => assessment.route == *route,
            Self::NoSuchGate(_) | Self::Any => assessment.is_flagged(),
        }
    }
}

/// Posts, and how many of them did as asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Posts.
    pub posts: u64,
    /// Those that did.
    pub found: u64,
}

impl Found {
    fn add(&mut self, is_found: bool) {
        self.posts += 1;
        self.found += u64::from(is_found);
    }
}

/// How one class fared.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassCount {
    /// What its name asks for, where it should be found.
    pub aim: Aim,
    /// All of it.
    pub all: Found,
    /// Texts as people write them.
    pub plain: Found,
    /// The same disguised: ids that end in a number and a small letter.
    pub disguised: Found,
    /// Posts on which the very gate fired.
    pub by_gate: u64,
    /// Posts by level, without `none`.
    pub levels: BTreeMap<Level, u64>,
    /// Posts by gate that fired, by its code.
    pub gates: BTreeMap<String, u64>,
    /// Ids of posts that did not do as asked, in order; at most
    /// [`MAX_MISSED`].
    pub missed: Vec<String>,
}

impl ClassCount {
    pub(super) fn new(rules: &RuleSet, class: &str) -> Self {
        Self {
            aim: Aim::of(rules, class),
            all: Found::default(),
            plain: Found::default(),
            disguised: Found::default(),
            by_gate: 0,
            levels: BTreeMap::new(),
            gates: BTreeMap::new(),
            missed: Vec::new(),
        }
    }

    pub(super) fn count(&mut self, post: &Post, assessment: &Assessment) {
        let is_found = self.aim.is_met(assessment);
        self.all.add(is_found);
        if is_variant(&post.native_id) {
            self.disguised.add(is_found);
        } else {
            self.plain.add(is_found);
        }
        if !is_found && self.missed.len() < MAX_MISSED {
            self.missed.push(post.native_id.clone());
        }
        if assessment.is_flagged() {
            *self.levels.entry(assessment.level).or_default() += 1;
        }
        for hit in &assessment.gates {
            let alias = &hit.gate.alias;
            self.by_gate +=
                u64::from(matches!(&self.aim, Aim::Gate { id, .. } if *id == hit.gate.id));
            *self.gates.entry(alias.clone()).or_default() += 1;
        }
    }

    /// Posts with this level.
    pub fn at(&self, level: Level) -> u64 {
        self.levels.get(&level).copied().unwrap_or_default()
    }
}

/// `G03-w1a` is another writing of `G03-w1`.
fn is_variant(id: &str) -> bool {
    let mut last = id.chars().rev();
    last.next().is_some_and(|ch| ch.is_ascii_lowercase())
        && last.next().is_some_and(|ch| ch.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    #[test]
    fn the_name_of_a_class_says_what_it_asks_for() {
        let (rules, _) = rule::load(&rule::shipped());
        let rules = rules.unwrap();
        let aim = |class: &str| Aim::of(&rules, class);
        assert!(matches!(aim("G03"), Aim::Gate { alias, level: Level::High, .. } if alias == "G3"));
        assert_eq!(aim("HELP"), Aim::Route(Route::HelpRequest));
        assert_eq!(aim("MISSING"), Aim::Route(Route::MissingPerson));
        assert_eq!(aim("G99"), Aim::NoSuchGate("G99".to_owned()));
        assert_eq!(aim("pets"), Aim::Any);
    }

    #[test]
    fn disguised_variants_are_known_by_their_id() {
        assert!(is_variant("G03-w1a") && is_variant("HELP-h12b"));
        assert!(!is_variant("G03-w1") && !is_variant("pets-w01") && !is_variant(""));
    }
}
