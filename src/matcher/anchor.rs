//! Which templates to try at which word.

use super::template::{Compiled, CompiledStep};
use super::value::ValueTest;
use super::{PatternId, Text, WordId};

/// Templates indexed under the words of their anchor step.
#[derive(Debug)]
pub(super) struct Anchors {
    /// Where the templates of each word begin in `templates`; one more than
    /// words.
    starts: Vec<u32>,
    templates: Vec<u32>,
    /// The anchor step of each template.
    steps: Vec<u32>,
    /// Templates whose anchor is a typed value.
    by_value: Vec<(ValueTest, usize)>,
    has_values: bool,
}

impl Anchors {
    pub(super) fn new(templates: &[(PatternId, Compiled)], n_words: usize) -> Self {
        let mut pairs: Vec<(WordId, u32)> = Vec::new();
        let mut by_value = Vec::new();
        let mut has_values = false;
        for (index, (_, template)) in templates.iter().enumerate() {
            has_values |= template
                .steps
                .iter()
                .any(|step| matches!(step, CompiledStep::Value(_)));
            match &template.steps[template.anchor] {
                CompiledStep::Words(ids) => {
                    pairs.extend(ids.iter().map(|&id| (id, index as u32)));
                }
                CompiledStep::Value(test) => by_value.push((test.clone(), index)),
                CompiledStep::Gap(_) => unreachable!("a gap is never the rarest step"),
            }
        }
        pairs.sort_unstable();
        let mut starts = vec![0; n_words + 1];
        for &(id, _) in &pairs {
            starts[id as usize + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        Self {
            starts,
            templates: pairs.into_iter().map(|pair| pair.1).collect(),
            steps: templates
                .iter()
                .map(|(_, template)| template.anchor as u32)
                .collect(),
            by_value,
            has_values,
        }
    }

    /// Whether any template holds a typed value, so that their places matter.
    pub(super) fn has_values(&self) -> bool {
        self.has_values
    }

    /// Calls `each(template, step, word)` for every template whose anchor step
    /// stands at a word of the text.
    pub(super) fn each_candidate(
        &self,
        text: &Text<'_>,
        mut each: impl FnMut(usize, usize, usize),
    ) {
        for &(word, id) in &text.ids {
            let range = self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize;
            for &template in &self.templates[range] {
                let template = template as usize;
                each(template, self.steps[template] as usize, word as usize);
            }
        }
        for &(first, _, entity) in &text.values {
            for (test, template) in &self.by_value {
                if test.holds(&text.entities[entity].value) {
                    each(*template, self.steps[*template] as usize, first);
                }
            }
        }
    }
}
