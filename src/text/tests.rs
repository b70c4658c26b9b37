//! What folding undoes, what it must leave alone, and the way back.

use super::Gap::{Clause, Close, Sentence};
use super::*;

fn quotes(published: &str, needle: &str) -> Vec<String> {
    let views = Views::new(published);
    let mut found = Vec::new();
    for view in views.iter() {
        for (at, _) in view.as_str().match_indices(needle) {
            let span = view.to_published(Span::new(at, at + needle.len()));
            found.push(span.of(published).to_owned());
        }
    }
    found.dedup();
    found
}

#[test]
fn disguises_are_undone_and_lead_back_to_what_was_published() {
    for (published, needle, quote) in [
        ("PASPOR Ditahan", "paspor ditahan", "PASPOR Ditahan"),
        ("ｐａｓｐｏｒ ditahan", "paspor", "ｐａｓｐｏｒ"),
        ("𝗽𝗮𝘀𝗽𝗼𝗿", "paspor", "𝗽𝗮𝘀𝗽𝗼𝗿"),
        ("pas\u{200b}por 🙏", "paspor", "pas\u{200b}por"),
        ("pаspоr", "paspor", "pаspоr"),
        ("gajiiii besar", "gaji besar", "gajiiii besar"),
        ("p.a.s.p.o.r", "paspor", "p.a.s.p.o.r"),
        ("o p e n  kamar", "open", "o p e n"),
        ("p4sp0r", "paspor", "p4sp0r"),
        ("g@ji", "gaji", "g@ji"),
        ("kafé São", "kafe sao", "kafé São"),
        ("ﬁlm", "film", "ﬁlm"),
        ("e\u{301}lan", "elan", "e\u{301}lan"),
    ] {
        assert_eq!(quotes(published, needle), [quote], "{published:?}");
    }
}

#[test]
fn amounts_models_and_school_words_are_never_rewritten() {
    for published in [
        "300rb",
        "15jt",
        "iphone17",
        "17th",
        "smp sma",
        "5 k",
        "081200000123",
        "m2",
    ] {
        let views = Views::new(published);
        assert_eq!(views.plain.as_str(), published);
        assert!(views.undisguised.is_none(), "{published}");
    }
}

#[test]
fn words_of_other_scripts_stay_words() {
    for published in ["привет мир", "你好", "สวัสดี", "рад"] {
        assert!(Views::new(published).undisguised.is_none(), "{published}");
    }
}

#[test]
fn sentences_end_at_full_stops_before_space_only() {
    let views = Views::new("Gaji 1.5 juta, paspor. Agen\nwa");
    let gaps: Vec<_> = views.plain.tokens().iter().map(|token| token.gap).collect();
    assert_eq!(
        gaps,
        [Sentence, Close, Close, Close, Clause, Sentence, Sentence]
    );
}

#[test]
fn words_are_found_from_published_places() {
    let published = "é paspor ｄitahan";
    let views = Views::new(published);
    let place = Span::new(3, published.len());
    assert_eq!(views.plain.words_at(place), 1..3);
}
