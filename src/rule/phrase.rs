//! The phrase syntax: from a line of a rule file to templates.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::matcher::{Step, Template, ValueError, ValueTest};
use crate::text::fold_pattern;

use super::diagnostic::{Code, nearest};

/// Most templates one line may expand to.
const MAX_TEMPLATES: usize = 4_096;
/// Most words and gaps one reading may have.
const MAX_STEPS: usize = 64;
/// How deep brackets may nest: reading goes down as deep, and a stack that
/// ends takes the program with it.
const MAX_DEPTH: usize = 16;
/// Words between which `..` reaches when it names no number.
const DEFAULT_GAP: u8 = 3;
/// Farthest a gap may reach.
const MAX_GAP: u8 = 12;
/// A prefix shorter than this is half the dictionary.
const MIN_PREFIX: usize = 3;

/// The lists a phrase may name: each a set of phrases of its own.
pub(super) type Lists = BTreeMap<String, Vec<Template>>;

/// Why a phrase cannot be used.
#[derive(Debug, PartialEq)]
pub(super) struct PhraseError {
    pub(super) code: Code,
    /// Bytes of the line.
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Reads one line.
pub(super) fn parse(line: &str, lists: &Lists) -> Result<Vec<Template>, PhraseError> {
    let mut parser = Parser {
        line,
        at: 0,
        depth: 0,
        lists,
    };
    let sequences = parser.alternatives(false)?;
    if parser.at < line.len() {
        return Err(parser.error(parser.at..parser.at + 1, "`)` without `(`", None));
    }
    let templates: Vec<Template> = sequences
        .into_iter()
        .map(|steps| Template { steps })
        .collect();
    for template in &templates {
        let edge = |step: Option<&Step>| matches!(step, None | Some(Step::Gap(_)));
        if template.steps.is_empty() {
            return Err(PhraseError {
                code: Code::MatchesEmpty,
                at: 0..line.len(),
                message: "the phrase can match without any word".to_owned(),
                help: Some("give every alternative at least one word".to_owned()),
            });
        }
        if edge(template.steps.first()) || edge(template.steps.last()) {
            let help = "a gap stands between two words".to_owned();
            return Err(parser.error(
                0..line.len(),
                "the phrase begins or ends with `..`",
                Some(help),
            ));
        }
    }
    Ok(templates)
}

struct Parser<'l> {
    line: &'l str,
    at: usize,
    depth: usize,
    lists: &'l Lists,
}

type Steps = Vec<Step>;

impl Parser<'_> {
    /// Alternatives up to `)` or the end; each a sequence of steps.
    fn alternatives(&mut self, inside: bool) -> Result<Vec<Steps>, PhraseError> {
        let mut all = Vec::new();
        let mut sequences = vec![Steps::new()];
        loop {
            self.skip_space();
            let start = self.at;
            match self.line[self.at..].chars().next() {
                None | Some(')') => break,
                Some('|') if inside => {
                    self.at += 1;
                    all.append(&mut sequences);
                    sequences = vec![Steps::new()];
                }
                Some('|') => {
                    let help = "put the alternatives in brackets: `(a|b)`".to_owned();
                    return Err(self.error(start..start + 1, "`|` outside brackets", Some(help)));
                }
                Some(_) => {
                    let choices = self.element()?;
                    sequences = self.joined(&sequences, &choices, start)?;
                }
            }
        }
        all.append(&mut sequences);
        Ok(all)
    }

    /// One element as its alternative sequences.
    fn element(&mut self) -> Result<Vec<Steps>, PhraseError> {
        let start = self.at;
        let rest = &self.line[start..];
        if rest.starts_with('(') {
            self.at += 1;
            if self.depth == MAX_DEPTH {
                let message = format!("brackets nest deeper than {MAX_DEPTH}");
                return Err(self.error(start..self.at, &message, None));
            }
            self.depth += 1;
            let all = self.alternatives(true)?;
            self.depth -= 1;
            if !self.line[self.at..].starts_with(')') {
                return Err(self.error(start..start + 1, "`(` is never closed", None));
            }
            self.at += 1;
            if self.line[self.at..].starts_with('*') {
                let at = self.at..self.at + 1;
                return Err(self.error(at, "`*` after a bracket: write it behind each word", None));
            }
            return Ok(merged(all));
        }
        if rest.starts_with('{') {
            return self.braces();
        }
        if rest.starts_with("..") {
            return self.gap();
        }
        self.words()
    }

    fn gap(&mut self) -> Result<Vec<Steps>, PhraseError> {
        let start = self.at;
        self.at += 2;
        let digits: String = self.line[self.at..]
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        self.at += digits.len();
        let reach = if digits.is_empty() {
            Some(DEFAULT_GAP)
        } else {
            digits.parse().ok()
        };
        match reach {
            Some(reach @ 1..=MAX_GAP) => Ok(vec![vec![Step::Gap(reach)]]),
            _ => {
                let message = format!("a gap reaches 1 to {MAX_GAP} words");
                Err(self.error(start..self.at, &message, None))
            }
        }
    }

    fn braces(&mut self) -> Result<Vec<Steps>, PhraseError> {
        let start = self.at;
        let Some(len) = self.line[start..].find('}') else {
            return Err(self.error(start..start + 1, "`{` is never closed", None));
        };
        self.at = start + len + 1;
        let inner = &self.line[start + 1..start + len];
        if let Some(name) = inner.strip_prefix("list:") {
            let Some(list) = self.lists.get(name) else {
                let near = nearest(name, self.lists.keys().map(String::as_str));
                return Err(PhraseError {
                    code: Code::UnknownList,
                    at: start..self.at,
                    message: format!("there is no `lists/{name}.csv`"),
                    help: near.map(|near| format!("did you mean `{{list:{near}}}`?")),
                });
            };
            return Ok(merged(
                list.iter().map(|template| template.steps.clone()).collect(),
            ));
        }
        let test = ValueTest::parse(inner).map_err(|error| value_error(&error, start..self.at))?;
        Ok(vec![vec![Step::Value(test)]])
    }

    /// A run of characters up to space or syntax: one word, or several when
    /// it holds punctuation.
    fn words(&mut self) -> Result<Vec<Steps>, PhraseError> {
        let start = self.at;
        let rest = &self.line[start..];
        let is_end = |ch: char| ch.is_whitespace() || matches!(ch, '(' | ')' | '|' | '{' | '}');
        let mut end = rest.find(is_end).unwrap_or(rest.len());
        if let Some(dots) = rest[..end].find("..") {
            end = dots;
        }
        self.at = start + end.max(1);
        let raw = &self.line[start..self.at];
        let (stem, is_prefix) = match raw.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (raw, false),
        };
        if stem.contains('*') {
            let message = "`*` stands at the end of a word only";
            return Err(self.error(start..self.at, message, None));
        }
        let folded = fold_pattern(stem);
        let words: Vec<&str> = folded
            .split(|ch: char| !ch.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let Some((last, before)) = words.split_last() else {
            if is_prefix {
                return Err(self.error(start..self.at, "`*` without letters before it", None));
            }
            // Punctuation between words does not matter.
            return Ok(vec![Steps::new()]);
        };
        if is_prefix && last.chars().count() < MIN_PREFIX {
            let message = format!("a prefix needs {MIN_PREFIX} letters before `*`");
            return Err(self.error(start..self.at, &message, None));
        }
        let word = |word: &str, prefix| Step::Words(vec![(word.to_owned(), prefix)]);
        let mut steps: Steps = before.iter().map(|one| word(one, false)).collect();
        steps.push(word(last, is_prefix));
        Ok(vec![steps])
    }

    fn joined(
        &self,
        heads: &[Steps],
        tails: &[Steps],
        start: usize,
    ) -> Result<Vec<Steps>, PhraseError> {
        let too_large = |what: String| PhraseError {
            code: Code::TooLarge,
            at: start..self.at,
            message: format!("the phrase has more than {what}"),
            help: Some("split it into several lines".to_owned()),
        };
        if heads.len() * tails.len() > MAX_TEMPLATES {
            return Err(too_large(format!("{MAX_TEMPLATES} readings")));
        }
        let longest = |all: &[Steps]| all.iter().map(Vec::len).max().unwrap_or(0);
        if longest(heads) + longest(tails) > MAX_STEPS {
            return Err(too_large(format!("{MAX_STEPS} words")));
        }
        let mut joined = Vec::with_capacity(heads.len() * tails.len());
        for head in heads {
            for tail in tails {
                let mut steps = head.clone();
                let doubled = matches!(
                    (steps.last(), tail.first()),
                    (Some(Step::Gap(_)), Some(Step::Gap(_)))
                );
                if doubled {
                    return Err(self.error(start..self.at, "two gaps follow each other", None));
                }
                steps.extend(tail.iter().cloned());
                joined.push(steps);
            }
        }
        Ok(joined)
    }

    fn skip_space(&mut self) {
        let rest = &self.line[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn error(&self, at: Range<usize>, message: &str, help: Option<String>) -> PhraseError {
        let end = at.end.min(self.line.len());
        let at = at.start.min(end)..end;
        PhraseError {
            code: Code::BadPhrase,
            at,
            message: message.to_owned(),
            help,
        }
    }
}

/// Joins alternatives of one word each into one step: `(a|b)` is one place
/// with two words, not two templates.
fn merged(all: Vec<Steps>) -> Vec<Steps> {
    let mut words = Vec::new();
    let mut others = Vec::new();
    for steps in all {
        match steps.as_slice() {
            [Step::Words(list)] => words.extend(list.iter().cloned()),
            _ => others.push(steps),
        }
    }
    if !words.is_empty() {
        others.insert(0, vec![Step::Words(words)]);
    }
    others
}

/// The diagnostic of a value test that cannot be read.
pub(super) fn value_error(error: &ValueError, at: Range<usize>) -> PhraseError {
    let help = match error {
        ValueError::UnknownKind(word) => nearest(word, crate::matcher::VALUE_KINDS)
            .map(|near| format!("did you mean `{{{near}}}`?"))
            .or_else(|| {
                Some(format!(
                    "typed values: {}",
                    crate::matcher::VALUE_KINDS.join(", ")
                ))
            }),
        ValueError::BadDetail(_) => Some(
            "for example `{price>=10jt}`, `{price>=15jt/month}`, `{age<18}`, `{phone:obscured}`"
                .to_owned(),
        ),
    };
    PhraseError {
        code: Code::BadValue,
        at,
        message: error.to_string(),
        help,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Vec<String>, String> {
        let mut lists = Lists::new();
        lists.insert(
            "hub".to_owned(),
            parse("(kamboja|phnom penh)", &Lists::new()).unwrap(),
        );
        let show = |step: &Step| match step {
            Step::Gap(reach) => format!("..{reach}"),
            Step::Value(test) => test.to_string(),
            Step::Words(words) => {
                let words: Vec<_> = words
                    .iter()
                    .map(|(word, prefix)| format!("{word}{}", if *prefix { "*" } else { "" }))
                    .collect();
                words.join("|")
            }
        };
        parse(line, &lists)
            .map(|templates| {
                let line = |template: &Template| {
                    template
                        .steps
                        .iter()
                        .map(show)
                        .collect::<Vec<_>>()
                        .join(" ")
                };
                templates.iter().map(line).collect()
            })
            .map_err(|error| format!("{}..{}: {}", error.at.start, error.at.end, error.message))
    }

    #[test]
    fn lines_become_templates() {
        for (line, templates) in [
            ("Paspor Ditahan", vec!["paspor ditahan"]),
            (
                "(paspor|ktp) .. (agen|kantor)",
                vec!["paspor|ktp ..3 agen|kantor"],
            ),
            ("jual* bayi", vec!["jual* bayi"]),
            ("a ..5 b", vec!["a ..5 b"]),
            ("gaji {price>=10jt}", vec!["gaji {price>=10jt}"]),
            (
                "kerja di {list:hub}",
                vec!["kerja di kamboja", "kerja di phnom penh"],
            ),
            ("antar-jemput", vec!["antar jemput"]),
            ("(a b|a) c", vec!["a c", "a b c"]),
            ("tiket & paspor", vec!["tiket paspor"]),
        ] {
            assert_eq!(
                read(line),
                Ok(templates.into_iter().map(str::to_owned).collect()),
                "{line}"
            );
        }
    }

    #[test]
    fn faults_are_named_with_their_place() {
        for (line, error) in [
            ("(a|b", "0..1: `(` is never closed"),
            ("a|b", "1..2: `|` outside brackets"),
            ("a) b", "1..2: `)` without `(`"),
            (".. a", "0..4: the phrase begins or ends with `..`"),
            ("a ..99 b", "2..6: a gap reaches 1 to 12 words"),
            ("ju* a", "0..3: a prefix needs 3 letters before `*`"),
            ("a {fone}", "2..8: `fone` is not a typed value"),
            ("a {list:hab}", "2..12: there is no `lists/hab.csv`"),
            ("(a|) ", "0..5: the phrase can match without any word"),
        ] {
            assert_eq!(read(line), Err(error.to_owned()), "{line}");
        }
    }
}
