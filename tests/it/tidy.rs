//! The house rules, checked by a machine so that people need not nag.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Module → floor. A module imports only from lower floors, or from one that
/// stands above it here on floors 0, 1, 4 and 7.
const FLOORS: [(&str, u8); 27] = [
    ("span", 0),
    ("id", 0),
    ("post", 0),
    ("skip", 0),
    ("entity", 0),
    ("level", 0),
    ("indicator", 0),
    ("assessment", 0),
    ("text", 1),
    ("recognise", 1),
    ("language", 1),
    ("markup", 1),
    ("matcher", 2),
    ("rule", 3),
    ("scan", 4),
    ("archive", 5),
    ("crawl", 5),
    ("cron", 5),
    ("evidence", 5),
    ("notify", 5),
    ("store", 5),
    ("report", 6),
    ("pipeline", 7),
    ("schedule", 7),
    ("doctor", 7),
    ("demo", 7),
    ("cli", 8),
];
/// Floor 5 rooms are strangers to each other.
const STRANGERS: u8 = 5;
/// The pure core may not name these.
const IMPURE: [&str; 9] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::time",
    "std::thread",
    "std::process",
    "tokio::",
    "reqwest::",
    "Timestamp::now",
];
/// Words that are not used in identifiers, output or UI.
const BANNED: [&str; 7] = [
    "trafficker",
    "prostitut",
    "suspect",
    "guilty",
    "probability",
    "perpetrator",
    "tersangka",
];
const MAX_FILE: usize = 600;
const MAX_FUNCTION: usize = 100;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(dir: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // What the fuzz crate builds is not ours.
                if path.file_name().is_some_and(|name| name != "target") {
                    dirs.push(path);
                }
            } else if path.extension().is_some_and(|one| one == extension) {
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                // One fixture page is Latin-1 on purpose.
                let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    files_below(&root().join("src"), "rs")
}

fn module(path: &str) -> &str {
    let inner = path.strip_prefix("src/").unwrap();
    inner.split(['/', '.']).next().unwrap()
}

fn floor(module: &str) -> Option<(usize, u8)> {
    let place = FLOORS.iter().position(|row| row.0 == module)?;
    Some((place, FLOORS[place].1))
}

/// `crate::name` in code; tests in the same file may look anywhere below.
fn imports(text: &str) -> Vec<&str> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| {
            rest.split(|ch: char| !(ch.is_alphanumeric() || ch == '_'))
                .next()
                .unwrap()
        })
        .collect()
}

#[test]
fn imports_go_down_the_floors() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let from = module(&path);
        let Some((from_place, from_floor)) = floor(from) else {
            assert!(
                matches!(from, "lib" | "main"),
                "{path} is on no floor; add it to FLOORS"
            );
            continue;
        };
        for to in imports(&text).into_iter().filter(|to| *to != from) {
            let Some((to_place, to_floor)) = floor(to) else {
                continue;
            };
            let down = to_floor < from_floor
                || (to_floor == from_floor && from_floor != STRANGERS && to_place < from_place);
            if !down {
                faults.push(format!(
                    "{path} (floor {from_floor}) uses {to} (floor {to_floor})"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_pure_core_names_no_clock_disk_or_network() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let pure = floor(module(&path)).is_some_and(|(_, floor)| floor <= 4);
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for line in code.filter(|_| pure) {
            let named = IMPURE.iter().filter(|name| line.contains(**name));
            faults.extend(named.map(|name| format!("{path} names {name}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_and_functions_fit_in_the_head() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        if !text.starts_with("//!") {
            faults.push(format!("{path} does not open with what it is (`//!`)"));
        }
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() > MAX_FILE {
            faults.push(format!(
                "{path} has {} lines, more than {MAX_FILE}",
                lines.len()
            ));
        }
        let mut begun: Option<(usize, usize)> = None;
        for (number, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let head = line.trim_start();
            let is_fn = [
                "fn ",
                "pub fn ",
                "async fn ",
                "pub async fn ",
                "pub(super) fn ",
                "pub(crate) fn ",
            ]
            .iter()
            .any(|start| head.starts_with(start));
            if is_fn && begun.is_none() {
                begun = Some((number, indent));
            }
            if let Some((start, depth)) = begun
                && indent == depth
                && (head == "}" || head.ends_with(';') || (head.ends_with('}') && number == start))
            {
                if number - start > MAX_FUNCTION {
                    faults.push(format!(
                        "{path}:{} is {} lines long",
                        start + 1,
                        number - start
                    ));
                }
                begun = None;
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nobody_is_called_a_name() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            let found = BANNED.iter().filter(|word| lower.contains(**word));
            faults.extend(found.map(|word| format!("{path}:{}: `{word}`", number + 1)));
        }
    }
    // What reviewers read comes from rule files too; phrases quote posts and
    // are exempt.
    for (path, text) in files_below(&root().join("rules"), "toml") {
        for (number, line) in text.lines().enumerate() {
            let shown = ["title", "why", "reason", "against"];
            let is_shown = shown.iter().any(|key| line.trim_start().starts_with(key));
            let lower = line.to_lowercase();
            let found = BANNED
                .iter()
                .filter(|word| is_shown && lower.contains(**word));
            faults.extend(found.map(|word| format!("{path}:{}: `{word}`", number + 1)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_contacts_anybody() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        for scheme in ["\"tel:", "mailto:", "href=\"https://wa.me", "\\x1b]8;"] {
            if text.contains(scheme) {
                faults.push(format!("{path} holds `{scheme}`"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Runs of nine or more digits in fixtures and rule samples are plainly fake.
#[test]
fn telephone_numbers_in_fixtures_are_plainly_fake() {
    let mut texts = Vec::new();
    for extension in ["html", "xml", "json", "toml", "jsonl", "csv", "txt"] {
        texts.extend(files_below(&root().join("fixtures"), extension));
        texts.extend(files_below(&root().join("tests"), extension));
    }
    texts.extend(files_below(&root().join("rules"), "toml"));
    let mut faults = Vec::new();
    for (path, text) in texts {
        for number in mobile_numbers(&text) {
            let fake = ["81200000", "81300000", "81100000"];
            if !fake.iter().any(|start| number.starts_with(start)) {
                faults.push(format!("{path}: {number}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Indonesian mobile numbers without their `0` or `62`.
fn mobile_numbers(text: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut digits = String::new();
    let mut gap = 0;
    for ch in text.chars().chain(['\n', '\n', '\n']) {
        if ch.is_ascii_digit() {
            digits.push(ch);
            gap = 0;
        } else if matches!(ch, ' ' | '-' | '.') && gap == 0 && !digits.is_empty() {
            gap += 1;
        } else {
            let national = digits
                .strip_prefix("62")
                .or_else(|| digits.strip_prefix('0'))
                .unwrap_or("");
            if national.starts_with('8') && (9..=12).contains(&national.len()) {
                numbers.push(national.to_owned());
            }
            digits.clear();
            gap = 0;
        }
    }
    numbers
}

#[test]
fn every_module_is_on_one_floor_only() {
    let mut seen = BTreeMap::new();
    for (name, floor) in FLOORS {
        assert!(seen.insert(name, floor).is_none(), "{name} stands twice");
    }
    assert!(
        FLOORS.windows(2).all(|pair| pair[0].1 <= pair[1].1),
        "FLOORS is not sorted by floor"
    );
}
