//! Rules that an overlay switches off, and those that asked for them.

use std::collections::BTreeSet;

use super::{Change, Overlay};
use crate::rule::diagnostic::Code;
use crate::rule::read::Text;
use crate::rule::schema::{DisableEntry, Patterns, RuleFile, Samples};

impl Overlay<'_> {
    /// Switches off what the overlay says. A rule that others name stays as
    /// one that never holds, so that their conditions still mean something;
    /// samples that counted on it are not tried.
    pub(in super::super) fn switch_off(&mut self, pack: &mut RuleFile) {
        let mut off = BTreeSet::new();
        for disable in std::mem::take(&mut pack.disables) {
            let DisableEntry { id, reason } = disable;
            if !self.is_overlay(&id) {
                self.misplaced("disable", &id);
                continue;
            }
            if !take_out(pack, &id.value) {
                let help = self.nearest(&id.value);
                self.nothing("disable", "rule", &id, help);
                continue;
            }
            let by = self.file(&id);
            if let Some(origin) = self.origins.get_mut(&id.value) {
                origin.changes.push(Change::Disabled { by, reason });
            }
            self.warn_of_needs(pack, &id);
            off.insert(id.value);
        }
        if !off.is_empty() {
            drop_samples(pack, off);
        }
    }

    fn nearest(&self, id: &str) -> Option<String> {
        let known = self.origins.keys().map(String::as_str);
        super::suggestion(id, known)
    }

    fn warn_of_needs(&mut self, pack: &RuleFile, id: &Text) {
        let named: Vec<String> = askers(pack)
            .into_iter()
            .filter(|asker| asker.asks.iter().any(|text| names(text, &id.value, false)))
            .map(|asker| format!("`{}`", asker.id))
            .collect();
        if named.is_empty() {
            return;
        }
        let message = format!(
            "`{}` is switched off, but asked for by {}",
            id.value,
            named.join(", ")
        );
        let help =
            "they go on as if it never held; override or disable them too if that is not meant";
        self.report(Code::DisabledButNeeded, id, message, Some(help.to_owned()));
    }
}

/// Whether there was such a rule.
fn take_out(pack: &mut RuleFile, id: &str) -> bool {
    if let Some(entry) = pack.indicators.iter_mut().find(|one| one.id.value == id) {
        entry.patterns = Patterns::default();
        entry.guards = Vec::new();
        entry.samples = Samples::default();
        return true;
    }
    if let Some(entry) = pack.contexts.iter_mut().find(|one| one.id.value == id) {
        entry.patterns = Patterns::default();
        entry.samples = Samples::default();
        entry.when = None;
        entry.is_off = true;
        return true;
    }
    let before = pack.gates.len();
    pack.gates.retain(|one| one.id.value != id);
    pack.gates.len() < before
}

/// A rule and the expressions in which it names others.
struct Asker<'p> {
    id: &'p str,
    asks: Vec<&'p str>,
}

fn askers(pack: &RuleFile) -> Vec<Asker<'_>> {
    let mut askers = Vec::new();
    for entry in &pack.indicators {
        let guards = entry.guards.iter();
        let asks = guards.filter_map(|guard| guard.unless.as_ref());
        askers.push(Asker {
            id: &entry.id.value,
            asks: asks.map(|text| text.value.as_str()).collect(),
        });
    }
    for entry in &pack.contexts {
        let asks = entry.when.iter().map(|text| text.value.as_str()).collect();
        let id = &entry.id.value;
        askers.push(Asker { id, asks });
    }
    for entry in &pack.gates {
        let raise = entry.raise.as_ref().map(|(_, when)| when.value.as_str());
        let mut asks = vec![entry.when.value.as_str()];
        asks.extend(entry.needs.iter().map(|text| text.value.as_str()));
        asks.extend(entry.unless.iter().map(|text| text.value.as_str()));
        asks.extend(raise);
        let id = &entry.id.value;
        askers.push(Asker { id, asks });
    }
    askers
}

/// Whether an expression names a rule, or with `by_group` all of its group.
fn names(expression: &str, id: &str, by_group: bool) -> bool {
    let group = id.split_once('.').map(|(group, _)| format!("{group}.*"));
    let is_name = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '.' | '*' | '-');
    expression
        .split(|ch: char| !is_name(ch))
        .any(|word| word == id || (by_group && group.as_deref() == Some(word)))
}

/// Drops the samples of every rule that asks for one of `off`, itself or
/// through others.
fn drop_samples(pack: &mut RuleFile, mut off: BTreeSet<String>) {
    loop {
        let more: Vec<String> = askers(pack)
            .into_iter()
            .filter(|asker| !off.contains(asker.id))
            .filter(|asker| {
                let asks = asker.asks.iter();
                asks.clone()
                    .any(|text| off.iter().any(|id| names(text, id, true)))
            })
            .map(|asker| asker.id.to_owned())
            .collect();
        if more.is_empty() {
            break;
        }
        off.extend(more);
    }
    let indicators = pack.indicators.iter_mut();
    let indicators = indicators.map(|one| (&one.id.value, &mut one.samples));
    let contexts = pack.contexts.iter_mut();
    let contexts = contexts.map(|one| (&one.id.value, &mut one.samples));
    let gates = pack.gates.iter_mut();
    let gates = gates.map(|one| (&one.id.value, &mut one.samples));
    for (id, samples) in indicators.chain(contexts).chain(gates) {
        if off.contains(id) {
            *samples = Samples::default();
        }
    }
}
