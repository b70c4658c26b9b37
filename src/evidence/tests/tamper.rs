//! Whatever is done to a folder, `verify` tells.

use proptest::prelude::*;

use super::*;

/// Name and bytes of every file.
type Folder = Vec<(String, Vec<u8>)>;

/// A folder of two runs and three files.
fn folder() -> Folder {
    let dir = tempfile::tempdir().unwrap();
    keep(dir.path(), &["a", "b"]);
    keep(dir.path(), &["c"]);
    read(dir.path())
}

fn read(dir: &Path) -> Folder {
    let names = dir.read_dir().unwrap().map(|entry| entry.unwrap());
    let mut files: Folder = names
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn fault(files: &[(String, Vec<u8>)]) -> Option<Fault> {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    verify(dir.path(), None).unwrap().fault
}

/// The members of a WARC file.
fn members(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let (_, next) = record_at(bytes, at);
        found.push(&bytes[at..next]);
        at = next;
    }
    found
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n').collect()
}

/// Parts of a file: records of a WARC file, lines of another.
fn parts<'f>(name: &str, bytes: &'f [u8]) -> Vec<&'f [u8]> {
    if name.ends_with(SUFFIX) {
        members(bytes)
    } else {
        lines(bytes)
    }
}

#[test]
fn a_folder_in_order_passes_and_the_first_fault_is_named() {
    let mut files = folder();
    assert_eq!(fault(&files), None);
    let warc = files
        .iter_mut()
        .find(|file| file.0 == "run.warc.gz")
        .unwrap();
    let second = members(&warc.1)[0].len();
    let fields = record_at(&warc.1, second).0.0;
    warc.1[second + 40] ^= 1;
    let fault = fault(&files).unwrap();
    assert_eq!(fault.file, "run.warc.gz");
    assert_eq!(fault.offset, Some(second as u64));
    assert_eq!(fault.record.as_ref(), Some(&fields["WARC-Record-ID"]));
    assert!(fault.what.starts_with("expected sha256 "), "{fault}");
    let told = fault.to_string();
    assert!(
        told.starts_with(&format!("run.warc.gz, byte {second}, record <urn:uuid:")),
        "{told}"
    );
}

#[test]
fn every_file_is_needed_and_none_may_be_added() {
    let files = folder();
    for n in 0..files.len() {
        let mut fewer = files.clone();
        let (name, _) = fewer.remove(n);
        assert!(fault(&fewer).is_some(), "without {name}");
    }
    let mut more = files;
    more.push(("tambahan.warc.gz".to_owned(), Vec::new()));
    assert_eq!(fault(&more).unwrap().file, "tambahan.warc.gz");
}

#[test]
fn no_part_of_any_file_can_be_taken_out_doubled_or_moved() {
    let files = folder();
    for (n, (name, bytes)) in files.iter().enumerate() {
        let parts = parts(name, bytes);
        let with = |parts: &[&[u8]]| {
            let mut files = files.clone();
            files[n].1 = parts.concat();
            fault(&files)
        };
        for at in 0..parts.len() {
            let mut fewer = parts.clone();
            fewer.remove(at);
            assert!(with(&fewer).is_some(), "{name} without part {at}");
            let mut twice = parts.clone();
            twice.insert(at, parts[at]);
            assert!(with(&twice).is_some(), "{name} with part {at} twice");
            if at > 0 {
                let mut moved = parts.clone();
                moved.swap(at - 1, at);
                assert!(with(&moved).is_some(), "{name} with part {at} moved");
            }
        }
    }
}

#[test]
fn a_record_taken_out_of_file_and_manifest_still_shows() {
    let files = folder();
    let warc = files
        .iter()
        .position(|file| file.0 == "run-2.warc.gz")
        .unwrap();
    let manifest = files
        .iter()
        .position(|file| file.0 == manifest::FILE)
        .unwrap();
    let mut bad = files.clone();
    let members = members(&files[warc].1);
    bad[warc].1 = members[..members.len() - 1].concat();
    let lines = lines(&files[manifest].1);
    bad[manifest].1 = lines[..lines.len() - 1].concat();
    // The rest of both is as it was, and any WARC reader takes the file.
    assert!(fault(&bad).is_some());
}

#[test]
fn a_folder_written_anew_shows_to_who_noted_its_head() {
    let dir = tempfile::tempdir().unwrap();
    keep(dir.path(), &["a"]);
    let head = verify(dir.path(), None).unwrap().head.unwrap();
    keep(dir.path(), &["b"]);
    assert_eq!(verify(dir.path(), Some(&head)).unwrap().fault, None);
    let anew = tempfile::tempdir().unwrap();
    keep(anew.path(), &["c"]);
    assert!(verify(anew.path(), Some(&head)).unwrap().fault.is_some());
}

#[test]
fn a_record_that_was_kept_wrong_shows_although_its_bytes_are_listed() {
    // As if somebody had written the whole chain again around other bytes.
    let dir = tempfile::tempdir().unwrap();
    let evidence = begin(dir.path());
    let mut group = warc::response(
        &exchange("http://a.example/", &[], b"asli"),
        Origin {
            file: "run.warc.gz",
            offset: 0,
        },
    );
    let mut plain = Vec::new();
    GzDecoder::new(&group.members[0].bytes[..])
        .read_to_end(&mut plain)
        .unwrap();
    let at = plain.len() - 6;
    plain[at] ^= 1;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(&plain).unwrap();
    group.members[0].bytes = out.finish().unwrap();
    evidence.put(super::at(), |_| group.clone()).unwrap();
    evidence.finish().unwrap();
    let fault = verify(dir.path(), None).unwrap().fault.unwrap();
    assert!(fault.what.contains("WARC-Block-Digest sha256:"), "{fault}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_byte_can_be_altered(which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), by in 1_u8..) {
        let mut files = FOLDER.clone();
        let bytes = &mut which.get_mut(&mut files[..]).1;
        let place = place.index(bytes.len());
        bytes[place] ^= by;
        prop_assert!(fault(&files).is_some());
    }

    #[test]
    fn no_file_can_be_cut_short_or_added_to(which in any::<prop::sample::Index>(), length in any::<prop::sample::Index>(), more in prop::collection::vec(any::<u8>(), 0..20)) {
        let mut files = FOLDER.clone();
        let bytes = &mut which.get_mut(&mut files[..]).1;
        let before = bytes.clone();
        bytes.truncate(length.index(before.len() + 1));
        bytes.extend(more);
        prop_assume!(*bytes != before);
        prop_assert!(fault(&files).is_some());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_two_parts_can_change_places(
        which in any::<prop::sample::Index>(),
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let mut files = FOLDER.clone();
        let (name, bytes) = which.get_mut(&mut files[..]);
        let whole = bytes.clone();
        let mut parts = parts(name, &whole);
        let (one, other) = (one.index(parts.len()), other.index(parts.len()));
        prop_assume!(one != other);
        parts.swap(one, other);
        *bytes = parts.concat();
        prop_assert!(fault(&files).is_some());
    }

    #[test]
    fn whatever_a_file_holds_the_check_ends(
        which in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut files = FOLDER.clone();
        which.get_mut(&mut files[..]).1 = bytes;
        prop_assert!(fault(&files).is_some());
    }
}

static FOLDER: std::sync::LazyLock<Folder> = std::sync::LazyLock::new(folder);
