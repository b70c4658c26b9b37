//! The tables of `benches/README.md`, written from the record.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::ours;
use crate::phrases::SIZES;
use crate::record::short;
use crate::rows::{Row, Rows};

const BEGIN: &str = "<!-- tables: written by `lentera-peers plot` -->";
const END: &str = "<!-- end of tables -->";

/// Puts the tables between their marks.
pub(crate) fn rewrite(path: &Path, rows: &Rows) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (before, rest) = text
        .split_once(BEGIN)
        .ok_or("the README has no mark for tables")?;
    let (_, after) = rest
        .split_once(END)
        .ok_or("the README has no end mark for tables")?;
    let tables = format!("{}\n{}\n{}", targets(rows), rates(rows), others(rows));
    fs::write(path, format!("{before}{BEGIN}\n\n{tables}\n{END}{after}"))
        .map_err(|error| error.to_string())
}

/// A target: what, what must be reached, what is aimed for, and the figures.
type Target<'r> = (
    &'static str,
    &'static str,
    &'static str,
    Vec<(String, Option<&'r Row>)>,
);

fn targets(rows: &Rows) -> String {
    let ours = ours::NAME;
    let ratio = |set: &str, peer: &str| {
        let row = rows.get(&format!("{set}: {ours} / {peer}, 1 thread"), "x");
        (format!("x {peer}"), row)
    };
    let folding = rows.get(
        &format!("normalise all posts: {ours}, 1 thread"),
        "MB per CPU s",
    );
    let list: [Target<'_>; 6] = [
        (
            "5,000 phrases",
            "2x Vectorscan",
            "3x",
            vec![ratio("phrases 5000", "vectorscan")],
        ),
        (
            "50,000 phrases",
            "5x Vectorscan and daachorse",
            "8x",
            vec![
                ratio("phrases 50000", "vectorscan"),
                ratio("phrases 50000", "daachorse"),
                ratio("phrases 50000", "daachorse trained"),
            ],
        ),
        (
            "500 phrases",
            "0.8x Vectorscan",
            "1.2x",
            vec![ratio("phrases 500", "vectorscan")],
        ),
        (
            "200,000 phrases, hit-dense",
            "2x the best peer",
            "4x",
            best(rows),
        ),
        (
            "500 regexes, exact spans",
            "1x Vectorscan with confirmed spans, 3x regex-filtered",
            "2x",
            vec![
                ratio("regexes 500", "vectorscan + confirm"),
                ratio("regexes 500", "regex-filtered"),
            ],
        ),
        (
            "folding with the way back",
            "10x `decancer`, 150 MB/s",
            "300 MB/s",
            vec![
                ratio("normalise all posts", "decancer"),
                ("MB/s".to_owned(), folding),
            ],
        ),
    ];
    let mut table =
        "| measure | must reach | aim for | measured (range of rounds) |\n|---|---|---|---|\n"
            .to_owned();
    for (what, must, aim, figures) in list {
        let figures: Vec<String> = figures
            .into_iter()
            .map(|(unit, row)| told(&unit, row))
            .collect();
        line(
            &mut table,
            format_args!("| {what} | {must} | {aim} | {} |", figures.join("; ")),
        );
    }
    let rate = |size: usize| {
        Some(
            rows.get(&format!("phrases {size}: {ours}, 1 thread"), "MB per CPU s")?
                .figure(),
        )
    };
    let flat = rate(50_000)
        .zip(rate(500))
        .map_or_else(|| "–".to_owned(), |(many, few)| short(many / few));
    line(
        &mut table,
        format_args!("| rate at 50,000 / rate at 500 | 0.35 | 0.5 | {flat} |"),
    );
    table
}

/// The ratio to the peer that is fastest with 200,000 phrases.
fn best(rows: &Rows) -> Vec<(String, Option<&Row>)> {
    let before = format!("phrases 200000: {} / ", ours::NAME);
    let ratios = rows.between(&before, ", 1 thread", "x");
    let least = ratios
        .into_iter()
        .min_by(|one, other| one.1.figure().total_cmp(&other.1.figure()));
    least.map_or_else(
        || vec![("x the best peer".to_owned(), None)],
        |(peer, row)| vec![(format!("x {peer}"), Some(row))],
    )
}

fn told(unit: &str, row: Option<&Row>) -> String {
    row.map_or_else(
        || format!("– {unit}"),
        |row| format!("{} {unit} ({})", short(row.figure()), row.range()),
    )
}

/// Rates by number of phrases, and what the largest common set costs to build.
fn rates(rows: &Rows) -> String {
    let mut engines: Vec<&str> = Vec::new();
    for size in SIZES {
        for (name, _) in rows.between(&format!("phrases {size}: "), ", 1 thread", "MB per CPU s") {
            if !engines.contains(&name) {
                engines.push(name);
            }
        }
    }
    engines.sort_by_key(|name| (*name != ours::NAME, name.ends_with("(Python)")));
    let mut table = "| MB per CPU s, 1 thread | 500 | 5,000 | 50,000 | 200,000 | build at 50,000 |\n|---|---|---|---|---|---|\n".to_owned();
    for name in engines {
        let cells: Vec<String> = SIZES
            .iter()
            .map(|size| {
                figure(rows.get(&format!("phrases {size}: {name}, 1 thread"), "MB per CPU s"))
            })
            .collect();
        let build = |unit| rows.get(&format!("phrases 50000: {name} build"), unit);
        let build = match (build("CPU s"), build("MB kept")) {
            (Some(cpu), Some(kept)) => {
                format!("{} s, {} MB", short(cpu.figure()), short(kept.figure()))
            }
            (Some(cpu), None) => format!("{} s", short(cpu.figure())),
            _ => "–".to_owned(),
        };
        line(
            &mut table,
            format_args!("| {name} | {} | {build} |", cells.join(" | ")),
        );
    }
    if let Some(row) = rows.get(
        &format!("phrases 5000: {}, 1 thread", ours::NAME),
        "MB per CPU s",
    ) {
        line(
            &mut table,
            format_args!(
                "\nMeasured {} at {} on {}.",
                row.date(),
                row.commit(),
                row.machine()
            ),
        );
    }
    table
}

fn others(rows: &Rows) -> String {
    let mut table = "| MB per CPU s, 1 thread | rate (range of rounds) |\n|---|---|\n".to_owned();
    for (set, name) in [
        ("regexes 500", "500 regexes"),
        ("normalise all posts", "folding, all posts"),
        (
            "normalise posts beyond ASCII",
            "folding, posts beyond ASCII",
        ),
    ] {
        let mut of_set = rows.between(&format!("{set}: "), ", 1 thread", "MB per CPU s");
        of_set.sort_by_key(|(engine, _)| *engine != ours::NAME);
        for (engine, row) in of_set {
            line(
                &mut table,
                format_args!(
                    "| {name}: {engine} | {} ({}) |",
                    short(row.figure()),
                    row.range()
                ),
            );
        }
    }
    table
}

fn figure(row: Option<&Row>) -> String {
    row.map_or_else(|| "–".to_owned(), |row| short(row.figure()))
}

fn line(table: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(table, "{text}").expect("writing to a string cannot fail");
}
