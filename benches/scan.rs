//! How fast posts are folded, judged and written, with the embedded pack.

mod corpus;

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use lentera::archive::{Options, Reader, Record};
use lentera::post::Post;
use lentera::rule::{RuleFiles, RuleSet, RuleText, load, shipped};
use lentera::scan::Scanner;
use lentera::text::Views;

fn main() {
    divan::main();
}

/// Run by `cargo test --benches`, each benchmark runs once on little.
fn is_measured() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

static POSTS: LazyLock<Vec<Post>> = LazyLock::new(|| {
    let bytes = if is_measured() { 2 << 20 } else { 32 << 10 };
    let mut lines = Vec::new();
    let written = corpus::Corpus::new(7).write(bytes, &mut lines);
    written.expect("writing to memory cannot fail");
    let input = Box::new(Cursor::new(lines));
    let reader = Reader::from_read("corpus.jsonl", input, None, &Options::default());
    let reader = reader.expect("the corpus opens");
    reader
        .map(|record| record.and_then(Record::parse))
        .collect::<Result<_, _>>()
        .expect("the corpus is well-formed")
});

static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| load(&shipped()).0.expect("the embedded pack is sound"));

fn n_bytes(posts: &[Post]) -> usize {
    posts
        .iter()
        .flat_map(|post| post.fields().map(|(_, text)| text.len()))
        .sum()
}

#[divan::bench]
fn judge_posts(bencher: Bencher<'_, '_>) {
    let scanner = Scanner::new(&RULES);
    bencher
        .counter(BytesCount::new(n_bytes(&POSTS)))
        .counter(ItemsCount::new(POSTS.len()))
        .bench(|| {
            POSTS
                .iter()
                .map(|post| scanner.scan(post).points)
                .sum::<u32>()
        });
}

#[divan::bench]
fn fold_posts(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(n_bytes(&POSTS))).bench(|| {
        POSTS
            .iter()
            .map(|post| Views::new(&post.text).disguises.len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn load_the_embedded_pack(bencher: Bencher<'_, '_>) {
    let files = shipped();
    bencher.bench(|| load(&files).0.is_some());
}

/// Growth: loading a pack of so many phrases, all different.
#[divan::bench(args = [100, 1_000, 10_000])]
fn load_phrases(bencher: Bencher<'_, '_>, n: usize) {
    let files = generated(if is_measured() { n } else { 10 });
    bencher
        .counter(ItemsCount::new(n))
        .bench(|| load(&files).0.is_some());
}

/// Growth: judging the same posts with so many phrases.
#[divan::bench(args = [100, 1_000, 10_000])]
fn judge_with_phrases(bencher: Bencher<'_, '_>, n: usize) {
    let rules = load(&generated(if is_measured() { n } else { 10 }))
        .0
        .expect("a sound pack");
    let scanner = Scanner::new(&rules);
    bencher.counter(BytesCount::new(n_bytes(&POSTS))).bench(|| {
        POSTS
            .iter()
            .map(|post| scanner.scan(post).points)
            .sum::<u32>()
    });
}

/// A pack of `n` two-word phrases built from the corpus's own words.
fn generated(n: usize) -> RuleFiles {
    let mut words: BTreeSet<String> = BTreeSet::new();
    for post in POSTS.iter().take(400) {
        let views = Views::new(&post.text);
        let tokens = views
            .plain
            .tokens()
            .iter()
            .map(|&token| views.plain.word(token));
        words.extend(tokens.filter(|word| word.len() > 2).map(str::to_owned));
    }
    let words: Vec<String> = words.into_iter().collect();
    let phrase = |index: usize| {
        let (one, other) = (
            index % words.len(),
            (index * 7 + index / words.len()) % words.len(),
        );
        format!("{} {}x{index}\n", words[one], words[other])
    };
    let phrases: String = (0..n).map(phrase).collect::<Vec<_>>().concat();
    let text = format!(
        "[[source]]\nkey = \"S\"\ntitle = \"s\"\nwhere = \"s.example\"\n[[indicator]]\n\
         id = \"act.many\"\nalias = \"A1\"\ntitle = {{ id = \"a\", en = \"a\" }}\n\
         why = {{ id = \"a\", en = \"a\" }}\naxis = \"act\"\nstrength = \"weak\"\n\
         evidence = \"institutional\"\nsources = [\"S\"]\nstatus = \"active\"\n\
         [indicator.phrases]\nid = '''\n{phrases}'''\n"
    );
    let name = "many.toml".to_owned();
    RuleFiles::new(vec![RuleText {
        path: name.clone(),
        name,
        text,
    }])
}
