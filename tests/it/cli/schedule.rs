//! Sources read at their times: the loop as a process, and timers of systems.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStderr, Command};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::killed::{CRAWL, serve, workspace};
use super::{Desk, Ran};

const EVERY_NIGHT: &str = "\n[schedule]\ncron = \"0 2 * * *\"\nzone = \"UTC\"\n";

/// A workspace whose sources are read at two every night, with this much time
/// between two requests.
fn nightly(address: SocketAddr, delay_ms: u32) -> Desk {
    let desk = workspace(address);
    let config = desk.read("d/lentera.toml") + EVERY_NIGHT;
    let config = config.replace("delay_ms = 8\n", &format!("delay_ms = {delay_ms}\n"));
    desk.write("d/lentera.toml", config);
    desk
}

fn at<'a>(now: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["-C", "d", "--rules", "mine", "--now", now, "schedule"];
    args.extend(rest);
    args
}

fn terminate(child: &Child) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(sent.success());
}

/// Starts a process and reads what it says until it says this.
fn start(desk: &Desk, args: &[&str], until: &str) -> (Child, BufReader<ChildStderr>) {
    let mut child = desk.command(args).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains(until) {
        line.clear();
        assert!(
            stderr.read_line(&mut line).unwrap() > 0,
            "it never said `{until}`"
        );
    }
    (child, stderr)
}

/// What the process says from now on, and how it ends.
fn end(mut child: Child, mut stderr: BufReader<ChildStderr>) -> (i32, String) {
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    (child.wait().unwrap().code().unwrap(), rest)
}

fn status(desk: &Desk, now: &str) -> Vec<serde_json::Value> {
    desk.run(&at(now, &["status", "--json"])).exits(0).records()
}

fn findings(desk: &Desk) -> usize {
    let args = ["-C", "d", "findings", "list", "--json", "--limit", "999"];
    desk.run(&args).exits(0).records().len()
}

#[test]
fn what_is_due_runs_once_and_days_that_passed_are_made_good_by_one_run() {
    let (address, asked) = serve();
    let desk = nightly(address, 8);
    desk.run(&at("2026-11-03T01:00:00Z", &["run", "--once"]))
        .exits(0)
        .says(&["nothing is due"]);
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    let ran = desk
        .run(&at("2026-11-06T07:00:00Z", &["run", "--once"]))
        .exits(0);
    ran.says(&[
        "due: pasar, papan; 6 earlier times passed",
        "28 deserve a look",
    ]);
    assert_eq!(findings(&desk), 28);
    desk.run(&at("2026-11-06T07:05:00Z", &["run", "--once"]))
        .exits(0)
        .says(&["nothing is due"]);

    let told = status(&desk, "2026-11-06T08:00:00Z");
    let papan = told.iter().find(|one| one["source"] == "papan").unwrap();
    assert_eq!(papan["last"]["outcome"], "well");
    assert_eq!(papan["last"]["run_id"], "crawl-20261106T070000Z");
    assert_eq!(papan["next"], "2026-11-07T02:00:00Z");
    assert_eq!(
        (&papan["missed"], &papan["overdue"]),
        (&3.into(), &0.into())
    );
    let late = desk.run(&at("2026-11-08T03:30:00Z", &["status"])).exits(0);
    assert!(
        late.stdout.contains("overdue: 2 times passed"),
        "{}",
        late.stdout
    );
    late.says(&["times passed and nobody ran"]);
}

#[test]
fn a_scheduler_that_is_told_to_end_in_a_run_keeps_what_it_found_and_the_next_goes_on() {
    let (address, _) = serve();
    let desk = nightly(address, 60);
    let now = "2026-11-03T01:59:58.500Z";
    let (child, stderr) = start(&desk, &at(now, &["run"]), "waiting; next: 2026-11-03 02:00");
    // Something is kept, and much is still to be fetched.
    let state = desk.path("d/state.db");
    let kept = || {
        let open = rusqlite::Connection::open(&state).ok()?;
        let n = open.query_row("SELECT count(*) FROM finding", [], |row| {
            row.get::<_, u32>(0)
        });
        n.ok()
    };
    while kept().is_none_or(|n| n < 2) {
        std::thread::sleep(Duration::from_millis(5));
    }
    terminate(&child);
    let (code, said) = end(child, stderr);
    assert_eq!(code, 130, "{said}");
    assert!(
        said.contains("interrupted; the same command goes on"),
        "{said}"
    );
    let first = findings(&desk);
    assert!((2..28).contains(&first), "{first}");
    let told = status(&desk, "2026-11-03T02:01:00Z");
    assert_eq!(told[0]["last"]["outcome"], "interrupted");

    desk.run(&at("2026-11-03T02:10:00Z", &["run", "--once"]))
        .exits(0)
        .says(&["due: pasar, papan\n", "gone on with from an earlier run"]);
    assert_eq!(findings(&desk), 28);
    assert_eq!(
        status(&desk, "2026-11-03T02:11:00Z")[0]["last"]["outcome"],
        "well"
    );
}

#[test]
fn a_scheduler_that_was_killed_in_a_run_is_gone_on_with_and_nothing_is_there_twice() {
    let (address, asked) = serve();
    let desk = nightly(address, 30);
    let now = "2026-11-03T01:59:59Z";
    let (mut child, stderr) = start(&desk, &at(now, &["run"]), "due: pasar, papan");
    while asked.load(Ordering::Relaxed) < 30 {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    drop(stderr);
    let who = format!("process {} on ", child.id());
    desk.run(&at("2026-11-03T02:10:00Z", &["run", "--once"]))
        .exits(0)
        .says(&[
            "due: pasar, papan\n",
            &who,
            "was cut off; this run goes on where it was",
        ]);
    assert_eq!(findings(&desk), 28);
    desk.run(&at("2026-11-03T02:11:00Z", &["run", "--once"]))
        .exits(0)
        .says(&["nothing is due"]);
}

#[test]
fn a_second_scheduler_says_who_is_first_and_one_that_waits_ends_well() {
    let (address, _) = serve();
    let desk = nightly(address, 8);
    let now = "2026-11-03T12:00:00Z";
    let (child, stderr) = start(
        &desk,
        &at(now, &["run"]),
        "waiting; next: 2026-11-04 02:00 UTC",
    );
    let who = format!("process {} on ", child.id());
    let second = desk.run(&at(now, &["run"])).exits(5);
    second.says(&[
        "another scheduler is at work in `d`: ",
        &who,
        "read everything twice",
    ]);
    desk.run(&at(now, &["run", "--once"]))
        .exits(0)
        .says(&["nothing to do here: another scheduler", &who]);
    // A crawl by hand is nobody else's business.
    desk.run(&CRAWL).exits(0);
    terminate(&child);
    let (code, said) = end(child, stderr);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("stopped; nothing was cut short"), "{said}");
    desk.run(&at(now, &["run", "--once"]))
        .exits(0)
        .says(&["nothing is due"]);
}

#[test]
fn two_schedulers_at_the_same_time_read_each_post_once() {
    let (address, _) = serve();
    let desk = nightly(address, 8);
    desk.run(&at("2026-11-03T01:00:00Z", &["run", "--once"]))
        .exits(0);
    let args = at("2026-11-03T02:00:00Z", &["run", "--once"]);
    let both = [(); 2].map(|()| desk.command(&args).spawn().unwrap());
    let both = both.map(|child| Ran::of(&args, child.wait_with_output().unwrap()).exits(0));
    let ran = both
        .iter()
        .filter(|one| one.stderr.contains("28 deserve a look"));
    assert_eq!(ran.count(), 1, "{} --- {}", both[0].stderr, both[1].stderr);
    assert_eq!(findings(&desk), 28);
    assert_eq!(desk.names("d/findings").len(), 1);
}

#[test]
fn a_run_waits_for_a_crawl_by_hand_and_then_goes_on() {
    let (address, asked) = serve();
    let desk = nightly(address, 30);
    desk.run(&at("2026-11-03T01:00:00Z", &["run", "--once"]))
        .exits(0);
    let mut by_hand = desk.command(&CRAWL).spawn().unwrap();
    while asked.load(Ordering::Relaxed) < 3 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let who = format!("process {} on ", by_hand.id());
    let args = at("2026-11-03T02:00:00Z", &["run", "--once"]);
    let (child, stderr) = start(&desk, &args, "waiting: another crawl is at work");
    assert!(by_hand.wait().unwrap().success());
    let (code, said) = end(child, stderr);
    assert_eq!(code, 0, "{who}{said}");
    assert!(said.contains("posts: 0 new, 0 changed"), "{said}");
    assert_eq!(findings(&desk), 28);
}

#[test]
fn rules_that_cannot_be_loaded_fail_the_run_and_not_the_scheduler() {
    let (address, _) = serve();
    let desk = nightly(address, 8);
    desk.run(&at("2026-11-03T01:00:00Z", &["run", "--once"]))
        .exits(0);
    let rules = desk.read("mine/rules.toml");
    desk.write("mine/rules.toml", "[[indicator]]\nid = 3\n");
    let (child, stderr) = start(
        &desk,
        &at("2026-11-03T02:00:00Z", &["run"]),
        "waiting; next: 2026-11-04",
    );
    terminate(&child);
    assert_eq!(end(child, stderr).0, 0);
    let told = status(&desk, "2026-11-03T03:00:00Z");
    assert_eq!(told[0]["last"]["outcome"], "failed");
    assert!(
        told[0]["last"]["detail"]
            .as_str()
            .is_some_and(|why| !why.is_empty())
    );
    desk.run(&at("2026-11-04T02:00:00Z", &["run", "--once"]))
        .exits(3);
    desk.write("mine/rules.toml", rules);
    desk.run(&at("2026-11-05T02:00:00Z", &["run", "--once"]))
        .exits(0);
    assert_eq!(findings(&desk), 28);
}

#[test]
fn lines_and_zones_that_cannot_be_kept_are_named_with_their_place() {
    let (address, _) = serve();
    let desk = nightly(address, 8);
    let sound = desk.read("d/lentera.toml");
    for (from, to, place, words) in [
        (
            "cron = \"0 2 * * *\"",
            "cron = \"0 2 30 2 *\"",
            8,
            "`0 2 30 2 *` never comes",
        ),
        (
            "zone = \"UTC\"",
            "zone = \"WITA\"",
            8,
            "did you mean \"Asia/Makassar\"?",
        ),
        (
            "kind = \"json\"",
            "kind = \"json\"\nschedule = \"0 25 * * *\"",
            12,
            "the hour `25` cannot be read",
        ),
        (
            "kind = \"json\"",
            "kind = \"json\"\nzone = \"Asia/Jakrta\"",
            8,
            "did you mean \"Asia/Jakarta\"?",
        ),
        (
            "zone = \"UTC\"",
            "jitter_minutes = 5000",
            18,
            "write at most 720",
        ),
    ] {
        let broken = sound.replace(from, to);
        let line = broken
            .lines()
            .position(|line| to.ends_with(line) && !sound.lines().any(|one| one == line));
        let line = line.unwrap() + 1;
        desk.write("d/lentera.toml", &broken);
        let place = format!("line {line}, column {place}: ");
        desk.run(&CRAWL)
            .exits(2)
            .says(&["lentera.toml`: ", &place, words]);
        let checked = desk.run(&["-C", "d", "sources", "check"]).exits(1);
        assert!(
            checked.stdout.contains(&format!("lentera.toml:{line}:")),
            "{}",
            checked.stdout
        );
        assert!(checked.stdout.contains(words), "{}", checked.stdout);
    }
    desk.write("d/lentera.toml", sound.replace(EVERY_NIGHT, ""));
    for command in [
        ["run", "--once"],
        ["status", "--json"],
        ["install", "--print"],
    ] {
        desk.run(&at("2026-11-03T01:00:00Z", &command))
            .exits(2)
            .says(&["names no time for any source", "every night at two"]);
    }
    desk.write("d/lentera.toml", &sound);
    desk.write("d/schedule.json", "{");
    desk.run(&at("2026-11-03T01:00:00Z", &["status"]))
        .exits(5)
        .says(&["schedule.json` is damaged", "take the file away"]);
    desk.run(&at("2026-11-03T01:00:00Z", &["run", "--once"]))
        .exits(0)
        .says(&["warning: ", "is damaged", "sources begin anew"]);
}

#[test]
fn units_are_written_with_whole_paths_and_those_of_others_are_left() {
    let (address, _) = serve();
    let desk = nightly(address, 8);
    let config = desk.path("config");
    let install = |rest: &[&str]| {
        let mut args = vec!["schedule", "install"];
        args.extend(rest);
        let mut command = desk.command(&args);
        command.env("XDG_CONFIG_HOME", &config);
        Ran::of(&args, command.output().unwrap())
    };
    let printed = install(&["-C", "d", "--print"]).exits(0);
    assert!(!config.exists());
    install(&["-C", "d"])
        .exits(0)
        .says(&["systemctl --user enable --now lentera-d.timer"]);
    let service = desk.read("config/systemd/user/lentera-d.service");
    let timer = desk.read("config/systemd/user/lentera-d.timer");
    assert!(printed.stdout.contains(&service) && printed.stdout.contains(&timer));
    let root = desk.path("d").canonicalize().unwrap();
    let start = format!(
        "ExecStart=\"{}\" -C \"{}\" schedule run --once",
        env!("CARGO_BIN_EXE_lentera"),
        root.display()
    );
    assert!(service.lines().any(|line| line == start), "{service}");
    assert!(timer.contains("\nPersistent=true\n"), "{timer}");
    // Again, and for another workspace of the same name.
    install(&["-C", "d", "--every", "30"]).exits(0);
    desk.write("elsewhere/d/lentera.toml", desk.read("d/lentera.toml"));
    install(&["-C", "elsewhere/d"])
        .exits(2)
        .says(&["is there for another workspace", "--name NAME"]);
    install(&["-C", "elsewhere/d", "--name", "lain"]).exits(0);
    assert_eq!(
        desk.names("config/systemd/user"),
        [
            "lentera-d.service",
            "lentera-d.timer",
            "lentera-lain.service",
            "lentera-lain.timer"
        ]
    );
    let line = install(&["-C", "d", "--format", "crontab"]).exits(0);
    assert_eq!(
        line.stdout,
        format!(
            "*/15 * * * * '{}' -q -C '{}' schedule run --once\n",
            env!("CARGO_BIN_EXE_lentera"),
            root.display()
        )
    );
    let task = install(&["-C", "d", "--format", "task-scheduler"]).exits(0);
    assert!(task.stdout.starts_with("<?xml "), "{}", task.stdout);
    install(&["-C", "d", "--every", "7"])
        .exits(2)
        .says(&["5, 10, 12, 15, 20, 30 or 60"]);
    install(&["-C", "d", "--name", "../x"])
        .exits(2)
        .says(&["letters, digits and hyphens"]);
}
