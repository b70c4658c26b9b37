//! Evidence read back by a parser of its own, and tampered with.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::bufread::GzDecoder;

use super::*;

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
    }
}

/// Writes pages with the given bodies and returns their captures.
fn keep(dir: &Path, bodies: &[&str]) -> Vec<Capture> {
    let evidence = Evidence::create(dir, "run", &[("operator", "tes")], at()).unwrap();
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
fn a_second_run_writes_a_second_file_and_goes_on_with_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    keep(dir.path(), &["a"]);
    let first = fs::read(dir.path().join("run.warc.gz")).unwrap();
    keep(dir.path(), &["b"]);
    assert_eq!(fs::read(dir.path().join("run.warc.gz")).unwrap(), first);
    assert!(dir.path().join("run-2.warc.gz").exists());
    let report = verify(dir.path()).unwrap();
    assert_eq!((report.records, report.broken), (6, vec![]));
    assert!(report.unlisted.is_empty());
}

#[test]
fn whatever_is_altered_or_taken_out_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    keep(dir.path(), &["a", "b"]);
    let warc = dir.path().join("run.warc.gz");
    let manifest = dir.path().join(manifest::FILE);
    let (kept, lines) = (
        fs::read(&warc).unwrap(),
        fs::read_to_string(&manifest).unwrap(),
    );
    let broken = |bytes: &[u8], lines: &str| {
        fs::write(&warc, bytes).unwrap();
        fs::write(&manifest, lines).unwrap();
        verify(dir.path()).unwrap().broken
    };
    assert!(broken(&kept, &lines).is_empty());
    let mut altered = kept.clone();
    altered[kept.len() / 2] ^= 1;
    assert_eq!(broken(&altered, &lines).len(), 1);
    assert!(!broken(&kept[..kept.len() - 1], &lines).is_empty());
    let without_one: String = lines
        .split_inclusive('\n')
        .enumerate()
        .filter(|(n, _)| *n != 2)
        .map(|(_, line)| line)
        .collect();
    assert!(!broken(&kept, &without_one).is_empty());
    assert!(!broken(&kept, &lines.replacen("\"offset\":0", "\"offset\":1", 1)).is_empty());
    assert!(!broken(&kept, &format!("{lines}sampah\n")).is_empty());
}

#[test]
fn what_a_crash_left_behind_is_accounted_for_and_nothing_is_rewritten() {
    let dir = tempfile::tempdir().unwrap();
    keep(dir.path(), &["a"]);
    let manifest = dir.path().join(manifest::FILE);
    let torn = format!("{}{{\"seq\":4,\"fi", fs::read_to_string(&manifest).unwrap());
    fs::write(&manifest, &torn).unwrap();
    let mut warc = OpenOptions::new()
        .append(true)
        .open(dir.path().join("run.warc.gz"))
        .unwrap();
    warc.write_all(b"\x1f\x8b\x08").unwrap();
    keep(dir.path(), &["b"]);
    assert!(fs::read_to_string(&manifest).unwrap().starts_with(&torn));
    let report = verify(dir.path()).unwrap();
    assert_eq!(report.broken, Vec::<String>::new());
    assert_eq!(
        report.unlisted,
        BTreeMap::from([("run.warc.gz".to_owned(), 3)])
    );
}

#[test]
fn a_folder_has_one_writer_and_names_stay_inside_it() {
    let dir = tempfile::tempdir().unwrap();
    let first = Evidence::create(dir.path(), "run", &[], at()).unwrap();
    assert!(Evidence::create(dir.path(), "run", &[], at()).is_err());
    drop(first);
    for name in ["../run", "", ".run", "a/b", "a\\b"] {
        assert!(
            Evidence::create(dir.path(), name, &[], at()).is_err(),
            "{name}"
        );
    }
}

#[test]
fn no_header_can_pass_for_another_record() {
    let dir = tempfile::tempdir().unwrap();
    let evidence =
        Evidence::create(dir.path(), "run", &[("a\r\nb", "c\r\nWARC/1.1")], at()).unwrap();
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
