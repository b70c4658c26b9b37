//! The pack inside the binary: `rules/` of the source tree.

use include_dir::{Dir, include_dir};

use super::{RuleFiles, RuleText};

static RULES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The files of the embedded pack.
pub fn shipped() -> RuleFiles {
    let mut files = Vec::new();
    collect(&RULES, &mut files);
    RuleFiles::new(files)
}

fn collect(dir: &Dir<'_>, files: &mut Vec<RuleText>) {
    for file in dir.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        let is_rule = name.ends_with(".toml") || name.ends_with(".csv");
        let Some(text) = file.contents_utf8().filter(|_| is_rule) else {
            continue;
        };
        files.push(RuleText {
            path: format!("rules/{name}"),
            name,
            text: text.to_owned(),
        });
    }
    for dir in dir.dirs() {
        collect(dir, files);
    }
}
