//! How fast inputs are cut and parsed, in bytes a second of what is on disk.
//!
//! Reads from memory: it measures the program and not the disk.

mod corpus;

use std::io::{Cursor, Write as _};
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use flate2::{Compression, write::GzEncoder};
use lentera::archive::{Options, Reader, Record, RecordRef};

fn main() {
    divan::main();
}

static JSONL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    // Run by `cargo test --benches`, each benchmark runs once.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let bytes = if measured { 16 << 20 } else { 64 << 10 };
    let mut lines = Vec::new();
    let written = corpus::Corpus::new(7).write(bytes, &mut lines);
    written.expect("writing to memory cannot fail");
    lines
});

static GZIP: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(&JSONL)
        .expect("writing to memory cannot fail");
    encoder.finish().expect("writing to memory cannot fail")
});

static CSV: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut table = csv::Writer::from_writer(Vec::new());
    table
        .write_record(["id", "title", "text"])
        .expect("writing to memory cannot fail");
    for record in open("a.jsonl", &JSONL) {
        let post = record
            .and_then(Record::parse)
            .expect("the corpus is well-formed");
        let title = post.title.as_deref().unwrap_or("");
        table
            .write_record([&post.native_id, title, &post.text])
            .expect("writing to memory cannot fail");
    }
    table.into_inner().expect("writing to memory cannot fail")
});

fn open(name: &str, bytes: &'static [u8]) -> Reader {
    let size = Some(bytes.len() as u64);
    let input = Box::new(Cursor::new(bytes));
    Reader::from_read(name, input, size, &Options::default()).expect("the corpus opens")
}

fn parse_all(name: &str, bytes: &'static [u8]) -> usize {
    open(name, bytes)
        .map(|record| record.and_then(Record::parse))
        .map(|post| post.expect("the corpus is well-formed"))
        .map(|post| post.text.len())
        .sum()
}

#[divan::bench]
fn jsonl_cut(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(JSONL.len()))
        .bench(|| open("a.jsonl", &JSONL).flatten().count());
}

#[divan::bench]
fn jsonl_cut_and_parse(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(JSONL.len()))
        .bench(|| parse_all("a.jsonl", &JSONL));
}

/// What a scan pays for a post that is judged and forgotten.
#[divan::bench]
fn jsonl_batches_and_gists(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(JSONL.len())).bench(|| {
        let mut reader = open("a.jsonl", &JSONL);
        let (mut bytes, mut spare) = (0, Vec::new());
        while let Some(batch) = reader.next_batch(spare) {
            for record in batch.items() {
                let gist = record.and_then(RecordRef::gist);
                bytes += gist.expect("the corpus is well-formed").post().text.len();
            }
            spare = batch.into_spare().unwrap_or_default();
        }
        bytes
    });
}

/// What of that the one framing thread pays.
#[divan::bench]
fn jsonl_batches(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(JSONL.len())).bench(|| {
        let mut reader = open("a.jsonl", &JSONL);
        let (mut batches, mut spare) = (0, Vec::new());
        while let Some(batch) = reader.next_batch(spare) {
            batches += 1;
            spare = batch.into_spare().unwrap_or_default();
        }
        batches
    });
}

#[divan::bench]
fn jsonl_gzip_cut_and_parse(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(JSONL.len()))
        .bench(|| parse_all("a.jsonl.gz", &GZIP));
}

#[divan::bench]
fn csv_cut_and_parse(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(CSV.len()))
        .bench(|| parse_all("a.csv", &CSV));
}
