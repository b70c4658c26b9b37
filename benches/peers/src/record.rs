//! Rows of the record, and where they go.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::machine::{commit, date, machine};
use crate::measure::Summary;

/// The columns of the project's records, then the digests of the inputs.
const HEADER: &str = "date,commit,machine,what,figure,unit,note,patterns,texts";

/// Rows of one run.
pub(crate) struct Record {
    before: String,
    rows: Vec<String>,
    digests: (String, String),
    /// Whether rows also go to the project's record.
    keep: bool,
    /// Whether this run has written rows before.
    is_begun: bool,
}

impl Record {
    /// Of this run; with `keep`, also for the project's record.
    pub(crate) fn new(keep: bool) -> Self {
        Self {
            before: [date(), commit(), machine()]
                .map(|field| quoted(&field))
                .join(","),
            rows: Vec::new(),
            digests: Default::default(),
            keep,
            is_begun: false,
        }
    }

    /// Names the inputs of the rows that follow.
    pub(crate) fn inputs(&mut self, patterns: &str, texts: &str) {
        self.digests = (patterns.to_owned(), texts.to_owned());
    }

    /// Adds one figure.
    pub(crate) fn add(&mut self, what: &str, figure: f64, unit: &str, note: &str) {
        self.rows.push(format!(
            "{},{},{},{},{},{},{}",
            self.before,
            quoted(what),
            short(figure),
            quoted(unit),
            quoted(note),
            self.digests.0,
            self.digests.1,
        ));
    }

    /// Adds a median with its range.
    pub(crate) fn add_summary(&mut self, what: &str, of: Summary, unit: &str, note: &str) {
        let range = format!("{}-{}", short(of.least), short(of.most));
        self.add(what, of.median, unit, &format!("{range}; {note}"));
    }

    /// Writes the rows since the last time beside the build and, if they are
    /// kept, to the project's record. Returns where.
    pub(crate) fn save(&mut self) -> Result<PathBuf, String> {
        let rows = std::mem::take(&mut self.rows);
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/last.csv");
        if !std::mem::replace(&mut self.is_begun, true) && here.exists() {
            fs::remove_file(&here).map_err(|error| error.to_string())?;
        }
        let kept = directory().join(format!("peers-{}.csv", date()));
        for path in [Some(&here), self.keep.then_some(&kept)]
            .into_iter()
            .flatten()
        {
            append(path, &rows).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(if self.keep { kept } else { here })
    }
}

fn append(path: &Path, rows: &[String]) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let is_new = !path.exists();
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    if is_new {
        writeln!(file, "{HEADER}")?;
    }
    rows.iter().try_for_each(|row| writeln!(file, "{row}"))
}

/// The project's records.
pub(crate) fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../record")
}

/// Three or four digits: more would be noise.
pub(crate) fn short(figure: f64) -> String {
    match figure.abs() {
        100.0.. => format!("{figure:.0}"),
        10.0..100.0 => format!("{figure:.1}"),
        1.0..10.0 => format!("{figure:.2}"),
        _ => format!("{figure:.3}"),
    }
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
