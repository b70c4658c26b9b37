//! Guards, contexts, gates, routes, caps, on a small invented pack.

use super::*;
use crate::assessment::{Level, Route};
use crate::rule::{RuleFiles, RuleText, load, render};

const PACK: &str = r#"
name = "small"
version = "1"
[caps]
control = 7
[[source]]
key = "S1"
title = "An invented source"
where = "example"
read = "full"
[[indicator]]
id = "act.offer_abroad"
alias = "A1"
title = { id = "a", en = "a" }
why = { id = "a", en = "a" }
axis = "act"
strength = "weak"
evidence = "institutional"
sources = ["S1"]
status = "active"
[indicator.phrases]
id = '''
kerja di {place:foreign}
'''
[[indicator]]
id = "control.debt"
alias = "C2"
title = { id = "a", en = "a" }
why = { id = "a", en = "a" }
axis = "control"
strength = "strong"
evidence = "institutional"
sources = ["S1"]
status = "active"
[indicator.phrases]
id = '''
potong gaji
kasbon
'''
[[indicator]]
id = "control.papers"
alias = "C1"
title = { id = "a", en = "a" }
why = { id = "a", en = "a" }
axis = "control"
strength = "strong"
evidence = "institutional"
sources = ["S1"]
status = "active"
[indicator.phrases]
id = '''
paspor .. (ditahan|disimpan)
'''
[[indicator.guard]]
id = "negated"
before = '''
tidak
'''
reason = { id = "disangkal", en = "denied" }
[[indicator.guard]]
id = "reported"
unless = "news"
reason = { id = "berita", en = "news" }
[[indicator]]
id = "minor.age"
alias = "Y1"
title = { id = "a", en = "a" }
why = { id = "a", en = "a" }
axis = "minor"
strength = "weak"
evidence = "institutional"
sources = ["S1"]
status = "shadow"
[[indicator.entity]]
test = "{age<18}"
[[context]]
id = "news"
title = { id = "Berita", en = "News" }
kind = "news_report"
against = { id = "berita", en = "news" }
at_least = 2
[context.phrases]
id = '''
polisi
korban
'''
[[context]]
id = "plea"
title = { id = "Minta tolong", en = "Plea" }
[context.phrases]
id = '''
tolong pulangkan
'''
[[gate]]
id = "papers_and_debt"
alias = "G5"
level = "high"
when = "act.offer_abroad and control.papers"
raise = { to = "critical", when = "2 of control.*" }
unless = "news"
reason = { id = "r", en = "r" }
sources = ["S1"]
[[gate]]
id = "plea_for_help"
alias = "V2"
level = "high"
route = "help_request"
when = "plea"
reason = { id = "r", en = "r" }
sources = ["S1"]
"#;
const PLACES: &str = "phrase,name,country,province,lists,source\nkamboja,Kamboja,KH,,scam_hub,S1\n";

fn rules() -> RuleSet {
    let file = |name: &str, text: &str| RuleText {
        path: name.to_owned(),
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let files = RuleFiles::new(vec![file("a.toml", PACK), file("lists/places.csv", PLACES)]);
    let (set, diagnostics) = load(&files);
    set.unwrap_or_else(|| panic!("{}", render(&diagnostics, &files, false)))
}

fn scan(text: &str) -> Assessment {
    Scanner::new(&rules()).scan(&sample_post(text))
}

fn ids(assessment: &Assessment) -> Vec<&str> {
    assessment
        .hits
        .iter()
        .map(|hit| hit.indicator.id.as_str())
        .collect()
}

#[test]
fn gates_set_the_level_and_name_what_met_them() {
    let found = scan("Kerja di Kamboja. Paspor nanti disimpan kantor");
    assert_eq!((found.level, found.route), (Level::High, Route::Alert));
    assert_eq!(
        found.gates[0].met_by,
        ["act.offer_abroad", "control.papers"]
    );
    assert_eq!(found.points, 6);
    let alone = scan("Paspor disimpan kantor");
    assert_eq!(
        (alone.level, alone.route, alone.points),
        (Level::None, Route::ContextOnly, 5)
    );
}

#[test]
fn more_control_raises_the_level_and_the_cap_holds_the_points() {
    let found = scan("Kerja di Kamboja, paspor disimpan, kasbon");
    assert_eq!(found.level, Level::Critical);
    let points: Vec<_> = found.hits.iter().map(|hit| hit.points).collect();
    assert_eq!((points, found.points), (vec![5, 2, 1], 8));
}

#[test]
fn a_negation_cancels_its_own_match_only() {
    let found = scan("Kerja di Kamboja, paspor tidak disimpan");
    assert_eq!(ids(&found), ["act.offer_abroad"]);
    assert_eq!(found.suppressed[0].guard, "negated");
    assert!(!found.suppressed[0].guard_evidence.is_empty());
    let other = scan("Gaji tidak besar, paspor disimpan");
    assert_eq!(ids(&other), ["control.papers"]);
}

#[test]
fn news_switches_off_and_says_so() {
    let found = scan("Polisi: korban kerja di Kamboja, paspor disimpan majikan");
    assert_eq!(found.level, Level::None);
    assert_eq!(found.suppressed[0].guard, "reported");
    assert_eq!(found.against.len(), 1);
}

#[test]
fn a_plea_is_never_an_alert() {
    let found = scan("Tolong pulangkan saya. Kerja di Kamboja, paspor disimpan");
    assert_eq!(
        (found.level, found.route),
        (Level::High, Route::HelpRequest)
    );
    let rerouted = found
        .suppressed
        .iter()
        .find(|one| one.rule == "papers_and_debt");
    assert_eq!(
        rerouted.map(|one| one.guard.as_str()),
        Some("route:help_request")
    );
}

#[test]
fn shadow_rules_are_counted_and_decide_nothing() {
    let found = scan("cewek 17 th");
    assert_eq!(found.shadow.len(), 1);
    assert!(found.hits.is_empty() && found.possible_minor == PossibleMinor::NoIndicator);
}

#[test]
fn disguised_words_are_found_and_a_disguised_negation_still_cancels() {
    assert_eq!(ids(&scan("p.a.s.p.o.r disimpan")), ["control.papers"]);
    assert!(ids(&scan("paspor t.i.d.a.k disimpan")).is_empty());
}

#[test]
fn explanations_tell_what_matched_and_what_lacked() {
    let rules = rules();
    let told = |name: &str, text: &str| explain(&rules, name, &sample_post(text));
    let story = told("G5", "Kerja di Kamboja, paspor tidak disimpan");
    assert!(
        story.starts_with("FAIL gate papers_and_debt (G5)"),
        "{story}"
    );
    assert!(story.contains("PASS act.offer_abroad (A1)"), "{story}");
    assert!(
        story.contains("cancelled by guard `negated` at «tidak»"),
        "{story}"
    );
    let story = told("C1", "paspor hilang");
    assert!(
        story.contains("not in the text: ditahan, disimpan"),
        "{story}"
    );
}

#[test]
fn a_gate_one_thing_short_names_it() {
    let rules = rules();
    let lacks = |text: &str| {
        let Survey { assessment, near } = survey(&rules, &sample_post(text), &mut Scratch::new());
        assert_eq!(assessment, scan(text));
        let told = |miss: NearMiss| (rules.gates[miss.gate].words.alias.clone(), miss.lacks);
        near.into_iter().map(told).collect::<Vec<_>>()
    };
    let g5 = |lacks: &str| vec![("G5".to_owned(), lacks.to_owned())];
    assert_eq!(lacks("Kerja di Kamboja"), g5("control.papers"));
    assert_eq!(lacks("paspor disimpan"), g5("act.offer_abroad"));
    // It fired, or nothing of it was there.
    assert!(lacks("Kerja di Kamboja, paspor disimpan").is_empty());
    assert!(lacks("jual sepeda").is_empty());
}
