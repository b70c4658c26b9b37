//! Measures Lentera's matching core against other engines, side by side: same
//! texts, same patterns, equal hits, CPU time. See `benches/README.md`.

mod args;
mod automata;
mod build_cost;
mod corpus;
mod disguise;
mod engine;
mod explain;
mod export;
mod machine;
mod measure;
mod model;
mod normalise;
mod ours;
mod patterns;
mod phrases;
mod plot;
mod random;
mod readme;
mod record;
mod regexes;
mod rows;
mod run;
mod table;
mod verify;
#[cfg(feature = "vectorscan")]
mod vectorscan;
mod words;

use std::process::ExitCode;

use args::{Args, USAGE};
use record::Record;

fn main() -> ExitCode {
    match Args::read(std::env::args().skip(1)).and_then(|args| obey(&args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn obey(args: &Args) -> Result<(), String> {
    let mut record = Record::new(args.record);
    match args.verb.as_str() {
        "verify" => {
            run::phrases(args, &mut record, true)?;
            return run::all_regexes(args, &mut record, true);
        }
        "export" => return export::export(args, &args.directory()?),
        "plot" => return plot::plot(),
        "build-cost" => return build_cost::child(kind(&args.rest)?),
        "phrases" => run::phrases(args, &mut record, false)?,
        "regexes" => run::all_regexes(args, &mut record, false)?,
        "normalise" => normalise::normalise(args, &mut record)?,
        "all" => {
            run::phrases(args, &mut record, false)?;
            run::all_regexes(args, &mut record, false)?;
            normalise::normalise(args, &mut record)?;
        }
        _ => return Err(USAGE.to_owned()),
    }
    println!("\nfigures: {}", record.save()?.display());
    Ok(())
}

/// The engine that a child is to build.
fn kind(rest: &[String]) -> Result<engine::Kind, String> {
    let [what, name] = rest else {
        return Err(USAGE.to_owned());
    };
    let kinds = if what == "regexes" {
        run::regex_kinds()
    } else {
        run::phrase_kinds()
    };
    let found = kinds.into_iter().find(|kind| kind.name == name);
    found.ok_or_else(|| format!("there is no engine `{name}`"))
}
