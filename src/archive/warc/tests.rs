//! Pages of a WARC file, whole, packed and damaged.

use std::io::{Cursor, Write as _};

use flate2::{Compression, write::GzEncoder};

use crate::archive::{Options, Reader};
use crate::id::Digest;
use crate::post::Post;
use crate::skip::{Skip, SkipReason as Why};

const PAGES: &[u8] = include_bytes!("../../../tests/data/archive/pages.warc");
const DAMAGED: &[u8] = include_bytes!("../../../tests/data/archive/damaged.warc");

fn read(name: &str, bytes: &[u8]) -> Vec<Result<Post, Skip>> {
    let input = Box::new(Cursor::new(bytes.to_vec()));
    Reader::from_read(name, input, None, &Options::default())
        .unwrap()
        .map(|record| record.and_then(super::super::record::Record::parse))
        .collect()
}

/// Record number and text of each post, or why not.
fn texts(bytes: &[u8]) -> Vec<(u64, Result<String, Why>)> {
    read("p.warc", bytes)
        .into_iter()
        .map(|item| match item {
            Ok(post) => (post.origin.line, Ok(post.text)),
            Err(skip) => (skip.line.unwrap_or(0), Err(skip.reason)),
        })
        .collect()
}

fn ok(number: u64, text: &str) -> (u64, Result<String, Why>) {
    (number, Ok(text.to_owned()))
}

fn expected() -> Vec<(u64, Result<String, Why>)> {
    vec![
        ok(3, "Lowongan\nAdmin toko, gaji 4 juta"),
        (4, Err(Why::NotText)),
        (5, Err(Why::NotText)),
        ok(6, "Kos putri dekat kampus"),
        ok(7, "Lemari kayu jati, bisa antar"),
        ok(8, "Café mencari kasir"),
        (9, Err(Why::NotText)),
        ok(10, "Sepeda anak\nmulus"),
        (11, Err(Why::Empty)),
    ]
}

/// Each record in a member of its own, with where each member begins.
fn packed() -> (Vec<u8>, Vec<usize>) {
    let text: Vec<usize> = (0..PAGES.len())
        .filter(|&at| PAGES[at..].starts_with(b"WARC/1.1\r\n"))
        .collect();
    let ends = text.iter().skip(1).copied().chain([PAGES.len()]);
    let (mut whole, mut starts) = (Vec::new(), Vec::new());
    for (start, end) in text.iter().copied().zip(ends) {
        starts.push(whole.len());
        let mut encoder = GzEncoder::new(whole, Compression::default());
        encoder.write_all(&PAGES[start..end]).unwrap();
        whole = encoder.finish().unwrap();
    }
    (whole, starts)
}

#[test]
fn pages_are_read_and_media_are_counted_and_left() {
    assert_eq!(texts(PAGES), expected());
}

#[test]
fn a_post_says_exactly_where_its_page_is_kept() {
    let (whole, starts) = packed();
    assert_eq!(texts(&whole), expected());
    let posts = read("evidence/p.warc.gz", &whole);
    let post = posts[0].as_ref().unwrap();
    let capture = post.origin.capture.as_ref().unwrap();
    assert_eq!(capture.path, "evidence/p.warc.gz");
    assert_eq!(capture.offset, starts[2] as u64);
    assert_eq!(
        capture.record_id,
        "<urn:uuid:00000000-0000-0000-0000-000000000003>"
    );
    assert_eq!(post.collected.unwrap().to_string(), "2026-11-03T02:12:00Z");
    assert_eq!(post.native_id, "https://pasar.example/1");
    assert_eq!(post.title.as_deref(), Some("Lowongan admin"));
    assert_eq!(post.platform, "p");
    let chunked = posts[4].as_ref().unwrap().origin.digest;
    assert_eq!(chunked, Digest::of(b"<p>Lemari kayu jati, bisa antar</p>"));
    let plain = read("p.warc", PAGES)
        .remove(0)
        .unwrap()
        .origin
        .capture
        .unwrap();
    assert!(PAGES[plain.offset as usize..].starts_with(b"WARC/1.1\r\nWARC-Type: response"));
}

#[test]
fn a_malformed_record_costs_itself() {
    assert_eq!(
        texts(DAMAGED),
        [
            (2, Err(Why::MalformedWarc)),
            ok(3, "Lowongan\nAdmin toko, gaji 4 juta"),
            (4, Err(Why::MalformedWarc)),
            ok(5, "Sepeda anak\nmulus"),
            (6, Err(Why::TruncatedStream)),
        ]
    );
}

#[test]
fn a_damaged_gzip_member_costs_itself() {
    let (mut whole, starts) = packed();
    for byte in &mut whole[starts[2] + 30..starts[3] - 20] {
        *byte ^= 0x55;
    }
    let read = texts(&whole);
    let damaged = read
        .iter()
        .filter(|(_, item)| *item == Err(Why::MalformedWarc))
        .count();
    assert_eq!(damaged, 1, "{read:?}");
    assert!(
        read.iter()
            .any(|(_, item)| item.as_deref() == Ok("Kos putri dekat kampus"))
    );
    assert_eq!(read.last().unwrap().1, Err(Why::Empty));

    let (whole, starts) = packed();
    let cut = texts(&whole[..starts[5] + 60]);
    assert_eq!(cut.last().unwrap().1, Err(Why::TruncatedStream));
    assert_eq!(cut.len(), 4);
}

#[test]
fn a_page_that_unpacks_without_end_or_nests_without_end_is_refused() {
    let page = |coding: &str, body: &[u8]| {
        let mut block =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{coding}\r\n").into_bytes();
        block.extend_from_slice(body);
        let mut record = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\n\
             Content-Length: {}\r\n\r\n",
            block.len()
        )
        .into_bytes();
        record.extend_from_slice(&block);
        texts(&record)
    };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&vec![b' '; 8 << 20]).unwrap();
    let bomb = page("Content-Encoding: gzip\r\n", &encoder.finish().unwrap());
    assert_eq!(bomb, [(1, Err(Why::TooLong))]);
    assert_eq!(
        page("", "<div>".repeat(100_000).as_bytes()),
        [(1, Err(Why::MalformedPage))]
    );
    assert_eq!(page("", &vec![b'x'; 5 << 20]), [(1, Err(Why::TooLong))]);
}
