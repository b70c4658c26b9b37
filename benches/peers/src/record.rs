//! Rows of the record, and where they go.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use crate::machine::{commit, date, machine};
use crate::measure::Summary;

/// The columns of the project's records, then the digests of the inputs.
const HEADER: &str = "date,commit,machine,what,figure,unit,note,patterns,texts";

/// Rows of one run.
pub(crate) struct Record {
    before: String,
    rows: Vec<String>,
    digests: (String, String),
}

impl Record {
    pub(crate) fn new() -> Self {
        Self {
            before: [date(), commit(), machine()]
                .map(|field| quoted(&field))
                .join(","),
            rows: Vec::new(),
            digests: Default::default(),
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

    /// Writes the rows of this run beside the build, and with `keep` also to
    /// the project's record. Returns where.
    pub(crate) fn write(&self, keep: bool) -> io::Result<PathBuf> {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let last = here.join("target/last.csv");
        fs::create_dir_all(here.join("target"))?;
        fs::write(&last, format!("{HEADER}\n{}\n", self.rows.join("\n")))?;
        if !keep {
            return Ok(last);
        }
        let kept = directory().join(format!("peers-{}.csv", date()));
        let is_new = !kept.exists();
        let mut file = OpenOptions::new().create(true).append(true).open(&kept)?;
        if is_new {
            writeln!(file, "{HEADER}")?;
        }
        writeln!(file, "{}", self.rows.join("\n"))?;
        Ok(kept)
    }
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
