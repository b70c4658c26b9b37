//! Rule sets: what is looked for, as data.
//!
//! The format is specified in `FORMAT.md` beside this file. Loading reports
//! every fault at once and gives a rule set only when there is no error: fewer
//! rules than the author wrote would be a silent miss. This floor does no I/O;
//! the doors read files and hand them over as [`RuleFiles`].
#![doc = include_str!("FORMAT.md")]

mod compile;
mod condition;
mod diagnostic;
mod gazetteer;
mod index;
mod lint;
mod phrase;
mod read;
mod schema;
mod set;
mod shipped;
mod stem;
mod syntax;

pub use condition::{Condition, Facts};
pub use diagnostic::{Code, Diagnostic, Place, render};
pub use gazetteer::Gazetteer;
pub use index::{Dependents, Index};
pub use set::{
    ContextRule, GateRule, GuardRule, GuardTest, GuardWords, IndicatorRule, Owner, RuleSet, Sample,
    SampleKind, SampleOf, Side, Source,
};
pub use shipped::shipped;
pub use stem::{WordFamily, stems};

use crate::id::Digest;

/// The files of a pack: path and text, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFiles {
    files: Vec<RuleText>,
}

/// One file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleText {
    /// Path as shown in messages.
    pub path: String,
    /// Path inside the pack, with `/`; decides what the file is.
    pub name: String,
    /// Content.
    pub text: String,
}

impl RuleFiles {
    /// A pack from files in any order.
    pub fn new(mut files: Vec<RuleText>) -> Self {
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Self { files }
    }

    /// The files, sorted by name.
    pub fn files(&self) -> &[RuleText] {
        &self.files
    }

    /// `file:line:column` of a place, both counted from 1.
    pub fn place(&self, place: &Place) -> String {
        let file = &self.files[place.file];
        let (line, column) = place.line_and_column(&file.text);
        format!("{}:{line}:{column}", file.path)
    }

    /// Names exactly these rules: file names and contents.
    pub fn digest(&self) -> Digest {
        let parts = self
            .files
            .iter()
            .flat_map(|file| [file.name.as_bytes(), file.text.as_bytes()]);
        Digest::of_parts(parts)
    }
}

/// Compiles a pack.
///
/// The rule set is there exactly when no diagnostic is an error.
pub fn load(files: &RuleFiles) -> (Option<RuleSet>, Vec<Diagnostic>) {
    let (set, mut diagnostics) = compile::compile(files);
    diagnostics.sort();
    diagnostics.dedup();
    let usable = !diagnostics
        .iter()
        .any(|diagnostic| diagnostic.code.is_error());
    (set.filter(|_| usable), diagnostics)
}
