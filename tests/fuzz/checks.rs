//! What each fuzz target asks of its input. The targets and the replay of old
//! crashes (`tests/it/crashes.rs`) call the same functions, so that an input
//! that once broke something is asked the same question for ever. Nothing
//! here reads a file or the network.

use std::io;

use jiff::Timestamp;
use lentera::archive::{Format, Options, Reader};
use lentera::crawl::reading::{self, Role};
use lentera::crawl::robots::{Robots, Rules};
use lentera::crawl::{Page, Shape, Source, html};
use lentera::evidence;
use lentera::matcher::{MAX_MATCHES_PER_PATTERN, Matcher, MatcherBuilder, Step, Template};
use lentera::post::FieldName;
use lentera::recognise::recognise;
use lentera::rule::{RuleFiles, RuleText, load, render};
use lentera::text::{Gap, NormalText, Views, fold_pattern};
use url::Url;

use crate::oracle::{Piece, Word, layings, shortest};

/// Rule files are written by people who are not programmers: whatever they
/// write, loading answers with a rule set or with diagnostics that can be
/// shown.
pub(crate) fn rule_parser(text: &str) {
    let file = |name: &str, text: &str| RuleText {
        path: name.to_owned(),
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let files = RuleFiles::new(vec![file("a.toml", text), file("lists/a.csv", text)]);
    let (set, diagnostics) = load(&files);
    assert!(set.is_some() || diagnostics.iter().any(|one| one.code.is_error()));
    render(&diagnostics, &files, false);
}

/// Any text folds; every word and typed value leads back to a place in what
/// was published, in order but for other readings of words; and what stands
/// there says the word again.
pub(crate) fn normaliser(published: &str) {
    let views = Views::new(published);
    for view in views.iter() {
        let mut before = 0;
        for index in 0..view.tokens().len() {
            let span = view.words_to_published(index, index);
            let quote = span.of(published);
            assert!(!quote.is_empty());
            if index < view.n_in_order() {
                assert!(before <= span.start, "words change places");
                before = span.start;
            }
            // Folding every quote of a long text again takes too long.
            let word = view.word(view.tokens()[index]);
            if index < 64 && quote.len() < 256 {
                assert!(says_again(quote, word), "{quote:?} does not say {word:?}");
            }
        }
    }
    for (span, kind) in &views.disguises {
        assert!(!span.of(published).is_empty(), "{kind:?} of nothing");
    }
    for entity in recognise(FieldName::Text, &views, None) {
        assert!(!entity.span.of(published).is_empty());
    }
}

/// Whether a quote folds to `word`, cut out as it is.
fn says_again(quote: &str, word: &str) -> bool {
    // What the rest of the text says decides about a short word beside a
    // spaced-out one, about letters that look Latin, and whether digits are of
    // an address.
    let is_plain = |ch: char| ch.is_ascii_lowercase();
    let hangs_on_others = word.len() < 4
        || !word.chars().all(is_plain)
        || !quote.contains(|ch: char| ch.is_ascii_alphabetic());
    let views = Views::new(quote);
    hangs_on_others || views.iter().any(|view| view.as_str().contains(word))
}

/// Longer texts take the naive reading too long.
const MAX_WORDS: usize = 48;

/// Whatever phrases there are and whatever they are looked for in, the matcher
/// finds what a naive reading finds. The first lines are phrases, up to an
/// empty one; the rest is the text.
pub(crate) fn matcher(input: &str) {
    let (phrases, published) = input.split_once("\n\n").unwrap_or((input, input));
    let phrases: Vec<Vec<Piece>> = phrases.lines().take(6).filter_map(phrase).collect();
    let mut builder = MatcherBuilder::new();
    for pieces in &phrases {
        builder.phrase(&[template(pieces)]);
    }
    let matcher = builder.build();
    for view in Views::new(published).iter() {
        let tokens = view.tokens();
        if tokens.len() > MAX_WORDS {
            continue;
        }
        let words: Vec<Word> = tokens
            .iter()
            .map(|token| (view.word(*token).to_owned(), token.gap == Gap::Sentence))
            .collect();
        agrees(&matcher, &phrases, (view, &words));
    }
}

fn agrees(matcher: &Matcher, phrases: &[Vec<Piece>], (view, words): (&NormalText, &[Word])) {
    let matches = matcher.matches(view, &[]);
    for (number, phrase) in phrases.iter().enumerate() {
        let own = matches
            .iter()
            .filter(|one| one.pattern.0 as usize == number);
        let mut found: Vec<_> = own.map(|one| (one.words.start, one.words.end)).collect();
        // Sorted by place as published, which other readings share.
        found.sort_unstable();
        let naive = shortest(&layings(phrase, words));
        let naive: Vec<_> = naive.into_iter().take(MAX_MATCHES_PER_PATTERN).collect();
        assert_eq!(found, naive, "{phrase:?} in {words:?}");
    }
}

/// A phrase of at most five words, choices (`a|b`), beginnings (`a*`) and
/// gaps (`..`).
fn phrase(line: &str) -> Option<Vec<Piece>> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in line.split(' ').take(5) {
        if part == ".." {
            // Neither first nor behind another.
            if matches!(pieces.last(), Some(Piece::OneOf(_))) {
                pieces.push(Piece::UpTo(2));
            }
            continue;
        }
        let choice = |choice: &str| {
            let word = fold_pattern(choice.trim_end_matches('*'));
            let is_word = word.chars().all(char::is_alphanumeric) && !word.is_empty();
            is_word.then(|| (word, choice.ends_with('*')))
        };
        let choices: Vec<_> = part.split('|').take(3).filter_map(choice).collect();
        if !choices.is_empty() {
            pieces.push(Piece::OneOf(choices));
        }
    }
    if matches!(pieces.last(), Some(Piece::UpTo(_))) {
        pieces.pop();
    }
    (!pieces.is_empty()).then_some(pieces)
}

/// A phrase of the naive reading as the matcher takes it.
pub(crate) fn template(phrase: &[Piece]) -> Template {
    let step = |piece: &Piece| match piece {
        Piece::OneOf(words) => Step::Words(words.as_slice().into()),
        Piece::UpTo(most) => Step::Gap(*most),
    };
    Template {
        steps: phrase.iter().map(step).collect(),
    }
}

/// Pages are hostile: whatever a server sends, reading it ends with fields or
/// a named fault.
pub(crate) fn extractor(body: &[u8]) {
    let _ = html::words(&String::from_utf8_lossy(body));
    let url = Url::parse("http://fuzz.example/").expect("a fixed address");
    for source in [CLASSIFIED, STRUCTURED, SITEMAP, JSON, FEED] {
        let source: Source = toml::from_str(source).expect("a fixed source");
        let kind = match &source.shape {
            Shape::Classified(_) => "text/html",
            Shape::Json(_) => "application/json",
            Shape::Feed | Shape::Sitemap(_) => "application/xml",
        };
        let at = Timestamp::UNIX_EPOCH;
        let Ok(page) = Page::saved(url.clone(), kind, body.to_vec(), at) else {
            continue;
        };
        for role in [Role::Listing, Role::Detail] {
            let _ = reading::read(&source, &page, &page.url, role);
        }
    }
}

/// A path, an empty line, a robots.txt. Whatever it is, it is read to its
/// end, and how its lines end changes nothing.
pub(crate) fn robots(bytes: &[u8]) {
    let at = bytes.windows(2).position(|two| two == b"\n\n");
    let (target, text) = match at {
        Some(at) => (String::from_utf8_lossy(&bytes[..at]), &bytes[at + 2..]),
        None => ("/".into(), bytes),
    };
    let rules = Rules::read(text, "lentera");
    let forbidden = rules.forbidding(&target);
    let _ = Robots::from_bytes(text).verdict(&Url::parse("http://fuzz.example/").expect("fixed"));
    let is_wide = text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF");
    if !is_wide && !text.contains(&b'\r') {
        let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
        let other = Rules::read(&lines.join(&b"\r\n"[..]), "lentera");
        assert_eq!(other.forbidding(&target), forbidden);
    }
}

/// Web archives come from anywhere, and our own may have been altered: reading
/// one ends, and every page that is read leads back to a place in it.
pub(crate) fn warc(bytes: &[u8]) {
    let options = Options {
        format: Some(Format::Warc),
        max_record_bytes: 1 << 16,
        ..Options::default()
    };
    let input = Box::new(io::Cursor::new(bytes.to_vec()));
    if let Ok(reader) = Reader::from_read("fuzz", input, None, &options) {
        for record in reader.flatten() {
            let Ok(post) = record.parse() else { continue };
            let capture = post
                .origin
                .capture
                .expect("a page of an archive has a place");
            assert!(capture.offset < bytes.len() as u64);
        }
    }
    let mut rest = bytes;
    while let Ok(record) = evidence::record(&mut rest) {
        assert!(record.get("WARC-Block-Digest").is_some());
        if rest.is_empty() {
            break;
        }
    }
}

const CLASSIFIED: &str = r#"
id = "fuzz"
kind = "classified"
start = ["http://fuzz.example/"]
[listing]
link = "a"
next = "a.berikut"
[post]
id_from_url = '/iklan/(\d+)'
title = "h1"
text = "div"
published = "time@datetime"
"#;

const STRUCTURED: &str = r#"
id = "fuzz"
kind = "structured"
start = ["http://fuzz.example/"]
"#;

const SITEMAP: &str = r#"
id = "fuzz"
kind = "sitemap"
start = ["http://fuzz.example/"]
[sitemap]
include = ['/iklan/']
"#;

const JSON: &str = r#"
id = "fuzz"
kind = "json"
start = ["http://fuzz.example/"]
[json]
items = "data"
id = "id"
text = "body"
next = "meta.next"
"#;

const FEED: &str = r#"
id = "fuzz"
kind = "feed"
start = ["http://fuzz.example/"]
"#;
