//! A source that was rebuilt says so, and keeps its pages for repair.

use std::net::SocketAddr;

use super::{Desk, Ran, records};
use crate::site::{Answer, html, serve};

/// Six posts on one page, with the author in an element of this class.
fn board(item: &str, author: &str) -> Answer {
    let posts: String = (0..6)
        .map(|n| {
            format!(
                "<li class={item} data-id={n}><h4>Kos putri {n}</h4><b class={author}>bu_ani</b>\
                 <div class=isi>Kamar mandi dalam, dekat pasar.</div></li>"
            )
        })
        .collect();
    html(&format!("<ul>{posts}</ul>"))
}

fn config(at: SocketAddr) -> String {
    format!(
        "[crawl]\ndelay_ms = 0\nresolve = {{ \"papan.example\" = \"{at}\" }}\n\
         [[source]]\nid = \"papan\"\nkind = \"classified\"\nstart = [\"http://papan.example/\"]\n\
         [source.listing]\nitem = \"li.pesan\"\n\
         [source.post]\nid = {{ attr = \"data-id\" }}\ntitle = \"h4\"\ntext = \"div.isi\"\nauthor = \"b.nama\"\n"
    )
}

/// Crawls a site that answers so.
async fn crawl(desk: &Desk, now: &str, answer: Answer) -> Ran {
    let (address, _) = serve([("/".to_owned(), answer)].into()).await;
    desk.write("ws/lentera.toml", config(address));
    let args = ["crawl", "-C", "ws", "--json", "--now", now];
    let output = desk.command(&args).output();
    Ran::of(&args, output.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuilt_site_is_an_alarm_and_its_pages_are_kept() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("ws")).unwrap();
    for folder in ["rules", "findings", "evidence", "keys"] {
        std::fs::create_dir(desk.path(&format!("ws/{folder}"))).unwrap();
    }
    let first = crawl(&desk, "2026-11-03T00:00:00Z", board("pesan", "nama"))
        .await
        .exits(0);
    assert!(!first.stderr.contains("ALARM"), "{}", first.stderr);
    let same = crawl(&desk, "2026-11-04T00:00:00Z", board("pesan", "nama"))
        .await
        .exits(0);
    assert!(!same.stderr.contains("ALARM"), "{}", same.stderr);

    let lost = crawl(&desk, "2026-11-05T00:00:00Z", board("pesan", "toko"))
        .await
        .exits(4);
    let lost =
        lost.says(&["ALARM: source papan: `author` is filled on 0 % of posts; it was on 100 %"]);
    let events: Vec<_> = records(&lost.stdout)
        .into_iter()
        .filter(|one| one["event"] == "drift")
        .collect();
    assert_eq!(events[0]["alarms"][0]["kind"], "field_lost");

    let none = crawl(&desk, "2026-11-06T00:00:00Z", board("kartu", "nama"))
        .await
        .exits(4);
    let none = none.says(&["ALARM: source papan: it gave no posts; it usually gives 6"]);
    let event = records(&none.stdout).pop().unwrap();
    let folder = event["pages"].as_str().unwrap();
    assert!(
        folder.ends_with("sources/papan/drift-crawl-20261106T000000Z"),
        "{folder}"
    );
    let test = ["sources", "test", "papan", "-C", "ws", "--from", folder];
    let seen = desk.run(&test).exits(1);
    assert!(seen.stdout.contains("finds no link"), "{}", seen.stdout);
    desk.write(
        "ws/lentera.toml",
        config("127.0.0.1:9".parse().unwrap()).replace("li.pesan", "li.kartu"),
    );
    let repaired = desk.run(&test).exits(0).says(&["6 posts, 0 faults"]);
    assert!(repaired.stdout.contains("Kos putri 5"));
}
