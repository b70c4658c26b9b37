//! The finished program, run as a person or a script runs it.
//!
//! Every test has a folder and a home of its own; nothing leaves this machine.

mod backup; // a workspace copied elsewhere and brought back
mod bad_input; // inputs that cannot be read are named, the rest is
mod corpora; // rules measured on posts whose nature is known
mod crawl; // the demonstration's workspace
mod doctor; // a workspace and its machine looked over
mod evidence; // the pages kept: checked, shown, time-stamped
mod digest; // what is told when a run has ended
mod drift; // sources that no longer give what they used to
mod fleet; // several machines that share a store
mod findings; // the queue and single findings
mod interrupt; // Ctrl-C
mod killed; // the program killed at any moment
mod store; // what is kept: counted, checked, destroyed when its time is over
mod mistakes; // what rule authors get wrong
mod overlay; // private rules laid over the pack
mod recall; // what the fixtures hold and what is found
mod reload; // rules edited while the program runs
mod repeat; // equal bytes from equal input
mod report; // the digest of a night
mod rules; // rule files at the command line
mod scan; // archives to records
mod schedule; // sources read at their times
mod sources; // source definitions, checked and tested
mod usage; // what is typed wrong

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// Posts to scan: an alert, a plea for help, a missing person, and goods.
pub(crate) const POSTS: &str = include_str!("../../data/cli/posts.jsonl");
/// A post of [`POSTS`] that is an alert, under another id.
pub(crate) const ALERT: &str = "Lowongan admin di Kamboja, gaji 15 juta tanpa pengalaman, tiket ditanggung, berangkat minggu ini, paspor disimpan agen, utang potong gaji. WA 0812-0000-0101";
/// One indicator about bicycles: compiled and tried in no time.
const BIKES: &str = r#"
[[source]]
key = "S"
title = "s"
where = "s.example"

[[indicator]]
id = "act.one"
alias = "A1"
title = { id = "a", en = "a" }
why = { id = "a", en = "a" }
axis = "act"
strength = "weak"
evidence = "institutional"
sources = ["S"]
status = "active"

[indicator.phrases]
id = '''
sepeda bekas
'''

[indicator.samples]
hit = ["jual sepeda bekas"]
miss = ["jual rumah"]
"#;

/// The time of every run that must be repeatable.
pub(crate) const NOW: &str = "2026-11-03T12:00:00Z";

/// A folder and a home for one test.
pub(crate) struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("home")).unwrap();
        std::fs::create_dir(dir.path().join("work")).unwrap();
        Self { dir }
    }

    /// A file or folder where commands run.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("work").join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Names in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let home = self.dir.path().join("home");
        let mut command = Command::new(env!("CARGO_BIN_EXE_lentera"));
        command
            .args(args)
            .current_dir(self.path(""))
            .env("HOME", &home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env_remove("COLUMNS")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(args, self.command(args).output().unwrap())
    }

    /// Runs with these bytes on standard input.
    pub(crate) fn feed(&self, args: &[&str], input: &[u8]) -> Ran {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // A program that ends early closes the pipe.
                let _ = stdin.write_all(input);
            });
            Ran::of(args, child.wait_with_output().unwrap())
        })
    }
}

/// What a command did.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
    args: String,
}

impl Ran {
    pub(crate) fn of(args: &[&str], output: Output) -> Self {
        Self {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
            args: args.join(" "),
        }
    }

    /// Itself, when the exit code is this one.
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "lentera {}\n--- stdout\n{:.2000}\n--- stderr\n{}",
            self.args,
            self.stdout,
            self.stderr
        );
        self
    }

    /// Itself, when stderr holds all of these.
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for words in words {
            assert!(
                self.stderr.contains(words),
                "no `{words}` from lentera {}:\n{}",
                self.args,
                self.stderr
            );
        }
        self
    }

    /// The records of stdout.
    pub(crate) fn records(&self) -> Vec<Value> {
        records(&self.stdout)
    }
}

pub(crate) fn records(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The native ids of records, in order.
pub(crate) fn ids(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .map(|record| record["source"]["native_id"].as_str().unwrap())
        .collect()
}

/// A post as a JSONL line without its end.
pub(crate) fn post(id: &str, text: &str) -> String {
    serde_json::json!({ "id": id, "text": text }).to_string()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// A demonstration that several tests read and none writes.
pub(crate) struct Demo {
    pub(crate) desk: Desk,
    pub(crate) first: Ran,
}

impl Demo {
    pub(crate) fn get() -> &'static Self {
        static DEMO: OnceLock<Demo> = OnceLock::new();
        DEMO.get_or_init(|| {
            let desk = Desk::new();
            let first = desk.run(&["demo", "d", "--lang", "en"]).exits(0);
            Self { desk, first }
        })
    }

    /// The one file in `folder` whose name ends so.
    pub(crate) fn file(&self, folder: &str, ending: &str) -> PathBuf {
        let names = self.desk.names(&format!("d/{folder}"));
        let mut found = names.iter().filter(|name| name.ends_with(ending));
        let name = found.next().unwrap();
        assert_eq!(found.next(), None, "one run, one file");
        self.desk.path(&format!("d/{folder}/{name}"))
    }

    pub(crate) fn findings(&self) -> String {
        std::fs::read_to_string(self.file("findings", ".jsonl")).unwrap()
    }
}

/// Copies a folder of files and folders.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A copy of the shipped pack, to be broken.
pub(crate) fn pack(desk: &Desk, name: &str) -> PathBuf {
    let to = desk.path(name);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &to);
    to
}
