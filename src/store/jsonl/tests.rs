//! Files that are whole or not there, and lines that are findings or skips.

use std::fs;

use super::*;
use crate::skip::{Skip, SkipReason};
use crate::store::sample;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn read(bytes: &[u8]) -> Vec<Result<Finding, Skip>> {
    Findings::new("in.jsonl", bytes).collect()
}

#[test]
fn a_finished_file_is_read_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let mut file = FindingsFile::create(&path).unwrap();
    file.write(&sample::record()).unwrap();
    file.write(&sample::record()).unwrap();
    assert_eq!(file.written(), 2);
    assert!(!path.exists(), "nothing appears before it is whole");
    assert_eq!(file.finish().unwrap(), path);
    let read: Vec<_> = Findings::open(&path).unwrap().collect();
    assert_eq!(read, vec![Ok(sample::record()), Ok(sample::record())]);
    assert_eq!(names(folder.path()), ["run.jsonl"]);
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_findings_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    FindingsFile::create(&path).unwrap().finish().unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[test]
fn a_stopped_run_keeps_its_part_and_leaves_the_earlier_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    fs::write(&path, "earlier").unwrap();
    let mut file = FindingsFile::create(&path).unwrap();
    file.write(&sample::record()).unwrap();
    let partial = file.finish_partial().unwrap();
    assert_eq!(partial, folder.path().join("run.partial.jsonl"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "earlier");
    assert_eq!(Findings::open(&partial).unwrap().count(), 1);
}

#[test]
fn a_dropped_file_takes_nothing_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    fs::write(&path, "earlier").unwrap();
    let mut file = FindingsFile::create(&path).unwrap();
    file.write(&sample::record()).unwrap();
    drop(file);
    assert_eq!(fs::read_to_string(&path).unwrap(), "earlier");
    assert_eq!(names(folder.path()), ["run.jsonl"]);
}

#[test]
fn a_folder_that_is_not_there_is_named_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = FindingsFile::create(folder.path().join("no/run.jsonl")).unwrap_err();
    assert!(error.to_string().contains("run.jsonl"), "{error}");
}

#[test]
fn bad_lines_are_named_and_the_good_ones_around_them_read() {
    let line = sample::record().to_line();
    let newer = line.replace("finding/1.1.0", "finding/2.0.0");
    let cut = &line[..line.len() / 2];
    let wrong = line.replace("\"level\":\"high\"", "\"level\":\"urgent\"");
    let mut bytes =
        format!("{line}\n\nnot json\r\n{cut}\n{newer}\n{{\"a\":1}}\n{wrong}\n").into_bytes();
    bytes.extend(b"\"\xff\"\n");
    bytes.extend(line.as_bytes());
    let read = read(&bytes);
    let skips: Vec<_> = read
        .iter()
        .filter_map(|one| one.as_ref().err())
        .map(|skip| (skip.line.unwrap(), skip.reason))
        .collect();
    assert_eq!(
        skips,
        [
            (3, SkipReason::MalformedJson),
            (4, SkipReason::MalformedJson),
            (5, SkipReason::UnknownFormat),
            (6, SkipReason::UnknownFormat),
            (7, SkipReason::MissingField),
            (8, SkipReason::InvalidUtf8),
        ]
    );
    assert_eq!(read.iter().filter(|one| one.is_ok()).count(), 2);
    assert!(read[0].is_ok() && read[7].is_ok());
}

#[test]
fn a_line_without_end_is_passed_over_without_being_kept() {
    let mut bytes = vec![b' '; MAX_LINE_BYTES + 2];
    bytes.push(b'\n');
    bytes.extend(sample::record().to_line().as_bytes());
    let read = read(&bytes);
    assert_eq!(read[0].as_ref().unwrap_err().reason, SkipReason::TooLong);
    assert_eq!(read[1], Ok(sample::record()));
    assert_eq!(read.len(), 2);
}

#[test]
fn what_cannot_be_opened_is_a_skip() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Findings::open(&folder.path().join("no.jsonl")).unwrap_err();
    assert_eq!(missing.reason, SkipReason::Unreadable);
    let directory = Findings::open(folder.path()).unwrap_err();
    assert_eq!(directory.reason, SkipReason::Directory);
}
