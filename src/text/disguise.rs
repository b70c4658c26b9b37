//! Undoing disguises: look-alike letters, spaced letters, leet, stretching.
//!
//! Works on the folded view, word by word, and writes a second view. It is
//! deliberately timid: a reading that could be wrong (digits in a price, a
//! foreign word) is left alone, because the plain view is matched anyway.

use icu_properties::CodePointMapData;
use icu_properties::props::Script;
use unicode_security::confusable_detection::skeleton;

use super::NormalText;
use super::offsets::Writer;
use super::token::MIN_SPACED;
use crate::entity::Disguise;
use crate::span::Span;

/// The undisguised view, or `None` when nothing would change.
pub(super) fn undo(plain: &NormalText, seen: &mut Vec<(Span, Disguise)>) -> Option<NormalText> {
    let mut undoing = Undoing {
        plain,
        writer: Writer::with_capacity(plain.text.len()),
        seen,
        at: 0,
    };
    let before = undoing.seen.len();
    let mut word = 0;
    while word < plain.tokens.len() {
        word = undoing.word(word);
    }
    undoing.copy_to(plain.text.len());
    if undoing.seen.len() == before {
        return None;
    }
    Some(NormalText::new(undoing.writer.finish()).0)
}

fn stretched(bytes: &[u8]) -> bool {
    // "www" is no word with a stretched letter in it.
    if bytes.iter().all(|byte| *byte == bytes[0]) {
        return false;
    }
    bytes
        .windows(3)
        .any(|three| three[0].is_ascii_lowercase() && three[0] == three[1] && three[1] == three[2])
}

struct Undoing<'p, 's> {
    plain: &'p NormalText,
    writer: Writer,
    seen: &'s mut Vec<(Span, Disguise)>,
    /// How much of the plain text is written.
    at: usize,
}

impl Undoing<'_, '_> {
    /// Undoes the word at `word` and returns the next one to look at.
    fn word(&mut self, word: usize) -> usize {
        let spaced = self.spaced_run(word);
        if spaced > 0 {
            return self.join(word, spaced);
        }
        let (start, end) = self.around(word);
        let text = &self.plain.text[start..end];
        if let Some((letters, kind)) = rewritten(text) {
            self.copy_to(start);
            self.replace(start, end, &letters, kind);
        }
        let next = self
            .plain
            .tokens
            .partition_point(|token| (token.end as usize) <= end);
        next.max(word + 1)
    }

    /// The word with signs used as letters (`g@ji`) taken along: whole words
    /// only, so that the next look begins where this one ends.
    fn around(&self, word: usize) -> (usize, usize) {
        let tokens = &self.plain.tokens;
        let bytes = self.plain.text.as_bytes();
        let mut end = tokens[word].end as usize;
        for &next in &tokens[word + 1..] {
            let between = &bytes[end..next.start as usize];
            let letters = self.plain.word(next);
            let joined = (1..=2).contains(&between.len())
                && between
                    .iter()
                    .all(|byte| matches!(byte, b'@' | b'$' | b'!'))
                && letters.is_ascii()
                && letters.as_bytes()[0].is_ascii_lowercase();
            // `name@host.example` is an address, not a word with a sign in it.
            let is_address = between == b"@" && bytes.get(next.end as usize) == Some(&b'.');
            if !joined || is_address {
                break;
            }
            end = next.end as usize;
        }
        (tokens[word].start as usize, end)
    }

    /// How many words from `word` on are single letters with one and the same
    /// separator between them; 0 when too few to be a spaced-out word.
    fn spaced_run(&self, word: usize) -> usize {
        let tokens = &self.plain.tokens;
        let single = |index: usize| {
            tokens.get(index).is_some_and(|token| {
                let text = self.plain.word(*token);
                text.len() == 1 && text.as_bytes()[0].is_ascii_lowercase()
            })
        };
        if !single(word) || !single(word + 1) {
            return 0;
        }
        let between = |index: usize| {
            &self.plain.text[tokens[index].end as usize..tokens[index + 1].start as usize]
        };
        let separator = between(word);
        if separator.len() != 1 || separator == "\n" {
            return 0;
        }
        let mut n = 2;
        while single(word + n) && between(word + n - 1) == separator {
            n += 1;
        }
        if n >= MIN_SPACED { n } else { 0 }
    }

    fn join(&mut self, word: usize, n: usize) -> usize {
        let first = self.plain.tokens[word];
        self.copy_to(first.start as usize);
        for index in word..word + n {
            let token = self.plain.tokens[index];
            let from = self.plain.to_published(Span {
                start: token.start,
                end: token.end,
            });
            let letter = self
                .plain
                .word(token)
                .chars()
                .next()
                .expect("a token has a character");
            self.writer.push(letter, from);
        }
        self.at = self.plain.tokens[word + n - 1].end as usize;
        let place = self.plain.words_to_published(word, word + n - 1);
        self.seen.push((place, Disguise::SpacedLetters));
        word + n
    }

    /// Writes `letters` for `start..end`: each comes with the plain bytes it
    /// stands for, relative to `start`.
    fn replace(
        &mut self,
        start: usize,
        end: usize,
        letters: &[(char, usize, usize)],
        kind: Disguise,
    ) {
        for &(letter, from, to) in letters {
            let from = Span::new(start + from, start + to);
            self.writer.push(letter, self.plain.to_published(from));
        }
        self.at = end;
        self.seen
            .push((self.plain.to_published(Span::new(start, end)), kind));
    }

    fn copy_to(&mut self, end: usize) {
        let plain = self.plain;
        self.writer.copy(&plain.text, &plain.offsets, self.at..end);
        self.at = end;
    }
}

type Letters = Vec<(char, usize, usize)>;

/// The plain reading of a disguised word, or `None` for an ordinary one.
fn rewritten(word: &str) -> Option<(Letters, Disguise)> {
    if !word.is_ascii() {
        let letters = look_alikes(word)?;
        return Some((letters, Disguise::LookAlike));
    }
    let bytes = word.as_bytes();
    let leet = is_leet(bytes);
    if !leet && !stretched(bytes) {
        return None;
    }
    let mut letters = Letters::new();
    for (at, &byte) in bytes.iter().enumerate() {
        let letter = if leet {
            leet_letter(byte)
        } else {
            byte as char
        };
        match letters.last_mut() {
            Some(last) if last.0 == letter && in_stretch(bytes, at) => last.2 = at + 1,
            _ => letters.push((letter, at, at + 1)),
        }
    }
    Some((
        letters,
        if leet {
            Disguise::Leet
        } else {
            Disguise::Stretched
        },
    ))
}

/// Whether the byte at `at` belongs to a run of three or more equal letters.
fn in_stretch(bytes: &[u8], at: usize) -> bool {
    let same = |index: usize| bytes.get(index) == Some(&bytes[at]);
    (at >= 2 && same(at - 1) && same(at - 2))
        || (at >= 1 && same(at - 1) && same(at + 1))
        || (same(at + 1) && same(at + 2))
}

/// Leet: a digit or sign between letters. Digits at either end are amounts
/// and model numbers (`300rb`, `iphone17`), never letters.
fn is_leet(bytes: &[u8]) -> bool {
    let letters = bytes
        .iter()
        .filter(|byte| byte.is_ascii_lowercase())
        .count();
    let inside = bytes
        .iter()
        .position(u8::is_ascii_lowercase)
        .zip(bytes.iter().rposition(u8::is_ascii_lowercase));
    let Some((first, last)) = inside else {
        return false;
    };
    let mut groups = bytes[first..=last]
        .split(u8::is_ascii_lowercase)
        .filter(|one| !one.is_empty());
    let n_strange: usize = groups.clone().map(<[u8]>::len).sum();
    first == 0
        && letters >= 2
        && (1..=letters).contains(&n_strange)
        && groups.all(|group| {
            let digits = group.iter().any(u8::is_ascii_digit);
            // "cb150r" is a model; "l00ker" is a word.
            let short = group.len() == 1 || !digits || (group.len() == 2 && group[0] == group[1]);
            short && group.iter().all(|&byte| leet_letter(byte) != byte as char)
        })
}

fn leet_letter(byte: u8) -> char {
    match byte {
        b'0' => 'o',
        b'1' | b'!' => 'i',
        b'3' => 'e',
        b'4' | b'@' => 'a',
        b'5' | b'$' => 's',
        b'6' | b'9' => 'g',
        b'7' => 't',
        b'8' => 'b',
        other => other as char,
    }
}

/// Reads letters of other scripts as the Latin ones they look like, when the
/// word mixes scripts or every letter has a Latin look-alike.
fn look_alikes(word: &str) -> Option<Letters> {
    let mut letters = Letters::new();
    let mut foreign = 0;
    let mut latin = 0;
    for (at, ch) in word.char_indices() {
        let to = at + ch.len_utf8();
        if ch.is_ascii() {
            latin += usize::from(ch.is_ascii_lowercase());
            letters.push((ch, at, to));
            continue;
        }
        let script = const { CodePointMapData::<Script>::new() }.get(ch);
        if !matches!(script, Script::Cyrillic | Script::Greek | Script::Armenian) {
            return None;
        }
        let mut buffer = [0; 4];
        let mut likeness = skeleton(ch.encode_utf8(&mut buffer));
        let letter = likeness.next()?.to_ascii_lowercase();
        if !letter.is_ascii_lowercase() || likeness.next().is_some() {
            return None;
        }
        foreign += 1;
        letters.push((letter, at, to));
    }
    // One or two foreign letters alone are ordinary words of that language.
    (foreign > 0 && (latin > 0 || foreign >= 4)).then_some(letters)
}
