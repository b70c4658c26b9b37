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
mod overlay;
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
pub use overlay::{Change, Origin};
pub use set::{
    ContextRule, GateRule, GateText, GuardRule, GuardTest, GuardText, GuardWords, IndicatorRule,
    Owner, RuleSet, Sample, SampleKind, SampleOf, Side, Source,
};
pub use shipped::shipped;
pub use stem::{WordFamily, stems};

use crate::id::Digest;

/// Names of an overlay's files begin so.
const OVERLAY: &str = "overlay/";

/// The files of a pack: path and text, sorted by name, those of an overlay
/// last.
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

impl RuleText {
    /// Whether it belongs to an overlay.
    pub fn is_overlay(&self) -> bool {
        self.name.starts_with(OVERLAY)
    }

    /// The name inside its own folder, be that the pack's or the overlay's.
    fn name_in_folder(&self) -> &str {
        self.name.strip_prefix(OVERLAY).unwrap_or(&self.name)
    }
}

impl RuleFiles {
    /// A pack from files in any order.
    pub fn new(mut files: Vec<RuleText>) -> Self {
        files.sort_by(|one, other| {
            let key = |file: &RuleText| (file.is_overlay(), file.name.clone());
            key(one).cmp(&key(other))
        });
        Self { files }
    }

    /// The same pack with an overlay on it: files that add to it, replace,
    /// extend and switch off. The digest covers both.
    #[must_use]
    pub fn with_overlay(self, overlay: Self) -> Self {
        let mut files = self.files;
        files.extend(overlay.files.into_iter().map(|file| RuleText {
            name: format!("{OVERLAY}{}", file.name),
            ..file
        }));
        Self::new(files)
    }

    /// Whether an overlay lies on the pack.
    pub fn has_overlay(&self) -> bool {
        self.files.last().is_some_and(RuleText::is_overlay)
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
