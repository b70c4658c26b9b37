//! The loop under a clock that moves as it is told to.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::SignedDuration;

use super::*;
use crate::pipeline::CONFIG;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A workspace's plan with `[schedule]` and sources as written.
fn planned(toml: &str) -> Vec<Planned> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(CONFIG), toml).unwrap();
    plan(&Workspace::open(dir.path()).unwrap()).unwrap()
}

fn source(id: &str, more: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nkind = \"feed\"\nstart = [\"http://{id}.example/\"]\n{more}\n"
    )
}

/// A world whose clock moves as it is told to.
struct Fake {
    now: Timestamp,
    /// How far the clock goes in each wait, whatever was asked for; then the
    /// loop is asked to stop.
    waits: VecDeque<SignedDuration>,
    plan: Vec<Planned>,
    catch_up: bool,
    /// What becomes of runs; then they end well.
    attempts: VecDeque<Attempt>,
    /// When each run began, and of what.
    runs: Vec<String>,
    told: Vec<String>,
    kept: Memory,
}

impl Fake {
    fn new(now: &str, plan: Vec<Planned>) -> Self {
        Self {
            now: at(now),
            waits: VecDeque::new(),
            plan,
            catch_up: true,
            attempts: VecDeque::new(),
            runs: Vec::new(),
            told: Vec::new(),
            kept: Memory::default(),
        }
    }

    /// Keeps the schedule over waits of so many seconds.
    fn keep(&mut self, waits: &[i64]) -> Ended {
        self.waits = waits
            .iter()
            .copied()
            .map(SignedDuration::from_secs)
            .collect();
        let mut memory = self.kept.clone();
        keep(self, &mut memory, false)
    }
}

impl World for Fake {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn wait(&mut self, time: Duration) -> bool {
        assert!(time <= Duration::from_secs(30), "{time:?}");
        let Some(step) = self.waits.pop_front() else {
            return true;
        };
        self.now = self.now.checked_add(step).unwrap();
        false
    }

    fn plan(&mut self) -> (Vec<Planned>, bool) {
        (self.plan.clone(), self.catch_up)
    }

    fn run(&mut self, sources: Vec<Source>) -> Attempt {
        let ids: Vec<String> = sources.into_iter().map(|source| source.id).collect();
        self.runs.push(format!("{} {}", self.now, ids.join("+")));
        self.attempts
            .pop_front()
            .unwrap_or_else(|| ended(Outcome::Well))
    }

    fn remember(&mut self, memory: &Memory) {
        self.kept = memory.clone();
    }

    fn told(&mut self, event: &Event<'_>) {
        self.told.push(format!("{event:?}"));
    }
}

fn ended(outcome: Outcome) -> Attempt {
    Attempt::Ended {
        run_id: Some("crawl-1".to_owned()),
        outcome,
        detail: None,
    }
}

#[test]
fn sources_have_their_own_times_or_those_of_all_or_none() {
    let head = "[schedule]\ncron = \"0 2 * * *\"\n";
    let sources = [
        source("a", ""),
        source("b", "schedule = \"30 3 * * *\"\nzone = \"Asia/Jayapura\""),
        source("c", "schedule = \"off\""),
        source("d", "zone = \"Asia/Makassar\""),
    ];
    let named = |plan: Vec<Planned>| -> Vec<String> {
        plan.iter()
            .map(|one| format!("{}: {}", one.source.id, one.name()))
            .collect()
    };
    assert_eq!(
        named(planned(&(head.to_owned() + &sources.concat()))),
        [
            "a: 0 2 * * * Asia/Jakarta",
            "b: 30 3 * * * Asia/Jayapura",
            "d: 0 2 * * * Asia/Makassar"
        ]
    );
    assert_eq!(
        named(planned(&sources.concat())),
        ["b: 30 3 * * * Asia/Jayapura"]
    );
}

#[test]
fn what_is_due_together_is_one_run_and_each_time_runs_once() {
    let toml = "[schedule]\ncron = \"0 2 * * *\"\nzone = \"UTC\"\n".to_owned();
    let both = planned(&(toml + &source("a", "") + &source("b", "")));
    let mut world = Fake::new("2026-11-03T01:59:10Z", both);
    assert_eq!(world.keep(&[30, 20, 5, 30, 30]), Ended::Stopped);
    assert_eq!(world.runs, ["2026-11-03T02:00:00Z a+b"]);
    // Another start of the same minute has nothing to do.
    world.keep(&[1]);
    assert_eq!(world.runs.len(), 1);
    let past = &world.kept.sources["a"];
    assert_eq!((past.settled, past.missed), (at("2026-11-03T02:00:00Z"), 0));
    assert_eq!(past.last.as_ref().unwrap().outcome, Outcome::Well);
}

#[test]
fn a_machine_that_slept_for_days_makes_good_once_or_passes_over() {
    let toml = "[schedule]\ncron = \"0 */6 * * *\"\nzone = \"UTC\"\n".to_owned() + &source("a", "");
    let mut world = Fake::new("2026-11-03T05:59:30Z", planned(&toml));
    let three_days = 3 * 86_400;
    world.keep(&[three_days, 30, 30]);
    assert_eq!(
        world.runs,
        ["2026-11-06T05:59:30Z a", "2026-11-06T06:00:00Z a"]
    );
    // 06:00 of the 3rd to 00:00 of the 6th are twelve times; one had the run.
    assert_eq!(world.kept.sources["a"].missed, 11);

    let mut world = Fake::new("2026-11-03T05:59:30Z", planned(&toml));
    world.catch_up = false;
    world.keep(&[three_days, 30, 30]);
    assert_eq!(world.runs, ["2026-11-06T06:00:00Z a"]);
    assert_eq!(world.kept.sources["a"].missed, 12);
    assert!(
        world.told.iter().any(|told| told.contains("PassedOver")),
        "{:?}",
        world.told
    );
}

#[test]
fn a_clock_that_is_set_runs_nothing_twice_and_skips_nothing() {
    let toml = "[schedule]\ncron = \"0 2 * * *\"\nzone = \"UTC\"\n".to_owned() + &source("a", "");
    let mut world = Fake::new("2026-11-03T01:59:50Z", planned(&toml));
    // Due, back by two hours, due again on the clock, on to the next day.
    world.keep(&[15, -7_200, 7_200, 86_400]);
    assert_eq!(
        world.runs,
        ["2026-11-03T02:00:05Z a", "2026-11-04T02:00:05Z a"]
    );
    // Ahead by a year and back: one run by the wrong clock, then the next day's.
    world.keep(&[365 * 86_400, -365 * 86_400, 86_400]);
    assert_eq!(
        world.runs[2..],
        ["2027-11-04T02:00:05Z a", "2026-11-05T02:00:05Z a"]
    );
}

#[test]
fn a_run_waits_while_somebody_else_crawls_and_says_so_once() {
    let toml = "[schedule]\ncron = \"0 2 * * *\"\nzone = \"UTC\"\n".to_owned() + &source("a", "");
    let mut world = Fake::new("2026-11-03T01:59:50Z", planned(&toml));
    let busy = || Attempt::Busy("process 7".to_owned());
    world.attempts = VecDeque::from([busy(), busy()]);
    world.keep(&[10, 10, 10, 30]);
    assert_eq!(
        world.runs,
        [
            "2026-11-03T02:00:00Z a",
            "2026-11-03T02:00:10Z a",
            "2026-11-03T02:00:20Z a"
        ]
    );
    let told = |what: &str| {
        world
            .told
            .iter()
            .filter(|told| told.starts_with(what))
            .count()
    };
    assert_eq!((told("Busy"), told("Due")), (1, 1));
    assert_eq!(world.kept.sources["a"].settled, at("2026-11-03T02:00:00Z"));
}

#[test]
fn what_was_interrupted_is_due_at_the_next_start_and_what_failed_is_not() {
    let toml = "[schedule]\ncron = \"0 2 * * *\"\nzone = \"UTC\"\n".to_owned() + &source("a", "");
    let mut world = Fake::new("2026-11-03T01:59:50Z", planned(&toml));
    world.attempts = VecDeque::from([ended(Outcome::Interrupted), ended(Outcome::Failed)]);
    assert_eq!(world.keep(&[10, 30]), Ended::Interrupted);
    world.now = at("2026-11-03T09:00:00Z");
    assert_eq!(world.keep(&[30, 30]), Ended::Stopped);
    assert_eq!(
        world.runs,
        ["2026-11-03T02:00:00Z a", "2026-11-03T09:00:00Z a"]
    );
    let past = &world.kept.sources["a"];
    assert_eq!(past.last.as_ref().unwrap().outcome, Outcome::Failed);
}

#[test]
fn other_times_begin_anew_and_delays_keep_every_time() {
    let toml = |line: &str| {
        format!("[schedule]\ncron = \"{line}\"\nzone = \"UTC\"\njitter_minutes = 60\n")
            + &source("a", "")
    };
    let mut world = Fake::new("2026-11-03T09:00:00Z", planned(&toml("0 2 * * *")));
    world.keep(&[30]);
    // An earlier hour of a day that is over is not due for that.
    world.plan = planned(&toml("0 8 * * *"));
    world.keep(&[30]);
    assert_eq!(world.runs, [""; 0]);
    // Ten days, one run each, within the hour.
    world.keep(&vec![10; 8_640 * 10]);
    assert_eq!(world.runs.len(), 10, "{:?}", world.runs);
    assert!(
        world.runs.iter().all(|run| run.contains("T08:")),
        "{:?}",
        world.runs
    );
    let minutes: std::collections::BTreeSet<&str> =
        world.runs.iter().map(|run| &run[14..16]).collect();
    assert!(minutes.len() > 5, "{minutes:?}");
}

#[test]
fn how_sources_stand_is_told_without_changing_anything() {
    let toml = "[schedule]\ncron = \"0 2 * * *\"\nzone = \"UTC\"\n".to_owned() + &source("a", "");
    let plan = planned(&toml);
    let mut memory = Memory::default();
    let fresh = status(&plan, &memory, at("2026-11-03T09:00:00Z"));
    assert_eq!(
        (fresh[0].overdue, fresh[0].next),
        (0, Some(at("2026-11-04T02:00:00Z")))
    );
    assert_eq!(memory, Memory::default());
    memory.meet(&plan, at("2026-11-03T09:00:00Z"));
    let late = status(&plan, &memory, at("2026-11-06T02:10:00Z"));
    assert_eq!(
        (late[0].overdue, late[0].next),
        (2, Some(at("2026-11-07T02:00:00Z")))
    );
    let later = status(&plan, &memory, at("2026-11-06T03:20:00Z"));
    assert_eq!(later[0].overdue, 3);
}

#[test]
fn what_is_remembered_reads_back_and_a_damaged_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Memory::load(dir.path()).unwrap(), Memory::default());
    let toml = "[schedule]\ncron = \"0 2 * * *\"\nzone = \"UTC\"\n".to_owned() + &source("a", "");
    let mut world = Fake::new("2026-11-03T01:59:50Z", planned(&toml));
    world.keep(&[10, 30]);
    world.kept.save(dir.path()).unwrap();
    assert_eq!(Memory::load(dir.path()).unwrap(), world.kept);
    std::fs::write(dir.path().join(MEMORY), "{\"sources\": {\"a\": 3}}").unwrap();
    let said = Memory::load(dir.path()).unwrap_err().to_string();
    assert!(said.contains("schedule.json` is damaged: "), "{said}");
}

#[test]
fn a_year_of_minutes_that_passed_is_counted_without_end() {
    let toml = "[schedule]\ncron = \"* * * * *\"\nzone = \"UTC\"\n".to_owned() + &source("a", "");
    let plan = planned(&toml);
    let mut memory = Memory::default();
    memory.meet(&plan, at("2025-11-03T00:00:00Z"));
    let look = plan[0].look(&memory.sources["a"], at("2026-11-03T00:00:30Z"));
    let due = look.due.unwrap();
    assert_eq!(due.time, at("2026-11-03T00:00:00Z"));
    assert!(due.before >= 10_000 && !due.is_late(), "{due:?}");
}

#[test]
fn what_is_installed_quotes_paths_for_each_system() {
    let made = install::Installation {
        name: "jaga-malam",
        program: std::path::Path::new("/opt/len tera/lentera"),
        workspace: std::path::Path::new("/srv/50% \"o'jaga\" $malam & <b>"),
        every: 15,
    };
    let service = made.service();
    let wanted = r#"ExecStart="/opt/len tera/lentera" -C "/srv/50%% \"o'jaga\" $$malam & <b>" schedule run --once"#;
    assert!(service.lines().any(|line| line == wanted), "{service}");
    assert!(
        made.timer()
            .contains("\nOnCalendar=*:00/15\nPersistent=true\n")
    );
    assert_eq!(
        made.crontab(),
        "*/15 * * * * '/opt/len tera/lentera' -q -C '/srv/50'\\%' \"o'\\''jaga\" $malam & <b>' schedule run --once\n"
    );
    let task = made.task();
    assert!(
        task.contains("<Command>/opt/len tera/lentera</Command>"),
        "{task}"
    );
    assert!(
        task.contains("$malam &amp; &lt;b&gt;\" schedule run --once</Arguments>"),
        "{task}"
    );
    let mut reader = quick_xml::Reader::from_str(&task);
    while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
    let name = |path: &str| install::Installation::name_for(std::path::Path::new(path));
    assert_eq!(
        [name("/srv/Jaga Malam/"), name("/"), name("/srv/日本")],
        ["jaga-malam", "workspace", "workspace"]
    );
}

/// Numbers that are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % most
    }
}

#[test]
fn whatever_the_machine_does_each_time_is_run_or_counted_as_missed_once() {
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let line = ["0 2 * * *", "*/20 * * * *", "30 2,14 * * 1-5"][seed as usize % 3];
        let toml = format!(
            "[schedule]\ncron = \"{line}\"\nzone = \"Europe/Amsterdam\"\njitter_minutes = {}\n",
            dice.below(2) * 15
        ) + &source("a", "");
        let mut world = Fake::new("2026-10-20T00:00:00Z", planned(&toml));
        world.catch_up = dice.below(2) == 0;
        let first = world.now;
        let mut done = 0;
        for _ in 0..60 {
            // Short looks, sleep, a clock put right; a busy workspace, a run
            // that is cut short; then the program ends and starts again.
            let waits: Vec<i64> = (0..dice.below(40))
                .map(|_| match dice.below(20) {
                    0 => dice.below(3 * 86_400).cast_signed(),
                    1 => -dice.below(7_200).cast_signed(),
                    _ => dice.below(30).cast_signed(),
                })
                .collect();
            let attempts = (0..dice.below(3)).map(|_| match dice.below(3) {
                0 => Attempt::Busy("process 7".to_owned()),
                1 => ended(Outcome::Interrupted),
                _ => ended(Outcome::Failed),
            });
            world.attempts = attempts.collect();
            let asked = world.attempts.clone();
            let before = world.runs.len();
            world.keep(&waits);
            let is_run = |n: &usize| {
                let attempt = asked.get(*n);
                !attempt.is_some_and(|one| {
                    matches!(one, Attempt::Busy(_)) || *one == ended(Outcome::Interrupted)
                })
            };
            done += (0..world.runs.len() - before).filter(is_run).count() as u64;
        }
        let past = &world.kept.sources["a"];
        let (mut n, mut time) = (0, first);
        while let Some(next) = world.plan[0]
            .table
            .next_after(time)
            .filter(|next| *next <= past.settled)
        {
            (n, time) = (n + 1, next);
        }
        assert_eq!(done + past.missed, n, "seed {seed}, {line}");
        assert!(n > 10, "seed {seed}: only {n} times");
    }
}
