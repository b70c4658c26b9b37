//! How fast texts fold: plain ASCII, mixed as people write, and disguised.

use divan::Bencher;
use divan::counter::BytesCount;
use lentera::text::Views;

fn main() {
    divan::main();
}

const ASCII: &str = "Lowongan admin kantor, gaji 5 juta, usia 20-35 tahun. Hubungi kantor kami. ";
const MIXED: &str =
    "Lowongan admin kantor 🙏 gaji 5 juta – usia 20‑35 tahun… Hubungi kafé kami ✅ ";
const DISGUISED: &str =
    "l0w0ngan аdmin k.a.n.t.o.r ｇａｊｉ bes\u{200b}ar pasporrrr d1tahan o p e n ";

#[divan::bench]
fn fold_ascii(bencher: Bencher<'_, '_>) {
    fold(bencher, ASCII);
}

#[divan::bench]
fn fold_mixed(bencher: Bencher<'_, '_>) {
    fold(bencher, MIXED);
}

#[divan::bench]
fn fold_disguised(bencher: Bencher<'_, '_>) {
    fold(bencher, DISGUISED);
}

/// A post of sixteen such sentences.
fn fold(bencher: Bencher<'_, '_>, sentence: &str) {
    let text = sentence.repeat(16);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| Views::new(&text));
}
