//! That the checks know what the reader takes; what is told for each mistake
//! is kept in `tests/data/sources/mistakes`.

use super::schema::{self, Key};
use super::*;

/// The keys that the reader names when it is given one that is none.
fn taken(source: &str) -> Vec<String> {
    let error = toml::from_str::<Source>(source).unwrap_err().to_string();
    let (_, list) = error
        .split_once("expected ")
        .unwrap_or_else(|| panic!("{error}"));
    let names = list.split('`').skip(1).step_by(2);
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn the_checks_know_every_key_of_the_reader() {
    let known = |keys: &[Key]| {
        let mut names: Vec<String> = keys.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.sort();
        names
    };
    let head = "id = 'a'\nkind = 'json'\nstart = ['http://a.example/']\n";
    let of = |rest: &str| taken(&format!("{head}{rest}"));
    assert_eq!(of("x = 1"), known(schema::SOURCE));
    assert_eq!(of("listing = { x = 1 }"), known(schema::LISTING));
    assert_eq!(of("listing = { more = { x = 1 } }"), known(schema::MORE));
    assert_eq!(of("post = { x = 1 }"), known(schema::POST));
    assert_eq!(of("sitemap = { x = 1 }"), known(schema::SITEMAP));
    assert_eq!(of("json = { x = 1 }"), known(schema::JSON));
    assert_eq!(of("json = { post = { x = 1 } }"), known(schema::JSON_ITEMS));
    for kind in schema::KINDS {
        let error = of_kind(kind);
        assert!(!error.contains("is not known"), "{error}");
    }
}

fn of_kind(kind: &str) -> String {
    let text = format!("id = 'a'\nkind = '{kind}'\nstart = ['http://a.example/']");
    match toml::from_str::<Source>(&text) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_examples_of_the_documentation_have_no_fault() {
    for block in include_str!("../../FORMAT.md").split("```toml\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let faults: Vec<_> = lint(block)
            .into_iter()
            .filter(|one| one.code.is_error())
            .collect();
        assert!(faults.is_empty(), "{block}\n{faults:?}");
    }
}

#[test]
fn a_source_without_a_notice_can_be_read_and_one_with_a_fault_cannot() {
    let sound = "[[source]]\nid = 'a'\nkind = 'feed'\nstart = ['http://a.example/']\nmax_pages = 3";
    assert_eq!(lint(sound), []);
    for (from, to, code, at) in [
        ("'feed'", "'fed'", Code::UnknownWord, (3, 8)),
        ("'a'\n", "'A'\n", Code::BadId, (2, 6)),
        ("max_pages", "max_page", Code::UnknownKey, (5, 1)),
        ("= 3", "= '3'", Code::WrongType, (5, 13)),
        ("http:", "ftp:", Code::BadAddress, (4, 10)),
        ("kind = 'feed'\n", "", Code::MissingKey, (2, 6)),
        ("'feed'", "'json'", Code::Together, (3, 8)),
        ("'feed'", "'feed", Code::Syntax, (3, 13)),
    ] {
        let text = sound.replacen(from, to, 1);
        let notices = lint(&text);
        assert_eq!(notices.len(), 1, "{text}: {notices:?}");
        let notice = &notices[0];
        assert_eq!(
            (notice.code, notice.line_and_column(&text)),
            (code, at),
            "{text}"
        );
    }
}

#[test]
fn hostile_definitions_end() {
    for text in [
        "[[source]]\n".repeat(2_000),
        format!("a = {}", "[".repeat(100_000)),
        format!("[[source]]\nid = '{}'", "x".repeat(1 << 20)),
        format!(
            "[[source]]\npost = {{ text = '{}' }}",
            "div:not(".repeat(2_000)
        ),
        format!(
            "[[source]]\npost = {{ id_from_url = '{}' }}",
            "(".repeat(20_000)
        ),
        "[source]\n\u{feff}[[sourc\u{0}".to_owned(),
    ] {
        lint(&text);
    }
}
