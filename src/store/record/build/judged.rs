//! What was seen in a post, in its wire form.

use super::{Masks, RunFacts};
use crate::assessment::frame::Frame;
use crate::assessment::{Assessment, Hit};
use crate::indicator::Citation;
use crate::store::record::{
    Against, Assessed, Cited, ContextHeld, FrameChild, FramePart, GateMet, IndicatorHeld,
    LegalFrame, MEANING, Sentence, Suppressed,
};

pub(super) fn assessed(assessment: &Assessment, run: &RunFacts, masks: &Masks<'_>) -> Assessed {
    let gates: Vec<GateMet> = assessment
        .gates
        .iter()
        .map(|hit| GateMet {
            gate_id: hit.gate.id.clone(),
            alias: hit.gate.alias.clone(),
            level: hit.level,
            met_by: hit.met_by.clone(),
            text: Sentence::from(&hit.gate.reason),
            sources: keys(&hit.gate.sources),
            citations: citations(&hit.gate.sources),
        })
        .collect();
    Assessed {
        route: assessment.route,
        level: assessment.level,
        points: assessment.points,
        point_scale: format!("{}/{}", run.ruleset_name, run.ruleset_version),
        rank_in_scan: None,
        meaning: MEANING.to_owned(),
        summary: summary(&gates),
        gates,
        contexts: assessment
            .contexts
            .iter()
            .map(|hit| ContextHeld {
                context_id: hit.context.id.clone(),
                title: Sentence::from(&hit.context.title),
                matches: masks.matches(&hit.evidence),
            })
            .collect(),
        against: against(assessment, masks),
        suppressed: suppressed(assessment, masks),
        possible_minor: assessment.possible_minor,
        legal_frame: Some(legal_frame(&assessment.frame())),
    }
}

fn against(assessment: &Assessment, masks: &Masks<'_>) -> Vec<Against> {
    let against = assessment.against.iter().map(|against| Against {
        kind: against.kind.as_str().to_owned(),
        text: Sentence::from(&against.text),
        matches: masks.matches(&against.evidence),
    });
    against.collect()
}

fn suppressed(assessment: &Assessment, masks: &Masks<'_>) -> Vec<Suppressed> {
    let suppressed = assessment.suppressed.iter().map(|suppressed| Suppressed {
        rule_id: suppressed.rule.clone(),
        alias: suppressed.alias.clone(),
        guard_id: suppressed.guard.clone(),
        text: Sentence::from(&suppressed.reason),
        matches: masks.matches(&suppressed.evidence),
        guard_matches: masks.matches(&suppressed.guard_evidence),
    });
    suppressed.collect()
}

fn legal_frame(frame: &Frame) -> LegalFrame {
    let parts = frame.parts.iter().map(|part| FramePart {
        part: part.element.to_string(),
        state: part.state().to_owned(),
        shown_by: part.shown_by.clone(),
        text: Sentence::from(&part.sentence()),
    });
    LegalFrame {
        basis: Sentence::from(&Frame::basis()),
        meaning: Sentence::from(&Frame::meaning()),
        parts: parts.collect(),
        child: frame.child_note().map(|note| FrameChild {
            basis: Sentence::from(&Frame::child_basis()),
            text: Sentence::from(&note),
        }),
    }
}

/// Every source once, in the order cited.
fn keys(cited: &[Citation]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::with_capacity(cited.len());
    for citation in cited {
        if !keys.contains(&citation.source) {
            keys.push(citation.source.clone());
        }
    }
    keys
}

/// The citations that say more than a key.
fn citations(cited: &[Citation]) -> Vec<Cited> {
    let more = cited
        .iter()
        .filter(|one| one.section.is_some() || one.unverified);
    more.map(|one| Cited {
        source: one.source.clone(),
        section: one.section.clone(),
        unverified: one.unverified,
    })
    .collect()
}

fn summary(gates: &[GateMet]) -> Sentence {
    if gates.is_empty() {
        return Sentence {
            id: "Tidak ada gabungan tanda yang terpenuhi".to_owned(),
            en: "No combination of signs was met".to_owned(),
        };
    }
    let join = |sentence: fn(&GateMet) -> &str| {
        let sentences: Vec<&str> = gates.iter().map(sentence).collect();
        sentences.join("; ")
    };
    Sentence {
        id: join(|gate| &gate.text.id),
        en: join(|gate| &gate.text.en),
    }
}

pub(super) fn indicator(hit: &Hit, masks: &Masks<'_>) -> IndicatorHeld {
    let indicator = &hit.indicator;
    IndicatorHeld {
        rule_id: indicator.id.clone(),
        alias: indicator.alias.clone(),
        rule_version: indicator.version,
        title: Sentence::from(&indicator.title),
        axis: indicator.axis.as_str().to_owned(),
        weight_class: indicator.strength.letter().to_owned(),
        points: hit.points,
        grade: indicator.grade.as_str().to_owned(),
        palermo: indicator.palermo.iter().map(ToString::to_string).collect(),
        frameworks: indicator.frameworks.clone(),
        sources: keys(&indicator.sources),
        citations: citations(&indicator.sources),
        matches: masks.matches(&hit.evidence),
        why: Sentence::from(&indicator.why),
    }
}
