//! The lower part of a finding: contacts, places, pay, where to turn to and how
//! to handle the record.

use crate::indicator::Lang;
use crate::report::Style;
use crate::report::inert::inert_line;
use crate::report::labels::{self, Label};
use crate::report::layout::{Page, Tone, toned};
use crate::report::routes::{CHECKED, OFFICIAL_ROUTES};
use crate::store::record::Finding;

/// Hexadecimal digits of a digest a person compares by eye.
const DIGEST_COLUMNS: usize = 12;

/// One contact, counted.
struct Contact {
    kind: Label,
    display: String,
    hmac: String,
    note: Option<Label>,
    times: usize,
}

pub(super) fn contacts(page: &mut Page, finding: &Finding, style: &Style) {
    let lang = style.lang;
    let contacts = distinct_contacts(finding);
    let author = finding.source.author_handle.as_deref();
    if contacts.is_empty() && author.is_none() {
        return;
    }
    page.heading(Label::Contacts.get(lang));
    if let Some(author) = author {
        let text = format!("{}: {}", Label::Author.get(lang), inert_line(author));
        page.line(2, &text);
    }
    for contact in contacts {
        let mut text = format!(
            "{}: {}",
            contact.kind.get(lang),
            inert_line(&contact.display)
        );
        if contact.times > 1 {
            text = format!("{text} · {} {}", contact.times, Label::Times.get(lang));
        }
        if let Some(note) = contact.note {
            text = format!("{text} · {}", note.get(lang));
        }
        let mut cells = toned(&text, Tone::Plain);
        let hmac = inert_line(contact.hmac.rsplit(':').next().unwrap_or_default());
        let short: String = hmac.chars().take(DIGEST_COLUMNS).collect();
        cells.extend(toned(&format!(" · #{short}"), Tone::Faint));
        page.hanging(2, 4, &cells);
    }
}

/// Every contact once, in the order of the record.
fn distinct_contacts(finding: &Finding) -> Vec<Contact> {
    let entities = &finding.entities;
    let phones = entities.phones.iter().map(|one| {
        let note = one.obscured.then_some(Label::Obscured);
        (Label::Phone, &one.display, &one.hmac, note)
    });
    let accounts = entities.accounts.iter();
    let accounts = accounts.map(|one| (Label::Account, &one.display, &one.hmac, None));
    let emails = entities.emails.iter();
    let emails = emails.map(|one| (Label::Email, &one.display, &one.hmac, None));
    let links = entities.urls.iter();
    let links = links.map(|one| (Label::Link, &one.display, &one.hmac, None));
    let mut distinct: Vec<Contact> = Vec::new();
    for (kind, display, hmac, note) in phones.chain(accounts).chain(emails).chain(links) {
        match distinct.iter_mut().find(|one| one.hmac == *hmac) {
            Some(known) => {
                known.times += 1;
                known.note = known.note.or(note);
            }
            None => distinct.push(Contact {
                kind,
                display: display.clone(),
                hmac: hmac.clone(),
                note,
                times: 1,
            }),
        }
    }
    distinct
}

pub(super) fn places_and_pay(page: &mut Page, finding: &Finding, style: &Style) {
    let lang = style.lang;
    let mut lines: Vec<String> = Vec::new();
    if let Some(place) = &finding.source.place {
        lines.push(format!(
            "{}: {}",
            Label::PlatformPlace.get(lang),
            inert_line(place)
        ));
    }
    for place in &finding.entities.places {
        let code = place.iso_3166_2.as_ref().or(place.iso_3166_1.as_ref());
        let code = code.map_or_else(String::new, |code| format!(" ({})", inert_line(code)));
        lines.push(format!(
            "{}: {}{code}",
            Label::Place.get(lang),
            inert_line(&place.name)
        ));
    }
    for price in &finding.entities.prices {
        let period = labels::period(&price.period);
        let kind = period.map_or(Label::Sum, |_| Label::Pay).get(lang);
        let per = period.map_or_else(String::new, |period| format!(" / {}", period.get(lang)));
        let currency = inert_line(&price.currency);
        let sums = if price.min == price.max {
            grouped(price.min, lang)
        } else {
            format!("{}–{}", grouped(price.min, lang), grouped(price.max, lang))
        };
        lines.push(format!("{kind}: {currency} {sums}{per}"));
    }
    lines.dedup();
    if lines.is_empty() {
        return;
    }
    page.heading(Label::PlacesAndPay.get(lang));
    for line in lines {
        page.line(2, &line);
    }
}

/// `15000000` as people of that language write it.
fn grouped(amount: u64, lang: Lang) -> String {
    let separator = match lang {
        Lang::Id => '.',
        Lang::En => ',',
    };
    let digits = amount.to_string();
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

pub(super) fn official_help(page: &mut Page, style: &Style) {
    let lang = style.lang;
    let checked = format!(
        "{} ({} {CHECKED})",
        Label::Help.get(lang),
        Label::CheckedOn.get(lang)
    );
    page.heading(&checked);
    for route in OFFICIAL_ROUTES {
        page.line(2, &format!("{} {}", route.number, route.name(lang)));
    }
}

pub(super) fn handling(page: &mut Page, finding: &Finding, style: &Style) {
    let lang = style.lang;
    let privacy = &finding.privacy;
    page.heading(Label::Handling.get(lang));
    for code in &privacy.handling {
        let words = labels::handling(code);
        let words = words.map_or_else(|| inert_line(code), |label| label.get(lang).to_owned());
        page.hanging(2, 4, &toned(&format!("- {words}"), Tone::Plain));
    }
    let kept = format!(
        "- {} · {} {}",
        inert_line(&privacy.tlp),
        Label::KeepUntil.get(lang),
        inert_line(&privacy.retain_until)
    );
    page.hanging(2, 4, &toned(&kept, Tone::Plain));
}
