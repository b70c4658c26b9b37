//! Findings for a person at a terminal, the queue and one finding in full; the
//! digest of a night; and the handbook of the rules.
//!
//! Builds strings from records and rules and nothing else: it reads no file, prints
//! nothing and opens nothing. Text of a post is hostile; all of it passes
//! through [`inert()`] before it stands in the output, and no link to
//! anything outside is ever made.

mod bilingual;
pub mod digest;
mod highlight;
mod inert;
mod labels;
mod layout;
mod manual;
mod markdown;
mod one;
mod queue;
mod routes;

use crate::indicator::Lang;

pub use self::inert::{inert, inert_line};
pub use self::manual::{Page, manual, manual_index};
pub use self::markdown::inert_markdown;
pub use self::one::one;
pub use self::queue::queue;
pub use self::routes::{CHECKED, OFFICIAL_ROUTES, OfficialRoute};

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The language of everything that is not the post's own.
    pub lang: Lang,
    /// Whether escape sequences for colour are written. Nothing is said by
    /// colour alone.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether the text of a post that may concern a person under 18 is shown.
    pub show_text: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            lang: Lang::Id,
            color: false,
            width: 80,
            show_text: false,
        }
    }
}

#[cfg(test)]
mod tests;
