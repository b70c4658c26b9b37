//! Everyday spellings: what a post says in them is found where it stands, and
//! rules about minors never see them read otherwise.

use lentera::assessment::Assessment;
use lentera::entity::Value;
use lentera::rule::{RuleFiles, RuleSet, RuleText, load, render, shipped};
use lentera::scan::{Scanner, explain, sample_post};

const HEAD: &str = "[[source]]\nkey = 'S'\ntitle = 't'\nwhere = 'w'\nread = 'full'\n";
const SPELLINGS: &str = "written,means,note\ntdk,tidak,\npspor,paspor,\ndthn,ditahan,\nyg,yang,\n\
                         blm,belum,\nkmbja,kamboja,\ndrmh,di rumah,\n";
const PLACES: &str = "phrase,name,country,province,lists,source\nkamboja,Kamboja,KH,,scam_hub,S\n";

fn indicator(id: &str, axis: &str, rest: &str) -> String {
    format!(
        "[[indicator]]\nid = '{id}'\nalias = '{id}'\nversion = 1\ntitle = {{ id = 't', en = 't' }}\n\
         why = {{ id = 'w', en = 'w' }}\naxis = '{axis}'\nstrength = 'weak'\n\
         evidence = 'unverified'\nsources = ['S']\nstatus = 'active'\n{rest}\n"
    )
}

fn rules() -> RuleSet {
    let guard = |key: &str, within: u8| {
        format!(
            "[[indicator.guard]]\nid = 'denied'\n{key} = '''\ntidak\n'''\nwithin = {within}\n\
             reason = {{ id = 'r', en = 'r' }}\n"
        )
    };
    let papers = "[indicator.phrases]\nid = '''\npaspor [yang] ditahan\n'''\n".to_owned();
    let short = "[indicator.phrases]\nid = '''\npspor dthn\n'''\n".to_owned();
    let home = "[indicator.phrases]\nid = '''\nkerja di rumah {place:scam_hub}\n'''\n";
    let pupil = "[indicator.phrases]\nid = '''\nbelum sekolah\nmasih sekolah\n'''\n".to_owned();
    let context = "[[context]]\nid = 'waiting'\ntitle = { id = 't', en = 't' }\nsources = ['S']\n\
                   [context.phrases]\nid = '''\nbelum berangkat\n'''\n";
    let pack = [
        HEAD.to_owned(),
        indicator("act.home", "act", home),
        indicator("control.papers", "control", &(papers + &guard("before", 3))),
        indicator("control.short", "control", &(short + &guard("before", 3))),
        indicator("minor.pupil", "minor", &(pupil + &guard("near", 0))),
        context.to_owned(),
    ];
    let file = |name: &str, text: &str| RuleText {
        path: name.into(),
        name: name.into(),
        text: text.into(),
    };
    let files = RuleFiles::new(vec![
        file("pack.toml", &pack.concat()),
        file("spellings.csv", SPELLINGS),
        file("lists/places.csv", PLACES),
    ]);
    let (set, diagnostics) = load(&files);
    set.unwrap_or_else(|| panic!("{}", render(&diagnostics, &files, false)))
}

/// The indicators that held, each with its quotes.
fn hits(rules: &RuleSet, text: &str) -> Vec<(String, Vec<String>)> {
    let post = sample_post(text);
    let found: Assessment = Scanner::new(rules).scan(&post);
    let quoted = |hit: &lentera::assessment::Hit| {
        let quotes = hit.evidence.iter().map(|one| one.span.of(text).to_owned());
        (hit.indicator.id.clone(), quotes.collect())
    };
    found.hits.iter().map(quoted).collect()
}

fn one(id: &str, quote: &str) -> Vec<(String, Vec<String>)> {
    vec![(id.to_owned(), vec![quote.to_owned()])]
}

#[test]
fn phrases_find_words_in_everyday_spelling_where_they_stand() {
    let rules = rules();
    let found = hits(&rules, "Info: PSPOR yg ditahan, kantor");
    assert_eq!(found, one("control.papers", "PSPOR yg ditahan"));
    let found = hits(&rules, "kerja drmh kmbja");
    assert_eq!(found, one("act.home", "kerja drmh kmbja"));
    // A disguise over a spelling.
    let found = hits(&rules, "psp\u{43e}r ditahan");
    assert_eq!(found, one("control.papers", "psp\u{43e}r ditahan"));
}

#[test]
fn word_guards_see_what_the_writer_meant() {
    let rules = rules();
    for text in [
        "paspor tdk ditahan",
        "tdk ada pspor ditahan",
        "pspor tdk dthn",
    ] {
        assert_eq!(hits(&rules, text), [], "{text}");
    }
    // The phrase is found as written only, its guard as meant only.
    assert_eq!(hits(&rules, "pspor dthn")[1].0, "control.short");
    assert_eq!(hits(&rules, "tdk pspor dthn"), []);
}

#[test]
fn rules_about_minors_and_their_guards_see_posts_as_written() {
    let rules = rules();
    assert_eq!(hits(&rules, "blm sekolah"), []);
    assert_eq!(
        hits(&rules, "belum sekolah"),
        one("minor.pupil", "belum sekolah")
    );
    let found = hits(&rules, "masih sekolah, tdk");
    assert_eq!(found, one("minor.pupil", "masih sekolah"));
    assert_eq!(hits(&rules, "masih sekolah, tidak"), []);
}

#[test]
fn contexts_and_places_are_read_too_and_values_are_not() {
    let rules = rules();
    let post = sample_post("blm brangkat kmbja, blm berangkat");
    let found = Scanner::new(&rules).scan(&post);
    assert_eq!(found.contexts.len(), 1);
    let place = |value: &Value| matches!(value, Value::Place { name, .. } if name == "Kamboja");
    assert!(found.entities.iter().any(|entity| place(&entity.value)));
}

#[test]
fn explain_says_how_a_word_was_read() {
    let told = explain(&rules(), "control.papers", &sample_post("pspor dthn"));
    let wanted = "«pspor dthn» (pspor read as paspor, dthn read as ditahan)";
    assert!(told.contains(wanted), "{told}");
}

#[test]
fn the_shipped_table_leaves_schools_and_ages_alone() {
    let rules = load(&shipped()).0.unwrap();
    for word in ["smp", "sma", "smk", "abg", "anak", "kls", "umur", "th"] {
        assert_eq!(rules.spellings.meaning(word), None, "{word}");
    }
    assert_eq!(rules.spellings.meaning("dthn"), Some("ditahan"));
    let found = hits(&rules, "kerja jam 8 smp jam 5, gaji sma dgn bln lalu");
    assert!(
        found.iter().all(|(id, _)| !id.starts_with("minor.")),
        "{found:?}"
    );
    let found = hits(&rules, "Gaji 8 juta, pspor dthn agen smpai lunas");
    assert!(
        found
            .iter()
            .any(|(id, _)| id == "control.document_retention"),
        "{found:?}"
    );
}
