//! Reading a folded text byte by byte, without patterns.
//!
//! Every function takes a place and returns the place behind what it read;
//! none looks further than the one thing it is asked for.

/// Whether a byte belongs to a word in the sense of `\b`.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a word that stands at `at` begins there.
pub(super) fn begins_word(text: &str, at: usize) -> bool {
    at == 0 || !is_word(text.as_bytes()[at - 1])
}

/// Whether a word that was read up to `at` ends there.
pub(super) fn ends_word(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_none_or(|byte| !is_word(*byte))
}

/// Behind one white-space character, if one stands there.
pub(super) fn space(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at) {
        Some(b' ' | b'\n') => at + 1,
        // Folding leaves no other white space within ASCII.
        Some(0..0x80) | None => at,
        Some(_) => {
            let next = text[at..].chars().next().filter(|ch| ch.is_whitespace());
            at + next.map_or(0, char::len_utf8)
        }
    }
}

/// Behind all white space that stands there.
pub(super) fn spaces(text: &str, mut at: usize) -> usize {
    loop {
        let next = space(text, at);
        if next == at {
            return at;
        }
        at = next;
    }
}

/// Behind `byte`, if it stands there.
pub(super) fn sign(text: &str, at: usize, byte: u8) -> usize {
    at + usize::from(text.as_bytes().get(at) == Some(&byte))
}

/// How many digits stand there, counted to `most`.
pub(super) fn digits(text: &str, at: usize, most: usize) -> usize {
    let rest = text.as_bytes()[at..].iter().take(most);
    rest.take_while(|byte| byte.is_ascii_digit()).count()
}

/// Whether the text goes on with `word`. Most often its first byte says no.
pub(super) fn goes_on(text: &str, at: usize, word: &str) -> bool {
    let rest = &text.as_bytes()[at..];
    rest.first() == word.as_bytes().first() && rest.starts_with(word.as_bytes())
}

/// Behind the longest of `words` that the text goes on with.
pub(super) fn longest(text: &str, at: usize, words: &[&str]) -> Option<usize> {
    let fitting = words.iter().filter(|word| goes_on(text, at, word));
    fitting.map(|word| at + word.len()).max()
}

/// What the longest of `words` that the text goes on with means, and where it
/// ends.
pub(super) fn longest_of<T: Copy>(
    text: &str,
    at: usize,
    words: &[(&str, T)],
) -> Option<(T, usize)> {
    let fitting = words.iter().filter(|(word, _)| goes_on(text, at, word));
    let (word, meaning) = fitting.max_by_key(|(word, _)| word.len())?;
    Some((*meaning, at + word.len()))
}

/// Behind the one of `words` that stands there as a whole word.
pub(super) fn whole(text: &str, at: usize, words: &[&str]) -> Option<usize> {
    longest(text, at, words).filter(|end| ends_word(text, *end))
}
