//! How long rules take to load: the embedded pack, and packs with one, ten
//! and a hundred times a thousand generated phrases.

use std::fmt::Write as _;

use divan::Bencher;
use lentera::rule::{RuleFiles, RuleText, load, shipped};

fn main() {
    divan::main();
}

#[divan::bench]
fn load_embedded(bencher: Bencher<'_, '_>) {
    let files = shipped();
    bencher.bench(|| load(&files).0.expect("the embedded pack has no errors"));
}

/// Phrases of the smallest generated pack.
const PHRASES: usize = 1_000;

#[divan::bench(args = [1, 10, 100], sample_count = 10)]
fn load_generated(bencher: Bencher<'_, '_>, times: usize) {
    // Run by `cargo test --benches`, a small pack shows that it works.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let n = if measured { PHRASES * times } else { times };
    let files = pack(n);
    bencher.bench(|| load(&files).0.expect("the generated pack has no errors"));
}

/// A pack of `n` phrases that share their first word and differ in the rest.
fn pack(n: usize) -> RuleFiles {
    let mut text = "[[source]]\nkey = 'S'\ntitle = 't'\nwhere = 'w'\nread = 'full'\n\
         [[indicator]]\nid = 'a.b'\nalias = 'A'\nversion = 1\n\
         title = { id = 't', en = 't' }\nwhy = { id = 'w', en = 'w' }\n\
         axis = 'act'\nstrength = 'weak'\nevidence = 'unverified'\nsources = ['S']\n\
         status = 'active'\n[indicator.phrases]\nid = '''\n"
        .to_owned();
    for number in 0..n {
        writeln!(text, "paspor kata{number} .. (ditahan{number}|disita)")
            .expect("writing to a string cannot fail");
    }
    text.push_str("'''\n");
    let name = "pack.toml".to_owned();
    RuleFiles::new(vec![RuleText {
        path: name.clone(),
        name,
        text,
    }])
}
