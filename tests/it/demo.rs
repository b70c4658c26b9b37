//! The demonstration's sites, crawled the way real ones are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lentera::crawl::{self, Event, Fetcher, Settings, Source, Tally};
use lentera::demo::{self, FixtureSite, Served};
use lentera::evidence::verify;
use lentera::post::Post;
use lentera::skip::{Skip, SkipReason};
use tokio::sync::{mpsc, watch};

use crate::site::in_warc;

#[derive(serde::Deserialize)]
struct Config {
    crawl: Settings,
    source: Vec<Source>,
}

/// Everything that came of one crawl of all sites.
struct Run {
    posts: Vec<Post>,
    skips: Vec<Skip>,
    tallies: BTreeMap<String, Tally>,
    dir: tempfile::TempDir,
}

async fn crawl_all() -> Run {
    let served = Served::start(FixtureSite::all().unwrap()).await.unwrap();
    let mut config: Config = toml::from_str(demo::CONFIG).unwrap();
    config.crawl.resolve.clone_from(&served.resolve);
    let dir = tempfile::tempdir().unwrap();
    let keep = Arc::new(in_warc(dir.path()));
    let fetcher = Arc::new(Fetcher::new(config.crawl).unwrap());
    let (events, mut inbox) = mpsc::channel(16);
    let (_stop, stopped) = watch::channel(false);
    let evidence = Arc::clone(&keep);
    let reading = crawl::crawl_all(config.source, fetcher, keep, events, stopped);
    let listening = async {
        let (mut posts, mut skips) = (Vec::new(), Vec::new());
        while let Some(event) = inbox.recv().await {
            match event {
                Event::Post(post) => posts.push(*post),
                Event::Skip(skip) => skips.push(skip),
                Event::Page(_) => {}
            }
        }
        (posts, skips)
    };
    let (outcomes, (posts, skips)) = tokio::join!(reading, listening);
    served.stop().await.unwrap();
    evidence.0.finish().unwrap();
    let tallies = outcomes
        .into_iter()
        .map(|(id, outcome)| (id, outcome.unwrap()))
        .collect();
    Run {
        posts,
        skips,
        tallies,
        dir,
    }
}

/// The ids a polite crawler can reach, by site, as the corpus's author lists
/// them.
fn expected() -> BTreeSet<(String, String)> {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/sites/expected.csv");
    let mut rows = csv::Reader::from_path(table).unwrap();
    rows.records()
        .map(|row| {
            let row = row.unwrap();
            let site = row[0].trim_end_matches(".example");
            (site.to_owned(), row[1].to_owned())
        })
        .collect()
}

#[tokio::test]
async fn every_post_a_polite_crawler_can_reach_is_read_once_and_kept() {
    let run = crawl_all().await;
    let found: Vec<(String, String)> = run
        .posts
        .iter()
        .map(|post| (post.platform.clone(), post.native_id.clone()))
        .collect();
    let once: BTreeSet<_> = found.iter().cloned().collect();
    assert_eq!(once.len(), found.len(), "a post was read twice");
    let expected = expected();
    let missing: Vec<_> = expected.difference(&once).collect();
    let extra: Vec<_> = once.difference(&expected).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing {missing:?}, extra {extra:?}"
    );

    let told: BTreeSet<(SkipReason, &str)> = run
        .skips
        .iter()
        .map(|skip| (skip.reason, skip.subject.as_str()))
        .collect();
    let by_design = BTreeSet::from([
        (
            SkipReason::OffSite,
            "http://luar-situs.example/promo/panci.html",
        ),
        (
            SkipReason::HttpStatus,
            "http://pasar-kita.example/iklan/1999.html",
        ),
        (
            SkipReason::RobotsDenied,
            "http://pasar-kita.example/privat/laporan-penjual.html",
        ),
    ]);
    assert_eq!(told, by_design);
    assert!(run.tallies.values().all(|tally| !tally.stopped));

    assert!(run.posts.iter().all(|post| post.origin.capture.is_some()));
    let report = verify(&run.dir.path().join("evidence"), None).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn messy_pages_are_read_as_a_reader_sees_them() {
    let run = crawl_all().await;
    let post = |id: &str| run.posts.iter().find(|post| post.native_id == id).unwrap();
    for post in &run.posts {
        assert!(!post.text.contains('\u{FFFD}'), "{}", post.native_id);
        assert!(
            !post.text.contains("var "),
            "{}: {}",
            post.native_id,
            post.text
        );
    }
    assert_eq!(post("1167").text, "");
    assert_eq!(post("1016").author, None);
    assert_eq!(post("1014").published, None);
    assert!(post("1020").text.contains("<script>alert(1)</script>"));
    assert!(
        post("1043")
            .url
            .as_deref()
            .unwrap()
            .ends_with("/iklan/1043.html")
    );
    assert!(
        !post("kr-2039").text.contains('<'),
        "{}",
        post("kr-2039").text
    );
    assert_eq!(post("kr-2050").author, None);
    assert_eq!(post("p-1113").title, None);
    assert!(post("p-1026").text.starts_with("=HYPERLINK("));
    let bare = post("p-1084");
    assert_eq!(bare.place_hint, None);
    assert!(bare.published.is_some());
}
