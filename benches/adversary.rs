//! Texts made to be slow, scanned whole with the embedded pack:
//! `cargo bench --bench adversary -- SHAPE BYTES`, or `--list`.
//!
//! `benches/linear` counts the instructions that each shape costs at growing
//! lengths. Run by `cargo test --benches`, every shape is scanned once, short.

use std::io::{self, Write as _};
use std::process::ExitCode;

use lentera::rule::{load, shipped};
use lentera::scan::{Scanner, sample_post};

/// Pieces that are repeated: what repeats matches, candidates, separators,
/// numbers, signs, references, disguises.
const SHAPES: [(&str, &str); 24] = [
    ("one-letter", "a"),
    ("spaced", "p a s p o r "),
    ("dotted", "p.a.s.p.o.r "),
    ("stretched", "gajiiii "),
    ("leet", "p4sp0r "),
    ("look-alike", "pаspоr "),
    ("styled", "𝗽𝗮𝘀𝗽𝗼𝗿 "),
    ("zero-width", "pas\u{200b}por "),
    ("marks", "e\u{301}\u{301}"),
    ("references", "&amp;"),
    ("half-references", "&am"),
    ("hashtags", "#GajiBesar"),
    ("phrase", "paspor ditahan agen "),
    ("negated", "paspor tidak ditahan "),
    ("half-phrase", "paspor paspor agen "),
    ("digits", "1"),
    ("numbers", "0 "),
    ("telephone", "0812 0000 "),
    ("sums", "rp 10 jt "),
    ("ages", "17 th "),
    ("addresses", "a@b.c http://d.e "),
    ("signs", "@$!"),
    ("bracketed", "abc (17) "),
    ("dateline", "\nabcd efgh, ijkl mnop - "),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let plain: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    if arguments.iter().any(|argument| argument == "--list") {
        for (name, _) in SHAPES {
            writeln!(io::stdout(), "{name}").ok();
        }
        return ExitCode::SUCCESS;
    }
    let [name, bytes] = plain.as_slice() else {
        for (_, piece) in SHAPES {
            scan(piece, 2_000);
        }
        return ExitCode::SUCCESS;
    };
    let piece = SHAPES.iter().find(|shape| shape.0 == *name);
    match (piece, bytes.parse()) {
        (Some((_, piece)), Ok(bytes)) => {
            scan(piece, bytes);
            ExitCode::SUCCESS
        }
        _ => {
            writeln!(io::stderr(), "usage: adversary --list | SHAPE BYTES").ok();
            ExitCode::from(2)
        }
    }
}

fn scan(piece: &str, bytes: usize) {
    let rules = load(&shipped()).0.expect("the embedded pack is sound");
    let text = piece.repeat(bytes / piece.len());
    let assessment = Scanner::new(&rules).scan(&sample_post(&text));
    std::hint::black_box(assessment);
}
