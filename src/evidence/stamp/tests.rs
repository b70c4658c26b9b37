//! Requests as authorities read them, and answers kept beside them.

use super::*;
use crate::evidence::{Evidence, Run, verify};

fn at() -> Timestamp {
    "2026-11-03T02:12:00Z".parse().unwrap()
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let evidence = Evidence::create(dir.path(), &Run::new("run", at())).unwrap();
    evidence.finish().unwrap();
    dir
}

/// An answer as an authority writes it, as far as this program reads.
fn answer(status: u8, head: &str) -> Vec<u8> {
    let info = sequence(&[&[0x02, 1, status]]);
    let token = [vec![0; 300], imprint(head).unwrap()].concat();
    let length = (info.len() + token.len()) as u16;
    [&[0x30, 0x82], &length.to_be_bytes()[..], &info, &token].concat()
}

#[test]
fn a_request_holds_the_head_and_nothing_else_that_matters() {
    let dir = folder();
    let head = verify(dir.path(), None).unwrap().head.unwrap();
    let request = request(dir.path(), at()).unwrap();
    assert_eq!((request.of, &request.head), (3, &head));
    let bytes = fs::read(&request.path).unwrap();
    assert_eq!(bytes.len(), 69);
    let content = content(&bytes, 0x30).unwrap();
    assert_eq!(content.len(), 67, "one value fills the file");
    assert!(
        bytes
            .windows(34)
            .any(|part| part == imprint(&head).unwrap())
    );
    let report = verify(dir.path(), Some(&head)).unwrap();
    assert_eq!(report.fault, None);
}

#[test]
fn an_answer_is_kept_beside_its_request_and_guarded() {
    let dir = folder();
    let asked = request(dir.path(), at()).unwrap();
    request(dir.path(), at()).unwrap();
    let bytes = answer(0, &asked.head);
    let kept = response(dir.path(), &bytes, at()).unwrap();
    assert_eq!(kept.request, asked);
    assert_eq!(kept.path, dir.path().join("chain-3.tsr"));
    assert_eq!(verify(dir.path(), None).unwrap().fault, None);
    let again = response(dir.path(), &bytes, at()).unwrap_err().to_string();
    assert!(again.contains("there already"), "{again}");
    for name in ["chain-3.tsq", "chain-3.tsr"] {
        let path = dir.path().join(name);
        let before = fs::read(&path).unwrap();
        fs::write(&path, &before[1..]).unwrap();
        let fault = verify(dir.path(), None).unwrap().fault.unwrap();
        assert_eq!(fault.file, name);
        fs::write(&path, before).unwrap();
    }
}

#[test]
fn what_is_no_stamp_of_this_folder_is_refused() {
    let dir = folder();
    let asked = request(dir.path(), at()).unwrap();
    for (bytes, why) in [
        (b"<html>".to_vec(), "no time-stamp response"),
        (Vec::new(), "no time-stamp response"),
        (vec![0x30, 0x88, 0xff, 0xff], "no time-stamp response"),
        (answer(2, &asked.head), "refused"),
        (answer(0, &"ab".repeat(32)), "none of the requests"),
    ] {
        let told = response(dir.path(), &bytes, at()).unwrap_err().to_string();
        assert!(told.contains(why), "{told}");
    }
    let empty = tempfile::tempdir().unwrap();
    assert!(request(empty.path(), at()).is_err());
    assert_eq!(empty.path().read_dir().unwrap().count(), 0);
}
