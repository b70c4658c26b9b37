//! The plot: rate against number of phrases, both on log scales, as SVG.

use std::fmt::Write as _;
use std::fs;

use crate::ours;
use crate::phrases::SIZES;
use crate::readme;
use crate::record::directory;
use crate::rows::Rows;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 440.0;
/// Left, right, top and bottom of the frame.
const FRAME: [f64; 4] = [64.0, 590.0, 48.0, 388.0];
/// MB per CPU second at the bottom and top.
const RATES: [f64; 2] = [1.0, 1000.0];

/// One engine's rates by number of phrases.
struct Line {
    name: String,
    points: Vec<(usize, f64)>,
}

/// Draws the recorded rates and rewrites the tables of the README.
pub(crate) fn plot() -> Result<(), String> {
    let rows = Rows::read()?;
    let benches = directory().join("..");
    let lines = lines(&rows);
    if lines.is_empty() {
        return Err("the record holds no rates: run `phrases --record` first".to_owned());
    }
    let svg = benches.join("peers.svg");
    fs::write(&svg, drawn(&lines)).map_err(|error| error.to_string())?;
    readme::rewrite(&benches.join("README.md"), &rows)
}

fn lines(rows: &Rows) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for size in SIZES {
        for (name, row) in rows.between(&format!("phrases {size}: "), ", 1 thread", "MB per CPU s")
        {
            let point = (size, row.figure());
            match lines.iter_mut().find(|line| line.name == name) {
                Some(line) => line.points.push(point),
                None => lines.push(Line {
                    name: name.to_owned(),
                    points: vec![point],
                }),
            }
        }
    }
    lines.sort_by_key(|line| line.name != ours::NAME);
    lines
}

fn x(size: usize) -> f64 {
    let share = (size as f64 / 500.0).ln() / 400f64.ln();
    FRAME[0] + 24.0 + share * (FRAME[1] - FRAME[0] - 48.0)
}

fn y(rate: f64) -> f64 {
    let share = (rate / RATES[0]).ln() / (RATES[1] / RATES[0]).ln();
    FRAME[3] - share.clamp(0.0, 1.0) * (FRAME[3] - FRAME[2])
}

fn drawn(lines: &[Line]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n\
         <title>Rate against number of phrases</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{}\" y=\"26\" font-size=\"15\" fill=\"#222\">\
         MB of text per CPU second, by number of phrases (1 thread, word-bounded)</text>\n",
        FRAME[0],
    );
    axes(&mut svg);
    let mut labels: Vec<(f64, usize)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let (color, width) = style(index);
        let places: Vec<String> = line
            .points
            .iter()
            .map(|&(size, rate)| format!("{:.1},{:.1}", x(size), y(rate)))
            .collect();
        put(
            &mut svg,
            format_args!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"/>",
                places.join(" "),
            ),
        );
        for &(size, rate) in &line.points {
            put(
                &mut svg,
                format_args!(
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{}\" fill=\"{color}\"/>",
                    x(size),
                    y(rate),
                    width + 1.5,
                ),
            );
        }
        let &(_, last) = line.points.last().expect("a line has a point");
        labels.push((y(last), index));
    }
    names(&mut svg, lines, labels);
    svg.push_str("</svg>\n");
    svg
}

fn axes(svg: &mut String) {
    let [left, right, top, bottom] = FRAME;
    for (rate, name) in [
        (1.0, "1"),
        (3.0, "3"),
        (10.0, "10"),
        (30.0, "30"),
        (100.0, "100"),
        (300.0, "300"),
        (1000.0, "1000"),
    ] {
        let at = y(rate);
        put(
            svg,
            format_args!(
                "<line x1=\"{left}\" x2=\"{right}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555\">{name}</text>",
                left - 8.0,
                at + 4.0,
            ),
        );
    }
    for (size, name) in SIZES
        .into_iter()
        .zip(["500", "5,000", "50,000", "200,000*"])
    {
        let at = x(size);
        put(
            svg,
            format_args!(
                "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{top}\" y2=\"{bottom}\" stroke=\"#eee\"/>\
             <text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#555\">{name}</text>",
                bottom + 18.0,
            ),
        );
    }
    put(
        svg,
        format_args!(
            "<text x=\"{left}\" y=\"{}\" fill=\"#777\">phrases; * with 32 hits per KB, a worst case for reporting</text>",
            bottom + 40.0,
        ),
    );
}

/// Names at the right, pushed apart so that none covers another.
fn names(svg: &mut String, lines: &[Line], mut labels: Vec<(f64, usize)>) {
    labels.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut lowest = f64::MIN;
    // What would run out at the bottom begins higher up.
    let spare = HEIGHT - 20.0 - 16.0 * labels.len() as f64;
    for (rank, (at, index)) in labels.into_iter().enumerate() {
        let at = at.min(spare + 16.0 * rank as f64).max(lowest + 16.0);
        lowest = at;
        let (color, width) = style(index);
        let weight = if width > 2.0 { "bold" } else { "normal" };
        put(
            svg,
            format_args!(
                "<text x=\"{}\" y=\"{:.1}\" fill=\"{color}\" font-weight=\"{weight}\">{}</text>",
                FRAME[1] + 10.0,
                at + 4.0,
                lines[index].name,
            ),
        );
    }
}

/// Colours that people who see red and green alike can tell apart.
fn style(index: usize) -> (&'static str, f64) {
    const COLORS: [&str; 9] = [
        "#d55e00", "#0072b2", "#009e73", "#56b4e9", "#cc79a7", "#8a6d00", "#555555", "#7b4bb3",
        "#999933",
    ];
    (
        COLORS[index % COLORS.len()],
        if index == 0 { 3.0 } else { 1.5 },
    )
}

fn put(svg: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(svg, "{line}").expect("writing to a string cannot fail");
}
