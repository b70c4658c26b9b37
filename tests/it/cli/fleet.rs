//! Four machines that share one PostgreSQL: whatever is killed, stopped or cut,
//! they find what one alone finds, each post and finding once, and no host is
//! asked sooner than it allows.
#![cfg(unix)]

mod server;
mod sites;

use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::time::Duration;

use lentera::evidence::verify;

use super::killed::{Dice, GATE, check_capture};
use super::{BIKES, Desk, NOW, Ran, records};
use server::{Cluster, Way, signal};
use sites::{POSTS, SITES, Sites};

const WORKERS: usize = 4;
/// Shorter than any machine should use, so that a test need not wait for long.
const LEASE_S: u64 = 3;

/// Faults of each kind in a test; `LENTERA_FAULTS=20` asks for more.
fn faults() -> u32 {
    std::env::var("LENTERA_FAULTS").map_or(3, |n| n.parse().unwrap())
}

/// What is kept in the end: posts and findings, each with its revision.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    posts: Vec<(String, String, i64)>,
    findings: Vec<(String, i64, String)>,
}

/// One machine alone, with a file.
fn alone(sites: &Sites) -> Kept {
    let desk = Desk::new();
    prepare(&desk, &sites.config(), 0);
    desk.run(&crawl(0)).exits(0);
    let state = rusqlite::Connection::open(desk.path("w0/state.db")).unwrap();
    let mut posts = state.prepare(POSTS_SQL).unwrap();
    let posts = posts.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let mut findings = state.prepare(FINDINGS_SQL).unwrap();
    let findings = findings.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let kept = Kept {
        posts: posts.unwrap().map(Result::unwrap).collect(),
        findings: findings.unwrap().map(Result::unwrap).collect(),
    };
    assert_eq!(kept.posts.len(), POSTS);
    assert!(kept.findings.len() > SITES as usize);
    kept
}

const POSTS_SQL: &str = "SELECT platform, native_id, revision FROM post ORDER BY 1, 2";
const FINDINGS_SQL: &str = "SELECT id, revision, standing FROM finding ORDER BY 1, 2";

fn prepare(desk: &Desk, config: &str, worker: usize) {
    desk.write("mine/pack.toml", "name = \"kecil\"\nversion = \"1\"\n");
    desk.write("mine/rules.toml", format!("{BIKES}{GATE}"));
    desk.write(&format!("w{worker}/lentera.toml"), config);
    for folder in ["findings", "evidence", "keys"] {
        std::fs::create_dir(desk.path(&format!("w{worker}/{folder}"))).unwrap();
    }
}

fn crawl(worker: usize) -> [&'static str; 7] {
    let dir = ["w0", "w1", "w2", "w3"][worker];
    ["-C", dir, "crawl", "--rules", "mine", "--now", NOW]
}

/// Machines at work.
struct Fleet {
    desk: Desk,
    workers: Vec<Option<Child>>,
}

impl Fleet {
    /// Workspaces for machines that reach the store at `store`.
    fn new(sites: &Sites, store: SocketAddr) -> Self {
        let desk = Desk::new();
        let config = format!(
            "[store]\nurl = \"postgres://postgres@{store}/postgres\"\nlease_s = {LEASE_S}\npatience_s = 60\n{}",
            sites.config()
        );
        for worker in 0..WORKERS {
            prepare(&desk, &config, worker);
        }
        let workers = (0..WORKERS).map(|_| None).collect();
        Self { desk, workers }
    }

    fn start(&mut self, worker: usize) {
        let mut command = self.desk.command(&crawl(worker));
        let told = self.desk.path(&format!("w{worker}/told"));
        let told = std::fs::File::options()
            .create(true)
            .append(true)
            .open(told)
            .unwrap();
        let child = command.stdout(Stdio::null()).stderr(told).spawn().unwrap();
        self.workers[worker] = Some(child);
    }

    fn start_all(&mut self) {
        // Any command that masks makes the key; the others are given it.
        let key = self.desk.path("w0/keys/hmac.key");
        let post = self.desk.write("satu.jsonl", super::post("1", "lemari"));
        let post = post.to_str().unwrap();
        self.desk
            .run(&["-C", "w0", "scan", "--rules", "mine", post])
            .exits(0);
        for worker in 1..WORKERS {
            let other = self.desk.path(&format!("w{worker}/keys/hmac.key"));
            std::fs::copy(&key, other).unwrap();
        }
        for worker in 0..WORKERS {
            self.start(worker);
        }
    }

    fn pid(&self, worker: usize) -> String {
        self.workers[worker].as_ref().unwrap().id().to_string()
    }

    fn is_running(&mut self, worker: usize) -> bool {
        let child = self.workers[worker].as_mut().unwrap();
        child.try_wait().unwrap().is_none()
    }

    fn any_running(&mut self) -> bool {
        (0..WORKERS).any(|worker| self.is_running(worker))
    }

    /// What a worker said, for when a test fails.
    fn told(&self, worker: usize) -> String {
        self.desk.read(&format!("w{worker}/told"))
    }

    fn wait(&mut self) {
        for worker in 0..WORKERS {
            let code = self.workers[worker].as_mut().unwrap().wait().unwrap();
            // Half a way through a source may look like one that changed.
            let code = code.code();
            assert!(
                matches!(code, Some(0 | 4)),
                "{code:?}: {}",
                self.told(worker)
            );
        }
    }

    /// What the store holds; and what each machine's files hold together.
    fn kept(&self, cluster: &Cluster) -> Kept {
        let mut client = cluster.client();
        client.batch_execute("SET search_path = lentera").unwrap();
        let posts = client.query(POSTS_SQL, &[]).unwrap();
        let findings = client.query(FINDINGS_SQL, &[]).unwrap();
        let kept = Kept {
            posts: posts
                .iter()
                .map(|row| (row.get(0), row.get(1), row.get(2)))
                .collect(),
            findings: findings
                .iter()
                .map(|row| (row.get(0), row.get(1), row.get(2)))
                .collect(),
        };
        let mut in_files = Vec::new();
        for worker in 0..WORKERS {
            let report = verify(&self.desk.path(&format!("w{worker}/evidence")), None).unwrap();
            assert_eq!(report.fault, None);
            for name in self.desk.names(&format!("w{worker}/findings")) {
                for record in records(&self.desk.read(&format!("w{worker}/findings/{name}"))) {
                    check_capture(&self.desk, &format!("w{worker}"), &record);
                    in_files.push(record["id"].as_str().unwrap().to_owned());
                }
            }
        }
        in_files.sort();
        let ids: Vec<String> = kept.findings.iter().map(|row| row.0.clone()).collect();
        assert_eq!(in_files, ids, "each finding stands in one file");
        kept
    }
}

#[test]
fn four_machines_find_what_one_finds_whoever_is_killed_or_stopped() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let sites = Sites::serve();
    let one = alone(&sites);
    let sites = Sites::serve();
    let mut fleet = Fleet::new(&sites, cluster.address);
    fleet.start_all();
    let mut dice = Dice(u64::from(std::process::id()));
    for n in 0..2 * faults() {
        let until = sites.asked() + dice.below(12) as usize;
        while sites.asked() < until && fleet.any_running() {
            std::thread::sleep(Duration::from_millis(2));
        }
        let worker = dice.below(WORKERS as u64) as usize;
        if n % 2 == 0 {
            // Reaped whether it was still running or not.
            let _ = fleet.workers[worker].as_mut().unwrap().kill();
            fleet.workers[worker].as_mut().unwrap().wait().unwrap();
            fleet.start(worker);
        } else if fleet.is_running(worker) {
            let pid = fleet.pid(worker);
            signal(&pid, "STOP");
            std::thread::sleep(Duration::from_secs(LEASE_S + 1));
            signal(&pid, "CONT");
        }
    }
    fleet.wait();
    assert_eq!(fleet.kept(&cluster), one);
    sites.assert_polite();
}

#[test]
fn four_machines_find_what_one_finds_whatever_befalls_the_server() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let sites = Sites::serve();
    let one = alone(&sites);
    let sites = Sites::serve();
    let way = Way::to(cluster.address);
    let mut fleet = Fleet::new(&sites, way.address);
    fleet.start_all();
    let mut dice = Dice(u64::from(std::process::id()));
    for n in 0..=faults() {
        let until = sites.asked() + 4 + dice.below(12) as usize;
        while sites.asked() < until && fleet.any_running() {
            std::thread::sleep(Duration::from_millis(2));
        }
        match n % 4 {
            0 => {
                cluster.kill();
                std::thread::sleep(Duration::from_millis(300));
                cluster.begin();
            }
            1 => {
                way.cut();
                std::thread::sleep(Duration::from_secs(1 + dice.below(LEASE_S)));
                way.open();
            }
            2 => {
                cluster.stop_at_once();
                cluster.begin();
            }
            _ => {
                way.silence();
                std::thread::sleep(Duration::from_secs(LEASE_S + 1));
                way.open();
            }
        }
    }
    fleet.wait();
    let told: String = (0..WORKERS).map(|worker| fleet.told(worker)).collect();
    assert!(told.contains("the line to the store was cut"), "{told}");
    assert_eq!(fleet.kept(&cluster), one);
    sites.assert_polite();
}

#[test]
fn a_machine_with_another_key_and_a_bad_address_are_told_what_to_do() {
    let desk = Desk::new();
    let sites = Sites::serve();
    prepare(&desk, &sites.config(), 0);
    let store = |url: &str| -> Ran {
        let mut args = crawl(0).to_vec();
        args.extend(["--store", url]);
        desk.run(&args)
    };
    store("mysql://a:rahasia@db.example/b")
        .exits(5)
        .says(&["write it as postgres://USER@HOST/DATABASE"]);
    let ran = store("postgres://a:rahasia@127.0.0.1:9/b").exits(5);
    assert!(!ran.stderr.contains("rahasia"), "{}", ran.stderr);
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = format!("postgres://postgres@{}/postgres", cluster.address);
    store(&url).exits(0);
    let listed = desk.run(&["-C", "w0", "--store", &url, "--json", "findings", "list"]);
    assert!(!listed.exits(0).records().is_empty());
    std::fs::remove_file(desk.path("w0/keys/hmac.key")).unwrap();
    store(&url).exits(5).says(&["copy `keys/hmac.key`"]);
    let mut client = cluster.client();
    client
        .batch_execute("UPDATE lentera.about SET version = 99")
        .unwrap();
    store(&url)
        .exits(5)
        .says(&["has version 99", "use a newer lentera"]);
}
