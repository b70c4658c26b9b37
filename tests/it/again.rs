//! A source read again: what is spared, what is gone, what leads nowhere, and
//! a line that comes back.

use std::net::SocketAddr;
use std::time::Duration;

use lentera::crawl::frontier::Memory;
use lentera::crawl::{self, Event, Fetcher, Settings, Source, Tally};
use lentera::post::Post;
use lentera::skip::{Skip, SkipReason};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use crate::site::{
    Answer, CLASSIFIED, Setup, ad, answer, cards, crawl, crawl_at, html, in_warc, serve, tagged,
};

/// One night's crawl with what the nights before left.
async fn night(
    frontier: &Memory,
    pages: &[(&str, Answer)],
) -> (Tally, Vec<Skip>, Vec<String>, tempfile::TempDir) {
    let pages = pages
        .iter()
        .map(|(path, page)| ((*path).to_owned(), page.clone()));
    let (address, seen) = serve(pages.collect()).await;
    let mut settings = Settings {
        delay_ms: 0,
        ..Settings::default()
    };
    settings.resolve.insert("pasar.example".to_owned(), address);
    let source: Source = toml::from_str(CLASSIFIED).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let keep = in_warc(dir.path());
    let (events, mut inbox) = mpsc::channel(100);
    let (_stop, stopped) = watch::channel(false);
    let fetcher = Fetcher::new(settings).unwrap();
    let reading = crawl::crawl_on(&source, &fetcher, &keep, frontier, events, stopped);
    let listening = async {
        let mut skips = Vec::new();
        while let Some(event) = inbox.recv().await {
            if let Event::Skip(skip) = event {
                skips.push(skip);
            }
        }
        skips
    };
    let (tally, skips) = tokio::join!(reading, listening);
    let asked = seen.lock().unwrap();
    let asked = asked.iter().map(|seen| seen.target.clone()).skip(1);
    (tally.unwrap(), skips, asked.collect(), dir)
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again_and_its_chain_is_followed() {
    let first = tagged(cards(&["/iklan/1", "/iklan/2"], Some("/?hal=2")), "\"a\"");
    let second = cards(&["/iklan/3"], None);
    let mut pages = vec![
        ("/", first),
        ("/?hal=2", second),
        ("/iklan/1", tagged(ad("satu"), "\"s\"")),
        ("/iklan/2", ad("dua")),
        ("/iklan/3", ad("tiga")),
        ("/iklan/4", ad("empat")),
    ];
    let mut frontier = Memory::default();
    let (tally, skips, _, _) = night(&frontier, &pages).await;
    assert_eq!((tally.posts, tally.unchanged, skips.len()), (3, 0, 0));

    pages[1].1 = cards(&["/iklan/3", "/iklan/4"], None);
    let (tally, skips, asked, _) = night(&frontier, &pages).await;
    assert_eq!(asked, ["/", "/?hal=2", "/iklan/4"]);
    assert_eq!((tally.posts, tally.unchanged, tally.known), (1, 1, 1));
    assert_eq!(skips, []);

    // Two days later the first three are looked at again: one is as it was,
    // one reads as it did, one is gone.
    frontier.turn_to("1970-01-03T00:00:00Z".parse().unwrap());
    pages.retain(|(path, _)| *path != "/iklan/3");
    let (tally, skips, asked, dir) = night(&frontier, &pages).await;
    assert_eq!(asked[2..], ["/iklan/1", "/iklan/2", "/iklan/3", "/iklan/4"]);
    assert_eq!(
        tally.unchanged, 5,
        "listings, /iklan/1, /iklan/2 and /iklan/4"
    );
    let gone: Vec<_> = skips
        .iter()
        .map(|skip| (skip.reason, skip.subject.as_str()))
        .collect();
    assert_eq!(gone, [(SkipReason::Gone, "http://pasar.example/iklan/3")]);
    let mut warc = Vec::new();
    let file = std::fs::File::open(dir.path().join("evidence/tes.warc.gz")).unwrap();
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(file), &mut warc).unwrap();
    let warc = String::from_utf8_lossy(&warc).into_owned();
    assert!(warc.contains("if-none-match: \"s\""), "the request as sent");

    frontier.turn_to("1970-03-01T00:00:00Z".parse().unwrap());
    let (_, _, asked, _) = night(&frontier, &pages).await;
    assert!(!asked.contains(&"/iklan/3".to_owned()), "{asked:?}");
}

#[tokio::test]
async fn traps_are_bounded_and_named() {
    let lost = html("<h1>Maaf</h1><div class=isi>tidak ditemukan</div>");
    let links: Vec<String> = (0..9)
        .map(|n| format!("/iklan/{n}?PHPSESSID=a{n}"))
        .collect();
    let mut links: Vec<&str> = links.iter().map(String::as_str).collect();
    links.extend(["/iklan/0?PHPSESSID=zz", "/x/x/x/x", "/iklan/lain"]);
    let paths: Vec<String> = (0..9).map(|n| format!("/iklan/{n}")).collect();
    let mut pages = vec![
        ("/", cards(&links, Some("/kalender/2031/01"))),
        ("/iklan/lain", ad("lain")),
    ];
    pages.extend(paths.iter().map(|path| (path.as_str(), lost.clone())));
    let months: Vec<String> = (1..=9).map(|n| format!("/kalender/2031/0{n}")).collect();
    for two in months.windows(2) {
        pages.push((&two[0], cards(&["/iklan/lain"], Some(&two[1]))));
    }
    let run = crawl(&pages).await;
    let traps = run
        .skips
        .iter()
        .filter(|skip| skip.reason == SkipReason::Trap);
    let traps: Vec<&str> = traps.map(|skip| skip.detail.as_str()).collect();
    assert_eq!(traps.len(), 4, "{traps:?}");
    for kind in [
        "number of a visit",
        "repeats itself",
        "many addresses",
        "a calendar",
    ] {
        assert!(
            traps.iter().any(|trap| trap.contains(kind)),
            "{kind}: {traps:?}"
        );
    }
    assert_eq!(run.ids(), ["0", "lain"], "one page is one post");
    assert_eq!(run.asked("/kalender/2031/04"), 0);
}

/// A site that hangs up after some answers, is gone for a while, and comes
/// back on the same port.
async fn flaky(address: SocketAddr, answers: usize, gone: Duration) {
    let mut left = answers;
    let mut listener = Some(TcpListener::bind(address).await.unwrap());
    loop {
        let (mut socket, _) = listener.as_ref().unwrap().accept().await.unwrap();
        let mut asked = vec![0; 4096];
        let n = socket.read(&mut asked).await.unwrap_or(0);
        let asked = String::from_utf8_lossy(&asked[..n]).into_owned();
        let path = asked.split(' ').nth(1).unwrap_or("").to_owned();
        let page = match path.as_str() {
            "/" => cards(&["/iklan/1", "/iklan/2", "/iklan/3", "/iklan/4"], None),
            "/robots.txt" => answer(404, "text/plain", ""),
            path => ad(path),
        };
        let head = format!(
            "HTTP/1.1 {} x\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n",
            page.status,
            page.body.len()
        );
        let _ = socket.write_all(head.as_bytes()).await;
        let _ = socket.write_all(&page.body).await;
        let _ = socket.shutdown().await;
        left -= 1;
        if left == 0 {
            left = usize::MAX;
            drop(listener.take());
            tokio::time::sleep(gone).await;
            listener = Some(TcpListener::bind(address).await.unwrap());
        }
    }
}

async fn crawl_flaky(settings: &str, gone: Duration) -> (Vec<Post>, Vec<Skip>, Tally) {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let site = tokio::spawn(flaky(address, 4, gone));
    tokio::task::yield_now().await;
    let setup = Setup {
        settings,
        ..Setup::default()
    };
    let run = crawl_at(address, setup).await;
    site.abort();
    (run.posts, run.skips, run.tally)
}

#[tokio::test]
async fn a_line_that_breaks_is_waited_for_and_nobody_is_blamed() {
    let (posts, skips, tally) =
        crawl_flaky("offline_wait_s = 60", Duration::from_millis(300)).await;
    assert_eq!(skips, []);
    assert_eq!(posts.len(), 4);
    assert!(!tally.stopped);
}

#[tokio::test]
async fn a_line_that_stays_away_ends_the_run_and_leaves_the_rest_for_the_next() {
    let (posts, skips, tally) = crawl_flaky("offline_wait_s = 1", Duration::from_hours(1)).await;
    assert_eq!(posts.len(), 2);
    assert_eq!(skips.len(), 1, "{skips:?}");
    assert_eq!(skips[0].reason, SkipReason::Offline);
    assert!(tally.stopped);
}

#[tokio::test]
async fn a_run_that_begins_without_a_line_holds_nothing_against_the_host() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let setup = Setup {
        settings: "offline_wait_s = 1",
        ..Setup::default()
    };
    let run = crawl_at(address, setup).await;
    let [skip] = &run.skips[..] else {
        panic!("{:?}", run.skips)
    };
    assert_eq!(skip.reason, SkipReason::RobotsUnavailable);
    assert!(skip.detail.contains("the next run goes on here"), "{skip}");
    assert!(run.tally.stopped);
    assert_eq!(run.tally.pages, 0);
}
