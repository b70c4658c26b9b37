//! Signs used as letters that no Unicode decomposition names: squared and
//! negative letters, ringed digits, small capitals.

/// The ASCII letter or digit that `ch` is drawn as, if it is such a sign.
pub(super) fn letter(ch: char) -> Option<char> {
    let nth = |first: char, letter: u8| {
        let offset = ch as u32 - first as u32;
        Some((letter + u8::try_from(offset).ok()?) as char)
    };
    match ch {
        // 🅐 negative circled, 🅰 negative squared. Regional indicators are
        // left alone here: two of them are a flag.
        '\u{1f150}'..='\u{1f169}' => nth('\u{1f150}', b'a'),
        '\u{1f170}'..='\u{1f189}' => nth('\u{1f170}', b'a'),
        // ❶ ➀ ➊ dingbat digits, ⓵ double circled, ⓿ and 🄋 zeros.
        '\u{2776}'..='\u{277e}' => nth('\u{2776}', b'1'),
        '\u{2780}'..='\u{2788}' => nth('\u{2780}', b'1'),
        '\u{278a}'..='\u{2792}' => nth('\u{278a}', b'1'),
        '\u{24f5}'..='\u{24fd}' => nth('\u{24f5}', b'1'),
        '\u{24ff}' | '\u{1f10b}' | '\u{1f10c}' => Some('0'),
        _ => SMALL_CAPITALS
            .iter()
            .find(|(small, _)| *small == ch)
            .map(|(_, letter)| *letter),
    }
}

/// Phonetic letters drawn as small capitals.
const SMALL_CAPITALS: [(char, char); 24] = [
    ('ᴀ', 'a'),
    ('ʙ', 'b'),
    ('ᴄ', 'c'),
    ('ᴅ', 'd'),
    ('ᴇ', 'e'),
    ('ꜰ', 'f'),
    ('ɢ', 'g'),
    ('ʜ', 'h'),
    ('ɪ', 'i'),
    ('ᴊ', 'j'),
    ('ᴋ', 'k'),
    ('ʟ', 'l'),
    ('ᴍ', 'm'),
    ('ɴ', 'n'),
    ('ᴏ', 'o'),
    ('ᴘ', 'p'),
    ('ꞯ', 'q'),
    ('ʀ', 'r'),
    ('ꜱ', 's'),
    ('ᴛ', 't'),
    ('ᴜ', 'u'),
    ('ᴠ', 'v'),
    ('ᴡ', 'w'),
    ('ᴢ', 'z'),
];
