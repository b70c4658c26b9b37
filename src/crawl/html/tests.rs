//! What is read out of a page, and what is left there.

use regex::Regex;

use super::*;
use crate::crawl::source::ListingFields;

/// The post of a page, by the fields of [`fields`].
fn read(page: &Page) -> Result<Fields, Fault> {
    post(page, &fields().post)
}

fn fields() -> Classified {
    let pick = |css| Pick::parse(css).unwrap();
    Classified {
        listing: ListingFields {
            link: Some(pick("article a.judul")),
            item: None,
            paging: Paging::Next(pick("a.berikut")),
        },
        post: PostFields {
            id_from_url: Some(Regex::new(r"/iklan/(\d+)").unwrap()),
            title: Some(pick("h1")),
            text: Some(pick("div.isi")),
            author: Some(pick("span.penjual")),
            published: Some(pick("time@datetime")),
            ..PostFields::default()
        },
    }
}

fn page(path: &str, body: &str) -> Page {
    Page::for_test(
        &format!("http://a.example{path}"),
        "text/html",
        body.as_bytes(),
    )
}

#[test]
fn a_listing_gives_page_links_in_order_and_never_contact_links() {
    let page = page(
        "/barang/",
        "<article><a class=judul href='/iklan/2'>b</a></article>
         <article><a class=judul href='../iklan/1#x'>a</a></article>
         <article><a class=judul href='tel:081200000001'>c</a></article>
         <article><a class=judul href='javascript:buka()'>d</a></article>
         <article><a class=judul>e</a></article>
         <a class=berikut href='?hal=2'>berikut</a>",
    );
    let listing = listing(&page, &fields()).unwrap();
    let links: Vec<&str> = listing
        .details
        .iter()
        .map(|lead| lead.url.as_str())
        .collect();
    assert_eq!(
        links,
        ["http://a.example/iklan/2", "http://a.example/iklan/1#x"]
    );
    assert_eq!(
        listing.next.unwrap().as_str(),
        "http://a.example/barang/?hal=2"
    );
}

#[test]
fn a_listing_without_links_names_the_selector() {
    let (reason, detail) = listing(&page("/", "<p>pindah</p>"), &fields()).unwrap_err();
    assert_eq!(reason, SkipReason::MalformedPage);
    assert!(detail.contains("article a.judul"), "{detail}");
}

#[test]
fn an_address_base_in_the_page_is_followed() {
    let page = page(
        "/x/",
        "<base href='/y/'><article><a class=judul href=1>a</a></article>",
    );
    let listing = listing(&page, &fields()).unwrap();
    assert_eq!(listing.details[0].url.as_str(), "http://a.example/y/1");
}

#[test]
fn a_post_is_read_with_the_lines_a_reader_sees() {
    let page = page(
        "/iklan/42",
        "<h1> Motor\n bekas </h1><span class=penjual>toko_a</span>
         <time datetime='2026-11-03T09:12:00+07:00'>kemarin</time>
         <div class=isi>Kondisi <b>bagus</b>,<br>pajak hidup.<p>Lokasi\n Depok</p>
         <ul><li>satu<li>dua</ul><script>var x = 'rahasia'</script><style>p{}</style>
         <table><tr><td>Harga<td>5 jt</table><img src=a.png alt='foto'></div>",
    );
    let post = read(&page).unwrap();
    assert_eq!(post.native_id, "42");
    assert_eq!(post.title.as_deref(), Some("Motor bekas"));
    assert_eq!(
        post.text,
        "Kondisi bagus,\npajak hidup.\nLokasi Depok\nsatu\ndua\nHarga 5 jt"
    );
    assert_eq!(post.author.as_deref(), Some("toko_a"));
    assert_eq!(post.published.as_deref(), Some("2026-11-03T09:12:00+07:00"));
}

#[test]
fn a_headline_alone_is_a_post_and_an_empty_page_is_not() {
    let titled = read(&page("/iklan/1", "<h1>Kos</h1><div class=isi> </div>")).unwrap();
    assert_eq!(titled.text, "");
    let reason = |path, body| read(&page(path, body)).unwrap_err();
    let empty = reason("/iklan/1", "<h1></h1><div class=isi></div>");
    assert_eq!(empty.0, SkipReason::MissingField);
    let other = reason("/iklan/1", "<p>Halaman tidak ada</p>");
    assert_eq!(other.0, SkipReason::MalformedPage);
    assert!(other.1.contains("`h1` or `div.isi`"), "{}", other.1);
    assert_eq!(reason("/lain", "<h1>Kos</h1>").0, SkipReason::MissingField);
}

#[test]
fn nested_matches_are_read_once() {
    let page = page(
        "/iklan/1",
        "<h1>a</h1><div class=isi>luar <div class=isi>dalam</div></div><div class=isi>dua</div>",
    );
    assert_eq!(read(&page).unwrap().text, "luar\ndalam\ndua");
}

#[test]
fn a_page_nested_to_death_is_refused() {
    let page = page("/iklan/1", &"<div>".repeat(4000));
    assert_eq!(read(&page).unwrap_err().0, SkipReason::MalformedPage);
}

#[test]
fn pages_built_to_be_slow_are_refused() {
    let fonts = (0..400)
        .map(|n| format!("<font size={n}>"))
        .collect::<Vec<_>>()
        .concat();
    for body in [
        "<div>".repeat(500_000),
        "<ul><li>".repeat(16000),
        format!("<p>{fonts}{}", "<p>x".repeat(1000)),
    ] {
        assert!(read(&page("/iklan/1", &body)).is_err());
    }
}

#[test]
fn text_without_markup_keeps_its_lines() {
    assert_eq!(words("a  b\n\nc < d & e").unwrap(), "a b\nc < d & e");
    assert_eq!(words("a\nb &amp; c<br/>d").unwrap(), "a b & c\nd");
    assert_eq!(words("a&nbsp;b<p>&nbsp;</p>").unwrap(), "a\u{a0}b");
}

/// Reads a listing with these lines of `[source]`.
fn listed(source: &str, path: &str, body: &str) -> Result<Reading, Fault> {
    let source = format!("id = 'a'\nkind = 'classified'\nstart = ['http://a.example/']\n{source}");
    let source: source::Source = toml::from_str(&source).unwrap();
    let kind = if body.starts_with('{') {
        "application/json"
    } else {
        "text/html"
    };
    let page = Page::for_test(&format!("http://a.example{path}"), kind, body.as_bytes());
    crate::crawl::reading::read(
        &source,
        &page,
        &page.url,
        crate::crawl::reading::Role::Listing,
    )
}

const LINKS: &str = "<a class=j href=/1>a</a><button class=muat data-c='x&amp;y'>lagi</button>";

#[test]
fn pages_are_found_by_number_pattern_and_cursor() {
    let next = |paging: &str, path: &str, body: &str| {
        let source = format!("listing = {{ link = 'a.j', {paging} }}\npost = {{ text = 'p' }}");
        listed(&source, path, body).unwrap().next.map(String::from)
    };
    let some = |path: &str| Some(format!("http://a.example{path}"));
    assert_eq!(
        next("page_param = 'hal'", "/?q=1", LINKS),
        some("/?q=1&hal=2")
    );
    assert_eq!(next("page_param = 'hal'", "/?hal=3", "<p>habis"), None);
    assert_eq!(
        next("page_param = 'p', first_page = 0", "/", LINKS),
        some("/?p=1")
    );
    assert_eq!(
        next("page_pattern = '/hal-{page}.html'", "/", LINKS),
        some("/hal-2.html")
    );
    assert_eq!(
        next("page_pattern = '/hal-{page}.html'", "/hal-4.html", "x"),
        None
    );
    let cursor = "cursor = 'button.muat@data-c', cursor_param = 's'";
    assert_eq!(next(cursor, "/", LINKS), some("/?s=x%26y"));
    assert_eq!(next(cursor, "/?s=x", "<a class=j href=/1>a</a>"), None);
}

#[test]
fn a_load_more_button_leads_to_json_with_html_or_items() {
    let html = "[listing]\nlink = 'a.j'\n[listing.more]\naddress = '/m?s={cursor}'\n\
        cursor = 'button.muat@data-c'\nafter = 'd.next'\nhtml = 'd.html'\n[post]\ntext = 'p'";
    let first = listed(html, "/", LINKS).unwrap();
    assert_eq!(first.next.unwrap().as_str(), "http://a.example/m?s=x%26y");
    let answer = r#"{"d":{"html":"<li><a class=j href='/2'>b</a>","next":"z"}}"#;
    let second = listed(html, "/m?s=x", answer).unwrap();
    assert_eq!(second.details[0].url.as_str(), "http://a.example/2");
    assert_eq!(second.next.unwrap().as_str(), "http://a.example/m?s=z");
    let last = listed(html, "/m?s=z", r#"{"d":{"html":"","next":null}}"#).unwrap();
    assert_eq!(last, Reading::default());

    let json = "[listing]\nlink = 'a.j'\n[listing.more]\naddress = '/m/{page}'\n\
        json = { items = 'd', id = 'id', text = 't' }\n[post]\ntext = 'p'";
    let first = listed(json, "/", LINKS).unwrap();
    assert_eq!(first.next.unwrap().as_str(), "http://a.example/m/2");
    let second = listed(json, "/m/2", r#"{"d":[{"id":1,"t":"Kos"}]}"#).unwrap();
    assert_eq!(second.posts[0].as_ref().unwrap().text, "Kos");
    assert_eq!(second.next.unwrap().as_str(), "http://a.example/m/3");
    assert_eq!(listed(json, "/m/3", r#"{"d":[]}"#).unwrap().next, None);
}

#[test]
fn several_posts_on_one_page_are_read_each_in_its_part() {
    let source = r#"
[listing]
item = "div.kartu"
link = "a"
[post]
id = { attr = "data-id" }
title = "h3"
text = "p"
extra = { harga = { css = "p", regex = 'Harga: (.+)' } }
"#;
    let body = "<div class=kartu data-id=1><h3>Kos</h3><a href=/k/1>x</a><p>Harga: 500 rb</p></div>
        <div class=kartu><h3>Motor</h3><p>Mulus</p></div><div class=kartu><hr></div>";
    let reading = listed(source, "/", body).unwrap();
    let first = reading.posts[0].as_ref().unwrap();
    assert_eq!(
        (first.native_id.as_str(), first.text.as_str()),
        ("1", "Harga: 500 rb")
    );
    assert_eq!(first.url.as_deref(), Some("http://a.example/k/1"));
    assert_eq!(first.extra["harga"], "500 rb");
    let second = reading.posts[1].as_ref().unwrap();
    assert_eq!(second.native_id.len(), 64, "an id of its own words");
    assert!(second.extra.is_empty());
    assert_eq!(
        reading.posts[2].as_ref().unwrap_err().0,
        SkipReason::MissingField
    );
    let rebuilt = listed(source, "/", "<div class=kartu><h4>Kos</h4></div>").unwrap();
    assert!(
        rebuilt.left[0].1.contains("`h3` or `p` in 1 items"),
        "{rebuilt:?}"
    );
}

#[test]
fn a_pattern_that_does_not_fit_never_costs_the_body() {
    let mut fields = fields().post;
    fields.text = Some(Pick::of_parts("div.isi", None, Some("Isi: (.*)")).unwrap());
    let read = |body| post(&page("/iklan/1", body), &fields).unwrap().text;
    assert_eq!(read("<div class=isi>Isi: kos putri</div>"), "kos putri");
    assert_eq!(read("<div class=isi>kos putri</div>"), "kos putri");
}
