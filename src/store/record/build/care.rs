//! What made a record, and how it may be handled, in its wire form.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use super::{Masks, RunFacts};
use crate::assessment::{Assessment, Level, PossibleMinor};
use crate::post::Post;
use crate::store::mask::defang_url;
use crate::store::record::{Capture, Engine, Input, Privacy, Provenance, RuleSet, Source};

pub(super) fn provenance(post: &Post, run: &RunFacts) -> Provenance {
    Provenance {
        engine: Engine {
            name: "lentera".to_owned(),
            version: run.engine_version.clone(),
            build: run.engine_build.clone(),
        },
        ruleset: RuleSet {
            name: run.ruleset_name.clone(),
            version: run.ruleset_version.clone(),
            sha256: run.ruleset_digest.to_string(),
        },
        scan_id: run.scan_id.to_string(),
        scanned_at: run.scanned_at.to_string(),
        input: Input {
            file: post.origin.file.clone(),
            line: post.origin.line,
            sha256: post.origin.digest.to_string(),
        },
        capture: post.origin.capture.as_ref().map(|capture| Capture {
            kind: "warc".to_owned(),
            path: capture.path.clone(),
            offset: capture.offset,
            record_id: capture.record_id.clone(),
            sha256: capture.digest.to_string(),
        }),
    }
}

pub(super) fn privacy(
    post: &Post,
    assessment: &Assessment,
    run: &RunFacts,
    source: &Source,
    masks: &Masks<'_>,
) -> Privacy {
    let has_phone = assessment
        .entities
        .iter()
        .any(|entity| matches!(entity.value, crate::entity::Value::Phone { .. }));
    let masked_url = post.url.as_deref().and_then(defang_url);
    let masked = [
        ("content.text", masks.text.is_changed()),
        ("source.title", masks.title.is_changed()),
        ("source.native_id", source.native_id != post.native_id),
        ("source.url", source.url != masked_url),
        ("source.author_handle", source.author_handle != post.author),
        ("source.place", source.place != post.place_hint),
        ("source.extra", source.extra != post.extra),
        ("entities.phones[].e164", has_phone),
    ];
    let mut handling = vec!["no_direct_contact", "no_public_release"];
    if assessment.possible_minor == PossibleMinor::Indicator {
        handling.push("minor_restricted");
    }
    Privacy {
        profile: "masked".to_owned(),
        personal_data: true,
        masked: masked
            .into_iter()
            .filter(|(_, changed)| *changed)
            .map(|(name, _)| name.to_owned())
            .collect(),
        tlp: "TLP:AMBER+STRICT".to_owned(),
        retain_until: retain_until(run.scanned_at, assessment.level),
        handling: handling.into_iter().map(str::to_owned).collect(),
    }
}

/// The more a post deserves a look, the longer its record may be kept.
fn retain_until(scanned_at: Timestamp, level: Level) -> String {
    let days = match level {
        Level::Critical | Level::High => 365,
        Level::Medium => 90,
        Level::Low | Level::None => 30,
    };
    let scanned_on = TimeZone::UTC.to_datetime(scanned_at).date();
    scanned_on.saturating_add(days.days()).to_string()
}
