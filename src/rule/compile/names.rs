//! The names that expressions may use, and ids that cannot be names.

use std::collections::BTreeMap;

use crate::indicator::Status;
use crate::rule::RuleFiles;
use crate::rule::condition::{Condition, Names};
use crate::rule::diagnostic::{Code, Diagnostic, Place};
use crate::rule::read::Text;
use crate::rule::schema::RuleFile;

/// What names stand for.
pub(super) struct NameIndex {
    pub(super) indicators: BTreeMap<String, (usize, Status)>,
    pub(super) contexts: BTreeMap<String, usize>,
}

impl NameIndex {
    pub(super) fn new(
        pack: &RuleFile,
        files: &RuleFiles,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
        let mut check = |id: &Text, dotted: bool| {
            let form = id.value.split('.').count() == if dotted { 2 } else { 1 };
            let snake = |part: &str| {
                part.starts_with(|ch: char| ch.is_ascii_lowercase())
                    && part
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            };
            if !form || !id.value.split('.').all(snake) {
                let wanted = if dotted {
                    "`group.what_is_seen`"
                } else {
                    "lower snake, without a dot"
                };
                diagnostics.push(Diagnostic {
                    place: id.place.clone(),
                    code: Code::BadId,
                    message: format!("`{}` is not an id of this kind", id.value),
                    help: Some(format!("write it as {wanted}")),
                });
            }
        };
        pack.indicators
            .iter()
            .for_each(|entry| check(&entry.id, true));
        pack.contexts
            .iter()
            .for_each(|entry| check(&entry.id, false));
        pack.gates.iter().for_each(|entry| check(&entry.id, false));
        let ids = pack.indicators.iter().map(|entry| &entry.id);
        let ids = ids.chain(pack.contexts.iter().map(|entry| &entry.id));
        for id in ids.chain(pack.gates.iter().map(|entry| &entry.id)) {
            let Some(first) = seen.insert(&id.value, &id.place) else {
                continue;
            };
            let first = files.place(first);
            diagnostics.push(Diagnostic {
                place: id.place.clone(),
                code: Code::DuplicateId,
                message: format!("the id `{}` is used twice", id.value),
                help: Some(format!(
                    "it stands at {first} first; ids are never reused, choose another"
                )),
            });
        }
        let indicators = pack.indicators.iter().enumerate();
        let contexts = pack.contexts.iter().enumerate();
        Self {
            indicators: indicators
                .map(|(index, entry)| (entry.id.value.clone(), (index, entry.status)))
                .collect(),
            contexts: contexts
                .map(|(index, entry)| (entry.id.value.clone(), index))
                .collect(),
        }
    }
}

impl Names for NameIndex {
    fn leaf(&self, name: &str) -> Option<Condition> {
        if name.contains('.') {
            let (index, status) = *self.indicators.get(name)?;
            (status != Status::Retired).then_some(Condition::Indicator(index))
        } else {
            self.contexts
                .get(name)
                .map(|index| Condition::Context(*index))
        }
    }

    fn group(&self, group: &str) -> Vec<Condition> {
        let prefix = format!("{group}.");
        self.indicators
            .iter()
            .filter(|(id, (_, status))| id.starts_with(&prefix) && *status != Status::Retired)
            .map(|(_, (index, _))| Condition::Indicator(*index))
            .collect()
    }
}
