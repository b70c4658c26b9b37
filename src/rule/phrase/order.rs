//! `<a b c>`: parts in any order.

use super::{Parser, PhraseError, Step, Steps, is_empty};

/// Most parts that may stand in any order: four make 24 phrases.
const MAX_PARTS: usize = 3;

impl Parser<'_> {
    /// The parts of `<…>` in every order, next to each other or with the gap
    /// that stands between all of them.
    pub(super) fn any_order(&mut self) -> Result<Vec<Steps>, PhraseError> {
        let start = self.at;
        self.open(start)?;
        let mut parts: Vec<Vec<Steps>> = Vec::new();
        // What stands before each part.
        let mut gaps: Vec<Steps> = Vec::new();
        let mut gap = Steps::new();
        loop {
            self.skip_space();
            let at = self.at;
            let rest = &self.line[at..];
            let fault = match rest.chars().next() {
                None | Some('>' | ')' | ']') => break,
                Some('|') => Some("`|` in `<…>`: put alternatives in brackets, `<(a|b) c>`"),
                Some('[') => Some("an optional word cannot be a part of `<…>`"),
                Some('<') => Some("`<…>` inside `<…>`"),
                Some(_) => None,
            };
            if let Some(message) = fault {
                return Err(self.error(at..at + 1, message, None));
            }
            let is_gap = rest.starts_with("..");
            let choices = self.element()?;
            if is_gap {
                gap.extend(choices.into_iter().flatten());
            } else if !is_empty(&choices) {
                parts.push(choices);
                gaps.push(std::mem::take(&mut gap));
            }
        }
        self.close(start, '>')?;
        let fault = |message: &str, help: &str| {
            Err(self.error(start..self.at, message, Some(help.to_owned())))
        };
        if !(2..=MAX_PARTS).contains(&parts.len()) {
            let message = format!("`<…>` has {} parts, not 2 or {MAX_PARTS}", parts.len());
            return fault(&message, "write several lines, or join words: `<(a b) c>`");
        }
        let between = gaps.split_off(1);
        if !(gap.is_empty() && gaps[0].is_empty()) {
            return fault("`..` at an edge of `<…>`", "put it outside the bracket");
        }
        if between[0].len() > 1 || between.iter().any(|one| *one != between[0]) {
            let help = "`<a b c>`, or `<a .. b .. c>` with the same reach twice";
            return fault("the parts of `<…>` need the same gap between them", help);
        }
        self.orders(&parts, &between[0], start)
    }

    fn orders(
        &self,
        parts: &[Vec<Steps>],
        gap: &[Step],
        start: usize,
    ) -> Result<Vec<Steps>, PhraseError> {
        let orders: &[&[usize]] = match parts.len() {
            2 => &[&[0, 1], &[1, 0]],
            _ => &[
                &[0, 1, 2],
                &[0, 2, 1],
                &[1, 0, 2],
                &[1, 2, 0],
                &[2, 0, 1],
                &[2, 1, 0],
            ],
        };
        let gap = [gap.to_vec()];
        let mut all = Vec::new();
        for order in orders {
            let mut sequences = parts[order[0]].clone();
            for &part in &order[1..] {
                sequences = self.joined(&sequences, &gap, start)?;
                sequences = self.joined(&sequences, &parts[part], start)?;
            }
            all.extend(sequences);
        }
        if all.len() > super::MAX_TEMPLATES {
            return Err(self.too_many(start));
        }
        Ok(all)
    }
}
