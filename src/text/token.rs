//! Words of a normal text, and what stands between them.
//!
//! Letters and digits are found eight bytes at a time and kept as one bit a
//! byte; words are then read off the edges of the bits. The same bits tell
//! which shapes of disguise a text may hold at all.

use super::table;

/// A word: a run of letters and digits of the normal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the normal text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Fingerprint of the word, see [`fingerprint`]: different ones mean
    /// different words.
    pub fingerprint: u32,
    /// What stands before it.
    pub gap: Gap,
}

impl Token {
    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Never: a word has a letter.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// What stands between a word and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Space or light punctuation.
    Close,
    /// A comma, colon, bracket or dash: phrases reach across, guards do not.
    Clause,
    /// The end of a sentence or line: nothing reaches across.
    Sentence,
}

/// Shapes of disguise that a text may hold; none set means none is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "any of them may be set")]
pub(super) struct Shapes {
    /// A letter three times in a row.
    pub(super) stretched: bool,
    /// A digit or sign between letters.
    pub(super) leet: bool,
    /// Four words of one character in a row.
    pub(super) spaced: bool,
    /// A word with a letter of a script that looks Latin.
    pub(super) alike: bool,
}

impl Shapes {
    pub(super) fn any(self) -> bool {
        self.stretched || self.leet || self.spaced || self.alike
    }
}

/// Fewest single letters in a row that are read as one spaced-out word.
pub(super) const MIN_SPACED: usize = 4;
/// More than the digits that stand among letters.
const LETTER: usize = 1 << 16;

/// Cuts a normal text into words.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Shapes) {
    let mut cutter = Cutter {
        text,
        tokens: Vec::with_capacity(text.len() / 5 + 1),
        shapes: Shapes::default(),
        open: None,
        n_single: 0,
    };
    let mut before = Before::default();
    for (index, chunk) in text.as_bytes().chunks(64).enumerate() {
        let at = index * 64;
        let mut bits = Bits::of(chunk, before.last);
        bits.words |= before.spill;
        before.spill = 0;
        if bits.others != 0 {
            before.spill = cutter.others(at, &mut bits);
        }
        cutter.shapes(&bits, &mut before);
        cutter.cut(at, bits.words, before.words >> 63);
        before.words = bits.words;
        before.last = chunk[chunk.len() - 1];
    }
    if let Some(start) = cutter.open.take() {
        cutter.push(start, text.len());
    }
    (cutter.tokens, cutter.shapes)
}

/// One bit for each of 64 bytes.
#[derive(Clone, Copy, Default)]
struct Bits {
    /// Letters and digits.
    words: u64,
    /// ASCII letters.
    letters: u64,
    /// Digits.
    digits: u64,
    /// Signs used as letters.
    signs: u64,
    /// Bytes equal to the one before.
    same: u64,
    /// Bytes of characters beyond ASCII.
    others: u64,
}

/// What the next 64 bytes need to know of the ones before.
#[derive(Default)]
struct Before {
    words: u64,
    letters: u64,
    digits: u64,
    signs: u64,
    same: u64,
    last: u8,
    /// Word bits of a character that began there.
    spill: u64,
}

impl Bits {
    fn of(chunk: &[u8], before: u8) -> Self {
        if let Ok(whole) = chunk.try_into() {
            return Self::of_whole(whole, before);
        }
        let mut padded = [0; 64];
        padded[..chunk.len()].copy_from_slice(chunk);
        Self::of_whole(&padded, before)
    }

    fn of_whole(chunk: &[u8; 64], mut before: u8) -> Self {
        let mut bits = Self::default();
        for (index, eight) in chunk.chunks_exact(8).enumerate() {
            let bytes = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
            let ascii = !bytes & HIGH;
            let low = bytes & !HIGH;
            let letters = between(low, b'a', b'z') & ascii;
            let digits = between(low, b'0', b'9') & ascii;
            let signs = (equal(low, b'@') | equal(low, b'$') | equal(low, b'!')) & ascii;
            let same = zero(bytes ^ (bytes << 8 | u64::from(before)));
            let shift = index * 8;
            bits.letters |= gathered(letters) << shift;
            bits.digits |= gathered(digits) << shift;
            bits.signs |= gathered(signs) << shift;
            bits.same |= gathered(same) << shift;
            bits.others |= gathered(!ascii & HIGH) << shift;
            before = eight[7];
        }
        bits.words = bits.letters | bits.digits;
        bits
    }
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = LOW << 7;

/// The high bit of every byte that lies between two, of bytes below 128.
fn between(bytes: u64, first: u8, last: u8) -> u64 {
    let from = bytes + LOW * u64::from(0x80 - first);
    let past = bytes + LOW * u64::from(0x7f - last);
    from & !past & HIGH
}

fn equal(bytes: u64, byte: u8) -> u64 {
    between(bytes, byte, byte)
}

/// The high bit of every byte that is zero.
fn zero(bytes: u64) -> u64 {
    !(((bytes & !HIGH) + !HIGH) | bytes) & HIGH
}

/// The high bits of eight bytes as the lowest eight bits.
fn gathered(high: u64) -> u64 {
    (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

struct Cutter<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    shapes: Shapes,
    /// Where the word under way began.
    open: Option<usize>,
    /// Words of one character in a row up to here, and `LETTER` times those
    /// that are no digit.
    n_single: usize,
}

impl Cutter<'_> {
    /// Sets the word bits of characters beyond ASCII that begin in this
    /// chunk; returns those that belong to the next.
    fn others(&mut self, at: usize, bits: &mut Bits) -> u64 {
        let mut spill = 0;
        let mut rest = bits.others;
        while rest != 0 {
            let bit = rest.trailing_zeros() as usize;
            // The tail of a character that began in the chunk before.
            if !self.text.is_char_boundary(at + bit) {
                rest &= rest - 1;
                continue;
            }
            let ch = self.text[at + bit..].chars().next().unwrap_or(' ');
            let letter = table::letter(ch);
            let len = ch.len_utf8();
            let ones = ((1_u128 << len) - 1) << bit;
            if letter.is_word() {
                bits.words |= ones as u64;
                spill |= (ones >> 64) as u64;
                self.shapes.alike |= letter.may_look_latin();
            }
            rest &= !(ones as u64);
        }
        spill
    }

    fn shapes(&mut self, bits: &Bits, before: &mut Before) {
        // Each bit with those of the bytes before it, also in the last chunk.
        let back = |now: u64, earlier: u64, by: u32| now << by | earlier >> (64 - by);
        let letters = back(bits.letters, before.letters, 1);
        let stretched = bits.letters & bits.same & back(bits.same, before.same, 1);
        // Letter, then one or two digits or signs, then letter.
        let odd = bits.digits | bits.signs;
        let odd_before = before.digits | before.signs;
        let one = back(odd, odd_before, 1) & back(bits.letters, before.letters, 2);
        let two = back(odd, odd_before, 1)
            & back(odd, odd_before, 2)
            & back(bits.letters, before.letters, 3);
        let sign_last =
            bits.signs & back(bits.signs, before.signs, 1) & back(bits.letters, before.letters, 2);
        self.shapes.stretched |= stretched & letters != 0;
        self.shapes.leet |= bits.letters & (one | two) | sign_last != 0;
        before.letters = bits.letters;
        before.digits = bits.digits;
        before.signs = bits.signs;
        before.same = bits.same;
    }

    /// Reads words off the edges of the bits.
    fn cut(&mut self, at: usize, words: u64, carry: u64) {
        let mut edges = words ^ (words << 1 | carry);
        while edges != 0 {
            let edge = at + edges.trailing_zeros() as usize;
            edges &= edges - 1;
            match self.open.take() {
                None => self.open = Some(edge),
                Some(start) => self.push(start, edge),
            }
        }
    }

    /// Counts words of one character in a row, and notes when they may be one
    /// word spaced out.
    fn count_single(&mut self, start: usize, end: usize) {
        let first = self.text.as_bytes()[start];
        // A letter that looks Latin has at most four bytes.
        let is_single = end - start == 1 || (end - start <= 4 && !first.is_ascii());
        let weight = if first.is_ascii_digit() {
            1
        } else {
            1 + LETTER
        };
        self.n_single = if is_single { self.n_single + weight } else { 0 };
        self.shapes.spaced |= self.n_single >= (MIN_SPACED - 1) * LETTER + MIN_SPACED;
    }

    fn push(&mut self, start: usize, end: usize) {
        let before = self.tokens.last().map(|token| token.end as usize);
        let gap = match before {
            Some(before) => gap(self.text, before, start),
            // Whatever stands before the first word, a sentence begins.
            None => Gap::Sentence,
        };
        let bytes = self.text.as_bytes();
        if end - start == 1 || self.shapes.alike {
            self.count_single(start, end);
        } else {
            self.n_single = 0;
        }
        self.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            fingerprint: fingerprint_in(bytes, start, end),
            gap,
        });
    }
}

/// What stands in `text[before..start]`, between two words.
fn gap(text: &str, before: usize, start: usize) -> Gap {
    if start - before == 1 {
        return gap_of(text.as_bytes()[before] as char);
    }
    let mut gap = Gap::Close;
    let mut after_stop = false;
    for ch in text[before..start].chars() {
        // A full stop ends a sentence only before space: "0.5" and
        // "p.a.s.p.o.r" go on.
        if after_stop && ch == ' ' {
            gap = Gap::Sentence;
        }
        after_stop = matches!(ch, '.' | '!' | '?');
        gap = gap.max(gap_of(ch));
    }
    gap
}

fn gap_of(ch: char) -> Gap {
    match ch {
        '\n' | '\u{3002}' | '\u{2022}' | '|' | ';' => Gap::Sentence,
        ',' | ':' | '(' | ')' | '[' | ']' | '"' | '/' => Gap::Clause,
        _ => Gap::Close,
    }
}

/// A number made of a folded word: equal words have equal ones, and different
/// words nearly always different ones. Not a defence against anybody who
/// looks for words that share one: whoever matches compares the words too.
pub fn fingerprint(word: &str) -> u32 {
    fingerprint_in(word.as_bytes(), 0, word.len())
}

/// The fingerprint of `bytes[start..end]`, which may go on behind.
fn fingerprint_in(bytes: &[u8], start: usize, end: usize) -> u32 {
    let len = end - start;
    if len <= 8 {
        return mixed(first_eight(bytes, start, len) ^ SEED ^ len as u64);
    }
    let mut state = SEED ^ len as u64;
    let mut at = start;
    while end - at > 8 {
        state = u64::from(mixed(state ^ first_eight(bytes, at, 8))) ^ state.rotate_left(23);
        at += 8;
    }
    mixed(state ^ first_eight(bytes, at, end - at))
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

fn first_eight(bytes: &[u8], start: usize, len: usize) -> u64 {
    if let Some(eight) = bytes.get(start..start + 8) {
        let eight = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
        return eight & (u64::MAX >> (64 - 8 * len));
    }
    let mut padded = [0; 8];
    padded[..len].copy_from_slice(&bytes[start..start + len]);
    u64::from_le_bytes(padded)
}

fn mixed(state: u64) -> u32 {
    let product = u128::from(state) * u128::from(0xd6e8_feb8_6659_fd93_u64);
    let folded = (product >> 64) as u64 ^ product as u64;
    (folded >> 32) as u32 ^ folded as u32
}
