//! Presets on saved pages. The pages are invented.

use crate::crawl::reading::{Reading, Role, read};
use crate::crawl::{Page, Source};

fn source(preset: &str, start: &str) -> Source {
    toml::from_str(&format!(
        "id = 'a'\npreset = '{preset}'\nstart = ['{start}']"
    ))
    .unwrap()
}

fn reading(source: &Source, url: &str, kind: &str, body: &str, role: Role) -> Reading {
    let page = Page::for_test(url, kind, body.as_bytes());
    read(source, &page, &page.url, role).unwrap()
}

fn starts(preset: &str, address: &str) -> String {
    source(preset, address).start[0].to_string()
}

#[test]
fn a_start_is_the_address_that_a_person_knows() {
    for (preset, from, to) in [
        (
            "mastodon",
            "https://s.example/tags/loker",
            "https://s.example/api/v1/timelines/tag/loker?limit=40",
        ),
        (
            "mastodon",
            "https://s.example/",
            "https://s.example/api/v1/timelines/public?limit=40",
        ),
        (
            "mastodon",
            "https://s.example/public/local",
            "https://s.example/api/v1/timelines/public?limit=40&local=true",
        ),
        (
            "mastodon",
            "https://s.example/api/v1/timelines/tag/x",
            "https://s.example/api/v1/timelines/tag/x",
        ),
        (
            "discourse",
            "https://f.example",
            "https://f.example/latest.json",
        ),
        (
            "discourse",
            "https://f.example/c/loker/5",
            "https://f.example/c/loker/5.json",
        ),
        (
            "telegram",
            "https://t.example/info_kerja",
            "https://t.example/s/info_kerja",
        ),
        (
            "telegram",
            "https://t.example/s/info_kerja",
            "https://t.example/s/info_kerja",
        ),
    ] {
        assert_eq!(starts(preset, from), to);
    }
}

#[test]
fn a_public_timeline_is_read_back_by_the_last_id() {
    let source = source("mastodon", "https://sosial.example/tags/loker");
    let url = source.start[0].as_str();
    let body = include_str!("../../../../tests/data/sources/mastodon.json");
    let reading = reading(&source, url, "application/json", body, Role::Listing);
    let posts: Vec<_> = reading
        .posts
        .iter()
        .map(|post| post.as_ref().unwrap())
        .collect();
    assert_eq!(posts.len(), 2, "a lone picture is no post: {posts:?}");
    assert_eq!(
        posts[0].text,
        "Dicari juru masak untuk warung di Depok.\nGaji mingguan, #loker"
    );
    assert_eq!(posts[0].author.as_deref(), Some("warung_kita"));
    assert_eq!(
        posts[0].url.as_deref(),
        Some("https://sosial.example/@warung_kita/903")
    );
    assert_eq!(posts[1].title.as_deref(), Some("jual beli"));
    assert_eq!(posts[1].url.as_deref(), Some("https://lain.example/s/901"));
    let next = "https://sosial.example/api/v1/timelines/tag/loker?limit=40&max_id=901";
    assert_eq!(reading.next.unwrap().as_str(), next);
}

#[test]
fn talks_of_a_forum_are_read_message_by_message() {
    let source = source("discourse", "https://forum.example/");
    let body = include_str!("../../../../tests/data/sources/discourse-latest.json");
    let listing = reading(
        &source,
        source.start[0].as_str(),
        "application/json",
        body,
        Role::Listing,
    );
    let leads: Vec<_> = listing
        .details
        .iter()
        .map(|lead| lead.url.as_str())
        .collect();
    assert_eq!(
        leads,
        [
            "https://forum.example/t/41.json",
            "https://forum.example/t/42.json"
        ]
    );
    assert_eq!(
        listing.next.unwrap().as_str(),
        "https://forum.example/latest.json?page=1"
    );
    let body = include_str!("../../../../tests/data/sources/discourse-topic.json");
    let topic = reading(&source, leads[0], "application/json", body, Role::Detail);
    let first = topic.posts[0].as_ref().unwrap();
    assert_eq!(first.title.as_deref(), Some("Kos dekat kampus"));
    assert_eq!(first.text, "Kos putri, kamar mandi dalam.\nDekat pasar.");
    assert_eq!(first.url.as_deref(), Some("https://forum.example/t/41/1"));
    assert_eq!((topic.posts.len(), topic.details.len()), (2, 0));
    // A talk with a full page goes on on the next.
    let one = r#"{"id":1,"cooked":"a","post_number":1,"topic_id":41},"#.repeat(20);
    let full = format!(
        r#"{{"title":"t","post_stream":{{"posts":[{}]}}}}"#,
        one.trim_end_matches(',')
    );
    let topic = reading(&source, leads[0], "application/json", &full, Role::Detail);
    assert_eq!(
        topic.details[0].url.as_str(),
        "https://forum.example/t/41.json?page=2"
    );
}

#[test]
fn the_preview_of_a_channel_is_read_back_page_by_page() {
    let source = source("telegram", "https://saluran.example/info_kerja_contoh");
    let body = include_str!("../../../../tests/data/sources/telegram.html");
    let reading = reading(
        &source,
        source.start[0].as_str(),
        "text/html",
        body,
        Role::Listing,
    );
    let posts: Vec<_> = reading
        .posts
        .iter()
        .map(|post| post.as_ref().unwrap())
        .collect();
    assert_eq!(posts.len(), 2, "a lone picture is no post: {posts:?}");
    assert_eq!(posts[0].native_id, "info_kerja_contoh/101");
    assert_eq!(posts[0].text, "Dibutuhkan 2 orang\noperator mesin, Batam");
    assert_eq!(posts[0].author.as_deref(), Some("Info Kerja"));
    assert_eq!(
        posts[0].published.as_deref(),
        Some("2026-11-03T02:12:00+00:00")
    );
    let address = "https://saluran.example/info_kerja_contoh/101";
    assert_eq!(posts[0].url.as_deref(), Some(address));
    assert_eq!(
        posts[1].text, "Sudah terisi.",
        "what an answer quotes is not its own"
    );
    assert_eq!(posts[1].extra["forwarded_from"], "Warta Gudang");
    let next = "https://saluran.example/s/info_kerja_contoh?before=101";
    assert_eq!(reading.next.unwrap().as_str(), next);
}

#[test]
fn a_preset_stands_alone() {
    let read = |more: &str| {
        let text = format!("id = 'a'\nstart = ['https://a.example/']\n{more}");
        toml::from_str::<Source>(&text).unwrap_err().to_string()
    };
    assert!(read("preset = 'twitter'").contains("mastodon, discourse, telegram"));
    assert!(read("preset = 'telegram'\nkind = 'json'").contains("leave those out"));
    assert!(read("preset = 'telegram'\n[post]\ntext = 'p'").contains("leave those out"));
    assert!(read("").contains("needs `kind`, or `preset`"));
}
