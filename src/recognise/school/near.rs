//! The words around a level that decide what it says.

use std::sync::LazyLock;

use crate::entity::School;
use crate::text::Lexicon;

/// What a word says of a level near it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near {
    /// The schooling is asked for, or done.
    Asked,
    /// Goes between "pendidikan" and a level.
    Last,
    /// Somebody who goes there.
    Pupil,
    /// The same in English, behind the school.
    PupilEn,
    /// Goes there, as a verb.
    Bench,
    /// Now, not formerly.
    Still,
    /// May stand between "masih" and a level.
    Way,
    /// Long ago.
    Past,
    /// It is denied.
    Not,
    /// For pupils, who need not be there: lessons, books, uniforms.
    Goods,
    /// Behind "smp" and "sma" that are *sampai* and *sama*.
    Other,
}

pub(super) static NEAR: LazyLock<Lexicon<Near>> = LazyLock::new(|| {
    let rows = [
        (
            "lulusan lulus lls tamatan tamat ijazah ijasah min mnl minimal minimum maksimal \
             pendidikan pend sederajat setingkat setara alumni jenjang",
            Near::Asked,
        ),
        ("terakhir akhir", Near::Last),
        (
            "anak ank siswi siswa pelajar murid santri cewek cewe cw gadis ciwi cowok remaja",
            Near::Pupil,
        ),
        (
            "student students pupil pupils girl girls boy boys kid kids",
            Near::PupilEn,
        ),
        ("bangku bersekolah duduk", Near::Bench),
        ("masih msh baru bru sekarang skrg sedang naik", Near::Still),
        ("di sekolah skolah sklh masuk jadi", Near::Way),
        (
            "waktu wkt dulu dl zaman jaman sejak semasa ketika pas saat mantan teman temen reuni \
             kenangan sahabat was since former old",
            Near::Past,
        ),
        (
            "bukan bkn tidak tdk tak gak ga gk nggak ngga not no never putus",
            Near::Not,
        ),
        (
            "les bimbel buku modul soal lks seragam guru kursus tutor sepatu tas rok ujian materi \
             pelajaran mapel privat mengajar ngajar kurikulum catering katering kepala",
            Near::Goods,
        ),
        (
            "rumah sini sana malam sore pagi siang jam tujuan kos kost kantor lokasi bulan tgl \
             dengan dgn kayak kaya kyk aja saja persis semua seperti sma smp harganya",
            Near::Other,
        ),
    ];
    let rows = rows.into_iter();
    Lexicon::new(
        rows.flat_map(|(words, near)| words.split_whitespace().map(move |word| (word, near))),
    )
});

/// Names of levels, also of state schools and old ones.
pub(in super::super) const LEVELS: [(&str, School); 19] = [
    ("sd", School::Primary),
    ("sdn", School::Primary),
    ("ibtidaiyah", School::Primary),
    ("smp", School::Junior),
    ("smpn", School::Junior),
    ("sltp", School::Junior),
    ("mts", School::Junior),
    ("mtsn", School::Junior),
    ("tsanawiyah", School::Junior),
    ("sma", School::Senior),
    ("sman", School::Senior),
    ("smu", School::Senior),
    ("slta", School::Senior),
    ("ma", School::Senior),
    ("man", School::Senior),
    ("aliyah", School::Senior),
    ("smk", School::Vocational),
    ("smkn", School::Vocational),
    ("stm", School::Vocational),
];

/// Whether a word is the name of a level.
pub(super) fn is_level(word: &str) -> bool {
    word.len() <= 10 && LEVELS.iter().any(|row| row.0 == word)
}
