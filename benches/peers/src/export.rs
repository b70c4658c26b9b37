//! Texts and patterns as files, for peers in other languages.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::args::Args;
use crate::corpus::Posts;
use crate::model::Model;
use crate::patterns::regexes;
use crate::phrases::Runs;
use crate::random::Digest;

/// Writes `texts.jsonl` (one JSON string a line), `phrases-N.txt` and
/// `regexes.txt` (one pattern a line), and `digests.csv`, which names them.
pub(crate) fn export(args: &Args, directory: &Path) -> Result<(), String> {
    let model = Model::new();
    let runs = Runs::count(&model);
    let written = || -> std::io::Result<()> {
        fs::create_dir_all(directory)?;
        let mut digests = String::new();
        for &size in &args.sizes {
            let phrases = runs.phrases(&model, size);
            digests.push_str(&format!(
                "phrases-{size}.txt,{}\n",
                Digest::of_list(&phrases)
            ));
            let path = directory.join(format!("phrases-{size}.txt"));
            fs::write(path, phrases.join("\n") + "\n")?;
        }
        fs::write(
            directory.join("regexes.txt"),
            regexes(&model).join("\n") + "\n",
        )?;
        let mut file = BufWriter::new(fs::File::create(directory.join("texts.jsonl"))?);
        let texts = Posts::new(&model, "export", 1).take_bytes(args.mb * 1_000_000);
        digests.push_str(&format!("texts.jsonl,{}\n", Digest::of_list(&texts)));
        fs::write(directory.join("digests.csv"), digests)?;
        for text in texts {
            writeln!(file, "{}", serde_json::Value::String(text))?;
        }
        file.flush()
    };
    written().map_err(|error| format!("{}: {error}", directory.display()))
}
