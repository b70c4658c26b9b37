//! Invented sites that note when each host was asked.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::super::killed::words;

/// Sites, each on a host of its own; one more source reads the first host too.
pub(super) const SITES: u32 = 6;
/// Pages of a section, advertisements of a page.
const PAGES: u32 = 2;
const ADS: u32 = 5;
/// Least pause between two requests to a host, in milliseconds.
pub(super) const DELAY_MS: u64 = 150;
/// What clocks and rounding may take off a pause.
const SLACK: Duration = Duration::from_millis(5);

/// Posts of all sources.
pub(super) const POSTS: usize = (SITES * PAGES * ADS + ADS) as usize;

type Log = Arc<Mutex<BTreeMap<String, Vec<(Instant, Instant)>>>>;

/// The sites, and when each host was asked and its answer had ended.
#[derive(Clone)]
pub(super) struct Sites {
    pub(super) address: SocketAddr,
    log: Log,
}

impl Sites {
    pub(super) fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let log = Log::default();
        let notes = Arc::clone(&log);
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let notes = Arc::clone(&notes);
                // A crawler that was killed breaks the line.
                std::thread::spawn(move || drop(speak(socket, &notes)));
            }
        });
        Self { address, log }
    }

    pub(super) fn asked(&self) -> usize {
        self.log.lock().unwrap().values().map(Vec::len).sum()
    }

    /// No host was asked again before its pause was over, whoever asked.
    pub(super) fn assert_polite(&self) {
        for (host, asked) in self.log.lock().unwrap().iter_mut() {
            asked.sort();
            for pair in asked.windows(2) {
                let pause = pair[1].0.saturating_duration_since(pair[0].1);
                assert!(
                    pause + SLACK >= Duration::from_millis(DELAY_MS),
                    "{host} was asked again after {pause:?}"
                );
            }
        }
    }

    /// `lentera.toml` for a workspace that reads them.
    pub(super) fn config(&self) -> String {
        let mut out =
            "[crawl]\nsources_at_once = 2\nretry_wait_ms = 10\n[crawl.resolve]\n".to_owned();
        for n in 0..SITES {
            let _ = writeln!(out, "\"pasar{n}.example\" = \"{}\"", self.address);
        }
        for n in 0..SITES {
            let _ = write!(
                out,
                r#"
[[source]]
id = "pasar{n}"
kind = "classified"
start = ["http://pasar{n}.example/barang"]
delay_ms = {DELAY_MS}
[source.listing]
link = "a.judul"
next = "a.berikut"
[source.post]
id_from_url = '/iklan/(\w+)'
title = "h1"
text = "div.isi"
"#
            );
        }
        let _ = write!(
            out,
            r#"
[[source]]
id = "papan"
kind = "json"
start = ["http://pasar0.example/api"]
delay_ms = {DELAY_MS}
[source.json]
items = "data"
id = "id"
text = "body"
"#
        );
        out
    }
}

fn page(target: &str) -> Option<(&'static str, String)> {
    let (path, number) = target.split_once("?page=").unwrap_or((target, "1"));
    let number: u32 = number.parse().ok()?;
    if path == "/api" {
        let data = (0..ADS).map(|n| serde_json::json!({ "id": n, "body": words(n) }));
        let data: Vec<_> = data.collect();
        let body = serde_json::json!({ "data": data }).to_string();
        return Some(("application/json", body));
    }
    if let Some(n) = path.strip_prefix("/iklan/") {
        let n: u32 = n.parse().ok()?;
        let page = format!("<h1>Iklan {n}</h1><div class=isi>{}</div>", words(n));
        return Some(("text/html", page));
    }
    if path != "/barang" {
        return None;
    }
    let mut listing = "<body>".to_owned();
    for n in 0..ADS {
        let n = number * 10 + n;
        let _ = write!(listing, "<a class=judul href='/iklan/{n}'>x</a>");
    }
    if number < PAGES {
        let next = number + 1;
        let _ = write!(listing, "<a class=berikut href='?page={next}'>n</a>");
    }
    Some(("text/html", listing))
}

fn speak(socket: TcpStream, log: &Log) -> std::io::Result<()> {
    let mut reader = BufReader::new(socket.try_clone()?);
    let mut socket = socket;
    loop {
        let (mut first, mut host) = (String::new(), String::new());
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let asked = Instant::now();
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            if let Some(named) = line.to_ascii_lowercase().strip_prefix("host:") {
                named
                    .split(':')
                    .next()
                    .unwrap_or("")
                    .trim()
                    .clone_into(&mut host);
            }
            line.clear();
        }
        let target = first.split(' ').nth(1).unwrap_or("");
        let (status, (kind, body)) = match page(target) {
            Some(page) => ("200 OK", page),
            None => ("404 Not Found", ("text/html", String::new())),
        };
        let length = body.len();
        let sent = write!(
            socket,
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let mut log = log.lock().unwrap();
        log.entry(host).or_default().push((asked, Instant::now()));
        drop(log);
        sent?;
    }
}
