//! What is read as a value, and the innocent look-alikes that are not.

use super::*;
use crate::entity::Period;

fn values(text: &str) -> Vec<(String, Value)> {
    let at = "2026-11-03T00:00:00Z".parse().ok();
    recognise(FieldName::Text, &Views::new(text), at)
        .into_iter()
        .filter(|entity| !matches!(entity.value, Value::Disguise { .. }))
        .map(|entity| (entity.span.of(text).to_owned(), entity.value))
        .collect()
}

fn ages(text: &str) -> Vec<(u8, u8, bool)> {
    let age = |value| match value {
        Value::Age { min, max, range } => Some((min, max, range)),
        _ => None,
    };
    values(text)
        .into_iter()
        .filter_map(|(_, value)| age(value))
        .collect()
}

#[test]
fn ages_of_persons_are_read() {
    for (text, age) in [
        ("17 th siap kerja", 17),
        ("umur 15", 15),
        ("usianya: baru 16 thn", 16),
        ("tujuh belas tahun", 17),
        ("16 y/o", 16),
        ("16 th bisa kerja", 16),
    ] {
        assert_eq!(ages(text), [(age, age, false)], "{text}");
    }
    assert_eq!(ages("usia 17-35 thn"), [(17, 35, true)]);
    assert_eq!(ages("min. 17 thn"), [(17, 99, true)]);
}

#[test]
fn durations_prices_clocks_and_ordinals_are_not_ages() {
    for text in [
        "17 Agustus",
        "17 cm",
        "17.00 WIB",
        "jam 17",
        "iPhone 17",
        "RT 16",
        "Pasal 17",
        "17 tahun penjara",
        "divonis 15 tahun",
        "garansi 5 tahun",
        "kontrak 10 tahun",
        "15 tahun lalu",
        "pengalaman 10 tahun",
        "UMR 5 juta",
        "kucing umur 5 bulan",
        "17th street",
        "mobil tahun 2017",
        "umur 6 bulan",
        "dipakai 5 tahun",
    ] {
        assert_eq!(ages(text), [], "{text}");
    }
}

#[test]
fn telephone_numbers_are_read_also_when_hidden() {
    for (text, quote, hidden) in [
        ("WA 0812-0000-0123 ya", "0812-0000-0123", false),
        ("+62 812 0000 0123", "+62 812 0000 0123", false),
        ("6281200000123", "6281200000123", false),
        ("o812-oooo-o123", "o812-oooo-o123", true),
        ("0 8 1 2 0 0 0 0 0 1 2 3", "0 8 1 2 0 0 0 0 0 1 2 3", true),
        (
            "kosong delapan satu dua 0000 0123",
            "kosong delapan satu dua 0000 0123",
            true,
        ),
        ("call +1 202-555-0123", "+1 202-555-0123", false),
    ] {
        let phones: Vec<_> = values(text)
            .into_iter()
            .filter_map(|(quote, value)| match value {
                Value::Phone { obscured, .. } => Some((quote, obscured)),
                _ => None,
            })
            .collect();
        assert_eq!(phones, [(quote.to_owned(), hidden)], "{text}");
    }
}

#[test]
fn prices_years_and_sizes_are_not_telephone_numbers() {
    for text in [
        "Rp15.000.000",
        "harga 500 rb nego jam 10",
        "LT 120 LB 90",
        "2026-11-03 09:12",
    ] {
        let phone = |value: &Value| matches!(value, Value::Phone { .. });
        assert!(
            !values(text).iter().any(|(_, value)| phone(value)),
            "{text}"
        );
    }
}

#[test]
fn sums_are_read_with_currency_and_period() {
    for (text, min, max, currency, period) in [
        (
            "Gaji 15-20 juta/bulan",
            15_000_000,
            20_000_000,
            "IDR",
            Some(Period::Month),
        ),
        ("Rp 1.500.000", 1_500_000, 1_500_000, "IDR", None),
        ("300rb", 300_000, 300_000, "IDR", None),
        (
            "1,5jt per bulan",
            1_500_000,
            1_500_000,
            "IDR",
            Some(Period::Month),
        ),
        (
            "US$1,000-1,200 per month",
            1_000,
            1_200,
            "USD",
            Some(Period::Month),
        ),
        ("gaji 1000 dolar", 1_000, 1_000, "USD", None),
        ("rm 4500", 4_500, 4_500, "MYR", None),
        ("15jt s/d 20jt", 15_000_000, 20_000_000, "IDR", None),
    ] {
        let prices: Vec<_> = values(text).into_iter().map(|(_, value)| value).collect();
        assert_eq!(
            prices,
            [Value::Price {
                min,
                max,
                currency,
                period
            }],
            "{text}"
        );
    }
}

#[test]
fn counts_and_models_are_not_sums() {
    for text in ["kapasitas 17 rb orang", "RTX 4090", "luas 120 m", "2017"] {
        let price = |value: &Value| matches!(value, Value::Price { .. });
        assert!(
            !values(text).iter().any(|(_, value)| price(value)),
            "{text}"
        );
    }
}

#[test]
fn addresses_are_read_whole() {
    let text =
        "DM @contoh_kerja_07 atau hr@kantor.example, https://t.me/contoh_08. ID line: contoh";
    let found: Vec<_> = values(text).into_iter().map(|(quote, _)| quote).collect();
    assert_eq!(
        found,
        [
            "@contoh_kerja_07",
            "hr@kantor.example",
            "https://t.me/contoh_08",
            "line",
            "contoh"
        ]
    );
}
