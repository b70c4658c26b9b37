//! Files the program writes about the rules are kept beside them and never
//! stale.

use std::path::Path;
use std::process::Command;

use crate::golden::golden;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn written(args: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_lentera"))
        .args(args)
        .current_dir(root())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{args:?}: {told}");
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn statistics_are_those_of_the_rules_as_they_stand() {
    let corpora = ["fixtures/benign", "fixtures/flag"];
    let statistics = root().join("rules/STATISTICS.md");
    // Without posts there is nothing to count, and no count may be claimed.
    if !corpora.iter().all(|corpus| root().join(corpus).is_dir()) {
        assert!(
            !statistics.exists(),
            "statistics of posts that are not here"
        );
        return;
    }
    let [benign, flag] = corpora;
    let now = written(&["rules", "stats", "--markdown", benign, flag]);
    golden(&statistics, &now);
}

/// Ends what is written by hand in `rules/README.md`.
const MARKER: &str = "<!-- Below this line: written by `lentera rules docs`. -->\n";

#[test]
fn the_index_of_the_rules_is_that_of_the_rules_as_they_stand() {
    let readme = root().join("rules/README.md");
    let text = std::fs::read_to_string(&readme).unwrap();
    let (by_hand, _) = text.split_once(MARKER).unwrap();
    let index = written(&["rules", "docs", "--rules", "rules"]);
    golden(
        &readme,
        &format!("{by_hand}{MARKER}\n## All rules\n\n{index}"),
    );
}
