//! What holds for every text, whoever wrote it.
//!
//! Texts are drawn from all of Unicode, and mixed from what the pack looks
//! for: its own samples, disguised, pierced with characters that show
//! nothing, and numbers written so as to hide.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use lentera::assessment::{Assessment, Evidence, Level};
use lentera::matcher::{MAX_MATCHES_PER_PATTERN, MatcherBuilder};
use lentera::post::Post;
use lentera::rule::{RuleFiles, RuleSet, RuleText, load, render, shipped};
use lentera::scan::{Scanner, sample_post};
use lentera::store::key::Key;
use lentera::store::mask::Masker;
use lentera::store::record::{Finding, Particulars, RunFacts, finding};
use lentera::text::{NORMALIZATION, Views};
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::crashes::checks;
use crate::oracle::{Piece, Word, layings, shortest};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| load(&shipped()).0.unwrap());

/// Every word of the pack's samples, and some that look like them.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let samples = RULES.samples.iter();
    let mut words: Vec<String> = samples
        .flat_map(|sample| sample.text.split_whitespace().map(str::to_owned))
        .collect();
    words.sort();
    words.dedup();
    words
});

/// Words of the pack in the simplest of syllables: consonant, vowel, and
/// perhaps a consonant at the end. Every disguise of one can be undone.
static SYLLABLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let is_vowel = |ch: char| "aeio".contains(ch);
    let simple = |word: &&String| {
        let letters: BTreeSet<char> = word.chars().collect();
        let shape = word.chars().enumerate();
        (5..10).contains(&word.len())
            && letters.len() >= 4
            && word
                .chars()
                .all(|ch| ch.is_ascii_lowercase() && !"uyjqvx".contains(ch))
            && shape.clone().all(|(at, ch)| is_vowel(ch) == (at % 2 == 1))
            && !word.chars().all(|ch| "abcdefg".contains(ch))
    };
    WORDS.iter().filter(simple).cloned().collect()
});

fn cases(n: u32) -> ProptestConfig {
    ProptestConfig {
        // A found failure becomes a case in tests/data, which people can read.
        failure_persistence: None,
        ..ProptestConfig::with_cases(n)
    }
}

fn disguised(word: &str, how: u8) -> String {
    let each = |change: &dyn Fn(char) -> String| word.chars().map(change).collect();
    match how {
        0 => word.to_uppercase(),
        1 => each(&|ch| format!("{ch}\u{200b}")),
        2 => each(&|ch| format!("{ch}.")),
        3 => each(&|ch| format!("{ch} ")),
        4 => each(&|ch| format!("{ch}\u{301}")),
        5 => each(&|ch| {
            "аеорсху"
                .chars()
                .nth("aeopcxy".find(ch).unwrap_or(9))
                .unwrap_or(ch)
                .into()
        }),
        6 => each(&|ch| {
            "4310$"
                .chars()
                .nth("aeios".find(ch).unwrap_or(9))
                .unwrap_or(ch)
                .into()
        }),
        7 => each(&|ch| match ch {
            '!'..='~' => char::from_u32(ch as u32 + 0xfee0).unwrap_or(ch).into(),
            other => other.into(),
        }),
        8 => each(&|ch| {
            if "aiueo".contains(ch) {
                format!("{ch}{ch}{ch}")
            } else {
                ch.into()
            }
        }),
        9 => each(&|ch| match ch {
            'a'..='z' => char::from_u32(0x1d5ee + ch as u32 - 'a' as u32)
                .unwrap_or(ch)
                .into(),
            other => other.into(),
        }),
        _ => word.to_owned(),
    }
}

/// Something that stands in posts: a word as it is or disguised, a whole
/// sample, a number, a sign.
fn fragment() -> impl Strategy<Value = String> {
    let word = (any::<prop::sample::Index>(), 0..16_u8)
        .prop_map(|(word, how)| disguised(&WORDS[word.index(WORDS.len())], how));
    let sample = any::<prop::sample::Index>().prop_map(|one| one.get(&RULES.samples).text.clone());
    let number = (
        0..1000_u32,
        prop::sample::select(vec!["", "-", " ", ".", "\u{200b}", "️⃣"]),
    )
        .prop_map(|(last, noise)| {
            let digits = format!("08120000{last:04}");
            digits.chars().map(|ch| format!("{ch}{noise}")).collect()
        });
    let sign = prop::sample::select(vec![
        "🙏",
        "👨‍👩‍👧",
        "\u{301}",
        "\u{200d}",
        "\u{202e}",
        "\u{0}",
        "İ",
        "ß",
        "ﷺ",
        "한",
        "ѐ",
        "…",
        "«",
        "»",
        "17 th",
        "Rp 15.000.000",
        "15jt/bln",
        "@contoh_agen",
        "wa.me/62812",
        "a@b.example",
        "https://",
    ]);
    prop_oneof![
        6 => word,
        2 => sample,
        1 => number,
        1 => sign.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn mixed_text() -> impl Strategy<Value = String> {
    let glue = prop::sample::select(vec![" ", " ", " ", "", ", ", ". ", "\n", "\u{a0}", "-"]);
    prop::collection::vec((fragment(), glue), 0..24).prop_map(|parts| {
        parts
            .into_iter()
            .flat_map(|(part, glue)| [part, glue.to_owned()])
            .collect()
    })
}

/// What TOML is made of, and what editors make of it.
const TOML_SIGNS: [&str; 20] = [
    "\"", "'''", "'", "“", "’", "\u{a0}", "\n", "\n", "=", "[", "]", "a", "é", " ", "\\", "{", "}",
    ",", "#", ":",
];
/// What phrases are made of.
const PHRASE_SIGNS: [&str; 22] = [
    "~tahan", "~", "~di", "[", "]", "<", ">", "(", ")", "|", "..", "..3", " ", " ", "a", "é", "*",
    "{phone}", "{", "}", "\n", "-",
];
/// What tables are made of.
const CSV_SIGNS: [&str; 12] = [
    "yg", "smp", "yang", ",", ",", "\n", "\n", " ", "\"", "é", "1", ";",
];

fn any_text() -> impl Strategy<Value = String> {
    let anything = prop::collection::vec(any::<char>(), 0..80).prop_map(String::from_iter);
    prop_oneof![anything, mixed_text()]
}

/// Letters only: nothing in it can be a contact, whatever it is next to.
fn text_without_contacts() -> impl Strategy<Value = String> {
    mixed_text().prop_map(|text| {
        let keep = |ch: &char| ch.is_alphabetic() || matches!(ch, ' ' | '\n' | ',' | '🙏');
        let words = text.chars().filter(keep).collect::<String>();
        words.replace("kosong", "").replace("nol", "")
    })
}

fn any_post() -> impl Strategy<Value = Post> {
    (prop::option::of(any_text()), any_text()).prop_map(|(title, text)| Post {
        title,
        ..sample_post(&text)
    })
}

fn evidence(found: &Assessment) -> Vec<Evidence> {
    let mut all: Vec<Evidence> = Vec::new();
    all.extend(found.hits.iter().flat_map(|hit| &hit.evidence));
    all.extend(found.contexts.iter().flat_map(|context| &context.evidence));
    all.extend(found.against.iter().flat_map(|against| &against.evidence));
    for one in &found.suppressed {
        all.extend(one.evidence.iter().chain(&one.guard_evidence));
    }
    all
}

fn record(post: &Post, found: &Assessment) -> Finding {
    let run = RunFacts {
        engine_version: "0.0.0".to_owned(),
        engine_build: "test".to_owned(),
        ruleset_name: RULES.name.clone(),
        ruleset_version: RULES.version.clone(),
        ruleset_digest: RULES.digest,
        scan_id: Uuid::nil(),
        scanned_at: Timestamp::UNIX_EPOCH,
        normalization: NORMALIZATION.to_owned(),
    };
    finding(
        post,
        found,
        &Particulars::default(),
        &run,
        &Masker::new(Key::from_bytes([7; 32])),
    )
}

/// Every `{field, start, end, quote}` anywhere in a record.
fn quotes(value: &Value, found: &mut Vec<(String, usize, usize, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| quotes(item, found)),
        Value::Object(entries) => {
            let text = |key: &str| entries.get(key)?.as_str().map(str::to_owned);
            let count = |key: &str| usize::try_from(entries.get(key)?.as_u64()?).ok();
            if let (Some(field), Some(start), Some(end), Some(quote)) =
                (text("field"), count("start"), count("end"), text("quote"))
            {
                found.push((field, start, end, quote));
            }
            entries.values().for_each(|entry| quotes(entry, found));
        }
        _ => {}
    }
}

fn cut(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end - start).collect()
}

proptest! {
    #![proptest_config(cases(400))]

    /// What the fuzz target asks, of texts that look like posts.
    #[test]
    fn every_word_leads_back_to_a_place_that_says_it(text in any_text()) {
        checks::normaliser(&text);
    }

    #[test]
    fn the_views_are_the_same_whoever_makes_them(texts in prop::collection::vec(any_text(), 1..6)) {
        let views = |text: &String| format!("{:?}", Views::new(text));
        let mut alone: Vec<_> = texts.iter().rev().map(views).collect();
        alone.reverse();
        let together: Vec<_> = std::thread::scope(|scope| {
            let workers: Vec<_> = texts.iter().map(|text| scope.spawn(move || views(text))).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        prop_assert_eq!(alone, together);
    }

    #[test]
    fn a_disguised_word_is_found_where_it_stands(index in any::<prop::sample::Index>(), how in 0..10_u8) {
        let word = index.get(&SYLLABLES);
        // A sign at the end of a word is punctuation.
        let disguised = disguised(word, how).replace('$', "s");
        // Nothing is undone at the edges of a word.
        let disguised = disguised.trim_end_matches(['\u{200b}', '\u{301}', '.', ' ']);
        let text = format!("kami ada {disguised} sekarang juga");
        let views = Views::new(&text);
        let found = views.iter().any(|view| {
            (0..view.tokens().len()).any(|index| {
                view.word(view.tokens()[index]) == word
                    && view.words_to_published(index, index).of(&text) == disguised
            })
        });
        prop_assert!(found, "{text:?} {:?}", views);
    }

    #[test]
    fn no_rule_file_stops_the_reader(
        lines in prop::collection::vec(prop::sample::select(&TOML_SIGNS[..]), 0..50),
        phrase in prop::collection::vec(prop::sample::select(&PHRASE_SIGNS[..]), 0..25),
        table in prop::collection::vec(prop::sample::select(&CSV_SIGNS[..]), 0..25),
    ) {
        // Without an id and all else an indicator is faulty, whatever its phrases.
        let phrase = format!("[[indicator]]\nphrases.id = '''\n{}\n'''\n", phrase.concat());
        let files = [
            ("a.toml", lines.concat()),
            ("b.toml", phrase),
            ("spellings.csv", format!("written,means,note\n{}", table.concat())),
        ];
        let text = |(name, text): (&str, String)| RuleText {
            path: name.to_owned(),
            name: name.to_owned(),
            text,
        };
        let files = RuleFiles::new(files.map(text).to_vec());
        let (set, diagnostics) = load(&files);
        prop_assert!(set.is_none());
        prop_assert!(render(&diagnostics, &files, false).contains("error[E"));
    }

    #[test]
    fn every_word_read_otherwise_stands_for_the_one_published(text in any_text()) {
        let views = Views::new(&text);
        let base = views.undisguised.as_ref().unwrap_or(&views.plain);
        let told = RULES.spellings.read(&views);
        let respelled = views.respelled(&RULES.spellings);
        let view = respelled.as_ref().unwrap_or(base);
        let as_it_was: BTreeSet<_> = (0..base.n_in_order())
            .map(|index| (base.word(base.tokens()[index]), base.words_to_published(index, index)))
            .collect();
        for index in 0..view.n_in_order() {
            let (word, place) = (view.word(view.tokens()[index]), view.words_to_published(index, index));
            let is_told = told
                .iter()
                .any(|(at, means)| *at == place && means.split(' ').any(|one| one == word));
            prop_assert!(is_told || as_it_was.contains(&(word, place)), "{} at {:?}", word, place);
        }
    }

    #[test]
    fn folding_what_is_folded_changes_nothing(text in any_text()) {
        let once = Views::new(&text).plain.as_str().to_owned();
        let twice = Views::new(&once);
        prop_assert_eq!(twice.plain.as_str(), &once);
    }
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn whatever_is_found_stands_in_the_post(post in any_post()) {
        let found = Scanner::new(&RULES).scan(&post);
        let places = evidence(&found).into_iter().map(|one| (one.field, one.span));
        for (field, span) in places.chain(found.entities.iter().map(|one| (one.field, one.span))) {
            let quote = post.field(field).get(span.start as usize..span.end as usize);
            prop_assert!(quote.is_some_and(|quote| !quote.is_empty()), "{:?} {:?}", field, span);
        }
        prop_assert!(found.hits.iter().all(|hit| !hit.evidence.is_empty()));
    }

    #[test]
    fn the_quotes_of_the_record_are_the_masked_text(post in any_post()) {
        let found = Scanner::new(&RULES).scan(&post);
        let record = record(&post, &found);
        let text = record.content.text.clone().unwrap();
        prop_assert_eq!(text.chars().count(), post.text.chars().count());
        let mut all = Vec::new();
        quotes(&serde_json::to_value(&record).unwrap(), &mut all);
        prop_assert!(all.len() >= evidence(&found).len());
        for (field, start, end, quote) in all {
            let title = record.source.title.as_deref();
            let whole = if field == "title" { title.unwrap() } else { &text };
            prop_assert_eq!(quote, cut(whole, start, end));
        }
        prop_assert!(record.is_intact());
    }

    #[test]
    fn without_contacts_the_record_quotes_what_was_published(text in text_without_contacts()) {
        let post = sample_post(&text);
        let record = record(&post, &Scanner::new(&RULES).scan(&post));
        prop_assert_eq!(record.content.text.as_deref(), Some(text.as_str()));
        let mut all = Vec::new();
        quotes(&serde_json::to_value(&record).unwrap(), &mut all);
        for (_, start, end, quote) in all {
            prop_assert_eq!(quote, cut(&text, start, end));
        }
    }

    #[test]
    fn scanning_twice_gives_the_same_record(post in any_post()) {
        let scanner = Scanner::new(&RULES);
        let (one, other) = (scanner.scan(&post), scanner.scan(&post));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(record(&post, &one).to_line(), record(&post, &other).to_line());
    }

    #[test]
    fn points_add_up_and_only_gates_set_the_level(post in any_post()) {
        let found = Scanner::new(&RULES).scan(&post);
        prop_assert_eq!(found.points, found.hits.iter().map(|hit| hit.points).sum::<u32>());
        prop_assert_eq!(found.level == Level::None, found.gates.is_empty());
        let highest = found.gates.iter().map(|gate| gate.level).max();
        prop_assert_eq!(found.level, highest.unwrap_or(Level::None));
    }
}

/// Few short words, so that phrases meet themselves often.
fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["aba", "abab", "ababa", "bab", "di", "the", "baba"])
        .prop_map(str::to_owned)
}

fn phrase() -> impl Strategy<Value = Vec<Piece>> {
    let one_of = prop::collection::vec((word(), any::<bool>()), 1..3).prop_map(Piece::OneOf);
    let one_of = one_of.boxed();
    let next = (prop::option::of(1..4_u8), one_of.clone());
    (one_of, prop::collection::vec(next, 0..4)).prop_map(|(first, rest)| {
        let mut phrase = vec![first];
        for (gap, piece) in rest {
            phrase.extend(gap.map(Piece::UpTo));
            phrase.push(piece);
        }
        phrase
    })
}

fn sentence_of(words: &[Word]) -> String {
    let mut text = String::new();
    for (word, begins) in words {
        text.push_str(if *begins { ". " } else { " " });
        text.push_str(word);
    }
    text
}

proptest! {
    #![proptest_config(cases(1500))]

    /// Exactly the shortest places are found: those that contain no other.
    #[test]
    fn the_matcher_agrees_with_a_naive_reading(
        phrases in prop::collection::vec(phrase(), 1..4),
        words in prop::collection::vec((word(), prop::bool::weighted(0.1)), 0..16),
    ) {
        let mut builder = MatcherBuilder::new();
        let ids: Vec<_> = phrases.iter().map(|one| builder.phrase(&[checks::template(one)])).collect();
        let text = sentence_of(&words);
        let matches = builder.build().matches(&Views::new(&text).plain, &[]);
        for (phrase, id) in phrases.iter().zip(ids) {
            let own = matches.iter().filter(|found| found.pattern == id);
            let own: Vec<_> = own.map(|found| (found.words.start, found.words.end)).collect();
            let all = layings(phrase, &words);
            let expected: Vec<_> = shortest(&all).into_iter().take(MAX_MATCHES_PER_PATTERN).collect();
            prop_assert_eq!(&own, &expected, "{:?} in {:?}", phrase, text);
        }
    }
}

/// What an assessment says, whatever the order of its lists.
fn gist(found: &Assessment) -> (Level, String, BTreeSet<String>) {
    let mut said = BTreeSet::new();
    said.extend(
        found
            .hits
            .iter()
            .map(|one| format!("{} {} {:?}", one.indicator.id, one.points, one.evidence)),
    );
    said.extend(
        found
            .gates
            .iter()
            .map(|one| format!("{} {:?}", one.gate.id, one.level)),
    );
    said.extend(
        found
            .contexts
            .iter()
            .map(|one| format!("{} {:?}", one.context.id, one.evidence)),
    );
    said.extend(
        found
            .suppressed
            .iter()
            .map(|one| format!("{} {} {:?}", one.rule, one.guard, one.evidence)),
    );
    (
        found.level,
        format!("{:?} {}", found.route, found.points),
        said,
    )
}

#[test]
fn the_order_of_rule_files_changes_nothing() {
    let mut files: Vec<RuleText> = shipped().files().to_vec();
    files.reverse();
    let handed_over_backwards = RuleFiles::new(files.clone());
    assert_eq!(handed_over_backwards, shipped());
    // Other names put the same rules in the opposite order.
    for (index, file) in files.iter_mut().enumerate() {
        if file.name.ends_with(".toml") {
            file.name = format!("{index:02}-{}", file.name);
        }
    }
    let backwards = load(&RuleFiles::new(files)).0.unwrap();
    assert_ne!(
        backwards.indicators[0].words.id,
        RULES.indicators[0].words.id
    );
    for sample in &RULES.samples {
        let post = sample_post(&sample.text);
        let (one, other) = (
            Scanner::new(&RULES).scan(&post),
            Scanner::new(&backwards).scan(&post),
        );
        assert_eq!(gist(&one), gist(&other), "{}", sample.text);
    }
}
