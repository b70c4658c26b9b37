//! Pages of the embedded pack, and of one that means harm.

use super::*;
use crate::rule::{RuleFiles, RuleText, load, shipped};

fn pages(files: &RuleFiles) -> Vec<Page> {
    let (rules, diagnostics) = load(files);
    manual(&rules.unwrap_or_else(|| panic!("{diagnostics:?}")))
}

#[test]
fn every_indicator_has_a_page_in_both_languages() {
    let pages = pages(&shipped());
    let find = |name: &str| pages.iter().find(|page| page.name == name).unwrap();
    let page = &find("id/indicators/control.document_retention.md").text;
    for told in [
        "# C1 · Dokumen ditahan",
        "`control.document_retention`",
        "kuat, 5 poin",
        "## Sumber",
        "| Bagian definisi Palermo | cara |",
        "| Kerangka lain | ilo:CR, ilo:CD, ilo11:7, htcds:WithholdsDocuments |",
        "* ILO11\\#7: ",
        "* ILO-DELPHI (belum diperiksa: dikenal dari ingatan saja): ",
        "## Apa yang dicari\n\n    ",
        "## Apa yang membatalkannya",
        "## Contoh rekaan yang bukan tanda ini\n\n* ",
        "[G5](../gates.md)",
    ] {
        assert!(page.contains(told), "no `{told}` in {page}");
    }
    let gates = &find("en/gates.md").text;
    assert!(gates.contains("## G3 · `scam_compound_offer`"), "{gates}");
    let g3 = gates.split("\n## ").find(|part| part.starts_with("G3 "));
    let parts = "* Part of the Palermo definition: act, purpose\n";
    assert!(g3.unwrap().contains(parts), "{gates}");
    assert!(find("en/contexts.md").text.contains("## `news`: "));
    let index = &find("README.md").text;
    let linked = index.matches("(en/indicators/").count();
    let n = pages
        .iter()
        .filter(|page| page.name.starts_with("en/indicators/"))
        .count();
    assert_eq!(linked, n);
}

#[test]
fn what_stands_in_a_rule_file_is_text_in_the_handbook() {
    let hostile = "<script>x</script> [a](http://b.example) \\u202E`c` **d** |e";
    let text = format!(
        "name = \"n\"\nversion = \"1\"\n\
         [[source]]\nkey = \"S\"\ntitle = \"{hostile}\"\nwhere = \"{hostile}\"\n[[indicator]]\n\
         id = \"act.one\"\nalias = \"A1\"\ntitle = {{ id = \"{hostile}\", en = \"{hostile}\" }}\n\
         why = {{ id = \"{hostile}\", en = \"{hostile}\" }}\naxis = \"act\"\nstrength = \"weak\"\n\
         evidence = \"institutional\"\nsources = [\"S\"]\nstatus = \"active\"\n\
         [indicator.phrases]\nid = '''\nsepeda bekas\n'''\n\
         [indicator.samples]\nhit = [\"sepeda bekas {hostile}\"]\nmiss = [\"{hostile}\"]\n"
    );
    let name = "pack.toml".to_owned();
    let files = RuleFiles::new(vec![RuleText {
        path: name.clone(),
        name,
        text,
    }]);
    for page in pages(&files) {
        // What is left once every escaped sign is taken away.
        let mut bare = String::new();
        let mut chars = page.text.chars();
        while let Some(ch) = chars.next() {
            if ch == '\\' {
                chars.next();
            } else {
                bare.push(ch);
            }
        }
        for raw in ["<script", "](http", "\u{202e}", "`c`", " **d**", " |e"] {
            assert!(!bare.contains(raw), "`{raw}` in {bare}");
        }
    }
}
