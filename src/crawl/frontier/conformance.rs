//! What holds for every frontier, wherever it keeps its addresses.

use std::time::Duration;

use url::Url;

use super::{Done, Frontier, Lease, Outcome, Task, TaskKind, Used, Visit};
use crate::crawl::Source;
use crate::id::Digest;
use crate::post::Post;

const LISTING: TaskKind = TaskKind::Listing { barren: 0 };

fn source() -> Source {
    toml::from_str(
        r#"
        id = "pasar"
        kind = "classified"
        start = ["http://a.example/barang/", "http://a.example/lowongan/"]
        [listing]
        link = "a"
        [post]
        text = "p"
        "#,
    )
    .expect("a test names a good source")
}

fn url(path: &str) -> Url {
    let base = Url::parse("http://a.example/").expect("a good address");
    base.join(path).expect("a test names a good path")
}

fn task(path: &str, kind: TaskKind) -> Task {
    let url = url(path);
    Task { url, kind }
}

fn details(paths: &[&str]) -> Done {
    let lead = |path: &&str| task(path, TaskKind::Detail);
    Done {
        leads: paths.iter().map(lead).collect(),
        ..Done::default()
    }
}

async fn next(frontier: &dyn Frontier) -> Option<Lease> {
    frontier.lease(&source()).await.unwrap()
}

/// Takes and finishes tasks until none waits; their paths in order.
async fn rest(frontier: &dyn Frontier) -> Vec<String> {
    let mut order = Vec::new();
    while let Some(lease) = next(frontier).await {
        order.push(lease.task.url.path().to_owned());
        let done = Done::default();
        frontier.finish(&source(), lease, done).await.unwrap();
    }
    order
}

/// Runs every case; each makes a frontier of its own.
pub(crate) async fn check<F: Frontier>(new: impl Fn() -> F) {
    one_address_in_many_spellings_is_handed_out_once(&new()).await;
    sections_take_turns_and_their_posts_come_first(&new()).await;
    a_round_that_was_cut_off_goes_on_and_one_that_ended_begins_anew(&new()).await;
    what_an_earlier_round_left_comes_after_what_is_new(&new()).await;
    what_is_due_comes_last_and_what_was_left_for_it_is_there(&new()).await;
    a_listing_is_read_again_when_it_is_due(&new()).await;
    what_is_fresh_is_asked_for_each_round(&new()).await;
    nothing_is_finished_that_was_not_handed_out(&new()).await;
}

async fn one_address_in_many_spellings_is_handed_out_once(frontier: &dyn Frontier) {
    frontier.enter(&source()).await.unwrap();
    let lease = next(frontier).await.unwrap();
    let done = details(&[
        "/iklan/1",
        "http://A.example:80/iklan/1#foto",
        "/x/../iklan/1",
        "http://u:p@a.example/iklan/1",
        "/iklan/1?p=2",
    ]);
    let kept = frontier.finish(&source(), lease, done).await.unwrap();
    assert_eq!((kept.waiting, kept.known), (3, 0));
    assert_eq!(rest(frontier).await.len(), 3);
}

async fn sections_take_turns_and_their_posts_come_first(frontier: &dyn Frontier) {
    frontier.enter(&source()).await.unwrap();
    let lease = next(frontier).await.unwrap();
    assert_eq!(lease.task, task("/barang/", LISTING));
    let done = Done {
        leads: vec![
            task("/barang/2", LISTING),
            task("/iklan/1", TaskKind::Detail),
        ],
        ..Done::default()
    };
    frontier.finish(&source(), lease, done).await.unwrap();
    assert_eq!(
        rest(frontier).await,
        ["/iklan/1", "/lowongan/", "/barang/2"]
    );
}

async fn a_round_that_was_cut_off_goes_on_and_one_that_ended_begins_anew(frontier: &dyn Frontier) {
    assert!(!frontier.enter(&source()).await.unwrap().resumed);
    let lease = next(frontier).await.unwrap();
    let mut done = details(&["/iklan/1", "/iklan/2"]);
    let used = Used { pages: 1, bytes: 9 };
    done.used = used;
    frontier.finish(&source(), lease, done).await.unwrap();
    // Handed out and never finished: as when the program is killed.
    assert_eq!(next(frontier).await.unwrap().task.url.path(), "/iklan/1");
    let entered = frontier.enter(&source()).await.unwrap();
    assert_eq!((entered.resumed, entered.used), (true, used));
    let lease = next(frontier).await.unwrap();
    assert_eq!(lease.task.url.path(), "/iklan/1");
    frontier.give_back(&source(), lease).await.unwrap();
    frontier.leave(&source(), false).await.unwrap();
    assert!(frontier.enter(&source()).await.unwrap().resumed);
    assert_eq!(rest(frontier).await, ["/iklan/1", "/iklan/2", "/lowongan/"]);
    frontier.leave(&source(), true).await.unwrap();

    let entered = frontier.enter(&source()).await.unwrap();
    assert_eq!((entered.resumed, entered.used), (false, Used::default()));
    let lease = next(frontier).await.unwrap();
    assert_eq!(lease.task.url.path(), "/barang/");
    let done = details(&["/iklan/1", "/iklan/3"]);
    let kept = frontier.finish(&source(), lease, done).await.unwrap();
    assert_eq!(kept.known, 1);
    assert_eq!(rest(frontier).await, ["/iklan/3", "/lowongan/"]);
}

async fn what_an_earlier_round_left_comes_after_what_is_new(frontier: &dyn Frontier) {
    frontier.enter(&source()).await.unwrap();
    let lease = next(frontier).await.unwrap();
    let done = details(&["/iklan/1", "/iklan/2", "/iklan/3"]);
    frontier.finish(&source(), lease, done).await.unwrap();
    let lease = next(frontier).await.unwrap();
    assert_eq!(lease.task.url.path(), "/iklan/1");
    let done = Done::default();
    frontier.finish(&source(), lease, done).await.unwrap();
    // A budget ends the round here.
    frontier.leave(&source(), true).await.unwrap();

    frontier.enter(&source()).await.unwrap();
    let lease = next(frontier).await.unwrap();
    assert_eq!(lease.task.url.path(), "/barang/");
    let done = details(&["/iklan/4", "/iklan/3"]);
    frontier.finish(&source(), lease, done).await.unwrap();
    assert_eq!(
        rest(frontier).await,
        ["/iklan/4", "/iklan/3", "/lowongan/", "/iklan/2"]
    );
}

async fn what_is_due_comes_last_and_what_was_left_for_it_is_there(frontier: &dyn Frontier) {
    frontier.enter(&source()).await.unwrap();
    let lease = next(frontier).await.unwrap();
    let done = details(&["/iklan/1", "/iklan/2"]);
    frontier.finish(&source(), lease, done).await.unwrap();
    let visit = Visit {
        visits: 1,
        again_after: Some(Duration::ZERO),
        etag: Some("\"a\"".to_owned()),
        last_modified: Some("Tue, 03 Nov 2026 02:12:00 GMT".to_owned()),
        content: Some(Digest::of(b"a")),
        next: Some(url("/barang/9")),
        capture: None,
    };
    for again_after in [Some(Duration::ZERO), Some(Duration::from_hours(1))] {
        let lease = next(frontier).await.unwrap();
        assert_eq!(lease.before, None);
        let visit = Visit {
            again_after,
            ..visit.clone()
        };
        let done = Done {
            outcome: Outcome::Read,
            visit,
            ..Done::default()
        };
        frontier.finish(&source(), lease, done).await.unwrap();
    }
    let lease = next(frontier).await.unwrap();
    assert_eq!(lease.task.url.path(), "/lowongan/");
    let done = Done::default();
    frontier.finish(&source(), lease, done).await.unwrap();
    let lease = next(frontier).await.unwrap();
    assert_eq!(lease.task, task("/iklan/1", TaskKind::Detail));
    assert_eq!(lease.before, Some(visit));
    let done = Done::default();
    frontier.finish(&source(), lease, done).await.unwrap();
    assert_eq!(next(frontier).await, None);
}

async fn a_listing_is_read_again_when_it_is_due(frontier: &dyn Frontier) {
    frontier.enter(&source()).await.unwrap();
    for again_after in [Some(Duration::from_hours(1)), Some(Duration::ZERO)] {
        let lease = next(frontier).await.unwrap();
        let mut done = Done::default();
        done.visit.again_after = again_after;
        frontier.finish(&source(), lease, done).await.unwrap();
    }
    assert_eq!(next(frontier).await, None);
    frontier.leave(&source(), true).await.unwrap();
    assert_eq!(frontier.enter(&source()).await.unwrap().not_due, 1);
    let lease = next(frontier).await.unwrap();
    assert_eq!(lease.task.url.path(), "/lowongan/");
    let done = Done {
        leads: vec![task("/barang/", LISTING)],
        ..Done::default()
    };
    let kept = frontier.finish(&source(), lease, done).await.unwrap();
    assert_eq!((kept.waiting, kept.not_due), (0, 0), "met in this round");
}

async fn what_is_fresh_is_asked_for_each_round(frontier: &dyn Frontier) {
    frontier.enter(&source()).await.unwrap();
    let lease = next(frontier).await.unwrap();
    let mut done = details(&["/iklan/1"]);
    done.met.push(url("/iklan/11#atas"));
    done.posts.push(post("1"));
    frontier.finish(&source(), lease, done).await.unwrap();
    let paths = ["/barang/", "/iklan/1", "/iklan/11", "/iklan/2"];
    let urls: Vec<Url> = paths.iter().map(|path| url(path)).collect();
    let posts = vec!["1".to_owned(), "2".to_owned()];
    let ask = || frontier.fresh(&SOURCE, urls.clone(), posts.clone());
    let fresh = ask().await.unwrap();
    assert_eq!(fresh.urls, [false, false, false, true]);
    assert_eq!(fresh.posts, [false, true]);
    frontier.leave(&source(), true).await.unwrap();
    frontier.enter(&source()).await.unwrap();
    let fresh = ask().await.unwrap();
    assert_eq!(fresh.urls, [false, true, true, true]);
    assert_eq!(fresh.posts, [true, true]);
    // What was read at the end of a redirect was read.
    let lease = next(frontier).await.unwrap();
    let done = details(&["/iklan/11"]);
    let kept = frontier.finish(&source(), lease, done).await.unwrap();
    assert_eq!(kept.known, 1);
}

fn post(id: &str) -> Post {
    Post {
        platform: "pasar".to_owned(),
        platform_kind: crate::post::PlatformKind::default(),
        native_id: id.to_owned(),
        url: None,
        title: None,
        text: "kos putri".to_owned(),
        author: None,
        place_hint: None,
        published: None,
        collected: None,
        extra: std::collections::BTreeMap::new(),
        origin: crate::post::Origin {
            file: "http://a.example/".to_owned(),
            line: 1,
            digest: Digest::of(b"kos putri"),
            capture: None,
        },
    }
}

static SOURCE: std::sync::LazyLock<Source> = std::sync::LazyLock::new(source);

async fn nothing_is_finished_that_was_not_handed_out(frontier: &dyn Frontier) {
    frontier.enter(&source()).await.unwrap();
    let lease = next(frontier).await.unwrap();
    let again = lease.clone();
    let done = Done::default();
    frontier.finish(&source(), lease, done).await.unwrap();
    let done = Done::default();
    assert!(frontier.finish(&source(), again, done).await.is_err());
}
