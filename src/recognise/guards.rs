//! The words around a number that decide whether it is somebody's age.
//!
//! These are the token lists of the research (indicators.md 2.1).

use std::sync::LazyLock;

use crate::text::Lexicon;

/// Words of which only the presence counts.
type Set = LazyLock<Lexicon<()>>;

fn set(words: &'static str) -> Lexicon<()> {
    all(words, ())
}

/// The words of a text, all with one meaning.
pub(super) fn all<T: Copy>(words: &'static str, meaning: T) -> Lexicon<T> {
    Lexicon::new(words.split_whitespace().map(|word| (word, meaning)))
}

/// What a word before a number says that it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Not {
    /// An age of anything: a length of time, a number of something.
    Age,
    /// An age of a person: a thing or an animal has it.
    Person,
}

/// Words that, among the three before, make a number something other than the
/// age of a person.
pub(super) static BEFORE: LazyLock<Lexicon<Not>> = LazyLock::new(|| {
    let words = |words: &'static str, not| words.split_whitespace().map(move |word| (word, not));
    Lexicon::new(words(NO_AGE, Not::Age).chain(words(NO_PERSON, Not::Person)))
});

const NO_AGE: &str = "selama sejak dalam setelah kontrak pengalaman experience hukuman pidana vonis divonis \
    ancaman pasal ayat uu nomor no rt rw km jam pukul tanggal tgl lantai for since over \
    past cicilan tenor berdiri pemakaian dipakai sentenced jail prison last next masa sisa lunas tarif reuni pasutri took sought face served serving within hut dirgahayu umr \
    ump umk pertama";

const NO_PERSON: &str = "iphone mobil motor perusahaan pt cv bangunan rumah pernikahan nikah kucing anjing \
    hewan kandungan ukuran size tua bayi baju mainan sepatu penjara dipenjara garansi \
    warranty gedung pohon brand merek toko komunitas organisasi kuda burung ayam sapi \
    kambing company building tanaman lemari meja kursi";

/// Words that do so among the two right after.
pub(super) static AFTER: Set = LazyLock::new(|| {
    set(
        "lalu ago silam penjara kurungan kontrak garansi pengalaman experience experiences \
        terakhir berturut berjalan warranty contract anniversary birthday street century \
        august agustus edition avenue floor prison jail sentence imprisonment guarantee \
        lamanya lagi kemudian later melayani berdiri beroperasi berpengalaman bekerja \
        mengabdi berkecimpung bergerak lebih",
    )
});

/// Before "17th": an English ordinal.
pub(super) static ORDINAL: Set =
    LazyLock::new(|| set("the on my his her our your their this every of"));

/// Which end of a range is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// The lower one.
    Least,
    /// The upper one.
    Most,
}

/// Among the two before: limits, which are ranges with one end.
pub(super) static LIMITS: LazyLock<Lexicon<Limit>> = LazyLock::new(|| {
    let least = ["min", "minimal", "minimum", "least", "atas", "diatas"];
    let most = [
        "max", "maks", "maksimal", "maximal", "maximum", "batas", "most",
    ];
    let least = least.into_iter().map(|word| (word, Limit::Least));
    Lexicon::new(least.chain(most.into_iter().map(|word| (word, Limit::Most))))
});

/// After a small number: an infant's age, which infant rules test by words.
pub(super) static INFANT: Set =
    LazyLock::new(|| set("bln bulan minggu mgg hari month months week weeks day days bl"));
