//! What sitemaps say, and what hostile ones cost.

use super::*;

fn wanted() -> Sitemap {
    let pattern = |text| regex::Regex::new(text).unwrap();
    Sitemap {
        include: vec![pattern("/iklan/")],
        exclude: vec![pattern("/iklan/arsip/")],
        post: crate::crawl::source::PostFields::default(),
    }
}

fn page(body: &str) -> Page {
    Page::for_test(
        "http://a.example/sitemap.xml",
        "application/xml",
        body.as_bytes(),
    )
}

fn leads(body: &str) -> Vec<(String, Option<String>)> {
    let reading = read(&page(body), &wanted(), true).unwrap();
    let leads = reading.details.into_iter();
    leads
        .map(|lead| (lead.url.into(), lead.changed.map(|at| at.to_string())))
        .collect()
}

#[test]
fn addresses_are_taken_by_pattern_with_the_time_they_changed() {
    let found = leads(
        "\n<?xml version='1.0' encoding='UTF-8'?>
        <urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'
          xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'>
        <url><loc> http://a.example/iklan/1?a=1&amp;b=2 </loc><lastmod>2026-11-03</lastmod></url>
        <url><image:image><image:loc>http://a.example/iklan/foto.jpg</image:loc></image:image>
          <loc>http://a.example/iklan/2</loc><lastmod>2026-11-03T09:12:00+07:00</lastmod></url>
        <url><loc><![CDATA[http://a.example/iklan/3]]></loc><lastmod>kemarin</lastmod></url>
        <url><loc>http://a.example/tentang</loc></url>
        <url><loc>http://a.example/iklan/arsip/9</loc></url>
        <url><loc>tel:081200000001</loc></url><url></url></urlset>",
    );
    let at = |text: &str| Some(text.to_owned());
    assert_eq!(
        found,
        [
            (
                "http://a.example/iklan/1?a=1&b=2".to_owned(),
                at("2026-11-03T00:00:00Z")
            ),
            (
                "http://a.example/iklan/2".to_owned(),
                at("2026-11-03T02:12:00Z")
            ),
            ("http://a.example/iklan/3".to_owned(), None),
        ]
    );
    let lines = leads("http://a.example/iklan/1\nbukan alamat\nhttp://a.example/iklan/2");
    assert_eq!(lines.len(), 2);
}

#[test]
fn an_index_leads_to_its_parts_once() {
    let index = "<sitemapindex><sitemap><loc>/s1.xml.gz</loc></sitemap>
        <sitemap><loc>http://a.example/s2.xml</loc></sitemap></sitemapindex>";
    let reading = read(&page(index), &wanted(), true).unwrap();
    let parts: Vec<&str> = reading.listings.iter().map(Url::as_str).collect();
    assert_eq!(
        parts,
        ["http://a.example/s1.xml.gz", "http://a.example/s2.xml"]
    );
    let (reason, why) = read(&page(index), &wanted(), false).unwrap_err();
    assert_eq!(reason, SkipReason::MalformedPage);
    assert!(why.contains("inside another"), "{why}");
}

#[test]
fn what_is_no_sitemap_is_refused_and_an_empty_one_is_empty() {
    for body in ["<html><body>hai</body></html>", "Situs dalam perbaikan", ""] {
        assert_eq!(
            read(&page(body), &wanted(), true).unwrap_err().0,
            SkipReason::MalformedPage
        );
    }
    assert_eq!(leads("<urlset></urlset>"), []);
    // Cut off on the line: what came is read.
    let cut = leads("<urlset><url><loc>http://a.example/iklan/1</loc></url><url><loc>http://a");
    assert_eq!(cut.len(), 1);
}

#[test]
fn hostile_sitemaps_are_bounded() {
    let one = "<url><loc>http://a.example/iklan/1</loc></url>";
    let many = format!("<urlset>{}</urlset>", one.repeat(60_000));
    let reading = read(&page(&many), &wanted(), true).unwrap();
    assert_eq!(reading.details.len(), MAX_ADDRESSES);
    assert_eq!(reading.left[0].0, SkipReason::TooLong);

    let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>
        <!ENTITY c SYSTEM 'file:///etc/passwd'>]>
        <urlset><url><loc>http://a.example/iklan/&b;&c;&#65;&lt;</loc></url></urlset>";
    assert_eq!(leads(bomb)[0].0, "http://a.example/iklan/A%3C");

    assert!(read(&page(&"<url>".repeat(200_000)), &wanted(), true).is_err());
    assert!(read(&page(&"<a>".repeat(500_000)), &wanted(), true).is_err());
    let long = format!(
        "<urlset><url><loc>http://a.example/iklan/{}</loc></url></urlset>",
        "a".repeat(1 << 20)
    );
    assert_eq!(leads(&long), []);
}

#[test]
fn a_packed_sitemap_is_read_and_a_packed_picture_is_not() {
    let packed = |plain: &[u8]| {
        use std::io::Write as _;
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(plain).unwrap();
        let url = Url::parse("http://a.example/sitemap.xml.gz").unwrap();
        let at = jiff::Timestamp::UNIX_EPOCH;
        Page::saved(url, "application/octet-stream", out.finish().unwrap(), at)
    };
    let page = packed(b"<urlset><url><loc>/iklan/1</loc></url></urlset>").unwrap();
    assert_eq!(read(&page, &wanted(), true).unwrap().details.len(), 1);
    assert_eq!(
        packed(b"\x89PNG\r\n\x1a\n").unwrap_err().0,
        SkipReason::NotText
    );
    assert_eq!(
        packed(&vec![b' '; 60 << 20]).unwrap_err().0,
        SkipReason::TooLong
    );
}
