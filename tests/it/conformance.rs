//! Conformance kept as data: what phrases find (`tests/data/matcher`) and
//! what folding does and leaves alone (`tests/data/text`).
//!
//! A case that goes wrong prints its name and both texts; every case of a
//! folder is tried before the test fails.

use std::fs;
use std::path::Path;

use lentera::entity::Disguise;
use lentera::post::FieldName;
use lentera::recognise::recognise;
use lentera::rule::{RuleFiles, RuleSet, RuleText, load, render};
use lentera::text::Views;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A text and what phrases must find in it, sorted by place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatcherCase {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) phrases: Vec<String>,
    #[serde(default)]
    regexes: Vec<String>,
    /// Content of `lists/words.csv`, without its header.
    #[serde(default)]
    list: Vec<String>,
    pub(crate) text: String,
    pub(crate) quotes: Vec<String>,
}

/// A text as published, and its views.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextCase {
    name: String,
    published: String,
    plain: String,
    /// Absent: nothing to undo.
    undisguised: Option<String>,
    #[serde(default)]
    disguises: Vec<Undone>,
}

/// A disguise and the published text it stands in.
#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Undone {
    kind: String,
    quote: String,
}

/// Texts that have one reading only.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Untouched {
    why: String,
    published: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<C> {
    #[serde(rename = "case")]
    cases: Vec<C>,
}

/// The cases of every file of a folder but those left out, by file name.
pub(crate) fn cases<C: DeserializeOwned>(folder: &str, only: impl Fn(&str) -> bool) -> Vec<C> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.retain(|path| only(&path.file_name().unwrap().to_string_lossy()));
    let mut cases = Vec::new();
    for path in files {
        let file = toml::from_str::<File<C>>(&fs::read_to_string(&path).unwrap());
        cases.extend(
            file.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
                .cases,
        );
    }
    cases
}

pub(crate) fn told(faults: &[String]) {
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

fn rules(case: &MatcherCase) -> RuleSet {
    let mut pack = "[[source]]\nkey = 'S'\ntitle = 't'\nwhere = 'w'\nread = 'full'\n\
         [[indicator]]\nid = 'a.b'\nalias = 'A'\ntitle = { id = 't', en = 't' }\n\
         why = { id = 'w', en = 'w' }\naxis = 'act'\nstrength = 'weak'\n\
         evidence = 'unverified'\nsources = ['S']\nstatus = 'active'\nversion = 1\n"
        .to_owned();
    if !case.phrases.is_empty() {
        pack += &format!(
            "[indicator.phrases]\nid = '''\n{}\n'''\n",
            case.phrases.join("\n")
        );
    }
    for regex in &case.regexes {
        pack += &format!("[[indicator.regex]]\npattern = '''{regex}'''\n");
    }
    let file = |name: &str, text: String| RuleText {
        path: name.into(),
        name: name.into(),
        text,
    };
    let mut files = vec![file("pack.toml", pack)];
    if !case.list.is_empty() {
        let rows: String = case
            .list
            .iter()
            .map(|row| format!("{row},id,,S\n"))
            .collect();
        files.push(file(
            "lists/words.csv",
            format!("phrase,lang,note,source\n{rows}"),
        ));
    }
    let files = RuleFiles::new(files);
    let (set, diagnostics) = load(&files);
    set.unwrap_or_else(|| panic!("{}\n{}", case.name, render(&diagnostics, &files, false)))
}

#[test]
fn phrases_find_what_the_cases_say() {
    let cases: Vec<MatcherCase> = cases("matcher", |_| true);
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let mut faults = Vec::new();
    for case in &cases {
        let views = Views::new(&case.text);
        let entities = recognise(FieldName::Text, &views, None);
        let rules = rules(case);
        let mut spans: Vec<_> = views
            .iter()
            .flat_map(|view| rules.matcher.matches(view, &entities))
            .map(|found| found.span)
            .collect();
        spans.sort_unstable();
        spans.dedup();
        let quotes: Vec<_> = spans.iter().map(|span| span.of(&case.text)).collect();
        if quotes != case.quotes {
            faults.push(format!(
                "{}: {:?}\n  found    {quotes:?}\n  expected {:?}",
                case.name, case.text, case.quotes
            ));
        }
    }
    told(&faults);
}

#[test]
fn texts_fold_as_the_cases_say() {
    let cases: Vec<TextCase> = cases("text", |name| !name.starts_with("must-not"));
    assert!(cases.len() >= 200, "{} cases", cases.len());
    let mut faults = Vec::new();
    for case in cases {
        let views = Views::new(&case.published);
        let undisguised = views
            .undisguised
            .as_ref()
            .map(|view| view.as_str().to_owned());
        let undone = |(span, kind): &(lentera::span::Span, Disguise)| Undone {
            kind: kind.as_str().to_owned(),
            quote: span.of(&case.published).to_owned(),
        };
        let disguises: Vec<_> = views.disguises.iter().map(undone).collect();
        let found = (views.plain.as_str(), undisguised, disguises);
        let expected = (case.plain.as_str(), case.undisguised, case.disguises);
        if found != expected {
            faults.push(format!(
                "{}:\n  found    {found:?}\n  expected {expected:?}",
                case.name
            ));
        }
    }
    told(&faults);
}

#[test]
fn what_is_no_disguise_is_not_undone() {
    let groups: Vec<Untouched> = cases("text", |name| name.starts_with("must-not"));
    let n: usize = groups.iter().map(|group| group.published.len()).sum();
    assert!(n >= 300, "{n} texts");
    let mut faults = Vec::new();
    for group in groups {
        for published in group.published {
            let views = Views::new(&published);
            if !views.disguises.is_empty() {
                let found = &views.disguises;
                faults.push(format!("{}: {published:?} holds {found:?}", group.why));
            }
            if let Some(view) = views.undisguised {
                faults.push(format!(
                    "{}: {published:?} read as {:?}",
                    group.why,
                    view.as_str()
                ));
            }
            let unmarked = views.plain.as_str().to_owned();
            if published.is_ascii() && unmarked != published.to_ascii_lowercase() {
                faults.push(format!(
                    "{}: {published:?} folded to {unmarked:?}",
                    group.why
                ));
            }
        }
    }
    told(&faults);
}

/// Long texts of one shape end, and their views stay small. In work that grows
/// faster than the text each would take hours.
#[test]
fn long_texts_of_one_shape_are_read() {
    let shapes = [
        "a.",
        "a a a ",
        "0o0o",
        "&",
        "&amp;",
        "&#x",
        "\u{301}",
        "🇮",
        "Aa",
        "A1",
        "а",
        "рad ",
        "@$!",
        "a@",
        "a\u{200b}",
        "a1a",
        "ma1am ",
        "k e r j a   ",
        "aaab",
        "/a4b",
        "#GajiBesar",
    ];
    for shape in shapes {
        let text = format!("x#{}", shape.repeat(1_000_000 / shape.len()));
        let views = Views::new(&text);
        let longest = views.iter().map(|view| view.as_str().len()).max().unwrap();
        assert!(longest < 3 * text.len(), "{shape:?} grows to {longest}");
    }
}
