//! The demonstration's workspace: what it holds, and what it must not.

use lentera::demo::FixtureSite;
use lentera::store::record::Finding;
use lentera::store::schema;
use serde_json::Value;

use super::{Demo, Desk, Ran, records};

#[test]
fn the_demonstration_finds_something_and_says_what_it_did() {
    let demo = Demo::get();
    assert!(
        demo.first.stdout.contains("review priority"),
        "{}",
        demo.first.stdout
    );
    assert!(demo.first.stdout.contains("next:"));
    for told in [
        "posts: 373 new",
        "not processed",
        "robots_denied 1",
        "off_site 1",
    ] {
        assert!(demo.first.stderr.contains(told), "{}", demo.first.stderr);
    }
    assert!(records(&demo.findings()).len() > 20);
}

#[test]
fn every_finding_passes_the_committed_schema_and_is_intact() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/store/schema/finding-1.1.0.strict.json"
    );
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(committed, schema::strict());
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&committed)
        .unwrap();
    for line in Demo::get().findings().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&record)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{}\n{}", record["id"], faults.join("\n"));
        let finding: Finding = serde_json::from_str(line).unwrap();
        assert!(finding.is_intact(), "{}", finding.id);
        assert_eq!(finding.to_line(), line);
    }
}

#[test]
fn quotes_are_the_text_at_their_spans() {
    let mut checked = 0;
    for record in records(&Demo::get().findings()) {
        let field = |name: &str| match name {
            "title" => record["source"]["title"].as_str().unwrap(),
            "text" => record["content"]["text"].as_str().unwrap(),
            other => panic!("a match in {other}"),
        };
        for indicator in record["indicators"].as_array().unwrap() {
            for one in indicator["matches"].as_array().unwrap() {
                let span = |key: &str| usize::try_from(one[key].as_u64().unwrap()).unwrap();
                let (start, end) = (span("start"), span("end"));
                let text = field(one["field"].as_str().unwrap());
                let quoted: String = text.chars().skip(start).take(end - start).collect();
                assert_eq!(one["quote"], quoted, "{}", record["id"]);
                checked += 1;
            }
        }
    }
    assert!(checked > 50, "{checked}");
}

/// The records of a WARC file as text.
fn unpacked(path: &std::path::Path) -> String {
    let file = std::fs::File::open(path).unwrap();
    let mut plain = Vec::new();
    let mut packed = flate2::read::MultiGzDecoder::new(file);
    std::io::Read::read_to_end(&mut packed, &mut plain).unwrap();
    String::from_utf8_lossy(&plain).into_owned()
}

#[test]
fn a_second_demonstration_says_that_nothing_is_new() {
    let desk = Desk::new();
    desk.run(&["demo", "d"]).exits(0);
    let second = desk.run(&["demo", "d"]).exits(0);
    let second = second.says(&[
        "posts: 0 new, 0 changed, 192 unchanged",
        "known advertisements were not fetched again",
        "0 deserve a look",
    ]);
    assert!(!second.stdout.contains("temuan ("), "{}", second.stdout);
    let names = desk.names("d/findings");
    assert_eq!(
        names.len(),
        1,
        "a run without findings makes no file: {names:?}"
    );
    assert_eq!(
        desk.names("d/evidence").len(),
        5,
        "two WARC files, the manifest, the chain, its head"
    );
    // What came again is not kept again: it refers to the first night's record.
    let names = desk.names("d/evidence");
    let [first, second] = &names
        .iter()
        .filter(|name| name.ends_with(".warc.gz"))
        .map(|name| unpacked(&desk.path(&format!("d/evidence/{name}"))))
        .collect::<Vec<_>>()[..]
    else {
        panic!("{names:?}");
    };
    let referred: Vec<&str> = second
        .lines()
        .filter_map(|line| line.strip_prefix("WARC-Refers-To: "))
        .collect();
    assert!(referred.len() > 5, "{}", referred.len());
    for id in &referred {
        assert!(first.contains(&format!("WARC-Record-ID: {id}")), "{id}");
    }
    assert!(second.contains("1.1/revisit/identical-payload-digest"));
    desk.run(&["-C", "d", "evidence", "verify"]).exits(0);
}

#[cfg(unix)]
#[test]
fn what_a_workspace_keeps_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let demo = Demo::get();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(
        demo.desk.names("d"),
        [
            "crawl.lock",
            "evidence",
            "findings",
            "keys",
            "lentera.toml",
            "rules",
            "state.db"
        ]
    );
    assert_eq!(mode(&demo.desk.path("d/state.db")), 0o600);
    for folder in ["evidence", "findings", "keys", "rules"] {
        let path = demo.desk.path(&format!("d/{folder}"));
        assert_eq!(mode(&path), 0o700, "{folder}");
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
}

/// Telephone numbers of the fixtures, as digits without `0` or `62`, and
/// handles, from the pages themselves.
fn contacts() -> (Vec<String>, Vec<String>) {
    let (mut phones, mut handles) = (Vec::new(), Vec::new());
    for site in FixtureSite::all().unwrap() {
        for bytes in site.files.values() {
            let text = String::from_utf8_lossy(bytes);
            let digits: String = text
                .chars()
                .filter(|ch| !matches!(ch, ' ' | '-' | '.' | '\n'))
                .collect();
            phones.extend(
                digits
                    .match_indices("81200000")
                    .filter_map(|(at, _)| digits.get(at..at + 11))
                    .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
                    .map(str::to_owned),
            );
            handles.extend(text.split('@').skip(1).filter_map(|rest| {
                let end = rest.find(|ch: char| !(ch.is_alphanumeric() || ch == '_'));
                let handle = &rest[..end.unwrap_or(rest.len())];
                (handle.contains('_') && handle.len() > 5).then(|| format!("@{handle}"))
            }));
        }
    }
    for list in [&mut phones, &mut handles] {
        list.sort();
        list.dedup();
    }
    (phones, handles)
}

#[test]
fn no_contact_of_the_posts_stands_in_any_output() {
    let demo = Demo::get();
    let (phones, handles) = contacts();
    assert!(
        phones.len() > 50 && !handles.is_empty(),
        "{phones:?} {handles:?}"
    );
    let state = std::fs::read(demo.desk.path("d/state.db")).unwrap();
    let outputs = [
        ("stdout", demo.first.stdout.clone()),
        ("stderr", demo.first.stderr.clone()),
        ("findings", demo.findings()),
        ("state.db", String::from_utf8_lossy(&state).into_owned()),
    ];
    for (name, text) in outputs {
        let bare: String = text
            .chars()
            .filter(|ch| !matches!(ch, ' ' | '-' | '.'))
            .collect();
        let told = phones.iter().find(|number| bare.contains(*number));
        assert_eq!(told, None, "a telephone number in {name}");
        let told = handles.iter().find(|handle| text.contains(*handle));
        assert_eq!(told, None, "a handle in {name}");
        for contact in ["tel:", "wa.me/", "mailto:", "0812-0000"] {
            assert!(!text.contains(contact), "`{contact}` in {name}");
        }
    }
}

const FEED: &str = "<rss version='2.0'><channel><title>k</title><link>http://a.example/</link>\
    <description>d</description><item><guid>g1</guid><title>Kabar</title>\
    <description>Isi</description></item></channel></rss>";

/// Serves one feed without robots.txt; hangs up after each answer.
fn feed() -> std::net::SocketAddr {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let n = socket.read(&mut request).unwrap_or(0);
            let (status, body) = if request[..n].starts_with(b"GET /feed.xml") {
                ("200 OK", FEED)
            } else {
                ("404 Not Found", "")
            };
            let length = body.len();
            let _ = write!(
                socket,
                "HTTP/1.1 {status}\r\nContent-Type: application/rss+xml\r\n\
                 Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    address
}

/// A workspace whose only source is that feed.
fn reader(crawl: &str) -> Desk {
    let desk = Desk::new();
    desk.run(&["init", "w"]).exits(0);
    let source =
        "[[source]]\nid = 'kabar'\nkind = 'feed'\nstart = ['http://kabar.example/feed.xml']";
    desk.write("w/lentera.toml", format!("[crawl]\n{crawl}\n{source}\n"));
    desk
}

#[test]
fn a_crawl_that_says_not_who_it_is_does_not_begin() {
    let desk = reader("delay_ms = 9000");
    let ran = desk.run(&["-C", "w", "crawl"]).exits(2);
    ran.says(&["`kabar.example` would not know who reads it", "contact ="]);
    let desk = reader("contact = 'kami'");
    desk.run(&["-C", "w", "crawl"]).exits(2).says(&["contact"]);
    let desk = reader("proxy = 'socks5://127.0.0.1:9050'");
    desk.run(&["-C", "w", "crawl"]).exits(2).says(&["socks5h"]);
}

#[test]
fn proxies_of_the_environment_are_not_used() {
    let desk = reader(&format!(
        "delay_ms = 0\nresolve = {{ 'kabar.example' = '{}' }}",
        feed()
    ));
    let args = ["-C", "w", "crawl"];
    let mut command = desk.command(&args);
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        command.env(name, "http://127.0.0.1:1");
    }
    let ran = Ran::of(&args, command.output().unwrap()).exits(0);
    ran.says(&["1 posts", "posts: 1 new"]);
}

#[test]
fn a_crawl_tells_programs_by_events_and_a_file_of_figures() {
    let desk = reader(&format!(
        "delay_ms = 0\nresolve = {{ 'kabar.example' = '{}' }}",
        feed()
    ));
    let args = [
        "-C",
        "w",
        "--json",
        "crawl",
        "--low-bandwidth",
        "--metrics",
        "m.prom",
    ];
    let ran = desk.run(&args).exits(0);
    let events = records(&ran.stderr);
    let of = |name: &str| events.iter().filter(|event| event["event"] == name).count();
    assert_eq!((of("page"), of("end")), (1, 1), "{}", ran.stderr);
    let page = &events[0];
    assert_eq!(page["url"], "http://kabar.example/feed.xml");
    assert_eq!((&page["posts"], &page["status"]), (&1.into(), &200.into()));
    let end = events.last().unwrap();
    assert_eq!(end["sources"]["kabar"]["posts"], 1);
    assert_eq!(end["requests"], 2);
    let figures = desk.read("m.prom");
    for line in [
        "lentera_crawl_posts_total{source=\"kabar\"} 1",
        "lentera_crawl_running 0",
        "lentera_crawl_requests 2",
    ] {
        assert!(figures.contains(line), "{figures}");
    }
    assert!(
        !figures.contains("Kabar") && !figures.contains("http"),
        "{figures}"
    );
    // A person is told in words.
    let ran = desk.run(&["-C", "w", "crawl"]).exits(0);
    ran.says(&["kabar: 1 pages"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_site_allows_is_asked_once_a_day_and_kept_to_all_day() {
    use crate::site::{answer, html, serve};
    let rules = answer(200, "text/plain", "User-agent: *\nDisallow: /rahasia\n");
    let (address, seen) = serve(
        [
            ("/robots.txt".to_owned(), rules),
            (
                "/".to_owned(),
                html("<ul><li class=p id=1><b>kos</b><p>Kamar mandi dalam.</p></ul>"),
            ),
            ("/rahasia".to_owned(), html("<p>tutup</p>")),
        ]
        .into(),
    )
    .await;
    let desk = Desk::new();
    desk.run(&["init", "ws"]).exits(0);
    let config = |start: &str| {
        format!(
            "[crawl]\ndelay_ms = 0\nresolve = {{ \"papan.example\" = \"{address}\" }}\n\
             [[source]]\nid = \"papan\"\nkind = \"classified\"\n\
             start = [\"http://papan.example{start}\"]\n\
             [source.listing]\nitem = \"li.p\"\n\
             [source.post]\nid = {{ attr = \"id\" }}\ntitle = \"b\"\ntext = \"p\"\n"
        )
    };
    desk.write("ws/lentera.toml", config("/"));
    desk.run(&["-C", "ws", "crawl"]).exits(0);
    desk.write("ws/lentera.toml", config("/rahasia"));
    let told = desk.run(&["-C", "ws", "crawl"]);
    told.says(&["robots_denied"]);
    let seen: Vec<String> = seen
        .lock()
        .unwrap()
        .iter()
        .map(|one| one.target.clone())
        .collect();
    assert_eq!(seen, ["/robots.txt", "/"]);
}
