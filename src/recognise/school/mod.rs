//! Schools below university: who is a pupil now, and what schooling is asked
//! for.
//!
//! Bare "smp", "sma", "sd" and "ma" are also *sampai*, *sama*, *sampai dengan*
//! and *mama*: a level counts only with a word beside that says so, such as a
//! pupil ("anak SMP"), a class ("kelas 2 SMA") or a certificate ("ijazah SD").

mod english;
pub(super) mod near;

use super::Found;
use super::cue::{Cue, Kind};
use super::words::Word;
use crate::entity::{School, Value};
use crate::span::Span;
use crate::text::{Gap, NormalText};
use near::{NEAR, Near};

/// Adds the schools of a view.
pub(super) fn schools(view: &NormalText, cues: &[Cue], found: &mut Vec<Found>) {
    // Levels behind one that is asked for are too: "lulusan SMA/SMK".
    let mut asked_to = None;
    for cue in cues {
        let Kind::Word(word) = cue.kind else {
            continue;
        };
        let at = Place {
            view,
            index: cue.token as usize,
        };
        let read = match word {
            Word::School(level) => at.level(level, asked_to),
            Word::Class => at.class_alone(),
            Word::Attend => at.attended().or_else(|| english::school(at)),
            Word::Grade => english::grade(at),
            _ => None,
        };
        let Some(read) = read else {
            continue;
        };
        if read.required {
            asked_to = Some(cue.token as usize);
        }
        let tokens = view.tokens();
        let span = Span {
            start: tokens[read.first].start,
            end: tokens[read.last].end,
        };
        let value = Value::School {
            level: read.level,
            class: read.class,
            required: read.required,
        };
        found.push(Found { span, value });
    }
}

/// A school and the words that tell it.
struct Read {
    first: usize,
    last: usize,
    level: School,
    class: Option<u8>,
    required: bool,
}

/// A word of a text.
#[derive(Clone, Copy)]
struct Place<'v> {
    view: &'v NormalText,
    index: usize,
}

/// How far "sederajat" is looked for behind several levels.
const REACH: usize = 4;

impl<'v> Place<'v> {
    /// The word at `index` of the same sentence as the word before it.
    fn word(self, index: usize) -> &'v str {
        let token = self.view.tokens().get(index);
        let token = token.filter(|token| token.gap != Gap::Sentence);
        token.map_or("", |token| self.view.word(*token))
    }

    /// The word before `index`, in one sentence with it; "min." ends none.
    fn before(self, index: usize) -> Option<(usize, &'v str)> {
        let before = index.checked_sub(1)?;
        let tokens = self.view.tokens();
        let word = self.view.word(tokens[before]);
        let is_one = tokens[index].gap != Gap::Sentence || matches!(word, "min" | "pend" | "mnl");
        is_one.then_some((before, word))
    }

    /// What the up to `n` words before `index` are, nearest first.
    fn roles(self, index: usize, n: usize) -> impl Iterator<Item = (usize, Option<Near>)> {
        let mut next = index;
        std::iter::from_fn(move || {
            let (at, word) = self.before(next)?;
            next = at;
            Some((at, NEAR.meaning(word)))
        })
        .take(n)
    }

    /// A level, such as "SMA".
    fn level(self, level: School, asked_to: Option<usize>) -> Option<Read> {
        let name = match self.before(self.index) {
            Some((at, "madrasah")) => at,
            _ => self.index,
        };
        if let Some((first, last)) = self.asked(name, asked_to) {
            return Some(Read {
                first,
                last,
                level,
                class: None,
                required: true,
            });
        }
        let before = self.class_before(name);
        let behind = self.class_behind(self.index + 1);
        let start = before.map_or(name, |(at, _)| at);
        if self.is_past_or_denied(start) {
            return None;
        }
        let class = before.or(behind).map(|(_, class)| class);
        let last = match (before, behind) {
            (None, Some((last, _))) => last,
            _ => self.index,
        };
        // "kelas 1 sd 6": from one class to another.
        let is_range = before.is_some() && class_number(self.word(self.index + 1)).is_some();
        let pupil = self
            .pupil(start)
            .filter(|(_, still)| !still || !self.is_shorthand());
        let first = match (pupil, class) {
            (Some((first, _)), _) => first,
            (None, Some(_)) if !self.is_of_goods(start) && !is_range => start,
            _ => return None,
        };
        Some(Read {
            first,
            last,
            level,
            class,
            required: false,
        })
    }

    /// The first and last word of what asks for the level between `name` and
    /// the word.
    fn asked(self, name: usize, asked_to: Option<usize>) -> Option<(usize, usize)> {
        let (mut first, mut last) = (None, self.index);
        for (at, role) in self.roles(name, 4) {
            match role {
                Some(Near::Asked) => first = Some(at),
                Some(Near::Last) => {}
                _ => break,
            }
        }
        match (self.word(self.index + 1), self.word(self.index + 2)) {
            ("sederajat" | "setara" | "keatas", _) => last += 1,
            ("ke", "atas") => last += 2,
            _ => {}
        }
        let is_behind = || {
            let from = asked_to.filter(|asked| name - asked <= 2);
            let joined = |from: usize| matches!(self.word(from + 1), "atau" | "dan" | "or");
            from.is_some_and(|from| name == from + 1 || joined(from))
                && self.view.tokens()[name].gap != Gap::Sentence
        };
        let is_before = || {
            let rest = (self.index + 1..).take(REACH).map(|index| self.word(index));
            let mut rest =
                rest.skip_while(|word| matches!(*word, "atau" | "dan") || near::is_level(word));
            self.index + 1 < self.view.tokens().len()
                && (near::is_level(self.word(self.index + 1))
                    || matches!(self.word(self.index + 1), "atau"))
                && rest.next() == Some("sederajat")
        };
        let is_asked = first.is_some() || last > self.index || is_behind() || is_before();
        is_asked.then(|| (first.unwrap_or(name), last))
    }

    /// `kelas 2` before the word `end`, with its first word.
    fn class_before(self, end: usize) -> Option<(usize, u8)> {
        let (at, number) = self.before(end)?;
        let class = class_number(number)?;
        let (first, word) = self.before(at)?;
        is_class(word).then_some((first, class))
    }

    /// `kelas 2` from the word `at` on, with its last word.
    fn class_behind(self, at: usize) -> Option<(usize, u8)> {
        let class = class_number(self.word(at + 1))?;
        is_class(self.word(at)).then_some((at + 1, class))
    }

    /// A class without a level: `siswi kelas 9`, `kelas 11 IPS`.
    fn class_alone(self) -> Option<Read> {
        let class = class_number(self.word(self.index + 1))?;
        let next = self.word(self.index + 2);
        let has_level = |word: &str| near::is_level(word);
        let is_told = self
            .before(self.index)
            .is_some_and(|(_, word)| has_level(word));
        if has_level(next) || is_told || self.is_past_or_denied(self.index) {
            return None;
        }
        let has_branch = matches!(next, "ipa" | "ips" | "mipa");
        let pupil = self.pupil(self.index);
        let first = match pupil {
            Some((first, _)) => first,
            None if has_branch && !self.is_of_goods(self.index) => self.index,
            None => return None,
        };
        let level = match class {
            _ if has_branch => School::Senior,
            4..=6 => School::Primary,
            7..=9 => School::Junior,
            10..=12 => School::Senior,
            _ => School::Unknown,
        };
        Some(Read {
            first,
            last: self.index + 1 + usize::from(has_branch),
            level,
            class: Some(class),
            required: false,
        })
    }

    /// `masih sekolah`, `masih pelajar`, with no level behind.
    fn attended(self) -> Option<Read> {
        let is_told = (1..=2).any(|n| near::is_level(self.word(self.index + n)));
        let (first, word) = self.before(self.index)?;
        let is_still = matches!(word, "masih" | "msh");
        if is_told || !is_still || self.is_past_or_denied(first) {
            return None;
        }
        Some(Read {
            first,
            last: self.index,
            level: School::Unknown,
            class: None,
            required: false,
        })
    }

    /// The first word of what makes somebody a pupil of the school at `start`,
    /// and whether it is only "masih" and the like.
    fn pupil(self, start: usize) -> Option<(usize, bool)> {
        let (mut first, mut has_pupil) = (None, false);
        for (at, role) in self.roles(start, 5) {
            match role {
                Some(Near::Pupil | Near::Bench) => {
                    (first, has_pupil) = (Some(at), true);
                }
                Some(Near::Still) => {
                    first = Some(at);
                    break;
                }
                Some(Near::Way) => {}
                _ => break,
            }
        }
        Some((first?, !has_pupil))
    }

    /// Whether "smp" or "sma" behind "masih" is *sampai* or *sama*.
    fn is_shorthand(self) -> bool {
        NEAR.meaning(self.word(self.index + 1)) == Some(Near::Other)
    }

    fn is_past_or_denied(self, start: usize) -> bool {
        let mut roles = self.roles(start, 4).enumerate();
        roles.any(|(n, (_, role))| match role {
            Some(Near::Past) => true,
            Some(Near::Not) => n < 3,
            _ => false,
        })
    }

    fn is_of_goods(self, start: usize) -> bool {
        self.roles(start, 4)
            .any(|(_, role)| role == Some(Near::Goods))
    }
}

fn is_class(word: &str) -> bool {
    matches!(word, "kelas" | "kls" | "klas")
}

/// The class that a word names: `2`, `xi`, `dua`.
fn class_number(word: &str) -> Option<u8> {
    const NAMES: [(&str, u8); 21] = [
        ("i", 1),
        ("ii", 2),
        ("iii", 3),
        ("iv", 4),
        ("v", 5),
        ("vi", 6),
        ("vii", 7),
        ("viii", 8),
        ("ix", 9),
        ("x", 10),
        ("xi", 11),
        ("xii", 12),
        ("satu", 1),
        ("dua", 2),
        ("tiga", 3),
        ("empat", 4),
        ("lima", 5),
        ("enam", 6),
        ("sepuluh", 10),
        ("sebelas", 11),
        ("duabelas", 12),
    ];
    let named = || NAMES.iter().find(|row| row.0 == word).map(|row| row.1);
    let digits = word.bytes().next()?.is_ascii_digit() && word.len() <= 2;
    let number = if digits { word.parse().ok() } else { named() };
    number.filter(|class| (1..=12).contains(class))
}
