//! What is told when a run has ended, and what fails on the way.
#![cfg(unix)]

use std::net::{SocketAddr, TcpListener};

use super::Desk;
use super::killed::{CRAWL, serve, workspace};

/// A workspace that tells what its runs found on these ways.
fn telling(address: SocketAddr, ways: &str) -> Desk {
    let desk = workspace(address);
    let schedule = "\n[schedule]\ncron = \"0 2 * * *\"\nzone = \"UTC\"\n";
    let config = desk.read("d/lentera.toml") + schedule + "[digest]\nlang = \"en\"\n" + ways;
    desk.write("d/lentera.toml", config);
    desk
}

fn mail(script: &str) -> String {
    format!(
        "sendmail = [\"sh\", \"-c\", {script:?}]\nfrom = \"lentera@jaga.example\"\nto = [\"rani@jaga.example\"]\n"
    )
}

fn record(desk: &Desk) -> serde_json::Value {
    serde_json::from_str(&desk.read("d/deliveries.json")).unwrap()
}

fn found(desk: &Desk) -> usize {
    let args = ["-C", "d", "findings", "list", "--json", "--limit", "999"];
    desk.run(&args).exits(0).records().len()
}

#[test]
fn a_run_is_told_by_file_and_mail_and_the_next_tells_only_what_is_new() {
    let (address, _) = serve();
    let desk = telling(address, &(mail("cat > d/letter") + "file = \"digests/\"\n"));
    let ran = desk.run(&CRAWL).exits(0);
    assert!(!ran.stderr.contains("digest"), "{}", ran.stderr);
    let digest = desk.read("d/digests/digest-crawl-20261103T120000Z.txt");
    assert!(digest.contains("28"), "{digest}");
    let letter = desk.read("d/letter");
    assert!(letter.contains("\r\nSubject: Lentera: 28 "), "{letter}");
    let told = record(&desk);
    assert_eq!(told["run_id"], "crawl-20261103T120000Z");
    assert_eq!(told["deliveries"].as_array().unwrap().len(), 2);
    // Nothing is new the next night, and that is told too.
    desk.run(&[
        "-C",
        "d",
        "--rules",
        "mine",
        "--now",
        "2026-11-04T12:00:00Z",
        "crawl",
    ])
    .exits(0);
    let letter = desk.read("d/letter");
    assert!(
        letter.contains("\r\nSubject: Lentera: ") && !letter.contains("Lentera: 28 "),
        "{letter}"
    );
}

#[test]
fn ways_that_fail_or_hang_are_told_and_the_run_keeps_what_it_found() {
    let (address, _) = serve();
    // It takes what is sent and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let hook = format!(
        "webhook = \"http://{}/rahasia\"\ntimeout_s = 1\n",
        silent.local_addr().unwrap()
    );
    let desk = telling(address, &(mail("echo relay refused >&2; exit 69") + &hook));
    let ran = desk.run(&CRAWL).exits(0);
    assert!(!ran.stderr.contains("rahasia"), "{}", ran.stderr);
    ran.says(&[
        "warning: the digest did not go out by mail (`sh`): ended with status 69: relay refused",
        "warning: the digest did not go out by webhook (`127.0.0.1`): did not answer within 1 s",
        "what was found is kept",
    ]);
    assert_eq!(found(&desk), 28);
    let errors: Vec<_> = record(&desk)["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["error"].is_string())
        .collect();
    assert_eq!(errors, [true, true]);

    // The next night's run tells what nobody was told; a mail program that
    // hangs is ended, and nothing waits for it.
    let config = desk.read("d/lentera.toml");
    let config = config.replace("exit 69", "cat > d/letter; sleep 60");
    desk.write("d/lentera.toml", config.replace(&hook, "timeout_s = 2\n"));
    let args = |now| {
        [
            "-C", "d", "--rules", "mine", "--now", now, "schedule", "run", "--once",
        ]
    };
    desk.run(&args("2026-11-04T01:00:00Z"))
        .exits(0)
        .says(&["nothing is due"]);
    desk.run(&args("2026-11-04T02:00:00Z"))
        .exits(0)
        .says(&["by mail (`sh`): did not end within 2 s and was ended"]);
    assert!(desk.read("d/letter").contains("\r\nSubject: Lentera: 28 "));
    let status = desk
        .run(&["-C", "d", "schedule", "status", "--json"])
        .exits(0)
        .records();
    assert_eq!(status[0]["last"]["outcome"], "well");
}

#[test]
fn a_night_that_could_not_be_scanned_is_told_without_the_reason() {
    let (address, _) = serve();
    let desk = telling(address, "file = \"digest.txt\"\n");
    let args = |now| {
        [
            "-C", "d", "--rules", "mine", "--now", now, "schedule", "run", "--once",
        ]
    };
    desk.run(&args("2026-11-03T01:00:00Z")).exits(0);
    desk.write("mine/rules.toml", "[[indicator]]\nid = \"rahasia kami\"\n");
    let ran = desk.run(&args("2026-11-03T02:00:00Z")).exits(3);
    assert!(!ran.stderr.contains("did not go out"), "{}", ran.stderr);
    assert_eq!(
        desk.read("d/digest.txt"),
        "Lentera: a scheduled run failed\n\
         2026-11-03 02:00 UTC: the rules could not be loaded; nothing was scanned\n\
         What was finished is kept. Why: lentera schedule status\n"
    );
}

#[test]
fn settings_that_cannot_work_are_named_with_their_place() {
    let (address, _) = serve();
    for (way, words) in [
        ("webhook = \"http://hooks.example/x\"\n", "write https://"),
        (
            "to = [\"Rani <rani@jaga.example>\"]\n",
            "is not a bare mail address",
        ),
        (
            "sendmail = [\"/usr/sbin/sendmail\"]\n",
            "nobody to write to",
        ),
    ] {
        let desk = telling(address, way);
        desk.run(&CRAWL)
            .exits(2)
            .says(&["lentera.toml`: TOML parse error at line ", words]);
    }
}
