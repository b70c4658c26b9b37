//! Folding against crates that fold: ours with the way back and the second
//! view, theirs without any map.

use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_normalization::UnicodeNormalization;

use crate::args::Args;
use crate::corpus::Posts;
use crate::engine::{Engine, Found, Kind, Worker};
use crate::measure::{Summary, rounds};
use crate::model::Model;
use crate::ours;
use crate::random::Digest;
use crate::record::Record;
use crate::table;
use crate::verify::Built;

/// Folding as an engine that finds nothing: it is timed the same way.
struct Folding(fn(&str) -> usize);

struct FoldingWorker(fn(&str) -> usize);

impl Engine for Folding {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(FoldingWorker(self.0))
    }
}

impl Worker for FoldingWorker {
    fn scan(&mut self, text: &str, _found: &mut Vec<Found>) {
        std::hint::black_box((self.0)(text));
    }
}

const KINDS: [Kind; 5] = [
    Kind::new(ours::NAME, |_| Ok(Box::new(Folding(ours::fold)))),
    Kind::new("decancer", |_| Ok(Box::new(Folding(decancer)))),
    Kind::new("unicode-normalization", |_| Ok(Box::new(Folding(nfkc)))),
    Kind::new("icu NFKC + lowercase", |_| Ok(Box::new(Folding(icu_lower)))),
    Kind::new("icu NFKC", |_| Ok(Box::new(Folding(icu)))),
];

fn decancer(text: &str) -> usize {
    decancer::cure!(text).map_or(0, |cured| cured.len())
}

fn nfkc(text: &str) -> usize {
    text.nfkc().collect::<String>().len()
}

fn icu(text: &str) -> usize {
    const { ComposingNormalizerBorrowed::new_nfkc() }
        .normalize(text)
        .len()
}

fn icu_lower(text: &str) -> usize {
    let normal = const { ComposingNormalizerBorrowed::new_nfkc() }.normalize(text);
    normal.to_lowercase().len()
}

/// Measures folding of all posts, and of those with anything beyond ASCII.
pub(crate) fn normalise(args: &Args, record: &mut Record) -> Result<(), String> {
    let model = Model::new();
    let built: Result<Built, String> = KINDS
        .iter()
        .map(|kind| Ok((*kind, (kind.build)(&[])?)))
        .collect();
    let built = built?;
    for (name, is_taken) in [
        ("all posts", (|_: &str| true) as fn(&str) -> bool),
        ("posts beyond ASCII", |text| !text.is_ascii()),
    ] {
        let texts = |round: usize| {
            let mut posts = Posts::new(&model, name, round as u64);
            let mut texts = posts.take_bytes(args.mb * 1_000_000);
            texts.retain(|text| is_taken(text));
            texts
        };
        record.inputs("", &Digest::of_list(&texts(1)));
        println!("\nnormalising {name}");
        let series = rounds(&built, args.rounds, 1, texts);
        table::print(&series, &[], 1);
        for one in &series {
            let note = format!("{} rounds of {} MB before choosing", args.rounds, args.mb);
            let rate = Summary::of(one.cpu.iter().copied());
            record.add_summary(
                &format!("normalise {name}: {}, 1 thread", one.name),
                rate,
                "MB per CPU s",
                &note,
            );
            if one.name != ours::NAME {
                let ratio = Summary::of_ratios(&series[0].cpu, &one.cpu);
                let what = format!("normalise {name}: {} / {}, 1 thread", ours::NAME, one.name);
                record.add_summary(&what, ratio, "x", "CPU, paired by round");
            }
        }
    }
    Ok(())
}
