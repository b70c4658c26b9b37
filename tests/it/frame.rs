//! The legal frame and the codes of other vocabularies, of the shipped pack:
//! against the research's tables, and on invented posts.

use lentera::assessment::frame::Frame;
use lentera::assessment::{AgainstKind, Assessment, PossibleMinor};
use lentera::indicator::{Axis, Element, EvidenceGrade, Reading};
use lentera::rule::{RuleSet, load, shipped};
use lentera::scan::{Scanner, sample_post};

fn pack() -> RuleSet {
    load(&shipped()).0.unwrap()
}

/// Code of the research, Palermo parts, codes of other vocabularies that must
/// be among an indicator's own.
const TABLES: [(&str, &[Element], &[&str]); 26] = {
    use Element::{Act, Means, Purpose};
    [
        ("A1", &[Act], &["ctdc:recruiterRelation"]),
        ("A2", &[Act], &["ilo:DR"]),
        ("A3", &[Act], &["ilo:DR", "htcds:DebtBondage"]),
        ("A4", &[Act], &["htcds:RestrictsMovement"]),
        ("A5", &[Act], &["ilo:DR"]),
        ("A6", &[Act], &["ilo:DR"]),
        ("M1", &[Means], &["ilo:DR"]),
        ("M2", &[Means], &["ilo:DR"]),
        ("M3", &[Means], &["ilo:DR"]),
        (
            "C1",
            &[Means],
            &["ilo:CR", "ilo:CD", "ilo11:7", "htcds:WithholdsDocuments"],
        ),
        (
            "C2",
            &[Means],
            &["ilo:CR", "ilo:CD", "ilo11:9", "htcds:DebtBondage"],
        ),
        ("C3", &[Means], &["ilo:CD", "htcds:Threats"]),
        (
            "C4",
            &[Means],
            &["ilo:CD", "ilo11:3", "ilo11:4", "htcds:RestrictsMovement"],
        ),
        (
            "C5",
            &[Means],
            &["ilo:CD", "ilo11:5", "ilo11:6", "htcds:PhysicalAbuse"],
        ),
        (
            "C6",
            &[Means, Purpose],
            &["ilo:EX", "ilo:CD", "ilo11:8", "htcds:TakesEarnings"],
        ),
        ("C7", &[Means], &["ilo:CD", "ctdc:recruiterRelation"]),
        ("C8", &[Act], &[]),
        ("L1", &[Purpose], &["ilo:DR"]),
        ("I1", &[Act], &[]),
        ("I2", &[Means], &[]),
        ("I3", &[Means], &[]),
        ("Y1", &[], &["palermo:3c", "palermo:3d"]),
        ("Y2", &[], &["palermo:3c", "palermo:3d"]),
        ("Y3", &[], &["palermo:3c", "palermo:3d"]),
        ("Y4", &[], &["palermo:3c", "palermo:3d"]),
        ("Y5", &[], &["palermo:3c", "palermo:3d"]),
    ]
};

#[test]
fn indicators_carry_the_codes_of_the_research() {
    let rules = pack();
    for (alias, palermo, codes) in TABLES {
        let words = &rules.indicators[rules.indicator_named(alias).unwrap()].words;
        assert_eq!(words.palermo, palermo, "{alias}");
        for code in codes {
            let has = words.frameworks.iter().any(|one| one == code);
            assert!(has, "{alias} lacks {code}: {:?}", words.frameworks);
        }
    }
}

#[test]
fn groups_of_the_research_stand_for_parts_of_the_definition() {
    for rule in &pack().indicators {
        let words = &rule.words;
        let has = |element| words.palermo.contains(&element);
        match words.axis {
            Axis::Act => assert!(has(Element::Act), "{}", words.id),
            Axis::Deception => assert!(has(Element::Means), "{}", words.id),
            Axis::Control => assert!(!words.palermo.is_empty(), "{}", words.id),
            // Wording of commercial sex, an age or a disguise shows no part.
            Axis::Context | Axis::Minor | Axis::Evasion | Axis::Network => {
                assert!(words.palermo.is_empty(), "{}", words.id);
            }
            _ => {}
        }
    }
}

#[test]
fn dimensions_cite_where_they_come_from_and_that_nobody_opened_it() {
    let rules = pack();
    for rule in &rules.indicators {
        let words = &rule.words;
        let mut cited = words.sources.iter();
        let from = cited.find(|one| one.source == "ILO-DELPHI");
        let has_dimension = words.frameworks.iter().any(|code| code.starts_with("ilo:"));
        assert_eq!(from.is_some(), has_dimension, "{}", words.id);
        assert!(from.is_none_or(|one| one.unverified), "{}", words.id);
        for citation in &words.sources {
            let source = rules.source_of(citation).unwrap();
            let unread = source.reading == Reading::Memory;
            assert_eq!(citation.unverified, unread, "{citation}");
        }
        let all_unread = words.sources.iter().all(|one| one.unverified);
        assert!(
            !all_unread || words.grade == EvidenceGrade::Unverified,
            "{}",
            words.id
        );
    }
}

#[test]
fn the_eleven_signs_are_cited_by_number() {
    for rule in &pack().indicators {
        let words = &rule.words;
        for code in &words.frameworks {
            let Some(number) = code.strip_prefix("ilo11:") else {
                continue;
            };
            let written = format!("ILO11#{number}");
            let cited = words.sources.iter().any(|one| one.to_string() == written);
            assert!(
                cited,
                "{} points to {code} but cites no {written}",
                words.id
            );
        }
    }
}

fn seen(text: &str) -> Assessment {
    Scanner::new(&pack()).scan(&sample_post(text))
}

fn shown(frame: &Frame) -> [Vec<&str>; 3] {
    frame
        .parts
        .each_ref()
        .map(|part| part.shown_by.iter().map(String::as_str).collect())
}

#[test]
fn an_offer_abroad_shows_an_act_and_means_and_what_speaks_against_it() {
    let found = seen(
        "Loker Malaysia, kilang. PT Contoh Karya. SIP3MI No. 12/2024, kontrak kerja tertulis. \
         Potong gaji 6 bulan, paspor dipegang agen. WA 0812-0000-0718",
    );
    let frame = found.frame();
    let [act, means, purpose] = shown(&frame);
    assert!(act.contains(&"gate:overseas_debt_and_passport"), "{act:?}");
    assert!(means.contains(&"control.document_retention"), "{means:?}");
    assert!(means.contains(&"control.debt_or_advance"), "{means:?}");
    assert!(purpose.is_empty(), "{purpose:?}");
    assert!(!frame.child);
    let held = |id: &str| found.contexts.iter().any(|hit| hit.context.id == id);
    for id in ["company_named", "licence_number", "written_contract"] {
        assert!(held(id), "{id}");
    }
    assert!(!held("nothing_to_check"));
    let licensed = found
        .against
        .iter()
        .filter(|one| one.kind == AgainstKind::Licensed);
    assert!(licensed.clone().all(|one| !one.evidence.is_empty()));
    assert!(licensed.count() >= 3);
}

#[test]
fn an_offer_without_licence_or_company_says_that_it_cannot_be_checked() {
    let found =
        seen("Loker Malaysia, potong gaji 6 bulan, paspor dipegang agen. WA 0812-0000-0718");
    let kinds: Vec<_> = found.against.iter().map(|one| one.kind).collect();
    assert!(kinds.contains(&AgainstKind::CannotCheck), "{kinds:?}");
    assert!(!kinds.contains(&AgainstKind::Licensed), "{kinds:?}");
}

#[test]
fn what_speaks_against_lowers_no_level() {
    let plain = "Loker Malaysia, kilang. Potong gaji 6 bulan, paspor dipegang agen.";
    let named = format!("{plain} PT Contoh Karya, SIP3MI No. 12/2024.");
    assert_eq!(seen(plain).level, seen(&named).level);
}

#[test]
fn a_contract_that_is_denied_is_no_contract() {
    let found = seen("Loker operator di Bandung, tanpa kontrak tertulis");
    let held = |id: &str| found.contexts.iter().any(|hit| hit.context.id == id);
    assert!(held("contract_denied") && !held("written_contract"));
}

#[test]
fn for_a_child_means_are_not_needed_and_none_is_made_up() {
    let found = seen("open bo, 16 th, wa 0812-0000-0707");
    assert_eq!(found.possible_minor, PossibleMinor::Indicator);
    let frame = found.frame();
    assert!(frame.child);
    let [act, means, purpose] = shown(&frame);
    assert!(act.is_empty() && means.is_empty(), "{act:?} {means:?}");
    assert!(
        purpose.contains(&"gate:minor_in_booking_offer"),
        "{purpose:?}"
    );
    let note = frame.child_note().unwrap();
    assert!(note.id.contains("cara tidak diperlukan") && note.en.contains("not needed"));
}

#[test]
fn an_adults_own_ad_shows_no_part() {
    let frame = seen("open bo, 24 th, st 300 lt 800, wa 0812-0000-0710").frame();
    let parts = shown(&frame);
    assert!(!frame.child && parts.iter().all(Vec::is_empty), "{parts:?}");
}
