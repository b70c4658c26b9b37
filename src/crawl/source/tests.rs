//! What a `[[source]]` may say, and how it is told off.

use super::*;

fn read(text: &str) -> Result<Source, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

const CLASSIFIED: &str = r#"
id = "pasar-kita"
kind = "classified"
start = ["http://pasar-kita.example/barang/"]
[listing]
link = "article.kartu a.judul"
next = "a.berikut"
[post]
id_from_url = '/iklan/(\d+)\.html'
title = "h1"
text = "div.isi"
published = "time@datetime"
"#;

#[test]
fn a_classified_source_is_read_with_its_defaults() {
    let source = read(CLASSIFIED).unwrap();
    assert_eq!(source.platform_kind, PlatformKind::ClassifiedSite);
    assert_eq!(
        source.hosts.iter().collect::<Vec<_>>(),
        ["pasar-kita.example"]
    );
    assert_eq!(source.max_pages, DEFAULT_MAX_PAGES);
    let Shape::Classified(fields) = &source.shape else {
        panic!("{:?}", source.shape)
    };
    let published = fields.post.published.as_ref().unwrap();
    assert_eq!(published.attribute.as_deref(), Some("datetime"));
}

#[test]
fn an_at_sign_inside_a_selector_is_not_an_attribute() {
    let pick = Pick::parse(r#"a[title*="@ jual"]"#).unwrap();
    assert_eq!(pick.attribute, None);
}

#[test]
fn every_mistake_is_named_with_what_to_write_instead() {
    let mistakes = [
        ("id = \"pasar-kita\"", "id = \"Pasar Kita\"", "lower-case"),
        (
            "\"classified\"",
            "\"forum\"",
            "classified, feed, json, sitemap",
        ),
        ("http://", "ftp://", "only http and https"),
        (
            "[\"http://pasar-kita.example/barang/\"]",
            "[]",
            "at least one page",
        ),
        ("http://", "http://a:b@", "no user name"),
        ("div.isi", "div..isi", "not a CSS selector"),
        (r"/(\d+)\.html", r"/\d+\.html", "in brackets"),
        (r"/(\d+)\.html", r"/(\d+\.html", "unclosed"),
        ("[listing]", "[list]", "unknown field `list`"),
        ("title = \"h1\"", "judul = \"h1\"", "unknown field `judul`"),
        ("kind = \"classified\"", "kind = \"json\"", "[source.json]"),
        ("kind = \"classified\"", "kind = \"feed\"", "needs no table"),
        (
            "kind = \"classified\"",
            "kind = \"classified\"\nplatform_kind = \"shop\"",
            "classified_site, social_network",
        ),
    ];
    for (from, to, told) in mistakes {
        let error = read(&CLASSIFIED.replace(from, to)).unwrap_err();
        assert!(error.contains(told), "{from} -> {to}: {error}");
    }
}

#[test]
fn a_json_source_pages_one_way_only() {
    let both = r#"
id = "papan"
kind = "json"
start = ["http://papan-publik.example/api/v1/posts"]
[json]
items = "data"
id = "id"
text = "body"
next = "meta.next"
page_param = "page"
"#;
    assert!(read(both).unwrap_err().contains("not both"));
    assert!(read(&both.replace("page_param = \"page\"", "")).is_ok());
}

#[test]
fn the_examples_of_the_documentation_are_read() {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(default)]
        crawl: Option<crate::crawl::Settings>,
        #[serde(default, rename = "source")]
        sources: Vec<Source>,
    }
    let blocks = include_str!("../FORMAT.md").split("```toml\n").skip(1);
    let mut n_sources = 0;
    let mut retries = None;
    for block in blocks {
        let block = block.split("```").next().unwrap();
        let file: File = toml::from_str(block).unwrap_or_else(|error| panic!("{block}\n{error}"));
        n_sources += file.sources.len();
        retries = retries.or(file.crawl.map(|crawl| crawl.retries));
    }
    assert_eq!((retries, n_sources), (Some(2), 15));
}
