//! The verbs that measure engines: build, agree, then time.

use crate::args::Args;
use crate::build_cost::{self, BuildCost};
use crate::corpus::Posts;
use crate::engine::Kind;
use crate::explain::{self, Explain};
use crate::machine::load;
use crate::measure::{Series, Summary, rounds};
use crate::model::Model;
use crate::ours;
use crate::patterns::regexes;
use crate::phrases::Runs;
use crate::random::Digest;
use crate::record::Record;
use crate::table;
use crate::verify::{Built, compare};
use crate::{automata, regexes as peers};

/// MB of text that engines must agree on before they are timed.
const AGREE_MB: usize = 2;

/// The engines for phrases, ours first.
pub(crate) fn phrase_kinds() -> Vec<Kind> {
    let mut kinds = vec![ours::PHRASES];
    #[cfg(feature = "vectorscan")]
    kinds.push(crate::vectorscan::PHRASES);
    kinds.extend(automata::KINDS);
    kinds
}

/// The engines for regexes, ours first.
pub(crate) fn regex_kinds() -> Vec<Kind> {
    let mut kinds = vec![ours::REGEXES];
    #[cfg(feature = "vectorscan")]
    kinds.extend([crate::vectorscan::CONFIRMED, crate::vectorscan::STARTS]);
    kinds.extend(peers::KINDS);
    kinds
}

/// One set of patterns with what is to be done with it.
struct Contest<'a> {
    args: &'a Args,
    model: &'a Model,
    /// `phrases` or `regexes`.
    what: &'static str,
    patterns: Vec<String>,
    kinds: Vec<Kind>,
    explain: Explain,
}

/// Measures (or with `only_verify`, compares) engines by number of phrases.
pub(crate) fn phrases(args: &Args, record: &mut Record, only_verify: bool) -> Result<(), String> {
    let model = Model::new();
    let runs = Runs::count(&model);
    for &size in &args.sizes {
        let kinds = phrase_kinds().into_iter().filter(|kind| size <= kind.most);
        let contest = Contest {
            args,
            model: &model,
            what: "phrases",
            patterns: runs.phrases(&model, size),
            kinds: kinds.collect(),
            explain: explain::PHRASES,
        };
        contest.hold(record, only_verify)?;
    }
    Ok(())
}

/// Measures (or compares) engines with the regexes.
pub(crate) fn all_regexes(
    args: &Args,
    record: &mut Record,
    only_verify: bool,
) -> Result<(), String> {
    let model = Model::new();
    let contest = Contest {
        args,
        model: &model,
        what: "regexes",
        patterns: regexes(&model),
        kinds: regex_kinds(),
        explain: explain::REGEXES,
    };
    contest.hold(record, only_verify)
}

impl Contest<'_> {
    fn hold(&self, record: &mut Record, only_verify: bool) -> Result<(), String> {
        let n = self.patterns.len();
        let bytes: usize = self.patterns.iter().map(String::len).sum();
        println!(
            "\n{n} {}, mean {:.1} bytes, {}",
            self.what,
            bytes as f64 / n as f64,
            Digest::of_list(&self.patterns)
        );
        let built: Result<Built, String> = self
            .kinds
            .iter()
            .map(|kind| {
                Ok((
                    *kind,
                    (kind.build)(&self.patterns)
                        .map_err(|error| format!("{}: {error}", kind.name))?,
                ))
            })
            .collect();
        let built = built?;
        let texts = Posts::new(self.model, "agree", n as u64).take_bytes(AGREE_MB * 1_000_000);
        let agreement = compare(&built, &self.patterns, &texts, self.explain);
        println!("{}", agreement.told()?);
        if only_verify {
            return Ok(());
        }
        let costs: Result<Vec<BuildCost>, String> = self
            .kinds
            .iter()
            .map(|kind| build_cost::of(self.what, *kind, &self.patterns))
            .collect();
        let costs = costs?;
        record.inputs(&Digest::of_list(&self.patterns), &self.digest());
        for (kind, cost) in self.kinds.iter().zip(&costs) {
            let what = format!("{} {n}: {} build", self.what, kind.name);
            record.add(
                &what,
                cost.seconds,
                "CPU s",
                "one build in a process of its own",
            );
            record.add(
                &what,
                cost.kept,
                "MB kept",
                &format!("at most {:.0} MB on the way", cost.peak),
            );
        }
        for &n_threads in &self.args.threads {
            let series = rounds(&built, self.args.rounds, n_threads, |round| {
                self.texts(n_threads, round)
            });
            table::print(&series, &costs, n_threads);
            self.keep(record, &series, n_threads);
            record.save()?;
        }
        Ok(())
    }

    /// The text of a round: of its own, whatever was read before.
    fn texts(&self, n_threads: usize, round: usize) -> Vec<String> {
        let number = (self.patterns.len() * 10 + n_threads) * 1_000 + round;
        Posts::new(self.model, self.what, number as u64).take_bytes(self.args.mb * 1_000_000)
    }

    /// Names the texts by the first counted round.
    fn digest(&self) -> String {
        Digest::of_list(&self.texts(1, 1))
    }

    fn keep(&self, record: &mut Record, series: &[Series], n_threads: usize) {
        let n = self.patterns.len();
        let Args { rounds, mb, .. } = self.args;
        for one in series {
            let density = Summary::of(one.density.iter().copied()).median;
            let note = format!(
                "{rounds} rounds of {mb} MB; {density:.2} hits per KB; load {}",
                load()
            );
            let what =
                |more: &str| format!("{} {n}: {}, {n_threads} thread{more}", self.what, one.name);
            let cpu = Summary::of(one.cpu.iter().copied());
            record.add_summary(&what(""), cpu, "MB per CPU s", &note);
            if n_threads > 1 {
                let wall = Summary::of(one.wall.iter().copied());
                record.add_summary(&what(""), wall, "MB per wall s", &note);
            }
            if one.name != series[0].name {
                let ratio = Summary::of_ratios(&series[0].cpu, &one.cpu);
                let what = format!(
                    "{} {n}: {} / {}, {n_threads} thread",
                    self.what, series[0].name, one.name
                );
                record.add_summary(&what, ratio, "x", "CPU, paired by round");
            }
        }
    }
}
