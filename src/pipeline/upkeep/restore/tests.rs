//! Backups as strangers would write them.

use std::io::Write as _;

use super::*;
use crate::id::Digest;

/// A tar entry: path, kind, bytes. The path is written as it is.
type Entry<'e> = (&'e str, tar::EntryType, &'e [u8]);

fn file<'e>(path: &'e str, bytes: &'e [u8]) -> Entry<'e> {
    (path, tar::EntryType::Regular, bytes)
}

fn archive(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for (path, kind, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        // Not `set_path`, which refuses what is to be refused here.
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        out.write_all(header.as_bytes()).unwrap();
        out.write_all(bytes).unwrap();
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn manifest(files: &[(&str, &[u8])]) -> Vec<u8> {
    let files = files.iter().map(|(path, bytes)| BackedUp {
        path: (*path).to_owned(),
        bytes: bytes.len() as u64,
        sha256: Digest::of(bytes).to_string(),
    });
    let manifest = BackupManifest {
        format: FORMAT.to_owned(),
        collector: "tes".to_owned(),
        made_at: "2026-11-03T12:00:00Z".to_owned(),
        with_keys: false,
        files: files.collect(),
    };
    serde_json::to_vec(&manifest).unwrap()
}

/// What is said of a backup with these files, all of them in the manifest.
fn said(entries: &[Entry<'_>]) -> String {
    let told: Vec<(&str, &[u8])> = entries.iter().map(|one| (one.0, one.2)).collect();
    let json = manifest(&told);
    let all = [&[file(MANIFEST, &json)], entries].concat();
    outcome(&archive(&all))
}

fn outcome(bytes: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let inner = dir.path().join("a").join("b");
    std::fs::create_dir_all(&inner).unwrap();
    let said = match unpack(bytes, &inner) {
        Ok(_) => "taken".to_owned(),
        Err(error) => error.to_string(),
    };
    // Whatever it is, nothing is written outside.
    for outside in [dir.path(), &dir.path().join("a")] {
        assert_eq!(outside.read_dir().unwrap().count(), 1, "{said}");
    }
    said
}

#[test]
fn plain_files_of_a_workspace_are_taken() {
    let entries = [file(CONFIG, b""), file("evidence/a.warc.gz", b"x")];
    assert_eq!(said(&entries), "taken");
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    for path in [
        "../x",
        "/etc/x",
        "evidence/../../x",
        "evidence/./x",
        "evidence//x",
        "evidence/",
        "evidence",
        "x",
        "C:/x",
        "evidence/c:x",
        "evidence\\..\\x",
        "crawl.lock",
    ] {
        let said = said(&[file(path, b"x")]);
        assert!(said.contains("is no file of a workspace"), "{path}: {said}");
    }
}

#[test]
fn only_plain_files_are_taken() {
    use tar::EntryType;
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::Char,
        EntryType::Block,
    ] {
        let said = said(&[("evidence/x", kind, b"")]);
        assert!(said.contains("is no plain file"), "{kind:?}: {said}");
    }
}

#[test]
fn what_the_manifest_does_not_say_is_refused() {
    let json = manifest(&[("evidence/x", b"x")]);
    let begin = file(MANIFEST, &json);
    let with = |more: &[Entry<'_>]| outcome(&archive(&[&[begin], more].concat()));
    assert!(with(&[]).contains("\"evidence/x\" is missing"));
    let twice = with(&[file("evidence/x", b"x"), file("evidence/x", b"x")]);
    assert!(twice.contains("is there twice"), "{twice}");
    assert!(with(&[file("evidence/y", b"x")]).contains("is not in the manifest"));
    let long = with(&[file("evidence/x", b"xx")]);
    assert!(long.contains("has 2 bytes, expected 1"), "{long}");
    assert!(with(&[file("evidence/x", b"y")]).contains("sha256"));
    let double = manifest(&[("evidence/x", b"x"), ("evidence/x", b"x")]);
    let double = outcome(&archive(&[file(MANIFEST, &double)]));
    assert!(double.contains("names \"evidence/x\" twice"), "{double}");
    let first = outcome(&archive(&[file("evidence/x", b"x")]));
    assert!(first.contains("not with BACKUP.json"), "{first}");
    let other = String::from_utf8(json.clone()).unwrap();
    let other = other.replace("backup/1", "backup/2");
    let other = outcome(&archive(&[file(MANIFEST, other.as_bytes())]));
    assert!(other.contains("lentera-backup/2"), "{other}");
    assert!(outcome(b"").contains("empty"));
}

#[test]
fn a_backup_that_breaks_off_is_refused() {
    let json = manifest(&[("evidence/x", &[7; 900])]);
    let whole = archive(&[file(MANIFEST, &json), file("evidence/x", &[7; 900])]);
    assert_eq!(outcome(&whole), "taken");
    for length in (0..whole.len() - 1024 - 124).step_by(97) {
        assert_ne!(outcome(&whole[..length]), "taken", "{length}");
    }
}
