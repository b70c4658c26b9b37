//! The rule file as written: every key it may have, read with its place.
//!
//! Nothing is resolved here; names are text until `compile`.

mod basis;

use toml::de::DeTable;

use super::diagnostic::{Code, Place, nearest};
use super::read::{Reader, Table, Text, lines};
use crate::assessment::{AgainstKind, Level, Route};
use crate::indicator::{Axis, Bilingual, Element, EvidenceGrade, Status, Strength};

pub(super) use basis::{Cited, SourceEntry};

/// One file.
#[derive(Debug, Default)]
pub(super) struct RuleFile {
    pub(super) name: Option<Text>,
    pub(super) version: Option<Text>,
    pub(super) caps: Vec<(Axis, u32)>,
    pub(super) sources: Vec<SourceEntry>,
    pub(super) indicators: Vec<IndicatorEntry>,
    pub(super) contexts: Vec<ContextEntry>,
    pub(super) gates: Vec<GateEntry>,
    /// Only in an overlay.
    pub(super) extends: Vec<ExtendEntry>,
    /// Only in an overlay.
    pub(super) disables: Vec<DisableEntry>,
}

/// Patterns of an indicator or context.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    pub(super) phrases: Vec<Text>,
    pub(super) regexes: Vec<Text>,
    pub(super) values: Vec<Text>,
}

impl Patterns {
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn len(&self) -> usize {
        self.phrases.len() + self.regexes.len() + self.values.len()
    }
}

#[derive(Debug)]
pub(super) struct IndicatorEntry {
    pub(super) id: Text,
    /// Whether it stands in the place of one of the pack.
    pub(super) overrides: bool,
    pub(super) alias: String,
    pub(super) version: u32,
    pub(super) title: Bilingual,
    pub(super) why: Bilingual,
    pub(super) axis: Axis,
    pub(super) strength: Strength,
    pub(super) grade: EvidenceGrade,
    pub(super) palermo: Vec<Element>,
    pub(super) frameworks: Vec<String>,
    pub(super) sources: Vec<Cited>,
    pub(super) status: Status,
    pub(super) at_least: usize,
    pub(super) patterns: Patterns,
    pub(super) guards: Vec<GuardEntry>,
    pub(super) samples: Samples,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) struct GuardEntry {
    pub(super) id: String,
    pub(super) reason: Bilingual,
    pub(super) unless: Option<Text>,
    pub(super) before: Vec<Text>,
    pub(super) after: Vec<Text>,
    pub(super) near: Vec<Text>,
    /// Words; 0 is anywhere in the field.
    pub(super) within: usize,
}

#[derive(Debug)]
pub(super) struct ContextEntry {
    pub(super) id: Text,
    /// Whether it stands in the place of one of the pack.
    pub(super) overrides: bool,
    pub(super) title: Bilingual,
    pub(super) at_least: usize,
    pub(super) kind: Option<AgainstKind>,
    pub(super) against: Option<Bilingual>,
    pub(super) sources: Vec<Cited>,
    pub(super) when: Option<Text>,
    pub(super) patterns: Patterns,
    pub(super) samples: Samples,
    pub(super) place: Place,
    /// Switched off by an overlay: never holds.
    pub(super) is_off: bool,
}

#[derive(Debug)]
pub(super) struct GateEntry {
    pub(super) id: Text,
    /// Whether it stands in the place of one of the pack.
    pub(super) overrides: bool,
    pub(super) alias: String,
    pub(super) level: Level,
    pub(super) route: Route,
    pub(super) when: Text,
    pub(super) needs: Option<Text>,
    pub(super) unless: Option<Text>,
    pub(super) raise: Option<(Level, Text)>,
    pub(super) palermo: Vec<Element>,
    pub(super) reason: Bilingual,
    pub(super) sources: Vec<Cited>,
    pub(super) samples: Samples,
    pub(super) place: Place,
}

/// What an overlay adds to an indicator or context.
#[derive(Debug)]
pub(super) struct ExtendEntry {
    pub(super) id: Text,
    pub(super) patterns: Patterns,
    pub(super) samples: Samples,
}

/// What an overlay switches off.
#[derive(Debug)]
pub(super) struct DisableEntry {
    pub(super) id: Text,
    pub(super) reason: String,
}

/// Invented texts that must and must not be found.
#[derive(Debug, Default)]
pub(super) struct Samples {
    pub(super) hit: Vec<Text>,
    pub(super) miss: Vec<Text>,
    pub(super) todo: Vec<Text>,
}

const LEVELS: [&str; 4] = ["low", "medium", "high", "critical"];

/// Reads a parsed file, reporting what does not fit.
pub(super) fn read(reader: &mut Reader<'_>, root: &DeTable<'_>) -> RuleFile {
    let keys = [
        "name",
        "version",
        "caps",
        "source",
        "indicator",
        "context",
        "gate",
        "extend",
        "disable",
    ];
    let table = Table::new(reader, root, 0..0, "a rule file", &keys);
    RuleFile {
        name: table.text(reader, "name"),
        version: table.text(reader, "version"),
        caps: caps(reader, &table),
        sources: basis::sources(reader, &table),
        indicators: indicators(reader, &table),
        contexts: contexts(reader, &table),
        gates: gates(reader, &table),
        extends: extends(reader, &table),
        disables: disables(reader, &table),
    }
}

fn extends(reader: &mut Reader<'_>, root: &Table<'_>) -> Vec<ExtendEntry> {
    let keys = ["id", "phrases", "regex", "entity", "samples", "note"];
    let tables = root.tables(reader, "extend", "an extension", &keys);
    let mut extends = Vec::new();
    for table in tables {
        let patterns = patterns(reader, &table);
        if patterns.is_empty() {
            let message = "the extension has no phrases, regex or entity";
            reader.report(Code::NothingToTest, table.place.clone(), message, None);
        }
        let samples = samples(reader, &table);
        extends.extend(table.required(reader, "id").map(|id| ExtendEntry {
            id,
            patterns,
            samples,
        }));
    }
    extends
}

fn disables(reader: &mut Reader<'_>, root: &Table<'_>) -> Vec<DisableEntry> {
    let keys = ["id", "reason", "note"];
    let tables = root.tables(reader, "disable", "a disabling", &keys);
    let mut disables = Vec::new();
    for table in tables {
        let id = table.required(reader, "id");
        let reason = table.required(reader, "reason");
        if let (Some(id), Some(reason)) = (id, reason) {
            let reason = reason.value;
            disables.push(DisableEntry { id, reason });
        }
    }
    disables
}

fn caps(reader: &mut Reader<'_>, root: &Table<'_>) -> Vec<(Axis, u32)> {
    let axes: Vec<&str> = Axis::ALL.iter().map(|axis| axis.as_str()).collect();
    let Some(table) = root.table(reader, "caps", "the caps", &axes) else {
        return Vec::new();
    };
    Axis::ALL
        .iter()
        .filter_map(|axis| Some((*axis, table.number(reader, axis.as_str())?)))
        .collect()
}

fn indicators(reader: &mut Reader<'_>, root: &Table<'_>) -> Vec<IndicatorEntry> {
    let keys = [
        "id",
        "alias",
        "version",
        "title",
        "why",
        "axis",
        "palermo",
        "strength",
        "evidence",
        "frameworks",
        "sources",
        "status",
        "at_least",
        "phrases",
        "regex",
        "entity",
        "guard",
        "samples",
        "note",
        "override",
    ];
    let tables = root.tables(reader, "indicator", "an indicator", &keys);
    tables
        .iter()
        .filter_map(|table| indicator(reader, table))
        .collect()
}

fn indicator(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<IndicatorEntry> {
    let axes: Vec<&str> = Axis::ALL.iter().map(|axis| axis.as_str()).collect();
    let strengths = Strength::ALL.map(|row| row.1);
    let grades: Vec<&str> = EvidenceGrade::ALL
        .iter()
        .map(|grade| grade.as_str())
        .collect();
    let statuses: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
    for key in ["axis", "strength", "evidence", "status"] {
        if table.get(key).is_none() {
            table.missing(reader, key);
        }
    }
    let id = table.required(reader, "id");
    let alias = table.required(reader, "alias");
    let title = table.bilingual(reader, "title");
    let why = table.bilingual(reader, "why");
    let axis = table.word(reader, "axis", &axes, Axis::parse);
    let strength = table.word(reader, "strength", &strengths, |word| {
        Strength::ALL
            .into_iter()
            .find(|row| row.1 == word)
            .map(|row| row.0)
    });
    let grade = table.word(reader, "evidence", &grades, EvidenceGrade::parse);
    let status = table.word(reader, "status", &statuses, Status::parse);
    let palermo = basis::palermo(reader, table);
    let frameworks = basis::frameworks(reader, table);
    let sources = basis::required_sources(reader, table);
    let patterns = patterns(reader, table);
    let guards = guards(reader, table);
    let samples = samples(reader, table);
    if patterns.is_empty() && status != Some(Status::Retired) {
        let message = "the indicator has no phrases, regex or entity";
        reader.report(Code::NothingToTest, table.place.clone(), message, None);
    }
    Some(IndicatorEntry {
        overrides: table.flag(reader, "override"),
        alias: alias?.value,
        version: table.number(reader, "version").unwrap_or(1),
        title: title?,
        why: why?,
        axis: axis?,
        strength: strength?,
        grade: grade?,
        palermo,
        frameworks,
        sources,
        status: status?,
        at_least: table.number(reader, "at_least").unwrap_or(1).max(1) as usize,
        patterns,
        guards,
        samples,
        place: table.place.clone(),
        id: id?,
    })
}

fn patterns(reader: &mut Reader<'_>, table: &Table<'_>) -> Patterns {
    let mut patterns = Patterns::default();
    if let Some(value) = table.get("phrases") {
        match value.get_ref().as_table() {
            Some(entries) => {
                let allowed: Vec<&str> = entries.keys().map(|key| key.get_ref().as_ref()).collect();
                let phrases = Table::new(reader, entries, value.span(), "phrases", &allowed);
                for (lang, block) in phrases.entries() {
                    patterns.phrases.extend(lines(reader, lang, block));
                }
            }
            None => {
                let place = Place::new(reader.file, value.span());
                let help = "write `[indicator.phrases]` and below it `id = '''` … `'''`".to_owned();
                let message = "`phrases` must be a table with one block per language";
                reader.report(Code::WrongType, place, message, Some(help));
            }
        }
    }
    for regex in table.tables(reader, "regex", "a regex", &["pattern", "lang", "note"]) {
        patterns.regexes.extend(regex.required(reader, "pattern"));
    }
    for entity in table.tables(reader, "entity", "an entity test", &["test", "note"]) {
        patterns.values.extend(entity.required(reader, "test"));
    }
    patterns
}

fn guards(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<GuardEntry> {
    let keys = [
        "id", "reason", "unless", "before", "after", "near", "within", "note",
    ];
    let tables = table.tables(reader, "guard", "a guard", &keys);
    let mut guards = Vec::new();
    for (index, table) in tables.iter().enumerate() {
        let mut block = |key: &str| match table.get(key) {
            Some(value) => lines(reader, key, value),
            None => Vec::new(),
        };
        let (before, after, near) = (block("before"), block("after"), block("near"));
        let unless = table.text(reader, "unless");
        let has_words = !(before.is_empty() && after.is_empty() && near.is_empty());
        if unless.is_none() && !has_words {
            let message = "the guard has neither `unless` nor `before`, `after`, `near`";
            reader.report(Code::NothingToTest, table.place.clone(), message, None);
        }
        let id = table.text(reader, "id").map(|id| id.value);
        let Some(reason) = table.bilingual(reader, "reason") else {
            continue;
        };
        guards.push(GuardEntry {
            id: id.unwrap_or_else(|| format!("guard_{}", index + 1)),
            reason,
            unless,
            before,
            after,
            near,
            within: table.number(reader, "within").unwrap_or(3) as usize,
        });
    }
    guards
}

fn contexts(reader: &mut Reader<'_>, root: &Table<'_>) -> Vec<ContextEntry> {
    let keys = [
        "id", "title", "at_least", "kind", "against", "sources", "when", "phrases", "regex",
        "entity", "samples", "note", "override",
    ];
    let tables = root.tables(reader, "context", "a context", &keys);
    tables
        .iter()
        .filter_map(|table| context(reader, table))
        .collect()
}

fn context(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<ContextEntry> {
    let kinds = ["benign_context", "news_report", "licensed", "cannot_check"];
    let kind = table.word(reader, "kind", &kinds, AgainstKind::parse);
    let id = table.required(reader, "id");
    let title = table.bilingual(reader, "title");
    let against = match table.get("against") {
        Some(_) => table.bilingual(reader, "against"),
        None => None,
    };
    if kind.is_some() && table.get("against").is_none() {
        table.missing(reader, "against");
    }
    let when = table.text(reader, "when");
    let patterns = patterns(reader, table);
    if patterns.is_empty() && when.is_none() {
        let message = "the context has neither patterns nor `when`";
        reader.report(Code::NothingToTest, table.place.clone(), message, None);
    }
    Some(ContextEntry {
        id: id?,
        overrides: table.flag(reader, "override"),
        title: title?,
        at_least: table.number(reader, "at_least").unwrap_or(1).max(1) as usize,
        kind,
        against,
        sources: basis::cited(reader, table),
        when,
        patterns,
        samples: samples(reader, table),
        place: table.place.clone(),
        is_off: false,
    })
}

fn gates(reader: &mut Reader<'_>, root: &Table<'_>) -> Vec<GateEntry> {
    let keys = [
        "id", "alias", "level", "route", "when", "needs", "unless", "raise", "palermo", "reason",
        "sources", "samples", "note", "override",
    ];
    let tables = root.tables(reader, "gate", "a gate", &keys);
    tables
        .iter()
        .filter_map(|table| gate(reader, table))
        .collect()
}

fn gate(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<GateEntry> {
    let level_of = |word: &str| Level::parse(word).filter(|level| *level > Level::None);
    if table.get("level").is_none() {
        table.missing(reader, "level");
    }
    let level = table.word(reader, "level", &LEVELS, level_of);
    let routes = ["alert", "help_request", "missing_person"];
    let route = table.word(reader, "route", &routes, Route::parse);
    let raise = table
        .table(reader, "raise", "a raise", &["to", "when"])
        .and_then(|raise| {
            let to = raise.word(reader, "to", &LEVELS, level_of);
            let when = raise.required(reader, "when");
            Some((to?, when?))
        });
    let id = table.required(reader, "id");
    let alias = table.required(reader, "alias");
    let when = table.required(reader, "when");
    let reason = table.bilingual(reader, "reason");
    let palermo = basis::palermo(reader, table);
    Some(GateEntry {
        id: id?,
        overrides: table.flag(reader, "override"),
        alias: alias?.value,
        level: level?,
        route: route.unwrap_or(Route::Alert),
        when: when?,
        needs: table.text(reader, "needs"),
        unless: table.text(reader, "unless"),
        raise,
        palermo,
        reason: reason?,
        sources: basis::required_sources(reader, table),
        samples: samples(reader, table),
        place: table.place.clone(),
    })
}

fn samples(reader: &mut Reader<'_>, table: &Table<'_>) -> Samples {
    let keys = ["hit", "miss", "todo"];
    let Some(table) = table.table(reader, "samples", "samples", &keys) else {
        return Samples::default();
    };
    Samples {
        hit: table.texts(reader, "hit"),
        miss: table.texts(reader, "miss"),
        todo: table.texts(reader, "todo"),
    }
}

/// "did you mean" for a name that nothing has.
pub(super) fn suggestion<'n>(
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean `{near}`?"))
}
