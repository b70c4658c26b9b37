//! Typed values of a post in their wire form.

use super::Masks;
use crate::entity::{Entity, Value};
use crate::store::mask::{Masker, phone_display};
use crate::store::record::{
    Account, Age, BirthYear, Disguised, Entities, Link, Messenger, Pay, Phone, PlaceNamed, Price,
    Range, SchoolNamed,
};

/// Sorts the values into their lists, contacts masked.
pub(super) fn entities(found: &[Entity], masks: &Masks<'_>, masker: &Masker) -> Entities {
    let mut entities = Entities::default();
    for entity in found {
        if let Some(hmac) = masker.contact(&entity.value) {
            push_contact(&mut entities, entity, hmac, masks);
        } else {
            push_plain(&mut entities, entity, range(entity, masks));
        }
    }
    // A sum without a period may be a fee or a price as well as pay.
    let paid = entities
        .prices
        .iter()
        .find(|price| price.period != NO_PERIOD);
    entities.offer.pay = paid.map(|price| Pay {
        min: price.min,
        max: price.max,
        currency: price.currency.clone(),
        period: price.period.clone(),
    });
    entities
}

/// The word for a sum that does not say per what.
const NO_PERIOD: &str = "unknown";

fn range(entity: &Entity, masks: &Masks<'_>) -> Range {
    let at = masks.field(entity.field).place(entity.span);
    Range {
        field: entity.field.as_str().to_owned(),
        start: at.start,
        end: at.end,
    }
}

fn push_contact(into: &mut Entities, entity: &Entity, hmac: String, masks: &Masks<'_>) {
    let span = range(entity, masks);
    // The masked text is what a reader sees in the post; it ties the two.
    let display = masks.field(entity.field).quote(entity.span).1;
    match &entity.value {
        Value::Phone {
            e164,
            country,
            mobile,
            obscured,
        } => into.phones.push(Phone {
            display: phone_display(e164),
            e164: None,
            hmac,
            country: country.clone(),
            kind: if *mobile { "mobile" } else { "unknown" }.to_owned(),
            obscured: *obscured,
            span,
            seen_in_posts: None,
            first_seen: None,
            last_seen: None,
        }),
        Value::Email { .. } => into.emails.push(Account {
            display,
            hmac,
            span,
        }),
        Value::Link { messenger, .. } => into.urls.push(Link {
            display,
            hmac,
            messenger: *messenger,
            span,
        }),
        _ => into.accounts.push(Account {
            display,
            hmac,
            span,
        }),
    }
}

fn push_plain(into: &mut Entities, entity: &Entity, span: Range) {
    match &entity.value {
        Value::Messenger { network } => into.messengers.push(Messenger {
            network: (*network).to_owned(),
            span,
        }),
        Value::Price {
            min,
            max,
            currency,
            period,
        } => into.prices.push(Price {
            min: *min,
            max: *max,
            currency: (*currency).to_owned(),
            period: period
                .map_or(NO_PERIOD, |period| period.as_str())
                .to_owned(),
            span,
        }),
        Value::Age { min, max, range } => into.ages.push(Age {
            min: *min,
            max: *max,
            range: *range,
            span,
        }),
        Value::Born { year, age } => into.birth_years.push(BirthYear {
            year: *year,
            age: *age,
            span,
        }),
        Value::School {
            level,
            class,
            required,
        } => into.schools.push(SchoolNamed {
            level: level.as_str().to_owned(),
            class: *class,
            required: *required,
            span,
        }),
        Value::Place {
            name,
            lists,
            country,
            province,
        } => into.places.push(PlaceNamed {
            name: name.clone(),
            iso_3166_1: Some(country.clone()),
            iso_3166_2: province.clone(),
            lists: lists.clone(),
            span,
        }),
        Value::Disguise { kind } => into.disguises.push(Disguised {
            kind: kind.as_str().to_owned(),
            span,
        }),
        Value::Phone { .. } | Value::Handle { .. } | Value::Email { .. } | Value::Link { .. } => {}
    }
}
