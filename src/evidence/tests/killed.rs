//! Runs that were killed, and what the next one makes of what they left.

use super::*;

/// A run that kept pages and was killed: nothing was ended.
fn killed(dir: &Path, bodies: &[&str]) -> (Vec<Capture>, Mark) {
    let evidence = begin(dir);
    let shown = headers();
    let captures = bodies
        .iter()
        .map(|body| {
            let page = exchange("http://a.example/", &shown, body.as_bytes());
            evidence.keep(&page).unwrap()
        })
        .collect();
    let mark = evidence.sync().unwrap();
    (captures, mark)
}

fn append(path: &Path, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}

fn cuts(recovered: &Recovered) -> Vec<(&str, u64, u64)> {
    let cuts = recovered.cuts.iter();
    cuts.map(|cut| (cut.file.as_str(), cut.from, cut.to))
        .collect()
}

#[test]
fn whole_records_stay_and_torn_ones_go_and_the_chain_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let (_, mark) = killed(dir.path(), &["a", "b"]);
    let warc = dir.path().join("run.warc.gz");
    let whole = fs::read(&warc).unwrap();
    assert_eq!(mark.end, whole.len() as u64);
    append(&warc, b"\x1f\x8b\x08");
    append(&dir.path().join(manifest::FILE), b"{\"seq\":6,\"pre");
    append(&dir.path().join(chain::FILE), b"{\"seq");
    let fault = verify(dir.path(), None).unwrap().fault;
    assert!(fault.is_some(), "a killed run does not pass");

    let recovered = recover(dir.path(), Some(&mark), at()).unwrap();
    assert_eq!(recovered.run.as_deref(), Some("run"));
    assert_eq!(
        (recovered.lost, &recovered.sealed[..]),
        (0, &["run.warc.gz".to_owned()][..])
    );
    let end = mark.end;
    let files: Vec<&str> = cuts(&recovered).iter().map(|cut| cut.0).collect();
    assert_eq!(files, [chain::FILE, manifest::FILE, "run.warc.gz"]);
    assert_eq!(cuts(&recovered)[2], ("run.warc.gz", end + 3, end));
    assert_eq!(
        recovered.cuts[2].sha256,
        Digest::of(b"\x1f\x8b\x08").to_string()
    );
    assert_eq!(fs::read(&warc).unwrap(), whole);
    let log = fs::read_to_string(dir.path().join(chain::FILE)).unwrap();
    assert!(
        log.contains(r#""event":"cut","file":"run.warc.gz""#),
        "{log}"
    );
    assert!(
        log.contains(r#""event":"run-end","run":"run","finished":false"#),
        "{log}"
    );
    let report = verify(dir.path(), None).unwrap();
    assert_eq!((report.fault, report.records), (None, 5));

    // Once is enough.
    assert_eq!(
        recover(dir.path(), Some(&mark), at()).unwrap(),
        Recovered::default()
    );
    assert_eq!(
        fs::read_to_string(dir.path().join(chain::FILE)).unwrap(),
        log
    );
}

#[test]
fn what_the_store_did_not_commit_is_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let (captures, _) = killed(dir.path(), &["a", "b", "c"]);
    // As captures name it.
    let mark = Mark {
        file: captures[1].path.clone(),
        end: captures[1].offset,
    };
    let recovered = recover(dir.path(), Some(&mark), at()).unwrap();
    assert_eq!(recovered.lost, 0);
    let length = fs::metadata(dir.path().join("run.warc.gz")).unwrap().len();
    assert_eq!(length, mark.end);
    let report = verify(dir.path(), None).unwrap();
    assert_eq!((report.fault, report.records), (None, 3));
}

#[test]
fn pages_that_never_reached_the_disk_are_missed() {
    let dir = tempfile::tempdir().unwrap();
    let (captures, mark) = killed(dir.path(), &["a", "b"]);
    // The length is there, the bytes are not: a power cut.
    let warc = dir.path().join("run.warc.gz");
    let mut bytes = fs::read(&warc).unwrap();
    bytes[captures[1].offset as usize..].fill(0);
    fs::write(&warc, bytes).unwrap();
    let recovered = recover(dir.path(), Some(&mark), at()).unwrap();
    assert_eq!(recovered.lost, mark.end - captures[1].offset);
    let log = fs::read_to_string(dir.path().join(chain::FILE)).unwrap();
    assert!(
        log.contains(r#""event":"lost","file":"run.warc.gz""#),
        "{log}"
    );
    assert_eq!(verify(dir.path(), None).unwrap().fault, None);
}

#[test]
fn the_next_run_puts_right_what_the_last_one_left_and_ended_files_stay() {
    let dir = tempfile::tempdir().unwrap();
    keep(dir.path(), &["a"]);
    let first = fs::read(dir.path().join("run.warc.gz")).unwrap();
    killed(dir.path(), &["b"]);
    // Killed again before its file had a record.
    append(&dir.path().join("run-2.warc.gz"), b"\x1f\x8b");
    keep(dir.path(), &["c"]);
    assert_eq!(fs::read(dir.path().join("run.warc.gz")).unwrap(), first);
    let report = verify(dir.path(), None).unwrap();
    assert_eq!(
        (report.fault, report.segments, report.records),
        (None, 3, 9)
    );
}

#[test]
fn a_kill_behind_a_rotation_leaves_the_ended_files_alone() {
    let dir = tempfile::tempdir().unwrap();
    let run = Run {
        max_file_bytes: 1500,
        ..Run::new("run", at())
    };
    let evidence = Evidence::create(dir.path(), &run).unwrap();
    let shown = headers();
    for n in 0..6 {
        let body = format!("<p>{n}</p>");
        evidence
            .keep(&exchange("http://a.example/", &shown, body.as_bytes()))
            .unwrap();
    }
    let mark = evidence.sync().unwrap();
    drop(evidence);
    let before = state(dir.path()).unwrap();
    assert!(before.segments > 1, "{before:?}");
    let names: Vec<String> = (1..=before.segments)
        .map(|n| match n {
            1 => "run.warc.gz".to_owned(),
            n => format!("run-{n}.warc.gz"),
        })
        .collect();
    let read = |name: &String| fs::read(dir.path().join(name)).unwrap();
    let ended: Vec<Vec<u8>> = names.iter().map(read).collect();
    let recovered = recover(dir.path(), Some(&mark), at()).unwrap();
    assert_eq!(recovered.sealed.len(), 1);
    assert_eq!(recovered.cuts, []);
    assert_eq!(names.iter().map(read).collect::<Vec<_>>(), ended);
    let report = verify(dir.path(), None).unwrap();
    assert_eq!((report.fault, report.segments), (None, before.segments + 1));
    assert_eq!(report.records, before.segments + 1 + 2 * 6);
}

#[test]
fn a_file_without_a_record_is_taken_away_and_a_stranger_is_not() {
    let dir = tempfile::tempdir().unwrap();
    killed(dir.path(), &["a"]);
    fs::write(dir.path().join("run-2.warc.gz"), b"").unwrap();
    fs::write(dir.path().join("lain.warc.gz"), b"x").unwrap();
    recover(dir.path(), None, at()).unwrap();
    assert!(!dir.path().join("run-2.warc.gz").exists());
    assert!(dir.path().join("lain.warc.gz").exists());
    let fault = verify(dir.path(), None).unwrap().fault.unwrap();
    assert_eq!(fault.file, "lain.warc.gz");
}

#[test]
fn a_kill_at_any_byte_of_any_file_is_put_right() {
    let whole = tempfile::tempdir().unwrap();
    let (captures, _) = killed(whole.path(), &["a", "b"]);
    let mark = Mark {
        file: captures[1].path.clone(),
        end: captures[1].offset,
    };
    for name in ["run.warc.gz", manifest::FILE] {
        let bytes = fs::read(whole.path().join(name)).unwrap();
        for length in (0..bytes.len()).step_by(61) {
            let dir = tempfile::tempdir().unwrap();
            for file in ["run.warc.gz", manifest::FILE, chain::FILE, chain::HEAD] {
                fs::copy(whole.path().join(file), dir.path().join(file)).unwrap();
            }
            fs::write(dir.path().join(name), &bytes[..length]).unwrap();
            recover(dir.path(), Some(&mark), at()).unwrap();
            let fault = verify(dir.path(), None).unwrap().fault;
            assert_eq!(fault, None, "{name} cut at {length}");
        }
    }
}

#[test]
fn what_no_kill_leaves_behind_is_not_put_right() {
    let dir = tempfile::tempdir().unwrap();
    keep(dir.path(), &["a"]);
    let log = dir.path().join(chain::FILE);
    let lines = fs::read_to_string(&log).unwrap();
    let without_last = lines.trim_end().rfind('\n').unwrap();
    for bad in [
        lines[..=without_last].to_owned(),
        lines.replacen("run-start", "run-stop", 1),
        lines.replacen("\"records\":3", "\"records\":4", 1),
        String::new(),
    ] {
        fs::write(&log, &bad).unwrap();
        let told = recover(dir.path(), None, at()).unwrap_err().to_string();
        assert!(told.contains("Keep this folder"), "{told}");
        assert_eq!(fs::read_to_string(&log).unwrap(), bad, "nothing is touched");
    }
}
