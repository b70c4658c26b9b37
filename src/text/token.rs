//! Words of a normal text, and what stands between them.

/// A word: a run of letters and digits of the normal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the normal text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// What stands before it.
    pub gap: Gap,
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

/// Cuts a normal text into words.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 6);
    let mut start = None;
    let mut gap = Gap::Sentence;
    let mut after_stop = false;
    for (at, ch) in text.char_indices() {
        if is_word(ch) {
            if start.is_none() {
                start = Some((at as u32, gap));
            }
            continue;
        }
        if let Some((start, gap)) = start.take() {
            tokens.push(Token {
                start,
                end: at as u32,
                gap,
            });
        }
        if at_word_end(&tokens, at) {
            gap = Gap::Close;
            after_stop = false;
        }
        // A full stop ends a sentence only before space: "0.5" and
        // "p.a.s.p.o.r" go on.
        if after_stop && ch == ' ' {
            gap = Gap::Sentence;
        }
        after_stop = matches!(ch, '.' | '!' | '?');
        gap = gap.max(gap_of(ch));
    }
    if let Some((start, gap)) = start {
        tokens.push(Token {
            start,
            end: text.len() as u32,
            gap,
        });
    }
    tokens
}

fn is_word(ch: char) -> bool {
    if ch.is_ascii() {
        ch.is_ascii_alphanumeric()
    } else {
        ch.is_alphanumeric()
    }
}

fn at_word_end(tokens: &[Token], at: usize) -> bool {
    tokens.last().is_some_and(|token| token.end as usize == at)
}

fn gap_of(ch: char) -> Gap {
    match ch {
        '\n' | '\u{3002}' | '\u{2022}' | '|' | ';' => Gap::Sentence,
        ',' | ':' | '(' | ')' | '[' | ']' | '"' | '/' => Gap::Clause,
        _ => Gap::Close,
    }
}
