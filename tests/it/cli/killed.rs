//! The program killed at any moment, and a disk that is full: the next run
//! goes on, nothing is lost and nothing is there twice.
#![cfg(unix)]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lentera::evidence::verify;
use serde_json::Value;

use super::{BIKES, Desk, NOW, Ran, records};

pub(super) const GATE: &str = r#"
[[gate]]
id = "sale"
alias = "G1"
level = "medium"
when = "act.one"
reason = { id = "r", en = "r" }
sources = ["S"]
"#;

const SOURCES: &str = r#"
[[source]]
id = "pasar"
kind = "classified"
start = ["http://pasar.example/barang", "http://pasar.example/lowongan"]
delay_ms = 8
[source.listing]
link = "a.judul"
next = "a.berikut"
[source.post]
id_from_url = '/iklan/(\w+)'
title = "h1"
text = "div.isi"

[[source]]
id = "papan"
kind = "json"
start = ["http://papan.example/api?page=1"]
delay_ms = 25
[source.json]
items = "data"
next = "next"
id = "id"
text = "body"
"#;

/// Pages of a section, advertisements of a page.
const PAGES: u32 = 3;
const ADS: u32 = 7;

/// Every third advertisement is about what the rules look for.
pub(super) fn words(n: u32) -> String {
    let what = if n.is_multiple_of(3) {
        "sepeda bekas"
    } else {
        "lemari"
    };
    format!("jual {what} nomor {n}, kondisi baik")
}

/// What the sites answer; `None` for what is not there.
fn page(target: &str) -> Option<(&'static str, String)> {
    let (path, number) = target.split_once("page=").unwrap_or((target, "1"));
    let number: u32 = number.parse().ok()?;
    let section = match path.trim_end_matches('?') {
        "/barang" => 0,
        "/lowongan" => 100,
        "/api" => return Some(("application/json", api(number))),
        other => {
            let n: u32 = other.strip_prefix("/iklan/")?.parse().ok()?;
            let page = format!("<h1>Iklan {n}</h1><div class=isi>{}</div>", words(n));
            return Some(("text/html", page));
        }
    };
    let mut listing = "<body>".to_owned();
    for n in 0..ADS {
        let n = section + number * 10 + n;
        let _ = write!(listing, "<a class=judul href='/iklan/{n}'>x</a>");
    }
    if number < PAGES {
        let next = number + 1;
        let _ = write!(listing, "<a class=berikut href='?page={next}'>n</a>");
    }
    Some(("text/html", listing))
}

fn api(number: u32) -> String {
    let data: Vec<Value> = (0..ADS)
        .map(|n| number * 10 + n)
        .map(|n| serde_json::json!({ "id": n, "body": words(n) }))
        .collect();
    let next = (number < 2 * PAGES).then(|| format!("/api?page={}", number + 1));
    serde_json::json!({ "data": data, "next": next }).to_string()
}

/// The sites on a port of this machine, and how often they were asked.
pub(super) fn serve() -> (SocketAddr, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let count = Arc::clone(&count);
            // A crawler that was killed breaks the line.
            std::thread::spawn(move || drop(speak(socket, &count)));
        }
    });
    (address, asked)
}

fn speak(socket: TcpStream, count: &AtomicU64) -> std::io::Result<()> {
    let mut reader = BufReader::new(socket.try_clone()?);
    let mut socket = socket;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            line.clear();
        }
        count.fetch_add(1, Ordering::Relaxed);
        let target = first.split(' ').nth(1).unwrap_or("");
        let (status, (kind, body)) = match page(target) {
            Some(page) => ("200 OK", page),
            None => ("404 Not Found", ("text/html", String::new())),
        };
        let length = body.len();
        write!(
            socket,
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
        )?;
    }
}

/// A workspace that reads the sites.
pub(super) fn workspace(address: SocketAddr) -> Desk {
    let desk = Desk::new();
    desk.write("mine/pack.toml", "name = \"kecil\"\nversion = \"1\"\n");
    desk.write("mine/rules.toml", format!("{BIKES}{GATE}"));
    let resolve = format!(
        "[crawl.resolve]\n\"pasar.example\" = \"{address}\"\n\"papan.example\" = \"{address}\"\n"
    );
    desk.write("d/lentera.toml", resolve + SOURCES);
    for folder in ["findings", "evidence", "keys"] {
        std::fs::create_dir(desk.path("d").join(folder)).unwrap();
    }
    desk
}

pub(super) const CRAWL: [&str; 7] = ["-C", "d", "crawl", "--rules", "mine", "--now", NOW];

/// Everything a workspace holds in the end.
#[derive(Debug, PartialEq, Eq)]
struct Holds {
    /// Posts: platform, id and revision.
    posts: Vec<(String, String, u32)>,
    /// Findings of the files: platform, id and revision.
    findings: Vec<(String, String, u64)>,
}

impl Holds {
    /// Reads a workspace, and checks that each finding leads to its page.
    fn of(desk: &Desk) -> Self {
        let state = rusqlite::Connection::open(desk.path("d/state.db")).unwrap();
        let posts = state
            .prepare("SELECT platform, native_id, revision FROM post ORDER BY 1, 2")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut findings = Vec::new();
        for name in desk.names("d/findings") {
            assert!(name.ends_with(".jsonl"), "{name}");
            for record in records(&desk.read(&format!("d/findings/{name}"))) {
                check_capture(desk, "d", &record);
                let word = |key: &str| record["source"][key].as_str().unwrap().to_owned();
                let revision = record["revision"].as_u64().unwrap();
                findings.push((word("platform"), word("native_id"), revision));
            }
        }
        findings.sort();
        let report = verify(&desk.path("d/evidence"), None).unwrap();
        assert_eq!(report.fault, None);
        Self { posts, findings }
    }
}

/// The record named by a finding is there and holds the words of the post.
pub(super) fn check_capture(desk: &Desk, workspace: &str, record: &Value) {
    let capture = &record["provenance"]["capture"];
    let path = desk.path(workspace).join(capture["path"].as_str().unwrap());
    let offset = usize::try_from(capture["offset"].as_u64().unwrap()).unwrap();
    let bytes = std::fs::read(path).unwrap();
    let mut page = String::new();
    flate2::bufread::GzDecoder::new(&bytes[offset..])
        .read_to_string(&mut page)
        .unwrap();
    assert!(page.contains(capture["record_id"].as_str().unwrap()));
    assert!(page.contains(record["content"]["text"].as_str().unwrap()));
}

/// Numbers that are the same every time.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % most
    }
}

/// Kills the crawl when the sites were asked `after` more times and `moment`
/// has passed; says whether it was still running.
fn kill_after(child: &mut Child, asked: &AtomicU64, after: u64, moment: Duration) -> bool {
    let target = asked.load(Ordering::Relaxed) + after;
    while asked.load(Ordering::Relaxed) < target {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(moment);
    if child.try_wait().unwrap().is_some() {
        return false;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    true
}

/// Crawls a new workspace to the end, killing it again and again; how often.
fn crawl_killed(address: SocketAddr, asked: &AtomicU64, dice: &mut Dice) -> (Desk, u32) {
    let desk = workspace(address);
    let mut kills = 0;
    loop {
        let mut command = desk.command(&CRAWL);
        let silent = command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = silent.spawn().unwrap();
        let (after, moment) = (dice.below(40), Duration::from_micros(dice.below(12_000)));
        if !kill_after(&mut child, asked, after, moment) {
            assert_eq!(child.wait().unwrap().code(), Some(0));
            return (desk, kills);
        }
        kills += 1;
    }
}

#[test]
fn a_crawl_that_is_killed_at_any_moment_loses_nothing_and_writes_nothing_twice() {
    // `LENTERA_KILLS=200 cargo nextest run …` kills as often as that.
    let wanted: u32 = std::env::var("LENTERA_KILLS").map_or(20, |n| n.parse().unwrap());
    let (address, asked) = serve();
    let whole = workspace(address);
    whole.run(&CRAWL).exits(0);
    let whole = Holds::of(&whole);
    assert_eq!(whole.posts.len() as u32, 4 * PAGES * ADS);
    assert_eq!(whole.findings.len(), 28);
    let mut dice = Dice(7);
    let (mut kills, mut workspaces) = (0, 0);
    while kills < wanted {
        let (desk, more) = crawl_killed(address, &asked, &mut dice);
        assert_eq!(Holds::of(&desk), whole, "after {more} kills");
        kills += more;
        workspaces += 1;
    }
    assert!(workspaces > 0);
    eprintln!("killed {kills} times in {workspaces} workspaces");
}

#[test]
fn what_a_dead_run_found_is_told_by_the_next_and_stands_in_a_file_of_its_own() {
    let (address, asked) = serve();
    let desk = workspace(address);
    let mut child = desk.command(&CRAWL).spawn().unwrap();
    // Long enough that something was kept, not long enough for all.
    assert!(kill_after(&mut child, &asked, 45, Duration::ZERO));
    assert_eq!(desk.names("d/findings"), [""; 0]);
    let ran: Ran = desk.run(&CRAWL).exits(0);
    ran.says(&[
        "crawl-20261103T120000Z was cut off; this run goes on where it was",
        "gone on with from an earlier run",
    ]);
    let names = desk.names("d/findings");
    assert_eq!(
        names,
        [
            "crawl-20261103T120000Z-2.jsonl",
            "crawl-20261103T120000Z.jsonl"
        ]
    );
    let runs = desk.run(&["-C", "d", "crawl", "--rules", "mine", "--now", NOW]);
    let runs = runs.exits(0);
    assert!(!runs.stderr.contains("cut off"), "{}", runs.stderr);
}

#[test]
fn two_crawls_never_work_in_one_workspace() {
    let (address, asked) = serve();
    let desk = workspace(address);
    let quick = desk.read("d/lentera.toml");
    let slow = quick.replace("delay_ms = 8", "delay_ms = 9000");
    desk.write("d/lentera.toml", slow);
    let mut first = desk.command(&CRAWL).spawn().unwrap();
    while asked.load(Ordering::Relaxed) < 3 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let pid = format!("process {} on ", first.id());
    let second = desk.run(&CRAWL);
    first.kill().unwrap();
    first.wait().unwrap();
    desk.write("d/lentera.toml", quick);
    second
        .exits(5)
        .says(&["another crawl is at work", &pid, " since 20"]);
    desk.run(&CRAWL)
        .exits(0)
        .says(&[&pid, "did not end by itself"]);
}

#[test]
fn a_full_disk_ends_the_crawl_and_the_next_one_goes_on() {
    let (address, _) = serve();
    let whole = workspace(address);
    whole.run(&CRAWL).exits(0);
    let desk = workspace(address);
    for blocks in [24, 60, 110, 160] {
        // No file may grow beyond that many half KiB; writing more fails as
        // on a full disk.
        let mut limited = std::process::Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let program = desk.command(&CRAWL);
        limited
            .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_lentera")])
            .args(CRAWL)
            .current_dir(desk.path(""));
        for (key, value) in program.get_envs() {
            match value {
                Some(value) => limited.env(key, value),
                None => limited.env_remove(key),
            };
        }
        let ran = Ran::of(&CRAWL, limited.output().unwrap());
        assert_ne!(ran.code, Some(0), "{blocks}: {}", ran.stderr);
        assert_ne!(ran.code, None, "{blocks}: {}", ran.stderr);
    }
    desk.run(&CRAWL).exits(0);
    assert_eq!(Holds::of(&desk), Holds::of(&whole));
}
