//! What is destroyed on purpose is gone, and told; what is not told shows.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::evidence::destroyed::in_place_of;

const RULE: (&str, u64) = ("evidence_unreferenced", 30);

fn later() -> Timestamp {
    "2027-01-01T00:00:00Z".parse().unwrap()
}

fn start() -> Event {
    Event::PurgeStart(PurgeStart {
        purge: "p1".to_owned(),
        who: "Budi".to_owned(),
        why: "masa simpan".to_owned(),
        retention: BTreeMap::from([(RULE.0.to_owned(), RULE.1)]),
    })
}

fn end() -> Event {
    Event::PurgeEnd(PurgeEnd {
        purge: "p1".to_owned(),
        findings: 0,
        posts: 0,
        records: 0,
        files: 0,
        folders: 0,
    })
}

fn needed(captures: &[&Capture]) -> BTreeSet<String> {
    let ids = captures.iter().map(|capture| capture.record_id.clone());
    ids.collect()
}

/// Destroys everything but what these captures need.
fn purge(dir: &Path, kept: &[&Capture]) {
    let mut destroyer = Destroyer::open(dir, None, later()).unwrap();
    destroyer.note(&start()).unwrap();
    for one in unneeded(dir, later(), needed(kept)).unwrap() {
        destroyer.destroy("p1", RULE, &one).unwrap();
    }
    destroyer.note(&end()).unwrap();
}

fn plain(path: &Path) -> String {
    let all = records(path);
    let texts = all.iter().map(|(fields, block)| {
        let block = String::from_utf8_lossy(block);
        format!("{fields:?}{block}")
    });
    texts.collect()
}

#[test]
fn a_file_of_which_nothing_is_needed_goes_and_is_not_missed() {
    let dir = tempfile::tempdir().unwrap();
    keep(dir.path(), &["a", "b"]);
    let kept = keep(dir.path(), &["c"]);
    let bytes = fs::read(dir.path().join("run.warc.gz")).unwrap();
    purge(dir.path(), &[&kept[0]]);
    assert!(!dir.path().join("run.warc.gz").exists());
    let report = verify(dir.path(), None).unwrap();
    assert_eq!(report.fault, None);
    assert_eq!((report.destroyed, report.destroyed_files), (5, 1));
    assert_eq!((report.segments, report.records), (1, 3));
    let state = state(dir.path()).unwrap();
    assert_eq!((state.segments, state.records, state.destroyed), (1, 3, 5));
    assert_eq!((state.purges, state.unfinished), (1, None));

    // Put back, it shows; and so does one taken away without a word.
    fs::write(dir.path().join("run.warc.gz"), bytes).unwrap();
    let fault = verify(dir.path(), None).unwrap().fault.unwrap();
    assert!(fault.what.contains("says that it was destroyed"), "{fault}");
    fs::remove_file(dir.path().join("run.warc.gz")).unwrap();
    fs::remove_file(dir.path().join("run-2.warc.gz")).unwrap();
    let fault = verify(dir.path(), None).unwrap().fault.unwrap();
    assert_eq!(fault.to_string(), "run-2.warc.gz: the file is missing");
}

#[test]
fn in_a_file_that_is_needed_in_part_the_rest_stays_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let captures = keep(dir.path(), &["hilang-satu", "tinggal", "hilang-dua"]);
    let path = dir.path().join("run.warc.gz");
    let before = fs::read(&path).unwrap();
    assert!(plain(&path).contains("hilang-satu"));
    purge(dir.path(), &[&captures[1]]);
    let after = fs::read(&path).unwrap();
    assert_eq!(after.len(), before.len());
    let text = plain(&path);
    assert!(
        text.contains("tinggal") && !text.contains("hilang"),
        "{text}"
    );
    // A parser of its own reads it as before.
    let kinds: Vec<String> = records(&path)
        .iter()
        .map(|record| record.0["WARC-Type"].clone())
        .collect();
    let kept = ["response", "request"];
    assert_eq!(kinds[3..5], kept);
    assert_eq!(kinds.iter().filter(|kind| *kind == "metadata").count(), 4);
    let of = &captures[1];
    let read = captured(&path, of.offset, &of.record_id).unwrap();
    assert_eq!(read.len(), 2);
    let gone = captured(&path, captures[0].offset, &captures[0].record_id);
    let told = gone.unwrap_err().to_string();
    assert!(told.contains("was destroyed"), "{told}");
    let report = verify(dir.path(), None).unwrap();
    assert_eq!(report.fault, None);
    assert_eq!((report.records, report.destroyed), (3, 4));

    // Whatever is changed in place of a record shows, too.
    let at = captures[0].offset as usize;
    for place in [at + 12, at + 150] {
        let mut bytes = after.clone();
        bytes[place] ^= 1;
        fs::write(&path, bytes).unwrap();
        let fault = verify(dir.path(), None).unwrap().fault.unwrap();
        assert!(fault.what.contains("in place of a destroyed"), "{fault}");
    }
    fs::write(&path, &after).unwrap();

    // What is left of it can go later.
    purge(dir.path(), &[]);
    assert!(!path.exists());
    let report = verify(dir.path(), None).unwrap();
    assert_eq!((report.fault, report.destroyed), (None, 7));
}

#[test]
fn what_a_kept_revisit_refers_to_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let first = keep(dir.path(), &["sama", "lain"]).remove(0);
    let evidence = begin(dir.path());
    let shown = headers();
    let page = exchange("http://a.example/", &shown, b"sama");
    let earlier = Earlier {
        record_id: &first.record_id,
        url: "http://a.example/",
        at: at(),
        payload: first.digest,
    };
    let again = evidence.keep_revisit(&page, &earlier, Sameness::SamePayload);
    let again = again.unwrap();
    evidence.finish().unwrap();
    purge(dir.path(), &[&again]);
    let text = plain(&dir.path().join("run.warc.gz"));
    assert!(text.contains("sama") && !text.contains("lain"), "{text}");
    assert_eq!(verify(dir.path(), None).unwrap().fault, None);
}

#[test]
fn nothing_younger_than_asked_and_nothing_of_a_damaged_file_goes() {
    let dir = tempfile::tempdir().unwrap();
    let captures = keep(dir.path(), &["a", "b"]);
    let early = "2026-11-03T02:12:00Z".parse().unwrap();
    assert_eq!(unneeded(dir.path(), early, BTreeSet::new()).unwrap(), []);

    let path = dir.path().join("run.warc.gz");
    let mut bytes = fs::read(&path).unwrap();
    let found = unneeded(dir.path(), later(), needed(&[&captures[0]])).unwrap();
    bytes[captures[0].offset as usize + 60] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let mut destroyer = Destroyer::open(dir.path(), None, later()).unwrap();
    destroyer.note(&start()).unwrap();
    let told = destroyer.destroy("p1", RULE, &found[0]).unwrap_err();
    assert!(told.to_string().contains("not what the manifest says"));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_purge_killed_at_any_step_ends_the_same() {
    for whole in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let captures = keep(dir.path(), &["a", "b"]);
        let kept: &[&Capture] = if whole { &[] } else { &[&captures[1]] };
        let log = |name| fs::read(dir.path().join(name)).unwrap();
        let found = unneeded(dir.path(), later(), needed(kept))
            .unwrap()
            .remove(0);
        let announced = Event::RecordsDestroyed(RecordsDestroyed {
            purge: "p1".to_owned(),
            rule: RULE.0.to_owned(),
            days: RULE.1,
            file: found.file.clone(),
            destroyed_lines: if whole { "1-5" } else { "2-3" }.to_owned(),
            records: found.lines.len() as u64,
            whole,
        });
        let mut destroyer = Destroyer::open(dir.path(), None, later()).unwrap();
        destroyer.note(&start()).unwrap();
        destroyer.note(&announced).unwrap();
        drop(destroyer);
        let (chain, head) = (log(chain::FILE), log(chain::HEAD));
        let fault = verify(dir.path(), None).unwrap().fault.unwrap();
        assert!(fault.what.contains("purge was cut off"), "{fault}");
        // A run in between changes nothing of it.
        let mut ends = Vec::new();
        for step in ["announced", "half written", "put in place"] {
            if step == "half written" {
                fs::write(dir.path().join("run.warc.gz.destroying"), "x").unwrap();
            }
            if step != "announced" {
                fs::write(dir.path().join(chain::FILE), &chain).unwrap();
                fs::write(dir.path().join(chain::HEAD), &head).unwrap();
            }
            let mut destroyer = Destroyer::open(dir.path(), None, later()).unwrap();
            assert_eq!(destroyer.unfinished().unwrap().start.who, "Budi");
            destroyer.carry_out().unwrap();
            destroyer.note(&end()).unwrap();
            drop(destroyer);
            let report = verify(dir.path(), None).unwrap();
            assert_eq!(report.fault, None, "{step}");
            ends.push((report.head, fs::read(dir.path().join("run.warc.gz")).ok()));
        }
        assert!(ends.windows(2).all(|two| two[0] == two[1]));
        assert_eq!(ends[0].1.is_none(), whole);
    }
}

#[test]
fn an_entry_that_claims_what_cannot_be_is_named() {
    let claim = |file: &str, lines: &str, records| {
        let dir = tempfile::tempdir().unwrap();
        keep(dir.path(), &["a"]);
        let mut opened = Opened::open(dir.path(), None, later()).unwrap();
        let event = Event::RecordsDestroyed(RecordsDestroyed {
            purge: "p1".to_owned(),
            rule: RULE.0.to_owned(),
            days: RULE.1,
            file: file.to_owned(),
            destroyed_lines: lines.to_owned(),
            records,
            whole: true,
        });
        opened.log(later(), event).unwrap();
        let gone = Event::RecordsGone(RecordsGone {
            purge: "p1".to_owned(),
            of: opened.chain.place().seq,
            file: file.to_owned(),
            bytes: 0,
            sha256: String::new(),
        });
        opened.log(later(), gone).unwrap();
        drop(opened);
        let _ = fs::remove_file(dir.path().join("run.warc.gz"));
        verify(dir.path(), None).unwrap().fault.unwrap().what
    };
    assert!(claim("lain.warc.gz", "1-3", 3).contains("never was a file"));
    assert!(claim("run.warc.gz", "1-2", 2).contains("of 3"));
    assert!(claim("run.warc.gz", "1-9", 9).contains("knows 3"));
    for lines in ["3-1", "1 1", "", "a"] {
        assert!(claim("run.warc.gz", lines, 3).contains("are no lines"));
    }
    assert!(claim("run.warc.gz", "1-3", 4).contains("3 lines and 4 records"));
}

#[test]
fn what_stands_in_place_of_a_record_has_its_length_whatever_that_is() {
    for length in (0..700).chain([59_999, 60_000, 60_100, 70_000, 131_700, 900_000]) {
        let listed = Listed {
            file: "f".to_owned(),
            offset: 0,
            length,
            kind: "response".to_owned(),
            id: "<urn:uuid:0>".to_owned(),
            sha256: String::new(),
        };
        let bytes = in_place_of(&listed, "2027-01-01T00:00:00Z");
        assert_eq!(bytes.len() as u64, length);
        if length < 24 {
            continue;
        }
        let mut text = String::new();
        GzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .unwrap();
        if !text.is_empty() {
            let ((fields, _), end) = record_at(&bytes, 0);
            assert_eq!(fields["WARC-Refers-To"], "<urn:uuid:0>");
            assert_eq!(end as u64, length);
        }
        assert!(!text.is_empty() || length < 210, "{length}");
    }
}
