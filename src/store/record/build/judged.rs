//! What was seen in a post, in its wire form.

use super::{Masks, RunFacts};
use crate::assessment::{Assessment, Hit};
use crate::store::record::{
    Against, Assessed, ContextHeld, GateMet, IndicatorHeld, MEANING, Sentence, Suppressed,
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
            sources: hit.gate.sources.clone(),
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
        against: assessment
            .against
            .iter()
            .map(|against| Against {
                kind: against.kind.as_str().to_owned(),
                text: Sentence::from(&against.text),
                matches: masks.matches(&against.evidence),
            })
            .collect(),
        suppressed: assessment
            .suppressed
            .iter()
            .map(|suppressed| Suppressed {
                rule_id: suppressed.rule.clone(),
                alias: suppressed.alias.clone(),
                guard_id: suppressed.guard.clone(),
                text: Sentence::from(&suppressed.reason),
                matches: masks.matches(&suppressed.evidence),
                guard_matches: masks.matches(&suppressed.guard_evidence),
            })
            .collect(),
        possible_minor: assessment.possible_minor,
    }
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
        frameworks: indicator.frameworks.clone(),
        sources: indicator.sources.clone(),
        matches: masks.matches(&hit.evidence),
        why: Sentence::from(&indicator.why),
    }
}
