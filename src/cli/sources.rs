//! `lentera sources …`: list, check, test, read, new.

mod check;
mod new;
mod test;

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::args::{Global, SourcesCommand};
use super::exit::Exit;
use super::message::{Stop, data, talk};
use super::{interrupt, settings};
use crate::crawl::{Fetcher, Page, Shape, Source};
use crate::pipeline::Workspace;
use crate::pipeline::sources::{self, INDEX, SavedError};
use crate::skip::{Skip, SkipReason};

pub(super) fn run(global: &Global, command: SourcesCommand) -> anyhow::Result<Exit> {
    match command {
        SourcesCommand::List => list(global),
        SourcesCommand::Check => check::run(global),
        SourcesCommand::Test(args) => test::run(global, &args),
        SourcesCommand::Read { source, paths } => read(global, &source, &paths),
        SourcesCommand::New(args) => new::run(global, &args),
    }
}

fn list(global: &Global) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let mut out = String::new();
    for source in &workspace.config.sources {
        let has_pages = workspace.source(&source.id).join(INDEX).is_file();
        let (id, kind, start) = (&source.id, kind(source), source.start[0].as_str());
        if global.json {
            let line = json!({
                "id": id,
                "kind": kind,
                "platform_kind": source.platform_kind.as_str(),
                "start": source.start.iter().map(url::Url::as_str).collect::<Vec<_>>(),
                "max_pages": source.max_pages,
                "has_saved_pages": has_pages,
            });
            let _ = writeln!(out, "{line}");
        } else {
            let saved = if has_pages {
                "tested on saved pages"
            } else {
                "no saved pages"
            };
            let _ = writeln!(out, "{id:<24} {kind:<11} {start}  ({saved})");
        }
    }
    if out.is_empty() && !global.quiet {
        talk("lentera.toml names no `[[source]]`; `lentera sources new URL` drafts one");
    }
    data(&out)?;
    Ok(Exit::Success)
}

fn kind(source: &Source) -> &'static str {
    match &source.shape {
        Shape::Classified(fields) if fields.post.structured && fields.post.text.is_none() => {
            "structured"
        }
        Shape::Classified(_) => "classified",
        Shape::Feed => "feed",
        Shape::Json(_) => "json",
        Shape::Sitemap(_) => "sitemap",
    }
}

/// The source with this id.
fn named<'w>(workspace: &'w Workspace, id: &str) -> anyhow::Result<&'w Source> {
    let all = &workspace.config.sources;
    all.iter().find(|source| source.id == id).ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|source| source.id.as_str()).collect();
        let stop = Stop::new(Exit::Usage, format!("there is no source `{id}`"));
        stop.hint(if known.is_empty() {
            "lentera.toml names no `[[source]]`".to_owned()
        } else {
            format!("sources: {}", known.join(", "))
        })
        .into()
    })
}

/// Reads saved pages and prints their posts as lines that `lentera scan` takes.
fn read(global: &Global, id: &str, paths: &[std::path::PathBuf]) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    let source = named(&workspace, id)?;
    let (mut n_pages, mut n_posts, mut n_skips) = (0_u64, 0_u64, 0_u64);
    let mut written: std::io::Result<()> = Ok(());
    for path in paths {
        let skips = sources::read_saved(source, path, &mut |page| {
            n_pages += 1;
            n_posts += page.posts.len() as u64;
            n_skips += page.skips.len() as u64;
            let lines: String = page
                .posts
                .iter()
                .map(|post| format!("{}\n", sources::to_json(post)))
                .collect();
            if written.is_ok() {
                written = data(&lines);
            }
            if !global.quiet {
                tell_skips(&page.skips);
            }
        })
        .map_err(|error| unusable(&error))?;
        let out_of_place = skips.iter().filter(|skip| !skip.reason.is_by_design());
        n_skips += out_of_place.count() as u64;
        if !global.quiet {
            tell_skips(&skips);
        }
    }
    written?;
    if !global.quiet {
        talk(&format!(
            "{n_pages} pages, {n_posts} posts, {n_skips} not read"
        ));
        talk(&format!(
            "next: pipe them into `lentera scan --platform {id} -`"
        ));
    }
    let nothing = n_posts == 0 && n_skips > 0;
    Ok(if nothing { Exit::Input } else { Exit::Success })
}

fn tell_skips(skips: &[Skip]) {
    for skip in skips {
        talk(&format!("not read: {skip}"));
    }
}

fn unusable(error: &SavedError) -> Stop {
    Stop::new(Exit::Input, error).hint("name a folder of pages, a page, or a WARC file")
}

/// Fetches a few pages as any crawl does: robots.txt first, with pauses.
fn fetch(
    workspace: Option<&Workspace>,
    source: &Source,
    most: u64,
) -> anyhow::Result<(Vec<Page>, Vec<Skip>)> {
    let crawl = workspace
        .map(|one| one.config.crawl.clone())
        .unwrap_or_default();
    let failed = |error: String| Stop::new(Exit::Input, error);
    let fetcher = Fetcher::new(crawl).map_err(|error| failed(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(format!("cannot start: {error}")))?;
    let fetched = sources::fetch(source, &fetcher, most, interrupt::watched());
    let (pages, mut skips) = runtime
        .block_on(fetched)
        .map_err(|error| failed(error.to_string()))?;
    // That only a few pages were to be fetched is no news.
    skips.retain(|skip| skip.reason != SkipReason::Budget);
    Ok((pages, skips))
}

/// The fields of a post, a line each, for a person.
fn shown(post: &serde_json::Value) -> String {
    let mut out = String::new();
    let order = [
        "id",
        "title",
        "text",
        "author",
        "place_hint",
        "published",
        "url",
    ];
    let map = post.as_object();
    let known = order
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), map?.get(*key)?)));
    let others = map
        .into_iter()
        .flatten()
        .filter(|(key, _)| !order.contains(&key.as_str()));
    for (key, value) in known.chain(others.map(|(key, value)| (key.clone(), value))) {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let _ = writeln!(out, "  {key:<10} {}", brief(&text));
    }
    out
}

/// The beginning of a text on one line.
fn brief(text: &str) -> String {
    const MOST: usize = 160;
    let line = text.replace('\n', " / ");
    let n = line.chars().count();
    if n <= MOST {
        return line;
    }
    let begun: String = line.chars().take(MOST).collect();
    format!("{begun}… ({n} letters)")
}

/// A path as it is shown: below the workspace, where it is.
fn below(workspace: &Workspace, path: &Path) -> String {
    path.strip_prefix(&workspace.root)
        .unwrap_or(path)
        .display()
        .to_string()
}
