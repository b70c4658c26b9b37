//! Folders of posts whose nature is known by where they lie: what rules are
//! measured on.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Tally;
use crate::archive::{Input, Options, Reader, RecordRef};
use crate::post::Post;
use crate::skip::Skip;

/// A folder of this name holds ordinary writing.
const BENIGN: &str = "benign";
/// How far above a file that folder may stand.
const N_ABOVE: usize = 3;

/// Which kind of writing a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Nothing in it deserves a look.
    Benign,
    /// Everything in it does.
    Flag,
}

impl Side {
    /// Its name in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Benign => "benign",
            Self::Flag => "flag",
        }
    }
}

/// One file of a corpus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CorpusFile {
    /// Ordinary writing or not: whether a folder named `benign` is among the
    /// three above it.
    pub side: Side,
    /// Name of the folder it lies in, such as `work`.
    pub part: String,
    /// Name of the file without its ending, such as `pets`.
    pub class: String,
    /// The file.
    pub path: PathBuf,
}

/// Why a corpus could not be listed.
#[derive(Debug, Error)]
pub enum CorpusError {
    /// A file or folder that cannot be read.
    #[error("cannot read `{}`: {source}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder without posts.
    #[error("no file in `{}` ends in .jsonl, .jsonl.gz or .jsonl.zst", .0.display())]
    Nothing(PathBuf),
}

impl CorpusFile {
    fn new(path: &Path) -> Result<Self, CorpusError> {
        let whole = std::path::absolute(path).map_err(|source| CorpusError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let name = |path: &Path| {
            let name = path.file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        let mut above = whole.ancestors().skip(1).take(N_ABOVE);
        let part = whole.parent().map(name).unwrap_or_default();
        let side = if above.any(|folder| name(folder) == BENIGN) {
            Side::Benign
        } else {
            Side::Flag
        };
        let file = name(&whole);
        let class = file.split('.').next().unwrap_or_default().to_owned();
        Ok(Self {
            side,
            part,
            class,
            path: path.to_owned(),
        })
    }
}

/// The files named, and those with posts in the folders named, sorted by side,
/// part and class. Links to folders are not followed.
///
/// # Errors
///
/// When one cannot be read, or a folder holds no posts.
pub fn corpus(paths: &[PathBuf]) -> Result<Vec<CorpusFile>, CorpusError> {
    let mut files = Vec::new();
    for path in paths {
        let before = files.len();
        gather(path, &mut files)?;
        if files.len() == before {
            return Err(CorpusError::Nothing(path.clone()));
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn gather(path: &Path, files: &mut Vec<CorpusFile>) -> Result<(), CorpusError> {
    let failed = |source| CorpusError::Unreadable {
        path: path.to_owned(),
        source,
    };
    if !std::fs::metadata(path).map_err(failed)?.is_dir() {
        files.push(CorpusFile::new(path)?);
        return Ok(());
    }
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            gather(&entry.path(), files)?;
        } else if holds_posts(&entry.path()) {
            files.push(CorpusFile::new(&entry.path())?);
        }
    }
    Ok(())
}

fn holds_posts(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let plain = name.trim_end_matches(".gz").trim_end_matches(".zst");
    plain.ends_with(".jsonl")
}

/// Reads the posts of one file one after the other; what cannot be read is
/// counted in `tally` and passed over.
///
/// # Errors
///
/// Only those of `each`.
pub fn each_post<E>(
    file: &CorpusFile,
    tally: &mut Tally,
    mut each: impl FnMut(&Post) -> Result<(), E>,
) -> Result<(), E> {
    let input = Input::File(file.path.clone());
    let mut reader = match Reader::open(&input, &Options::default()) {
        Ok(reader) => reader,
        Err(skip) => {
            tally.skip(skip);
            return Ok(());
        }
    };
    let mut spare = Vec::new();
    while let Some(batch) = reader.next_batch(spare) {
        for item in batch.items() {
            let post: Result<Post, Skip> = item.and_then(RecordRef::parse);
            match post {
                Ok(post) => {
                    tally.n_posts += 1;
                    each(&post)?;
                }
                Err(skip) => tally.skip(skip),
            }
        }
        spare = batch.into_spare().unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_file_lies_says_what_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        for file in [
            "flag/work/G03.jsonl",
            "benign/work/pets.jsonl",
            "benign/held/pets.jsonl.gz",
            "benign/work/notes.txt",
        ] {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let listed = |paths: &[&str]| {
            let paths: Vec<_> = paths.iter().map(|path| dir.path().join(path)).collect();
            let rows = |file: CorpusFile| format!("{:?} {} {}", file.side, file.part, file.class);
            corpus(&paths).map(|files| files.into_iter().map(rows).collect::<Vec<_>>())
        };
        let all = ["Benign held pets", "Benign work pets", "Flag work G03"];
        assert_eq!(listed(&["flag", "benign"]).unwrap(), all);
        // The same file named twice is one file.
        let twice = listed(&["flag", "flag/work/G03.jsonl"]).unwrap();
        assert_eq!(twice, ["Flag work G03"]);
        assert!(matches!(
            listed(&["gone"]),
            Err(CorpusError::Unreadable { .. })
        ));
        std::fs::create_dir(dir.path().join("empty")).unwrap();
        assert!(matches!(listed(&["empty"]), Err(CorpusError::Nothing(_))));
    }
}
