//! Rules that are edited while the program runs.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;

use super::{BIKES, Desk, Ran, post};

/// The lines of a pipe, as they come.
fn lines(pipe: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines() {
            let Ok(line) = line else { return };
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The next line that holds `words`.
fn wait_for(lines: &Receiver<String>, words: &str) -> String {
    let mut seen = Vec::new();
    while let Ok(line) = lines.recv() {
        if line.contains(words) {
            return line;
        }
        seen.push(line);
    }
    panic!("no `{words}` in {seen:#?}");
}

/// A pack that is compiled and tried in no time.
fn small_pack(desk: &Desk) {
    desk.write("mine/pack.toml", "name = \"kecil\"\nversion = \"1\"\n");
    desk.write("mine/rules.toml", BIKES);
}

fn edit(desk: &Desk, file: &str, from: &str, to: &str) {
    let path = desk.path("mine").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "no `{from}` in {file}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn a_scan_takes_up_good_rules_and_keeps_the_old_ones_otherwise() {
    let desk = Desk::new();
    small_pack(&desk);
    let args = ["scan", "-", "--all", "--rules", "mine", "--reload"];
    let mut child = desk.command(&args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let stdout = lines(child.stdout.take().unwrap());
    let stderr = lines(child.stderr.take().unwrap());
    let mut n = 0;
    // One post in, one record out, while nothing else is written.
    let mut version = || {
        n += 1;
        writeln!(stdin, "{}", post(&n.to_string(), "jual sepeda bekas")).unwrap();
        let record: Value = serde_json::from_str(&stdout.recv().unwrap()).unwrap();
        assert_eq!(record["source"]["native_id"], n.to_string());
        let ruleset = &record["provenance"]["ruleset"];
        (
            ruleset["version"].as_str().unwrap().to_owned(),
            ruleset["sha256"].as_str().unwrap().to_owned(),
        )
    };
    let first = version();
    edit(&desk, "pack.toml", "\"1\"", "\"2\"");
    let mut second = version();
    while second.0 == first.0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        second = version();
    }
    assert_eq!(second.0, "2");
    assert_ne!(second.1, first.1);
    let told = wait_for(&stderr, "rules changed");
    assert!(
        told.contains(&second.1[..12]) && told.contains(&first.1[..12]),
        "{told}"
    );

    edit(&desk, "rules.toml", "strength", "strenght");
    let told = loop {
        assert_eq!(version(), second);
        if let Ok(line) = stderr.try_recv() {
            break line;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert!(
        told.contains("were not taken, still judging with"),
        "{told}"
    );
    assert!(told.contains(&second.1[..12]), "{told}");
    wait_for(&stderr, "rules.toml:");
    assert_eq!(version(), second);
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn reloading_needs_a_folder() {
    let desk = Desk::new();
    let ran = desk.run(&["scan", "-", "--reload"]).exits(2);
    ran.says(&["--rules DIR", "hint:"]);
    let ran = desk.run(&["rules", "watch"]).exits(2);
    ran.says(&["--rules DIR", "hint:"]);
}

#[test]
fn watching_tells_the_outcome_of_each_save_until_ctrl_c() {
    let desk = Desk::new();
    small_pack(&desk);
    let args = ["rules", "watch", "--rules", "mine"];
    let mut child = desk.command(&args).spawn().unwrap();
    let stdout = lines(child.stdout.take().unwrap());
    wait_for(&stdout, "mine: good: kecil 1");
    edit(&desk, "rules.toml", "strength", "strenght");
    wait_for(&stdout, "mine: not usable: 2 errors");
    wait_for(&stdout, "did you mean `strength`?");
    edit(&desk, "rules.toml", "strenght", "strength");
    wait_for(&stdout, "mine: good: kecil 1");
    edit(&desk, "rules.toml", "jual rumah", "sepeda bekas murah");
    wait_for(&stdout, "mine: not usable: 1 sample failed");
    wait_for(&stdout, "rules.toml:");
    interrupt(&child);
    Ran::of(&args, child.wait_with_output().unwrap()).exits(0);
}

#[test]
fn watching_follows_the_overlay_too() {
    let desk = Desk::new();
    small_pack(&desk);
    desk.write("own/a.toml", "[caps]\nact = 4\n");
    let args = ["rules", "watch", "--rules", "mine", "--overlay", "own"];
    let mut child = desk.command(&args).spawn().unwrap();
    let stdout = lines(child.stdout.take().unwrap());
    wait_for(&stdout, "mine with own: good: kecil 1+overlay");
    desk.write("own/a.toml", "[[extend]]\nid = \"act.two\"\n");
    wait_for(&stdout, "not usable: 2 errors");
    wait_for(&stdout, "own/a.toml:");
    interrupt(&child);
    Ran::of(&args, child.wait_with_output().unwrap()).exits(0);
}
