//! Running the samples that stand in rule files.

use crate::assessment::{Assessment, Evidence};
use crate::id::Digest;
use crate::post::{Origin, PlatformKind, Post};
use crate::rule::{RuleSet, Sample, SampleKind, SampleOf};
use crate::span::Span;

use super::{Scanner, gate::Judged, sighting::Sightings};

/// How the samples of a rule set fared.
#[derive(Debug, Default)]
pub struct SampleReport {
    /// Samples that did as they should.
    pub n_passed: usize,
    /// Samples that did not, in file order.
    pub failures: Vec<Failure>,
    /// `todo` samples that are still not found.
    pub n_todo: usize,
    /// `todo` samples that are found by now: make them hits.
    pub done: Vec<String>,
}

/// One sample that did not do as it should.
#[derive(Debug)]
pub struct Failure {
    /// `file:line:column`.
    pub place: String,
    /// Id of the rule.
    pub rule: String,
    /// What it should have done.
    pub kind: SampleKind,
    /// The text.
    pub text: String,
    /// What matched or did not, and why; one sentence a line.
    pub why: Vec<String>,
}

/// Runs every sample, or those of the rule named `only`.
pub fn try_samples(rules: &RuleSet, only: Option<&str>) -> SampleReport {
    let mut report = SampleReport::default();
    for sample in &rules.samples {
        let (id, alias) = names(rules, sample.of);
        if only.is_some_and(|only| only != id && only != alias) {
            continue;
        }
        try_one(rules, sample, id, &mut report);
    }
    report
}

fn try_one(rules: &RuleSet, sample: &Sample, id: &str, report: &mut SampleReport) {
    let post = sample_post(&sample.text);
    let (held, evidence) = outcome(rules, sample.of, &post);
    let missed: Vec<&Span> = sample
        .marks
        .iter()
        .filter(|mark| !evidence.iter().any(|one| one.span == **mark))
        .collect();
    let good = match sample.kind {
        SampleKind::Hit => held && missed.is_empty(),
        SampleKind::Miss => !held,
        SampleKind::Todo if held => {
            report
                .done
                .push(format!("{}: {id}: {}", sample.place, sample.text));
            return;
        }
        SampleKind::Todo => {
            report.n_todo += 1;
            return;
        }
    };
    if good {
        report.n_passed += 1;
        return;
    }
    let quote = |span: Span| format!("«{}»", span.of(&sample.text));
    let mut why: Vec<String> = Vec::new();
    if held {
        let quotes: Vec<_> = evidence.iter().map(|one| quote(one.span)).collect();
        why.push(format!(
            "found: {}",
            if quotes.is_empty() {
                "by its conditions".to_owned()
            } else {
                quotes.join(", ")
            }
        ));
        why.extend(
            missed
                .iter()
                .map(|mark| format!("the marked {} was not found exactly", quote(**mark))),
        );
    } else {
        why.push("not found".to_owned());
    }
    why.extend(super::explain(rules, id, &post).lines().map(str::to_owned));
    let text = sample.text.clone();
    let place = sample.place.clone();
    report.failures.push(Failure {
        place,
        rule: id.to_owned(),
        kind: sample.kind,
        text,
        why,
    });
}

fn names(rules: &RuleSet, of: SampleOf) -> (&str, &str) {
    match of {
        SampleOf::Indicator(index) => {
            let words = &rules.indicators[index].words;
            (&words.id, &words.alias)
        }
        SampleOf::Context(index) => (&rules.contexts[index].words.id, ""),
        SampleOf::Gate(index) => {
            let words = &rules.gates[index].words;
            (&words.id, &words.alias)
        }
    }
}

/// Whether the sample's rule holds on the post, and where.
fn outcome(rules: &RuleSet, of: SampleOf, post: &Post) -> (bool, Vec<Evidence>) {
    let seen = Sightings::of(rules, post);
    let judged = Judged::new(rules, &seen);
    match of {
        SampleOf::Indicator(index) => {
            let live = seen.indicators.get(&index).map(|seen| seen.live.clone());
            let evidence = live.into_iter().flatten().map(|one| one.evidence).collect();
            (judged.holds(index), evidence)
        }
        SampleOf::Context(index) => {
            let id = &rules.contexts[index].words.id;
            let hit = judged.contexts.iter().find(|hit| hit.context.id == *id);
            (
                hit.is_some(),
                hit.map(|hit| hit.evidence.clone()).unwrap_or_default(),
            )
        }
        SampleOf::Gate(index) => {
            let id = &rules.gates[index].words.id;
            let fired = judged.gates.iter().any(|hit| hit.gate.id == *id);
            let assessment: Assessment = Scanner::new(rules).scan(post);
            let hits = assessment
                .hits
                .iter()
                .flat_map(|hit| hit.evidence.iter().copied());
            (fired, hits.collect())
        }
    }
}

/// A post that says just `text`, for samples and `rules explain`.
pub fn sample_post(text: &str) -> Post {
    Post {
        platform: "sample".to_owned(),
        platform_kind: PlatformKind::Other,
        native_id: "sample".to_owned(),
        url: None,
        title: None,
        text: text.to_owned(),
        author: None,
        place_hint: None,
        published: None,
        collected: None,
        extra: std::collections::BTreeMap::new(),
        origin: Origin {
            file: "sample".to_owned(),
            line: 1,
            digest: Digest::of(text.as_bytes()),
            capture: None,
        },
    }
}
