//! Names of Indonesia's provinces, by ISO 3166-2.
//!
//! Codes as of ISO 3166-2:ID with the four Papuan provinces of 2022; names as
//! the ministry of home affairs writes them. The same in both languages: they
//! are names.

/// The name of a province; `None` for a code that is none of Indonesia's.
pub(super) fn name(code: &str) -> Option<&'static str> {
    let at = PROVINCES.binary_search_by_key(&code, |(code, _)| code);
    at.ok().map(|at| PROVINCES[at].1)
}

/// Sorted by code.
const PROVINCES: [(&str, &str); 38] = [
    ("ID-AC", "Aceh"),
    ("ID-BA", "Bali"),
    ("ID-BB", "Kepulauan Bangka Belitung"),
    ("ID-BE", "Bengkulu"),
    ("ID-BT", "Banten"),
    ("ID-GO", "Gorontalo"),
    ("ID-JA", "Jambi"),
    ("ID-JB", "Jawa Barat"),
    ("ID-JI", "Jawa Timur"),
    ("ID-JK", "DKI Jakarta"),
    ("ID-JT", "Jawa Tengah"),
    ("ID-KB", "Kalimantan Barat"),
    ("ID-KI", "Kalimantan Timur"),
    ("ID-KR", "Kepulauan Riau"),
    ("ID-KS", "Kalimantan Selatan"),
    ("ID-KT", "Kalimantan Tengah"),
    ("ID-KU", "Kalimantan Utara"),
    ("ID-LA", "Lampung"),
    ("ID-MA", "Maluku"),
    ("ID-MU", "Maluku Utara"),
    ("ID-NB", "Nusa Tenggara Barat"),
    ("ID-NT", "Nusa Tenggara Timur"),
    ("ID-PA", "Papua"),
    ("ID-PB", "Papua Barat"),
    ("ID-PD", "Papua Barat Daya"),
    ("ID-PE", "Papua Pegunungan"),
    ("ID-PS", "Papua Selatan"),
    ("ID-PT", "Papua Tengah"),
    ("ID-RI", "Riau"),
    ("ID-SA", "Sulawesi Utara"),
    ("ID-SB", "Sumatera Barat"),
    ("ID-SG", "Sulawesi Tenggara"),
    ("ID-SN", "Sulawesi Selatan"),
    ("ID-SR", "Sulawesi Barat"),
    ("ID-SS", "Sumatera Selatan"),
    ("ID-ST", "Sulawesi Tengah"),
    ("ID-SU", "Sumatera Utara"),
    ("ID-YO", "DI Yogyakarta"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_province_the_rules_know_has_a_name() {
        assert!(PROVINCES.is_sorted());
        let places = std::fs::read_to_string("rules/lists/places.csv").unwrap();
        let codes = places
            .split([',', '\n'])
            .filter(|cell| cell.starts_with("ID-"));
        let mut n = 0;
        for code in codes {
            assert!(name(code).is_some(), "{code}");
            n += 1;
        }
        assert!(n > 500, "{n}");
        assert_eq!(name("MY-01"), None);
    }
}
