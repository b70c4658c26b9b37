//! Writes a file of synthetic posts:
//! `cargo bench --bench generate -- --megabytes 100 --seed 7 OUT.jsonl`
//!
//! Streams to disk, so a gigabyte costs no memory. Run by `cargo test
//! --benches` it writes nothing and checks itself on a small run.

mod corpus;

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use corpus::{Corpus, Tally};

struct Asked {
    megabytes: u64,
    seed: u64,
    out: Option<PathBuf>,
    test: bool,
}

fn main() -> ExitCode {
    match ask().and_then(|asked| run(&asked)) {
        Ok(said) => {
            writeln!(io::stderr(), "{said}").ok();
            ExitCode::SUCCESS
        }
        Err(why) => {
            let usage = "generate [--megabytes N] [--seed N] OUT.jsonl";
            writeln!(io::stderr(), "{why}\nusage: {usage}").ok();
            ExitCode::from(2)
        }
    }
}

fn ask() -> Result<Asked, String> {
    let mut asked = Asked {
        megabytes: 100,
        seed: 7,
        out: None,
        test: true,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = |name: &str| {
            let value = arguments.next().and_then(|value| value.parse().ok());
            value.ok_or_else(|| format!("{name} needs a whole number"))
        };
        match argument.as_str() {
            // Cargo says which of the two it runs.
            "--bench" => asked.test = false,
            "--test" => {}
            "--megabytes" => asked.megabytes = number("--megabytes")?,
            "--seed" => asked.seed = number("--seed")?,
            other if other.starts_with('-') => return Err(format!("unknown option {other}")),
            path => asked.out = Some(path.into()),
        }
    }
    Ok(asked)
}

fn run(asked: &Asked) -> Result<String, String> {
    let Some(out) = asked.out.as_ref().filter(|_| !asked.test) else {
        return Ok(check(asked.seed));
    };
    let failed = |error: io::Error| format!("cannot write {}: {error}", out.display());
    let mut file = BufWriter::with_capacity(1 << 20, File::create(out).map_err(failed)?);
    let bytes = asked.megabytes * 1_000_000;
    let tally = Corpus::new(asked.seed)
        .write(bytes, &mut file)
        .map_err(failed)?;
    Ok(format!("{}: {}", out.display(), words(tally)))
}

fn words(tally: Tally) -> String {
    format!(
        "{} posts, {} bytes; {} flaggable, {} decorated, {} disguised",
        tally.posts, tally.bytes, tally.flaggable, tally.decorated, tally.disguised
    )
}

/// Checks a small run: repeatable, readable, and with the promised shares.
fn check(seed: u64) -> String {
    let write = |seed| {
        let mut lines = Vec::new();
        let tally = Corpus::new(seed).write(4_000_000, &mut lines);
        (tally.expect("writing to memory cannot fail"), lines)
    };
    let (tally, lines) = write(seed);
    assert_eq!(
        write(seed),
        (tally, lines.clone()),
        "a seed gives the same bytes"
    );
    assert_ne!(write(seed + 1).1, lines, "another seed gives others");
    // In tenths of a percent.
    let share = |part: u64| part * 1000 / tally.posts;
    assert!((10..30).contains(&share(tally.flaggable)), "{tally:?}");
    assert!((120..180).contains(&share(tally.decorated)), "{tally:?}");
    assert!((15..45).contains(&share(tally.disguised)), "{tally:?}");
    for line in lines
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let post: serde_json::Value = serde_json::from_slice(line).expect("every line is JSON");
        let length = post["text"].as_str().expect("every post has a text").len();
        assert!((200..=2000).contains(&length), "a text of {length} bytes");
    }
    format!("checked {}; name a file to write one", words(tally))
}
