//! How fast values are found, on views made beforehand: a post without any, an
//! ordinary one, and one that is nothing but values.

use divan::Bencher;
use divan::counter::BytesCount;
use lentera::post::FieldName;
use lentera::recognise::recognise;
use lentera::text::Views;

fn main() {
    divan::main();
}

const WORDS: &str = "Lowongan admin kantor untuk lulusan baru, makan siang dan seragam \
    disediakan, lokasi dekat stasiun dan pasar. ";
const ORDINARY: &str = "Dijual motor bekas tahun 2017, pajak hidup, harga 12 jt nego. Cek dulu \
    di rumah setelah jam 17.00. Hubungi WA 0812-0000-0123 atau DM @contoh_motor. ";
const VALUES: &str = "Rp15.000.000 usia 18-35 thn 0812-0000-0123 https://kantor.example/a \
    hr@kantor.example 300rb/hari ";

#[divan::bench]
fn words(bencher: Bencher<'_, '_>) {
    values(bencher, WORDS, 8);
}

#[divan::bench(args = [8, 80, 800])]
fn ordinary(bencher: Bencher<'_, '_>, times: usize) {
    values(bencher, ORDINARY, times);
}

#[divan::bench]
fn nothing_else(bencher: Bencher<'_, '_>) {
    values(bencher, VALUES, 8);
}

fn values(bencher: Bencher<'_, '_>, sentence: &str, times: usize) {
    let text = sentence.repeat(times);
    let views = Views::new(&text);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| recognise(FieldName::Text, &views, None));
}
