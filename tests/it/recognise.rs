//! Conformance of typed values, kept as data (`tests/data/recognise`): what is
//! read from a text and where, and look-alikes that nothing is read from.

use std::fs;
use std::path::Path;

use lentera::entity::{Entity, Value};
use lentera::post::FieldName;
use lentera::recognise::recognise;
use lentera::text::Views;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "case")]
    cases: Vec<Case>,
    #[serde(rename = "look_alike")]
    look_alikes: Vec<LookAlikes>,
}

/// A text and the one value of the kind that it holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    quote: String,
    value: String,
}

/// Texts that hold no value of the kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LookAlikes {
    why: String,
    texts: Vec<String>,
}

/// One word for each kind of value, and how its cases are written.
type Written = fn(&Value) -> Option<String>;

fn age(value: &Value) -> Option<String> {
    let Value::Age { min, max, range } = value else {
        return None;
    };
    let kind = if *range { "range" } else { "age" };
    Some(format!("{kind} {min}-{max}"))
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
    Some(format!("{min}-{max} {currency}{period}"))
}

fn phone(value: &Value) -> Option<String> {
    let Value::Phone { e164, obscured, .. } = value else {
        return None;
    };
    Some(format!("{e164}{}", if *obscured { " hidden" } else { "" }))
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

fn read(text: &str) -> Vec<Entity> {
    let published_at = "2026-11-03T00:00:00Z".parse().ok();
    recognise(FieldName::Text, &Views::new(text), published_at)
}

/// The values of a kind in a text, each with its quote.
fn values(text: &str, written: Written) -> Vec<(String, String)> {
    let entities = read(text);
    let values = entities.iter().filter_map(|entity| {
        let value = written(&entity.value)?;
        Some((entity.span.of(text).to_owned(), value))
    });
    values.collect()
}

fn files() -> Vec<(&'static str, Written, File)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/recognise");
    let kinds: [(&str, Written); 4] = [
        ("age", age),
        ("price", price),
        ("phone", phone),
        ("contact", contact),
    ];
    let files = kinds.into_iter().map(|(name, written)| {
        let text = fs::read_to_string(folder.join(format!("{name}.toml"))).unwrap();
        let file = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, written, file)
    });
    files.collect()
}

#[test]
fn values_are_read_as_the_cases_say() {
    let mut faults = Vec::new();
    let mut n_cases = 0;
    for (name, written, file) in files() {
        n_cases += file.cases.len();
        for Case { text, quote, value } in file.cases {
            let found = values(&text, written);
            if found != [(quote.clone(), value.clone())] {
                faults.push(format!(
                    "{name}: {text:?}\n  found    {found:?}\n  expected {:?}",
                    (quote, value)
                ));
            }
        }
    }
    assert!(n_cases >= 100, "{n_cases} cases");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_is_read_from_look_alikes() {
    let mut faults = Vec::new();
    let mut n_texts = 0;
    for (name, written, file) in files() {
        for LookAlikes { why, texts } in file.look_alikes {
            n_texts += texts.len();
            for text in texts {
                let found = values(&text, written);
                if !found.is_empty() {
                    faults.push(format!("{name}, {why}: {text:?} read as {found:?}"));
                }
            }
        }
    }
    assert!(n_texts >= 100, "{n_texts} look-alikes");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
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
    ] {
        let text = part.repeat(200_000 / part.len());
        for entity in read(&text) {
            assert!(!entity.span.is_empty());
        }
    }
}
