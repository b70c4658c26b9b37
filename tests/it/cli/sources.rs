//! Source definitions as a person writes, checks and tests them.

use std::path::Path;

use super::{Desk, Ran, records};
use crate::golden::golden;

/// A `lentera.toml` without a fault.
const SOUND: &str = include_str!("../../data/sources/sound.toml");

fn edited(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{from}");
    SOUND.replacen(from, to, 1)
}

fn check(config: &str, more: &[&str]) -> Ran {
    let desk = Desk::new();
    desk.write("ws/lentera.toml", config);
    desk.run(&[&["sources", "check", "-C", "ws"], more].concat())
}

#[test]
fn a_sound_definition_is_told_so() {
    let ran = check(SOUND, &[])
        .exits(0)
        .says(&["2 sources can be used; 0 to consider"]);
    assert_eq!(ran.stdout, "");
}

/// One edit each to the sound file: what went wrong, from, to, whether it is
/// advice only.
const MISTAKES: &[(&str, &str, &str, bool)] = &[
    ("quote-missing", "\"div.isi\"", "\"div.isi", false),
    (
        "pattern-in-double-quotes",
        r"'/iklan/(\d+)\.html'",
        "\"/iklan/(\\d+)\"",
        false,
    ),
    ("single-brackets", "[[source]]", "[source]", false),
    (
        "table-misspelt",
        "[source.listing]",
        "[source.listings]",
        false,
    ),
    ("list-misspelt", "[[source]]", "[[sources]]", false),
    ("key-misspelt", "max_pages = 100", "max_page = 100", false),
    (
        "key-in-wrong-table",
        "max_pages = 100",
        "title = \"h1\"",
        false,
    ),
    (
        "key-in-indonesian",
        "title       = ",
        "judul       = ",
        false,
    ),
    ("kind-unknown", "\"classified\"", "\"clasified\"", false),
    ("kind-missing", "kind      = \"classified\"\n", "", false),
    ("id-with-space", "\"pasar-kita\"", "\"Pasar Kita\"", false),
    ("id-twice", "\"papan\"", "\"pasar-kita\"", false),
    ("id-missing", "id        = \"pasar-kita\"\n", "", false),
    (
        "start-missing",
        "start     = [\"http://pasar-kita.example/barang/\"]\n",
        "",
        false,
    ),
    (
        "start-not-a-list",
        "[\"http://pasar-kita.example/barang/\"]",
        "\"http://pasar-kita.example/\"",
        false,
    ),
    (
        "start-without-scheme",
        "\"http://pasar-kita.example/barang/\"",
        "\"pasar-kita.example/barang/\"",
        false,
    ),
    (
        "start-with-password",
        "http://pasar-kita",
        "http://budi:rahasia@pasar-kita",
        false,
    ),
    (
        "start-file",
        "\"http://pasar-kita.example/barang/\"",
        "\"file:///arsip\"",
        false,
    ),
    (
        "host-with-scheme",
        "max_pages = 100",
        "hosts = [\"http://pasar-kita.example/\"]\nmax_pages = 100",
        false,
    ),
    (
        "number-in-quotes",
        "max_pages = 100",
        "max_pages = \"100\"",
        false,
    ),
    ("selector-not-css", "\"div.isi\"", "\"div..isi\"", false),
    (
        "selector-xpath",
        "\"div.isi\"",
        "\"//div[@class='isi']\"",
        false,
    ),
    (
        "selector-scrapy",
        "\"h1.judul-iklan\"",
        "\"h1::text\"",
        false,
    ),
    ("selector-empty", "\"span.penjual\"", "\"\"", false),
    (
        "refinement-misspelt",
        "{ css = \"p.info\", regex",
        "{ css = \"p.info\", regexp",
        false,
    ),
    (
        "refinement-not-a-pattern",
        "'Lokasi: (.+)'",
        "'Lokasi: (.+'",
        false,
    ),
    (
        "id-pattern-without-group",
        r"'/iklan/(\d+)\.html'",
        r"'/iklan/\d+\.html'",
        false,
    ),
    ("text-missing", "text        = \"div.isi\"\n", "", false),
    (
        "link-missing",
        "link = \"article.kartu a.judul\"\n",
        "",
        false,
    ),
    (
        "two-ways-to-the-next-page",
        "next = \"a.berikut\"",
        "next = \"a.berikut\"\npage_param = \"hal\"",
        false,
    ),
    (
        "page-pattern-without-page",
        "next = \"a.berikut\"",
        "page_pattern = \"/barang/hal-2/\"",
        false,
    ),
    (
        "json-two-ways",
        "page_param = \"page\"",
        "page_param = \"page\"\nnext = \"meta.next\"",
        false,
    ),
    (
        "preset-with-kind",
        "kind      = \"classified\"",
        "preset    = \"telegram\"",
        false,
    ),
    (
        "wrong-tables-for-kind",
        "kind       = \"json\"",
        "kind       = \"feed\"",
        false,
    ),
    ("advice-no-paging", "next = \"a.berikut\"\n", "", true),
    ("advice-no-budget", "max_pages = 100\n", "", true),
    (
        "advice-text-is-title",
        "\"div.isi\"",
        "\"h1.judul-iklan\"",
        true,
    ),
    (
        "advice-start-outside",
        "max_pages = 100",
        "hosts = [\"lain.example\"]\nmax_pages = 100",
        true,
    ),
    (
        "advice-every-link",
        "\"article.kartu a.judul\"",
        "\"a\"",
        true,
    ),
    (
        "advice-time-in-words",
        "\"time@datetime\"",
        "\"time\"",
        true,
    ),
    (
        "advice-short-pause",
        "max_pages = 100",
        "max_pages = 100\ndelay_ms = 10",
        true,
    ),
];

#[test]
fn every_mistake_is_told_with_its_place_and_what_to_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sources/mistakes");
    for (name, from, to, is_advice) in MISTAKES {
        let ran = check(&edited(from, to), &[]).exits(i32::from(!*is_advice));
        assert!(
            ran.stdout.contains("ws/lentera.toml:"),
            "{name}: {}",
            ran.stdout
        );
        golden(
            &folder.join(name).with_extension("out"),
            &format!("{}{}", ran.stdout, ran.stderr),
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once_and_to_scripts_too() {
    let config = edited("\"div.isi\"", "\"div..isi\"")
        .replace("\"papan\"", "\"Papan\"")
        .replace("\"data\"", "7");
    let ran = check(&config, &["--json"]).exits(1);
    let told = records(&ran.stdout);
    let places: Vec<_> = told
        .iter()
        .map(|one| (one["code"].as_str().unwrap(), one["line"].as_u64().unwrap()))
        .collect();
    assert_eq!(places, [("S008", 17), ("S006", 23), ("S003", 29)]);
    assert_eq!(told[0]["column"], 15);
}

const LISTING: &str = "<div class=daftar>
    <article class=kartu><a class=judul href='/iklan/101.html'>Motor bekas mulus</a> <p>Surat lengkap.</p></article>
    <article class=kartu><a class=judul href='/iklan/102.html'>Kos putri murah</a> <p>Dekat pasar.</p></article>
    <article class=kartu><a class=judul href='/iklan/103.html'>Lemari kayu jati</a> <p>Masih kokoh.</p></article>
    </div><a class=berikut href='/barang/?hal=2'>Berikutnya</a>";

fn detail(title: &str) -> String {
    format!("<h1 class=judul-iklan>{title}</h1><p class=info>Lokasi: Depok</p><span class=penjual>bu_ani</span>
        <time datetime='2026-11-03T09:12:00+07:00'>kemarin</time><div class=isi>Barang bagus,<br>boleh nego.</div>")
}

/// A workspace with saved pages of `pasar-kita`.
fn workspace() -> Desk {
    let desk = Desk::new();
    desk.write("ws/lentera.toml", SOUND);
    let pages = "{\"file\":\"001.html\",\"url\":\"http://pasar-kita.example/barang/\",\"content_type\":\"text/html\"}\n\
        {\"file\":\"002.html\",\"url\":\"http://pasar-kita.example/iklan/101.html\"}\n";
    desk.write("ws/sources/pasar-kita/pages.jsonl", pages);
    desk.write("ws/sources/pasar-kita/001.html", LISTING);
    desk.write("ws/sources/pasar-kita/002.html", detail("Motor bekas"));
    desk
}

#[test]
fn a_source_is_tested_on_its_saved_pages_against_what_was_accepted() {
    let desk = workspace();
    let test = ["sources", "test", "pasar-kita", "-C", "ws"];
    let first = desk
        .run(&test)
        .exits(0)
        .says(&["1 posts, 0 faults; nothing is expected yet"]);
    for line in [
        "listing http://pasar-kita.example/barang/",
        "leads to 3 posts; next page: http://pasar-kita.example/barang/?hal=2",
        "id         101",
        "place_hint Depok",
        "text       Barang bagus, / boleh nego.",
        "published  2026-11-03T02:12:00Z",
    ] {
        assert!(first.stdout.contains(line), "{line}\n{}", first.stdout);
    }
    desk.run(&[&test[..], &["--accept"]].concat())
        .exits(0)
        .says(&["accepted 1 posts"]);
    desk.run(&test).exits(0).says(&["1 posts as expected"]);

    desk.write(
        "ws/lentera.toml",
        SOUND.replace("\"span.penjual\"", "\"span.toko\""),
    );
    desk.run(&test).exits(1).says(&[
        "~ 101 author:",
        "was bu_ani",
        "is  nothing",
        "1 differences",
    ]);
    desk.write(
        "ws/lentera.toml",
        SOUND
            .replace("h1.judul-iklan", "h2")
            .replace("div.isi", "div.x"),
    );
    desk.run(&test).exits(1).says(&["- 101: no longer found"]);
    desk.run(&["sources", "test", "papan", "-C", "ws"])
        .exits(2)
        .says(&["no saved pages", "--save"]);
    desk.run(&["sources", "test", "pasar", "-C", "ws"])
        .exits(2)
        .says(&["sources: pasar-kita, papan"]);
}

#[test]
fn posts_of_a_folder_and_of_a_web_archive_are_read_by_a_source() {
    let desk = workspace();
    desk.write("arsip/barang/index.html", LISTING);
    desk.write("arsip/iklan/101.html", detail("Motor bekas"));
    desk.write("arsip/iklan/102.html", detail("Kos putri"));
    desk.write("arsip/iklan/foto.jpg", [0xff, 0xd8, 0xff]);
    let body = detail("Lemari kayu");
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{body}");
    let record = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://pasar-kita.example/iklan/103.html\r\n\
         WARC-Date: 2026-11-03T02:12:00Z\r\nWARC-Record-ID: <urn:uuid:0>\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
        http.len()
    );
    desk.write("arsip.warc.gz", super::gzip(record.as_bytes()));
    // Below the start page /barang/, as the folder of a mirror would be.
    let ran = desk
        .run(&[
            "sources",
            "read",
            "pasar-kita",
            "arsip",
            "arsip.warc.gz",
            "-C",
            "ws",
        ])
        .exits(0);
    let posts = records(&ran.stdout);
    let titles: Vec<_> = posts
        .iter()
        .map(|post| post["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Motor bekas", "Kos putri", "Lemari kayu"]);
    assert_eq!(posts[2]["id"], "103");
    assert_eq!(posts[2]["url"], "http://pasar-kita.example/iklan/103.html");
    let scanned = desk
        .feed(&["scan", "-", "--all", "--json"], ran.stdout.as_bytes())
        .exits(0);
    assert_eq!(records(&scanned.stdout).len(), 3);
}

#[test]
fn a_draft_is_made_of_saved_pages_and_can_be_used() {
    let desk = Desk::new();
    desk.write("daftar.html", LISTING);
    desk.write("iklan.html", detail("Motor bekas"));
    let url = "http://pasar-kita.example/barang/";
    let ran = desk
        .run(&[
            "sources",
            "new",
            url,
            "--file",
            "daftar.html",
            "--post",
            "iklan.html",
        ])
        .exits(0);
    for line in [
        "link        = \"article.kartu a.judul\"",
        "next        = \"a.berikut\"",
        "id_from_url = '/iklan/(\\d+)'",
        "text        = \"div.isi\"",
        "# 3 records `article.kartu`; 3 links to posts",
        "#  author     bu_ani",
    ] {
        assert!(ran.stdout.contains(line), "{line}\n{}", ran.stdout);
    }
    desk.write("ws/lentera.toml", &ran.stdout);
    desk.run(&["sources", "check", "-C", "ws"])
        .exits(0)
        .says(&["1 sources can be used; 0 to consider"]);
    let listed = desk
        .run(&["sources", "list", "-C", "ws", "--json"])
        .exits(0);
    assert_eq!(records(&listed.stdout)[0]["id"], "pasar-kita");

    desk.write("kosong.html", "<p>Tidak ada apa-apa.</p>");
    desk.run(&["sources", "new", "--file", "kosong.html"])
        .exits(1)
        .says(&["nothing on this page is repeated"]);
    desk.run(&["sources", "new", "bukan alamat"])
        .exits(2)
        .says(&["is not an address"]);
    desk.run(&["sources", "new"])
        .exits(2)
        .says(&["name the address"]);
}
