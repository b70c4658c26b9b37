//! One finding in full, the most important first: how soon to look, why, the
//! post itself, what speaks against it; last, where it came from.

mod facts;
mod frame;
mod origin;

use super::Style;
use super::highlight::Marks;
use super::inert::{inert, inert_line};
use super::labels::{self, Label};
use super::layout::{Page, Tone, toned};
use super::queue::is_withheld;
use crate::assessment::PossibleMinor;
use crate::store::record::{Finding, IndicatorHeld, Match};

/// Everything a record says, for a person.
pub fn one(finding: &Finding, style: &Style) -> String {
    let mut page = Page::new(style);
    head(&mut page, finding, style);
    gates(&mut page, finding, style);
    let marks = Marks::new(finding);
    post(&mut page, finding, &marks, style);
    signs(&mut page, finding, &marks, style);
    against(&mut page, finding, style);
    frame::frame(&mut page, finding, &marks, style);
    suppressed(&mut page, finding, style);
    facts::contacts(&mut page, finding, style);
    facts::places_and_pay(&mut page, finding, style);
    facts::official_help(&mut page, style);
    facts::handling(&mut page, finding, style);
    origin::provenance(&mut page, finding, style);
    page.finish()
}

fn head(page: &mut Page, finding: &Finding, style: &Style) {
    let lang = style.lang;
    let assessed = &finding.assessment;
    let mut cells = toned(
        labels::level(assessed.level, lang),
        Tone::Level(assessed.level),
    );
    let rest = format!(
        " · {} · {} · {}",
        labels::route(assessed.route, lang),
        labels::points(assessed.points, lang),
        Label::NotProof.get(lang)
    );
    cells.extend(toned(&rest, Tone::Plain));
    page.cells(0, &cells);
    let minor = match assessed.possible_minor {
        PossibleMinor::NoIndicator => None,
        PossibleMinor::Unknown => Some(Label::MinorUnknown),
        PossibleMinor::Indicator => Some(Label::MinorIndicator),
    };
    if let Some(minor) = minor {
        page.cells(0, &toned(minor.get(lang), Tone::Bold));
    }
    page.cells(0, &toned(&inert_line(&finding.id), Tone::Faint));
    if let Some(cluster) = &finding.cluster {
        let copies = format!(
            "{} {} · {} {}",
            cluster.size,
            Label::Copies.get(lang),
            cluster.sites,
            Label::Sites.get(lang)
        );
        page.line(0, &copies);
    }
    if !finding.is_intact() {
        page.cells(0, &toned(Label::Broken.get(lang), Tone::Bold));
    }
}

fn gates(page: &mut Page, finding: &Finding, style: &Style) {
    let lang = style.lang;
    page.heading(Label::Why.get(lang));
    let gates = &finding.assessment.gates;
    if gates.is_empty() {
        page.line(2, Label::NoGate.get(lang));
    }
    for gate in gates {
        let text = format!(
            "{} {} ({})",
            inert_line(&gate.alias),
            inert_line(gate.text.get(lang)),
            labels::level(gate.level, lang).to_lowercase()
        );
        page.hanging(2, 5, &toned(&text, Tone::Plain));
        let basis = format!(
            "{}: {} · {}: {}",
            Label::MetBy.get(lang),
            inert_line(&gate.met_by.join(", ")),
            Label::Sources.get(lang),
            frame::sources(&gate.sources, &gate.citations, lang)
        );
        page.cells(5, &toned(&basis, Tone::Faint));
    }
}

fn post(page: &mut Page, finding: &Finding, marks: &Marks<'_>, style: &Style) {
    let lang = style.lang;
    page.heading(Label::Post.get(lang));
    if is_withheld(finding, style) {
        page.line(2, Label::TextWithheld.get(lang));
        return;
    }
    if let Some(title) = &finding.source.title {
        let mut cells = toned(&format!("{}: ", Label::Title.get(lang)), Tone::Faint);
        cells.extend(marks.draw("title", title));
        page.cells(2, &cells);
    }
    match &finding.content.text {
        Some(text) => page.cells(2, &marks.draw("text", text)),
        None => page.line(2, Label::TextAbsent.get(lang)),
    }
}

fn signs(page: &mut Page, finding: &Finding, marks: &Marks<'_>, style: &Style) {
    let lang = style.lang;
    page.heading(Label::Signs.get(lang));
    if finding.indicators.is_empty() {
        page.line(2, Label::NoSigns.get(lang));
    }
    for indicator in &finding.indicators {
        sign(page, indicator, &marks.of(indicator), style);
    }
}

fn sign(page: &mut Page, indicator: &IndicatorHeld, numbers: &[usize], style: &Style) {
    let lang = style.lang;
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let mut cells = toned(&format!("⟦{}⟧ ", numbers.join(", ")), Tone::Faint);
    let title = format!(
        "{} {}",
        inert_line(&indicator.alias),
        inert_line(indicator.title.get(lang))
    );
    cells.extend(toned(&title, Tone::Bold));
    let points = format!(" · {}", labels::points(indicator.points, lang));
    cells.extend(toned(&points, Tone::Plain));
    page.hanging(2, 6, &cells);
    page.line(6, &inert(indicator.why.get(lang)));
    let basis = format!(
        "{} · {}: {}",
        inert_line(&indicator.rule_id),
        Label::Sources.get(lang),
        frame::sources(&indicator.sources, &indicator.citations, lang)
    );
    page.cells(6, &toned(&basis, Tone::Faint));
}

fn against(page: &mut Page, finding: &Finding, style: &Style) {
    page.heading(Label::Against.get(style.lang));
    let against = &finding.assessment.against;
    if against.is_empty() {
        page.line(2, Label::NoSigns.get(style.lang));
    }
    for one in against {
        let text = inert_line(one.text.get(style.lang));
        let quotes = quotes(&one.matches, finding, style);
        page.hanging(2, 4, &toned(&format!("- {text}{quotes}"), Tone::Plain));
    }
}

fn suppressed(page: &mut Page, finding: &Finding, style: &Style) {
    let suppressed = &finding.assessment.suppressed;
    if suppressed.is_empty() {
        return;
    }
    page.heading(Label::Suppressed.get(style.lang));
    for one in suppressed {
        let text = format!(
            "- {} {}{}: {} {}{}: {}",
            inert_line(&one.alias),
            inert_line(&one.rule_id),
            quotes(&one.matches, finding, style),
            Label::Guard.get(style.lang),
            inert_line(&one.guard_id),
            quotes(&one.guard_matches, finding, style),
            inert_line(one.text.get(style.lang))
        );
        page.hanging(2, 4, &toned(&text, Tone::Plain));
    }
}

/// The quoted words with a space before, unless they are withheld.
fn quotes(matches: &[Match], finding: &Finding, style: &Style) -> String {
    if is_withheld(finding, style) {
        return String::new();
    }
    matches.iter().fold(String::new(), |quotes, found| {
        quotes + " “" + &inert_line(&found.quote) + "”"
    })
}
