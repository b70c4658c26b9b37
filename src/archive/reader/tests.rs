//! What becomes of good and bad inputs, file by file.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use flate2::{Compression, write::GzEncoder};

use super::super::{Format, Input, Options};
use super::Reader;
use crate::post::{PlatformKind, Post};
use crate::skip::{Skip, SkipReason as Why};

fn fixture(name: &str) -> Input {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/archive");
    Input::File(PathBuf::from(folder).join(name))
}

fn open(name: &str) -> Result<Reader, Skip> {
    Reader::open(&fixture(name), &Options::default())
}

fn of_bytes(name: &str, bytes: &[u8]) -> Result<Reader, Skip> {
    let input = Box::new(Cursor::new(bytes.to_vec()));
    Reader::from_read(name, input, None, &Options::default())
}

fn all(reader: Reader) -> Vec<Result<Post, Skip>> {
    reader
        .map(|record| record.and_then(super::super::record::Record::parse))
        .collect()
}

/// Line and outcome of everything in a file: the id of a post, or why not.
fn outcomes(reader: Reader) -> Vec<(u64, Result<String, Why>)> {
    all(reader)
        .into_iter()
        .map(|item| match item {
            Ok(post) => (post.origin.line, Ok(post.native_id)),
            Err(skip) => (skip.line.unwrap_or(0), Err(skip.reason)),
        })
        .collect()
}

fn id(line: u64, id: &str) -> (u64, Result<String, Why>) {
    (line, Ok(id.to_owned()))
}

fn refused(name: &str) -> (Why, String) {
    let skip = open(name).err().expect("this input is refused whole");
    (skip.reason, skip.detail)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn jsonl_keeps_every_field_and_tolerates_windows_line_ends() {
    let posts: Vec<Post> = all(open("ordinary.jsonl").unwrap())
        .into_iter()
        .map(|post| post.expect("every line is a post"))
        .collect();
    assert_eq!(posts.len(), 3);
    assert_eq!(posts[0].platform, "ordinary");
    assert_eq!(posts[0].title.as_deref(), Some("Motor 2019"));
    assert_eq!(posts[0].place_hint.as_deref(), Some("Bandung"));
    assert_eq!(
        posts[0].published.unwrap().at.to_string(),
        "2026-11-03T02:12:00Z"
    );
    assert_eq!(posts[1].native_id, "2");
    assert_eq!(posts[1].origin.line, 3);
    assert_eq!(posts[1].published, None);
    assert_eq!(posts[1].extra["published"], "kemarin");
    assert_eq!(posts[1].extra["harga"], 850_000.5);
    assert_eq!(posts[2].origin.line, 5);
    assert_eq!(posts[2].author, None);
}

#[test]
fn each_faulty_line_is_a_named_skip_and_reading_goes_on() {
    assert_eq!(
        outcomes(open("faulty.jsonl").unwrap()),
        [
            id(1, "1"),
            (2, Err(Why::MalformedJson)),
            (3, Err(Why::MissingField)),
            (4, Err(Why::MissingField)),
            (5, Err(Why::InvalidUtf8)),
            (6, Err(Why::MalformedJson)),
            (7, Err(Why::MalformedJson)),
            (8, Err(Why::Empty)),
            id(9, "9"),
        ]
    );
    let skip = all(open("faulty.jsonl").unwrap()).remove(4).unwrap_err();
    assert!(skip.detail.starts_with("byte 23 "), "{}", skip.detail);
    assert!(skip.subject.ends_with("faulty.jsonl"));
}

#[test]
fn a_line_of_fifty_megabytes_is_passed_over() {
    let mut text = b"{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"".to_vec();
    text.resize(text.len() + (50 << 20), b'x');
    text.extend_from_slice(b"\"}\n{\"id\":3,\"text\":\"c\"}\n");
    let mut file = tempfile::Builder::new()
        .suffix(".jsonl")
        .tempfile()
        .unwrap();
    file.write_all(&text).unwrap();
    let reader = Reader::open(&Input::File(file.path().into()), &Options::default()).unwrap();
    assert_eq!(reader.size(), Some(text.len() as u64));
    assert_eq!(
        outcomes(reader),
        [id(1, "1"), (2, Err(Why::TooLong)), id(3, "3")]
    );
}

#[test]
fn a_text_longer_than_is_matched_is_refused() {
    let line = format!(r#"{{"id":1,"text":"{}"}}"#, "x".repeat((1 << 20) + 1));
    assert_eq!(
        outcomes(of_bytes("a.jsonl", line.as_bytes()).unwrap()),
        [(1, Err(Why::TooLong))]
    );
    let reader = of_bytes("a.txt", "x".repeat(1 << 21).as_bytes()).unwrap();
    assert_eq!(outcomes(reader), [(1, Err(Why::TooLong))]);
}

#[test]
fn gigabytes_are_read_in_flat_memory() {
    // 2 GiB without a line end: held, it would be seen by anyone.
    let input = Box::new(std::io::Read::take(std::io::repeat(b'{'), 2 << 30));
    let options = Options {
        max_record_bytes: 1 << 20,
        ..Options::default()
    };
    let mut reader = Reader::from_read("-", input, None, &options).unwrap();
    assert_eq!(reader.next().unwrap().err().unwrap().reason, Why::TooLong);
    assert!(reader.next().is_none());
    assert_eq!(reader.bytes_read(), 2 << 30);
    let input = Box::new(std::io::Read::take(std::io::repeat(b'x'), 1 << 30));
    let mut reader = Reader::from_read("a.jsonl", input, None, &options).unwrap();
    assert!(reader.all(|item| item.is_err_and(|skip| skip.reason == Why::TooLong)));
}

#[test]
fn csv_of_a_spreadsheet_is_read_and_misfits_are_named() {
    let read = all(open("semicolon.csv").unwrap());
    let first = read[0].as_ref().unwrap();
    assert_eq!(first.text, "Motor; mulus\r\nsurat lengkap");
    assert_eq!(first.extra["Judul"], "Motor");
    assert_eq!(
        first.published.unwrap().at.to_string(),
        "2026-11-03T00:00:00Z"
    );
    assert_eq!(
        outcomes(open("semicolon.csv").unwrap()),
        [
            id(3, "1"),
            id(5, "2"),
            (6, Err(Why::MalformedCsv)),
            (7, Err(Why::MissingField)),
            id(8, "5"),
        ]
    );
    assert_eq!(
        outcomes(open("torn.csv").unwrap()),
        [(2, Err(Why::MalformedCsv)), id(3, "2"), id(4, "3")]
    );
    let (reason, detail) = refused("no-header.csv");
    assert_eq!(reason, Why::NoCsvHeader);
    assert!(
        detail.contains("id and text") && !detail.contains("0812"),
        "{detail}"
    );
}

#[test]
fn a_text_file_is_one_post_named_after_the_file() {
    let posts = all(open("note.txt").unwrap());
    let post = posts[0].as_ref().unwrap();
    assert_eq!((posts.len(), post.native_id.as_str()), (1, "note"));
    assert_eq!(post.text, "Dijual sepeda anak.\nHubungi lewat toko.\n");
    let blank = outcomes(of_bytes("a.txt", b" \n").unwrap());
    assert_eq!(blank, [(1, Err(Why::Empty))]);
}

#[test]
fn inputs_that_hold_no_posts_say_why() {
    assert_eq!(refused("empty.jsonl").0, Why::Empty);
    assert_eq!(
        outcomes(open("blank.jsonl").unwrap()),
        [(0, Err(Why::Empty))]
    );
    assert_eq!(refused("missing.jsonl").0, Why::Unreadable);
    assert_eq!(refused("junk").0, Why::UnknownFormat);
    for (name, says) in [
        ("list.json", "JSON list"),
        ("sheet.csv", "save the sheet"),
        (".", "folder"),
    ] {
        let (_, detail) = refused(name);
        assert!(detail.contains(says), "{detail}");
    }
    assert_eq!(refused(".").0, Why::Directory);
}

#[test]
fn gzip_is_seen_in_the_bytes_and_damage_keeps_what_came_before() {
    let both = [id(1, "g-1"), id(2, "g-2")];
    assert_eq!(outcomes(open("packed.jsonl.gz").unwrap()), both);
    let lines: Vec<String> = (1..=5000)
        .map(|n| format!("{{\"id\":{n},\"text\":\"kos {n}\"}}\n"))
        .collect();
    let text = lines.concat();
    let whole = gzip(text.as_bytes());
    assert_eq!(outcomes(of_bytes("-", &whole).unwrap()).len(), 5000);

    let cut = outcomes(of_bytes("-", &whole[..whole.len() * 2 / 3]).unwrap());
    let (line, last) = cut.last().unwrap();
    assert_eq!(last, &Err(Why::TruncatedStream));
    assert_eq!(*line as usize, cut.len());
    assert!(cut.len() > 1000 && cut[..cut.len() - 1].iter().all(|(_, item)| item.is_ok()));

    let mut wrong = whole.clone();
    let sum = wrong.len() - 8;
    wrong[sum] ^= 1;
    let damaged = outcomes(of_bytes("-", &wrong).unwrap());
    assert_eq!(damaged.last().unwrap().1, Err(Why::TruncatedStream));
    assert_eq!(damaged.len(), 5001);

    let mut padded = whole;
    padded.resize(padded.len() + 200_000, 0);
    assert_eq!(outcomes(of_bytes("-", &padded).unwrap()).len(), 5000);
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn zstd_is_seen_in_the_bytes_and_damage_keeps_what_came_before() {
    // Two frames with one between them that holds no data.
    let both = [id(1, "g-1"), id(2, "g-2")];
    assert_eq!(outcomes(open("packed.jsonl.zst").unwrap()), both);
    let text: String = (1..=20_000)
        .map(|n| format!("{{\"id\":{n},\"text\":\"kos {}\"}}\n", n * 7_919 % 10_007))
        .collect();
    let whole = zstd(text.as_bytes());
    assert_eq!(outcomes(of_bytes("-", &whole).unwrap()).len(), 20_000);
    let twice = [whole.clone(), whole.clone()].concat();
    assert_eq!(outcomes(of_bytes("-", &twice).unwrap()).len(), 40_000);

    let cut = of_bytes("-", &whole[..whole.len() * 2 / 3]).unwrap();
    let last = all(cut).pop().unwrap().unwrap_err();
    assert_eq!(last.reason, Why::TruncatedStream);
    assert!(last.detail.contains("ends early"), "{}", last.detail);
    let cut = outcomes(of_bytes("-", &whole[..whole.len() * 2 / 3]).unwrap());
    assert_eq!(cut.last().unwrap().0 as usize, cut.len());
    assert!(cut.len() > 1000 && cut[..cut.len() - 1].iter().all(|(_, item)| item.is_ok()));

    let mut followed = whole.clone();
    followed.extend_from_slice(b"no frame");
    let followed = outcomes(of_bytes("-", &followed).unwrap());
    assert_eq!(
        followed.last().unwrap(),
        &(20_001, Err(Why::TruncatedStream))
    );

    let mut wrong = std::fs::read(match fixture("packed.jsonl.zst") {
        Input::File(path) => path,
        Input::Stdin => unreachable!("a fixture is a file"),
    })
    .unwrap();
    let sum = wrong
        .windows(4)
        .position(|four| four == [0x50, 0x2a, 0x4d, 0x18]);
    wrong[sum.unwrap() - 1] ^= 1;
    let damaged = outcomes(of_bytes("-", &wrong).unwrap());
    assert_eq!(damaged, [id(1, "g-1"), (2, Err(Why::TruncatedStream))]);
}

#[test]
fn zstd_cannot_ask_for_any_amount_of_memory() {
    // A frame header that announces a look back of 128 MiB, and of 3.75 TiB.
    for window in [17 << 3, 0xff] {
        let head = [0x28, 0xb5, 0x2f, 0xfd, 0, window, 1, 0, 0];
        let skip = of_bytes("a.jsonl", &head).err().unwrap();
        assert_eq!(skip.reason, Why::Unreadable, "{skip}");
        assert!(skip.detail.contains("without --long"), "{skip}");
    }
    // A bomb unpacks into one line that is never held.
    let bomb = zstd(&vec![b'{'; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(
        outcomes(of_bytes("a.jsonl", &bomb).unwrap()),
        [(1, Err(Why::TooLong))]
    );
}

#[test]
fn batches_hold_what_the_reader_yields() {
    for name in [
        "ordinary.jsonl",
        "faulty.jsonl",
        "blank.jsonl",
        "torn.csv",
        "note.txt",
        "pages.warc",
        "damaged.warc",
    ] {
        for skip_records in 0..4 {
            let options = Options {
                skip_records,
                ..Options::default()
            };
            let reader = || Reader::open(&fixture(name), &options).unwrap();
            let one_by_one = all(reader());
            let mut reader = reader();
            let mut batched = Vec::new();
            while let Some(batch) = reader.next_batch(Vec::new()) {
                batched.extend(batch.items().map(|item| {
                    let record = item?;
                    record.complete(record.gist()?)
                }));
            }
            assert_eq!(batched, one_by_one, "{name}");
        }
    }
}

#[test]
fn a_run_can_pass_over_what_another_has_taken() {
    let options = Options {
        skip_records: 7,
        ..Options::default()
    };
    let reader = Reader::open(&fixture("faulty.jsonl"), &options).unwrap();
    assert_eq!(outcomes(reader), [(8, Err(Why::Empty)), id(9, "9")]);
    let options = Options {
        skip_records: 99,
        ..Options::default()
    };
    assert_eq!(
        Reader::open(&fixture("faulty.jsonl"), &options)
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn options_name_the_platform_and_force_the_format() {
    let options = Options {
        format: Some(Format::Text),
        platform: Some("pasar-kita".to_owned()),
        platform_kind: PlatformKind::ClassifiedSite,
        ..Options::default()
    };
    let reader = Reader::open(&fixture("list.json"), &options).unwrap();
    assert_eq!(reader.format(), Format::Text);
    let post = all(reader).remove(0).unwrap();
    assert_eq!(
        (post.platform.as_str(), post.native_id.as_str()),
        ("pasar-kita", "list")
    );
    assert_eq!(post.platform_kind, PlatformKind::ClassifiedSite);
}

#[test]
fn records_can_be_parsed_on_another_thread() {
    let records: Vec<_> = open("ordinary.jsonl")
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let read = std::thread::spawn(|| records.into_iter().filter_map(|r| r.parse().ok()).count());
    assert_eq!(read.join().unwrap(), 3);
}

proptest::proptest! {
    #[test]
    fn no_bytes_stop_a_run(
        change in proptest::collection::vec((proptest::prelude::any::<usize>(), proptest::prelude::any::<u8>()), 1..20),
        which in 0..4_usize,
        packed in 0..3_usize,
    ) {
        let names = ["ordinary.jsonl", "semicolon.csv", "note.txt", "pages.warc"];
        let Input::File(path) = fixture(names[which]) else { unreachable!("a fixture is a file") };
        let mut bytes = std::fs::read(path).unwrap();
        match packed {
            0 => {}
            1 => bytes = gzip(&bytes),
            _ => bytes = zstd(&bytes),
        }
        for (place, byte) in change {
            let at = place % bytes.len();
            bytes[at] = byte;
        }
        let options = Options { format: Some(Format::ALL[which]), ..Options::default() };
        if let Ok(reader) = Reader::from_read("-", Box::new(Cursor::new(bytes)), None, &options) {
            // Every item is a post or a skip that says where.
            for item in all(reader) {
                if let Err(skip) = item {
                    proptest::prop_assert!(!skip.detail.is_empty(), "{}", skip);
                }
            }
        }
    }
}
