//! The digest as lines, for a terminal, a file or a mail.

use super::labels::{Say, kind, level};
use super::{Belief, Digest, Doubt, LEVELS, NewFinding, RunLine, Standing, Trouble, moment, size};
use crate::indicator::Lang;
use crate::report::inert::inert_line;
use crate::report::layout::{Page, Tone, fit, pad, toned, width};
use crate::report::{Style, labels};

/// Most findings told one by one.
const MOST_NEW: usize = 20;
/// Most runs told one by one.
const MOST_RUNS: usize = 10;
/// Columns of what stands before a finding.
const KIND_COLUMNS: usize = 16;
/// Characters of an id that tell findings apart.
const ID_COLUMNS: usize = 8;

/// One line for the head of a mail: `Lentera: 3 temuan baru (1 kritis, 2 tinggi)`.
pub fn subject(digest: &Digest, lang: Lang) -> String {
    let trouble = match digest.troubles.len() + usize::from(!digest.belief.doubts.is_empty()) {
        0 => String::new(),
        n => format!(" · {}: {n}", Say::Trouble.get(lang)),
    };
    format!("Lentera: {}{trouble}", headline(digest, lang))
}

/// The whole digest.
pub fn text(digest: &Digest, style: &Style) -> String {
    let lang = style.lang;
    let mut page = Page::new(style);
    let (from, until) = (digest.period.from, digest.period.until);
    let span = format!(
        "{} · {} – {}",
        Say::Title.get(lang),
        moment(from, &digest.zone, lang),
        moment(until, &digest.zone, lang)
    );
    page.cells(0, &toned(&span, Tone::Bold));
    page.line(0, Say::NotProof.get(lang));
    new(&mut page, digest, lang);
    page.gap();
    page.line(0, &standing(digest, lang));
    troubles(&mut page, digest, lang);
    belief(&mut page, &digest.belief, lang);
    runs(&mut page, digest, lang);
    page.gap();
    page.line(0, Say::WhatItIs.get(lang));
    page.finish()
}

/// `3 temuan baru (1 minta tolong, 2 kritis; sebelumnya 5)`.
pub(super) fn headline(digest: &Digest, lang: Lang) -> String {
    let mut found = Standing::default();
    for new in &digest.new {
        found.count(new.level, new.route, 1);
    }
    let before = format!("{} {}", Say::Before.get(lang), digest.before);
    let n = digest.new.len();
    if n == 0 {
        let none = Say::NoneNew.get(lang).trim_end_matches('.');
        return format!("{none} ({before})");
    }
    let parts = parts(&found, lang);
    let new = if n == 1 { Say::OneNew } else { Say::New };
    format!("{n} {} ({parts}; {before})", new.get(lang))
}

/// `1 minta tolong, 2 kritis`.
pub(super) fn parts(found: &Standing, lang: Lang) -> String {
    let routes = [
        (found.help_requests, Say::HelpRequests),
        (found.missing_persons, Say::MissingPersons),
    ];
    let routes = routes
        .into_iter()
        .map(|(n, what)| (n, what.get(lang).to_owned()));
    let levels = LEVELS.into_iter().zip(found.alerts);
    let levels = levels.map(|(of, n)| (n, level(of, lang)));
    let some = routes.chain(levels).filter(|(n, _)| *n > 0);
    let told: Vec<String> = some.map(|(n, what)| format!("{n} {what}")).collect();
    told.join(", ")
}

fn new(page: &mut Page, digest: &Digest, lang: Lang) {
    page.heading(&headline(digest, lang));
    for one in digest.new.iter().take(MOST_NEW) {
        finding(page, one, lang);
    }
    let more = digest.new.len().saturating_sub(MOST_NEW);
    if more > 0 {
        page.line(2, &format!("+ {more} {}", Say::More.get(lang)));
    }
    if !digest.new.is_empty() {
        page.line(0, Say::Look.get(lang));
    }
}

fn finding(page: &mut Page, one: &NewFinding, lang: Lang) {
    let id: String = inert_line(&one.id).chars().take(ID_COLUMNS).collect();
    let kind = pad(&kind(one.level, one.route, lang), KIND_COLUMNS);
    let room = page.width().saturating_sub(KIND_COLUMNS + ID_COLUMNS + 3);
    let place = fit(&format!(" · {}", place(one)), room / 2);
    let why = fit(&reason(one, lang), room - width(&place));
    let mut cells = toned(&kind, Tone::Level(one.level));
    cells.extend(toned(&pad(&format!("{why}{place}"), room), Tone::Plain));
    cells.extend(toned(&format!(" {id}"), Tone::Faint));
    page.cells(2, &cells);
}

/// The gate's sentence, or the record's own.
pub(super) fn reason(one: &NewFinding, lang: Lang) -> String {
    let gate = format!("{} {}", one.gate, one.reason.get(lang));
    inert_line(gate.trim())
}

/// The source, and the province that was named.
pub(super) fn place(one: &NewFinding) -> String {
    let province = one.province.as_deref().and_then(super::province::name);
    let province = province.map_or_else(String::new, |name| format!(" · {name}"));
    inert_line(&format!("{}{province}", one.source))
}

fn standing(digest: &Digest, lang: Lang) -> String {
    let all = &digest.standing;
    let mut out = format!("{}: {}", Say::Standing.get(lang), all.total());
    if all.total() > 0 {
        out.push_str(&format!(" ({})", parts(all, lang)));
    }
    if let Some(oldest) = all.oldest {
        let since = moment(oldest, &digest.zone, lang);
        out.push_str(&format!("; {} {since}", Say::Oldest.get(lang)));
    }
    out
}

fn troubles(page: &mut Page, digest: &Digest, lang: Lang) {
    if digest.troubles.is_empty() {
        return;
    }
    page.heading(Say::Trouble.get(lang));
    for trouble in &digest.troubles {
        let (what, act) = told(trouble, lang);
        page.hanging(2, 4, &toned(&format!("- {what}"), Tone::Plain));
        if let Some(act) = act {
            page.line(4, act);
        }
    }
}

/// A trouble in words, and what to do.
pub(super) fn told(trouble: &Trouble, lang: Lang) -> (String, Option<&'static str>) {
    match trouble {
        Trouble::Drift { source, alarms } => {
            let drift = Say::Drift.get(lang);
            let alarms = alarms.join("; ");
            let told = inert_line(&format!("{drift} {source}: {alarms}"));
            (told, Some(Say::DriftDo.get(lang)))
        }
        Trouble::Failure { source, why } => {
            let ended = Say::Failure.get(lang);
            (inert_line(&format!("{source} {ended}: {why}")), None)
        }
        Trouble::CutOff { run } => {
            let cut = Say::CutOff.get(lang);
            (inert_line(&format!("{run} {cut}")), None)
        }
        Trouble::RulesChanged { run } => {
            let changed = Say::RulesChanged.get(lang);
            (inert_line(&format!("{run} {changed}")), None)
        }
    }
}

fn belief(page: &mut Page, belief: &Belief, lang: Lang) {
    page.heading(Say::Belief.get(lang));
    page.line(2, &ground(belief, lang));
    for doubt in &belief.doubts {
        page.hanging(
            2,
            4,
            &toned(&format!("- {}", doubted(doubt, lang)), Tone::Plain),
        );
    }
}

/// `Ya (pemindaian 1, halaman 12, kiriman 340, indikator 82)`.
pub(super) fn ground(belief: &Belief, lang: Lang) -> String {
    let verdict = if belief.doubts.is_empty() {
        Say::Believable
    } else {
        Say::Doubtful
    };
    let figures = [
        (belief.runs, Say::RunsOf),
        (belief.pages, Say::Pages),
        (belief.posts, Say::Posts),
        (belief.indicators, Say::Indicators),
    ];
    let figures = figures.map(|(n, what)| format!("{} {n}", what.get(lang)));
    format!("{} ({})", verdict.get(lang), figures.join(", "))
}

/// A doubt in words, with what to do.
pub(super) fn doubted(doubt: &Doubt, lang: Lang) -> String {
    match doubt {
        Doubt::NoRun => Say::NoRun.get(lang).to_owned(),
        Doubt::NoPages => Say::NoPages.get(lang).to_owned(),
        Doubt::NoPosts => Say::NoPosts.get(lang).to_owned(),
        Doubt::NoRules => Say::NoRules.get(lang).to_owned(),
        Doubt::Silent { source } => {
            let silent = Say::Silent.get(lang);
            inert_line(&format!("{silent} {source}"))
        }
    }
}

fn runs(page: &mut Page, digest: &Digest, lang: Lang) {
    page.heading(Say::Runs.get(lang));
    if digest.runs.is_empty() {
        page.line(2, Say::NoRuns.get(lang));
    }
    for run in digest.runs.iter().take(MOST_RUNS) {
        page.hanging(2, 4, &toned(&run_line(run, digest, lang), Tone::Plain));
    }
    let more = digest.runs.len().saturating_sub(MOST_RUNS);
    if more > 0 {
        page.line(2, &format!("+ {more}"));
    }
    page.line(2, &traffic(digest, lang));
    if !digest.skips.is_empty() {
        page.hanging(2, 4, &toned(&skips(digest, lang), Tone::Plain));
    }
}

/// `3 Nov 02.12 WIB: 12 halaman, 340 kiriman, 8 temuan`.
pub(super) fn run_line(run: &RunLine, digest: &Digest, lang: Lang) -> String {
    let mut out = format!("{}: ", moment(run.began, &digest.zone, lang));
    if run.ended.is_none() {
        out.push_str(&format!("{}, ", Say::Unfinished.get(lang)));
    }
    if let Some(pages) = run.pages {
        out.push_str(&format!("{pages} {}, ", Say::Pages.get(lang)));
    }
    out.push_str(&format!("{} {}, ", run.posts, Say::Posts.get(lang)));
    out.push_str(&format!("{} {}", run.findings, Say::Findings.get(lang)));
    if run.skips > 0 {
        out.push_str(&format!(", {} {}", run.skips, Say::Skips.get(lang)));
    }
    out
}

/// `2,3 MiB diterima, 1,1 MiB dihemat`.
pub(super) fn traffic(digest: &Digest, lang: Lang) -> String {
    format!(
        "{} {}, {} {}",
        size(digest.bytes, lang),
        Say::Received.get(lang),
        size(digest.spared, lang),
        Say::Spared.get(lang)
    )
}

/// `4 tidak diproses: http_status 3, off_site 1`.
pub(super) fn skips(digest: &Digest, lang: Lang) -> String {
    let n: u64 = digest.skips.values().sum();
    let each = digest.skips.iter().map(|(why, n)| format!("{why} {n}"));
    let each: Vec<String> = each.collect();
    let told = format!("{n} {}: {}", Say::Skips.get(lang), each.join(", "));
    inert_line(&told)
}

/// The label of a finding that holds, for tables.
pub(super) fn level_heads(lang: Lang) -> Vec<String> {
    let heads = LEVELS.into_iter().map(|one| labels::level(one, lang));
    heads.map(str::to_lowercase).collect()
}
