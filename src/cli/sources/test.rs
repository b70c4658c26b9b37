//! `lentera sources test`: a source on its saved pages, field by field.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value;

use super::{below, brief, fetch, named, shown, tell_skips, unusable};
use crate::cli::args::{Global, SourceTestArgs};
use crate::cli::exit::Exit;
use crate::cli::message::{Stop, data, talk};
use crate::cli::settings;
use crate::crawl::Source;
use crate::crawl::reading::Role;
use crate::pipeline::Workspace;
use crate::pipeline::sources::{
    Difference, EXPECTED, INDEX, PageRead, compare, read_expected, read_saved, to_json,
    write_expected, write_pages,
};
use crate::report::inert;

pub(super) fn run(global: &Global, args: &SourceTestArgs) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let source = named(&workspace, &args.source)?;
    let folder = args
        .from
        .clone()
        .unwrap_or_else(|| workspace.source(&source.id));
    if args.save {
        save(global, &workspace, source, args.pages)?;
    }
    let is_there = folder.join(INDEX).is_file() || (args.from.is_some() && folder.exists());
    if !is_there {
        let shown = below(&workspace, &folder);
        let stop = Stop::new(Exit::Usage, format!("no saved pages in `{shown}`"));
        let hint = format!(
            "fetch some with `lentera sources test {} --save`, or name some with `--from PATH`",
            source.id
        );
        return Err(stop.hint(hint).into());
    }
    let mut pages: Vec<PageRead> = Vec::new();
    let skips = read_saved(source, &folder, &mut |page| pages.push(page))
        .map_err(|error| unusable(&error))?;
    tell_skips(&skips);
    let posts: Vec<Value> = pages
        .iter()
        .flat_map(|page| page.posts.iter().map(to_json))
        .collect();
    tell(global, &pages, &posts)?;
    let n_faults = skips.len() + pages.iter().map(|page| page.skips.len()).sum::<usize>();
    judge(global, &workspace, (&folder, args.accept), &posts, n_faults)
}

/// Fetches pages of the source into its folder.
fn save(global: &Global, workspace: &Workspace, source: &Source, most: u64) -> anyhow::Result<()> {
    let (pages, skips) = fetch(Some(workspace), source, most)?;
    tell_skips(&skips);
    if pages.is_empty() {
        let stop = Stop::new(Exit::Input, "no page could be fetched");
        return Err(stop.hint("the reasons stand above").into());
    }
    let folder = workspace.source(&source.id);
    write_pages(&folder, &pages).map_err(|error| unusable(&error))?;
    if !global.quiet {
        let folder = below(workspace, &folder);
        talk(&format!("saved {} pages in `{folder}`", pages.len()));
    }
    Ok(())
}

/// Prints what each page gave.
fn tell(global: &Global, pages: &[PageRead], posts: &[Value]) -> anyhow::Result<()> {
    if global.json {
        data(
            &posts
                .iter()
                .map(|post| format!("{post}\n"))
                .collect::<String>(),
        )?;
        return Ok(());
    }
    let mut out = String::new();
    for page in pages {
        let role = match page.role {
            Role::Listing => "listing",
            Role::Detail => "post",
        };
        let _ = writeln!(out, "{role} {}", page.url);
        if page.role == Role::Listing {
            let next = page.next.as_deref().unwrap_or("none");
            let _ = writeln!(
                out,
                "  leads to {} posts; next page: {next}",
                page.n_details
            );
        }
        for post in &page.posts {
            out.push_str(&shown(&to_json(post)));
            out.push('\n');
        }
        for skip in &page.skips {
            let _ = writeln!(out, "  not read: {skip}");
        }
    }
    data(&inert(&out))?;
    Ok(())
}

/// Compares with what was accepted, or accepts what is.
fn judge(
    global: &Global,
    workspace: &Workspace,
    (folder, accept): (&PathBuf, bool),
    posts: &[Value],
    n_faults: usize,
) -> anyhow::Result<Exit> {
    let n = posts.len();
    if accept {
        if n == 0 {
            let stop = Stop::new(
                Exit::CheckFailed,
                "no posts were found, so there is nothing to accept",
            );
            return Err(stop
                .hint("correct the selectors; `lentera sources new` proposes some")
                .into());
        }
        let path = write_expected(folder, posts).map_err(|error| unusable(&error))?;
        talk(&format!(
            "accepted {n} posts as expected: `{}`",
            below(workspace, &path)
        ));
        return Ok(Exit::Success);
    }
    let Some(expected) = read_expected(folder).map_err(|error| unusable(&error))? else {
        talk(&format!(
            "{n} posts, {n_faults} faults; nothing is expected yet"
        ));
        talk("if the posts are right, keep them with `--accept`");
        return Ok(if n == 0 {
            Exit::CheckFailed
        } else {
            Exit::Success
        });
    };
    let differences = compare(&expected, posts);
    if differences.is_empty() {
        if !global.quiet {
            talk(&format!("{n} posts as expected"));
        }
        return Ok(Exit::Success);
    }
    let told: Vec<String> = differences.iter().map(line).collect();
    talk(&told.join("\n"));
    talk(&format!(
        "{} differences from {EXPECTED}; correct the source, or keep them with `--accept`",
        differences.len()
    ));
    Ok(Exit::CheckFailed)
}

fn line(difference: &Difference) -> String {
    match difference {
        Difference::Missing { id } => format!("- {id}: no longer found"),
        Difference::New { id } => format!("+ {id}: not expected"),
        Difference::Field { id, field, was, is } => {
            let said = |text: &str| {
                if text.is_empty() {
                    "nothing".to_owned()
                } else {
                    brief(text)
                }
            };
            format!(
                "~ {id} {field}:\n    was {}\n    is  {}",
                said(was),
                said(is)
            )
        }
    }
}
