//! Lines of a rule file and the templates they become.

use super::*;

fn read(line: &str) -> Result<Vec<String>, String> {
    let mut lists = Lists::new();
    lists.insert(
        "hub".to_owned(),
        parse("(kamboja|phnom penh)", &Lists::new()).unwrap(),
    );
    let show = |step: &Step| match step {
        Step::Gap(reach) => format!("..{reach}"),
        Step::Value(test) => test.to_string(),
        Step::Words(words) => {
            let words: Vec<_> = words
                .iter()
                .map(|(word, prefix)| format!("{word}{}", if *prefix { "*" } else { "" }))
                .collect();
            words.join("|")
        }
    };
    parse(line, &lists)
        .map(|templates| {
            let line = |template: &Template| {
                template
                    .steps
                    .iter()
                    .map(show)
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            templates.iter().map(line).collect()
        })
        .map_err(|error| format!("{}..{}: {}", error.at.start, error.at.end, error.message))
}

#[test]
fn lines_become_templates() {
    for (line, templates) in [
        ("Paspor Ditahan", vec!["paspor ditahan"]),
        (
            "(paspor|ktp) .. (agen|kantor)",
            vec!["paspor|ktp ..3 agen|kantor"],
        ),
        ("jual* bayi", vec!["jual* bayi"]),
        ("a ..5 b", vec!["a ..5 b"]),
        ("gaji {price>=10jt}", vec!["gaji {price>=10jt}"]),
        (
            "kerja di {list:hub}",
            vec!["kerja di kamboja", "kerja di phnom penh"],
        ),
        ("antar-jemput", vec!["antar jemput"]),
        ("(a b|a) c", vec!["a c", "a b c"]),
        ("tiket & paspor", vec!["tiket paspor"]),
        (
            "paspor [yang|yg] ditahan",
            vec!["paspor yang|yg ditahan", "paspor ditahan"],
        ),
        (
            "gaji [akan di] potong .. agen",
            vec!["gaji akan di potong ..3 agen", "gaji potong ..3 agen"],
        ),
        ("<paspor ditahan>", vec!["paspor ditahan", "ditahan paspor"]),
        (
            "<(paspor|ktp) ..2 agen> {phone}",
            vec!["paspor|ktp ..2 agen {phone}", "agen ..2 paspor|ktp {phone}"],
        ),
        (
            "<a b c>",
            vec!["a b c", "a c b", "b a c", "b c a", "c a b", "c b a"],
        ),
    ] {
        assert_eq!(
            read(line),
            Ok(templates.into_iter().map(str::to_owned).collect()),
            "{line}"
        );
    }
}

#[test]
fn faults_are_named_with_their_place() {
    for (line, error) in [
        ("(a|b", "0..1: `(` is never closed"),
        ("a|b", "1..2: `|` outside brackets"),
        ("a) b", "1..2: `)` without `(`"),
        (".. a", "0..4: the phrase begins or ends with `..`"),
        ("a ..99 b", "2..6: a gap reaches 1 to 12 words"),
        ("ju* a", "0..3: a prefix needs 3 letters before `*`"),
        ("a {fone}", "2..8: `fone` is not a typed value"),
        ("a {list:hab}", "2..12: there is no `lists/hab.csv`"),
        ("(a|) ", "3..4: an alternative without a word"),
        ("x [] y", "3..4: an alternative without a word"),
        ("[a b", "0..1: `[` is never closed"),
        ("(a] b", "0..1: `(` is never closed"),
        ("a] b", "1..2: `]` without `[`"),
        ("a > b", "2..3: `>` without `<`"),
        (
            "[yang] paspor",
            "0..6: an optional word stands between two others, not at an edge",
        ),
        (
            "paspor [yg]",
            "7..11: an optional word stands between two others, not at an edge",
        ),
        (
            "a (b [c]|d) e",
            "5..8: an optional word stands between two others, not at an edge",
        ),
        ("<a>", "0..3: `<…>` has 1 parts, not 2 or 3"),
        ("<a b c d>", "0..9: `<…>` has 4 parts, not 2 or 3"),
        (
            "<a [b] c>",
            "3..4: an optional word cannot be a part of `<…>`",
        ),
        (
            "<a|b c>",
            "2..3: `|` in `<…>`: put alternatives in brackets, `<(a|b) c>`",
        ),
        ("<a <b c>>", "3..4: `<…>` inside `<…>`"),
        (
            "<a .. b c>",
            "0..10: the parts of `<…>` need the same gap between them",
        ),
        ("<.. a b>", "0..8: `..` at an edge of `<…>`"),
        ("<a b", "0..1: `<` is never closed"),
        ("~di x", "0..3: a stem needs 3 letters behind `~`"),
        ("~tahan* x", "0..7: `~` and `*` exclude each other"),
        ("~(a|b)", "0..1: `~` without a stem behind it"),
        ("di~tahan", "0..8: `~` stands at the beginning of a word"),
    ] {
        assert_eq!(read(line), Err(error.to_owned()), "{line}");
    }
}

#[test]
fn a_stem_is_its_family_its_apart_forms_and_its_doubled_ones() {
    let read = read("paspor ~tahan").unwrap();
    let words = |at: usize| read[at].split([' ', '|']).collect::<Vec<_>>();
    assert_eq!(read.len(), 3);
    for form in ["tahan", "ditahan", "menahan", "nahan", "ditahanin"] {
        assert!(words(0).contains(&form), "{form} is not in {}", read[0]);
    }
    assert!(read[1].starts_with("paspor di tahan|"), "{}", read[1]);
    assert!(words(2).contains(&"menahan"), "{}", read[2]);
    assert!(words(2).contains(&"nahannya"), "{}", read[2]);
}

#[test]
fn no_line_makes_more_templates_than_it_may() {
    let line = "~tahan ~sita ~jual ~kirim ~bayar ~pegang ~kurung ~ancam";
    let error = parse(line, &Lists::new()).unwrap_err();
    assert_eq!(error.code, Code::TooLarge);
    let line = "a [b] [c] [d] [e] [f] [g] [h] [i] [j] [k] [l] [m] [n] o";
    let error = parse(line, &Lists::new()).unwrap_err();
    assert_eq!(error.code, Code::TooLarge);
}
