//! Advice and cross-checks over a whole pack: sources, samples, doubles.

pub(super) mod csv;
pub(super) mod spellings;

use std::collections::{BTreeMap, BTreeSet};

use super::RuleFiles;
use super::diagnostic::{Code, Diagnostic, Place};
use super::phrase::Lists;
use super::read::Text;
use super::schema::{Patterns, RuleFile, Samples, suggestion};
use crate::indicator::{Axis, Status};
use crate::text::fold_pattern;

/// Samples of each kind that a rule should have.
const MIN_SAMPLES: usize = 3;

/// Checks a pack that was read.
pub(super) fn check(
    pack: &RuleFile,
    lists: &Lists,
    files: &RuleFiles,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut lint = Lint { diagnostics };
    lint.sources(pack);
    for entry in &pack.indicators {
        if entry.status != Status::Retired {
            lint.samples(&entry.samples, &entry.place, &entry.id.value);
        }
        lint.patterns(&entry.patterns);
        if entry.at_least == 1 && entry.axis != Axis::Context {
            lint.common_words(&entry.patterns);
        }
    }
    for entry in &pack.contexts {
        lint.samples(&entry.samples, &entry.place, &entry.id.value);
        lint.patterns(&entry.patterns);
    }
    for entry in &pack.gates {
        lint.samples(&entry.samples, &entry.place, &entry.id.value);
    }
    lint.unused_lists(lists, files);
    lint.order(pack);
}

struct Lint<'d> {
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Lint<'_> {
    fn say(&mut self, code: Code, place: &Place, message: String, help: Option<&str>) {
        let help = help.map(str::to_owned);
        self.diagnostics.push(Diagnostic {
            place: place.clone(),
            code,
            message,
            help,
        });
    }

    fn sources(&mut self, pack: &RuleFile) {
        let mut keys: BTreeMap<&str, (bool, &Text)> = BTreeMap::new();
        for source in &pack.sources {
            if keys
                .insert(&source.key.value, (source.is_unchecked(), &source.key))
                .is_some()
            {
                let message = format!("the source `{}` is listed twice", source.key.value);
                self.say(Code::DuplicateId, &source.key.place, message, None);
            }
        }
        let indicators = pack.indicators.iter().map(|entry| &entry.sources);
        let contexts = pack.contexts.iter().map(|entry| &entry.sources);
        let gates = pack.gates.iter().map(|entry| &entry.sources);
        let mut cited = BTreeSet::new();
        for source in indicators.chain(contexts).chain(gates).flatten() {
            cited.insert(source.key.as_str());
            if !keys.contains_key(source.key.as_str()) {
                let help = suggestion(&source.key, keys.keys().copied())
                    .unwrap_or_else(|| "add a `[[source]]` to sources.toml".to_owned());
                let message = format!("`{}` is not in sources.toml", source.key);
                self.say(Code::UnknownSource, &source.place, message, Some(&help));
            }
        }
        for entry in pack
            .indicators
            .iter()
            .filter(|entry| entry.status == Status::Active)
        {
            let known: Vec<bool> = entry
                .sources
                .iter()
                .filter_map(|source| keys.get(source.key.as_str()).map(|row| row.0))
                .collect();
            if !known.is_empty() && known.iter().all(|unchecked| *unchecked) {
                let message = format!("`{}` rests only on sources nobody read", entry.id.value);
                let help = "cite one that was read, or make it `status = \"shadow\"`";
                self.say(Code::UncheckedSource, &entry.id.place, message, Some(help));
            }
        }
        // What cites it may be what could not be read.
        if self.diagnostics.iter().any(|one| one.code.is_error()) {
            return;
        }
        for (key, (_, text)) in keys {
            if !cited.contains(key) {
                let message = format!("no rule cites `{key}`");
                self.say(Code::UnusedSource, &text.place, message, None);
            }
        }
    }

    fn samples(&mut self, samples: &Samples, place: &Place, id: &str) {
        let (hit, miss) = (samples.hit.len(), samples.miss.len());
        if hit < MIN_SAMPLES || miss < MIN_SAMPLES {
            let message = format!("`{id}` has {hit} hit and {miss} miss samples");
            let help = "write at least three of each, one miss an innocent look-alike";
            self.say(Code::FewSamples, place, message, Some(help));
        }
    }

    fn patterns(&mut self, patterns: &Patterns) {
        let mut seen = BTreeSet::new();
        for phrase in &patterns.phrases {
            if !seen.insert(fold_pattern(&phrase.value)) {
                let message = format!("the phrase `{}` stands twice", phrase.value);
                self.say(Code::DuplicatePhrase, &phrase.place, message, None);
            }
            if mixes_scripts(&phrase.value) {
                let message = format!("`{}` mixes letters of several scripts", phrase.value);
                let help = "a look-alike letter was pasted; type the phrase in plain letters";
                self.say(Code::MixedScript, &phrase.place, message, Some(help));
            }
        }
        for regex in &patterns.regexes {
            if let Some(at) = loose_dot(&regex.value) {
                let place = regex.place.part(at + 1..at + 2);
                let message = "`.` stands for any character here".to_owned();
                self.say(
                    Code::LooseDot,
                    &place,
                    message,
                    Some("for a dot write `\\.`"),
                );
            }
        }
    }

    /// Phrases that one everyday word fulfils.
    fn common_words(&mut self, patterns: &Patterns) {
        for phrase in &patterns.phrases {
            let written = phrase.value.as_str();
            let inner = written
                .strip_prefix('(')
                .and_then(|rest| rest.strip_suffix(')'));
            let one_place = inner.unwrap_or(written);
            if one_place.contains(['(', ')', '[', '<', '{']) {
                continue;
            }
            let choices = one_place.split('|');
            let mut folded = choices.map(|choice| fold_pattern(choice.trim()));
            if let Some(word) = folded.find(|word| COMMON.contains(&word.as_str())) {
                let message = format!("`{word}` alone is in very many ordinary posts");
                let help = "add the words that make it a sign: a phrase of two or three, or `at_least = 2`";
                self.say(Code::CommonWord, &phrase.place, message, Some(help));
            }
        }
    }

    fn unused_lists(&mut self, lists: &Lists, files: &RuleFiles) {
        let used = |name: &str| {
            let reference = format!("{{list:{name}}}");
            files
                .files()
                .iter()
                .any(|file| file.text.contains(&reference))
        };
        for name in lists.keys().filter(|name| !used(name)) {
            let path = format!("lists/{name}.csv");
            let file = files
                .files()
                .iter()
                .position(|file| file.name_in_folder() == path);
            let place = Place::new(file.unwrap_or(0), 0..0);
            self.say(
                Code::UnusedList,
                &place,
                format!("no phrase uses `{{list:{name}}}`"),
                None,
            );
        }
    }

    fn order(&mut self, pack: &RuleFile) {
        let indicators = pack
            .indicators
            .iter()
            .map(|entry| &entry.id)
            .collect::<Vec<_>>();
        for pair in indicators.windows(2) {
            let same_file = pair[0].place.file == pair[1].place.file;
            if same_file && pair[0].value > pair[1].value {
                let message = format!("`{}` stands behind `{}`", pair[1].value, pair[0].value);
                let help = "sort the indicators of a file by id";
                self.say(Code::Unsorted, &pair[1].place, message, Some(help));
            }
        }
    }
}

/// Where a regular expression has a dot between two digits that is not one.
fn loose_dot(pattern: &str) -> Option<usize> {
    let is_digit = |part: &str, ends: bool| {
        let byte = if ends {
            part.bytes().last()
        } else {
            part.bytes().next()
        };
        let class = if ends {
            part.ends_with("\\d")
        } else {
            part.starts_with("\\d")
        };
        class || byte.is_some_and(|byte| byte.is_ascii_digit())
    };
    let mut dots = pattern.match_indices('.').map(|found| found.0);
    dots.find(|&at| is_digit(&pattern[..at], true) && is_digit(&pattern[at + 1..], false))
}

/// Words of ordinary advertisements and of every sentence, in both languages.
const COMMON: [&str; 80] = [
    "ada",
    "anak",
    "and",
    "area",
    "atau",
    "bayar",
    "berangkat",
    "bisa",
    "bulan",
    "butuh",
    "cari",
    "cepat",
    "chat",
    "cocok",
    "dan",
    "dari",
    "dengan",
    "di",
    "dibutuhkan",
    "dijual",
    "dm",
    "for",
    "gaji",
    "gratis",
    "harga",
    "hari",
    "hubungi",
    "info",
    "ini",
    "itu",
    "jam",
    "job",
    "jual",
    "juta",
    "kami",
    "karyawan",
    "ke",
    "kerja",
    "kirim",
    "kos",
    "kota",
    "langsung",
    "lokasi",
    "loker",
    "lowongan",
    "minat",
    "murah",
    "orang",
    "or",
    "paspor",
    "passport",
    "pria",
    "promo",
    "ready",
    "rumah",
    "salary",
    "saya",
    "sekarang",
    "siap",
    "sudah",
    "syarat",
    "tahun",
    "tempat",
    "the",
    "tidak",
    "tiket",
    "tinggal",
    "uang",
    "umur",
    "untuk",
    "usia",
    "visa",
    "wa",
    "wanita",
    "whatsapp",
    "with",
    "work",
    "yang",
    "you",
    "your",
];

/// Latin letters beside Cyrillic or Greek ones in one word.
fn mixes_scripts(phrase: &str) -> bool {
    phrase.split_whitespace().any(|word| {
        let foreign = |ch: char| ('\u{370}'..='\u{52f}').contains(&ch);
        word.chars().any(|ch| ch.is_ascii_alphabetic()) && word.chars().any(foreign)
    })
}
