//! Whether letters look like a word of Indonesian or English at all.
//!
//! No dictionary: syllables only. It errs on the side of "no", because what
//! it refuses is still there as published.

/// Pairs of consonants that words begin with, besides s and anything, and
/// anything and l, r, w, y or h.
const ONSETS: [&str; 6] = ["ng", "ny", "kn", "gn", "ts", "dj"];

/// Pairs of consonants that words end with.
const CODAS: &str = "ng nk nt nd ny st ks rt rd rk rm rn rs rl rb rg rp rf rc ld lk lt lm lp lf \
    ll ls lv ss ck sh ch th ph gh mp mb ms ft ct pt ps ts ns nc nn bs ds gs sk sp tt ff zz mm rr \
    xt ws wn wl wk ys wd wt hn ht dd gg";

pub(in super::super) fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

fn is_vowel_or_y(byte: u8) -> bool {
    is_vowel(byte) || byte == b'y'
}

/// Whether ASCII letters can be spoken as a word.
pub(in super::super) fn is_speakable(word: &[u8]) -> bool {
    let n_vowels = word.iter().filter(|byte| is_vowel_or_y(**byte)).count();
    let kind = |byte: u8| (is_vowel(byte), byte == b'y');
    let balanced = word
        .chunk_by(|one, next| kind(*one) == kind(*next))
        .all(|run| run.len() <= if is_vowel(run[0]) { 2 } else { 3 });
    let consonants = |pair: &[u8]| pair.iter().all(|byte| !is_vowel_or_y(*byte));
    let n = word.len();
    n > 2
        && n_vowels * 6 >= n
        && n_vowels < n
        && balanced
        && word[0] != b'x'
        && !matches!(word[n - 1], b'j' | b'q' | b'v')
        && (!consonants(&word[..2]) || begins(&word[..2]))
        && (!consonants(&word[..3]) || begins_with_three(&word[..3]))
        && (!consonants(&word[n - 2..]) || ends(&word[n - 2..]))
}

fn begins(pair: &[u8]) -> bool {
    pair[0] == b's'
        || matches!(pair[1], b'l' | b'r' | b'w' | b'h')
            && !matches!(pair[0], b'l' | b'r' | b'n' | b'm')
        || ONSETS.iter().any(|onset| onset.as_bytes() == pair)
}

/// "str", "thr", "ngg": with other three, a vowel was left out ("prlu").
fn begins_with_three(three: &[u8]) -> bool {
    three[0] == b's' || three[1] == b'h' || three.starts_with(b"ng") || three.starts_with(b"ny")
}

fn ends(pair: &[u8]) -> bool {
    CODAS
        .split_ascii_whitespace()
        .any(|coda| coda.as_bytes() == pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_can_be_spoken() {
        for word in [
            "paspor",
            "gaji",
            "kerja",
            "loker",
            "lowongan",
            "langsung",
            "open",
            "booking",
            "bisa",
            "cewek",
            "besar",
            "tanpa",
            "syarat",
            "mess",
            "transport",
            "agen",
            "cepat",
            "kontrak",
            "ditahan",
            "malam",
            "strong",
            "kamboja",
            "ngekos",
            "hutang",
            "bayar",
            "work",
            "pinjol",
        ] {
            assert!(is_speakable(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn codes_cannot() {
        for code in [
            "fizr", "kelh", "lber", "hbers", "wbing", "kzcoe", "feeoa", "abcd", "rtsrw",
        ] {
            assert!(!is_speakable(code.as_bytes()), "{code}");
        }
    }
}
