//! The legal frame of a finding: which parts of the definition of trafficking
//! have a sign in the text, and which a text cannot show.

use super::super::Style;
use super::super::highlight::Marks;
use super::super::inert::inert_line;
use super::super::labels::Label;
use super::super::layout::{Page, Tone, toned};
use crate::indicator::Lang;
use crate::store::record::{Cited, Finding};

pub(super) fn frame(page: &mut Page, finding: &Finding, marks: &Marks<'_>, style: &Style) {
    let lang = style.lang;
    // Records of 1.0.0 hold none.
    let Some(frame) = &finding.assessment.legal_frame else {
        return;
    };
    page.heading(Label::Frame.get(lang));
    for part in &frame.parts {
        let shown_by: Vec<String> = part
            .shown_by
            .iter()
            .map(|rule| named(rule, finding, marks, lang))
            .collect();
        let text = inert_line(part.text.get(lang));
        let text = if shown_by.is_empty() {
            format!("- {text}")
        } else {
            format!("- {text} — {}", shown_by.join("; "))
        };
        page.hanging(2, 4, &toned(&text, Tone::Plain));
    }
    if let Some(child) = &frame.child {
        let text = inert_line(child.text.get(lang));
        page.hanging(2, 4, &toned(&format!("- {text}"), Tone::Bold));
        page.cells(4, &toned(&inert_line(child.basis.get(lang)), Tone::Faint));
    }
    page.line(2, &inert_line(frame.meaning.get(lang)));
    page.cells(2, &toned(&inert_line(frame.basis.get(lang)), Tone::Faint));
}

/// A rule as a reader met it above: code, title and numbers of its marks.
fn named(rule: &str, finding: &Finding, marks: &Marks<'_>, lang: Lang) -> String {
    if let Some(held) = finding.indicators.iter().find(|one| one.rule_id == rule) {
        let numbers: Vec<String> = marks.of(held).iter().map(ToString::to_string).collect();
        let title = inert_line(held.title.get(lang));
        let alias = inert_line(&held.alias);
        return format!("{alias} {title} ⟦{}⟧", numbers.join(", "));
    }
    let gates = &finding.assessment.gates;
    let gate = rule
        .strip_prefix("gate:")
        .and_then(|id| gates.iter().find(|gate| gate.gate_id == id));
    gate.map_or_else(|| inert_line(rule), |gate| inert_line(&gate.alias))
}

/// Sources with their place: `ILO11#7, KAMB-SH25`.
pub(super) fn sources(keys: &[String], citations: &[Cited], lang: Lang) -> String {
    let written: Vec<String> = keys
        .iter()
        .flat_map(|key| {
            let mut places: Vec<String> = citations
                .iter()
                .filter(|one| one.source == *key)
                .map(|one| place(one, lang))
                .collect();
            if places.is_empty() {
                places.push(inert_line(key));
            }
            places
        })
        .collect();
    written.join(", ")
}

fn place(cited: &Cited, lang: Lang) -> String {
    let mut place = inert_line(&cited.source);
    if let Some(section) = &cited.section {
        place = format!("{place}#{}", inert_line(section));
    }
    if cited.unverified {
        place = format!("{place} ({})", Label::Unverified.get(lang));
    }
    place
}
