//! The invented sites of the demonstration, served on this machine.
//!
//! The sites are embedded in the program, so the demonstration needs no
//! network. They are served on loopback only, are read by the very same
//! crawler as real sites, and nothing on them is real.

mod serve;

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use include_dir::{Dir, DirEntry, include_dir};
use serde::Deserialize;

pub use serve::{Served, serve};

static SITES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/sites");

/// The `lentera.toml` of the demonstration; `resolve` is filled in from
/// [`Served::resolve`] when the sites are up.
pub const CONFIG: &str = include_str!("../fixtures/demo.toml");

/// One invented site.
#[derive(Clone, Debug, Default)]
pub struct FixtureSite {
    /// Its host, such as `pasar-kita.example`.
    pub host: String,
    /// Files by path below `files/`, such as `iklan/1.html`.
    pub files: BTreeMap<String, Cow<'static, [u8]>>,
    /// Answers that are not simply a file, by path with query.
    pub exceptions: BTreeMap<String, Exception>,
}

/// An answer that is not simply the file of its path.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Path with query, exactly.
    pub path: String,
    /// File below `files/` to answer with.
    pub file: Option<String>,
    /// Status code; 200, or 404 without a file, or 302 with a location.
    pub status: Option<u16>,
    /// Where it redirects to.
    pub location: Option<String>,
    /// `Content-Type`, where it is not that of the file's ending.
    pub content_type: Option<String>,
}

/// Why the embedded sites cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A `site.toml` that cannot be read.
    #[error("fixture site {site}: {problem}")]
    Site {
        /// Its folder.
        site: String,
        /// What is wrong.
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteFile {
    host: String,
    #[serde(default)]
    response: Vec<Exception>,
}

impl FixtureSite {
    /// Every embedded site, in order of folder name.
    ///
    /// # Errors
    ///
    /// When a `site.toml` is missing or wrong, or names a file that is not
    /// there.
    pub fn all() -> Result<Vec<Self>, DemoError> {
        let mut folders: Vec<&Dir<'_>> = SITES.dirs().collect();
        folders.sort_by_key(|folder| folder.path());
        folders.into_iter().map(Self::embedded).collect()
    }

    fn embedded(folder: &Dir<'static>) -> Result<Self, DemoError> {
        let wrong = |problem: String| DemoError::Site {
            site: folder.path().display().to_string(),
            problem,
        };
        let text = folder
            .get_file(folder.path().join("site.toml"))
            .and_then(include_dir::File::contents_utf8)
            .ok_or_else(|| wrong("no site.toml".to_owned()))?;
        let mut files = BTreeMap::new();
        if let Some(root) = folder.get_dir(folder.path().join("files")) {
            gather(root, root, &mut files);
        }
        Self::new(text, files).map_err(wrong)
    }

    /// A site from the text of its `site.toml` and its files.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn new(
        site_toml: &str,
        files: BTreeMap<String, Cow<'static, [u8]>>,
    ) -> Result<Self, String> {
        let SiteFile { host, response } =
            toml::from_str(site_toml).map_err(|error| error.to_string())?;
        if !host.ends_with(".example") {
            return Err(format!(
                "{host} could be a real host; only *.example is served"
            ));
        }
        for exception in &response {
            let named = exception.file.as_ref();
            if let Some(missing) = named.filter(|file| !files.contains_key(*file)) {
                return Err(format!("{}: no file {missing}", exception.path));
            }
        }
        let exceptions = response
            .into_iter()
            .map(|one| (one.path.clone(), one))
            .collect();
        Ok(Self {
            host,
            files,
            exceptions,
        })
    }

    /// What the site answers to a path with query.
    fn answer(&self, target: &str) -> Response<Body> {
        let path = target.split('?').next().unwrap_or("");
        let mut file = path.trim_start_matches('/').to_owned();
        if file.is_empty() || file.ends_with('/') {
            file.push_str("index.html");
        }
        let plain = Exception::default();
        let exception = self.exceptions.get(target).unwrap_or(&plain);
        let file = exception.file.clone().unwrap_or(file);
        let body = self.files.get(&file);
        let status = exception
            .status
            .unwrap_or(match (&exception.location, body) {
                (Some(_), _) => 302,
                (None, Some(_)) => 200,
                (None, None) => 404,
            });
        let content_type = exception
            .content_type
            .as_deref()
            .unwrap_or_else(|| match body {
                Some(_) => content_type(&file),
                None => "text/plain; charset=utf-8",
            });
        let mut response = Response::builder()
            .status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
            .header(header::CONTENT_TYPE, content_type);
        if let Some(location) = &exception.location {
            response = response.header(header::LOCATION, location);
        }
        let body = body.map_or_else(Body::empty, |bytes| Body::from(bytes.to_vec()));
        response.body(body).unwrap_or_else(|_| {
            let mut broken = Response::new(Body::empty());
            *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            broken
        })
    }
}

fn gather(
    root: &Dir<'static>,
    folder: &Dir<'static>,
    files: &mut BTreeMap<String, Cow<'static, [u8]>>,
) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => gather(root, inner, files),
            DirEntry::File(file) => {
                let path = file.path().strip_prefix(root.path()).unwrap_or(file.path());
                // Paths of the web, whatever system this was built on.
                let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
                files.insert(parts.join("/"), Cow::Owned(file.contents().to_vec()));
            }
        }
    }
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("xml") => "application/xml",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
