//! Signs used as letters that no Unicode decomposition names: squared and
//! negative letters, ringed digits, small capitals, letters on their heads,
//! and the letters that flags are made of.
//!
//! Source: the names of the Unicode character database, version 17.

/// The ASCII letter or digit that `ch` is drawn as, if it is such a sign.
pub(super) fn letter(ch: char) -> Option<char> {
    let nth = |first: char, letter: u8| {
        let offset = ch as u32 - first as u32;
        Some((letter + u8::try_from(offset).ok()?) as char)
    };
    match ch {
        // ⒜ and 🄐 parenthesised, 🅐 negative circled, 🅰 negative squared.
        // Regional indicators are left alone here: two of them are a flag.
        '\u{249c}'..='\u{24b5}' => nth('\u{249c}', b'a'),
        '\u{1f110}'..='\u{1f129}' => nth('\u{1f110}', b'a'),
        '\u{1f150}'..='\u{1f169}' => nth('\u{1f150}', b'a'),
        '\u{1f170}'..='\u{1f189}' => nth('\u{1f170}', b'a'),
        // 🄪 an S in brackets.
        '\u{1f12a}' => Some('s'),
        // ❶ ➀ ➊ dingbat digits, ⓵ double circled, ⓿ and 🄋 zeros.
        '\u{2776}'..='\u{277e}' => nth('\u{2776}', b'1'),
        '\u{2780}'..='\u{2788}' => nth('\u{2780}', b'1'),
        '\u{278a}'..='\u{2792}' => nth('\u{278a}', b'1'),
        '\u{24f5}'..='\u{24fd}' => nth('\u{24f5}', b'1'),
        '\u{24ff}' | '\u{1f10b}' | '\u{1f10c}' => Some('0'),
        _ => in_table(&SMALL_CAPITALS, ch),
    }
}

/// The letter that `ch` is when turned on its head.
pub(super) fn turned(ch: char) -> Option<char> {
    in_table(&TURNED, ch)
}

/// The letter of a regional indicator; two of them are drawn as a flag.
pub(super) fn flag_letter(ch: char) -> Option<char> {
    let nth = (ch as u32).checked_sub(0x1f1e6)?;
    (nth < 26).then(|| (b'a' + nth as u8) as char)
}

/// Whether two letters name a flag: ISO 3166-1 and the regions that Unicode
/// adds to it. Source: Unicode emoji sequences (UTS #51), version 17.
pub(super) fn is_flag(first: char, second: char) -> bool {
    FLAGS
        .split(' ')
        .any(|flag| flag.chars().eq([first, second]))
}

fn in_table(table: &[(char, char)], ch: char) -> Option<char> {
    let entry = table.iter().find(|(sign, _)| *sign == ch)?;
    Some(entry.1)
}

/// Phonetic letters drawn as small capitals.
const SMALL_CAPITALS: [(char, char); 25] = [
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
    ('ʏ', 'y'),
    ('ᴢ', 'z'),
];

/// Letters whose Unicode name is TURNED and a letter.
const TURNED: [(char, char); 13] = [
    ('ɐ', 'a'),
    ('ǝ', 'e'),
    ('ᵷ', 'g'),
    ('ɥ', 'h'),
    ('ᴉ', 'i'),
    ('ʞ', 'k'),
    ('ꞁ', 'l'),
    ('ɯ', 'm'),
    ('ɹ', 'r'),
    ('ʇ', 't'),
    ('ʌ', 'v'),
    ('ʍ', 'w'),
    ('ʎ', 'y'),
];

const FLAGS: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi \
    bj bl bm bn bo bq br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cp cq cr cu cv cw \
    cx cy cz de dg dj dk dm do dz ea ec ee eg eh er es et eu fi fj fk fm fo fr ga gb gd ge gf gg \
    gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu ic id ie il im in io iq ir is it je \
    jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg \
    mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa \
    pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm \
    sn so sr ss st sv sx sy sz ta tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um un us \
    uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw";
