//! An invented post and what is seen in it, for the tests of this module and
//! of `report`. No number, host or account here is anybody's.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::key::Key;
use super::mask::Masker;
use super::record::{Finding, Particulars, RunFacts, finding};
use crate::assessment::{
    Against, AgainstKind, Assessment, ContextHit, Evidence, EvidenceKind, GateHit, Hit, Level,
    PossibleMinor, Route, Suppressed,
};
use crate::entity::{Entity, Period, Value};
use crate::id::Digest;
use crate::indicator::{
    Axis, Bilingual, Citation, Context, Element, EvidenceGrade, Gate, Indicator, Status, Strength,
};
use crate::post::{Capture, FieldName, Origin, PlatformKind, Post, Published};
use crate::span::Span;

/// The body of the invented post. Its lengths in bytes, UTF-16 units and code
/// points all differ before the first place anything is seen in.
pub(crate) const TEXT: &str = "DIBUTUHKAN SEGERA! 🙏 Admin online & operator data di luar negeri. \
    Gaji 15-20 juta/bulan, tanpa pengalaman. Biaya dipotong gaji 6 bulan. \
    Paspor disimpan kantor. WA 0812-0000-0078 (jangan telp), @contoh_agensi, \
    wa.me/6281200000078, agen@kerja.example. Berangkat minggu ini!";

/// The invented post.
pub(crate) fn post() -> Post {
    Post {
        platform: "forum-contoh".to_owned(),
        platform_kind: PlatformKind::ClassifiedSite,
        native_id: "post/884213".to_owned(),
        url: Some("https://forum-contoh.example/lowongan/884213?hp=081200000078".to_owned()),
        title: Some("Lowongan admin luar negeri 0812 0000 0078".to_owned()),
        text: TEXT.to_owned(),
        author: Some("contoh_agensi".to_owned()),
        place_hint: Some("Batam".to_owned()),
        published: Published::parse("2026-11-03T09:12:00+07:00"),
        collected: "2026-11-03T14:00:05Z".parse().ok(),
        extra: BTreeMap::from([(
            "kontak".to_owned(),
            json!(["0812 0000 0079", 6_281_200_000_078_u64]),
        )]),
        origin: Origin {
            file: "forum-contoh.jsonl".to_owned(),
            line: 4127,
            digest: Digest::of(b"line"),
            capture: Some(Capture {
                path: "evidence/forum-contoh.warc.gz".to_owned(),
                offset: 512,
                record_id: "<urn:uuid:2a2911ca-edfe-5a7e-a4e9-418e311aa37a>".to_owned(),
                digest: Digest::of(b"page"),
            }),
        },
    }
}

/// What is seen in it.
pub(crate) fn assessment() -> Assessment {
    Assessment {
        route: Route::Alert,
        level: Level::High,
        points: 11,
        gates: vec![GateHit {
            gate: Arc::new(Gate {
                id: "overseas_debt_and_passport".to_owned(),
                alias: "G5".to_owned(),
                reason: Bilingual::new(
                    "Kerja luar negeri dengan paspor ditahan dan jeratan biaya",
                    "Overseas job with passport kept and debt",
                ),
                route: Route::Alert,
                palermo: Vec::new(),
                sources: vec![cite("ILO11")],
            }),
            level: Level::High,
            met_by: [
                "control.document_retention",
                "control.debt_or_advance",
                "ctx:overseas_job",
            ]
            .map(str::to_owned)
            .to_vec(),
        }],
        hits: hits(),
        suppressed: vec![Suppressed {
            rule: "act.rushed_departure".to_owned(),
            alias: "A2".to_owned(),
            guard: "holiday_offer".to_owned(),
            reason: Bilingual::new("Jadwal, bukan desakan", "A timetable, not pressure"),
            evidence: vec![at("Berangkat minggu ini")],
            guard_evidence: vec![at("minggu ini")],
        }],
        contexts: vec![ContextHit {
            context: Arc::new(Context {
                id: "overseas_job".to_owned(),
                title: Bilingual::new("Kerja di luar negeri", "Job abroad"),
                against: None,
                sources: vec![cite("ILO11")],
            }),
            evidence: vec![at("luar negeri")],
        }],
        against: vec![Against {
            kind: AgainstKind::CannotCheck,
            text: Bilingual::new(
                "Izin P3MI tidak disebut; tidak dapat diperiksa",
                "No P3MI licence given; it cannot be checked",
            ),
            evidence: Vec::new(),
        }],
        possible_minor: PossibleMinor::NoIndicator,
        entities: entities(),
        shadow: Vec::new(),
    }
}

fn cite(key: &str) -> Citation {
    Citation {
        source: key.to_owned(),
        section: None,
        unverified: false,
    }
}

fn hits() -> Vec<Hit> {
    let hit = |rule: &str, alias: &str, title: [&str; 2], points, quotes: &[&str]| Hit {
        indicator: Arc::new(Indicator {
            id: rule.to_owned(),
            alias: alias.to_owned(),
            version: 1,
            title: Bilingual::new(title[0], title[1]),
            why: Bilingual::new(
                "Membatasi kebebasan untuk pergi.",
                "Limits the freedom to leave.",
            ),
            axis: Axis::Control,
            strength: if points > 1 {
                Strength::Strong
            } else {
                Strength::Weak
            },
            grade: EvidenceGrade::Institutional,
            palermo: vec![Element::Means],
            frameworks: vec!["ilo11:7".to_owned()],
            sources: vec![
                Citation {
                    section: Some("7".to_owned()),
                    ..cite("ILO11")
                },
                cite("KAMB-SH25"),
                Citation {
                    unverified: true,
                    ..cite("ILO-DELPHI")
                },
            ],
            status: Status::Active,
        }),
        points,
        evidence: quotes.iter().map(|quote| at(quote)).collect(),
    };
    vec![
        hit(
            "control.document_retention",
            "C1",
            ["Dokumen ditahan", "Documents withheld"],
            5,
            &["Paspor disimpan kantor"],
        ),
        hit(
            "control.debt_or_advance",
            "C2",
            ["Utang atau potongan upah", "Debt or pay deduction"],
            5,
            &["Biaya dipotong gaji 6 bulan"],
        ),
        hit(
            "deception.too_good_pay",
            "M1",
            ["Upah terlalu tinggi", "Pay too good"],
            1,
            &[
                "Gaji 15-20 juta/bulan",
                "15-20 juta/bulan, tanpa pengalaman",
            ],
        ),
    ]
}

fn entities() -> Vec<Entity> {
    let phone = || Value::Phone {
        e164: "+6281200000078".to_owned(),
        country: Some("ID".to_owned()),
        mobile: true,
        obscured: false,
    };
    let entity = |quote, value| Entity {
        field: FieldName::Text,
        span: at(quote).span,
        value,
    };
    vec![
        Entity {
            field: FieldName::Title,
            span: Span::new(27, 41),
            value: phone(),
        },
        entity(
            "15-20 juta/bulan",
            Value::Price {
                min: 15_000_000,
                max: 20_000_000,
                currency: "IDR",
                period: Some(Period::Month),
            },
        ),
        entity(
            "WA",
            Value::Messenger {
                network: "whatsapp",
            },
        ),
        entity("0812-0000-0078", phone()),
        entity(
            "@contoh_agensi",
            Value::Handle {
                name: "contoh_agensi".to_owned(),
            },
        ),
        entity(
            "wa.me/6281200000078",
            Value::Link {
                address: "wa.me/6281200000078".to_owned(),
                messenger: true,
            },
        ),
        entity(
            "agen@kerja.example",
            Value::Email {
                address: "agen@kerja.example".to_owned(),
            },
        ),
    ]
}

/// The place of `quote` in the invented body.
pub(crate) fn at(quote: &str) -> Evidence {
    let start = TEXT.find(quote).expect("the quote stands in the text");
    Evidence {
        field: FieldName::Text,
        span: Span::new(start, start + quote.len()),
        kind: EvidenceKind::Phrase,
    }
}

/// An assessment in which nothing was seen.
pub(crate) fn nothing_seen() -> Assessment {
    Assessment {
        route: Route::ContextOnly,
        level: Level::None,
        points: 0,
        gates: Vec::new(),
        hits: Vec::new(),
        suppressed: Vec::new(),
        contexts: Vec::new(),
        against: Vec::new(),
        possible_minor: PossibleMinor::NoIndicator,
        entities: Vec::new(),
        shadow: Vec::new(),
    }
}

/// The run that found it.
pub(crate) fn run() -> RunFacts {
    RunFacts {
        engine_version: "0.1.0".to_owned(),
        engine_build: "git:abc1234".to_owned(),
        ruleset_name: "id-en-core".to_owned(),
        ruleset_version: "2026.11.1".to_owned(),
        ruleset_digest: Digest::of(b"rules"),
        scan_id: uuid::Uuid::from_u128(0xc159_6405_f7b1_5511_b7ac_f6ae_0bdf_b3d8),
        scanned_at: "2026-11-03T15:20:11Z"
            .parse::<Timestamp>()
            .expect("a valid time"),
        normalization: "nfkc+deobfuscate/1".to_owned(),
    }
}

/// A masker with a key that is no secret.
pub(crate) fn masker() -> Masker {
    Masker::new(Key::from_bytes([7; 32]))
}

/// The record of the invented post.
pub(crate) fn record() -> Finding {
    finding(
        &post(),
        &assessment(),
        &Particulars::default(),
        &run(),
        &masker(),
    )
}
