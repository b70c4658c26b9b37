//! The handbook of a rule set: pages in Markdown that say what each rule looks
//! for, why, and what it is not.
//!
//! Everything that stands in a rule file is text here, never markup.

mod labels;
mod page;

use std::fmt::Write as _;

use super::inert_markdown;
use crate::indicator::{Bilingual, Lang};
use crate::rule::RuleSet;
use labels::{Label, grade, strength};

/// One file of the handbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it goes, with `/`, such as `id/indicators/control.confinement.md`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// All pages, in both languages: one for each indicator, one for the gates,
/// one for the contexts, and the index.
pub fn manual(rules: &RuleSet) -> Vec<Page> {
    let mut pages = vec![Page {
        name: "README.md".to_owned(),
        text: format!(
            "# {}\n\n{}",
            inert_markdown(&rules.name),
            manual_index(rules, true)
        ),
    }];
    for (lang, folder) in [(Lang::Id, "id"), (Lang::En, "en")] {
        for index in 0..rules.indicators.len() {
            let id = &rules.indicators[index].words.id;
            pages.push(Page {
                name: format!("{folder}/indicators/{id}.md"),
                text: page::indicator(rules, index, lang),
            });
        }
        pages.push(Page {
            name: format!("{folder}/gates.md"),
            text: page::gates(rules, lang),
        });
        pages.push(Page {
            name: format!("{folder}/contexts.md"),
            text: page::contexts(rules, lang),
        });
    }
    pages
}

/// The tables of all indicators, gates and contexts; with `linked`, each id
/// leads to its page.
pub fn manual_index(rules: &RuleSet, linked: bool) -> String {
    let mut out = String::new();
    let both = |text: &Bilingual| {
        format!(
            "{} · {}",
            inert_markdown(&text.id),
            inert_markdown(&text.en)
        )
    };
    let _ = writeln!(
        out,
        "{} indicators, {} gates, {} contexts.\n",
        rules.indicators.len(),
        rules.gates.len(),
        rules.contexts.len()
    );
    out.push_str("| code | indicator | what is seen | strength | evidence | sources |\n");
    out.push_str("|---|---|---|---|---|--:|\n");
    for rule in &rules.indicators {
        let words = &rule.words;
        let id = if linked {
            format!(
                "`{0}` ([id](id/indicators/{0}.md), [en](en/indicators/{0}.md))",
                words.id
            )
        } else {
            format!("`{}`", words.id)
        };
        let (alias, title) = (inert_markdown(&words.alias), both(&words.title));
        let strength = strength(words.strength).get(Lang::En);
        let grade = grade(words.grade).get(Lang::En);
        let n = words.sources.len();
        let _ = writeln!(
            out,
            "| {alias} | {id} | {title} | {strength} | {grade} | {n} |"
        );
    }
    out.push_str("\n| code | gate | level | route | what it means |\n|---|---|---|---|---|\n");
    for rule in &rules.gates {
        let words = &rule.words;
        let (alias, reason) = (inert_markdown(&words.alias), both(&words.reason));
        let (level, route) = (rule.level.as_str(), words.route.as_str());
        let _ = writeln!(
            out,
            "| {alias} | `{}` | {level} | {route} | {reason} |",
            words.id
        );
    }
    out.push_str("\n| context | what kind of writing |\n|---|---|\n");
    for rule in &rules.contexts {
        let _ = writeln!(out, "| `{}` | {} |", rule.words.id, both(&rule.words.title));
    }
    if linked {
        out.push_str("\nGates: [id](id/gates.md), [en](en/gates.md). ");
        out.push_str("Contexts: [id](id/contexts.md), [en](en/contexts.md).\n\n");
        let _ = writeln!(
            out,
            "{} {}",
            Label::NotProof.get(Lang::Id),
            Label::NotProof.get(Lang::En)
        );
    }
    out
}

#[cfg(test)]
mod tests;
