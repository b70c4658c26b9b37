//! The crawler against real sockets: what it reads, what it leaves alone and
//! what it keeps as evidence.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;

use lentera::crawl::frontier::Memory;
use lentera::crawl::{self, Fetcher, Keep, Page, Settings, Source};
use lentera::evidence::verify;
use lentera::post::Capture;
use lentera::skip::SkipReason;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use crate::site::{
    CLASSIFIED, Setup, ad, answer, cards, crawl, crawl_at, crawl_with, html, in_warc, redirect,
    serve,
};

#[tokio::test]
async fn listings_are_followed_to_their_end_and_a_loop_ends_too() {
    let run = crawl(&[
        ("/", cards(&["/iklan/1", "/iklan/2"], Some("/?hal=2"))),
        (
            "/?hal=2",
            cards(&["/iklan/2", "/iklan/3#atas"], Some("/?hal=3")),
        ),
        ("/?hal=3", cards(&["/iklan/1"], Some("/"))),
        ("/iklan/1", ad("satu")),
        ("/iklan/2", ad("dua")),
        ("/iklan/3", ad("tiga")),
    ])
    .await;
    assert_eq!(run.ids(), ["1", "2", "3"]);
    assert_eq!(run.skips, []);
    assert_eq!(run.asked("/robots.txt"), 1);
    assert_eq!(run.seen.len(), 7, "{:?}", run.seen);
    assert_eq!(run.tally.pages, 6);
    let post = &run.posts[0];
    assert_eq!(post.platform, "pasar");
    assert_eq!(post.text, "Dijual\ncepat.");
    assert_eq!(post.url.as_deref(), Some("http://pasar.example/iklan/1"));
    assert_eq!(post.origin.file, "http://pasar.example/iklan/1");
    let capture = post.origin.capture.as_ref().unwrap();
    assert_eq!(capture.digest, post.origin.digest);
}

#[tokio::test]
async fn every_request_says_who_asks_and_carries_no_cookie() {
    let mut start = cards(&["/iklan/1"], None);
    start.headers.push(("set-cookie", "a=b".to_owned()));
    let run = crawl(&[("/", start), ("/iklan/1", ad("satu"))]).await;
    assert_eq!(run.seen.len(), 3);
    for seen in &run.seen {
        let agent = seen.headers["user-agent"].to_str().unwrap();
        assert!(agent.starts_with("lentera/"), "{agent}");
        assert_eq!(seen.headers["host"], "pasar.example");
        assert!(!seen.headers.contains_key("cookie"));
        assert!(!seen.headers.contains_key("referer"));
    }
}

#[tokio::test]
async fn what_robots_txt_forbids_is_not_asked_for() {
    let run = crawl(&[
        (
            "/robots.txt",
            answer(200, "text/plain", "User-agent: *\nDisallow: /iklan/2"),
        ),
        ("/", cards(&["/iklan/1", "/iklan/2"], None)),
        ("/iklan/1", ad("satu")),
        ("/iklan/2", ad("dua")),
    ])
    .await;
    assert_eq!(run.ids(), ["1"]);
    assert_eq!(
        run.skip(SkipReason::RobotsDenied).subject,
        "http://pasar.example/iklan/2"
    );
    assert_eq!(run.asked("/iklan/2"), 0);
}

#[tokio::test]
async fn a_site_whose_robots_txt_is_broken_is_left_alone() {
    let run = crawl(&[
        ("/robots.txt", answer(503, "text/plain", "")),
        ("/", cards(&["/iklan/1"], None)),
    ])
    .await;
    assert!(
        run.skip(SkipReason::RobotsUnavailable)
            .detail
            .contains("503")
    );
    assert_eq!(run.asked("/"), 0);
}

#[tokio::test]
async fn a_line_that_is_not_really_encrypted_is_not_read() {
    let source = CLASSIFIED.replace("http://pasar", "https://pasar");
    let setup = Setup {
        source: Some(&source),
        ..Setup::default()
    };
    let run = crawl_with(&[("/", cards(&["/iklan/1"], None))], setup).await;
    run.skip(SkipReason::RobotsUnavailable);
    assert_eq!(run.seen.len(), 0);
}

#[tokio::test]
async fn a_robots_txt_elsewhere_is_followed_and_endless_hops_close_the_site() {
    let rules = answer(200, "text/plain", "User-agent: *\nDisallow: /");
    let run = crawl(&[
        ("/robots.txt", redirect("/r2")),
        ("/r2", rules),
        ("/", cards(&[], None)),
    ])
    .await;
    run.skip(SkipReason::RobotsDenied);
    let run = crawl(&[
        ("/robots.txt", redirect("/robots.txt")),
        ("/", cards(&[], None)),
    ])
    .await;
    run.skip(SkipReason::RobotsUnavailable);
    assert_eq!(run.asked("/robots.txt"), 6);
    assert_eq!(run.asked("/"), 0);
}

#[tokio::test]
async fn redirects_are_followed_under_the_same_rules() {
    let run = crawl(&[
        (
            "/robots.txt",
            answer(200, "text/plain", "User-agent: *\nDisallow: /pribadi"),
        ),
        (
            "/",
            cards(
                &["/iklan/1", "/ke-pribadi", "/ke-luar", "/putar", "/ganda"],
                None,
            ),
        ),
        ("/iklan/1", redirect("/iklan/11")),
        ("/iklan/11", ad("sebelas")),
        ("/ke-pribadi", redirect("/pribadi")),
        ("/ke-luar", redirect("http://luar.example/")),
        ("/putar", redirect("/putar")),
        ("/ganda", redirect("/iklan/11")),
    ])
    .await;
    assert_eq!(run.ids(), ["11"]);
    assert_eq!(
        run.skip(SkipReason::RobotsDenied).subject,
        "http://pasar.example/pribadi"
    );
    assert_eq!(
        run.skip(SkipReason::OffSite).subject,
        "http://luar.example/"
    );
    let looped = run.skip(SkipReason::Trap);
    assert_eq!(looped.subject, "http://pasar.example/putar");
    assert!(looped.detail.contains("redirect loop"), "{looped}");
    assert_eq!(run.asked("/putar"), 1);
    assert_eq!(run.tally.repeated, 1);
    let warc = String::from_utf8_lossy(&run.warc()).into_owned();
    assert!(warc.contains("HTTP/1.1 302 Found"));
    assert!(warc.contains("WARC-Target-URI: http://pasar.example/robots.txt"));
}

#[tokio::test]
async fn each_page_that_is_no_post_is_named_with_its_reason() {
    let run = crawl_with(
        &[
            (
                "/",
                cards(
                    &[
                        "http://lain.example/iklan/9",
                        "/hilang",
                        "/iklan/besar",
                        "/iklan/foto",
                        "/iklan/png",
                        "/iklan/kosong",
                    ],
                    None,
                ),
            ),
            ("/iklan/besar", html(&"x".repeat(3000))),
            ("/iklan/foto", answer(200, "image/jpeg", "\u{1}")),
            (
                "/iklan/png",
                answer(200, "text/html", b"\x89PNG\r\n\x1a\nrahasia".to_vec()),
            ),
            ("/iklan/kosong", html("<p>Iklan sudah dihapus</p>")),
        ],
        Setup {
            settings: "max_page_bytes = 2000",
            ..Setup::default()
        },
    )
    .await;
    assert_eq!(run.ids(), [""; 0]);
    for (reason, subject) in [
        (SkipReason::OffSite, "http://lain.example/iklan/9"),
        (SkipReason::HttpStatus, "http://pasar.example/hilang"),
        (SkipReason::TooLong, "http://pasar.example/iklan/besar"),
        (
            SkipReason::MalformedPage,
            "http://pasar.example/iklan/kosong",
        ),
    ] {
        assert_eq!(run.skip(reason).subject, subject);
    }
    let media = run
        .skips
        .iter()
        .filter(|skip| skip.reason == SkipReason::NotText);
    assert_eq!(media.count(), 2);
    assert_eq!(run.skips.len(), 6);
    let warc = run.warc();
    assert!(!warc.windows(4).any(|four| four == b"\x89PNG"));
    assert!(!String::from_utf8_lossy(&warc).contains("rahasia"));
}

#[tokio::test]
async fn addresses_of_this_machine_are_never_dialled() {
    let trap = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = trap.local_addr().unwrap().port();
    let source = format!(
        "{}\n",
        CLASSIFIED.replace(
            "start = [\"http://pasar.example/\"]",
            &format!(
                "start = [\"http://pasar.example/\", \"http://localhost:{port}/\", \
                 \"http://127.0.0.1:{port}/\", \"http://pasar.example:{port}/\"]"
            ),
        )
    );
    let run = crawl_with(
        &[("/", redirect(&format!("http://127.1:{port}/")))],
        Setup {
            source: Some(&source),
            settings: "contact = 'https://lsm.example/bot'",
            ..Setup::default()
        },
    )
    .await;
    assert_eq!(run.skips.len(), 4, "{:?}", run.skips);
    assert!(
        run.skips
            .iter()
            .all(|skip| skip.reason == SkipReason::ForbiddenAddress),
        "{:?}",
        run.skips
    );
    let dialled = tokio::time::timeout(std::time::Duration::from_millis(20), trap.accept()).await;
    assert!(dialled.is_err());
}

#[tokio::test]
async fn a_latin_1_page_is_read_and_kept_as_it_came() {
    let body = b"<h1>Caf\xE9</h1><div class=isi>d\xE9p\xF4t</div>".to_vec();
    let run = crawl(&[
        ("/", cards(&["/iklan/1"], None)),
        (
            "/iklan/1",
            answer(200, "text/html; charset=iso-8859-1", body.clone()),
        ),
    ])
    .await;
    assert_eq!(run.posts[0].title.as_deref(), Some("Café"));
    assert_eq!(run.posts[0].text, "dépôt");
    assert!(run.warc().windows(body.len()).any(|part| part == body));
}

#[tokio::test]
async fn compressed_pages_are_kept_compressed() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    io::Write::write_all(&mut gz, b"<h1>Kos</h1><div class=isi>putri</div>").unwrap();
    let packed = gz.finish().unwrap();
    let mut page = answer(200, "text/html", packed.clone());
    page.headers.push(("content-encoding", "gzip".to_owned()));
    let run = crawl(&[("/", cards(&["/iklan/1"], None)), ("/iklan/1", page)]).await;
    assert_eq!(run.posts[0].text, "putri");
    assert_eq!(run.posts[0].origin.digest, lentera::id::Digest::of(&packed));
    assert!(run.warc().windows(packed.len()).any(|part| part == packed));
}

#[tokio::test]
async fn feeds_and_apis_are_read_without_fetching_what_they_link_to() {
    let rss = r"<rss version='2.0'><channel><title>k</title><link>http://pasar.example/</link>
        <description>d</description><item><guid>g1</guid><title>Kabar</title>
        <link>http://pasar.example/kabar/1</link><description>Isi &lt;b&gt;tebal&lt;/b&gt;</description>
        </item><item><guid>g2</guid></item></channel></rss>";
    let feed = "id = 'k'\nkind = 'feed'\nstart = ['http://pasar.example/feed.xml']";
    let run = crawl_with(
        &[("/feed.xml", answer(200, "application/rss+xml", rss))],
        Setup {
            source: Some(feed),
            ..Setup::default()
        },
    )
    .await;
    assert_eq!(run.posts[0].text, "Isi tebal");
    assert_eq!(run.asked("/kabar/1"), 0);
    assert_eq!(run.skip(SkipReason::MissingField).line, Some(2));

    let api = "id = 'p'\nkind = 'json'\nstart = ['http://pasar.example/api?page=1']\n\
        [json]\nitems = 'data'\nnext = 'next'\nid = 'id'\ntext = 'body'";
    let json = |body: &str| answer(200, "application/json", body);
    let run = crawl_with(
        &[
            (
                "/api?page=1",
                json(r#"{"data":[{"id":1,"body":"a"},{"id":2,"body":"b"}],"next":"?page=2"}"#),
            ),
            (
                "/api?page=2",
                json(r#"{"data":[{"id":2,"body":"b"},{"id":3,"body":"c"}],"next":"?page=1"}"#),
            ),
        ],
        Setup {
            source: Some(api),
            ..Setup::default()
        },
    )
    .await;
    assert_eq!(run.ids(), ["1", "2", "3"]);
    assert_eq!(run.posts[2].origin.line, 2);
    assert_eq!(run.tally.repeated, 1);
}

#[tokio::test]
async fn budgets_and_barren_chains_end_a_source() {
    let source = CLASSIFIED.replace("[listing]", "max_pages = 2\n[listing]");
    let pages = [
        ("/", cards(&["/iklan/1", "/iklan/2"], None)),
        ("/iklan/1", ad("satu")),
        ("/iklan/2", ad("dua")),
    ];
    let run = crawl_with(
        &pages,
        Setup {
            source: Some(&source),
            ..Setup::default()
        },
    )
    .await;
    assert_eq!(run.ids(), ["1"]);
    assert_eq!(
        run.skip(SkipReason::Budget).subject,
        "http://pasar.example/iklan/2"
    );

    let next: Vec<String> = (1..20).map(|n| format!("/?hal={n}")).collect();
    let mut endless = vec![
        ("/", cards(&["/iklan/1"], Some(&next[0]))),
        ("/iklan/1", ad("satu")),
    ];
    for pair in next.windows(2) {
        endless.push((&pair[0], cards(&["/iklan/1"], Some(&pair[1]))));
    }
    let run = crawl(&endless).await;
    assert!(run.skip(SkipReason::Trap).detail.contains("nothing new"));
    assert_eq!(run.tally.pages, 5);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_a_dead_one_is_left_alone() {
    let run = crawl(&[("/", answer(503, "text/html", "sibuk"))]).await;
    assert_eq!(run.asked("/"), 3);
    assert!(run.skip(SkipReason::HttpStatus).detail.contains("503"));

    let mut busy = answer(429, "text/html", "pelan-pelan");
    busy.headers.push(("retry-after", "3600".to_owned()));
    let run = crawl(&[
        ("/", cards(&["/iklan/1", "/iklan/2"], None)),
        ("/iklan/1", busy),
        ("/iklan/2", ad("dua")),
    ])
    .await;
    assert_eq!((run.asked("/iklan/1"), run.asked("/iklan/2")), (1, 0));
    assert!(run.skip(SkipReason::HttpStatus).detail.contains("429"));
    let left = &run.skip(SkipReason::HostBusy).detail;
    assert!(left.contains("more minutes"), "{left}");

    let links: Vec<String> = (0..20).map(|n| format!("/iklan/{n}")).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let mut pages = vec![("/", cards(&links, None))];
    pages.extend(
        links
            .iter()
            .map(|link| (*link, answer(500, "text/html", "rusak"))),
    );
    let run = crawl(&pages).await;
    assert!(run.skip(SkipReason::Connection).detail.contains("in a row"));
    assert_eq!(run.tally.pages, 6);
}

#[tokio::test]
async fn a_stop_signal_ends_between_two_fetches() {
    let pages = [
        ("/", cards(&["/iklan/1", "/iklan/2"], None)),
        ("/iklan/1", ad("satu")),
        ("/iklan/2", ad("dua")),
    ];
    let run = crawl_with(
        &pages,
        Setup {
            stop_after: Some(1),
            ..Setup::default()
        },
    )
    .await;
    assert!(run.tally.stopped);
    assert!(run.posts.len() < 2, "{:?}", run.ids());
    assert_eq!(
        verify(&run.dir.path().join("evidence"), None)
            .unwrap()
            .fault,
        None
    );
}

#[tokio::test]
async fn every_post_leads_to_its_page_in_the_evidence() {
    let run = crawl(&[
        ("/", cards(&["/iklan/1", "/iklan/2"], None)),
        ("/iklan/1", ad("satu")),
        ("/iklan/2", ad("dua")),
    ])
    .await;
    for post in &run.posts {
        let capture = post.origin.capture.as_ref().unwrap();
        let bytes = std::fs::read(run.dir.path().join(&capture.path)).unwrap();
        let mut record = String::new();
        let mut member = flate2::bufread::GzDecoder::new(&bytes[capture.offset as usize..]);
        io::Read::read_to_string(&mut member, &mut record).unwrap();
        assert!(record.contains(&capture.record_id));
        assert!(record.contains(&format!(
            "WARC-Target-URI: {}\r\n",
            post.url.as_deref().unwrap()
        )));
        assert!(record.contains(post.title.as_deref().unwrap()));
    }
    let report = verify(&run.dir.path().join("evidence"), None).unwrap();
    assert_eq!((report.records, report.fault), (9, None));
}

/// Answers each request with the next of `answers`, byte for byte, and hangs
/// up.
fn speak(answers: Vec<&'static [u8]>) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut socket, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            assert!(socket.read(&mut request).unwrap() > 0);
            socket.write_all(answer).unwrap();
        }
        // Whoever still comes is let in and never answered.
        loop {
            std::thread::park();
        }
    });
    address
}

const NO_ROBOTS: &[u8] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\
    Content-Type: text/plain\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_chunked_page_is_kept_in_one_piece() {
    let chunked = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\
        Connection: close\r\n\r\n8\r\n<h1>Kos<\r\n20\r\n/h1><div class=isi>putri</div>  \r\n0\r\n\r\n";
    let cards = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 33\r\n\
        Connection: close\r\n\r\n<a class=judul href=/iklan/1></a>";
    let run = crawl_at(speak(vec![NO_ROBOTS, cards, chunked]), Setup::default()).await;
    assert_eq!(run.ids(), ["1"], "{:?}", run.skips);
    let warc = String::from_utf8(run.warc()).unwrap();
    assert!(warc.contains("X-Archive-Orig-Transfer-Encoding: chunked\r\n"));
    assert!(warc.contains("Content-Length: 40\r\n\r\n<h1>Kos</h1>"));
}

#[tokio::test]
async fn a_page_that_breaks_off_is_neither_read_nor_kept() {
    let torn = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n\
        <a class=judul href=/iklan/1></a>";
    let setup = Setup {
        settings: "retries = 0",
        ..Setup::default()
    };
    let run = crawl_at(speak(vec![NO_ROBOTS, torn]), setup).await;
    run.skip(SkipReason::Connection);
    assert_eq!(run.tally.pages, 0);
    assert!(!String::from_utf8(run.warc()).unwrap().contains("judul"));
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for_without_end() {
    let setup = Setup {
        settings: "retries = 0\ntimeout_s = 1",
        ..Setup::default()
    };
    let run = crawl_at(speak(vec![NO_ROBOTS]), setup).await;
    run.skip(SkipReason::Timeout);
}

#[tokio::test]
async fn the_pause_robots_txt_asks_for_is_kept() {
    let began = std::time::Instant::now();
    let run = crawl(&[
        (
            "/robots.txt",
            answer(200, "text/plain", "User-agent: *\nCrawl-delay: 0.1"),
        ),
        ("/", cards(&["/iklan/1"], None)),
        ("/iklan/1", ad("satu")),
    ])
    .await;
    assert_eq!(run.ids(), ["1"]);
    assert!(began.elapsed().as_millis() >= 200, "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_advertisement_of_an_earlier_run_is_not_fetched_again() {
    let pages = [
        ("/".to_owned(), cards(&["/iklan/1", "/iklan/2"], None)),
        ("/iklan/1".to_owned(), ad("satu")),
        ("/iklan/2".to_owned(), ad("dua")),
    ];
    let (address, seen) = serve(pages.into()).await;
    let mut settings = Settings {
        delay_ms: 0,
        ..Settings::default()
    };
    settings.resolve.insert("pasar.example".to_owned(), address);
    let source: Source = toml::from_str(CLASSIFIED).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let keep = in_warc(dir.path());
    let frontier = Memory::default();
    let run = || async {
        let (events, _inbox) = mpsc::channel(100);
        let (_stop, stopped) = watch::channel(false);
        let fetcher = Fetcher::new(settings.clone()).unwrap();
        crawl::crawl_on(&source, &fetcher, &keep, &frontier, events, stopped)
            .await
            .unwrap()
    };
    let first = run().await;
    assert_eq!((first.known, first.posts, first.skips), (0, 2, 0));
    seen.lock().unwrap().clear();
    let second = run().await;
    assert_eq!((second.known, second.posts, second.skips), (2, 0, 0));
    let asked: Vec<String> = seen
        .lock()
        .unwrap()
        .iter()
        .map(|seen| seen.target.clone())
        .collect();
    assert_eq!(asked, ["/robots.txt", "/"]);
}

/// A disk that takes nothing more.
struct Full;

impl Keep for Full {
    fn keep(&self, _: &Page) -> io::Result<Capture> {
        Err(io::Error::other("penuh"))
    }
}

#[tokio::test]
async fn nothing_is_read_that_cannot_be_kept() {
    let (address, seen) = serve(BTreeMap::from([(
        "/".to_owned(),
        cards(&["/iklan/1"], None),
    )]))
    .await;
    let mut settings = Settings::default();
    settings.resolve.insert("pasar.example".to_owned(), address);
    let source: Source = toml::from_str(CLASSIFIED).unwrap();
    let (events, mut inbox) = mpsc::channel(100);
    let (_stop, stopped) = watch::channel(false);
    let fetcher = Fetcher::new(settings).unwrap();
    let outcome = crawl::crawl(&source, &fetcher, &Full, events, stopped).await;
    assert!(outcome.unwrap_err().to_string().contains("penuh"));
    assert_eq!(inbox.recv().await, None);
    assert_eq!(seen.lock().unwrap().len(), 1);
}
