//! Letters of other scripts that look like Latin ones (UTS #39).
//!
//! Only where the mix of scripts is suspicious: a word of Latin and foreign
//! letters, or a word of foreign letters that all look Latin, in a text that
//! is not itself in such a script. Russian, Greek or Cherokee texts keep every
//! word, because most of their words have a letter that looks like no Latin
//! one.

use super::super::NormalText;
use super::super::table;
use super::{Second, Sign, Undoing};

/// A foreign word in a Latin text for every so many Latin letters makes it a
/// text in two languages.
const N_LATIN_TO_FOREIGN: usize = 8;

/// What scripts a text is in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scripts {
    /// Letters of words in plain Latin letters.
    latin: usize,
    /// Letters of words that are surely foreign.
    foreign: usize,
}

impl Scripts {
    pub(super) fn of(plain: &NormalText) -> Self {
        let mut scripts = Self::default();
        for &token in &plain.tokens {
            let word = plain.word(token);
            if word.is_ascii() {
                scripts.latin += word.bytes().filter(u8::is_ascii_lowercase).count();
            } else if is_foreign(word) {
                scripts.foreign += word.chars().count();
            }
        }
        scripts
    }
}

/// Whether a word has a letter that neither is Latin nor looks so.
fn is_foreign(word: &str) -> bool {
    word.chars()
        .any(|ch| !ch.is_ascii() && !table::letter(ch).may_look_latin() && !table::is_latin(ch))
}

/// Reads letters that look Latin as Latin ones; says whether it did.
pub(super) fn undo(undoing: &Undoing<'_, '_>, word: usize, letters: &mut [Sign]) -> bool {
    let mut looks = Vec::new();
    let (mut n_latin, mut n_own) = (0, 0);
    for (at, sign) in letters.iter().enumerate() {
        if sign.letter.is_ascii() {
            n_latin += usize::from(sign.letter.is_ascii_lowercase());
            continue;
        }
        match look(undoing.published, *sign) {
            Some(look) => {
                n_own += usize::from(table::is_latin(sign.letter));
                looks.push((at, look));
            }
            None if table::is_latin(sign.letter) => n_latin += 1,
            None => return false,
        }
    }
    let Scripts { latin, foreign } = undoing.scripts;
    let is_suspicious = if n_latin > 0 {
        foreign <= latin
    } else {
        // One letter is a symbol; "рад" alone may be a word of its language.
        letters.len() > 1
            && n_own < looks.len()
            && latin > 0
            && foreign * N_LATIN_TO_FOREIGN <= latin
            && !has_foreign_neighbour(undoing.plain, word)
    };
    if looks.is_empty() || !is_suspicious {
        return false;
    }
    for (at, look) in looks {
        letters[at].letter = look;
        if look == 'l' {
            letters[at].second = Second::Letter('i');
        }
    }
    true
}

/// What a letter looks like as it was published; what it folds to may look
/// like nothing.
fn look(published: &str, sign: Sign) -> Option<char> {
    let as_published = sign.from.of(published).chars().next()?;
    let look = table::letter(as_published).latin_look();
    look.or_else(|| table::letter(sign.letter).latin_look())
}

fn has_foreign_neighbour(plain: &NormalText, word: usize) -> bool {
    let before = word.checked_sub(1).and_then(|at| plain.tokens.get(at));
    let after = plain.tokens.get(word + 1);
    before
        .into_iter()
        .chain(after)
        .any(|&token| is_foreign(plain.word(token)))
}
