//! The regexes: what analysts write that is more than a phrase, in a syntax
//! that all engines share. Lower case; engines over raw text ignore case.

use crate::model::Model;
use crate::random::SplitMix;

/// How many regexes are measured.
pub(crate) const REGEXES: usize = 500;

/// The regexes, all different, the same on every machine.
pub(crate) fn regexes(model: &Model) -> Vec<String> {
    let mut random = SplitMix::named("regexes", 1);
    let mut list: Vec<String> = WITHOUT_LITERAL
        .iter()
        .chain(PLAIN)
        .map(|&one| one.to_owned())
        .collect();
    while list.len() < REGEXES {
        let regex = one(model, &mut random);
        if !list.contains(&regex) {
            list.push(regex);
        }
    }
    crate::phrases::shuffle(&mut list, &mut random);
    list
}

/// They require no literal of three letters, so prefilters cannot help.
const WITHOUT_LITERAL: &[&str] = &[
    r"\b[0-9]{2}/[0-9]{2}/20[0-9]{2}\b",
    r"\b[a-z][0-9]{2,4}[a-z]\b",
    r"\b[1-4][0-9] ?(?:th|yo)\b",
    r"\b[0-9]{3,5}rb\b",
    r"\b[0-9]{1,2} x [0-9]{1,2}\b",
];

/// Ages, prices and telephone numbers on their own.
const PLAIN: &[&str] = &[
    r"\b(?:umur|usia) ?:? ?(?:1[5-9]|2[0-4])\b",
    r"\b(?:1[5-9]|2[0-4]) tahun\b",
    r"\brp ?[0-9]{1,3}(?:\.[0-9]{3}){2}\b",
    r"\b[0-9]{1,2},[0-9] juta\b",
    r"\b0812[- ][0-9]{4}[- ][0-9]{3}[05]\b",
    r"\bwa 0812[- ]?[0-9]{4}[- ]?[0-9]{4}\b",
    r"\bhub (?:0|62)[0-9 -]{9,14}[05]\b",
    r"\bgaji [0-9]{1,2}(?:,[0-9])? ?(?:jt|juta)\b",
];

fn one(model: &Model, random: &mut SplitMix) -> String {
    let (a, b) = neighbours(model, random);
    let (c, d) = neighbours(model, random);
    let mut word = |from: u32, to: u32| loop {
        let number = model.any(random);
        if (from..to).contains(&number) && model.word(number).len() > 3 {
            break model.word(number);
        }
    };
    let (frequent, rare) = (word(20, 1_000), word(1_000, 60_000));
    let most = random.between(1, 4);
    match random.below(100) {
        0..30 => format!(r"\b{a}\W+(?:\w+\W+){{0,{most}}}{b}\b"),
        30..40 => format!(r"\b{frequent}\W+(?:\w+\W+){{0,{most}}}{c}\b"),
        40..50 => format!(r"\b{a}\W+(?:\w+\W+){{0,3}}(?:{b}|{rare})\b"),
        50..62 => format!(r"\b(?:{a}|{c}|{rare}) (?:{b}|{d})\b"),
        62..70 => {
            format!(r"\b(?:{rare}|{a}) ?:? ?(?:rp ?)?[0-9]{{2,4}}(?:[.,][0-9]{{3}}){{0,2}}\b")
        }
        70..78 => format!(r"\b[0-9]{{1,3}}(?:rb|[.,]000)? (?:per |nego )?{frequent}\b"),
        78..84 => format!(r"\b{frequent}\W{{1,3}}(?:umur|usia) ?[1-4][0-9]\b"),
        84..90 => {
            format!(r"\b{a}\W+(?:wa|hub|telp)? ?0812[- ]?[0-9]{{4}}[- ]?[0-9]{{3,4}}\b")
        }
        90..95 => format!(r"\b{}[a-z]{{1,6}} {frequent}\b", &rare[..4]),
        _ => format!(r"\b{a} [a-z]{{3,9}} (?:{d}|{rare})\b"),
    }
}

/// Two words that stand close to each other in a sentence, so that patterns
/// of them match now and then.
fn neighbours<'m>(model: &'m Model, random: &mut SplitMix) -> (&'m str, &'m str) {
    let mut sentence = Vec::new();
    loop {
        model.sentence(random, &mut sentence);
        let place = random.below(sentence.len() - 1);
        let (one, other) = (sentence[place], sentence[place + 1]);
        let is_fit = |number: u32| number >= 20 && model.word(number).len() > 3;
        if is_fit(one) && is_fit(other) && one != other {
            break (model.word(one), model.word(other));
        }
    }
}
