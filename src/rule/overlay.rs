//! A private overlay laid on a pack: what it adds, replaces, extends and
//! switches off, and where each rule of the result comes from.

mod needs;

use std::collections::BTreeMap;

use super::RuleFiles;
use super::diagnostic::{Code, Diagnostic};
use super::read::Text;
use super::schema::{
    ContextEntry, ExtendEntry, GateEntry, IndicatorEntry, Patterns, RuleFile, Samples, suggestion,
};

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Name of its file inside the pack; it begins with `overlay/` when the
    /// rule stands in the overlay.
    pub file: String,
    /// What the overlay did to it, in the order in which it counts.
    pub changes: Vec<Change>,
}

/// What an overlay did to a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stands in the place of one of the pack.
    Overridden {
        /// The file of the one it replaces.
        instead_of: String,
    },
    /// Patterns were added.
    Extended {
        /// The overlay's file.
        by: String,
        /// How many.
        n_patterns: usize,
    },
    /// It was switched off.
    Disabled {
        /// The overlay's file.
        by: String,
        /// Why, as written there.
        reason: String,
    },
}

/// Origins by id of the rule.
pub(super) type Origins = BTreeMap<String, Origin>;

/// An entry an overlay can put another in the place of.
trait Entry {
    const WHAT: &'static str;
    fn id(&self) -> &Text;
    fn overrides(&self) -> bool;
}

macro_rules! entries {
    ($($entry:ty = $what:literal),+) => {$(
        impl Entry for $entry {
            const WHAT: &'static str = $what;
            fn id(&self) -> &Text { &self.id }
            fn overrides(&self) -> bool { self.overrides }
        }
    )+};
}
entries!(
    IndicatorEntry = "indicator",
    ContextEntry = "context",
    GateEntry = "gate"
);

/// Works out a pack and its overlay.
pub(super) struct Overlay<'o> {
    pub(super) files: &'o RuleFiles,
    pub(super) origins: Origins,
    pub(super) diagnostics: &'o mut Vec<Diagnostic>,
}

impl Overlay<'_> {
    fn report(&mut self, code: Code, at: &Text, message: String, help: Option<String>) {
        self.diagnostics.push(Diagnostic {
            place: at.place.clone(),
            code,
            message,
            help,
        });
    }

    fn is_overlay(&self, text: &Text) -> bool {
        self.files.files()[text.place.file].is_overlay()
    }

    fn file(&self, text: &Text) -> String {
        self.files.files()[text.place.file].name.clone()
    }

    /// Puts overriding entries in the place of those they override, then adds
    /// what extends.
    pub(super) fn lay_over(&mut self, pack: &mut RuleFile) {
        pack.indicators = self.entries(std::mem::take(&mut pack.indicators));
        pack.contexts = self.entries(std::mem::take(&mut pack.contexts));
        pack.gates = self.entries(std::mem::take(&mut pack.gates));
        for extend in std::mem::take(&mut pack.extends) {
            self.extend(pack, extend);
        }
    }

    /// Entries come with those of the pack first.
    fn entries<E: Entry>(&mut self, entries: Vec<E>) -> Vec<E> {
        let mut kept: Vec<E> = Vec::new();
        for entry in entries {
            let id = entry.id().clone();
            let same = kept.iter().position(|one| one.id().value == id.value);
            let origin = Origin {
                file: self.file(&id),
                changes: Vec::new(),
            };
            if !self.is_overlay(&id) {
                if entry.overrides() {
                    self.misplaced("override", &id);
                }
                self.origins.entry(id.value).or_insert(origin);
                kept.push(entry);
                continue;
            }
            match (same, entry.overrides()) {
                (Some(at), true) if !self.is_overlay(kept[at].id()) => {
                    let changes = vec![Change::Overridden {
                        instead_of: self.file(kept[at].id()),
                    }];
                    self.origins.insert(id.value, Origin { changes, ..origin });
                    kept[at] = entry;
                }
                (Some(_), _) => {
                    let message = format!("the id `{}` is used twice", id.value);
                    let help = "say `override = true`, once, to replace the one of the pack";
                    self.report(Code::DuplicateId, &id, message, Some(help.to_owned()));
                }
                (None, overrides) => {
                    if overrides {
                        let known = kept.iter().map(|one| one.id().value.as_str());
                        let help = suggestion(&id.value, known);
                        self.nothing("override", E::WHAT, &id, help);
                    }
                    self.origins.insert(id.value, origin);
                    kept.push(entry);
                }
            }
        }
        kept
    }

    fn misplaced(&mut self, what: &str, at: &Text) {
        let message = format!("`{what}` of `{}` stands in the pack itself", at.value);
        let help = "edit the rule, or put this into an overlay (`--overlay DIR`)";
        self.report(Code::OutsideOverlay, at, message, Some(help.to_owned()));
    }

    fn nothing(&mut self, verb: &str, what: &str, id: &Text, near: Option<String>) {
        let message = format!("there is no {what} `{}` to {verb}", id.value);
        let help = near.unwrap_or_else(|| "list the rules with `lentera rules list`".to_owned());
        self.report(Code::NothingToChange, id, message, Some(help));
    }

    fn extend(&mut self, pack: &mut RuleFile, extend: ExtendEntry) {
        let id = extend.id;
        if !self.is_overlay(&id) {
            self.misplaced("extend", &id);
            return;
        }
        let n_patterns = extend.patterns.len();
        let indicators = pack.indicators.iter_mut();
        let indicators = indicators.map(|one| (&one.id.value, &mut one.patterns, &mut one.samples));
        let contexts = pack.contexts.iter_mut();
        let contexts = contexts.map(|one| (&one.id.value, &mut one.patterns, &mut one.samples));
        let mut known = Vec::new();
        for (name, patterns, samples) in indicators.chain(contexts) {
            if *name != id.value {
                known.push(name.as_str());
                continue;
            }
            add_patterns(patterns, extend.patterns);
            add_samples(samples, extend.samples);
            let by = self.file(&id);
            if let Some(origin) = self.origins.get_mut(&id.value) {
                origin.changes.push(Change::Extended { by, n_patterns });
            }
            return;
        }
        let help = suggestion(&id.value, known);
        self.nothing("extend", "indicator or context", &id, help);
    }
}

fn add_patterns(patterns: &mut Patterns, more: Patterns) {
    patterns.phrases.extend(more.phrases);
    patterns.regexes.extend(more.regexes);
    patterns.values.extend(more.values);
}

fn add_samples(samples: &mut Samples, more: Samples) {
    samples.hit.extend(more.hit);
    samples.miss.extend(more.miss);
    samples.todo.extend(more.todo);
}
