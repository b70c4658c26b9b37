//! The words around a number that decide whether it is somebody's age.
//!
//! These are the token lists of the research (indicators.md 2.1).

use std::sync::LazyLock;

use crate::text::Lexicon;

/// Words of which only the presence counts.
type Set = LazyLock<Lexicon<()>>;

fn set(words: &[&'static str]) -> Lexicon<()> {
    Lexicon::new(words.iter().map(|word| (*word, ())))
}

/// Words that, among the three before, make a number something other than an
/// age.
pub(super) static BEFORE: Set = LazyLock::new(|| {
    set(&[
        "selama",
        "sejak",
        "dalam",
        "setelah",
        "kontrak",
        "garansi",
        "pengalaman",
        "experience",
        "hukuman",
        "penjara",
        "dipenjara",
        "pidana",
        "vonis",
        "divonis",
        "ancaman",
        "pasal",
        "ayat",
        "uu",
        "nomor",
        "no",
        "rt",
        "rw",
        "km",
        "iphone",
        "mobil",
        "motor",
        "perusahaan",
        "pt",
        "cv",
        "bangunan",
        "rumah",
        "pernikahan",
        "nikah",
        "kucing",
        "anjing",
        "hewan",
        "kandungan",
        "jam",
        "pukul",
        "tanggal",
        "tgl",
        "lantai",
        "ukuran",
        "size",
        "for",
        "since",
        "over",
        "past",
        "cicilan",
        "tenor",
        "berdiri",
        "tua",
        "pemakaian",
        "dipakai",
        "bayi",
        "baju",
        "mainan",
        "sepatu",
        "warranty",
        "sentenced",
        "jail",
        "prison",
        "last",
        "next",
    ])
});

/// Words that do so right after.
pub(super) static AFTER: Set = LazyLock::new(|| {
    set(&[
        "lalu",
        "ago",
        "silam",
        "penjara",
        "kurungan",
        "kontrak",
        "garansi",
        "pengalaman",
        "experience",
        "experiences",
        "terakhir",
        "berturut",
        "berjalan",
        "warranty",
        "contract",
        "anniversary",
        "birthday",
        "street",
        "century",
        "august",
        "agustus",
        "edition",
        "avenue",
        "floor",
        "keatas",
        "prison",
        "jail",
        "sentence",
        "imprisonment",
        "guarantee",
        "lamanya",
        "lagi",
        "kemudian",
        "later",
    ])
});

/// Limits, which are ranges with one end.
pub(super) static LIMITS: Set = LazyLock::new(|| {
    set(&[
        "min", "minimal", "minimum", "max", "maks", "maksimal", "maximal", "maximum", "batas",
        "least",
    ])
});

/// After a small number: an infant's age, which infant rules test by words.
pub(super) static INFANT: Set = LazyLock::new(|| {
    set(&[
        "bln", "bulan", "minggu", "mgg", "hari", "month", "months", "week", "weeks", "day", "days",
        "bl",
    ])
});
