//! What masking shows and what it does not.

use serde_json::json;

use super::*;

fn entity(text: &str, part: &str, value: Value) -> Entity {
    let start = text.find(part).unwrap();
    Entity {
        field: FieldName::Text,
        span: Span::new(start, start + part.len()),
        value,
    }
}

fn phone() -> Value {
    Value::Phone {
        e164: "+6281200000078".to_owned(),
        country: None,
        mobile: true,
        obscured: false,
    }
}

fn link(messenger: bool) -> Value {
    Value::Link {
        address: String::new(),
        messenger,
    }
}

fn masked(text: &str, entities: &[Entity]) -> String {
    MaskedField::new(text, FieldName::Text, entities).text()
}

fn masked_as(text: &str, value: Value) -> String {
    masked(text, &[entity(text, text, value)])
}

#[test]
fn each_contact_keeps_what_a_reader_needs_and_no_more() {
    assert_eq!(masked_as("0812-0000-0078", phone()), "08••-••••-••78");
    assert_eq!(masked_as("nol8l2 OOOO 78", phone()), "•••••• •••• ••");
    assert_eq!(masked_as("0️⃣812 0000 0078", phone()), "0••8•• •••• ••78");
    let handle = Value::Handle {
        name: String::new(),
    };
    assert_eq!(masked_as("@contoh_agen", handle.clone()), "@co•••••••••");
    assert_eq!(masked_as("@abc", handle), "@a••");
    let email = Value::Email {
        address: String::new(),
    };
    assert_eq!(
        masked_as("budi.x@kerja.example", email.clone()),
        "••••.•@•••••.example"
    );
    assert_eq!(
        masked_as("budi at kerja titik ex", email),
        "•••• •• ••••• ••••• ••"
    );
    assert_eq!(
        masked_as("https://a.example/b?c=d", link(false)),
        "hxxps://a.example/•?•=•"
    );
    assert_eq!(
        masked_as("https://u:p@a.example", link(false)),
        "hxxps://•••@a.example"
    );
    assert_eq!(
        masked_as("HTTPS://WA.me/6281?x", link(true)),
        "HxxPS://WA•me/••••••"
    );
}

#[test]
fn where_contacts_overlap_the_stricter_one_wins() {
    let text = "wa.me/6281200000078";
    let both = [
        entity(text, text, link(true)),
        entity(text, "6281200000078", phone()),
    ];
    assert_eq!(masked(text, &both), "wa•me/•••••••••••••");
    let reversed = [both[1].clone(), both[0].clone()];
    assert_eq!(masked(text, &reversed), masked(text, &both));
}

#[test]
fn a_number_nobody_recognised_is_masked_too() {
    assert_eq!(
        masked("hub 0812 - 0000 (0079) ya", &[]),
        "hub 08•• - •••• (••79) ya"
    );
    assert_eq!(masked("rek 1234567890", &[]), "rek 12••••••90");
    assert_eq!(masked("０８１２００００００７９", &[]), "０８••••••••７９");
    assert_eq!(
        masked("usia 18-35, gaji 5.000.000", &[]),
        "usia 18-35, gaji 5.000.000"
    );
    assert_eq!(
        masked("1.\n2.\n3.\n4.\n5.\n6.\n7.\n8.\n9.", &[])
            .matches(MASK)
            .count(),
        0
    );
}

#[test]
fn a_recognised_sum_is_no_telephone_number() {
    let text = "Gaji 15.000.000-20.000.000 wa 081200000079";
    let sum = Value::Price {
        min: 15_000_000,
        max: 20_000_000,
        currency: "IDR",
        period: None,
    };
    assert_eq!(
        masked(text, &[entity(text, "15.000.000-20.000.000", sum)]),
        "Gaji 15.000.000-20.000.000 wa 08••••••••79"
    );
}

#[test]
fn nothing_that_opens_survives_even_unrecognised() {
    assert_eq!(
        masked(
            "http://a.example MailTo:x TEL:+62 TEL: ya wa.me t.me/x contact.me/ y",
            &[]
        ),
        "hxxp://a.example MailTo•x TEL•+62 TEL: ya wa•me t•me/x contact.me/ y"
    );
}

#[test]
fn free_texts_lose_everything_that_looks_like_a_contact() {
    let text = "";
    let free = FreeText::new(&[entity(text, text, phone())]);
    assert_eq!(free.known_phones("ad-6281200000078"), "ad-62•••••••••78");
    assert_eq!(free.known_phones("0812-0000-0078/x"), "08••-••••-••78/x");
    assert_eq!(
        free.known_phones("post/1234567890123"),
        "post/1234567890123"
    );
    assert_eq!(free.any_contact("post/1234567890123"), "post/12•••••••••23");
    assert_eq!(
        free.json(&json!({"wa 081200000079": ["@contoh_agen", "a@b.example", 6_281_200_000_079_u64, 7, null],
            "peta": "https://peta.example/x wa.me/1"})),
        json!({"wa 08••••••••79": ["@co•••••••••", "•@•.example", "62•••••••••79", 7, null],
            "peta": "hxxps://peta.example/• wa•me/•"})
    );
}

#[test]
fn a_web_address_cannot_be_opened_by_mistake() {
    let shown = |url| defang_url(url);
    assert_eq!(
        shown("https://a.b.example/c.d").as_deref(),
        Some("hxxps://a[.]b[.]example/c.d")
    );
    assert_eq!(
        shown("HTTP://u:p@a.example").as_deref(),
        Some("hxxp://a[.]example")
    );
    assert_eq!(shown("TEL:0812"), None);
    assert_eq!(shown("javascript://a.example"), None);
}

#[test]
fn a_displayed_number_shows_its_country_and_four_digits() {
    assert_eq!(phone_display("+6281200000078"), "+62 81•••••••78");
    assert_eq!(phone_display("+85512000078"), "+855 12••••78");
    assert_eq!(phone_display("+12025550178"), "+1 20••••••78");
    assert_eq!(phone_display("+62110"), "+62 •••");
    assert_eq!(account("contoh_agensi"), "con••••••••••");
}

#[test]
fn a_contact_digest_depends_on_contact_kind_and_key() {
    let masker = |byte| Masker::new(Key::from_bytes([byte; 32]));
    let handle = |name: &str| Value::Handle {
        name: name.to_owned(),
    };
    let one = masker(1).contact(&phone()).unwrap();
    assert_eq!(one, masker(1).contact(&phone()).unwrap());
    assert_ne!(one, masker(2).contact(&phone()).unwrap());
    let head = format!("hmac-sha256:{}:", masker(1).key_id());
    assert_eq!(one.strip_prefix(&head).map(str::len), Some(32));
    let email = Value::Email {
        address: "x".to_owned(),
    };
    assert_ne!(masker(1).contact(&handle("x")), masker(1).contact(&email));
    assert_eq!(
        masker(1).contact(&Value::Messenger { network: "line" }),
        None
    );
}

/// RFC 4231, test case 2, through the same code path.
#[test]
fn the_keyed_digest_is_hmac_sha_256() {
    let mut padded = [0; 32];
    padded[..4].copy_from_slice(b"Jefe");
    let masker = Masker::new(Key::from_bytes(padded));
    // HMAC pads short keys with zeros, so the padded key is the same key.
    assert_eq!(
        masker
            .hmac(&["what do ya want ", "for nothing?"])
            .to_string(),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}
