//! Words of a normal text, and what stands between them.
//!
//! Words are read off the edges of one bit a byte (see `bits`). The same bits
//! tell which shapes of disguise a text may hold at all.

use super::bits::Bits;
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
        tokens: Vec::with_capacity(text.len() / 5 + 8),
        shapes: Shapes::default(),
        open: None,
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
    cutter.finish()
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

struct Cutter<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    shapes: Shapes,
    /// Where the word under way began.
    open: Option<usize>,
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
    #[inline]
    fn cut(&mut self, at: usize, words: u64, carry: u64) {
        let behind = words << 1 | carry;
        let (mut starts, mut ends) = (words & !behind, !words & behind);
        loop {
            let start = match self.open.take() {
                Some(start) => start,
                None if starts == 0 => return,
                None => at + starts.trailing_zeros() as usize,
            };
            if ends == 0 {
                self.open = Some(start);
                return;
            }
            // A word that began before leaves the starts as they are.
            if start >= at {
                starts &= starts - 1;
            }
            self.push(start, at + ends.trailing_zeros() as usize);
            ends &= ends - 1;
        }
    }

    /// Notes where a word stands; the rest is filled in when all are known.
    #[inline]
    fn push(&mut self, start: usize, end: usize) {
        self.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            fingerprint: 0,
            gap: Gap::Sentence,
        });
    }

    /// Fills in what stands before each word, and its fingerprint. A loop of
    /// its own: the words do not depend on each other, so that the processor
    /// works on several at once.
    fn finish(mut self) -> (Vec<Token>, Shapes) {
        let bytes = self.text.as_bytes();
        let mut singles = Singles::default();
        // Whatever stands before the first word, a sentence begins.
        let mut before = None;
        for token in &mut self.tokens {
            let (start, end) = (token.start as usize, token.end as usize);
            if let Some(before) = before {
                token.gap = gap(self.text, before, start);
            }
            before = Some(end);
            token.fingerprint = fingerprint_in(bytes, start, end);
            if end - start == 1 || (self.shapes.alike && end - start <= 4) {
                singles.count(bytes[start], end - start);
            } else {
                singles.n = 0;
            }
        }
        self.shapes.spaced = singles.spaced;
        (self.tokens, self.shapes)
    }
}

/// Words of one character in a row.
#[derive(Default)]
struct Singles {
    /// How many up to here, and `LETTER` times those that are no digit.
    n: usize,
    /// Whether there ever were enough.
    spaced: bool,
}

impl Singles {
    /// Counts a word that may be one character: of ASCII, or a letter that
    /// looks Latin, which has at most four bytes.
    fn count(&mut self, first: u8, len: usize) {
        if len > 1 && first.is_ascii() {
            self.n = 0;
            return;
        }
        self.n += 1 + if first.is_ascii_digit() { 0 } else { LETTER };
        self.spaced |= self.n >= (MIN_SPACED - 1) * LETTER + MIN_SPACED;
    }
}

/// What stands in `text[before..start]`, between two words.
#[inline]
fn gap(text: &str, before: usize, start: usize) -> Gap {
    if start - before == 1 {
        return GAPS[usize::from(text.as_bytes()[before])];
    }
    gap_of_several(&text[before..start])
}

fn gap_of_several(between: &str) -> Gap {
    let mut gap = Gap::Close;
    let mut after_stop = false;
    for ch in between.chars() {
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

const fn gap_of(ch: char) -> Gap {
    match ch {
        '\n' | '\u{3002}' | '\u{2022}' | '|' | ';' => Gap::Sentence,
        ',' | ':' | '(' | ')' | '[' | ']' | '"' | '/' => Gap::Clause,
        _ => Gap::Close,
    }
}

/// What one byte between two words makes of them.
static GAPS: [Gap; 256] = {
    let mut gaps = [Gap::Close; 256];
    let mut byte = 0;
    while byte < 128 {
        gaps[byte] = gap_of(byte as u8 as char);
        byte += 1;
    }
    gaps
};

/// A number made of a folded word: equal words have equal ones, and different
/// words nearly always different ones. Not a defence against anybody who
/// looks for words that share one: whoever matches compares the words too.
pub fn fingerprint(word: &str) -> u32 {
    fingerprint_in(word.as_bytes(), 0, word.len())
}

/// The fingerprint of `bytes[start..end]`, which may go on behind.
#[inline]
fn fingerprint_in(bytes: &[u8], start: usize, end: usize) -> u32 {
    let len = end - start;
    if let Some(ahead) = bytes.get(start..start + 16)
        && len <= 16
    {
        let (low, high) = ahead.split_at(8);
        let low = eight(low) & FIRST[len.min(8)];
        let high = eight(high) & FIRST[len.saturating_sub(8)];
        return mixed(low ^ len as u64, high);
    }
    fingerprint_of_odd(&bytes[start..end])
}

/// Of a word of more than sixteen bytes, or one near the end of the text.
fn fingerprint_of_odd(word: &[u8]) -> u32 {
    let mut state = word.len() as u64;
    let mut rest = word;
    loop {
        let (sixteen, behind) = rest.split_at(rest.len().min(16));
        let mut padded = [0; 16];
        padded[..sixteen.len()].copy_from_slice(sixteen);
        let (low, high) = padded.split_at(8);
        let mixed = mixed(eight(low) ^ state, eight(high));
        if behind.is_empty() {
            return mixed;
        }
        state = state.rotate_left(23) ^ u64::from(mixed);
        rest = behind;
    }
}

/// The first so many bytes of eight.
static FIRST: [u64; 9] = {
    let mut masks = [0; 9];
    let mut n = 1;
    while n <= 8 {
        masks[n] = u64::MAX >> (64 - 8 * n);
        n += 1;
    }
    masks
};

fn eight(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("eight bytes"))
}

fn mixed(low: u64, high: u64) -> u32 {
    let product =
        u128::from(low ^ 0x9e37_79b9_7f4a_7c15) * u128::from(high ^ 0xd6e8_feb8_6659_fd93);
    let folded = (product >> 64) as u64 ^ product as u64;
    (folded >> 32) as u32 ^ folded as u32
}
