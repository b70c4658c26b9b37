//! Synthetic posts to measure with: classified ads as people write them,
//! Indonesian with some English, all invented.
//!
//! The same seed gives the same bytes on every machine. About one post in
//! fifty holds wording that rules should find, so that a measurement includes
//! finding something. Numbers are plainly fake (`0812-0000-0xxx`), hosts end
//! in `.example`, and nothing is explicit.

use std::fmt::Write as _;
use std::io::{self, Write};

/// How many posts were written, and of which kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// All of them.
    pub(crate) posts: u64,
    /// With wording that rules should find.
    pub(crate) flaggable: u64,
    /// With emoji or other characters beyond ASCII.
    pub(crate) decorated: u64,
    /// With letters disguised.
    pub(crate) disguised: u64,
    /// Bytes, line ends included.
    pub(crate) bytes: u64,
}

/// An endless run of posts.
pub(crate) struct Corpus {
    random: SplitMix,
    tally: Tally,
}

impl Corpus {
    /// Begins the run of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: SplitMix(seed),
            tally: Tally::default(),
        }
    }

    /// Writes whole JSONL lines until at least `bytes` are written.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub(crate) fn write(mut self, bytes: u64, out: &mut impl Write) -> io::Result<Tally> {
        while self.tally.bytes < bytes {
            let line = self.line();
            out.write_all(line.as_bytes())?;
        }
        out.flush()?;
        Ok(self.tally)
    }

    /// The next post as one line of JSON, with its end.
    pub(crate) fn line(&mut self) -> String {
        self.tally.posts += 1;
        let number = self.tally.posts;
        let kind = KINDS[self.random.weighted(&[50, 25, 25])];
        let title = self.sentence(kind.titles);
        let text = self.text(kind);
        let place = self.random.pick(PLACES);
        let mut line = format!(r#"{{"id":"p-{number:08}","title":"#);
        line.push_str(&quoted(&title));
        line.push_str(r#","text":"#);
        line.push_str(&quoted(&text));
        let (day, hour) = (1 + self.random.below(28), self.random.below(24));
        write!(
            line,
            r#","url":"https://pasar.example/iklan/{number}","published":"2026-10-{day:02}T{hour:02}:15:00+07:00","author":"penjual_{}","place_hint":"{place}""#,
            self.random.below(5000),
        )
        .expect("writing to a string cannot fail");
        if self.random.percent(60) {
            let price = 50 + self.random.below(9000);
            write!(line, r#","harga":{price}000"#).expect("writing to a string cannot fail");
        }
        line.push_str("}\n");
        self.tally.bytes += line.len() as u64;
        line
    }

    /// 200 to 2000 bytes, short ones more often.
    fn text(&mut self, kind: &Kind) -> String {
        let (a, b) = (self.random.below(1750), self.random.below(1750));
        let length = 200 + a.min(b);
        let flaggable = self.random.percent(2);
        let decorated = self.random.percent(15);
        let mut text = String::with_capacity(length + 200);
        if flaggable {
            self.tally.flaggable += 1;
            text.push_str(self.random.pick(FLAGGABLE));
        }
        while text.len() < length {
            if !text.is_empty() {
                text.push_str(self.random.pick(&[" ", " ", "\n", ". "]));
            }
            let pool = if self.random.percent(70) {
                kind.bodies
            } else {
                COMMON
            };
            let sentence = self.sentence(pool);
            text.push_str(&sentence);
            if decorated && self.random.percent(40) {
                text.push_str(self.random.pick(DECORATION));
            }
        }
        if decorated {
            self.tally.decorated += 1;
            text.push_str(DECORATION[0]);
        }
        if self.random.percent(3) {
            self.tally.disguised += 1;
            text = self.disguise(&text);
        }
        // A decoration or disguise may have gone past the end.
        while text.len() > 1990 {
            text.pop();
        }
        text
    }

    /// One sentence of `pool` with its blanks filled.
    fn sentence(&mut self, pool: &[&str]) -> String {
        let mut text = String::new();
        let mut rest = self.random.pick(pool);
        while let Some((before, after)) = rest.split_once('{') {
            let (blank, after) = after.split_once('}').expect("every blank is closed");
            text.push_str(before);
            match blank {
                "n" => self.number(&mut text, 1, 30),
                "jt" => self.number(&mut text, 2, 900),
                "rb" => self.number(&mut text, 15, 950),
                "year" => self.number(&mut text, 2005, 2026),
                "phone" => {
                    let last = self.random.below(1000);
                    write!(text, "0812-0000-0{last:03}").expect("writing to a string cannot fail");
                }
                "thing" => text.push_str(self.random.pick(THINGS)),
                "job" => text.push_str(self.random.pick(JOBS)),
                _ => text.push_str(self.random.pick(PLACES)),
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn number(&mut self, text: &mut String, from: usize, to: usize) {
        let number = from + self.random.below(to - from);
        write!(text, "{number}").expect("writing to a string cannot fail");
    }

    /// Writes some words so that a plain search misses them.
    fn disguise(&mut self, text: &str) -> String {
        let how = self.random.below(5);
        let mut words = Vec::new();
        for word in text.split(' ') {
            if word.len() > 4 && self.random.percent(12) {
                words.push(word.chars().map(|c| disguised(c, how)).collect::<String>());
            } else {
                words.push(word.to_owned());
            }
        }
        // At least one, so that the tally is true.
        words.push("murah".chars().map(|c| disguised(c, how)).collect());
        words.join(" ")
    }
}

fn disguised(c: char, how: usize) -> String {
    let other = match (how, c) {
        (0, 'a') => '4',
        (0, 'i') => '1',
        (0, 'e') => '3',
        (0, 'u') => 'v',
        (1, 'a') => 'а',
        (1, 'e') => 'е',
        (1, 'o') => 'о',
        (1, 'p') => 'р',
        (2, c) if c.is_ascii_graphic() => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
        (3, c) => return format!("{c}\u{200b}"),
        (4, c) if c.is_ascii_alphabetic() => return format!("{c}."),
        _ => c,
    };
    other.to_string()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string can always be written as JSON")
}

/// A small, well-known generator (SplitMix64), the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        (self.next() % n) as usize
    }

    fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    fn pick<'w>(&mut self, from: &[&'w str]) -> &'w str {
        from[self.below(from.len())]
    }

    fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (n, &weight) in weights.iter().enumerate() {
            if at < weight {
                return n;
            }
            at -= weight;
        }
        0
    }
}

struct Kind {
    titles: &'static [&'static str],
    bodies: &'static [&'static str],
}

const KINDS: [&Kind; 3] = [
    &Kind {
        titles: &[
            "Jual {thing} bekas {place}",
            "{thing} tahun {year} mulus",
            "WTS {thing} murah",
            "For sale: {thing}, good condition",
            "Dijual cepat {thing} BU",
        ],
        bodies: &[
            "Dijual {thing} kondisi mulus terawat, pemakaian pribadi sejak {year}",
            "Harga {jt} ribu nego tipis, bisa COD daerah {place}",
            "Surat lengkap, pajak hidup sampai {year}",
            "Minus baret halus pemakaian wajar, fungsi normal semua",
            "Barang siap kirim ke seluruh Indonesia, packing kayu aman",
            "Lengkap dengan dus, nota dan garansi toko {n} bulan",
            "Bisa tukar tambah dengan {thing}, selisih dibicarakan",
            "Selling my {thing}, used for {n} months, no defects",
            "Price is {rb}k, slightly negotiable, pick up in {place}",
            "Stok terbatas, ready warna hitam, putih dan biru",
        ],
    },
    &Kind {
        titles: &[
            "Kos putri dekat kampus {place}",
            "Rumah dijual {place} {n} kamar",
            "Disewakan ruko 2 lantai {place}",
            "Kontrakan bulanan {place}",
            "Tanah kavling {place} SHM",
        ],
        bodies: &[
            "Kamar {n} x 4 meter, kamar mandi dalam, kasur, lemari, meja belajar",
            "Sewa {rb} ribu per bulan termasuk air dan internet, listrik token",
            "Sertifikat SHM, IMB lengkap, bebas banjir, akses mobil",
            "Dekat pasar, sekolah dan stasiun, {n} menit ke pusat {place}",
            "Luas tanah {jt} meter persegi, hadap timur, air sumur bor",
            "Bisa KPR, DP ringan, cicilan mulai {n} juta per bulan",
            "Parkir motor luas, jam bebas sopan, dapur bersama",
            "House for rent in {place}, {n} bedrooms, quiet street",
            "Full furnished, AC, water heater, minimum stay {n} months",
        ],
    },
    &Kind {
        titles: &[
            "Lowongan {job} {place}",
            "Dibutuhkan segera {job}",
            "Loker {job} gaji UMR",
            "Hiring {job} in {place}",
            "Dicari {job} berpengalaman",
        ],
        bodies: &[
            "Dibutuhkan {job} untuk penempatan {place}, jujur dan rajin",
            "Pendidikan minimal SMA sederajat, usia 20 sampai 35 tahun",
            "Gaji pokok UMR, uang makan, BPJS, lembur dihitung",
            "Jam kerja 08.00 sampai 17.00, libur hari Minggu",
            "Kirim lamaran ke toko kami di {place} atau datang langsung",
            "Pengalaman {n} tahun lebih disukai, pelamar baru silakan",
            "Kontrak {n} bulan, dapat diperpanjang sesuai kinerja",
            "Tidak dipungut biaya apa pun selama proses seleksi",
            "We are looking for a {job}, training provided, monthly salary",
        ],
    },
];

const COMMON: &[&str] = &[
    "Minat hubungi {phone}, serius saja",
    "Chat dulu sebelum datang, terima kasih",
    "Lokasi {place}, patokan dekat minimarket",
    "No PHP, siapa cepat dia dapat",
    "Info lebih lanjut telepon {phone} jam kerja",
    "Foto asli bukan ambil dari internet",
    "First come first served, please message {phone}",
    "Barang sesuai deskripsi, silakan cek sendiri di tempat",
    "Harga pas ya kak, sudah murah",
];

/// Wording that the example rules look for, invented.
const FLAGGABLE: &[&str] = &[
    "Lowongan admin kantor di Kamboja, gaji 15 juta tanpa pengalaman, berangkat minggu ini. \
     Tiket dan visa turis diurus agen, paspor disimpan agen sampai lunas.",
    "Kerja admin online di Kamboja, semua ditanggung, cukup KTP. Berangkat pakai visa turis, \
     dokumen dipegang kantor.",
    "Dicari operator komputer untuk Sihanoukville, gaji 1000 USD, tidak perlu ijazah. \
     Paspor dipegang agen, biaya potong gaji 6 bulan.",
    "Admin job in Cambodia, high salary, no experience needed, we send you the ticket. \
     Travel on a tourist visa, agent will hold your passport.",
    "Butuh cepat staf admin luar negeri, berangkat besok, visa turis saja. Paspor ditahan \
     majikan selama kontrak.",
];

const DECORATION: &[&str] = &[
    " 😊",
    " 🔥🔥",
    " ✅",
    " 👍🏽",
    " – terbaik",
    " ❤️",
    " 📍",
    " café",
    "…",
];

const THINGS: &[&str] = &[
    "motor bebek",
    "motor matic",
    "mobil keluarga",
    "laptop",
    "ponsel",
    "kulkas",
    "mesin cuci",
    "sepeda lipat",
    "lemari kayu",
    "kursi tamu",
    "kamera",
    "gitar",
    "televisi 32 inci",
    "AC 1 PK",
    "meja makan",
    "printer",
    "genset",
    "aquarium",
    "treadmill",
    "kompor gas",
];

const JOBS: &[&str] = &[
    "kasir",
    "pramusaji",
    "sopir",
    "admin toko",
    "teknisi AC",
    "satpam",
    "koki",
    "barista",
    "penjahit",
    "guru les",
    "staf gudang",
    "kurir",
    "perawat lansia",
    "operator produksi",
];

const PLACES: &[&str] = &[
    "Bandung",
    "Surabaya",
    "Medan",
    "Makassar",
    "Depok",
    "Bekasi",
    "Semarang",
    "Malang",
    "Denpasar",
    "Kupang",
    "Pontianak",
    "Manado",
    "Batam",
    "Yogyakarta",
    "Palembang",
];
