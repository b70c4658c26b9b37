//! The queue: two lines a finding, what to look at first on top.

use std::cmp::Reverse;

use super::Style;
use super::inert::inert_line;
use super::labels::{self, Label};
use super::layout::{Page, Tone, fit, pad, toned, width};
use crate::assessment::{Level, PossibleMinor, Route};
use crate::store::record::Finding;

/// Columns of the level's word, the longest of which has eight letters.
const LEVEL_COLUMNS: usize = 9;

/// Characters of an id that tell findings apart.
const ID_COLUMNS: usize = 8;

/// Most columns of one quote.
const QUOTE_COLUMNS: usize = 30;

/// The findings as a table: pleas for help first, then by level and points.
pub fn queue(findings: &[Finding], style: &Style) -> String {
    let mut page = Page::new(style);
    if findings.is_empty() {
        page.line(0, Label::NothingFound.get(style.lang));
        return page.finish();
    }
    let mut ordered: Vec<&Finding> = findings.iter().collect();
    ordered.sort_by_key(|finding| {
        let assessed = &finding.assessment;
        (
            assessed.route != Route::HelpRequest,
            Reverse(assessed.level),
            Reverse(assessed.points),
            &finding.id,
        )
    });
    page.line(0, &head(findings, style));
    for finding in ordered {
        page.gap();
        row(&mut page, finding, style);
    }
    page.finish()
}

/// `3 temuan (1 tinggi, 2 sedang): prioritas tinjauan, bukan bukti`.
fn head(findings: &[Finding], style: &Style) -> String {
    let lang = style.lang;
    let counts: Vec<String> = Level::ALL
        .into_iter()
        .rev()
        .filter_map(|level| {
            let of_level = |finding: &&Finding| finding.assessment.level == level;
            let count = findings.iter().filter(of_level).count();
            let word = labels::level(level, lang).to_lowercase();
            (count > 0).then(|| format!("{count} {word}"))
        })
        .collect();
    format!(
        "{} {} ({}): {}",
        findings.len(),
        Label::Findings.get(lang),
        counts.join(", "),
        Label::NotProof.get(lang)
    )
}

fn row(page: &mut Page, finding: &Finding, style: &Style) {
    let assessed = &finding.assessment;
    let level = pad(labels::level(assessed.level, style.lang), LEVEL_COLUMNS);
    let id: String = inert_line(&finding.id).chars().take(ID_COLUMNS).collect();
    let room = page.width().saturating_sub(LEVEL_COLUMNS + 1 + width(&id));
    let mut cells = toned(&level, Tone::Level(assessed.level));
    cells.extend(toned(&pad(&reason(finding, style), room), Tone::Plain));
    cells.extend(toned(&format!(" {id}"), Tone::Faint));
    page.cells(0, &cells);
    let place = place(finding);
    let ends: Vec<String> = [place, Some(inert_line(&finding.source.platform))]
        .into_iter()
        .flatten()
        .map(|end| format!(" · {}", fit(&end, QUOTE_COLUMNS / 2)))
        .collect();
    let ends = ends.concat();
    let room = page.width().saturating_sub(LEVEL_COLUMNS + width(&ends));
    let quotes = fit(&quotes(finding, style), room);
    let line = format!("{quotes}{ends}");
    let line = line.strip_prefix(" · ").unwrap_or(&line);
    let room = page.width().saturating_sub(LEVEL_COLUMNS);
    page.cells(LEVEL_COLUMNS, &toned(&fit(line, room), Tone::Faint));
}

/// Where it goes unless it is an alert, and the first gate.
fn reason(finding: &Finding, style: &Style) -> String {
    let assessed = &finding.assessment;
    let gate = assessed.gates.first().map_or_else(
        || assessed.summary.get(style.lang).to_owned(),
        |gate| format!("{} {}", gate.alias, gate.text.get(style.lang)),
    );
    let gate = inert_line(&gate);
    if assessed.route == Route::Alert {
        gate
    } else {
        format!("[{}] {gate}", labels::route(assessed.route, style.lang))
    }
}

/// The first place named in the text, or beside it.
fn place(finding: &Finding) -> Option<String> {
    let named = finding.entities.places.first();
    let name = named
        .map(|place| &place.name)
        .or(finding.source.place.as_ref())?;
    Some(inert_line(name))
}

/// The words seen, one quote an indicator.
fn quotes(finding: &Finding, style: &Style) -> String {
    if is_withheld(finding, style) {
        return Label::QuoteWithheld.get(style.lang).to_owned();
    }
    let mut quotes: Vec<String> = Vec::new();
    for indicator in &finding.indicators {
        if let Some(found) = indicator.matches.first() {
            let quote = format!("“{}”", fit(&inert_line(&found.quote), QUOTE_COLUMNS));
            if !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
    }
    quotes.join(" ")
}

/// Whether the words of the post stay unseen until somebody asks for them.
pub(super) fn is_withheld(finding: &Finding, style: &Style) -> bool {
    finding.assessment.possible_minor == PossibleMinor::Indicator && !style.show_text
}
