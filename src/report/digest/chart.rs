//! Small charts as SVG, told by hatching as well as by colour: they are
//! printed in black and white.
//!
//! Every chart stands beside its figures in words; it is hidden from screen
//! readers.

use std::fmt::Write as _;

/// Fills of a bar's parts from the bottom: what is most urgent first.
pub(super) const FILLS: [&str; 6] = ["help", "missing", "critical", "high", "medium", "low"];

/// Height of the bars.
const HEIGHT: u64 = 90;
/// Width of a bar with the space after it.
const STEP: usize = 18;
/// Width of a bar.
const BAR: usize = 14;
/// Room for the days' names below.
const FOOT: u64 = 14;

/// One bar of [`columns`].
pub(super) struct Column {
    /// What stands below; may be empty.
    pub(super) foot: String,
    /// Its parts, in the order of [`FILLS`].
    pub(super) parts: [u64; 6],
    /// Whether it stands for something that was not looked at.
    pub(super) absent: bool,
}

/// Patterns that the charts of a page refer to.
pub(super) fn patterns() -> String {
    let hatch = |id: &str, color: &str, lines: &str| {
        format!(
            "<pattern id=\"{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
             <rect width=\"6\" height=\"6\" fill=\"{color}\"/>\
             <path d=\"{lines}\" stroke=\"#fff\" stroke-width=\"1\"/></pattern>"
        )
    };
    let mut out = String::from("<svg width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>");
    out += &hatch("help", "#5b2a86", "M0 3H6M3 0V6");
    out += &hatch("missing", "#1f5f8b", "M3 0V6");
    out += &hatch("critical", "#8c1d18", "");
    out += &hatch("high", "#c2571a", "M0 6L6 0");
    out += &hatch("medium", "#b58b00", "M0 3H6");
    out += &hatch("low", "#8a8f98", "M1 1h1M4 4h1");
    out += "</defs></svg>";
    out
}

/// Stacked columns on one scale.
pub(super) fn columns(all: &[Column]) -> String {
    let most = all.iter().map(|one| one.parts.iter().sum()).max();
    let most: u64 = most.unwrap_or(0).max(1);
    let width = all.len() * STEP;
    let mut out = format!(
        "<svg class=\"days\" viewBox=\"0 0 {width} {}\" aria-hidden=\"true\">",
        HEIGHT + FOOT
    );
    for (at, column) in all.iter().enumerate() {
        let x = at * STEP;
        let mut y = HEIGHT;
        for (n, fill) in column.parts.iter().zip(FILLS) {
            // A part that is there is seen, however small.
            let tall = (n * HEIGHT / most).max(u64::from(*n > 0) * 2).min(y);
            y -= tall;
            if tall > 0 {
                let _ = write!(
                    out,
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{BAR}\" height=\"{tall}\" fill=\"url(#{fill})\"/>"
                );
            }
        }
        if column.absent {
            let (middle, low) = (x + BAR / 2, HEIGHT - 3);
            let _ = write!(out, "<text x=\"{middle}\" y=\"{low}\">×</text>");
        }
        let (middle, foot) = (x + BAR / 2, HEIGHT + FOOT - 3);
        let _ = write!(
            out,
            "<text x=\"{middle}\" y=\"{foot}\">{}</text>",
            column.foot
        );
    }
    let _ = write!(
        out,
        "<path d=\"M0 {HEIGHT}.5H{width}\" stroke=\"currentColor\"/></svg>"
    );
    out
}

/// A bar of `n`, of which `new` are marked, on a scale up to `most`.
pub(super) fn bar(n: u64, new: u64, most: u64) -> String {
    let percent = |n: u64| n * 100 / most.max(1);
    let (all, new) = (percent(n).max(1), percent(new));
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect width=\"{all}\" height=\"8\" fill=\"#9aa7b5\"/>\
         <rect width=\"{new}\" height=\"8\" fill=\"#c2571a\"/></svg>"
    )
}
