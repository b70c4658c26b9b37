//! A phrase as written.

use std::sync::Arc;

use super::value::ValueTest;

/// A phrase as written: a sequence of steps.
///
/// It begins and ends with a word or a value, and no two gaps are adjacent.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One place of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// One of these whole words or prefixes (`true`), folded. Prefixes of less
    /// than three bytes are dear. Shared: one line of a rule makes many
    /// templates of the same choices, and a choice may hold hundreds of words.
    Words(Arc<[(String, bool)]>),
    /// Up to so many other words.
    Gap(u8),
    /// A typed value.
    Value(ValueTest),
}
