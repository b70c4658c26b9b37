//! Tables for people.

use crate::build_cost::BuildCost;
use crate::measure::{Series, Summary};
use crate::record::short;

/// Prints one table: the first engine is the one that ratios are of.
pub(crate) fn print(series: &[Series], costs: &[BuildCost], n_threads: usize) {
    let theirs = series[0].name;
    println!(
        "{n_threads} thread{}:",
        if n_threads == 1 { "" } else { "s" }
    );
    println!(
        "  {:<22} {:>22} {:>9} {:>10} {:>26} {:>10} {:>9} {:>9}",
        "engine",
        "MB per CPU s",
        "wall",
        "hits/KB",
        format!("{theirs} / it"),
        "build s",
        "MB kept",
        "MB peak"
    );
    for (index, one) in series.iter().enumerate() {
        let summary = Summary::of(one.cpu.iter().copied());
        let wall = Summary::of(one.wall.iter().copied()).median;
        let density = Summary::of(one.density.iter().copied()).median;
        let ratio = Summary::of_ratios(&series[0].cpu, &one.cpu);
        let cost = costs.get(index).map_or(Default::default(), |cost| {
            [cost.seconds, cost.kept, cost.peak].map(short)
        });
        println!(
            "  {:<22} {:>22} {:>9} {density:>10.2} {:>26} {:>10} {:>9} {:>9}",
            one.name,
            ranged(summary),
            short(wall),
            ranged(ratio),
            cost[0],
            cost[1],
            cost[2],
        );
    }
}

/// A median with its range.
fn ranged(of: Summary) -> String {
    format!(
        "{} ({}–{})",
        short(of.median),
        short(of.least),
        short(of.most)
    )
}
