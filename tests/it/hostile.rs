//! A site that answers everything but a page: each answer is named with its
//! reason, nothing of it stops the run, and the pages between are read.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lentera::skip::SkipReason;

use crate::site::{CLASSIFIED, Setup, crawl_at};

/// How the site answers to one path.
enum Way {
    /// These bytes, then it hangs up.
    Says(Vec<u8>),
    /// A header and this body, one byte now and then.
    Drips(&'static [u8]),
    /// Chunks without end.
    Endless,
    /// Header lines without end.
    EndlessHeader,
    /// Nothing, for as long as one waits.
    Silent,
}

fn with(header: &str, body: impl AsRef<[u8]>) -> Way {
    let body = body.as_ref();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\n{header}\r\nContent-Length: {length}\r\n\r\n"
    );
    Way::Says([head.as_bytes(), body].concat())
}

fn html(body: impl AsRef<[u8]>) -> Way {
    with("Content-Type: text/html", body)
}

fn redirect(to: &str) -> Way {
    let head = format!(
        "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"
    );
    Way::Says(head.into_bytes())
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(plain).unwrap();
    packed.finish().unwrap()
}

/// Serves `ways` until the test ends; counts the requests.
fn serve(ways: BTreeMap<String, Way>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (ways, count) = (Arc::new(ways), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let (ways, count) = (Arc::clone(&ways), Arc::clone(&count));
            std::thread::spawn(move || {
                // The other side hangs up on most of these.
                let _ = talk(socket?, &ways, &count);
                Ok::<(), io::Error>(())
            });
        }
    });
    (address, counted)
}

fn talk(
    mut socket: TcpStream,
    ways: &BTreeMap<String, Way>,
    count: &AtomicUsize,
) -> io::Result<()> {
    let mut request = vec![0; 1 << 16];
    let n = socket.read(&mut request)?;
    let request = String::from_utf8_lossy(&request[..n]).into_owned();
    count.fetch_add(1, Ordering::Relaxed);
    let path = request.split(' ').nth(1).unwrap_or("");
    // A chain of redirects, one longer than the other.
    if let Some(step) = path.strip_prefix("/alih/") {
        let next: u64 = step.parse::<u64>().unwrap_or(0) + 1;
        let Way::Says(bytes) = redirect(&format!("/alih/{next}")) else {
            return Ok(());
        };
        return socket.write_all(&bytes);
    }
    match ways.get(path) {
        None => socket
            .write_all(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
        Some(Way::Says(bytes)) => socket.write_all(bytes),
        Some(Way::Silent) => {
            std::thread::sleep(Duration::from_secs(20));
            Ok(())
        }
        Some(Way::Drips(body)) => {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")?;
            for byte in body.iter().cycle() {
                std::thread::sleep(Duration::from_millis(100));
                socket.write_all(&[*byte])?;
            }
            Ok(())
        }
        Some(Way::Endless) => {
            socket.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
            )?;
            loop {
                socket.write_all(b"10\r\nabcdefghijklmnop\r\n")?;
            }
        }
        Some(Way::EndlessHeader) => {
            socket.write_all(b"HTTP/1.1 200 OK\r\n")?;
            loop {
                socket.write_all(b"X-Lagi: abcdefghijklmnopqrstuvwxyz\r\n")?;
            }
        }
    }
}

/// What is told of an answer; `None` for a page that is read.
type Told = Option<(SkipReason, &'static str)>;

/// What the site answers, and what is told of it.
fn answers() -> Vec<(&'static str, Way, Told)> {
    use SkipReason as R;
    let half = gzip(&(0..9000_u32).flat_map(u32::to_be_bytes).collect::<Vec<_>>());
    let half = &half[..half.len() / 2];
    let nested = format!("<h1>d</h1>{}", "<ul><li>".repeat(16_000));
    let links: String = (0..100_000).map(|n| format!("<a href=/x/{n}>")).collect();
    let head = |line: &str| format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{line}\r\n\r\n");
    let says = |text: String| Way::Says(text.into_bytes());
    vec![
        (
            "alih/0",
            html(""),
            Some((R::TooManyRedirects, "more than 10")),
        ),
        (
            "putar",
            redirect("/putar"),
            Some((R::Trap, "redirect loop")),
        ),
        (
            "ke-mesin",
            redirect("http://127.0.0.1:22/"),
            Some((R::OffSite, "")),
        ),
        (
            "ke-awan",
            redirect("http://169.254.169.254/latest"),
            Some((R::OffSite, "")),
        ),
        (
            "ke-berkas",
            redirect("file:///etc/hostname"),
            Some((R::OffSite, "")),
        ),
        (
            "ke-gopher",
            redirect("gopher://pasar.example/"),
            Some((R::OffSite, "")),
        ),
        (
            "ke-skrip",
            redirect("javascript:alert(1)"),
            Some((R::OffSite, "")),
        ),
        ("ke-sampah", redirect("http://[::1"), Some((R::OffSite, ""))),
        (
            "setengah-gzip",
            with("Content-Type: text/html\r\nContent-Encoding: gzip", half),
            Some((R::TruncatedStream, "")),
        ),
        (
            "bom-gzip",
            with(
                "Content-Type: text/html\r\nContent-Encoding: gzip",
                gzip(&vec![b' '; 1 << 20]),
            ),
            Some((R::TooLong, "200 times")),
        ),
        (
            "gzip-dua-lapis",
            with(
                "Content-Type: text/html\r\nContent-Encoding: gzip, gzip",
                gzip(&gzip(b"<h1>x</h1>")),
            ),
            Some((R::NotText, "gzip, gzip")),
        ),
        (
            "gzip-palsu",
            with(
                "Content-Type: text/html\r\nContent-Encoding: br",
                b"<h1>x</h1>",
            ),
            Some((R::TruncatedStream, "")),
        ),
        ("kosong", html(""), Some((R::MalformedPage, ""))),
        (
            "json",
            html(r#"{"judul":"x"}"#),
            Some((R::MalformedPage, "")),
        ),
        ("pdf", html("%PDF-1.7 x"), Some((R::NotText, "PDF"))),
        (
            "png",
            html(b"\x89PNG\r\n\x1a\n0000"),
            Some((R::NotText, "PNG")),
        ),
        ("nol", html(b"<h1>x\0\0</h1>"), Some((R::NotText, "binary"))),
        (
            "sampah",
            html((128..=255_u8).cycle().take(4000).collect::<Vec<_>>()),
            Some((R::MalformedPage, "")),
        ),
        (
            "film",
            with("Content-Type: video/mp4", "x"),
            Some((R::NotText, "video/mp4")),
        ),
        (
            "baris-panjang",
            says(head("Content-Length: 104857600") + "aaaa"),
            Some((R::TooLong, "")),
        ),
        ("tanpa-akhir", Way::Endless, Some((R::TooLong, ""))),
        (
            "kepala-besar",
            says(head(&format!(
                "X-A: {}\r\nContent-Length: 0",
                "a".repeat(100_000)
            ))),
            Some((R::TooLong, "header")),
        ),
        (
            "kepala-banyak",
            says(head(&"X-A: a\r\n".repeat(10_000))),
            Some((R::Connection, "")),
        ),
        (
            "kepala-tanpa-akhir",
            Way::EndlessHeader,
            Some((R::Connection, "")),
        ),
        (
            "putus",
            says(head("Content-Length: 900") + "<h1>"),
            Some((R::Connection, "")),
        ),
        (
            "bukan-http",
            says("SSH-2.0-OpenSSH_9.2\r\n".to_owned()),
            Some((R::Connection, "")),
        ),
        ("diam", Way::Silent, Some((R::Timeout, ""))),
        (
            "tetes",
            Way::Drips(b"<p>"),
            Some((R::Timeout, "slower than")),
        ),
        (
            "kode-aneh",
            says("HTTP/1.1 999 Apa\r\nContent-Length: 0\r\n\r\n".to_owned()),
            Some((R::HttpStatus, "999")),
        ),
        ("bersarang", html(nested), Some((R::MalformedPage, ""))),
        ("sejuta-tautan", html(links), Some((R::MalformedPage, ""))),
        (
            "iklan/charset_palsu",
            with(
                "Content-Type: text/html; charset=klingon",
                "<h1>satu</h1><div class=isi>d\u{e9}p\u{f4}t</div>",
            ),
            None,
        ),
        (
            "iklan/charset_salah",
            with(
                "Content-Type: text/html; charset=utf-8",
                b"<h1>dua</h1><div class=isi>d\xe9p\xf4t</div>",
            ),
            None,
        ),
        (
            "iklan/tanpa_jenis",
            with("X-A: a", "<h1>tiga</h1><div class=isi>x</div>"),
            None,
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_is_named_and_the_pages_between_are_read() {
    let expected = answers();
    let mut ways = BTreeMap::new();
    let mut cards = String::new();
    let mut told = Vec::new();
    let mut good = 0;
    for (n, (name, way, outcome)) in expected.into_iter().enumerate() {
        // A good page behind each, since a site that only fails is left alone.
        let between = format!("iklan/baik{n}");
        for name in [name, &between] {
            cards.push_str(&format!("<a class=judul href=/{name}>x</a>"));
        }
        let page = format!("<h1>baik {n}</h1><div class=isi>dijual nomor {n}</div>");
        ways.insert(format!("/{between}"), html(page));
        ways.insert(format!("/{name}"), way);
        good += 1 + usize::from(outcome.is_none());
        told.push((name, outcome));
    }
    ways.insert("/".to_owned(), html(cards));
    let (address, count) = serve(ways);
    let setup = Setup {
        settings: "retries = 0\ntimeout_s = 1\nmin_rate = 100\nmin_rate_window_s = 1\n\
                   max_page_bytes = 2097152",
        ..Setup::default()
    };
    let run = crawl_at(address, setup).await;
    for (name, outcome) in &told {
        let about = |subject: &str| subject.ends_with(&format!("example/{name}"));
        let skips = run.skips.iter().filter(|skip| about(&skip.subject));
        let reasons: Vec<_> = skips.collect();
        let Some((reason, detail)) = outcome else {
            assert!(reasons.is_empty(), "{name}: {reasons:?}");
            continue;
        };
        // A redirect is told of where it leads.
        let found = if reasons.is_empty() && name.starts_with("ke-") {
            let hosts = [
                "127.0.0.1",
                "169.254.169.254",
                "file:",
                "gopher:",
                "javascript:",
            ];
            let led =
                |skip: &&lentera::skip::Skip| hosts.iter().any(|one| skip.subject.contains(one));
            run.skips.iter().filter(led).collect()
        } else {
            reasons
        };
        assert!(!found.is_empty(), "{name} is not named: {:?}", run.skips);
        assert!(
            found
                .iter()
                .any(|skip| skip.reason == *reason && skip.detail.contains(detail)),
            "{name}: {found:?}"
        );
    }
    assert_eq!(run.posts.len(), good, "{:?}", run.ids());
    assert!(!run.tally.stopped);
    // 10,000 redirects are not followed, and nothing is asked for twice.
    let asked = count.load(Ordering::Relaxed);
    assert!(asked < 2 * told.len() + 2 * 11 + 10, "{asked}");
}

#[tokio::test]
async fn of_a_listing_of_many_links_the_first_are_followed() {
    let links: String = (0..30_000)
        .map(|n| format!("<a class=judul href=/iklan/{n}>x</a>"))
        .collect();
    let ways = [("/".to_owned(), html(links))];
    let (address, _) = serve(ways.into());
    let source = CLASSIFIED.replace("[listing]", "max_pages = 2\n[listing]");
    let setup = Setup {
        source: Some(&source),
        ..Setup::default()
    };
    let run = crawl_at(address, setup).await;
    let told: Vec<&str> = run.skips.iter().map(|skip| skip.detail.as_str()).collect();
    let named = |words: &str| told.iter().any(|told| told.contains(words));
    assert!(named("the first 10000 are taken"), "{told:?}");
    assert!(
        named("9999 more addresses wait") || named("9998 more"),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_budget_of_the_run_ends_it_and_is_named() {
    let cards: String = (0..20)
        .map(|n| format!("<a class=judul href=/iklan/{n}>x</a>"))
        .collect();
    let page = "<h1>baik</h1><div class=isi>dijual</div>";
    for (settings, posts) in [("max_requests = 6", 4), ("max_bytes = 900", 2)] {
        let pages = (0..20).map(|n| (format!("/iklan/{n}"), html(page)));
        let mut ways: BTreeMap<String, Way> = pages.collect();
        ways.insert("/".to_owned(), html(&cards));
        let (address, count) = serve(ways);
        let setup = Setup {
            settings,
            ..Setup::default()
        };
        let run = crawl_at(address, setup).await;
        let told = &run.skip(SkipReason::Budget).detail;
        assert!(told.contains("of [crawl] is used up"), "{told}");
        assert!(run.tally.stopped);
        assert!(run.posts.len() <= posts + 4, "{}", run.posts.len());
        assert!(count.load(Ordering::Relaxed) < 15);
    }
}
