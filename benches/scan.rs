//! How fast posts are scanned with the embedded pack, on one thread.
//!
//! Posts are parsed before the clock starts: this measures the rules, not the
//! reading.

mod corpus;

use std::io::Cursor;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use lentera::archive::{Options, Reader, Record};
use lentera::assessment::Assessment;
use lentera::post::Post;
use lentera::rule::{load, shipped};
use lentera::scan::Scanner;

fn main() {
    divan::main();
}

static POSTS: LazyLock<Vec<Post>> = LazyLock::new(|| {
    // Run by `cargo test --benches`, each benchmark runs once.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let bytes = if measured { 2 << 20 } else { 64 << 10 };
    let mut lines = Vec::new();
    let written = corpus::Corpus::new(7).write(bytes, &mut lines);
    written.expect("writing to memory cannot fail");
    let size = Some(lines.len() as u64);
    let input = Box::new(Cursor::new(lines));
    let reader = Reader::from_read("a.jsonl", input, size, &Options::default());
    reader
        .expect("the corpus opens")
        .map(|record| record.and_then(Record::parse))
        .map(|post| post.expect("the corpus is well-formed"))
        .collect()
});

/// Bytes of the fields that are matched.
fn matched_bytes() -> usize {
    let fields = POSTS.iter().flat_map(Post::fields);
    fields.map(|(_, text)| text.len()).sum()
}

fn flagged(bencher: Bencher<'_, '_>) {
    let (rules, _) = load(&shipped());
    let rules = rules.expect("the embedded pack has no errors");
    let scanner = Scanner::new(&rules);
    bencher.bench(|| {
        let scanned = POSTS.iter().map(|post| scanner.scan(post));
        scanned.filter(Assessment::is_flagged).count()
    });
}

#[divan::bench]
fn scan_posts(bencher: Bencher<'_, '_>) {
    flagged(bencher.counter(ItemsCount::new(POSTS.len())));
}

#[divan::bench]
fn scan_bytes(bencher: Bencher<'_, '_>) {
    flagged(bencher.counter(BytesCount::new(matched_bytes())));
}
