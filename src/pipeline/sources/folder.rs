//! `sources/NAME/` on disk: pages, their index, the posts expected of them.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::SavedError;
use crate::crawl::{Page, Source};
use crate::skip::{Skip, SkipReason};

/// The index of a folder of pages.
pub const INDEX: &str = "pages.jsonl";
/// The posts expected of a folder of pages.
pub const EXPECTED: &str = "expected.jsonl";
/// Endings of files that are pages.
const ENDINGS: [&str; 6] = ["html", "htm", "xhtml", "xml", "json", "txt"];
/// Deepest folder that is looked into.
const MAX_DEPTH: usize = 16;

/// One line of the index.
#[derive(Debug, Deserialize, Serialize)]
struct Line {
    file: String,
    url: String,
    #[serde(default)]
    content_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fetched_at: Option<String>,
}

/// One page of a folder.
pub(super) struct Entry {
    path: PathBuf,
    url: Url,
    content_type: String,
    fetched_at: Timestamp,
}

/// The pages under `path`: by the index, or every page there is. A page that
/// no index names stands where its file lies below the first start page.
pub(super) fn entries(source: &Source, path: &Path) -> Result<Vec<Entry>, SavedError> {
    let index = path.join(INDEX);
    if index.is_file() {
        return indexed(path, &index);
    }
    let mut files = Vec::new();
    if path.is_file() {
        files.push(path.to_owned());
    } else {
        gather(path, 0, &mut files)?;
    }
    files.sort();
    let base = &source.start[0];
    let entries = files.into_iter().filter_map(|file| {
        let name = file.strip_prefix(path).unwrap_or(&file);
        let name: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
        // A single file stands at the start page itself.
        let url = base.join(&name.join("/")).ok()?;
        let content_type = content_type(&file).to_owned();
        Some(Entry {
            path: file,
            url,
            content_type,
            fetched_at: Timestamp::UNIX_EPOCH,
        })
    });
    Ok(entries.collect())
}

fn gather(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), SavedError> {
    let failed = |error| SavedError::io(folder, error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && depth < MAX_DEPTH {
            gather(&path, depth + 1, files)?;
        }
        let ending = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        // Links may lead anywhere; only files that lie here are read.
        if kind.is_file() && ENDINGS.contains(&ending.as_str()) {
            files.push(path);
        }
    }
    Ok(())
}

fn indexed(folder: &Path, index: &Path) -> Result<Vec<Entry>, SavedError> {
    let text = fs::read_to_string(index).map_err(|error| SavedError::io(index, error))?;
    let mut entries = Vec::new();
    for (n, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let wrong = |problem: String| SavedError::Line {
            path: index.to_owned(),
            line: n + 1,
            problem,
        };
        let line: Line = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        let is_plain =
            !line.file.is_empty() && Path::new(&line.file).file_name() == Some(line.file.as_ref());
        if !is_plain {
            return Err(wrong(format!(
                "`{}` is not a file of this folder",
                line.file
            )));
        }
        entries.push(Entry {
            path: folder.join(&line.file),
            url: Url::parse(&line.url)
                .map_err(|error| wrong(format!("`{}`: {error}", line.url)))?,
            content_type: line.content_type,
            fetched_at: line
                .fetched_at
                .and_then(|at| at.parse().ok())
                .unwrap_or(Timestamp::UNIX_EPOCH),
        });
    }
    Ok(entries)
}

/// Reads the page of an entry.
pub(super) fn read_page(entry: &Entry) -> Result<Page, Skip> {
    let subject = entry.path.display().to_string();
    let body = fs::read(&entry.path)
        .map_err(|error| Skip::whole(&subject, SkipReason::Unreadable, error))?;
    let kind = &entry.content_type;
    let kind = if kind.is_empty() {
        content_type(&entry.path)
    } else {
        kind
    };
    Page::saved(entry.url.clone(), kind, body, entry.fetched_at)
        .map_err(|(reason, why)| Skip::whole(&subject, reason, why))
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().unwrap_or_default().to_str() {
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain",
        _ => "text/html",
    }
}

/// Writes pages and their index; the folder is made if need be. Bodies are
/// written without packing, so that a person can read them.
///
/// # Errors
///
/// When the disk does not take it.
pub fn write_pages(folder: &Path, pages: &[Page]) -> Result<(), SavedError> {
    let failed = |error| SavedError::io(folder, error);
    fs::create_dir_all(folder).map_err(failed)?;
    let mut index = String::new();
    for (n, page) in pages.iter().enumerate() {
        let kind = page.header("content-type").unwrap_or("").to_owned();
        let ending = match kind.split(';').next().unwrap_or("").trim() {
            kind if kind.ends_with("json") => "json",
            kind if kind.ends_with("xml") && !kind.contains("html") => "xml",
            "text/plain" => "txt",
            _ => "html",
        };
        let file = format!("{:03}.{ending}", n + 1);
        fs::write(folder.join(&file), page.content()).map_err(failed)?;
        let line = Line {
            file,
            url: page.url.to_string(),
            content_type: kind,
            fetched_at: Some(page.fetched_at.to_string()),
        };
        index.push_str(&serde_json::to_string(&line).map_err(|error| failed(error.into()))?);
        index.push('\n');
    }
    fs::write(folder.join(INDEX), index).map_err(failed)
}

/// The posts expected of a folder of pages; `None` when nobody has looked yet.
///
/// # Errors
///
/// When the file cannot be read, or a line of it is not JSON.
pub fn read_expected(folder: &Path) -> Result<Option<Vec<Value>>, SavedError> {
    let path = folder.join(EXPECTED);
    if !path.is_file() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(|error| SavedError::io(&path, error))?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let posts = lines.map(|(n, line)| {
        serde_json::from_str(line).map_err(|error| SavedError::Line {
            path: path.clone(),
            line: n + 1,
            problem: error.to_string(),
        })
    });
    posts.collect::<Result<_, _>>().map(Some)
}

/// Writes the posts expected of a folder of pages.
///
/// # Errors
///
/// When the disk does not take it.
pub fn write_expected(folder: &Path, posts: &[Value]) -> Result<PathBuf, SavedError> {
    let path = folder.join(EXPECTED);
    let lines: String = posts.iter().map(|post| format!("{post}\n")).collect();
    fs::write(&path, lines).map_err(|error| SavedError::io(&path, error))?;
    Ok(path)
}
