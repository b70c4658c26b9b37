//! Evidence read back by a parser of its own, and tampered with.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::bufread::GzDecoder;

use super::*;
use crate::post::Removed;

mod destroyed;
mod killed;
mod tamper;

fn at() -> Timestamp {
    "2026-11-03T02:12:00.25Z".parse().unwrap()
}

fn headers() -> Vec<(String, Vec<u8>)> {
    [
        ("content-type", b"text/html".as_slice()),
        ("transfer-encoding", b"chunked"),
        ("x-nama", b"caf\xE9"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_vec()))
    .to_vec()
}

fn exchange<'a>(url: &'a str, headers: &'a [(String, Vec<u8>)], body: &'a [u8]) -> Exchange<'a> {
    let remote = Some([127, 0, 0, 1].into());
    let (status, reason) = (200, "OK");
    Exchange {
        url,
        at: at(),
        remote,
        request: &[],
        status,
        reason,
        headers,
        body,
        served: Digest::of(body),
        removed: &[],
    }
}

/// Begins a run named `run`.
fn begin(dir: &Path) -> Evidence {
    let about = &[("operator", "tes")];
    let run = Run {
        about,
        ..Run::new("run", at())
    };
    Evidence::create(dir, &run).unwrap()
}

/// Writes pages with the given bodies and returns their captures.
fn keep(dir: &Path, bodies: &[&str]) -> Vec<Capture> {
    let evidence = begin(dir);
    let url = "http://pasar-kita.example/iklan/1?a=b";
    let keep = |body: &&str| {
        evidence
            .keep(&exchange(url, &headers(), body.as_bytes()))
            .unwrap()
    };
    let captures = bodies.iter().map(keep).collect();
    evidence.finish().unwrap();
    captures
}

/// One record: its headers, its block.
type Record = (BTreeMap<String, String>, Vec<u8>);

/// Reads the member at `offset`; returns it and where the next one begins.
fn record_at(bytes: &[u8], offset: usize) -> (Record, usize) {
    let mut rest = &bytes[offset..];
    let mut plain = Vec::new();
    GzDecoder::new(&mut rest).read_to_end(&mut plain).unwrap();
    let end = plain
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let head = std::str::from_utf8(&plain[..end]).unwrap();
    let mut lines = head.split("\r\n");
    assert_eq!(lines.next(), Some("WARC/1.1"));
    let fields: BTreeMap<String, String> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length: usize = fields["Content-Length"].parse().unwrap();
    let block = plain[end + 4..end + 4 + length].to_vec();
    assert_eq!(&plain[end + 4 + length..], b"\r\n\r\n");
    ((fields, block), bytes.len() - rest.len())
}

fn records(path: &Path) -> Vec<Record> {
    let bytes = fs::read(path).unwrap();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let (record, next) = record_at(&bytes, at);
        found.push(record);
        at = next;
    }
    found
}

#[test]
fn a_page_is_kept_as_records_that_any_reader_understands() {
    let dir = tempfile::tempdir().unwrap();
    keep(dir.path(), &["<p>dijual</p>"]);
    let records = records(&dir.path().join("run.warc.gz"));
    let kinds: Vec<&str> = records
        .iter()
        .map(|record| record.0["WARC-Type"].as_str())
        .collect();
    assert_eq!(kinds, ["warcinfo", "response", "request"]);
    for (fields, block) in &records {
        assert_eq!(
            fields["WARC-Block-Digest"],
            format!("sha256:{}", Digest::of(block))
        );
        assert_eq!(fields["WARC-Date"], "2026-11-03T02:12:00.25Z");
    }
    let info = String::from_utf8(records[0].1.clone()).unwrap();
    assert!(
        info.contains("software: lentera/") && info.contains("operator: tes"),
        "{info}"
    );
    let (answer, block) = &records[1];
    assert_eq!(
        answer["WARC-Target-URI"],
        "http://pasar-kita.example/iklan/1?a=b"
    );
    assert_eq!(answer["WARC-IP-Address"], "127.0.0.1");
    assert_eq!(
        answer["WARC-Payload-Digest"],
        format!("sha256:{}", Digest::of(b"<p>dijual</p>"))
    );
    let expected = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\
        X-Archive-Orig-Transfer-Encoding: chunked\r\nx-nama: caf\xE9\r\n\
        Content-Length: 13\r\n\r\n<p>dijual</p>";
    assert_eq!(block, expected);
    let (question, block) = &records[2];
    assert_eq!(question["WARC-Concurrent-To"], answer["WARC-Record-ID"]);
    assert!(block.starts_with(b"GET /iklan/1?a=b HTTP/1.1\r\n"));
}

#[test]
fn a_capture_leads_to_its_record() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("evidence");
    for capture in keep(&folder, &["a", "b", "a"]) {
        let bytes = fs::read(dir.path().join(&capture.path)).unwrap();
        let ((fields, _), _) = record_at(&bytes, capture.offset as usize);
        assert_eq!(fields["WARC-Record-ID"], capture.record_id);
        assert_eq!(
            fields["WARC-Payload-Digest"],
            format!("sha256:{}", capture.digest)
        );
    }
}

#[test]
fn two_captures_of_the_same_page_have_two_ids() {
    let dir = tempfile::tempdir().unwrap();
    let captures = keep(dir.path(), &["a", "a"]);
    assert_ne!(captures[0].record_id, captures[1].record_id);
}

#[test]
fn a_folder_has_one_writer_and_names_stay_inside_it() {
    let dir = tempfile::tempdir().unwrap();
    let first = begin(dir.path());
    let again = |name| Evidence::create(dir.path(), &Run::new(name, at()));
    let told = again("run").unwrap_err().to_string();
    assert!(told.contains("in use"), "{told}");
    drop(first);
    for name in ["../run", "", ".run", "a/b", "a\\b"] {
        assert!(again(name).is_err(), "{name}");
    }
}

#[test]
fn no_header_can_pass_for_another_record() {
    let dir = tempfile::tempdir().unwrap();
    let run = Run {
        about: &[("a\r\nb", "c\r\nWARC/1.1")],
        ..Run::new("run", at())
    };
    let evidence = Evidence::create(dir.path(), &run).unwrap();
    let bad = [("x\r\ny".to_owned(), b"1\r\n\r\n2".to_vec())];
    evidence
        .keep(&exchange("http://a.example/\r\nWARC-Type: x", &bad, b"z"))
        .unwrap();
    let records = records(&evidence.path());
    assert_eq!(records.len(), 3);
    assert_eq!(records[1].0["WARC-Type"], "response");
    assert!(
        records[1]
            .1
            .ends_with(b"\r\nx  y: 12\r\nContent-Length: 1\r\n\r\nz")
    );
}

#[test]
fn a_page_that_did_not_change_is_kept_as_a_revisit_of_the_earlier_record() {
    let dir = tempfile::tempdir().unwrap();
    let evidence = begin(dir.path());
    let (url, body) = ("http://pasar-kita.example/iklan/1", b"<p>dijual</p>");
    let served = headers();
    let page = exchange(url, &served, body);
    let first = evidence.keep(&page).unwrap();
    let earlier = Earlier {
        record_id: &first.record_id,
        url,
        at: page.at,
        payload: first.digest,
    };
    let silent = Exchange {
        status: 304,
        reason: "Not Modified",
        body: b"",
        ..page
    };
    let kept = [
        evidence.keep_revisit(&silent, &earlier, Sameness::NotModified),
        evidence.keep_revisit(&page, &earlier, Sameness::SamePayload),
        // Neither is what it is said to be.
        evidence.keep_revisit(&page, &earlier, Sameness::NotModified),
        evidence.keep_revisit(
            &exchange(url, &served, b"<p>lain</p>"),
            &earlier,
            Sameness::SamePayload,
        ),
    ]
    .map(Result::unwrap);
    assert_eq!(kept[0].digest, first.digest);
    assert_eq!(kept[1].digest, first.digest);
    assert_eq!(kept[3].digest, Digest::of(b"<p>lain</p>"));
    evidence.finish().unwrap();
    let records = records(&evidence.path());
    let kinds: Vec<&str> = records
        .iter()
        .map(|record| record.0["WARC-Type"].as_str())
        .filter(|kind| *kind != "request")
        .collect();
    assert_eq!(
        kinds,
        [
            "warcinfo", "response", "revisit", "revisit", "response", "response"
        ]
    );
    for (n, profile) in [(3, "server-not-modified"), (5, "identical-payload-digest")] {
        let (fields, block) = &records[n];
        assert!(fields["WARC-Profile"].ends_with(profile), "{fields:?}");
        assert_eq!(fields["WARC-Refers-To"], first.record_id);
        assert_eq!(fields["WARC-Refers-To-Target-URI"], url);
        assert_eq!(fields["WARC-Refers-To-Date"], "2026-11-03T02:12:00.25Z");
        assert_eq!(
            fields["WARC-Payload-Digest"],
            format!("sha256:{}", first.digest)
        );
        assert!(block.ends_with(b"\r\n\r\n"), "no body is kept again");
    }
    assert_eq!(verify(dir.path(), None).unwrap().fault, None);
}

#[test]
fn a_page_with_pictures_is_kept_without_them_and_refers_to_what_was_served() {
    let dir = tempfile::tempdir().unwrap();
    let evidence = begin(dir.path());
    let served = b"<img src='data:image/png;base64,RAHASIA'>hai";
    let removed = [Removed {
        kind: "image/png".to_owned(),
        offset: 10,
        bytes: 29,
        digest: Digest::of(b"data:image/png;base64,RAHASIA"),
    }];
    let shown = headers();
    let page = Exchange {
        served: Digest::of(served),
        removed: &removed,
        ..exchange("http://a.example/", &shown, b"<img src='data:,removed'>hai")
    };
    let capture = evidence.keep(&page).unwrap();
    // The rest may come again, but with another picture.
    let earlier = Earlier {
        record_id: &capture.record_id,
        url: page.url,
        at: page.at,
        payload: capture.digest,
    };
    let again = evidence
        .keep_revisit(&page, &earlier, Sameness::SamePayload)
        .unwrap();
    evidence.finish().unwrap();
    let records = records(&evidence.path());
    assert_eq!(records[4].0["WARC-Record-ID"], again.record_id);
    assert_eq!(records[4].0["WARC-Type"], "conversion");
    let [(kept, block), _, (about, told)] = &records[1..4] else {
        panic!("{records:?}");
    };
    assert_eq!(kept["WARC-Type"], "conversion");
    assert_eq!(kept["WARC-Record-ID"], capture.record_id);
    assert_eq!(kept["Content-Type"], "text/html");
    assert_eq!(block, b"<img src='data:,removed'>hai");
    assert_eq!(capture.digest, Digest::of(block));
    let digest = format!("sha256:{}", Digest::of(served));
    assert_eq!(kept["WARC-Refers-To-Payload-Digest"], digest);
    assert_eq!(kept["WARC-Refers-To"], about["WARC-Record-ID"]);
    assert_eq!(about["WARC-Type"], "metadata");
    assert_eq!(about["WARC-Concurrent-To"], kept["WARC-Record-ID"]);
    let told = String::from_utf8(told.clone()).unwrap();
    let piece = format!(
        "removed: image/png at=10 length=29 sha256:{}\r\n",
        removed[0].digest
    );
    for part in [
        "http-status: 200 OK\r\n",
        "http-header: content-type: text/html\r\n",
        &format!("payload-as-served: {digest}\r\n"),
        &piece,
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert_eq!(verify(dir.path(), None).unwrap().fault, None);
    for (_, block) in &records {
        assert!(!String::from_utf8_lossy(block).contains("RAHASIA"));
    }
}

#[test]
fn a_file_that_grows_large_is_ended_and_another_begun() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("evidence");
    let run = Run {
        max_file_bytes: 2000,
        ..Run::new("run", at())
    };
    let evidence = Evidence::create(&folder, &run).unwrap();
    let shown = headers();
    let pages: Vec<String> = (0..20).map(|n| format!("<p>nomor {n}</p>")).collect();
    let captures: Vec<Capture> = pages
        .iter()
        .map(|page| {
            let exchange = exchange("http://a.example/", &shown, page.as_bytes());
            evidence.keep(&exchange).unwrap()
        })
        .collect();
    evidence.finish().unwrap();
    assert!(
        evidence
            .keep(&exchange("http://a.example/", &shown, b""))
            .is_err()
    );
    let report = verify(&folder, None).unwrap();
    assert_eq!(report.fault, None);
    assert!(report.segments > 3, "{report:?}");
    assert_eq!(report.records, report.segments + 2 * 20);
    for (capture, page) in captures.iter().zip(&pages) {
        let bytes = fs::read(dir.path().join(&capture.path)).unwrap();
        let ((fields, block), _) = record_at(&bytes, capture.offset as usize);
        assert_eq!(fields["WARC-Record-ID"], capture.record_id);
        assert!(block.ends_with(page.as_bytes()));
    }
    // Each file tells by itself who collected.
    for n in ["", "-2", "-3"] {
        let first = &records(&folder.join(format!("run{n}.warc.gz")))[0].0;
        assert_eq!(first["WARC-Type"], "warcinfo");
        assert_eq!(first["WARC-Filename"], format!("run{n}.warc.gz"));
    }
}

#[test]
fn a_post_that_is_gone_is_kept_as_gone_and_its_copy_stays() {
    let dir = tempfile::tempdir().unwrap();
    let first = keep(dir.path(), &["<p>dijual</p>"]).remove(0);
    let before = fs::read(dir.path().join("run.warc.gz")).unwrap();
    let evidence = begin(dir.path());
    let shown = headers();
    let gone = Exchange {
        status: 410,
        reason: "Gone",
        ..exchange("http://pasar-kita.example/iklan/1?a=b", &shown, b"dihapus")
    };
    evidence.keep(&gone).unwrap();
    evidence.finish().unwrap();
    assert_eq!(fs::read(dir.path().join("run.warc.gz")).unwrap(), before);
    let (kept, _) = record_at(&before, first.offset as usize);
    assert!(kept.1.ends_with(b"<p>dijual</p>"));
    let (fields, block) = &records(&evidence.path())[1];
    assert_eq!(fields["WARC-Type"], "response");
    assert!(block.starts_with(b"HTTP/1.1 410 Gone\r\n"));
    assert!(block.ends_with(b"dihapus"));
}

#[test]
fn the_same_pages_at_the_same_time_give_the_same_bytes() {
    let write = || {
        let dir = tempfile::tempdir().unwrap();
        keep(dir.path(), &["a", "b"]);
        let files = ["run.warc.gz", manifest::FILE, chain::FILE, chain::HEAD];
        files.map(|name| fs::read(dir.path().join(name)).unwrap())
    };
    assert_eq!(write(), write());
}

#[test]
fn after_a_failed_write_nothing_more_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let evidence = begin(dir.path());
    let full = || io::Error::new(io::ErrorKind::StorageFull, "penuh");
    evidence.with::<()>(|_| Err(full())).unwrap_err();
    let again = [
        evidence
            .keep(&exchange("http://a.example/", &[], b""))
            .err(),
        evidence.sync().err(),
        evidence.finish().err(),
    ];
    for error in again {
        let told = error.unwrap().to_string();
        assert!(told.contains("an earlier write"), "{told}");
    }
    // The next run finds what was kept before, and says how this one ended.
    drop(evidence);
    let recovered = recover(dir.path(), None, at()).unwrap();
    assert_eq!(recovered.run.as_deref(), Some("run"));
    assert_eq!(verify(dir.path(), None).unwrap().fault, None);
}

#[test]
fn what_names_the_asker_is_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let evidence = begin(dir.path());
    let request = [("Authorization".to_owned(), "Bearer RAHASIA".to_owned())];
    let page = Exchange {
        request: &request,
        ..exchange("http://a.example/", &[], b"")
    };
    evidence.keep(&page).unwrap();
    let block = String::from_utf8(records(&evidence.path())[2].1.clone()).unwrap();
    assert!(block.contains("Authorization: [not kept]"), "{block}");
}
