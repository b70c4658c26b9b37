//! `lentera sources new`: a draft of a source, and what it would extract.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use url::Url;

use super::{fetch, settings, shown, tell_skips};
use crate::cli::args::{Global, SourceNewArgs};
use crate::cli::exit::Exit;
use crate::cli::message::{Stop, data, talk};
use crate::crawl::propose::{self, ListingProposal, PostProposal};
use crate::crawl::reading::{Role, read};
use crate::crawl::{Page, Source};
use crate::pipeline::Workspace;
use crate::pipeline::sources::to_json;
use crate::report::inert;

/// Most posts that are shown.
const SHOWN: usize = 3;

pub(super) fn run(global: &Global, args: &SourceNewArgs) -> anyhow::Result<Exit> {
    let workspace = settings::workspace_dir(global)?;
    let url = address(args)?;
    let listing_page = match &args.file {
        Some(file) => saved(file, &url)?,
        None => fetched(workspace.as_ref(), &url)?,
    };
    let listing = propose::listing(&listing_page).map_err(|(_, why)| {
        Stop::new(Exit::CheckFailed, format!("{url}: {why}"))
            .hint("name a page that lists posts; a page built by scripts holds none")
    })?;
    let detail = detail_page(args, workspace.as_ref(), &listing)?;
    let post = match &detail {
        Some(page) => propose::post(page, None),
        None => propose::post(&listing_page, Some(&listing.item)),
    };
    let mut post = post.map_err(|(_, why)| Stop::new(Exit::CheckFailed, why))?;
    let mut listing = listing;
    if detail.is_none() && !listing.link.is_empty() {
        // Without a page of a post, its fields can only be those of its part.
        listing.id_from_url = None;
    }
    post.text.get_or_insert_with(|| "main".to_owned());
    tell(global, &listing_page, &listing, &post, detail.as_ref())
}

/// Where the listing stands.
fn address(args: &SourceNewArgs) -> anyhow::Result<Url> {
    let written = match (&args.url, &args.file) {
        (Some(url), _) => url.clone(),
        (None, Some(_)) => "http://situs.example/".to_owned(),
        (None, None) => {
            let stop = Stop::new(Exit::Usage, "name the address of a listing page");
            return Err(stop.hint("or a saved one: `--file page.html`").into());
        }
    };
    let url = Url::parse(&written).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        Stop::new(Exit::Usage, format!("`{written}` is not an address"))
            .hint("write it whole, such as https://pasar.example/lowongan/")
            .into()
    })
}

fn saved(file: &Path, url: &Url) -> anyhow::Result<Page> {
    let name = file.display();
    let body = std::fs::read(file)
        .map_err(|error| Stop::new(Exit::Input, format!("cannot read `{name}`: {error}")))?;
    let page = Page::saved(url.clone(), "text/html", body, Timestamp::UNIX_EPOCH);
    page.map_err(|(_, why)| Stop::new(Exit::Input, format!("`{name}`: {why}")).into())
}

/// One page, fetched as any crawl does.
fn fetched(workspace: Option<&Workspace>, url: &Url) -> anyhow::Result<Page> {
    let host = url.host_str().unwrap_or("");
    talk(&format!("asking {host}: robots.txt first, then the page"));
    let text = format!("id = 'draft'\nkind = 'structured'\nstart = ['{url}']\n");
    let source: Source = toml::from_str(&text)
        .map_err(|error| Stop::new(Exit::Usage, format!("`{url}`: {error}")))?;
    let (pages, skips) = fetch(workspace, &source, 3)?;
    let page = pages.into_iter().find(|page| page.redirect().is_none());
    page.ok_or_else(|| {
        tell_skips(&skips);
        Stop::new(Exit::Input, format!("`{url}` could not be read"))
            .hint("the reason stands above; a saved page is read with `--file`")
            .into()
    })
}

/// The page of one post: as named, or the first that the listing leads to.
fn detail_page(
    args: &SourceNewArgs,
    workspace: Option<&Workspace>,
    listing: &ListingProposal,
) -> anyhow::Result<Option<Page>> {
    match (&args.post, listing.leads.first()) {
        (Some(file), first) => {
            let url = first.cloned().unwrap_or(address(args)?);
            Ok(Some(saved(file, &url)?))
        }
        (None, Some(first)) if args.file.is_none() => Ok(Some(fetched(workspace, first)?)),
        _ => Ok(None),
    }
}

/// Prints the draft, and what it gives on the pages it was made from.
fn tell(
    global: &Global,
    page: &Page,
    listing: &ListingProposal,
    post: &PostProposal,
    detail: Option<&Page>,
) -> anyhow::Result<Exit> {
    let draft = propose::to_toml(&page.url, listing, post);
    let bare = draft.replace("[[source]]\n", "").replace("[source.", "[");
    let source: Source = toml::from_str(&bare).map_err(|error| {
        Stop::new(
            Exit::CheckFailed,
            format!("no usable draft came of it: {error}"),
        )
    })?;
    let mut told = String::new();
    let on_listing = read(&source, page, &page.url, Role::Listing);
    let mut posts = Vec::new();
    match on_listing {
        Err((_, why)) => drop(writeln!(told, "# the listing gives nothing: {why}")),
        Ok(reading) => {
            let (n, n_leads) = (listing.count, reading.details.len());
            let _ = writeln!(
                told,
                "# {n} records `{}`; {n_leads} links to posts",
                listing.item
            );
            let next = reading.next.map_or("not found".to_owned(), String::from);
            let _ = writeln!(told, "# next page: {next}");
            posts.extend(reading.posts.into_iter().flatten());
        }
    }
    if let Some(detail) = detail {
        match read(&source, detail, &detail.url, Role::Detail) {
            Err((_, why)) => drop(writeln!(told, "# the post gives nothing: {why}")),
            Ok(reading) => posts.extend(reading.posts.into_iter().flatten()),
        }
    }
    for post in posts.iter().take(SHOWN) {
        let lines = shown(&to_json(post));
        told.extend(lines.lines().map(|line| format!("#{line}\n")));
    }
    data(&inert(&format!("{draft}\n{told}")))?;
    if !global.quiet {
        if detail.is_none() && !listing.link.is_empty() {
            talk("no page of a post was looked at; name a saved one with `--post FILE`");
        }
        talk("a draft: check each line, put it into lentera.toml, then `lentera sources check`");
    }
    Ok(if posts.is_empty() {
        Exit::CheckFailed
    } else {
        Exit::Success
    })
}
