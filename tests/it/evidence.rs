//! A small folder of evidence with every kind of record, byte for byte.

use std::io::Read as _;
use std::path::Path;

use lentera::evidence::{Earlier, Evidence, Exchange, Run, Sameness, verify};
use lentera::id::Digest;
use lentera::post::Removed;

use crate::golden::golden;

/// What is asked for and what is answered.
struct Asked {
    url: &'static str,
    status: (u16, &'static str),
    headers: Vec<(String, Vec<u8>)>,
    body: &'static str,
}

fn asked(
    url: &'static str,
    status: (u16, &'static str),
    headers: &[(&str, &str)],
    body: &'static str,
) -> Asked {
    let headers = headers.iter();
    Asked {
        url,
        status,
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
            .collect(),
        body,
    }
}

const PAGE: &str =
    "<!doctype html><title>Dijual</title><h1>Dijual motor</h1><p>Kondisi baik.</p>\n";
const CLEAN: &str =
    "<!doctype html><h1>Kamar kos</h1><img src='data:,removed'><p>Dekat pasar.</p>\n";
const SERVED: &str = "<!doctype html><h1>Kamar kos</h1>\
    <img src='data:image/png;base64,AAAA'><p>Dekat pasar.</p>\n";

/// robots.txt, a redirect, an error page, pages as they came.
fn pages() -> Vec<Asked> {
    let html = ("content-type", "text/html; charset=utf-8");
    vec![
        asked(
            "http://pasar-kita.example/robots.txt",
            (200, "OK"),
            &[("content-type", "text/plain")],
            "User-agent: *\nDisallow: /privat/\n",
        ),
        asked(
            "http://pasar-kita.example/",
            (302, "Found"),
            &[("location", "/iklan/1")],
            "",
        ),
        asked(
            "http://pasar-kita.example/iklan/1",
            (200, "OK"),
            &[html, ("transfer-encoding", "chunked"), ("etag", "\"satu\"")],
            PAGE,
        ),
        asked(
            "http://pasar-kita.example/iklan/2",
            (404, "Not Found"),
            &[html],
            "<p>Tidak ada.</p>\n",
        ),
    ]
}

fn exchange<'a>(asked: &'a Asked, n: i64, request: &'a [(String, String)]) -> Exchange<'a> {
    let second = jiff::SignedDuration::from_secs(n);
    Exchange {
        url: asked.url,
        at: now() + second,
        remote: Some([192, 0, 2, 1].into()),
        request,
        status: asked.status.0,
        reason: asked.status.1,
        headers: &asked.headers,
        body: asked.body.as_bytes(),
        served: Digest::of(asked.body.as_bytes()),
        removed: &[],
    }
}

fn now() -> jiff::Timestamp {
    "2026-11-03T02:12:00Z".parse().unwrap()
}

/// Keeps every kind of record in `dir`.
fn collect(dir: &Path) {
    let about = [
        ("operator", "LSM Contoh"),
        ("http-header-user-agent", "lentera"),
    ];
    let run = Run {
        about: &about,
        rules: "0".repeat(64),
        sources: "1".repeat(64),
        ..Run::new("contoh", now())
    };
    let evidence = Evidence::create(dir, &run).unwrap();
    let request = [
        ("host".to_owned(), "pasar-kita.example".to_owned()),
        ("user-agent".to_owned(), "lentera".to_owned()),
    ];
    let pages = pages();
    let mut captures = Vec::new();
    for (n, page) in (0..).zip(&pages) {
        captures.push(evidence.keep(&exchange(page, n, &request)).unwrap());
    }
    let first = &captures[2];
    let earlier = Earlier {
        record_id: &first.record_id,
        url: pages[2].url,
        at: exchange(&pages[2], 2, &request).at,
        payload: first.digest,
    };
    let etag = [("etag", "\"satu\"")];
    let same = asked(pages[2].url, (304, "Not Modified"), &etag, "");
    evidence
        .keep_revisit(
            &exchange(&same, 10, &request),
            &earlier,
            Sameness::NotModified,
        )
        .unwrap();
    evidence
        .keep_revisit(
            &exchange(&pages[2], 20, &request),
            &earlier,
            Sameness::SamePayload,
        )
        .unwrap();
    let html = [("content-type", "text/html")];
    let page = asked(
        "http://pasar-kita.example/iklan/3",
        (200, "OK"),
        &html,
        CLEAN,
    );
    let picture = "data:image/png;base64,AAAA";
    let removed = [Removed {
        kind: "image/png".to_owned(),
        offset: SERVED.find(picture).unwrap() as u64,
        bytes: picture.len() as u64,
        digest: Digest::of(picture.as_bytes()),
    }];
    let page = Exchange {
        served: Digest::of(SERVED.as_bytes()),
        removed: &removed,
        ..exchange(&page, 30, &request)
    };
    evidence.keep(&page).unwrap();
    evidence.finish().unwrap();
}

#[test]
fn every_kind_of_record_is_written_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    collect(dir.path());
    let report = verify(dir.path(), None).unwrap();
    assert_eq!((report.fault, report.records), (None, 16));
    let file = std::fs::File::open(dir.path().join("contoh.warc.gz")).unwrap();
    let mut plain = String::new();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_string(&mut plain)
        .unwrap();
    let kept = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/evidence/small.warc"
    );
    golden(Path::new(kept), &plain);
}

#[test]
fn the_chain_says_who_collected_with_what() {
    let dir = tempfile::tempdir().unwrap();
    collect(dir.path());
    let chain = std::fs::read_to_string(dir.path().join("chain.log")).unwrap();
    let lines: Vec<serde_json::Value> = chain
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let events: Vec<&str> = lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["run-start", "segment-sealed", "run-end"]);
    for line in &lines {
        assert!(line["collector"].as_str().unwrap().starts_with("lentera/"));
    }
    assert_eq!(lines[1]["rules"], "0".repeat(64));
    assert_eq!(lines[1]["sources"], "1".repeat(64));
    assert_eq!(lines[1]["records"], 16);
    assert_eq!(lines[2]["at"], "2026-11-03T02:12:30Z");
    // As anybody can check without this program.
    let mut before = "0".repeat(64);
    for (line, value) in chain.lines().zip(&lines) {
        let (signed, _) = line.split_once(",\"this\":").unwrap();
        assert_eq!(value["prev"], *before);
        before = Digest::of(signed.as_bytes()).to_string();
        assert_eq!(value["this"], *before);
    }
    let warc = std::fs::read(dir.path().join("contoh.warc.gz")).unwrap();
    assert_eq!(lines[1]["sha256"], Digest::of(&warc).to_string());
}

#[test]
fn how_a_folder_stands_is_told_without_touching_it() {
    let dir = tempfile::tempdir().unwrap();
    let empty = lentera::evidence::state(dir.path()).unwrap();
    assert_eq!(empty, lentera::evidence::State::default());
    collect(dir.path());
    let run = Evidence::create(dir.path(), &Run::new("lain", now())).unwrap();
    let state = lentera::evidence::state(dir.path()).unwrap();
    assert_eq!((state.runs, state.killed, state.cuts), (2, 0, 0));
    assert_eq!((state.segments, state.records), (1, 16));
    assert_eq!(state.open.as_deref(), Some("lain"));
    drop(run);
    drop(Evidence::create(dir.path(), &Run::new("lagi", now())).unwrap());
    let state = lentera::evidence::state(dir.path()).unwrap();
    assert_eq!((state.runs, state.killed, state.segments), (3, 1, 2));
    assert_eq!(state.broken, None);
}
