//! The phrase syntax: from a line of a rule file to templates.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::matcher::{Step, Template, ValueError, ValueTest};
use crate::text::fold_pattern;

use super::diagnostic::{Code, nearest};
use super::stem::{MAX_STEM, MIN_STEM, WordFamily};

mod order;

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
    if let Some(close) = line[parser.at..].chars().next() {
        let open = match close {
            ')' => '(',
            ']' => '[',
            _ => '<',
        };
        let message = format!("`{close}` without `{open}`");
        return Err(parser.error(parser.at..parser.at + 1, &message, None));
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
    /// Alternatives up to a closing bracket or the end; each a sequence of
    /// steps.
    fn alternatives(&mut self, inside: bool) -> Result<Vec<Steps>, PhraseError> {
        let mut all = Vec::new();
        let mut sequences = vec![Steps::new()];
        // Where the element before stands, if it may be missing.
        let mut optional: Option<Range<usize>> = None;
        loop {
            self.skip_space();
            let start = self.at;
            let next = self.line[start..].chars().next();
            if matches!(next, None | Some('|' | ')' | ']' | '>')) {
                if let Some(at) = optional.take() {
                    return Err(self.optional_at_edge(at));
                }
                if inside && is_empty(&sequences) {
                    return Err(self.empty_alternative(start));
                }
            }
            match next {
                None | Some(')' | ']' | '>') => break,
                Some('|') if inside => {
                    self.at += 1;
                    all.append(&mut sequences);
                    sequences = vec![Steps::new()];
                }
                Some('|') => {
                    let help = "put the alternatives in brackets: `(a|b)`".to_owned();
                    return Err(self.error(start..start + 1, "`|` outside brackets", Some(help)));
                }
                Some(sign) => {
                    let choices = self.element()?;
                    let at = start..self.at;
                    if sign == '[' && is_empty(&sequences) {
                        return Err(self.optional_at_edge(at));
                    }
                    // Punctuation alone is nothing.
                    if !is_empty(&choices) {
                        optional = (sign == '[').then_some(at);
                    }
                    sequences = self.joined(&sequences, &choices, start)?;
                }
            }
        }
        all.append(&mut sequences);
        Ok(all)
    }

    /// One element as its alternative sequences.
    fn element(&mut self) -> Result<Vec<Steps>, PhraseError> {
        let rest = &self.line[self.at..];
        match rest.as_bytes()[0] {
            b'(' => self.bracket(')'),
            b'[' => {
                let mut choices = self.bracket(']')?;
                choices.push(Steps::new());
                Ok(choices)
            }
            b'<' => self.any_order(),
            b'{' => self.braces(),
            _ if rest.starts_with("..") => self.gap(),
            _ => self.words(),
        }
    }

    /// The alternatives in a bracket that `close` ends.
    fn bracket(&mut self, close: char) -> Result<Vec<Steps>, PhraseError> {
        let start = self.at;
        self.open(start)?;
        let all = self.alternatives(true)?;
        self.close(start, close)?;
        Ok(merged(all))
    }

    /// Steps over an opening bracket.
    fn open(&mut self, start: usize) -> Result<(), PhraseError> {
        self.at += 1;
        if self.depth == MAX_DEPTH {
            let message = format!("brackets nest deeper than {MAX_DEPTH}");
            return Err(self.error(start..self.at, &message, None));
        }
        self.depth += 1;
        Ok(())
    }

    /// Steps over the bracket that ends what began at `start`.
    fn close(&mut self, start: usize, close: char) -> Result<(), PhraseError> {
        self.depth -= 1;
        if !self.line[self.at..].starts_with(close) {
            let open = &self.line[start..=start];
            let message = format!("`{open}` is never closed");
            let help = format!("put `{close}` behind its last word");
            return Err(self.error(start..start + 1, &message, Some(help)));
        }
        self.at += 1;
        if self.line[self.at..].starts_with('*') {
            let at = self.at..self.at + 1;
            return Err(self.error(at, "`*` after a bracket: write it behind each word", None));
        }
        Ok(())
    }

    fn optional_at_edge(&self, at: Range<usize>) -> PhraseError {
        let help = "without it the phrase matches as much: leave it out, or write `(a|b)` if one must be there";
        let message = "an optional word stands between two others, not at an edge";
        self.error(at, message, Some(help.to_owned()))
    }

    fn empty_alternative(&self, at: usize) -> PhraseError {
        let help = "for a word that may be missing write `[a]`".to_owned();
        let error = self.error(at..at + 1, "an alternative without a word", Some(help));
        PhraseError {
            code: Code::MatchesEmpty,
            ..error
        }
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
        let is_end = |ch: char| ch.is_whitespace() || "()[]<>{}|".contains(ch);
        let mut end = rest.find(is_end).unwrap_or(rest.len());
        if let Some(dots) = rest[..end].find("..") {
            end = dots;
        }
        self.at = start + end.max(1);
        let raw = &self.line[start..self.at];
        if raw.contains('~') {
            return self.family(start, raw);
        }
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
        let word = |word: &str, prefix| Step::Words([(word.to_owned(), prefix)].into());
        let mut steps: Steps = before.iter().map(|one| word(one, false)).collect();
        steps.push(word(last, is_prefix));
        Ok(vec![steps])
    }

    /// `~stem`: one word of the family, `di` apart, or the stem doubled.
    fn family(&self, start: usize, raw: &str) -> Result<Vec<Steps>, PhraseError> {
        let fault = |message: &str, help: &str| {
            Err(self.error(start..self.at, message, Some(help.to_owned())))
        };
        let Some(stem) = raw.strip_prefix('~') else {
            return fault("`~` stands at the beginning of a word", "write `~tahan`");
        };
        if stem.is_empty() {
            let help = "write it before each word: `(~tahan|~sita)`";
            return fault("`~` without a stem behind it", help);
        }
        if stem.contains('*') {
            return fault(
                "`~` and `*` exclude each other",
                "`~tahan` finds `menahankan` too",
            );
        }
        let folded = fold_pattern(stem);
        let n_letters = folded.chars().count();
        if n_letters < MIN_STEM {
            let message = format!("a stem needs {MIN_STEM} letters behind `~`");
            return fault(&message, "write the forms out: `(a|b|c)`");
        }
        let Some(family) = WordFamily::of(&folded) else {
            let message = format!(
                "`{stem}` is not a stem: {MIN_STEM} to {MAX_STEM} letters from a to z, one a vowel"
            );
            return fault(&message, "write the forms out: `(a|b|c)`");
        };
        let any =
            |words: Vec<String>| Step::Words(words.into_iter().map(|word| (word, false)).collect());
        let [first, second] = family.doubled;
        Ok(vec![
            vec![any(family.words)],
            vec![any(vec!["di".to_owned()]), any(family.apart)],
            vec![any(first), any(second)],
        ])
    }

    fn joined(
        &self,
        heads: &[Steps],
        tails: &[Steps],
        start: usize,
    ) -> Result<Vec<Steps>, PhraseError> {
        if heads.len() * tails.len() > MAX_TEMPLATES {
            return Err(self.too_many(start));
        }
        let longest = |all: &[Steps]| all.iter().map(Vec::len).max().unwrap_or(0);
        if longest(heads) + longest(tails) > MAX_STEPS {
            return Err(self.too_large(start, &format!("{MAX_STEPS} words")));
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

    fn too_many(&self, start: usize) -> PhraseError {
        self.too_large(start, &format!("{MAX_TEMPLATES} readings"))
    }

    fn too_large(&self, start: usize, what: &str) -> PhraseError {
        let help = Some("split it into several lines".to_owned());
        let message = format!("the phrase has more than {what}");
        PhraseError {
            code: Code::TooLarge,
            ..self.error(start..self.at, &message, help)
        }
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

/// Whether these sequences are nothing at all.
fn is_empty(sequences: &[Steps]) -> bool {
    sequences.iter().all(Vec::is_empty)
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
        others.insert(0, vec![Step::Words(words.into())]);
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
mod tests;
