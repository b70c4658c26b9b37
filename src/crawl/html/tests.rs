//! What is read out of a page, and what is left there.

use regex::Regex;

use super::*;

fn fields() -> Classified {
    let pick = |css| Pick::parse(css).unwrap();
    Classified {
        link: pick("article a.judul"),
        next: Some(pick("a.berikut")),
        id: None,
        id_from_url: Some(Regex::new(r"/iklan/(\d+)").unwrap()),
        title: Some(pick("h1")),
        text: pick("div.isi"),
        author: Some(pick("span.penjual")),
        published: Some(pick("time@datetime")),
        place: None,
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
    let links: Vec<&str> = listing.links.iter().map(Url::as_str).collect();
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
    assert_eq!(listing.links[0].as_str(), "http://a.example/y/1");
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
    let post = post(&page, &fields()).unwrap();
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
    let titled = post(
        &page("/iklan/1", "<h1>Kos</h1><div class=isi> </div>"),
        &fields(),
    )
    .unwrap();
    assert_eq!(titled.text, "");
    let reason = |path, body| post(&page(path, body), &fields()).unwrap_err();
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
    assert_eq!(post(&page, &fields()).unwrap().text, "luar\ndalam\ndua");
}

#[test]
fn a_page_nested_to_death_is_refused() {
    let page = page("/iklan/1", &"<div>".repeat(4000));
    assert_eq!(
        post(&page, &fields()).unwrap_err().0,
        SkipReason::MalformedPage
    );
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
        assert!(post(&page("/iklan/1", &body), &fields()).is_err());
    }
}

#[test]
fn text_without_markup_keeps_its_lines() {
    assert_eq!(words("a  b\n\nc < d & e").unwrap(), "a b\nc < d & e");
    assert_eq!(words("a\nb &amp; c<br/>d").unwrap(), "a b & c\nd");
    assert_eq!(words("a&nbsp;b<p>&nbsp;</p>").unwrap(), "a\u{a0}b");
}
