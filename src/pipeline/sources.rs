//! Sources tried on saved pages, and pages saved to try them on.
//!
//! A source may have a folder of its own in the workspace, `sources/NAME/`:
//! pages as they were served, `pages.jsonl` that says where each stood, and
//! `expected.jsonl`, the posts that the source gave when a person last looked.
//! Pages also come from WARC files and from folders of HTML. All are read by
//! the very code that a crawl reads with.

mod compare;
mod folder;
mod keep;

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use thiserror::Error;

pub use compare::{Difference, compare};
pub use folder::{EXPECTED, INDEX, read_expected, write_expected, write_pages};
pub use keep::fetch;

use crate::archive::SavedPages;
use crate::crawl::fields::Fields;
use crate::crawl::reading::Role;
use crate::crawl::sorting::Sorting;
use crate::crawl::{Page, Source, dates};
use crate::skip::{Skip, SkipReason};

/// Largest page that is read, in bytes.
const MAX_PAGE: usize = 50 << 20;

/// Why saved pages cannot be used.
#[derive(Debug, Error)]
pub enum SavedError {
    /// The disk does not do what is asked.
    #[error("cannot use `{}`: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line of an index or of expected posts that is not what it should be.
    #[error("`{}`:{line}: {problem}", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// One-based line.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

impl SavedError {
    fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self::Io { path, source }
    }
}

/// One saved page, read.
#[derive(Debug)]
pub struct PageRead {
    /// Where it stood.
    pub url: String,
    /// What it was read as.
    pub role: Role,
    /// Its posts, in page order.
    pub posts: Vec<Fields>,
    /// How many pages of posts it leads to.
    pub n_details: usize,
    /// The next page, where it names one.
    pub next: Option<String>,
    /// What could not be read, and why.
    pub skips: Vec<Skip>,
}

/// Reads every saved page under `path` with a source, in order: a folder of
/// pages, one page, or a WARC file. `each` sees what one page gave.
///
/// # Errors
///
/// When the folder or its index cannot be read. A page that cannot be read is
/// a skip.
pub fn read_saved(
    source: &Source,
    path: &Path,
    each: &mut dyn FnMut(PageRead),
) -> Result<Vec<Skip>, SavedError> {
    let mut sorting = Sorting::new(source);
    let mut skips = Vec::new();
    let mut one = |page: Result<Page, Skip>, skips: &mut Vec<Skip>| match page {
        Ok(page) => each(read_one(&mut sorting, &page)),
        Err(skip) => skips.push(skip),
    };
    if is_warc(path) {
        match SavedPages::open(path, MAX_PAGE) {
            Err(skip) => skips.push(skip),
            Ok(pages) => {
                for page in pages {
                    one(page.and_then(|page| from_archive(&page)), &mut skips);
                }
            }
        }
        return Ok(skips);
    }
    for entry in folder::entries(source, path)? {
        one(folder::read_page(&entry), &mut skips);
    }
    Ok(skips)
}

fn is_warc(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    [".warc", ".warc.gz", ".warc.zst"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

fn from_archive(saved: &crate::archive::SavedPage) -> Result<Page, Skip> {
    let refuse = |reason, why: String| Skip::whole(&saved.url, reason, why);
    let url = url::Url::parse(&saved.url)
        .map_err(|error| refuse(SkipReason::MalformedWarc, error.to_string()))?;
    let at = saved.at.unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Page::saved(url, &saved.content_type, saved.body.clone(), at)
        .map_err(|(reason, why)| refuse(reason, why))
}

fn read_one(sorting: &mut Sorting<'_>, page: &Page) -> PageRead {
    let (role, reading) = sorting.read(page);
    let mut read = PageRead {
        url: page.url.to_string(),
        role,
        posts: Vec::new(),
        n_details: 0,
        next: None,
        skips: Vec::new(),
    };
    let skip = |(reason, why): (SkipReason, String)| Skip::whole(page.url.as_str(), reason, why);
    match reading {
        Err(fault) => read.skips.push(skip(fault)),
        Ok(reading) => {
            read.n_details = reading.details.len();
            read.next = reading.next.map(String::from);
            for (n, post) in reading.posts.into_iter().enumerate() {
                match post {
                    Ok(post) => read.posts.push(post),
                    Err(fault) => {
                        let mut skip = skip(fault);
                        skip.line = reading.is_list.then_some(n as u64 + 1);
                        read.skips.push(skip);
                    }
                }
            }
            read.skips.extend(reading.left.into_iter().map(skip));
        }
    }
    read
}

/// A post as a line that `lentera scan` reads.
pub fn to_json(post: &Fields) -> Value {
    let mut map = Map::new();
    let mut put = |key: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            map.insert(key.to_owned(), value.into());
        }
    };
    put("id", Some(&post.native_id));
    put("url", post.url.as_deref());
    put("title", post.title.as_deref());
    put("author", post.author.as_deref());
    let published = post.published.as_deref();
    let read = published
        .and_then(dates::read)
        .map(|read| match read.precision {
            crate::post::Precision::Second => read.at.to_string(),
            crate::post::Precision::Day => read.at.to_string()[..10].to_owned(),
        });
    put("published", read.as_deref().or(published));
    put("place_hint", post.place.as_deref());
    for (name, value) in &post.extra {
        put(name, Some(value));
    }
    map.insert("text".to_owned(), post.text.as_str().into());
    Value::Object(map)
}
