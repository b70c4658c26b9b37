//! What a rule author is told after the ten likeliest mistakes: one edit each
//! to a sound file, and everything the program prints for it.

use std::path::Path;

use super::Desk;
use crate::golden::golden;

/// A pack without a fault.
const SOUND: &str = include_str!("../../data/mistakes/sound.toml");

/// The sound pack with `from` replaced by `to`.
fn edited(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{from}");
    SOUND.replacen(from, to, 1)
}

/// All that is told about a pack, as it must read.
fn told(name: &str, subcommand: &str, pack: impl AsRef<[u8]>, exit: i32) {
    let desk = Desk::new();
    desk.write("mine/pack.toml", pack);
    told_at(&desk, name, subcommand, exit);
}

fn told_at(desk: &Desk, name: &str, subcommand: &str, exit: i32) {
    let ran = desk
        .run(&["rules", subcommand, "--rules", "mine"])
        .exits(exit);
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/mistakes")
        .join(name)
        .with_extension("out");
    golden(&path, &format!("{}{}", ran.stdout, ran.stderr));
}

#[test]
fn a_sound_pack_is_told_so() {
    told("sound-check", "check", SOUND, 0);
    told("sound-test", "test", SOUND, 0);
}

#[test]
fn a_missing_quote() {
    let title = edited("en = \"Papers kept\" }", "en = \"Papers kept }");
    told("quote-missing", "check", title, 3);
    let block = edited("~tahan\n'''\n", "~tahan\n");
    told("block-not-closed", "check", block, 3);
}

#[test]
fn a_tab_or_a_space_that_is_none() {
    told(
        "space-unseen",
        "check",
        edited("alias    =", "alias\u{a0}   ="),
        3,
    );
    let desk = Desk::new();
    desk.write("mine/pack.toml", edited("(paspor|ktp)", "{list:papers}"));
    let rows = "phrase\tlang\tnote\tsource\npaspor\tid\t\tS1\n";
    desk.write("mine/lists/papers.csv", rows);
    told_at(&desk, "list-with-tabs", "check", 3);
}

#[test]
fn a_wrong_key() {
    told(
        "key-misspelt",
        "check",
        edited("strength =", "strenght ="),
        3,
    );
    told("key-with-colon", "check", edited("alias    =", "alias:"), 3);
}

#[test]
fn quotes_of_a_word_processor() {
    told("quotes-of-print", "check", edited("\"P1\"", "“P1”"), 3);
}

#[test]
fn a_sign_in_a_pattern_that_means_itself() {
    let regex = |pattern: &str| {
        let regex = format!("[[indicator.regex]]\npattern = '{pattern}'\n\n[[indicator.guard]]");
        edited("[[indicator.guard]]", &regex)
    };
    told("regex-dot", "check", regex("gaji rm 2.000"), 0);
    told("regex-bracket", "check", regex("gaji (rm 2"), 3);
    let doubled = regex("gaji \\d+").replace("'gaji \\d+'", "\"gaji \\d+\"");
    told("regex-in-double-quotes", "check", doubled, 3);
}

#[test]
fn a_phrase_of_one_common_word() {
    told(
        "word-common",
        "check",
        edited("~tahan\n", "~tahan\nkerja\n"),
        0,
    );
}

#[test]
fn a_guard_that_cancels_its_own() {
    let inside = edited(
        "~tahan\n",
        "~tahan\n(paspor|ktp) (tidak|bukan) milik sendiri\n",
    );
    told("guard-inside-phrase", "check", inside, 0);
    let sample = edited("(tidak|bukan)", "(tidak|bukan|suka)");
    told("guard-cancels-sample", "test", sample, 1);
}

#[test]
fn two_rules_of_one_id() {
    let rule = SOUND.find("[[indicator]]").unwrap();
    let twice = format!("{SOUND}\n{}", &SOUND[rule..]);
    told("id-twice", "check", twice, 3);
}

#[test]
fn a_sample_that_contradicts() {
    let hit = edited(
        "«paspor nahan»\"",
        "«paspor nahan»\", \"Gaji tinggi, paspor aman\"",
    );
    told("sample-not-found", "test", hit, 1);
    let marked = edited("«paspor ditahan»", "«paspor ditahan agen»").replace("» agen\"", "»\"");
    told("sample-marked-otherwise", "test", marked, 1);
    let miss = edited("\"KTP asli dibawa\"", "\"KTP asli dibawa, paspor nahan\"");
    told("sample-found", "test", miss, 1);
}

#[test]
fn a_file_in_another_encoding() {
    let utf16 = SOUND.encode_utf16().flat_map(u16::to_le_bytes);
    let with_mark: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16).collect();
    told("saved-as-utf-16", "check", &with_mark, 3);
    told("saved-as-utf-16", "check", &with_mark[2..], 3);
    let latin = SOUND.chars().map(|ch| u8::try_from(u32::from(ch)).unwrap());
    told("saved-as-latin-1", "check", latin.collect::<Vec<u8>>(), 3);
}
