//! Texts and patterns as files, for peers in other languages.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::args::Args;
use crate::corpus::Posts;
use crate::model::Model;
use crate::patterns::regexes;
use crate::phrases::Runs;

/// Writes `texts.jsonl` (one JSON string a line), `phrases-N.txt` and
/// `regexes.txt` (one pattern a line).
pub(crate) fn export(args: &Args, directory: &Path) -> Result<(), String> {
    let model = Model::new();
    let runs = Runs::count(&model);
    let written = || -> std::io::Result<()> {
        fs::create_dir_all(directory)?;
        for &size in &args.sizes {
            let phrases = runs.phrases(&model, size).join("\n") + "\n";
            fs::write(directory.join(format!("phrases-{size}.txt")), phrases)?;
        }
        fs::write(
            directory.join("regexes.txt"),
            regexes(&model).join("\n") + "\n",
        )?;
        let mut file = BufWriter::new(fs::File::create(directory.join("texts.jsonl"))?);
        for text in Posts::new(&model, "export", 1).take_bytes(args.mb * 1_000_000) {
            writeln!(file, "{}", serde_json::Value::String(text))?;
        }
        file.flush()
    };
    written().map_err(|error| format!("{}: {error}", directory.display()))
}
