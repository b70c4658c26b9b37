//! The vocabulary of the measuring texts: function words, words of ordinary
//! advertisements, and tens of thousands made up of syllables, so that they
//! look like Indonesian and English and mean nothing.

use std::collections::HashSet;

use crate::random::{Digest, SplitMix};

/// Different words in all.
pub(crate) const VOCABULARY: usize = 60_000;

/// The vocabulary, most frequent first: the same on every machine.
pub(crate) fn vocabulary() -> Vec<String> {
    let mut random = SplitMix::named("words", 1);
    let mut seen = HashSet::new();
    let mut words = Vec::with_capacity(VOCABULARY);
    let known = known(&mut random);
    for word in known {
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    let blocked: HashSet<u64> = BLOCKED.into_iter().collect();
    while words.len() < VOCABULARY {
        let word = made_up(&mut random, words.len());
        if !is_stretched(&word) && !holds_blocked(&word, &blocked) && seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

/// Function words and advertisement words, the former more often in front.
fn known(random: &mut SplitMix) -> Vec<String> {
    let mut placed: Vec<(usize, &str)> = Vec::new();
    let lists = [(FUNCTION, 60), (ADVERTISEMENT, 260)];
    for (list, spread) in lists {
        for word in list.split_whitespace() {
            placed.push((random.below(spread) + placed.len() / 3, word));
        }
    }
    placed.sort_unstable();
    placed
        .into_iter()
        .map(|(_, word)| word.to_owned())
        .collect()
}

/// A word of syllables; rarer words are longer.
fn made_up(random: &mut SplitMix, rank: usize) -> String {
    let longer = usize::from(rank > 2_000) + usize::from(rank > 20_000);
    let syllables = 2 + random.below(2 + longer) * random.below(2);
    let indonesian = random.percent(68);
    let mut word = String::new();
    if indonesian && random.percent(30) {
        word.push_str(random.pick(&["me", "ber", "di", "ter", "pe", "se", "mem", "ke"]));
    }
    for last in (0..syllables).rev() {
        syllable(random, indonesian, last == 0, &mut word);
    }
    if random.percent(if indonesian { 28 } else { 40 }) {
        word.push_str(if indonesian {
            random.pick(&["kan", "an", "nya", "i", "lah"])
        } else {
            random.pick(&["ing", "ed", "er", "s", "ly", "tion", "ness", "ment"])
        });
    }
    // Short ones are real words or names in too many languages.
    while word.len() < 5 {
        syllable(random, indonesian, true, &mut word);
    }
    word
}

fn syllable(random: &mut SplitMix, indonesian: bool, last: bool, word: &mut String) {
    let (onsets, vowels, codas) = if indonesian {
        (ONSETS_ID, VOWELS_ID, CODAS_ID)
    } else {
        (ONSETS_EN, VOWELS_EN, CODAS_EN)
    };
    word.push_str(random.pick(onsets));
    word.push_str(random.pick(vowels));
    if random.percent(if last { 45 } else { 25 }) {
        word.push_str(random.pick(codas));
    }
}

/// Whether a letter stands three times in a row: that reads as a disguise, and
/// ordinary words have none.
fn is_stretched(word: &str) -> bool {
    let mut threes = word.as_bytes().windows(3);
    threes.any(|three| three[0] == three[1] && three[1] == three[2])
}

fn holds_blocked(word: &str, blocked: &HashSet<u64>) -> bool {
    (0..word.len()).any(|start| {
        let mut digest = Digest::default();
        word.as_bytes()[start..].iter().any(|byte| {
            digest.add(&[*byte]);
            blocked.contains(&digest.number())
        })
    })
}

const ONSETS_ID: &[&str] = &[
    "b", "c", "d", "g", "h", "j", "k", "k", "l", "m", "m", "n", "p", "p", "r", "s", "s", "t", "t",
    "w", "y", "ng", "ny", "", "b", "d", "l", "n", "r", "t", "f", "v", "z", "kh", "sy", "pr", "tr",
    "kr", "gr", "st", "sw", "bl",
];
const VOWELS_ID: &[&str] = &[
    "a", "a", "a", "a", "i", "i", "u", "u", "e", "e", "o", "ai", "au", "ia", "ua",
];
const CODAS_ID: &[&str] = &[
    "n", "n", "ng", "r", "s", "t", "l", "k", "m", "h", "p", "b", "d", "f", "ks",
];
const ONSETS_EN: &[&str] = &[
    "b", "br", "bl", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "fr", "g", "gr", "gl", "h", "j",
    "k", "kn", "l", "m", "n", "p", "pl", "pr", "qu", "r", "s", "sh", "sc", "sl", "sp", "st", "str",
    "t", "th", "tr", "v", "w", "wh", "y", "z", "",
];
const VOWELS_EN: &[&str] = &[
    "a", "e", "i", "o", "u", "ea", "ou", "e", "ai", "ee", "oo", "y", "io", "oa", "au", "ie",
];
const CODAS_EN: &[&str] = &[
    "n", "r", "s", "t", "l", "ck", "m", "nd", "st", "x", "p", "ld", "nt", "ng", "sh", "th", "ft",
    "rd", "rk", "mp", "ct", "ss", "g", "d", "b", "rt", "lk", "ff", "ve", "ce",
];

/// The function words that `language` counts, and a few more.
const FUNCTION: &str = "yang dan di ke dari untuk dengan ini itu tidak ada bisa akan sudah belum \
    saya kami kita anda juga atau pada dalam oleh bagi agar karena yg dgn utk tdk nggak gak aja \
    saja masih the and of to in for with is are was this that you your we our have has will from \
    on at by not or an be it as can please they their all if per no so but";

/// Frequent in ordinary advertisements.
const ADVERTISEMENT: &str = "harga bagus hubungi minat dijual cari lowongan kerja bulan hari tahun \
    orang contact looking sale work job month year jual beli murah bekas baru mulus motor mobil \
    rumah tanah kamar kos sewa kontrak kota jalan dekat pasar sekolah kampus stasiun lantai luas \
    meter air listrik dapur mandi kasur lemari meja kursi lampu kipas pintu pagar taman garasi \
    surat pajak lengkap nego tipis pas cepat langsung datang lokasi daerah alamat info kirim \
    kurir paket ongkir gratis diskon promo stok ready warna hitam putih biru merah hijau ukuran \
    besar kecil sedang panjang lebar tinggi berat kayu besi kaca kain kulit plastik baja mesin \
    ban rem lampu oli bensin solar listrik baterai layar kamera memori laptop ponsel printer \
    televisi kulkas kompor panci piring gelas sendok sepeda gitar buku majalah kertas pensil tas \
    sepatu baju celana jaket topi jam kacamata gaji pokok uang makan lembur bonus tunjangan cuti \
    libur senin minggu pagi siang sore malam kantor gudang toko pabrik warung hotel restoran \
    bengkel salon apotek klinik kebun sawah ladang ternak ayam ikan sapi kambing telur beras gula \
    kopi teh susu roti kue sayur buah pisang mangga jeruk apel semangka admin kasir sopir satpam \
    koki teknisi guru penjahit perawat operator staf sales barista pelamar syarat ijazah usia \
    pengalaman pendidikan jujur rajin sopan house room rent bedroom quiet street price negotiable \
    good condition used new garage garden kitchen water full time part office driver cook cleaner \
    teacher salary monthly weekly training provided apply today call send message delivery pickup";

/// Fragments that would be vulgar, as digests: the texts hold none of them and
/// neither does this file.
const BLOCKED: [u64; 59] = [
    0x091a_23ba_b4d8_1d8e,
    0x0b07_7b5e_bd16_c3f2,
    0x0bb8_f591_194e_f325,
    0x0bd1_0b91_1963_aa68,
    0x1cb3_1abf_6f85_28d4,
    0x1e35_9bef_2e85_0857,
    0x22b4_528a_a04b_7724,
    0x2508_a831_58d8_a5ad,
    0x267e_fd3a_bc36_bd00,
    0x26c4_c77d_50b3_e6b4,
    0x284e_c1c5_96e1_b695,
    0x2d2a_f018_d416_189b,
    0x2d5d_f218_d441_759a,
    0x3059_a47b_3d25_a29b,
    0x3104_c587_d9d4_77d8,
    0x3cbe_acc3_a6b6_22b3,
    0x411e_2dec_936a_726c,
    0x457f_8d79_cf38_684c,
    0x46f0_5e18_e29e_cd13,
    0x472c_61c8_0c4a_7952,
    0x47d8_6156_5de6_a223,
    0x4ad7_f584_706f_7488,
    0x4b0e_a348_66b6_37da,
    0x4c6d_7290_acc0_36bf,
    0x5754_4099_439d_f70b,
    0x5bb6_edba_5298_1647,
    0x5d1f_4f84_7b0e_d442,
    0x6acf_1218_f748_a0db,
    0x6c80_080e_2762_4e1c,
    0x6d9e_f21f_d1da_4113,
    0x6f0b_9ec3_c2ba_c013,
    0x6f59_9184_85a3_80d8,
    0x7183_cbe2_9140_d008,
    0x7913_b7b2_af2f_cf4a,
    0x815c_e484_9009_07e1,
    0x8658_5b78_dafe_862a,
    0x8a0e_3acd_6594_519d,
    0x8c2c_f10d_a893_6508,
    0x96e1_bc83_b579_a92e,
    0xa040_d930_428d_9d0b,
    0xa6ba_40a5_2eff_4ce9,
    0xaa2e_79d9_8868_4706,
    0xb214_6760_6fbb_cc7d,
    0xb430_07b6_b404_0f69,
    0xbb60_db44_5fbf_5155,
    0xbe56_96bf_4c32_00e1,
    0xc30e_1018_f06c_63b0,
    0xc88a_d4da_276e_4b25,
    0xc9b3_8d0d_965f_8769,
    0xca0d_c367_5760_7e74,
    0xcd2f_c69b_c6af_fcf3,
    0xd33e_732f_5a75_1d69,
    0xd9b9_f1ea_a750_eae6,
    0xda42_166c_0c29_b313,
    0xda55_24a2_a795_16c1,
    0xda9b_b594_658a_59c6,
    0xdcb9_7d18_fee0_01bd,
    0xe0f0_c588_62cd_1066,
    0xf0c3_c1c7_db68_643e,
];
