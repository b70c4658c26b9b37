//! What the fixtures hold and what is found: a floor, not a goal.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Demo, records};

/// Posts that must be found on their route, at least. Raise it as it grows.
const LEAST_FOUND: usize = 33;
/// Ordinary posts that are flagged, at most. Lower it as it shrinks.
const MOST_FALSE: usize = 4;
/// Level and route by site and native id, of everything flagged.
type Flagged = BTreeMap<(String, String), (String, String)>;

fn flagged() -> Flagged {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    records(&Demo::get().findings())
        .iter()
        .map(|record| {
            let source = &record["source"];
            let assessment = &record["assessment"];
            (
                (text(&source["platform"]), text(&source["native_id"])),
                (text(&assessment["route"]), text(&assessment["level"])),
            )
        })
        .collect()
}

#[test]
fn no_fewer_fixture_posts_are_found_than_before_and_no_more_are_false() {
    let flagged = flagged();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites/expected.csv");
    let mut rows = csv::Reader::from_path(table).unwrap();
    let (mut found, mut missed, mut wrong) = (0, Vec::new(), Vec::new());
    for row in rows.records() {
        let row = row.unwrap();
        let site = row[0].trim_end_matches(".example");
        let got = flagged.get(&(site.to_owned(), row[1].to_owned()));
        let name = format!("{site} {} ({}: {})", &row[1], &row[2], &row[4]);
        match (&row[3], got) {
            ("none", None) => {}
            ("none", Some((route, level))) => wrong.push(format!("{name}: {level} {route}")),
            (wanted, Some((route, _))) if wanted == route => found += 1,
            (wanted, got) => missed.push(format!("{name}: {wanted}, but {got:?}")),
        }
    }
    let told = format!(
        "found {found}\nmissed {}:\n  {}\nfalse {}:\n  {}",
        missed.len(),
        missed.join("\n  "),
        wrong.len(),
        wrong.join("\n  ")
    );
    assert!(found >= LEAST_FOUND && wrong.len() <= MOST_FALSE, "{told}");
}
