//! The record against what it promises: same bytes, true quotes, no contact.

use proptest::prelude::*;

use super::*;
use crate::assessment::{Assessment, Evidence, EvidenceKind, Level, PossibleMinor};
use crate::entity::{Entity, Value};
use crate::indicator::Lang;
use crate::post::{FieldName, Post};
use crate::span::Span;
use crate::store::key::Key;
use crate::store::mask::Masker;
use crate::store::sample;

/// Cuts code points out of a text, the long way.
fn cut(text: &str, start: u32, end: u32) -> String {
    let length = (end - start) as usize;
    text.chars().skip(start as usize).take(length).collect()
}

fn all_matches(finding: &Finding) -> Vec<&Match> {
    let mut matches: Vec<&Match> = Vec::new();
    matches.extend(finding.indicators.iter().flat_map(|one| &one.matches));
    let assessed = &finding.assessment;
    matches.extend(assessed.contexts.iter().flat_map(|one| &one.matches));
    matches.extend(assessed.against.iter().flat_map(|one| &one.matches));
    for suppressed in &assessed.suppressed {
        matches.extend(suppressed.matches.iter().chain(&suppressed.guard_matches));
    }
    matches
}

fn field<'f>(finding: &'f Finding, name: &str) -> &'f str {
    match name {
        "title" => finding.source.title.as_deref().unwrap(),
        _ => finding.content.text.as_deref().unwrap(),
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    assert_eq!(sample::record().to_line(), sample::record().to_line());
}

#[test]
fn every_quote_is_the_masked_text_at_its_span() {
    let finding = sample::record();
    let matches = all_matches(&finding);
    assert!(matches.len() >= 7);
    for found in matches {
        let text = field(&finding, &found.field);
        assert_eq!(found.quote, cut(text, found.start, found.end));
    }
    let length = sample::TEXT.chars().count();
    assert_eq!(finding.content.length as usize, length);
}

#[test]
fn no_contact_survives_anywhere_in_the_line() {
    let line = sample::record().to_line();
    let contacts = [
        "81200000078",
        "0812-0000",
        "0812 0000",
        "81200000",
        "contoh_agensi",
        "agen@",
        "kerja.ex",
        "wa.me",
        "http:",
        "https:/",
    ];
    for contact in contacts {
        let schema_only = line.replace(SCHEMA, "");
        assert!(!schema_only.contains(contact), "{contact}");
    }
}

#[test]
fn the_seal_breaks_when_anything_changes() {
    let finding = sample::record();
    assert!(finding.is_intact());
    let read: Finding = serde_json::from_str(&finding.to_line()).unwrap();
    assert_eq!(read, finding);
    assert!(read.is_intact());
    let mut changed = read.clone();
    changed.assessment.points += 1;
    assert!(!changed.is_intact());
    assert!(changed.sealed().is_intact());
    let reviewed = read.with_review(Review {
        state: "in_review".to_owned(),
        ..Review::new()
    });
    assert!(reviewed.is_intact());
    assert_eq!(reviewed.revision, 2);
}

#[test]
fn a_record_of_an_earlier_version_reads_and_keeps_its_seal() {
    let old = include_str!("../../../tests/data/record/good-1.0.0.json");
    let read: Finding = serde_json::from_str(old).unwrap();
    assert!(read.is_intact());
    assert_eq!(read.assessment.legal_frame, None);
    assert!(!read.to_line().contains("legal_frame"));
}

#[test]
fn the_legal_frame_says_what_shows_each_part_and_concludes_nothing() {
    let frame = sample::record().assessment.legal_frame.unwrap();
    let shown: Vec<(&str, &str, usize)> = frame
        .parts
        .iter()
        .map(|part| (part.part.as_str(), part.state.as_str(), part.shown_by.len()))
        .collect();
    let unseen = "not_visible_in_text";
    let expected = [
        ("act", unseen, 0),
        ("means", "sign_in_text", 3),
        ("purpose", unseen, 0),
    ];
    assert_eq!(shown, expected);
    assert_eq!(frame.child, None);
}

#[test]
fn for_a_child_the_legal_frame_says_that_means_are_not_needed() {
    let mut assessment = sample::assessment();
    assessment.possible_minor = PossibleMinor::Indicator;
    assert!(assessment.frame().child);
    assessment.possible_minor = PossibleMinor::Unknown;
    assert!(!assessment.frame().child);
    let mut hit = assessment.hits.remove(0);
    let mut words = (*hit.indicator).clone();
    words.axis = crate::indicator::Axis::Infant;
    hit.indicator = std::sync::Arc::new(words);
    assessment.hits.push(hit);
    let run = sample::run();
    let masker = sample::masker();
    let record = finding(
        &sample::post(),
        &assessment,
        &Particulars::default(),
        &run,
        &masker,
    );
    let child = record.assessment.legal_frame.unwrap().child.unwrap();
    assert!(child.basis.en.ends_with("3(c)"));
}

#[test]
fn what_was_set_aside_shows_no_part() {
    let mut assessment = sample::assessment();
    assessment.hits.clear();
    assessment.gates.clear();
    let frame = assessment.frame();
    assert!(frame.parts.iter().all(|part| part.shown_by.is_empty()));
    assert!(!assessment.suppressed.is_empty());
}

#[test]
fn the_id_follows_the_post_and_nothing_else() {
    let run = sample::run();
    let of = |post: &Post, assessment: &Assessment, key: u8| {
        let masker = Masker::new(Key::from_bytes([key; 32]));
        finding(post, assessment, &Particulars::default(), &run, &masker).id
    };
    let post = sample::post();
    let seen = of(&post, &sample::assessment(), 1);
    let edited = Post {
        text: "lain".to_owned(),
        title: None,
        ..post.clone()
    };
    assert_eq!(seen, of(&edited, &sample::nothing_seen(), 2));
    let other = Post {
        native_id: "post/884214".to_owned(),
        ..post.clone()
    };
    assert_ne!(seen, of(&other, &sample::assessment(), 1));
    // An id that is a telephone number could be tried out: it is keyed.
    let telling = Post {
        native_id: "u-081200000078".to_owned(),
        ..post
    };
    let assessment = sample::assessment();
    assert_ne!(of(&telling, &assessment, 1), of(&telling, &assessment, 2));
}

#[test]
fn the_more_a_post_deserves_a_look_the_longer_it_is_kept() {
    let days = [
        (Level::Critical, "2027-11-03"),
        (Level::High, "2027-11-03"),
        (Level::Medium, "2027-02-01"),
        (Level::Low, "2026-12-03"),
        (Level::None, "2026-12-03"),
    ];
    for (level, until) in days {
        let assessment = Assessment {
            level,
            ..sample::assessment()
        };
        let made = finding(
            &sample::post(),
            &assessment,
            &Particulars::default(),
            &sample::run(),
            &sample::masker(),
        );
        assert_eq!(made.privacy.retain_until, until, "{level:?}");
    }
}

#[test]
fn a_possible_minor_restricts_the_handling() {
    let restricted = |possible_minor| {
        let assessment = Assessment {
            possible_minor,
            ..sample::assessment()
        };
        let made = finding(
            &sample::post(),
            &assessment,
            &Particulars::default(),
            &sample::run(),
            &sample::masker(),
        );
        made.privacy
            .handling
            .contains(&"minor_restricted".to_owned())
    };
    assert!(restricted(PossibleMinor::Indicator));
    assert!(!restricted(PossibleMinor::Unknown));
    assert!(!restricted(PossibleMinor::NoIndicator));
}

#[test]
fn a_post_in_which_nothing_was_seen_has_a_full_record_too() {
    let post = Post {
        text: String::new(),
        title: None,
        url: Some("javascript:alert(1)".to_owned()),
        author: None,
        collected: None,
        published: None,
        extra: BTreeMap::new(),
        ..sample::post()
    };
    let made = finding(
        &post,
        &sample::nothing_seen(),
        &Particulars::default(),
        &sample::run(),
        &sample::masker(),
    );
    let value: serde_json::Value = serde_json::from_str(&made.to_line()).unwrap();
    assert_eq!(value["assessment"]["level"], "none");
    assert_eq!(value["assessment"]["route"], "context_only");
    assert_eq!(value["source"]["native_id"], "post/884213");
    assert_eq!(value["source"]["url"], serde_json::Value::Null);
    assert_eq!(value["source"]["url_state"], "withheld");
    assert_eq!(value["privacy"]["masked"], serde_json::json!([]));
    assert!(value["source"].get("extra").is_none());
    assert!(!made.assessment.summary.get(Lang::Id).is_empty());
}

/// A text and a span of it on character boundaries.
fn text_and_span(text: impl Strategy<Value = String>) -> impl Strategy<Value = (String, Span)> {
    (
        text,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
    )
        .prop_map(|(text, one, other)| {
            let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            ends.push(text.len());
            let (one, other) = (*one.get(&ends), *other.get(&ends));
            (text, Span::new(one.min(other), one.max(other)))
        })
}

fn record_with(field: FieldName, text: &str, span: Span, entities: Vec<Entity>) -> Finding {
    let mut assessment = Assessment {
        entities,
        ..sample::assessment()
    };
    assessment.suppressed.clear();
    assessment.contexts.clear();
    assessment.hits.truncate(1);
    assessment.hits[0].evidence = vec![Evidence {
        field,
        span,
        kind: EvidenceKind::Phrase,
    }];
    let mut post = Post {
        text: String::new(),
        title: None,
        ..sample::post()
    };
    match field {
        FieldName::Text => text.clone_into(&mut post.text),
        FieldName::Title => post.title = Some(text.to_owned()),
    }
    finding(
        &post,
        &assessment,
        &Particulars::default(),
        &sample::run(),
        &sample::masker(),
    )
}

fn either_field() -> impl Strategy<Value = FieldName> {
    prop_oneof![Just(FieldName::Text), Just(FieldName::Title)]
}

proptest! {
    #[test]
    fn a_quote_is_the_published_text_where_nothing_is_a_contact(
        (text, span) in text_and_span(
            any::<String>()
                .prop_map(|text| text.replace([':', '.'], ""))
                .prop_filter("no long number", |text| {
                    text.chars().filter(|c| c.is_numeric()).count() < 9
                })
        ),
        name in either_field(),
    ) {
        let made = record_with(name, &text, span, Vec::new());
        let found = &made.indicators[0].matches[0];
        prop_assert_eq!(&found.quote, span.of(&text));
        prop_assert_eq!(&found.quote, &cut(&text, found.start, found.end));
        prop_assert_eq!(field(&made, name.as_str()), text);
    }

    #[test]
    fn a_quote_is_the_masked_text_wherever_contacts_stand(
        (text, span) in text_and_span("(\\PC|[0-9 @./+-]|https?://|wa\\.me/){0,60}"),
        kinds in prop::collection::vec((0..5_u8, any::<[prop::sample::Index; 2]>()), 0..6),
        name in either_field(),
    ) {
        let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        ends.push(text.len());
        let entities = kinds.iter().map(|(kind, at)| {
            let (one, other) = (*at[0].get(&ends), *at[1].get(&ends));
            Entity {
                field: name,
                span: Span::new(one.min(other), one.max(other)),
                value: contact(*kind),
            }
        });
        let made = record_with(name, &text, span, entities.collect());
        let found = &made.indicators[0].matches[0];
        let masked = field(&made, name.as_str());
        prop_assert_eq!(&found.quote, &cut(masked, found.start, found.end));
        prop_assert_eq!(masked.chars().count(), text.chars().count());
        prop_assert!(made.is_intact());
    }
}

fn contact(kind: u8) -> Value {
    match kind {
        0 => Value::Phone {
            e164: "+6281200000078".to_owned(),
            country: None,
            mobile: false,
            obscured: true,
        },
        1 => Value::Handle {
            name: "contoh".to_owned(),
        },
        2 => Value::Email {
            address: "a@b.example".to_owned(),
        },
        _ => Value::Link {
            address: "b.example".to_owned(),
            messenger: kind == 3,
        },
    }
}
