//! `spellings.csv` of a pack: everyday spellings and what they stand for.

use std::collections::BTreeSet;

use super::super::RuleFiles;
use super::super::diagnostic::{Code, Diagnostic, Place};
use super::csv::Csv;
use crate::text::{Spellings, fold_pattern};

/// Most rows: a dictionary of slang would find what nobody wrote.
const MAX_ROWS: usize = 150;
/// Most words one spelling may stand for.
const MAX_WORDS: usize = 4;
/// Words of schools and ages. Public lexicons turn "smp" into "sampai" and
/// "sma" into "sama"; here none of them is ever read as another word.
const NEVER: [&str; 52] = [
    "abege",
    "abg",
    "adek",
    "adik",
    "aliyah",
    "anak",
    "ank",
    "bayi",
    "belia",
    "bocah",
    "bocil",
    "dedek",
    "gadis",
    "kelas",
    "klas",
    "kls",
    "line",
    "ma",
    "madrasah",
    "mi",
    "minor",
    "mts",
    "muda",
    "murid",
    "paud",
    "pelajar",
    "remaja",
    "sd",
    "sekolah",
    "siswa",
    "siswi",
    "sklh",
    "skolah",
    "slta",
    "sltp",
    "sma",
    "smk",
    "smp",
    "smu",
    "stm",
    "teen",
    "teens",
    "th",
    "tk",
    "tsanawiyah",
    "umr",
    "umur",
    "under",
    "underage",
    "usia",
    "yo",
    "young",
];

/// Reads `spellings.csv`; without one nothing is respelled. That of an overlay
/// goes on where that of the pack ends.
pub(in super::super) fn read(files: &RuleFiles, diagnostics: &mut Vec<Diagnostic>) -> Spellings {
    let mut all = Vec::new();
    for (file, text) in files.files().iter().enumerate() {
        if text.name_in_folder() != "spellings.csv" {
            continue;
        }
        let mut csv = Csv {
            file,
            text: &text.text,
            wanted: &["written", "means", "note"],
            diagnostics,
        };
        let rows = csv.rows();
        if let Some((_, place)) = rows.get(MAX_ROWS) {
            let n = rows.len();
            let help = "keep what is frequent; a phrase can name rare spellings itself";
            diagnostics.push(Diagnostic {
                place: place.clone(),
                code: Code::TooLarge,
                message: format!("the table has {n} rows, more than {MAX_ROWS}"),
                help: Some(help.to_owned()),
            });
        }
        all.extend(rows);
    }
    sound(all, diagnostics)
}

/// What the rows say that mislead nobody; the others are reported.
fn sound(rows: Vec<(Vec<String>, Place)>, diagnostics: &mut Vec<Diagnostic>) -> Spellings {
    let mut read: Vec<(String, String, Place)> = Vec::new();
    let mut seen = BTreeSet::new();
    for (fields, place) in rows {
        let (written, means) = (words(&fields[0]), words(&fields[1]));
        if let Some((message, help)) = fault(&written, &means, &mut seen) {
            diagnostics.push(Diagnostic {
                place,
                code: Code::BadRow,
                message,
                help: Some(help),
            });
        } else {
            read.push((written.concat(), means.join(" "), place));
        }
    }
    for (written, means, place) in &read {
        if let Some(word) = means.split(' ').find(|word| seen.contains(*word)) {
            diagnostics.push(Diagnostic {
                place: place.clone(),
                code: Code::BadRow,
                message: format!("`{written}` means `{means}`, but `{word}` is a spelling itself"),
                help: Some("a word is read once: write out what it means".to_owned()),
            });
        }
    }
    Spellings::new(read.into_iter().map(|(written, means, _)| (written, means)))
}

/// The folded words of a cell.
fn words(cell: &str) -> Vec<String> {
    fold_pattern(cell)
        .split(|ch: char| !ch.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What is wrong with a row, and what to do.
fn fault(
    written: &[String],
    means: &[String],
    seen: &mut BTreeSet<String>,
) -> Option<(String, String)> {
    let say = |message: String, help: &str| Some((message, help.to_owned()));
    let has_letters = |word: &str| word.len() > 1 && word.chars().any(char::is_alphabetic);
    let word = match written {
        [word] if has_letters(word) => word,
        _ => {
            let message = format!("`{}` is not a spelling", written.join(" "));
            return say(
                message,
                "write one word of two characters or more, one a letter",
            );
        }
    };
    if NEVER.contains(&word.as_str()) {
        let help = format!(
            "words of schools and ages are left alone: {}",
            NEVER.join(", ")
        );
        return say(format!("`{word}` is never read as another word"), &help);
    }
    if !(1..=MAX_WORDS).contains(&means.len()) {
        let message = format!("`{word}` means {} words, not 1 to {MAX_WORDS}", means.len());
        return say(message, "write what the writer would say aloud");
    }
    if [word] == means.iter().collect::<Vec<_>>()[..] {
        let help = "take the row out";
        return say(format!("`{word}` is mapped to itself"), help);
    }
    if !seen.insert(word.clone()) {
        let help = "a spelling has one meaning; keep the one that is nearly always meant, or none";
        return say(format!("`{word}` stands twice"), help);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::super::RuleText;
    use super::*;

    fn faults(rows: &str) -> Vec<String> {
        let name = "spellings.csv".to_owned();
        let files = RuleFiles::new(vec![RuleText {
            path: name.clone(),
            name,
            text: format!("written,means,note\n{rows}"),
        }]);
        let mut diagnostics = Vec::new();
        read(&files, &mut diagnostics);
        diagnostics.into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn rows_that_would_mislead_are_refused() {
        for (rows, message) in [
            ("thn,tahun,", ""),
            ("gpp,tidak apa-apa,", ""),
            ("dlm,DALAM,", ""),
            ("smp,sampai,", "`smp` is never read as another word"),
            ("SMA,sama,", "`sma` is never read as another word"),
            ("yang,Yang,", "`yang` is mapped to itself"),
            ("a n,atas nama,", "`a n` is not a spelling"),
            ("g,tidak,", "`g` is not a spelling"),
            ("62,indonesia,", "`62` is not a spelling"),
            ("yg,,", "`yg` means 0 words, not 1 to 4"),
            ("yg,a b c d e,", "`yg` means 5 words, not 1 to 4"),
            ("yg,yang,\nYG,iya,", "`yg` stands twice"),
            (
                "dgn,dg an,\ndg,dengan,",
                "`dgn` means `dg an`, but `dg` is a spelling itself",
            ),
            ("yg,yang", "the row has 2 fields, not 3"),
            (",yang,", "the row has no written"),
        ] {
            let expected: Vec<&str> = Some(message)
                .filter(|one| !one.is_empty())
                .into_iter()
                .collect();
            assert_eq!(faults(rows), expected, "{rows}");
        }
    }

    #[test]
    fn the_table_stays_small() {
        let row = |n: usize| format!("w{n}x,wort,\n");
        let rows = |n| (0..n).map(row).collect::<String>();
        assert_eq!(faults(&rows(MAX_ROWS)), [""; 0]);
        assert_eq!(
            faults(&rows(MAX_ROWS + 1)),
            ["the table has 151 rows, more than 150"]
        );
    }

    #[test]
    fn words_left_alone_are_sorted_and_given_once() {
        assert!(NEVER.is_sorted_by(|one, other| one < other));
    }
}
