//! `lentera rules docs`: the handbook of the rules.

use std::path::Path;

use super::super::args::Global;
use super::super::exit::Exit;
use super::super::message::{Stop, data, talk};
use super::{compiled, unreadable};
use crate::pipeline::rules::RulesFrom;
use crate::report::{Page, manual, manual_index};

/// Of a pack alone: an overlay is private, and a handbook is passed on.
pub(super) fn run(global: &Global, out: Option<&Path>) -> anyhow::Result<Exit> {
    let from = RulesFrom {
        pack: global.rules.clone(),
        overlay: None,
    };
    let rules = compiled(&from.read().map_err(|error| unreadable(&error))?)?;
    let Some(dir) = out else {
        data(&manual_index(&rules, false))?;
        return Ok(Exit::Success);
    };
    let pages = manual(&rules);
    for page in &pages {
        write(dir, page)?;
    }
    if !global.quiet {
        let (n, dir) = (pages.len(), dir.display());
        talk(&format!("wrote {n} pages; begin with `{dir}/README.md`"));
    }
    Ok(Exit::Success)
}

fn write(dir: &Path, page: &Page) -> anyhow::Result<()> {
    let path = dir.join(&page.name);
    let folder = path.parent().unwrap_or(dir);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, &page.text))
        .map_err(|error| {
            Stop::new(
                Exit::Usage,
                format!("cannot write `{}`: {error}", path.display()),
            )
            .hint("choose a folder that can be written with `--out DIR`")
            .into()
        })
}
