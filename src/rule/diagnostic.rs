//! What is wrong with a rule file: code, place, message, help.
//!
//! Only about rule files. Loading never stops at the first fault: a rule
//! author sees all of them at once.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::RuleFiles;

/// A place in a rule file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the file in [`RuleFiles`].
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Place {
    pub(super) fn new(file: usize, span: Range<usize>) -> Self {
        Self {
            file,
            start: span.start,
            end: span.end,
        }
    }

    /// Line and column in `text`, that of its file: both from 1, the column in
    /// characters.
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let before = &text[..self.start.min(text.len())];
        let line = before.rsplit('\n').next().unwrap_or(before);
        // Asked for every sample of a pack, so it counts many bytes at once.
        let n_lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        (n_lines + 1, line.chars().count() + 1)
    }

    /// A part of this place, relative to its start.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        Self {
            file: self.file,
            start: self.start + range.start,
            end: self.start + range.end,
        }
    }
}

/// One fault or piece of advice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// What kind.
    pub code: Code,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal $severity:ident,)+) => {
        /// The kind of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its stable name; `E` are errors, `W` warnings.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => concat!(stringify!($severity), $code)),+ }
            }
        }
    };
}

codes! {
    /// Not TOML.
    Syntax = "001" E,
    /// A key this table does not have.
    UnknownKey = "002" E,
    /// A key that must be there is not.
    MissingKey = "003" E,
    /// A value of the wrong type.
    WrongType = "004" E,
    /// A word that is not one of the allowed ones.
    BadWord = "005" E,
    /// An id used twice.
    DuplicateId = "006" E,
    /// An id of the wrong form.
    BadId = "007" E,
    /// A source key that `sources.toml` does not have.
    UnknownSource = "008" E,
    /// An expression names something that does not exist.
    UnknownName = "009" E,
    /// An expression that cannot be read.
    BadExpression = "010" E,
    /// A phrase that cannot be read.
    BadPhrase = "011" E,
    /// A regular expression that cannot be read.
    BadRegex = "012" E,
    /// A pattern that matches the empty string.
    MatchesEmpty = "013" E,
    /// A pattern that would grow too large.
    TooLarge = "014" E,
    /// A typed value that cannot be read.
    BadValue = "015" E,
    /// A list that does not exist.
    UnknownList = "016" E,
    /// A row of a list that cannot be read.
    BadRow = "017" E,
    /// Contexts that depend on each other in a circle.
    ContextCycle = "018" E,
    /// An active indicator that rests only on unchecked sources.
    UncheckedSource = "019" E,
    /// A guard, context or indicator without anything to test.
    NothingToTest = "020" E,
    /// A sample whose marks cannot be read.
    BadSample = "021" E,
    /// A framework code that no vocabulary has.
    UnknownFramework = "022" E,
    /// An overlay changes a rule that does not exist.
    NothingToChange = "023" E,
    /// What only an overlay may say, in the pack itself.
    OutsideOverlay = "024" E,
    /// Fewer samples than the house rule asks for.
    FewSamples = "101" W,
    /// The same phrase twice after folding.
    DuplicatePhrase = "102" W,
    /// A regular expression that runs on every post.
    CostlyRegex = "103" W,
    /// Letters of several scripts in one phrase.
    MixedScript = "104" W,
    /// A list nothing uses.
    UnusedList = "105" W,
    /// A source nothing cites.
    UnusedSource = "106" W,
    /// Rules of a file that are not sorted by id.
    Unsorted = "107" W,
    /// A dot in a regular expression that stands for any character between
    /// two digits.
    LooseDot = "108" W,
    /// A phrase that is one word of everyday advertisements.
    CommonWord = "109" W,
    /// A word guard whose word stands inside a phrase of its own indicator.
    GuardInside = "110" W,
    /// An overlay switches off what another rule asks for.
    DisabledButNeeded = "111" W,
}

impl Code {
    /// Whether it keeps the rule set from being used.
    pub fn is_error(self) -> bool {
        self.as_str().starts_with('E')
    }
}

/// Renders diagnostics as a person reads them, in file order.
pub fn render(diagnostics: &[Diagnostic], files: &RuleFiles, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut sorted: Vec<_> = diagnostics.iter().collect();
    sorted.sort();
    let mut out = String::new();
    for diagnostic in sorted {
        let file = &files.files()[diagnostic.place.file];
        let level = if diagnostic.code.is_error() {
            Level::ERROR
        } else {
            Level::WARNING
        };
        let end = diagnostic.place.end.min(file.text.len());
        let span = diagnostic.place.start.min(end)..end;
        let snippet = Snippet::source(file.text.as_str())
            .path(file.path.as_str())
            .annotation(AnnotationKind::Primary.span(span));
        let title = level
            .primary_title(diagnostic.message.as_str())
            .id(diagnostic.code.as_str());
        let mut report: Vec<Group<'_>> = vec![title.element(snippet)];
        if let Some(help) = &diagnostic.help {
            let first = report.remove(0);
            report.push(first.element(Level::HELP.message(help.as_str())));
        }
        out.push_str(&renderer.render(&report));
        out.push_str("\n\n");
    }
    out
}

/// The allowed word nearest to `word`, for "did you mean".
pub(super) fn nearest<'w>(
    word: &str,
    allowed: impl IntoIterator<Item = &'w str>,
) -> Option<&'w str> {
    allowed
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}
