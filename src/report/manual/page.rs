//! One page of the handbook.

use std::fmt::Write as _;

use super::labels::{Label, element, grade, strength};
use crate::indicator::{Citation, Element, Lang};
use crate::report::{inert_line, inert_markdown};
use crate::rule::{
    Condition, GateRule, GuardRule, Owner, RuleSet, Sample, SampleKind, SampleOf, Side,
};

pub(super) fn indicator(rules: &RuleSet, index: usize, lang: Lang) -> String {
    let rule = &rules.indicators[index];
    let words = &rule.words;
    let mut page = Page {
        rules,
        lang,
        out: String::new(),
    };
    let (alias, title) = (
        inert_markdown(&words.alias),
        inert_markdown(words.title.get(lang)),
    );
    let _ = writeln!(page.out, "# {alias} · {title}\n");
    let why = inert_markdown(words.why.get(lang));
    let _ = writeln!(page.out, "{why} {}\n", Label::NotProof.get(lang));
    page.out.push_str("| | |\n|---|---|\n");
    let _ = writeln!(page.out, "| Id | `{}` |", words.id);
    let points = format!(
        "{}, {} {}",
        strength(words.strength).get(lang),
        words.strength.points(),
        Label::Points.get(lang)
    );
    page.row(Label::Strength, &points);
    page.row(Label::Evidence, grade(words.grade).get(lang));
    page.row(Label::Axis, words.axis.as_str());
    page.row(Label::Status, words.status.as_str());
    page.row(Label::Version, &words.version.to_string());
    if rule.at_least > 1 {
        page.row(Label::AtLeast, &rule.at_least.to_string());
    }
    let palermo = page.palermo(&words.palermo);
    page.row(Label::Palermo, &palermo);
    page.row(Label::Frameworks, &words.frameworks.join(", "));
    page.sources(&words.sources);
    page.patterns(Owner::Indicator(index));
    page.guards(&rule.guards);
    page.samples("##", SampleOf::Indicator(index));
    page.used_by(index);
    page.out
}

pub(super) fn gates(rules: &RuleSet, lang: Lang) -> String {
    let mut page = Page {
        rules,
        lang,
        out: String::new(),
    };
    let _ = writeln!(page.out, "# {}", Label::Gates.get(lang));
    for (index, rule) in rules.gates.iter().enumerate() {
        page.gate(index, rule);
    }
    page.out
}

pub(super) fn contexts(rules: &RuleSet, lang: Lang) -> String {
    let mut page = Page {
        rules,
        lang,
        out: String::new(),
    };
    let _ = writeln!(page.out, "# {}", Label::Contexts.get(lang));
    for (index, rule) in rules.contexts.iter().enumerate() {
        let title = inert_markdown(rule.words.title.get(lang));
        let _ = writeln!(page.out, "\n## `{}`: {title}", rule.words.id);
        page.out.push('\n');
        if let Some(against) = &rule.words.against {
            page.item(Label::Against, &inert_markdown(against.get(lang)));
        }
        if rule.at_least > 1 {
            page.item(Label::AtLeast, &rule.at_least.to_string());
        }
        if let Some(when) = &rule.when_written {
            page.item(Label::When, &expression(when));
        }
        page.item(Label::Sources, &page.citations(&rule.words.sources));
        page.samples("###", SampleOf::Context(index));
    }
    page.out
}

struct Page<'r> {
    rules: &'r RuleSet,
    lang: Lang,
    out: String,
}

/// An expression as code: no sign that one may hold ends it.
fn expression(text: &str) -> String {
    format!("`{}`", inert_line(text).replace('`', "'"))
}

impl Page<'_> {
    fn head(&mut self, level: &str, label: Label) {
        let _ = writeln!(self.out, "\n{level} {}\n", label.get(self.lang));
    }

    fn row(&mut self, label: Label, value: &str) {
        if !value.is_empty() {
            let _ = writeln!(
                self.out,
                "| {} | {} |",
                label.get(self.lang),
                inert_markdown(value)
            );
        }
    }

    /// `value` is Markdown already.
    fn item(&mut self, label: Label, value: &str) {
        if !value.is_empty() {
            let _ = writeln!(self.out, "* {}: {value}", label.get(self.lang));
        }
    }

    /// The parts of the legal definition, in words.
    fn palermo(&self, parts: &[Element]) -> String {
        let words = parts.iter().map(|&part| element(part).get(self.lang));
        words.collect::<Vec<_>>().join(", ")
    }

    /// Sources with their place, as Markdown: `ILO11#7, KAMB-SH25`.
    fn citations(&self, cited: &[Citation]) -> String {
        let written = cited.iter().map(|one| self.citation(one));
        written.collect::<Vec<_>>().join(", ")
    }

    fn citation(&self, cited: &Citation) -> String {
        let written = inert_markdown(&cited.to_string());
        if cited.unverified {
            format!("{written} ({})", Label::FromMemory.get(self.lang))
        } else {
            written
        }
    }

    fn sources(&mut self, cited: &[Citation]) {
        self.head("##", Label::Sources);
        for one in cited {
            let Some(source) = self.rules.source_of(one) else {
                continue;
            };
            let page = source.page.as_ref();
            let page = page.map(|page| format!("{} {page}", Label::PageNumber.get(self.lang)));
            let place: Vec<&str> = [
                Some(&source.locator),
                source.section.as_ref(),
                page.as_ref(),
            ]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
            let title = inert_markdown(&source.title);
            let place = inert_markdown(&place.join(", "));
            let _ = writeln!(self.out, "* {}: {title} ({place})", self.citation(one));
        }
    }

    fn patterns(&mut self, owner: Owner) {
        let patterns = self.rules.written.iter().zip(&self.rules.owners);
        let own: Vec<&String> = patterns
            .filter(|(_, of)| **of == owner)
            .map(|(text, _)| text)
            .collect();
        if own.is_empty() {
            return;
        }
        self.head("##", Label::Phrases);
        for text in own {
            self.code(text);
        }
    }

    /// A line of an indented block of code: nothing in it is markup.
    fn code(&mut self, text: &str) {
        let _ = writeln!(self.out, "    {}", inert_line(text));
    }

    fn guards(&mut self, guards: &[GuardRule]) {
        if guards.is_empty() {
            return;
        }
        self.head("##", Label::Guards);
        for guard in guards {
            let reason = inert_markdown(guard.reason.get(self.lang));
            let _ = writeln!(self.out, "* **{}**: {reason}", inert_markdown(&guard.id));
            if let Some(unless) = &guard.written.unless {
                let _ = writeln!(
                    self.out,
                    "  {} {}",
                    Label::Unless.get(self.lang),
                    expression(unless)
                );
            }
        }
        for guard in guards
            .iter()
            .filter(|guard| !guard.written.words.is_empty())
        {
            let _ = writeln!(self.out, "\n{}\n", inert_markdown(&guard.id));
            for (side, words) in &guard.written.words {
                let side = match side {
                    Side::Before => Label::Before,
                    Side::After => Label::After,
                    Side::Either => Label::Near,
                };
                self.code(&format!("{}: {words}", side.get(self.lang)));
            }
        }
    }

    fn samples(&mut self, level: &str, of: SampleOf) {
        for (kind, label) in [
            (SampleKind::Hit, Label::Hits),
            (SampleKind::Miss, Label::Misses),
        ] {
            let samples = self.rules.samples.iter();
            let samples = samples.filter(|sample| sample.of == of && sample.kind == kind);
            let texts: Vec<String> = samples.map(marked).collect();
            if texts.is_empty() {
                continue;
            }
            self.head(level, label);
            for text in texts {
                let _ = writeln!(self.out, "* {}", inert_markdown(&text));
            }
        }
    }

    fn used_by(&mut self, index: usize) {
        let names = |rule: &GateRule| {
            let mut named = false;
            let asked = [Some(&rule.when), rule.needs.as_ref(), rule.unless.as_ref()];
            let raise = rule.raise.as_ref().map(|(_, when)| when);
            for condition in asked.into_iter().chain([raise]).flatten() {
                condition.each_leaf(&mut |leaf| named |= *leaf == Condition::Indicator(index));
            }
            named
        };
        let gates = self.rules.gates.iter().filter(|rule| names(rule));
        let gates: Vec<String> = gates
            .map(|rule| {
                format!(
                    "[{}](../gates.md) `{}`",
                    inert_markdown(&rule.words.alias),
                    rule.words.id
                )
            })
            .collect();
        if !gates.is_empty() {
            self.head("##", Label::UsedBy);
            let _ = writeln!(self.out, "{}", gates.join(", "));
        }
    }

    fn gate(&mut self, index: usize, rule: &GateRule) {
        let words = &rule.words;
        let alias = inert_markdown(&words.alias);
        let _ = writeln!(self.out, "\n## {alias} · `{}`\n", words.id);
        let _ = writeln!(
            self.out,
            "{}\n",
            inert_markdown(words.reason.get(self.lang))
        );
        self.item(Label::Level, rule.level.as_str());
        self.item(Label::Route, &format!("`{}`", words.route.as_str()));
        let written = &rule.written;
        self.item(Label::When, &expression(&written.when));
        for (label, text) in [
            (Label::Needs, &written.needs),
            (Label::Unless, &written.unless),
        ] {
            if let Some(text) = text {
                self.item(label, &expression(text));
            }
        }
        if let (Some((to, _)), Some(when)) = (&rule.raise, &written.raise) {
            self.item(
                Label::RaisedTo,
                &format!("{}: {}", to.as_str(), expression(when)),
            );
        }
        self.item(Label::Palermo, &self.palermo(&words.palermo));
        self.item(Label::Sources, &self.citations(&words.sources));
        self.samples("###", SampleOf::Gate(index));
    }
}

/// A sample with its marks put back.
fn marked(sample: &Sample) -> String {
    let mut text = sample.text.clone();
    for mark in sample.marks.iter().rev() {
        text.insert(mark.end as usize, '»');
        text.insert(mark.start as usize, '«');
    }
    text
}
