//! An invented site on a loopback port, and a crawl of it.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Response, Uri};
use lentera::crawl::{self, Event, Fetcher, Keep, Page, Settings, Source, Tally};
use lentera::evidence::{Evidence, Run as Collecting};
use lentera::pipeline::exchange;
use lentera::post::{Capture, Post};
use lentera::skip::{Skip, SkipReason};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

/// What a test server answers to one path with query.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    let headers = vec![("content-type", content_type.to_owned())];
    Answer {
        status,
        headers,
        body: body.into(),
    }
}

pub(crate) fn html(body: &str) -> Answer {
    answer(200, "text/html; charset=utf-8", body)
}

pub(crate) fn redirect(to: &str) -> Answer {
    let mut answer = answer(302, "text/plain", "");
    answer.headers.push(("location", to.to_owned()));
    answer
}

pub(crate) fn cards(links: &[&str], next: Option<&str>) -> Answer {
    let cards = links
        .iter()
        .map(|link| ["<a class=judul href='", link, "'>x</a>"].concat());
    let cards = cards.collect::<String>();
    let next = next.map_or(String::new(), |next| {
        format!("<a class=berikut href='{next}'>n</a>")
    });
    html(&format!("<body>{cards}{next}</body>"))
}

pub(crate) fn ad(title: &str) -> Answer {
    html(&format!(
        "<h1>{title}</h1><div class=isi>Dijual <br>cepat.</div>"
    ))
}

/// One request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
}

/// A crawl of one invented site and everything that came of it.
pub(crate) struct Run {
    pub(crate) posts: Vec<Post>,
    pub(crate) skips: Vec<Skip>,
    pub(crate) tally: Tally,
    pub(crate) seen: Vec<Seen>,
    pub(crate) dir: tempfile::TempDir,
}

impl Run {
    pub(crate) fn skip(&self, reason: SkipReason) -> &Skip {
        let found = self.skips.iter().find(|skip| skip.reason == reason);
        found.unwrap_or_else(|| panic!("no {reason:?} among {:?}", self.skips))
    }

    pub(crate) fn ids(&self) -> Vec<&str> {
        self.posts
            .iter()
            .map(|post| post.native_id.as_str())
            .collect()
    }

    pub(crate) fn asked(&self, target: &str) -> usize {
        self.seen
            .iter()
            .filter(|seen| seen.target == target)
            .count()
    }

    pub(crate) fn warc(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        let file = std::fs::File::open(self.dir.path().join("evidence/tes.warc.gz")).unwrap();
        io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(file), &mut plain).unwrap();
        plain
    }
}

/// Keeps pages in WARC files, as the pipeline does.
pub(crate) struct InWarc(pub(crate) Evidence);

impl Keep for InWarc {
    fn keep(&self, page: &Page) -> io::Result<Capture> {
        self.0.keep(&exchange(page))
    }
}

pub(crate) const CLASSIFIED: &str = r#"
id = "pasar"
kind = "classified"
start = ["http://pasar.example/"]
[listing]
link = "a.judul"
next = "a.berikut"
[post]
id_from_url = '/iklan/(\w+)'
title = "h1"
text = "div.isi"
"#;

/// An answer with an `ETag`, to whoever has it already: nothing new.
fn spared(answer: Answer, asked: &HeaderMap) -> Answer {
    let etag = answer.headers.iter().find(|(name, _)| *name == "etag");
    let has = asked
        .get("if-none-match")
        .and_then(|value| value.to_str().ok());
    if etag.is_none_or(|(_, etag)| Some(etag.as_str()) != has) {
        return answer;
    }
    Answer {
        status: 304,
        headers: answer
            .headers
            .into_iter()
            .filter(|(name, _)| *name == "etag")
            .collect(),
        body: Vec::new(),
    }
}

pub(crate) fn tagged(mut answer: Answer, etag: &str) -> Answer {
    answer.headers.push(("etag", etag.to_owned()));
    answer
}

pub(crate) async fn serve(
    answers: BTreeMap<String, Answer>,
) -> (SocketAddr, Arc<Mutex<Vec<Seen>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let app = Router::new().fallback(move |uri: Uri, headers: HeaderMap| {
        let target = uri.path_and_query().unwrap().to_string();
        let found = answers
            .get(&target)
            .cloned()
            .map(|answer| spared(answer, &headers));
        log.lock().unwrap().push(Seen { target, headers });
        async move {
            let answer = found.unwrap_or_else(|| answer(404, "text/html", "tidak ada"));
            let mut response = Response::builder().status(answer.status);
            for (name, value) in answer.headers {
                response = response.header(name, value);
            }
            response.body(Body::from(answer.body)).unwrap()
        }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, seen)
}

/// How a crawl differs from the ordinary one.
#[derive(Default)]
pub(crate) struct Setup<'a> {
    pub(crate) source: Option<&'a str>,
    pub(crate) settings: &'a str,
    pub(crate) stop_after: Option<u64>,
}

pub(crate) async fn crawl_with(answers: &[(&str, Answer)], setup: Setup<'_>) -> Run {
    let answers = answers
        .iter()
        .map(|(path, answer)| ((*path).to_owned(), answer.clone()));
    let (address, seen) = serve(answers.collect()).await;
    let mut run = crawl_at(address, setup).await;
    run.seen.clone_from(&seen.lock().unwrap());
    run
}

/// Crawls whatever answers at `address`.
pub(crate) async fn crawl_at(address: SocketAddr, setup: Setup<'_>) -> Run {
    let mut settings: Settings = toml::from_str(setup.settings).unwrap();
    settings.delay_ms = 0;
    settings.retry_wait_ms = 1;
    if !setup.settings.contains("offline_wait_s") {
        settings.offline_wait_s = 0;
    }
    settings.resolve.insert("pasar.example".to_owned(), address);
    crawl_as(settings, setup).await
}

/// Crawls with exactly these settings.
pub(crate) async fn crawl_as(settings: Settings, setup: Setup<'_>) -> Run {
    let source: Source = toml::from_str(setup.source.unwrap_or(CLASSIFIED)).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let keep = in_warc(dir.path());
    let fetcher = Fetcher::new(settings).unwrap();
    let (events, mut inbox) = mpsc::channel(1);
    let (stop, stopped) = watch::channel(false);
    let reading = crawl::crawl(&source, &fetcher, &keep, events, stopped);
    let listening = async {
        let (mut posts, mut skips) = (Vec::new(), Vec::new());
        while let Some(event) = inbox.recv().await {
            match event {
                Event::Post(post) => posts.push(*post),
                Event::Skip(skip) => skips.push(skip),
                Event::Page(progress) => {
                    if setup.stop_after == Some(progress.tally.pages) {
                        stop.send_replace(true);
                    }
                }
            }
        }
        (posts, skips)
    };
    let (tally, (posts, skips)) = tokio::join!(reading, listening);
    keep.0.finish().unwrap();
    Run {
        posts,
        skips,
        tally: tally.unwrap(),
        seen: Vec::new(),
        dir,
    }
}

pub(crate) fn in_warc(dir: &Path) -> InWarc {
    let now = "2026-11-03T02:12:00Z".parse().unwrap();
    InWarc(Evidence::create(&dir.join("evidence"), &Collecting::new("tes", now)).unwrap())
}

pub(crate) async fn crawl(answers: &[(&str, Answer)]) -> Run {
    crawl_with(answers, Setup::default()).await
}
