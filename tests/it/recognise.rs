//! Conformance of typed values, kept as data (`tests/data/recognise`): what is
//! read from a text and where, and look-alikes that nothing is read from.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use lentera::entity::{Entity, Value};
use lentera::matcher::{Scratch, ValueTest};
use lentera::post::FieldName;
use lentera::recognise::recognise;
use lentera::rule::{RuleSet, load, shipped};
use lentera::text::Views;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    read: Vec<Group>,
    look_alike: Vec<LookAlikes>,
    #[serde(default)]
    todo: Vec<Todo>,
}

/// A text with «» around every value of the kind that it holds, and what those
/// values are, with "; " between.
type Case = (String, String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    what: String,
    cases: Vec<Case>,
}

/// Texts that hold no value of the kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LookAlikes {
    why: String,
    texts: Vec<String>,
}

/// Cases that are not read so yet, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Todo {
    note: String,
    cases: Vec<Case>,
}

/// How the values of a kind are written in its cases; nothing for others.
type Written = fn(&Value) -> Option<String>;

const KINDS: [(&str, Written); 7] = [
    ("age", age),
    ("birth", birth),
    ("school", school),
    ("price", price),
    ("phone", phone),
    ("contact", contact),
    ("place", place),
];

fn span(min: u64, max: u64) -> String {
    if min == max {
        min.to_string()
    } else {
        format!("{min}-{max}")
    }
}

fn age(value: &Value) -> Option<String> {
    let Value::Age { min, max, range } = value else {
        return None;
    };
    Some(if *range {
        format!("{min}-{max}")
    } else {
        span(u64::from(*min), u64::from(*max))
    })
}

fn birth(value: &Value) -> Option<String> {
    let Value::Born { year, age } = value else {
        return None;
    };
    let age = age.map_or("?".to_owned(), |age| age.to_string());
    Some(format!("{year} = {age}"))
}

fn school(value: &Value) -> Option<String> {
    let Value::School {
        level,
        class,
        required,
    } = value
    else {
        return None;
    };
    let class = class.map_or(String::new(), |class| format!(" {class}"));
    let required = if *required { "requires " } else { "" };
    Some(format!("{required}{}{class}", level.as_str()))
}

fn price(value: &Value) -> Option<String> {
    let Value::Price {
        min,
        max,
        currency,
        period,
    } = value
    else {
        return None;
    };
    let period = period.map_or(String::new(), |period| format!(" {}", period.as_str()));
    Some(format!("{} {currency}{period}", span(*min, *max)))
}

fn phone(value: &Value) -> Option<String> {
    let Value::Phone {
        e164,
        country,
        mobile,
        obscured,
    } = value
    else {
        return None;
    };
    let mut written = e164.clone();
    let country = country.as_deref();
    let words = [
        country,
        mobile.then_some("mobile"),
        obscured.then_some("hidden"),
    ];
    for word in words.into_iter().flatten() {
        written.push(' ');
        written.push_str(word);
    }
    Some(written)
}

fn contact(value: &Value) -> Option<String> {
    Some(match value {
        Value::Handle { name } => format!("handle {name}"),
        Value::Email { address } => format!("email {address}"),
        Value::Link { address, messenger } => {
            let kind = if *messenger { "chat" } else { "link" };
            format!("{kind} {address}")
        }
        Value::Messenger { network } => format!("messenger {network}"),
        _ => return None,
    })
}

fn place(value: &Value) -> Option<String> {
    let Value::Place {
        name,
        lists,
        country,
        province,
    } = value
    else {
        return None;
    };
    let place = province.as_deref().unwrap_or(country);
    let lists = lists.join(";");
    Some(format!("{name} {place} {lists}").trim_end().to_owned())
}

static RULES: LazyLock<RuleSet> = LazyLock::new(|| load(&shipped()).0.unwrap());

fn read(text: &str) -> Vec<Entity> {
    let published_at = "2026-11-03T00:00:00Z".parse().ok();
    let views = Views::new(text);
    let mut entities = recognise(FieldName::Text, &views, published_at);
    let places = RULES
        .gazetteer
        .places(FieldName::Text, views.iter(), &mut Scratch::default());
    entities.extend(places);
    entities
}

/// What is read from a text, as cases are written.
fn written(text: &str, kind: Written) -> Case {
    let mut marked = String::new();
    let mut values = Vec::new();
    let mut end = 0;
    for entity in read(text) {
        let Some(value) = kind(&entity.value) else {
            continue;
        };
        values.push(value);
        let before = entity.span.start as usize;
        // Overlapping values would make the marks wrong, which fails the case.
        marked.push_str(text.get(end..before).unwrap_or("OVERLAP"));
        marked.push_str(&format!("«{}»", entity.span.of(text)));
        end = entity.span.end as usize;
    }
    marked.push_str(&text[end..]);
    (marked, values.join("; "))
}

fn files() -> Vec<(&'static str, Written, File)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/recognise");
    let files = KINDS.into_iter().map(|(name, kind)| {
        let text = fs::read_to_string(folder.join(format!("{name}.toml"))).unwrap();
        let file = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, kind, file)
    });
    files.collect()
}

fn unmarked(text: &str) -> String {
    text.replace(['«', '»'], "")
}

#[test]
fn values_are_read_as_the_cases_say() {
    let mut faults = Vec::new();
    for (name, kind, file) in files() {
        let mut n_cases = 0;
        for Group { what, cases } in file.read {
            n_cases += cases.len();
            for case in cases {
                let found = written(&unmarked(&case.0), kind);
                if found != case {
                    let (expected, found) = (case.0 + " " + &case.1, found.0 + " " + &found.1);
                    faults.push(format!("{name}, {what}: {expected}\n    found {found}"));
                }
            }
        }
        assert!(n_cases >= 60, "{name}: {n_cases} cases");
    }
    assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), faults.len());
}

#[test]
fn nothing_is_read_from_look_alikes() {
    let mut faults = Vec::new();
    for (name, kind, file) in files() {
        let mut n_texts = 0;
        for LookAlikes { why, texts } in file.look_alike {
            n_texts += texts.len();
            for text in texts {
                let (marked, values) = written(&text, kind);
                if !values.is_empty() {
                    faults.push(format!("{name}, {why}: {marked} {values}"));
                }
            }
        }
        assert!(n_texts >= 60, "{name}: {n_texts} look-alikes");
    }
    assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), faults.len());
}

#[test]
fn what_is_left_to_do_is_not_done() {
    for (name, kind, file) in files() {
        for Todo { note, cases } in file.todo {
            for case in cases {
                let found = written(&unmarked(&case.0), kind);
                assert_ne!(found, case, "{name}: read now, move it up: {note}");
            }
        }
    }
}

#[test]
fn a_year_of_birth_without_a_date_of_the_post_gives_no_age() {
    let entities = recognise(FieldName::Text, &Views::new("kelahiran 2010"), None);
    let values: Vec<_> = entities.into_iter().map(|entity| entity.value).collect();
    let year = Value::Born {
        year: 2010,
        age: None,
    };
    assert_eq!(values, [year]);
}

#[test]
fn a_year_of_birth_passes_tests_on_ages_when_it_tells_one() {
    let young = ValueTest::parse("age<18").unwrap();
    let (year, age) = (2010, Some(16));
    assert!(young.holds(&Value::Born { year, age }));
    assert!(!young.holds(&Value::Born { year, age: None }));
}

/// What once cost the square of its length. A debug build reads each in well
/// under a second; the square would take minutes.
#[test]
fn endless_repetition_is_read_in_one_pass() {
    for part in [
        "7",
        "0 ",
        "@",
        "@a",
        "http://",
        "http://a ",
        "rp ",
        "17 ",
        "17 th ",
        "5jt ",
        "umur ",
        "+1 ",
        "0812 ",
        "nol ",
        "a@b.",
        "www. ",
        "tele : ",
        "1.000.",
        "t.me/a ",
        "dua ",
        "satu setengah ",
        "umur dua puluh ",
        "lahir 12 mei di ",
        "08 line ",
        "kelas 2 ",
        "lulusan sma atau ",
        "high school ",
        "ig: ",
        "wa 855 ",
        "nol8",
        "cepek ",
    ] {
        let text = part.repeat(200_000 / part.len());
        for entity in read(&text) {
            assert!(!entity.span.is_empty());
        }
    }
}
