//! From files to a rule set, collecting every diagnostic on the way.

mod guard;
mod names;
mod overlap;
mod sample;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use toml::de::DeTable;

use self::names::NameIndex;
use self::overlap::Lines;
use super::condition::{self, Condition};
use super::diagnostic::{Code, Diagnostic, Place};
use super::index::Index;
use super::overlay::{Origins, Overlay};
use super::phrase::{self, Lists};
use super::read::{Reader, Text};
use super::schema::{
    self, Cited, ContextEntry, GateEntry, IndicatorEntry, Patterns, RuleFile, SourceEntry,
};
use super::set::{
    ContextRule, GateRule, GateText, IndicatorRule, Owner, RuleSet, Sample, SampleOf, Source,
};
use super::{RuleFiles, lint, syntax};
use crate::indicator::{Axis, Citation, Context, Gate, Indicator, Status};
use crate::matcher::{MatcherBuilder, RegexError, RegexNote, Step, Template, ValueTest};
use crate::text::Vocabulary;

/// Compiles a pack; the set may lack what had errors.
pub(super) fn compile(files: &RuleFiles) -> (Option<RuleSet>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut pack = read_pack(files, &mut diagnostics);
    let (lists, gazetteer) = lint::csv::read_lists(files, &mut diagnostics);
    let spellings = lint::spellings::read(files, &mut diagnostics);
    let origins = lay_over(&mut pack, &lists, files, &mut diagnostics);
    let index = NameIndex::new(&pack, files, &mut diagnostics);
    let mut compiler = Compiler {
        words: BTreeMap::new(),
        files,
        lists: &lists,
        index: &index,
        unread: unread(&pack),
        matcher: MatcherBuilder::new(),
        owners: Vec::new(),
        written: Vec::new(),
        samples: Vec::new(),
        diagnostics: &mut diagnostics,
    };
    let indicators: Vec<_> = pack
        .indicators
        .iter()
        .enumerate()
        .map(|entry| compiler.indicator(entry))
        .collect();
    let contexts: Vec<_> = pack
        .contexts
        .iter()
        .enumerate()
        .map(|entry| compiler.context(entry))
        .collect();
    let gates: Vec<_> = pack
        .gates
        .iter()
        .enumerate()
        .filter_map(|entry| compiler.gate(entry))
        .collect();
    let Compiler {
        matcher,
        owners,
        written,
        samples,
        mut words,
        ..
    } = compiler;
    for word in gazetteer.words() {
        words.entry(word).or_insert(1);
    }
    let spellings = spellings.with_vocabulary(Vocabulary::new(words));
    let context_order = order_contexts(&contexts, &pack, &mut diagnostics);
    let index = ways_in(&indicators, &contexts, &context_order, &gates);
    let mut context_place = vec![0; contexts.len()];
    for (place, &context) in context_order.iter().enumerate() {
        context_place[context] = place;
    }
    let (name, version) = title(&pack, files);
    let set = RuleSet {
        name,
        version,
        digest: files.digest(),
        sources: sources(&pack),
        indicators,
        contexts,
        context_order,
        context_place,
        index,
        gates,
        matcher: matcher.build(),
        owners,
        written,
        gazetteer: gazetteer.build(),
        spellings,
        caps: pack.caps.iter().copied().collect::<BTreeMap<_, _>>(),
        samples,
        origins,
    };
    (Some(set), diagnostics)
}

/// The name and version of a pack. A record must tell that an overlay had a
/// say, without telling what.
fn title(pack: &RuleFile, files: &RuleFiles) -> (String, String) {
    let or = |text: &Option<Text>, other: &str| {
        let text = text.as_ref().map(|text| text.value.clone());
        text.unwrap_or_else(|| other.to_owned())
    };
    let mut version = or(&pack.version, "0");
    if files.has_overlay() {
        version.push_str("+overlay");
    }
    (or(&pack.name, "unnamed"), version)
}

/// Lays the overlay's entries on the pack's, and gives advice on the result
/// before anything is switched off: a rule that is off has no samples to lack.
fn lay_over(
    pack: &mut RuleFile,
    lists: &Lists,
    files: &RuleFiles,
    diagnostics: &mut Vec<Diagnostic>,
) -> Origins {
    let mut overlay = Overlay {
        files,
        origins: Origins::new(),
        diagnostics,
    };
    overlay.lay_over(pack);
    lint::check(pack, lists, files, overlay.diagnostics);
    overlay.switch_off(pack);
    overlay.origins
}

/// By key.
fn sources(pack: &RuleFile) -> Vec<Source> {
    let source = |entry: &SourceEntry| Source {
        key: entry.key.value.clone(),
        title: entry.title.clone(),
        locator: entry.locator.clone(),
        page: entry.page.clone(),
        section: entry.section.clone(),
        reading: entry.reading,
    };
    let mut sources: Vec<Source> = pack.sources.iter().map(source).collect();
    sources.sort_by(|one, other| one.key.cmp(&other.key));
    sources
}

fn unread(pack: &RuleFile) -> BTreeSet<&str> {
    let unread = pack.sources.iter().filter(|source| source.is_unchecked());
    unread.map(|source| source.key.value.as_str()).collect()
}

fn ways_in(
    indicators: &[IndicatorRule],
    contexts: &[ContextRule],
    context_order: &[usize],
    gates: &[GateRule],
) -> Index {
    let names = indicators.iter().map(|rule| &*rule.words);
    let follow = context_order
        .iter()
        .map(|&context| &contexts[context])
        .enumerate()
        .filter(|(_, rule)| rule.at_least == 0);
    Index::new(
        names.map(|words| (words.id.as_str(), words.alias.as_str())),
        follow.map(|(place, rule)| (place, rule.when.as_ref())),
        gates.iter().map(|rule| &rule.when),
    )
}

/// Reads every TOML file into one.
fn read_pack(files: &RuleFiles, diagnostics: &mut Vec<Diagnostic>) -> RuleFile {
    let mut pack = RuleFile::default();
    for (file, text) in files.files().iter().enumerate() {
        if !text.name.ends_with(".toml") {
            continue;
        }
        let (root, errors) = DeTable::parse_recoverable(&text.text);
        let mut reader = Reader {
            file,
            source: &text.text,
            diagnostics,
        };
        let said = errors.iter().map(|error| {
            let at = error.span().unwrap_or(0..0);
            (at, error.message().to_owned())
        });
        for fault in syntax::faults(&text.text, said.collect()) {
            let place = Place::new(file, fault.at);
            reader.report(Code::Syntax, place, fault.message, Some(fault.help));
        }
        if !errors.is_empty() {
            continue;
        }
        let read = schema::read(&mut reader, root.get_ref());
        pack.name = pack.name.or(read.name);
        pack.version = pack.version.or(read.version);
        pack.caps.extend(read.caps);
        pack.sources.extend(read.sources);
        pack.indicators.extend(read.indicators);
        pack.contexts.extend(read.contexts);
        pack.gates.extend(read.gates);
        pack.extends.extend(read.extends);
        pack.disables.extend(read.disables);
    }
    pack
}

struct Compiler<'c> {
    /// Whole words of phrases, with how many ask for them.
    words: BTreeMap<String, u32>,
    files: &'c RuleFiles,
    lists: &'c Lists,
    index: &'c NameIndex,
    /// Keys of sources known from memory only.
    unread: BTreeSet<&'c str>,
    matcher: MatcherBuilder,
    owners: Vec<Owner>,
    written: Vec<String>,
    samples: Vec<Sample>,
    diagnostics: &'c mut Vec<Diagnostic>,
}

impl Compiler<'_> {
    fn report(&mut self, code: Code, place: Place, message: String, help: Option<String>) {
        self.diagnostics.push(Diagnostic {
            place,
            code,
            message,
            help,
        });
    }

    fn indicator(&mut self, (index, entry): (usize, &IndicatorEntry)) -> IndicatorRule {
        let mut lines = Vec::new();
        if entry.status != Status::Retired {
            lines = self.patterns(&entry.patterns, Owner::Indicator(index));
        }
        if entry.axis != Axis::Minor {
            self.want(&lines);
        }
        let (guards, guard_words) = self.guards(&entry.guards, &lines);
        self.samples(&entry.samples, SampleOf::Indicator(index));
        let words = Indicator {
            id: entry.id.value.clone(),
            alias: entry.alias.clone(),
            version: entry.version,
            title: entry.title.clone(),
            why: entry.why.clone(),
            axis: entry.axis,
            strength: entry.strength,
            grade: entry.grade,
            palermo: entry.palermo.clone(),
            frameworks: entry.frameworks.clone(),
            sources: self.citations(&entry.sources),
            status: entry.status,
        };
        IndicatorRule {
            words: Arc::new(words),
            at_least: entry.at_least,
            guards,
            guard_words,
        }
    }

    fn context(&mut self, (index, entry): (usize, &ContextEntry)) -> ContextRule {
        let lines = self.patterns(&entry.patterns, Owner::Context(index));
        self.want(&lines);
        self.samples(&entry.samples, SampleOf::Context(index));
        let words = Context {
            id: entry.id.value.clone(),
            title: entry.title.clone(),
            against: entry.against.clone(),
            sources: self.citations(&entry.sources),
        };
        ContextRule {
            words: Arc::new(words),
            kind: entry.kind,
            at_least: if entry.patterns.is_empty() && !entry.is_off {
                0
            } else {
                entry.at_least
            },
            when: self.condition(entry.when.as_ref()),
            when_written: written(entry.when.as_ref()),
        }
    }

    fn gate(&mut self, (index, entry): (usize, &GateEntry)) -> Option<GateRule> {
        self.samples(&entry.samples, SampleOf::Gate(index));
        let words = Gate {
            id: entry.id.value.clone(),
            alias: entry.alias.clone(),
            reason: entry.reason.clone(),
            route: entry.route,
            palermo: entry.palermo.clone(),
            sources: self.citations(&entry.sources),
        };
        let when = self.condition(Some(&entry.when));
        let needs = self.condition(entry.needs.as_ref());
        let unless = self.condition(entry.unless.as_ref());
        let raise = entry
            .raise
            .as_ref()
            .and_then(|(level, when)| Some((*level, self.condition(Some(when))?)));
        Some(GateRule {
            words: Arc::new(words),
            level: entry.level,
            when: when?,
            needs,
            unless,
            raise,
            written: GateText {
                when: entry.when.value.clone(),
                needs: written(entry.needs.as_ref()),
                unless: written(entry.unless.as_ref()),
                raise: entry.raise.as_ref().map(|(_, when)| when.value.clone()),
            },
        })
    }

    fn citations(&self, cited: &[Cited]) -> Vec<Citation> {
        let citation = |one: &Cited| Citation {
            source: one.key.clone(),
            section: one.section.clone(),
            unverified: self.unread.contains(one.key.as_str()),
        };
        cited.iter().map(citation).collect()
    }

    fn own(&mut self, owner: Owner, written: &str) {
        self.owners.push(owner);
        self.written.push(written.to_owned());
    }

    /// Adds patterns; gives those that are phrases.
    fn patterns(&mut self, patterns: &Patterns, owner: Owner) -> Lines {
        let mut lines = Lines::new();
        for line in &patterns.phrases {
            if let Some(templates) = self.templates(line) {
                self.matcher.phrase(&templates);
                self.own(owner, &line.value);
                lines.push((line.place.clone(), templates));
            }
        }
        for pattern in &patterns.regexes {
            self.regex(pattern, owner);
        }
        for test in &patterns.values {
            let written = test.value.trim();
            let inner = written
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            match inner.map(ValueTest::parse) {
                Some(Ok(test)) => {
                    self.matcher.phrase(&[Template {
                        steps: vec![Step::Value(test)],
                    }]);
                    self.own(owner, written);
                }
                Some(Err(error)) => {
                    let error = phrase::value_error(&error, 0..0);
                    self.report(error.code, test.place.clone(), error.message, error.help);
                }
                None => {
                    let help = Some("write it in braces: `{age<18}`".to_owned());
                    let message = format!("`{written}` is not a typed value");
                    self.report(Code::BadValue, test.place.clone(), message, help);
                }
            }
        }
        lines
    }

    /// Counts the whole words that phrases look for. Not asked for phrases
    /// about minors: mangled words are never read as any of theirs.
    fn want(&mut self, lines: &Lines) {
        let templates = lines.iter().flat_map(|(_, templates)| templates);
        let steps = templates.flat_map(|template| &template.steps);
        // One choice stands in many templates; its words are looked up once.
        let mut choices = FxHashMap::default();
        for step in steps {
            if let Step::Words(words) = step {
                let address = Arc::as_ptr(words).cast::<()>() as usize;
                choices.entry(address).or_insert((&**words, 0)).1 += 1;
            }
        }
        for (words, n) in choices.into_values() {
            for (word, _) in words.iter().filter(|(_, is_prefix)| !is_prefix) {
                match self.words.get_mut(word) {
                    Some(wanted) => *wanted += n,
                    None => {
                        self.words.insert(word.clone(), 1 + n);
                    }
                }
            }
        }
    }

    /// The readings of a phrase line.
    fn templates(&mut self, line: &Text) -> Option<Vec<Template>> {
        match phrase::parse(&line.value, self.lists) {
            Ok(templates) => Some(templates),
            Err(error) => {
                let place = line.place.part(error.at);
                self.report(error.code, place, error.message, error.help);
                None
            }
        }
    }

    fn regex(&mut self, pattern: &Text, owner: Owner) {
        // The place of a pattern inside its quotes.
        let quote = |at: usize, len: usize| pattern.place.part(at + 1..at + 1 + len.max(1));
        match self.matcher.regex(&pattern.value) {
            Ok((_, note)) => {
                self.own(owner, &pattern.value);
                if note == Some(RegexNote::NoLiteral) {
                    let message =
                        "the regex requires no letters of its own, so it runs on every post";
                    let help = "add a word that must occur, or write it as a phrase".to_owned();
                    let place = pattern.place.clone();
                    self.report(Code::CostlyRegex, place, message.to_owned(), Some(help));
                }
            }
            Err(RegexError::Syntax { message, at, len }) => {
                let help = regex_help(&message);
                self.report(Code::BadRegex, quote(at, len), message, Some(help));
            }
            Err(error @ RegexError::MatchesEmpty) => {
                let help = Some("require at least one character: `+` instead of `*`".to_owned());
                self.report(
                    Code::MatchesEmpty,
                    pattern.place.clone(),
                    error.to_string(),
                    help,
                );
            }
            Err(error @ RegexError::TooLarge) => {
                let help = Some("lower the repetition counts".to_owned());
                self.report(
                    Code::TooLarge,
                    pattern.place.clone(),
                    error.to_string(),
                    help,
                );
            }
        }
    }

    fn condition(&mut self, text: Option<&Text>) -> Option<Condition> {
        let text = text?;
        match condition::parse(&text.value, self.index) {
            Ok(condition) => Some(condition),
            Err(error) => {
                let code = if error.unknown.is_some() {
                    Code::UnknownName
                } else {
                    Code::BadExpression
                };
                let help = error.unknown.as_deref().and_then(|name| {
                    let indicators = self.index.indicators.keys();
                    let known = indicators.chain(self.index.contexts.keys());
                    schema::suggestion(name, known.map(String::as_str))
                });
                let place = text.place.part(error.at.start + 1..error.at.end + 1);
                self.report(code, place, error.message, help);
                None
            }
        }
    }
}

fn written(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.value.clone())
}

/// What to do about a regular expression that cannot be read.
fn regex_help(message: &str) -> String {
    let meant = match message {
        _ if message.contains("group") => {
            "a bracket that is meant as itself is written `\\(` or `\\)`"
        }
        _ if message.contains("class") => "a bracket that is meant as itself is written `\\[`",
        _ => {
            "a sign of `. * + ? ( ) [ ] { } | ^ $ \\` that is meant as itself takes a `\\` before it"
        }
    };
    meant.to_owned()
}

/// Orders contexts so that each comes after those its `when` names.
fn order_contexts(
    contexts: &[ContextRule],
    pack: &RuleFile,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<usize> {
    let mut order = Vec::new();
    let mut placed = vec![false; contexts.len()];
    loop {
        let before = order.len();
        for (index, context) in contexts.iter().enumerate() {
            let mut ready = true;
            if let Some(when) = &context.when {
                when.each_leaf(&mut |leaf| {
                    ready &= !matches!(leaf, Condition::Context(other) if !placed[*other]);
                });
            }
            if ready && !placed[index] {
                placed[index] = true;
                order.push(index);
            }
        }
        if order.len() == before {
            break;
        }
    }
    for (index, _) in placed.iter().enumerate().filter(|(_, placed)| !**placed) {
        let entry = &pack.contexts[index];
        diagnostics.push(Diagnostic {
            place: entry
                .when
                .as_ref()
                .map_or_else(|| entry.place.clone(), |when| when.place.clone()),
            code: Code::ContextCycle,
            message: format!("the context `{}` depends on itself", entry.id.value),
            help: Some("take one of the contexts out of the circle of `when`".to_owned()),
        });
    }
    order
}
