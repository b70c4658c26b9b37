//! What is remembered, what is refused, and what a crash leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use tempfile::TempDir;

use super::kit::Kit;
use super::*;
use crate::assessment::{Level, Route};
use crate::post::{Origin, PlatformKind};

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    (folder, path)
}

fn file(state: &State) -> &Connection {
    match &state.db {
        Db::File(file) => &file.connection,
        Db::Server(_) => unreachable!("opened from a path"),
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_793_000_000 + second).unwrap()
}

pub(super) fn post(id: &str, text: &str) -> Post {
    Post {
        platform: "pasar-kita".to_owned(),
        platform_kind: PlatformKind::default(),
        native_id: id.to_owned(),
        url: None,
        title: None,
        text: text.to_owned(),
        author: None,
        place_hint: None,
        published: None,
        collected: None,
        extra: BTreeMap::new(),
        origin: Origin {
            file: "a.jsonl".to_owned(),
            line: 1,
            digest: Digest::of(text.as_bytes()),
            capture: None,
        },
    }
}

fn row(id: &str, route: Route, level: Level, points: u32) -> FindingRow {
    FindingRow {
        id: id.to_owned(),
        revision: 1,
        platform: "pasar-kita".to_owned(),
        native_id: format!("post-{id}"),
        level,
        route,
        points,
        gates: vec!["scam_compound_offer".to_owned(), "overseas_debt".to_owned()],
        scanned_at: at(0),
        run_id: "run-1".to_owned(),
        json: r#"{"rule":"control.document_retention","alias":"C1"}"#.to_owned(),
    }
}

fn ids(state: &State, filter: &FindingFilter) -> Vec<String> {
    let rows = state.findings(filter).unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

#[test]
fn a_second_look_tells_what_changed() {
    Kit::each(|kit| {
        let (old, new) = (Digest::of(b"rules 1"), Digest::of(b"rules 2"));
        let mut state = kit.open();
        assert_eq!(
            state.see(&post("1", "kos"), &old, at(0)).unwrap(),
            Seen::New
        );
        drop(state);
        let mut state = kit.open();
        let mut see = |text, rules, second| state.see(&post("1", text), rules, at(second)).unwrap();
        assert_eq!(see("kos", &old, 1), Seen::Unchanged);
        assert_eq!(see("kos", &new, 2), Seen::RulesChanged);
        assert_eq!(see("kos", &new, 3), Seen::Unchanged);
        assert_eq!(see("kos murah", &old, 4), Seen::Changed { revision: 2 });
        assert_eq!(see("kos", &old, 5), Seen::Changed { revision: 3 });
        let times = state
            .db
            .row("SELECT first_seen, last_seen FROM post", &[])
            .unwrap()
            .unwrap();
        let times: (String, String) = (times.get(0).unwrap(), times.get(1).unwrap());
        assert_eq!(times, (at(0).to_string(), at(5).to_string()));
    });
}

#[test]
fn a_group_cut_off_leaves_no_trace_and_a_committed_one_stays() {
    Kit::each(|kit| {
        let rules = Digest::of(b"rules");
        let mut state = kit.open();
        state.begin().unwrap();
        state.see(&post("1", "kos"), &rules, at(0)).unwrap();
        state
            .put_finding(&row("a", Route::Alert, Level::High, 5))
            .unwrap();
        state.commit().unwrap();
        state.begin().unwrap();
        state.see(&post("2", "kos"), &rules, at(0)).unwrap();
        state
            .put_finding(&row("b", Route::Alert, Level::High, 5))
            .unwrap();
        drop(state);
        let mut state = kit.open();
        assert_eq!(ids(&state, &FindingFilter::default()), ["a"]);
        assert_eq!(
            state.see(&post("1", "kos"), &rules, at(1)).unwrap(),
            Seen::Unchanged
        );
        assert_eq!(
            state.see(&post("2", "kos"), &rules, at(1)).unwrap(),
            Seen::New
        );
    });
}

#[test]
fn a_group_that_sqlite_undid_is_not_reported_as_kept() {
    let (_folder, path) = folder();
    let mut state = State::open(&path).unwrap();
    state.begin().unwrap();
    state
        .see(&post("1", "kos"), &Digest::of(b"rules"), at(0))
        .unwrap();
    // What SQLite does by itself on a full disk.
    file(&state).execute_batch("ROLLBACK").unwrap();
    assert!(state.commit().is_err());
}

#[test]
fn pleas_for_help_come_first_and_filters_narrow() {
    Kit::each(|kit| {
        let mut state = kit.open();
        for (id, route, level, points) in [
            ("a1", Route::Alert, Level::High, 9),
            ("a2", Route::Alert, Level::Critical, 1),
            ("a3", Route::MissingPerson, Level::Low, 0),
            ("a4", Route::HelpRequest, Level::Medium, 0),
            ("a5", Route::Alert, Level::High, 12),
            ("a0", Route::Alert, Level::High, 9),
        ] {
            state.put_finding(&row(id, route, level, points)).unwrap();
        }
        let all = FindingFilter::default();
        assert_eq!(ids(&state, &all), ["a4", "a3", "a2", "a5", "a0", "a1"]);
        let filter = |change: fn(&mut FindingFilter)| {
            let mut filter = FindingFilter::default();
            change(&mut filter);
            ids(&state, &filter)
        };
        assert_eq!(filter(|f| f.limit = Some(2)), ["a4", "a3"]);
        assert_eq!(
            filter(|f| f.levels = vec![Level::Critical, Level::Low]),
            ["a3", "a2"]
        );
        assert_eq!(filter(|f| f.routes = vec![Route::HelpRequest]), ["a4"]);
        assert_eq!(filter(|f| f.platform = Some("lain".into())).len(), 0);
        for rule in ["overseas_debt", "control.document_retention", "C1"] {
            let rule = Some(rule.to_owned());
            assert_eq!(
                ids(
                    &state,
                    &FindingFilter {
                        rule,
                        ..all.clone()
                    }
                )
                .len(),
                6
            );
        }
        assert_eq!(filter(|f| f.rule = Some("overseas".into())).len(), 0);
    });
}

#[test]
fn a_newer_revision_takes_over_and_nothing_is_lost() {
    Kit::each(|kit| {
        let mut state = kit.open();
        let first = row("abc", Route::Alert, Level::High, 5);
        state.put_finding(&first).unwrap();
        state.put_finding(&first).unwrap();
        let mut second = first.clone();
        second.json = "{}".to_owned();
        let refused = state.put_finding(&second).unwrap_err();
        assert!(matches!(
            refused,
            StateError::NotNewer {
                newest: 1,
                given: 1,
                ..
            }
        ));
        second.revision = state.next_revision("pasar-kita", "post-abc").unwrap();
        state.put_finding(&second).unwrap();
        assert_eq!(
            state.findings(&FindingFilter::default()).unwrap(),
            [second.clone()]
        );
        assert!(state.clear_finding("pasar-kita", "post-abc").unwrap());
        assert!(!state.clear_finding("pasar-kita", "post-abc").unwrap());
        assert_eq!(ids(&state, &FindingFilter::default()).len(), 0);
        let history = state.history("abc").unwrap();
        assert_eq!(
            history,
            [(second, Standing::Cleared), (first, Standing::Superseded)]
        );
    });
}

#[test]
fn an_id_may_be_shortened_while_it_names_one() {
    Kit::each(|kit| {
        let mut state = kit.open();
        for id in ["ab12", "ab34", "ab3", "cd%"] {
            state
                .put_finding(&row(id, Route::Alert, Level::High, 5))
                .unwrap();
        }
        let found = |id| state.finding(id).map(|row| row.map(|row| row.id));
        assert_eq!(found("ab1").unwrap().as_deref(), Some("ab12"));
        assert_eq!(found("ab3").unwrap().as_deref(), Some("ab3"));
        assert_eq!(found("c").unwrap().as_deref(), Some("cd%"));
        assert_eq!(found("%").unwrap(), None);
        let said = found("ab").unwrap_err().to_string();
        assert_eq!(said, "`ab` could be ab12, ab3, ab34; write more of it");
    });
}

#[test]
fn runs_are_listed_with_their_counts() {
    Kit::each(|kit| {
        let mut state = kit.open();
        let counts = RunCounts {
            posts: 9,
            new: 4,
            unchanged: 5,
            skips: 1,
            ..RunCounts::default()
        };
        state.begin_run("r1", "scan", at(0)).unwrap();
        state.end_run("r1", &counts, at(5)).unwrap();
        state.begin_run("r2", "crawl", at(9)).unwrap();
        assert!(state.begin_run("r2", "crawl", at(9)).is_err());
        assert!(matches!(
            state.end_run("r3", &counts, at(9)),
            Err(StateError::NoSuchRun(_))
        ));
        let runs = state.runs().unwrap();
        assert_eq!((runs[0].id.as_str(), runs[0].ended), ("r2", None));
        assert_eq!(
            (runs[1].id.as_str(), runs[1].ended),
            ("r1", Some((at(5), counts)))
        );
    });
}

#[test]
fn files_that_are_not_a_sound_state_are_refused_and_left_alone() {
    let (folder, path) = folder();
    std::fs::write(&path, "bukan basis data, hanya teks ".repeat(100)).unwrap();
    let said = State::open(&path).err().unwrap();
    assert!(matches!(said, StateError::Damaged { .. }), "{said}");
    assert!(said.to_string().contains("restore a backup"));
    assert!(
        std::fs::read(&path)
            .unwrap()
            .starts_with(b"bukan basis data")
    );

    let newer = folder.path().join("newer.db");
    let state = State::open(&newer).unwrap();
    file(&state)
        .pragma_update(None, "user_version", 99)
        .unwrap();
    drop(state);
    let said = State::open(&newer).err().unwrap();
    assert!(
        matches!(
            said,
            StateError::TooNew {
                found: 99,
                known: schema::VERSION,
                ..
            }
        ),
        "{said}"
    );

    let other = folder.path().join("other.db");
    Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE mine (a)")
        .unwrap();
    assert!(matches!(
        State::open(&other),
        Err(StateError::NotOurs { .. })
    ));
    let nowhere = folder.path().join("tidak/ada.db");
    assert!(matches!(
        State::open(&nowhere),
        Err(StateError::Open { .. })
    ));
}

#[test]
fn damage_inside_a_file_is_found() {
    let (_folder, path) = folder();
    let mut state = State::open(&path).unwrap();
    state.begin().unwrap();
    for n in 0..2000 {
        let post = post(&n.to_string(), "kos");
        state.see(&post, &Digest::of(b"rules"), at(0)).unwrap();
    }
    state.commit().unwrap();
    assert!(state.check().is_ok());
    drop(state);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xaa);
    std::fs::write(&path, bytes).unwrap();
    let said = State::open(&path)
        .and_then(|state| state.check())
        .unwrap_err();
    assert!(matches!(said, StateError::Damaged { .. }), "{said}");
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let (_folder, path) = folder();
    let mut first = State::open(&path).unwrap();
    let mut second = State::open(&path).unwrap();
    file(&second).busy_timeout(Duration::ZERO).unwrap();
    first.begin().unwrap();
    assert!(matches!(second.begin(), Err(StateError::Locked { .. })));
    first.commit().unwrap();
    second.begin().unwrap();
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, path) = folder();
    std::fs::write(&path, "").unwrap();
    let mut state = State::open(&path).unwrap();
    state
        .see(&post("1", "kos"), &Digest::of(b"rules"), at(0))
        .unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
}

#[test]
fn a_file_of_the_first_version_keeps_everything_and_gains_the_rest() {
    let (_folder, path) = folder();
    let old = Connection::open(&path).unwrap();
    old.execute_batch(schema::FIRST).unwrap();
    old.pragma_update(None, "application_id", 0x4c65_6e74)
        .unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    old.execute(
        "INSERT INTO post VALUES ('pasar-kita', '1', ?1, ?2, ?3, ?3, 1)",
        params![
            post("1", "kos").content_digest().0,
            Digest::of(b"rules").0,
            at(0).to_string()
        ],
    )
    .unwrap();
    drop(old);
    for _ in 0..2 {
        let mut state = State::open(&path).unwrap();
        let rules = Digest::of(b"rules");
        assert_eq!(
            state.see(&post("1", "kos"), &rules, at(1)).unwrap(),
            Seen::Unchanged
        );
        assert!(!state.is_post_met("pasar-kita", "1", 1).unwrap());
        assert_eq!(state.round("pasar-kita").unwrap(), None);
    }
}

#[test]
fn other_rules_make_every_advertisement_due_without_what_would_spare_it() {
    Kit::each(|kit| {
        let mut state = kit.open();
        let rules = Digest::of(b"rules");
        let mut round = state.begin_round("pasar", &rules, at(0)).unwrap();
        let new = [("http://a.example/1", AddressKind::Detail, 0)];
        state
            .add_addresses("pasar", &mut round, at(0), new)
            .unwrap();
        let none = BTreeSet::new();
        let address = state.next_address("pasar", at(0), &none).unwrap().unwrap();
        let left = Before {
            visits: 1,
            etag: Some("\"a\"".to_owned()),
            ..Before::default()
        };
        let visited = Visited {
            outcome: "read",
            at: at(0),
            due: None,
            left: &left,
        };
        assert!(
            state
                .visit_address(address.id, &mut round, &visited)
                .unwrap()
        );
        assert_eq!(round.waiting, 0);
        state.keep_round("pasar", &round, Some(at(1))).unwrap();
        state.begin_round("pasar", &rules, at(2)).unwrap();
        assert_eq!(state.next_address("pasar", at(2), &none).unwrap(), None);
        state
            .begin_round("pasar", &Digest::of(b"others"), at(3))
            .unwrap();
        let due = state.next_address("pasar", at(3), &none).unwrap().unwrap();
        assert_eq!(due.before.unwrap().etag, None);
    });
}

#[test]
fn a_database_that_is_not_ours_or_newer_is_refused_and_left_alone() {
    let Some(kit) = Kit::database() else { return };
    let mut client = kit.client();
    let refused = || kit.place().open().err().unwrap();
    client
        .batch_execute("CREATE SCHEMA lentera; CREATE TABLE lentera.mine (a BIGINT)")
        .unwrap();
    assert!(matches!(refused(), StateError::NotOurs { .. }));
    client.batch_execute("DROP TABLE lentera.mine").unwrap();
    drop(kit.open());
    client
        .batch_execute("UPDATE lentera.about SET version = 99")
        .unwrap();
    let said = refused();
    assert!(
        matches!(said, StateError::TooNew { found: 99, .. }),
        "{said}"
    );
    assert!(said.to_string().starts_with("postgres://127.0.0.1:5432/"));
}

#[test]
fn a_server_that_allows_too_little_says_what_to_ask_for() {
    let Some(kit) = Kit::database() else { return };
    drop(kit.open());
    let role = format!("tamu_{}", std::process::id());
    let mut client = kit.client();
    client
        .batch_execute(&format!("CREATE ROLE {role} LOGIN"))
        .unwrap();
    let url = kit.url().replace("postgres@", &format!("{role}@"));
    let open = || Place::server(&url, None).unwrap().open();
    let said = open().err().unwrap();
    assert!(matches!(said, StateError::Rights { .. }), "{said}");
    assert!(said.to_string().contains("the schema `lentera`"), "{said}");
    client
        .batch_execute(&format!(
            "GRANT USAGE ON SCHEMA lentera TO {role};
             GRANT SELECT ON ALL TABLES IN SCHEMA lentera TO {role}"
        ))
        .unwrap();
    let mut state = open().unwrap();
    assert_eq!(ids(&state, &FindingFilter::default()).len(), 0);
    let said = state.begin_run("r1", "crawl", at(0)).unwrap_err();
    assert!(matches!(said, StateError::Rights { .. }), "{said}");
    drop(state);
    client
        .batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"))
        .unwrap();
}

#[test]
fn a_server_that_is_not_there_is_named_without_the_password() {
    let place = Place::server("postgres://a:rahasia@127.0.0.1:9/b", None).unwrap();
    let said = place.open().err().unwrap();
    assert!(matches!(said, StateError::Unreachable { .. }), "{said}");
    let said = said.to_string();
    assert!(said.contains("postgres://127.0.0.1:9/b"), "{said}");
    assert!(!said.contains("rahasia"), "{said}");
}

#[test]
fn a_group_in_which_something_failed_is_not_reported_as_kept() {
    let Some(kit) = Kit::database() else { return };
    let mut state = kit.open();
    state.begin_run("r1", "crawl", at(0)).unwrap();
    state.begin().unwrap();
    state
        .see(&post("1", "kos"), &Digest::of(b"rules"), at(0))
        .unwrap();
    assert!(state.begin_run("r1", "crawl", at(0)).is_err());
    assert!(matches!(state.commit(), Err(StateError::Failed { .. })));
    let seen = state.see(&post("1", "kos"), &Digest::of(b"rules"), at(0));
    assert_eq!(seen.unwrap(), Seen::New);
}

#[test]
fn a_line_that_is_cut_is_said_to_be_lost_and_keeps_nothing_of_the_group() {
    let Some(kit) = Kit::database() else { return };
    let mut state = kit.open();
    let rules = Digest::of(b"rules");
    state.begin().unwrap();
    state.see(&post("1", "kos"), &rules, at(0)).unwrap();
    kit.client()
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'lentera'",
        )
        .unwrap();
    let lost = state.see(&post("2", "kos"), &rules, at(0));
    assert!(matches!(lost, Err(StateError::Lost { .. })), "{lost:?}");
    assert!(matches!(state.commit(), Err(StateError::Lost { .. })));
    let seen = kit.open().see(&post("1", "kos"), &rules, at(0));
    assert_eq!(seen.unwrap(), Seen::New);
}

#[test]
fn a_text_with_a_nul_is_kept_by_a_server_too() {
    Kit::each(|kit| {
        let mut state = kit.open();
        let rules = Digest::of(b"rules");
        let post = post("1\0a", "kos");
        assert_eq!(state.see(&post, &rules, at(0)).unwrap(), Seen::New);
        assert_eq!(state.see(&post, &rules, at(1)).unwrap(), Seen::Unchanged);
    });
}
