//! The command line.

use std::path::PathBuf;

use crate::phrases::SIZES;

/// How to use the program.
pub(crate) const USAGE: &str = "\
usage: lentera-peers VERB [options]
  verify      compare the hits of all engines, span by span; measures nothing
  phrases     rates of all engines by number of phrases
  regexes     rates of all engines with 500 regexes
  normalise   rates of folding and of its peers
  all         verify and measure everything
  export DIR  write texts and patterns for python/peers.py
  plot        draw the recorded rates, and put the table into benches/README.md
options:
  --sizes 500,5000,50000,200000   numbers of phrases
  --mb 8        MB of text a round
  --rounds 5    counted rounds, after one that is not
  --threads 1,2
  --record      add the figures to benches/record/, not only to target/last.csv";

/// What was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Args {
    /// What to do.
    pub(crate) verb: String,
    /// What else stands on the line: a directory, or an engine's name.
    pub(crate) rest: Vec<String>,
    /// Numbers of phrases.
    pub(crate) sizes: Vec<usize>,
    /// MB a round.
    pub(crate) mb: usize,
    /// Counted rounds.
    pub(crate) rounds: usize,
    /// Numbers of threads.
    pub(crate) threads: Vec<usize>,
    /// Whether figures are kept.
    pub(crate) record: bool,
}

impl Args {
    /// Reads the words after the program's name.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut args = Self {
            verb: words.next().ok_or(USAGE)?,
            rest: Vec::new(),
            sizes: SIZES.to_vec(),
            mb: 8,
            rounds: 5,
            threads: vec![1, 2],
            record: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--sizes" => args.sizes = numbers(&value()?)?,
                "--threads" => args.threads = numbers(&value()?)?,
                "--mb" => args.mb = numbers(&value()?)?[0],
                "--rounds" => args.rounds = numbers(&value()?)?[0],
                "--record" => args.record = true,
                other if other.starts_with("--") => return Err(format!("{other}?\n{USAGE}")),
                _ => args.rest.push(word),
            }
        }
        Ok(args)
    }

    /// The directory that `export` writes to.
    pub(crate) fn directory(&self) -> Result<PathBuf, String> {
        self.rest
            .first()
            .map(PathBuf::from)
            .ok_or_else(|| "export needs a directory".to_owned())
    }
}

fn numbers(list: &str) -> Result<Vec<usize>, String> {
    let numbers = list.split(',').map(|one| match one.parse::<usize>() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("`{one}` is no number above 0")),
    });
    numbers.collect()
}
