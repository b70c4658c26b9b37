//! What feeds say, and what broken ones still say.

use super::*;

fn feed(body: &str) -> Reading {
    read(&Page::for_test(
        "http://kabar.example/feed.xml",
        "application/xml",
        body.as_bytes(),
    ))
    .unwrap()
}

#[test]
fn rss_gives_its_own_fields_and_html_becomes_text() {
    let items = feed(
        r#"<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel><title>k</title><link>http://kabar.example/</link><description>d</description>
        <item><title>Warung &amp; kos</title><link>/post/1</link><guid isPermaLink="false">k-1</guid>
        <dc:creator>bu_ani</dc:creator><pubDate>Tue, 03 Nov 2026 09:12:00 +0700</pubDate>
        <description>&lt;p&gt;Kos putri&lt;/p&gt;&lt;p&gt;dekat &lt;b&gt;pasar&lt;/b&gt;&lt;/p&gt;</description>
        <enclosure url="http://kabar.example/a.mp3" type="audio/mpeg" length="1"/></item>
        <item><guid>k-2</guid></item></channel></rss>"#,
    );
    let first = items.posts[0].as_ref().unwrap();
    assert_eq!(first.native_id, "k-1");
    assert_eq!(first.title.as_deref(), Some("Warung & kos"));
    assert_eq!(first.text, "Kos putri\ndekat pasar");
    assert_eq!(first.author.as_deref(), Some("bu_ani"));
    assert_eq!(first.url.as_deref(), Some("http://kabar.example/post/1"));
    assert_eq!(
        first.published.as_deref(),
        Some("2026-11-03T02:12:00+00:00")
    );
    assert_eq!(
        items.posts[1].as_ref().unwrap_err().0,
        SkipReason::MissingField
    );
}

#[test]
fn atom_gives_its_own_fields_and_its_next_page() {
    let items = feed(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>k</title>
        <updated>2026-11-03T00:00:00Z</updated><link rel="next" href="/atom.xml?p=2"/>
        <entry><id>urn:k:1</id><title>Kabar</title><updated>2026-11-03T02:12:00Z</updated>
        <link href="http://kabar.example/1"/><author><name>redaksi</name></author>
        <content type="html">&lt;p&gt;Isi&lt;br&gt;dua&lt;/p&gt;</content></entry></feed>"#,
    );
    let first = items.posts[0].as_ref().unwrap();
    assert_eq!(
        (first.native_id.as_str(), first.text.as_str()),
        ("urn:k:1", "Isi\ndua")
    );
    assert_eq!(first.author.as_deref(), Some("redaksi"));
    assert_eq!(
        items.next.unwrap().as_str(),
        "http://kabar.example/atom.xml?p=2"
    );
}

#[test]
fn what_is_no_feed_or_is_nested_to_death_is_refused() {
    for body in [
        "<html><body>hai</body></html>".to_owned(),
        "<a>".repeat(100_000),
    ] {
        let page = Page::for_test("http://k.example/", "application/xml", body.as_bytes());
        assert_eq!(read(&page).unwrap_err().0, SkipReason::MalformedPage);
    }
}

/// The posts of a feed whose items say this.
fn rss(items: &str) -> Vec<Result<Fields, Fault>> {
    let head = "<rss version='2.0'><channel><title>k</title><link>http://kabar.example/</link>";
    feed(&format!(
        "{head}<description>d</description>{items}</channel></rss>"
    ))
    .posts
}

#[test]
fn dates_in_indonesian_are_read_and_bad_ones_cost_only_themselves() {
    let posts = rss(
        "<item><guid>a</guid><title>A</title><pubDate>Sen, 23 Nov 2026 14:05:00 +0700</pubDate></item>
         <item><guid>b</guid><title>B</title><pubDate>2026-11-23T14:05:00+07:00</pubDate></item>
         <item><guid>c</guid><title>C</title><pubDate>besok lusa</pubDate></item>",
    );
    let at: Vec<_> = posts
        .iter()
        .map(|post| post.as_ref().unwrap().published.as_deref())
        .collect();
    let nine = Some("2026-11-23T07:05:00+00:00");
    assert_eq!(at, [nine, nine, None]);
}

#[test]
fn blank_lines_and_warnings_before_a_feed_are_passed_over() {
    let whole = "\u{feff}\n\n  Notice: cache kosong\n<?xml version='1.0'?><rss version='2.0'>
        <channel><title>k</title><item><guid>a</guid><title>Kos</title></item></channel></rss>";
    assert_eq!(feed(whole).posts[0].as_ref().unwrap().native_id, "a");
}

#[test]
fn one_broken_item_never_costs_the_others() {
    let posts = rss("<item><guid>a</guid><title>Kos A</title></item>
         <item><guid>b</guid><title>Kos <b>B</title></item>
         <item><guid>c</guid><title>Kos C</title></item>");
    assert_eq!(posts.len(), 3, "{posts:?}");
    assert_eq!(posts[0].as_ref().unwrap().native_id, "a");
    assert_eq!(posts[1].as_ref().unwrap_err().0, SkipReason::MalformedPage);
    assert_eq!(posts[2].as_ref().unwrap().native_id, "c");
    // A feed that was cut off on the line keeps what came.
    let cut = "<rss version='2.0'><channel><title>k</title>
        <item><guid>a</guid><title>Kos</title></item><item><guid>b</guid><tit";
    let posts = feed(cut).posts;
    assert_eq!(posts[0].as_ref().unwrap().native_id, "a");
}

#[test]
fn a_json_feed_is_read_item_by_item() {
    let page = Page::for_test(
        "http://kabar.example/feed.json",
        "application/feed+json",
        br#"{"version":"https://jsonfeed.org/version/1.1","next_url":"/feed.json?p=2","items":[
            {"id":7,"url":"/p/7","title":"Kos","content_html":"<p>Dekat<br>pasar</p>",
             "date_published":"2026-11-23T14:05:00+07:00","authors":[{"name":"ani"}],
             "image":"/a.png","attachments":[{"url":"/a.mp3"}]},
            {"title":5}, "x", {"id":"b","content_text":"Motor\nbekas","author":{"name":"budi"}}]}"#,
    );
    let reading = read(&page).unwrap();
    let first = reading.posts[0].as_ref().unwrap();
    assert_eq!(first.native_id, "7");
    assert_eq!(first.text, "Dekat\npasar");
    assert_eq!(first.url.as_deref(), Some("http://kabar.example/p/7"));
    assert_eq!(first.author.as_deref(), Some("ani"));
    assert!(reading.posts[1].is_err() && reading.posts[2].is_err());
    let last = reading.posts[3].as_ref().unwrap();
    assert_eq!(
        (last.text.as_str(), last.author.as_deref()),
        ("Motor\nbekas", Some("budi"))
    );
    assert_eq!(
        reading.next.unwrap().as_str(),
        "http://kabar.example/feed.json?p=2"
    );
}

#[test]
fn entities_are_never_unfolded() {
    let bomb = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>
        <!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>
        <!ENTITY d SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel><title>k</title>
        <item><guid>a</guid><title>x &c; &d;</title><description>y</description></item>
        </channel></rss>";
    let page = Page::for_test("http://k.example/", "application/xml", bomb.as_bytes());
    if let Ok(reading) = read(&page) {
        let told = format!("{reading:?}");
        assert!(
            !told.contains("aaaaaaaaaaa") && !told.contains("root:"),
            "{told}"
        );
    }
}
