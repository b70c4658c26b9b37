//! The statistics as JSON, a line each.

use serde_json::{Value, json};

use super::{N_TOGETHER, is_too_often};
use crate::assessment::Level;
use crate::pipeline::stats::{Aim, Census, Count, share};

pub(super) fn written(census: &Census<'_>) -> String {
    let mut rows = vec![json!({
        "kind": "total", "posts": census.posts.total(),
        "benign": census.posts.benign, "flag": census.posts.flag,
    })];
    rows.extend(indicators(census));
    rows.extend(gates(census));
    rows.extend(classes(census));
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// Four places are more than any corpus can tell apart.
fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

fn counted(census: &Census<'_>, count: Count) -> Value {
    let posts = census.posts;
    json!({
        "n": count.total(), "share": rounded(share(count.total(), posts.total())),
        "n_benign": count.benign, "share_benign": rounded(share(count.benign, posts.benign)),
        "n_flag": count.flag, "share_flag": rounded(share(count.flag, posts.flag)),
    })
}

fn verdict(census: &Census<'_>, count: Count) -> &'static str {
    match count.total() {
        0 => "never_held",
        _ if is_too_often(census, count) => "holds_too_often",
        _ => "in_use",
    }
}

fn indicators(census: &Census<'_>) -> Vec<Value> {
    let rules = census.rules();
    let live = rules.indicators.iter().enumerate();
    live.filter(|(_, rule)| rule.is_live())
        .map(|(index, rule)| {
            let count = census.indicators[index];
            let together: Vec<_> = census
                .together(index, N_TOGETHER)
                .into_iter()
                .map(|(other, n, jaccard)| {
                    let id = &rules.indicators[other].words.id;
                    json!({ "id": id, "n": n, "jaccard": rounded(jaccard) })
                })
                .collect();
            json!({
                "kind": "indicator", "id": rule.words.id, "alias": rule.words.alias,
                "held": counted(census, count), "verdict": verdict(census, count),
                "together": together,
            })
        })
        .collect()
}

fn gates(census: &Census<'_>) -> Vec<Value> {
    let gates = census.rules().gates.iter().enumerate();
    gates
        .map(|(index, rule)| {
            let count = census.gates[index];
            let near = census.near.iter().filter(|((gate, _), _)| *gate == index);
            let near: Vec<_> = near
                .map(|((_, lacks), count)| {
                    json!({ "lacks": lacks, "n_benign": count.benign, "n_flag": count.flag })
                })
                .collect();
            json!({
                "kind": "gate", "id": rule.words.id, "alias": rule.words.alias,
                "held": counted(census, count), "verdict": verdict(census, count), "near": near,
            })
        })
        .collect()
}

fn classes(census: &Census<'_>) -> Vec<Value> {
    let rows = census.classes.iter();
    rows.map(|((side, part, class), count)| {
        let levels = [Level::Low, Level::Medium, Level::High, Level::Critical];
        let flagged: serde_json::Map<String, Value> = levels
            .iter()
            .map(|level| (level.as_str().to_owned(), json!(count.at(*level))))
            .collect();
        let mut row = json!({
            "kind": "class", "side": side.as_str(), "part": part, "class": class,
            "posts": count.all.posts, "flagged": flagged, "gates": count.gates,
        });
        if side.as_str() == "flag" {
            let gate = match &count.aim {
                Aim::Gate { alias, .. } | Aim::NoSuchGate(alias) => Some(alias),
                Aim::Route(_) | Aim::Any => None,
            };
            row["gate"] = json!(gate);
            row["found"] = json!(count.all.found);
            row["found_by_gate"] = json!(count.by_gate);
            row["missed"] = json!(count.missed);
        }
        row
    })
    .collect()
}
