//! The last part of a finding: where the post stood, what made the record, and
//! what a person decided. Addresses stay defanged; nothing here opens.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::indicator::Lang;
use crate::report::Style;
use crate::report::inert::inert_line;
use crate::report::labels::{self, Label};
use crate::report::layout::{Page, Tone, toned};
use crate::store::record::{Finding, Review, Source};

/// Hours western Indonesian time is ahead of UTC.
const WIB_HOURS: i8 = 7;

/// Hexadecimal digits of a digest a person compares by eye.
const DIGEST_COLUMNS: usize = 12;

pub(super) fn provenance(page: &mut Page, finding: &Finding, style: &Style) {
    let lang = style.lang;
    let source = &finding.source;
    let from = &finding.provenance;
    page.heading(Label::Origin.get(lang));
    let url = source.url.as_deref().unwrap_or("-");
    let mut lines = vec![
        format!("{} · {} · {url}", source.platform, source.native_id),
        times(source, lang),
        format!(
            "{}: {}, {} {} · sha256 {}",
            Label::Input.get(lang),
            from.input.file,
            Label::Line.get(lang),
            from.input.line,
            short(&from.input.sha256)
        ),
    ];
    if let Some(capture) = &from.capture {
        lines.push(format!(
            "{}: {} @{} · sha256 {}",
            Label::Capture.get(lang),
            capture.path,
            capture.offset,
            short(&capture.sha256)
        ));
    }
    lines.push(format!(
        "{}: {} {} · sha256 {}",
        Label::Rules.get(lang),
        from.ruleset.name,
        from.ruleset.version,
        short(&from.ruleset.sha256)
    ));
    lines.push(format!(
        "{}: {} {} ({}) · {} {} · {}",
        Label::Engine.get(lang),
        from.engine.name,
        from.engine.version,
        from.engine.build,
        Label::Scan.get(lang),
        from.scan_id,
        local_time(&from.scanned_at)
    ));
    lines.push(review(&finding.review, lang));
    for line in lines {
        page.hanging(2, 4, &toned(&inert_line(&line), Tone::Faint));
    }
}

fn times(source: &Source, lang: Lang) -> String {
    let unknown = || Label::Unknown.get(lang).to_owned();
    let published = match (&source.published_at, source.published_precision.as_str()) {
        (Some(at), "day") => at.chars().take("2026-11-03".len()).collect(),
        (Some(at), _) => local_time(at),
        (None, _) => unknown(),
    };
    let collected = source.collected_at.as_deref();
    format!(
        "{}: {published} · {}: {}",
        Label::Published.get(lang),
        Label::Collected.get(lang),
        collected.map_or_else(unknown, local_time)
    )
}

/// A time of the record in western Indonesian time; as it stands when it is
/// none.
fn local_time(at: &str) -> String {
    at.parse::<Timestamp>().map_or_else(
        |_| at.to_owned(),
        |instant| {
            let wib = TimeZone::fixed(Offset::constant(WIB_HOURS));
            let local = wib.to_datetime(instant);
            format!(
                "{} {:02}:{:02} WIB",
                local.date(),
                local.hour(),
                local.minute()
            )
        },
    )
}

fn short(digest: &str) -> String {
    digest.chars().take(DIGEST_COLUMNS).collect()
}

/// The state, and where there is a decision: which, by whom, when, for what
/// reasons.
fn review(review: &Review, lang: Lang) -> String {
    let words = |word: &str| {
        let known = labels::review(word);
        known.map_or_else(|| word.to_owned(), |label| label.get(lang).to_owned())
    };
    let mut parts = vec![words(&review.state)];
    parts.extend(review.decision.as_deref().map(words));
    parts.extend(review.reviewer.clone());
    parts.extend(review.decided_at.as_deref().map(local_time));
    if !review.reasons.is_empty() {
        parts.push(review.reasons.join(", "));
    }
    format!("{}: {}", Label::Review.get(lang), parts.join(" · "))
}
